"""Whatever is wrong with the machine or with what was typed: a sentence, and never a traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.office.desk import reconcile
from andu.papers.checks import layout
from andu.papers.pdf import Converter
from andu.security import audit
from andu.settings import Settings
from tests.conftest import nothing_wrong, stand_in_pdf

FILL = ("fill", "completion_report", "answers.json", "--as", "wangwu", "--out")


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """A command given in a folder of its own; it exits with a sentence, whatever happens."""
    for name in [name for name in os.environ if name.startswith("ANDU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    monkeypatch.setattr(Converter, "to_pdf", lambda _self, docx, **_asked: stand_in_pdf(docx))
    monkeypatch.setattr(layout, "check", nothing_wrong)
    monkeypatch.chdir(tmp_path)
    Path("answers.json").write_text("{}", encoding="utf-8")
    Path("a file").write_text("x", encoding="utf-8")
    Path("a folder").mkdir()

    def act(*words: str, **environment: str) -> Result:
        done = CliRunner().invoke(cli.main, list(words), env=environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
        assert "Traceback" not in done.output
        return done

    return act


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("demo", "a file"), "a file 是文件"),
        (("demo", "/proc/nobody/x"), "打不开或写不进去"),
        ((*FILL, "/proc/nobody"), "不能建立或写入"),
        ((*FILL, "a file/below"), "不能建立或写入"),
        (("fill", "\udcff", "answers.json", "--as", "wangwu", "--out", "x"), "不成字的编码"),
        (("fill", "completion_report", "answers.json", "--as", "\udcff", "--out", "x"), "不成字的编码"),
        (("forms", "sample", "\udcff"), "不成字的编码"),
        (("forms", "sample", "../x"), "没有表单 ../x"),
        (("series", "confirm", "\ud800", "2026", "1", "--reason", "x", "--as", "zhaoliu"), "不成字的编码"),
        (("series", "confirm", "completion", "9" * 30, "1", "--reason", "x", "--as", "zhaoliu"), "没有锁定"),
    ],
)
def test_what_was_typed_wrong_is_said(run: Callable[..., Result], words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


@pytest.mark.parametrize("words", [("series", "check"), ("audit", "verify"), ("prepare",), (*FILL, "out")])
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ANDU_WORKERS", "viele", "ANDU_WORKERS 要写成整数"),
        ("ANDU_INSTANCE", "/proc/nobody/x", ""),
        ("ANDU_INSTANCE", "a file", ""),
    ],
)
def test_a_wrong_setting_is_said(
    run: Callable[..., Result], words: tuple[str, ...], name: str, value: str, said: str
) -> None:
    done = run(*words, **{name: value})
    assert (done.exit_code, said in done.stderr, bool(done.stderr)) == (1, True, True)


def _garbage(instance: Path) -> None:
    for path in instance.glob("andu.db*"):
        path.unlink()
    (instance / "andu.db").write_bytes(os.urandom(8192))


def _folder(instance: Path) -> None:
    for path in instance.glob("andu.db*"):
        path.unlink()
    (instance / "andu.db").mkdir()


@pytest.mark.parametrize("words", [("series", "check"), ("audit", "verify"), ("prepare",), (*FILL, "out")])
@pytest.mark.parametrize(("spoil", "said"), [(_garbage, "不是数据库"), (_folder, "andu.db 打不开")])
def test_a_database_that_is_none_is_said(
    run: Callable[..., Result],
    settings: Settings,
    words: tuple[str, ...],
    spoil: Callable[[Path], None],
    said: str,
) -> None:
    spoil(settings.instance)
    done = run(*words)
    assert (done.exit_code, said in done.stderr) == (1, True), done.stderr


def test_form_files_that_are_gone_are_said(run: Callable[..., Result]) -> None:
    done = run("forms", "sample", "completion_report", ANDU_FORMS="/nowhere")
    assert (done.exit_code, "没有表单文件" in done.stderr) == (1, True)


def test_what_nobody_foresaw_is_a_sentence_and_stands_in_a_log_of_ones_own(
    run: Callable[..., Result], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_office: object) -> None:
        raise RuntimeError("something quite unforeseen \ud800")

    monkeypatch.setattr(reconcile, "check", break_down)
    log = settings.instance / "command-faults.log"
    for time in (1, 2):
        done = run("series", "check")
        assert done.exit_code == 2
        (sentence,) = done.stderr.splitlines()
        assert f"没有办成：程序出错（RuntimeError），详情在 {log} 第 " in sentence
        line = int(sentence.partition("第 ")[2].split()[0])
        lines = log.read_text("utf-8").splitlines()
        assert lines[line].startswith("Traceback")
        assert sum("quite unforeseen" in one for one in lines) >= time
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "磁盘满了"), (errno.EACCES, "打不开或写不进去")],
)
def test_a_disk_that_takes_nothing_is_said(
    run: Callable[..., Result], settings: Settings, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def full(*_words: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(audit, "publish_heads", full)
    done = run("prepare")
    assert (done.exit_code, said in done.stderr, str(settings.instance) in done.stderr) == (1, True, True)


def test_a_reader_that_has_read_enough_is_no_fault(settings: Settings) -> None:
    command = [sys.executable, "-m", "andu.cli", "forms", "sample", "completion_report"]
    known = {name: text for name, text in os.environ.items() if not name.startswith("ANDU_")}
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=known | {"ANDU_INSTANCE": str(settings.instance)}, **pipe) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        assert child.stderr.read() == b""
    assert child.returncode == 1
