"""``script/andu paper check``: what it says and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu.cli import main
from tests.papers.layout.papers import good
from tests.papers.layout.spoiling import spoilt


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["paper", "check", *arguments])


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    (path := tmp_path / "通知.docx").write_bytes(good("official_notice"))
    return path


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    spoil = spoilt(good("official_notice"), lambda draft: draft.word("〔2026〕13", "[2026]013"))
    (path := tmp_path / "错.docx").write_bytes(spoil)
    return path


def test_a_good_paper_is_praised_and_its_kind_is_guessed(notice: Path) -> None:
    result = check(str(notice))
    assert result.exit_code == 0
    assert "按“通知”核对" in result.output and "没有发现问题" in result.output


def test_a_fault_ends_with_1_and_names_rule_place_and_clause(faulty: Path) -> None:
    result = check(str(faulty), "--kind", "通知")
    assert result.exit_code == 1
    for words in ("错误 H5", "第1页", "示发[2026]013号", "六角括号", "GB/T 9704—2012 7.2.5"):
        assert words in result.output
    assert "看，按" not in result.output


def test_json_is_the_list_of_findings(faulty: Path) -> None:
    result = check(str(faulty), "--json")
    assert result.exit_code == 1
    (finding,) = json.loads(result.output)
    assert (finding["rule"], finding["severity"], finding["page"]) == ("H5", "error", 1)
    assert finding["found"] == "示发[2026]013号"


def test_a_file_that_is_no_docx_is_refused_in_words(tmp_path: Path) -> None:
    (path := tmp_path / "a.docx").write_text("不是")
    result = check(str(path))
    assert result.exit_code == 1
    assert "不是完好的 docx" in result.output
