"""``paper fill``: a template filled from a file, and what is said when one of them is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu.cli import main
from tests.papers import hostile
from tests.papers.making import docx_of, text_of
from tests.papers.pieces import cell, p, r, row, tbl


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
        ('{"number": "\\ud800", "title": ""}', "不成字"),
        ('{"\\ud800": "", "number": "", "title": ""}', "不成字"),
        ('{"number": NaN, "title": ""}', "NaN"),
        ('{"number": 1e999, "title": ""}', "无法表示"),
        ('{"number": %s, "title": ""}' % ("9" * 5000), "不是有效的 JSON"),
        ('{"number": %s}' % ("[" * 50 + "]" * 50), "嵌套过深"),
        ("[" * 200_000, "嵌套过深"),
        ('"甲"', "名称: 内容"),
        ("null", "名称: 内容"),
    ],
)
def test_wrong_data_are_named_and_nothing_is_written(folder: Path, data: str, words: str) -> None:
    (folder / "d.json").write_text(data, encoding="utf-8")
    done = fill(folder)
    assert (done.exit_code, words in done.output) == (1, True), done.output
    assert not (folder / "o.docx").exists()


def test_data_that_are_no_utf8_are_named(folder: Path) -> None:
    (folder / "d.json").write_bytes(b'{"number": "\xff"}')
    done = fill(folder)
    assert (done.exit_code, "d.json" in done.output) == (1, True)


def test_template_that_is_not_at_rest_is_refused_and_what_was_mended_is_said(folder: Path) -> None:
    (folder / "t.docx").write_bytes(docx_of(p(r("{{ number }}", "<w:vanish/>"))))
    done = fill(folder)
    assert (done.exit_code, "看不到" in done.output) == (1, True)
    (folder / "t.docx").write_bytes(docx_of(p(r("｛｛ number ｝｝"))))
    done = fill(folder)
    assert (done.exit_code, "改成了" in done.stderr) == (0, True)
    assert text_of((folder / "o.docx").read_bytes()) == "1号"


def test_check_inspects_before_it_opens(folder: Path) -> None:
    for docx in (
        b"",
        b"PK\x03\x04",
        b"<html>",
        hostile.with_kind("word/vbaProject.bin", "application/vbaProject"),
    ):
        (folder / "t.docx").write_bytes(docx)
        done = CliRunner().invoke(main, ["paper", "check", str(folder / "t.docx")])
        assert (done.exit_code, "t.docx" in done.output) == (1, True)
        assert done.exception is None or isinstance(done.exception, SystemExit)


def test_file_that_is_no_docx_or_not_there_is_named(folder: Path) -> None:
    assert "docx" in fill(folder, template="d.json").output
    for wrong in ({"template": "x.docx"}, {"data": "x.json"}, {"out": "none/o.docx"}):
        done = fill(folder, **wrong)
        assert (done.exit_code, next(iter(wrong.values())) in done.output) == (1, True)


def test_value_that_is_cut_off_on_the_page_is_named_and_nothing_is_written(folder: Path) -> None:
    low = '<w:trHeight w:val="400" w:hRule="exact"/>'
    table = tbl(row(cell(p(r("事由：{{ title }}"))), properties=low)).replace('"900"', '"2400"')
    (folder / "t.docx").write_bytes(docx_of(table))
    (folder / "d.json").write_text(json.dumps({"title": "领取宣传资料二十份张贴" * 6}), encoding="utf-8")
    done = fill(folder)
    assert done.exit_code == 1, done.output
    for words in ("“title”的内容“领取宣传资料", "切掉了", "在“事由：……”处"):
        assert words in done.output
    assert not (folder / "o.docx").exists()
    (folder / "d.json").write_text('{"title": "领取"}', encoding="utf-8")
    assert fill(folder).exit_code == 0
