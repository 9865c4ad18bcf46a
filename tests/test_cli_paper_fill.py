"""``paper fill``: a template filled from a file, and what is said when one of them is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu.cli import main
from tests.papers.making import docx_of, text_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "t.docx").write_bytes(docx_of("{{ number }}：{{ title }}"))
    (tmp_path / "d.json").write_text('{"number": "1号", "title": "A&B"}', encoding="utf-8")
    return tmp_path


def fill(folder: Path, template: str = "t.docx", data: str = "d.json", out: str = "o.docx") -> Result:
    words = ["paper", "fill", *(str(folder / name) for name in (template, data, out))]
    return CliRunner().invoke(main, words)


def test_template_is_filled_from_a_file(folder: Path) -> None:
    assert fill(folder).exit_code == 0
    assert text_of((folder / "o.docx").read_bytes()) == "1号：A&B"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"number": "1"}', "没有模板要的名称：title"),
        ("{", "不是有效的 JSON"),
        ("[]", "名称: 内容"),
        ('{"number": null, "title": ""}', "null"),
        ('{"number": "\\u0001", "title": ""}', "控制字符"),
    ],
)
def test_wrong_data_are_named_and_nothing_is_written(folder: Path, data: str, words: str) -> None:
    (folder / "d.json").write_text(data, encoding="utf-8")
    done = fill(folder)
    assert (done.exit_code, words in done.output) == (1, True), done.output
    assert not (folder / "o.docx").exists()


def test_file_that_is_no_docx_or_not_there_is_named(folder: Path) -> None:
    assert "docx" in fill(folder, template="d.json").output
    for wrong in ({"template": "x.docx"}, {"data": "x.json"}, {"out": "none/o.docx"}):
        done = fill(folder, **wrong)
        assert (done.exit_code, next(iter(wrong.values())) in done.output) == (1, True)
