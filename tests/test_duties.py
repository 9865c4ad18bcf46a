"""README's table of duties: each quotes one of the two documents, and what carries it exists."""

from __future__ import annotations

import json
import re

import pytest

from andu.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = README.split("## What the two documents ask")[1].split("\n## ")[0]
ROWS = [line.strip("|").split(" | ") for line in TABLE.splitlines() if line.startswith(("| D", "| X"))]
SEEDS = {"D": "dunfa_2022_13_raw.json", "X": "xifa_2019_30_raw.json"}
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


def test_there_are_duties_of_both_documents() -> None:
    assert {row[0].strip()[0] for row in ROWS} == {"D", "X"}
    assert len(ROWS) > 40
