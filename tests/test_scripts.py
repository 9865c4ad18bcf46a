"""The commands at the machine: setup does only what is missing, andu works from any folder."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from andu.settings import ROOT

SCRIPTS = ["script/setup", "script/server", "script/test", "script/andu", ".ci/run"]
FACES = ["Fang-Regular", "Hei-Bold", "Hei-Regular", "Kai-Regular", "Song-Bold", "Song-Regular"]


def run(command: Path, *words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our scripts with nothing of this process's environment but PATH."""
    return subprocess.run(
        [str(command), *words],
        cwd=cwd,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def executable(path: Path, *lines: str) -> Path:
    """A small shell program at this place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout where everything is installed; its python only says how it was called."""
    root = tmp_path / "check out"
    for script in SCRIPTS:
        copy = root / script
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / script).read_bytes())
        copy.chmod(0o755)
    pins = b"Flask==3.1.3\n"
    (root / "requirements.txt").write_bytes(pins)
    executable(root / ".venv/bin/python", 'echo "python: $*"', 'echo "path: $PYTHONPATH" "in: $PWD"')
    stamp = f"{root}\n{hashlib.sha256(pins).hexdigest()}  requirements.txt\n"
    (root / ".venv/installed-for").write_text(stamp, encoding="utf-8")
    (root / ".fonts").mkdir()
    for face in FACES:
        (root / f".fonts/Fandol{face}.otf").write_bytes(b"a face")
    return root


@pytest.fixture
def machine(tmp_path: Path) -> Mapping[str, str]:
    """A PATH on which every package is installed and apt can do nothing."""
    tools = tmp_path / "tools"
    executable(tools / "dpkg-query", "printf installed")
    executable(tools / "apt-get", 'echo "apt-get $*" >>"$0.called"', "exit 100")
    return {"PATH": f"{tools}:{os.defpath}"}


def lacks(machine: Mapping[str, str], package: str) -> None:
    """Take one package off the machine."""
    tools = Path(machine["PATH"].split(":")[0])
    executable(tools / "dpkg-query", f'[ "$4" = {package} ] || printf installed')


def apt_calls(machine: Mapping[str, str]) -> str:
    called = Path(machine["PATH"].split(":")[0]) / "apt-get.called"
    return called.read_text("utf-8") if called.exists() else ""


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_executable_and_readable_by_bash(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


def test_a_second_setup_does_nothing_at_all(checkout: Path, machine: Mapping[str, str]) -> None:
    done = run(checkout / "script/setup", cwd=checkout, **machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert apt_calls(machine) == ""


def test_a_missing_package_is_installed_and_a_failure_explained(
    checkout: Path, machine: Mapping[str, str]
) -> None:
    lacks(machine, "wkhtmltopdf")
    executable(Path(machine["PATH"].split(":")[0]) / "id", "echo 0")
    done = run(checkout / "script/setup", cwd=checkout, **machine)
    assert done.returncode == 1
    assert "缺少系统软件：wkhtmltopdf\n" in done.stdout
    assert "检查网络" in done.stderr
    assert "update" in apt_calls(machine)


def test_a_missing_package_without_root_or_sudo_is_explained(
    checkout: Path, machine: Mapping[str, str]
) -> None:
    lacks(machine, "wkhtmltopdf")
    tools = Path(machine["PATH"].split(":")[0])
    for tool in ["bash", "dirname", "readlink", "env", "flock", "mktemp", "rm"]:
        (tools / tool).symlink_to(Path("/usr/bin") / tool)
    executable(tools / "id", "echo 1000")
    done = run(checkout / "script/setup", cwd=checkout, PATH=str(tools))
    assert done.returncode == 1
    assert "需要 root 权限" in done.stderr
    assert apt_calls(machine) == ""


def test_a_missing_face_is_fetched_again(checkout: Path, machine: Mapping[str, str]) -> None:
    (checkout / ".fonts/FandolKai-Regular.otf").unlink()
    done = run(checkout / "script/setup", cwd=checkout, **machine)
    assert done.returncode == 1
    assert "download texlive-lang-chinese" in apt_calls(machine)
    assert len(list((checkout / ".fonts").iterdir())) == len(FACES) - 1


def test_changed_requirements_are_installed_again(checkout: Path, machine: Mapping[str, str]) -> None:
    (checkout / "requirements.txt").write_text("Flask==3.1.4\n", encoding="utf-8")
    first = run(checkout / "script/setup", cwd=checkout, **machine)
    assert "安装 Python 库（requirements.txt）" in first.stdout
    assert f"-r {checkout}/requirements.txt" in first.stdout
    assert run(checkout / "script/setup", cwd=checkout, **machine).stdout == ""


@pytest.mark.parametrize("target", ["another checkout's", "broken", "gone"])
def test_what_a_linked_environment_points_to_is_never_emptied(
    checkout: Path, machine: Mapping[str, str], tmp_path: Path, target: str
) -> None:
    tools, venv = Path(machine["PATH"].split(":")[0]), checkout / ".venv"
    executable(
        tools / "python3.11",
        'case "$*" in *--clear*) for last; do :; done; rm -rf "$last"/*; mkdir -p "$last/bin"',
        'printf "#!/bin/sh\n" >"$last/bin/python"; chmod +x "$last/bin/python" ;; esac',
    )
    foreign = tmp_path / "foreign"
    venv.rename(foreign)
    venv.symlink_to(foreign)
    if target == "another checkout's":
        (foreign / "installed-for").write_text("/somewhere/else\n", encoding="utf-8")
    elif target == "broken":
        executable(foreign / "bin/python", "exit 1")
        (foreign / "installed-for").write_text(f"{checkout}\nan older hash\n", encoding="utf-8")
    else:
        foreign.rename(tmp_path / "moved away")
    kept = tmp_path / "moved away" if target == "gone" else foreign
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    done = run(checkout / "script/setup", cwd=checkout, **machine)
    assert (done.returncode, done.stderr) == (0, "")
    assert venv.is_dir()
    assert not venv.is_symlink()
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert not foreign.exists() or target != "gone"


def test_the_commands_work_from_any_folder_and_through_a_link(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = tmp_path / "andu"
    link.symlink_to(checkout / "script/andu")
    done = run(link, "forms", "check", "--forms", "my forms", cwd=elsewhere)
    assert done.stdout.splitlines() == [
        "python: -P -m andu.cli forms check --forms my forms",
        f"path: {checkout} in: {elsewhere}",
    ]


def test_the_commands_say_when_nothing_is_installed(checkout: Path) -> None:
    (checkout / ".venv/bin/python").unlink()
    done = run(checkout / "script/andu", "forms", "check", cwd=checkout)
    assert done.returncode == 1
    assert "script/setup" in done.stderr


def test_the_server_prepares_the_office_before_it_serves(checkout: Path, machine: Mapping[str, str]) -> None:
    done = run(checkout / "script/server", "--empty", "--bind=0.0.0.0:80", cwd=checkout, **machine)
    called = [line for line in done.stdout.splitlines() if line.startswith("python: ")]
    assert called == [
        "python: -P - 0.0.0.0:80",
        "python: -P -m andu.cli prepare --empty",
        f"python: -P -m gunicorn -c {checkout}/gunicorn.conf.py app:create_app()",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "80"], "不认识的选项 --port"),
        (["--bind", "8000"], "HOST:PORT"),
        (["--bind"], "缺少内容"),
        (["--workers", "1"], "2 到 99"),
        (["--workers", "many"], "2 到 99"),
    ],
)
def test_the_server_explains_a_wrong_option(checkout: Path, words: list[str], message: str) -> None:
    done = run(checkout / "script/server", *words, cwd=checkout)
    assert done.returncode == 1
    assert message in done.stderr


def test_every_option_of_the_server_is_in_its_help_and_in_the_readme() -> None:
    options = set(re.findall(r"(--[a-z]+)\b[^)]*\)", (ROOT / "script/server").read_text("utf-8")))
    shown = run(ROOT / "script/server", "--help", cwd=ROOT).stdout
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {"--empty", "--bind", "--workers"} <= options
    assert {option for option in options - {"--help"} if f"script/server {option}" not in readme} == set()
    assert {option for option in options if option not in shown} == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_is_pinned_and_names_no_host(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#") and line != "-r requirements.txt"]
    assert len(wanted) > 10
    assert [line for line in wanted if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*", line)] == []


def test_no_template_switches_escaping_off() -> None:
    pages = list((ROOT / "andu/templates").rglob("*.html"))
    assert len(pages) > 5
    off = re.compile(r"\|\s*safe\b|autoescape\s+false")
    assert [page.name for page in pages if off.search(page.read_text("utf-8"))] == []
