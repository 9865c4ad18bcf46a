"""``paper contract`` and ``forms check``: what is wrong between a form and its paper, told to a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from andu.papers.template.package import read_package, write_package
from tests.test_cli import Run, broken, run, sample_office

__all__ = ["broken", "run", "sample_office"]
FORM = "completion_report"


@pytest.fixture
def templates(broken: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of papers that may be changed, where the commands look for them."""
    monkeypatch.setenv("ANDU_TEMPLATES", str(broken[1]))
    return broken[1]


def rewrite(templates: Path, right: str, wrong: str) -> None:
    path = templates / f"{FORM}.docx"
    parts = read_package(path.read_bytes())
    body = parts["word/document.xml"].decode()
    assert right in body
    path.write_bytes(write_package({**parts, "word/document.xml": body.replace(right, wrong).encode()}))


def test_agreement_is_said_and_ends_well(run: Run) -> None:
    done = run("paper", "contract", FORM)
    assert (done.exit_code, done.stdout) == (0, "“办结报告”和它的模板相符，样例都能填成。\n")


def test_error_is_told_with_its_place_and_ends_with_1(run: Run, templates: Path) -> None:
    rewrite(templates, "{{ handling_unit }}", "由{{ handling_nuit }}承办")
    done = run("paper", "contract", FORM)
    assert done.exit_code == 1
    assert "错误：表单里没有“handling_nuit”这一项，是不是“handling_unit”？" in done.stdout
    assert "（在“由{{ handling_nuit }}承办”处）" in done.stdout
    told = json.loads(run("paper", "contract", FORM, "--json").stdout)
    assert {"severity": "error", "where": "由{{ handling_nuit }}承办"}.items() <= told[-1].items()


def test_folder_in_the_place_of_a_paper_is_named(run: Run, templates: Path) -> None:
    path = templates / f"{FORM}.docx"
    path.unlink()
    path.mkdir()
    for words in (("paper", "contract", FORM), ("forms", "check")):
        done = run(*words)
        assert (done.exit_code, f"{FORM}.docx" in done.output) == (1, True)
        assert done.exception is None or isinstance(done.exception, SystemExit)


def test_draft_that_cannot_be_put_down_is_named(run: Run, tmp_path: Path) -> None:
    done = run("paper", "draft", FORM, str(tmp_path / "none" / "o.docx"))
    assert (done.exit_code, "o.docx" in done.output) == (1, True)
    assert isinstance(done.exception, SystemExit)


def test_repair_is_advice_and_ends_well(run: Run, templates: Path) -> None:
    rewrite(templates, "{{ handling_unit }}", "｛｛ handling_unit ｝｝")
    done = run("paper", "contract", FORM)
    assert (done.exit_code, done.stdout) == (
        0,
        "提醒：已自动改正：“｛｛ handling_unit ｝｝”改成了“{{ handling_unit }}”。\n",
    )
    checked = run("forms", "check")
    assert checked.exit_code == 0
    assert "completion_report.docx: 已自动改正" in checked.stdout


def test_forms_check_tries_the_samples_too(run: Run, templates: Path) -> None:
    rewrite(templates, "{{ handling_unit }}", "{{ handling_unit|tick(9) }}")
    done = run("forms", "check")
    assert done.exit_code == 1
    assert "completion_report.docx: 用空白草稿试填不成" in done.stderr


def test_form_without_a_paper_is_named(run: Run, templates: Path) -> None:
    (templates / f"{FORM}.docx").unlink()
    done = run("paper", "contract", FORM)
    assert (done.exit_code, done.stderr) == (1, "completion_report.docx: 没有模板文件\n")
