"""README's table of duties: each quotes one of the two documents, and what carries it exists."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from andu.formtypes.definition import FormType
from andu.formtypes.language.reading import read_text
from andu.settings import ROOT
from tests.named_tests import absent

README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = README.split("## What the two documents ask")[1].split("\n## ")[0]
ROWS = [line.strip("|").split(" | ") for line in TABLE.splitlines() if line.startswith(("| D", "| X"))]
SEEDS = {"D": "dunfa_2022_13_raw.json", "X": "xifa_2019_30_raw.json"}
NOT_HERE = "not here"
WALKED = yaml.safe_load((ROOT / "tests" / "duties.yaml").read_text(encoding="utf-8"))
NOT_A_FILE = {"leader", "director", "campaigns", "literal", "strict"}


def said_in(document: str) -> str:
    """Everything a document says, without spaces and line ends."""
    path = ROOT / "tests" / "papers" / "seeds" / SEEDS[document]
    return re.sub(r"\s|\\n", "", json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_a_duty_is_quoted_as_it_was_written(row: list[str]) -> None:
    said = said_in(row[0].strip()[0]).replace('\\"', '"')
    for quoted in re.findall(r"“(.+?)”(?=“|，|$|、)", row[1].strip()) or [row[1].strip("“” ")]:
        assert re.sub(r"\s", "", quoted) in said, quoted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip())
def test_what_carries_a_duty_exists(row: list[str]) -> None:
    for name in set(re.findall(r"`(\w+)`", row[2])) - NOT_A_FILE:
        places = [ROOT / folder / f"{name}.yaml" for folder in ("forms", "ledgers")]
        assert any(path.exists() for path in places), name


def quoted_in(row: list[str]) -> str:
    """The words of a row by which ``duties.yaml`` calls it: the first that it quotes."""
    words = row[1].strip()
    return words[1:-1] if "”“" not in words else words[1 : words.index("”“")]


def test_each_duty_has_tests_that_walk_it_or_says_that_it_is_not_here() -> None:
    assert sorted(map(quoted_in, ROWS)) == sorted(WALKED)
    for row in ROWS:
        walked = WALKED[quoted_in(row)]
        assert (walked == NOT_HERE) is row[2].strip().startswith(NOT_HERE), row[1]
        assert walked == NOT_HERE or absent(walked) == [], row[1]


def form(slug: str) -> FormType:
    return read_text((ROOT / "forms" / f"{slug}.yaml").read_text(encoding="utf-8"), slug)


def test_a_clue_names_what_the_documents_name() -> None:
    clue = form("clue_registration")

    def choices(key: str) -> set[str]:
        return set(clue.field(key).settings["choices"])

    assert {"煤矿资源", "建筑工程", "交通运输", "商贸市场", "金融借贷", "洗砂场", "洗煤场"} <= choices(
        "sector"
    )
    assert {"挑头闹访", "插手各类纠纷", "威胁恐吓", "跟踪滋扰"} <= choices("behaviours")
    assert {"派出所", "纪委", "综治办", "司法所", "党建办"} <= choices("source")
    assert {"领导批办", "上级转办", "上级交办", "上级督办", "群众实名举报"} <= choices("source")
    assert {"中央", "省级", "市级"} <= choices("level") and clue.field("is_key").required


def test_the_sheet_of_responsibility_asks_for_all_five() -> None:
    sheet = form("responsibility_sheet")
    for key in ("lead", "handler_one", "measures", "end_on", "backcheck_person"):
        assert sheet.field(key).required, key


def test_responsibility_is_sought_for_what_the_document_names() -> None:
    circumstances = set(form("accountability_referral").field("situation").settings["choices"])
    assert {"泄露、扩散线索信息资料", "向涉及人员通风报信", "移交不及时致使线索漏报"} <= circumstances
    outcomes = form("accountability_decision").field("decision").settings["choices"]
    assert "移送司法机关" in outcomes and any("处分" in one for one in outcomes)


def test_there_are_duties_of_both_documents() -> None:
    assert {row[0].strip()[0] for row in ROWS} == {"D", "X"}
    assert len(ROWS) > 55
