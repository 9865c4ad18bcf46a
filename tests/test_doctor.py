"""``script/andu doctor``: it finds what is missing on a machine, and says each thing in one line."""

from __future__ import annotations

import importlib
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.papers.pdf import Converter
from andu.papers.pdf.fonts import OFFICIAL, RARE
from andu.papers.pdf.trial import faces_wrong, trial_page
from andu.settings import ROOT, Settings

FONTS = Settings().fonts
doctor = importlib.import_module("andu.cli.doctor")  # in andu.cli the command has taken its name
Run = Callable[[], Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run()``: the command on this machine, before an office is founded."""
    for name in ("ANDU_FONTS", "ANDU_JOURNAL", "ANDU_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANDU_INSTANCE", str(tmp_path / "instance"))
    return lambda: CliRunner().invoke(cli.main, ["doctor"])


@pytest.fixture
def no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the real pages, where a test is about something else."""
    monkeypatch.setattr(doctor, "CHECKS", [one for one in doctor.CHECKS if one is not doctor._real_page])


def lines(done: Result, level: str) -> list[str]:
    return [line.partition("\t")[2] for line in done.output.splitlines() if line.startswith(level)]


def test_on_a_machine_that_is_set_up_nothing_is_wrong_before_an_office_is_founded(run: Run) -> None:
    done = run()
    assert lines(done, "错") == []
    assert done.exit_code == 0
    assert any("试印" in line for line in lines(done, "好"))
    assert any("script/server" in line for line in lines(done, "注意"))


def test_without_the_fandol_faces_it_fails_and_names_each(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ANDU_FONTS", str(tmp_path / "none"))
    done = run()
    assert done.exit_code == 1
    for name in set(OFFICIAL) - {RARE}:
        assert any(name in line and "缺少" in line for line in lines(done, "错"))
        assert any(name in line and "实际是" in line for line in lines(done, "错"))


def test_a_face_that_fontconfig_promises_and_the_page_does_not_show_is_found() -> None:
    converter = Converter(FONTS)

    def all_in_song(pages: list[bytes]) -> list[bytes | Exception]:
        return converter.many([trial_page("宋体", "关于做好〔2026〕13号文件的通知")] * len(pages))  # type: ignore[return-value]

    wrong = faces_wrong(all_in_song)  # type: ignore[arg-type]
    assert [line.split()[0] for line in wrong[:4]] == ["方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"]
    assert "喆玥堃昇瑄彧" in wrong[-1]
    converter.close()


def test_a_missing_program_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_page: None
) -> None:
    monkeypatch.setattr("os.defpath", str(tmp_path))
    done = run()
    assert done.exit_code == 1
    for name in ("soffice", "pdftoppm", "wkhtmltopdf"):
        assert any(name in line for line in lines(done, "错"))


def test_a_missing_uno_is_advice(run: Run, monkeypatch: pytest.MonkeyPatch, no_page: None) -> None:
    monkeypatch.setattr(doctor, "PYTHON", "/bin/false")
    done = run()
    assert done.exit_code == 0
    assert any("python3-uno" in line for line in lines(done, "注意"))


def test_a_folder_that_others_can_open_is_wrong(run: Run, tmp_path: Path, no_page: None) -> None:
    (tmp_path / "instance").mkdir(mode=0o700)
    assert run().exit_code == 0
    (tmp_path / "instance").chmod(0o750)
    done = run()
    assert done.exit_code == 1
    assert any("chmod 700" in line for line in lines(done, "错"))


def test_a_broken_office_file_is_wrong(run: Run, tmp_path: Path, no_page: None) -> None:
    (tmp_path / "instance").mkdir(mode=0o700)
    (tmp_path / "instance" / "office.yaml").write_text("name: [", encoding="utf-8")
    done = run()
    assert done.exit_code == 1
    assert any("办公室文件读不了" in line for line in lines(done, "错"))


def test_a_full_disk_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch, no_page: None) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=1000))
    assert any("还剩 0.0 GB" in line for line in lines(run(), "错"))


def test_an_old_sqlite_is_advice(run: Run, monkeypatch: pytest.MonkeyPatch, no_page: None) -> None:
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert any("已知缺陷" in line for line in lines(run(), "注意"))


@pytest.mark.parametrize("there", [True, False])
def test_the_start_of_the_service_says_loudly_which_face_is_missing(
    there: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDU_WORKERS", "2")
    monkeypatch.setattr(sys, "path", sys.path[:])
    settings = Settings(fonts=FONTS if there else tmp_path)
    app = SimpleNamespace(extensions={"andu": SimpleNamespace(settings=settings)})
    server = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: app))
    runpy.run_path(str(ROOT / "gunicorn.conf.py"))["when_ready"](server)
    said = capsys.readouterr().err
    assert [name for name in OFFICIAL if f"缺少字体 {name}" in said] == (
        [] if there else [name for name in OFFICIAL if name != RARE]
    )
