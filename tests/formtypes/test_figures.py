"""Sheets of figures: the shipped ones are right, every fault names its place, the README knows every key."""

from __future__ import annotations

import pytest

from andu.formtypes.beside.figure_reading import (
    CHART_KEYS,
    NUMBER_KEYS,
    SHEET_KEYS,
    UNIT_COLUMN_KEYS,
    load,
    read_sheet,
)
from andu.formtypes.beside.ledger_reading import load as load_ledgers
from andu.formtypes.beside.ledger_reading import read_ledger
from andu.formtypes.beside.ledgers import Ledgers
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.reading import read_text
from andu.settings import ROOT
from tests.formtypes.dictionary import MARK, _keys
from tests.formtypes.making import yaml_of

README = ROOT / "figures" / "README.md"
TABLES = {
    "sheet": SHEET_KEYS,
    "numbers": NUMBER_KEYS,
    "charts": CHART_KEYS,
    "unit columns": UNIT_COLUMN_KEYS,
}
LEDGER = """\
title: 示例台账
group: 示例
forms: [example]
columns:
  - {key: number, label: 编号, value: number}
  - {key: first, label: 第一项, value: sort}
  - {key: typed, label: 内容, value: first}
  - {key: who, label: 经办人, value: author}
"""
SHEET = """\
title: 示例统计
numbers:
  - {label: 件数, ledger: example}
charts:
  - {label: 按第一项, kind: bar, ledger: example, by: first}
"""
FIELDS = "- {key: sort, kind: choice, label: 类别, choices: [甲类, 乙类]}\n"
DEADLINE = "deadlines:\n  - {key: done, label: 办结, rule: days, n: 3}\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([read_text(yaml_of(FIELDS, DEADLINE), "example")])


@pytest.fixture(scope="module")
def ledgers(catalogue: Catalogue) -> Ledgers:
    return Ledgers([read_ledger(LEDGER, "example", catalogue)])


def test_shipped_figures_are_without_fault() -> None:
    catalogue = Catalogue.load(ROOT / "forms")
    ledgers = load_ledgers(ROOT / "ledgers", catalogue)[0]
    figures, faults = load(ROOT / "figures", ledgers, catalogue)
    assert [str(fault) for fault in faults] == []
    assert len(figures) == len(list((ROOT / "figures").glob("*.yaml")))


def test_a_sheet_says_what_it_counts(catalogue: Catalogue, ledgers: Ledgers) -> None:
    sheet = read_sheet(SHEET, "example", ledgers, catalogue)
    assert (sheet.title, sheet.order, sheet.numbers[0].ledger) == ("示例统计", 100, "example")
    assert (sheet.charts[0].kind, sheet.charts[0].by) == ("bar", "first")


@pytest.mark.parametrize(
    ("right", "wrong", "place", "message"),
    [
        ("by: first", "by: frist", "charts[0].by", "frist.*first"),
        ("by: first", "by: typed", "charts[0].by", "不能画成图"),
        ("by: first", "by: who", "charts[0].by", "不能画成图"),
        ("by: first", "by: number", "charts[0].by", "不能画成图"),
        ("by: first", "by: first, colour: red", "charts[0].colour", "colour"),
        (", by: first", "", "charts[0].by", "哪一列"),
        ("kind: bar", "kind: pie", "charts[0].kind", "pie"),
        ("kind: bar, ledger: example, by: first", "kind: bar, by: first", "charts[0].ledger", "写明台账"),
        ("kind: bar", "kind: timeliness", "charts[0].ledger", "timeliness 不写"),
        ("kind: bar, ledger: example", "kind: bar, ledger: exmaple", "charts[0].ledger", "没有台账.*example"),
        ("件数, ledger: example", "件数", "numbers[0]", "四项要写一项"),
        ("件数, ledger: example", "件数, ledger: example, overdue: true", "numbers[0]", "只写一项"),
        ("件数, ledger: example", "件数, deadline: dnoe", "numbers[0].deadline", "没有期限.*done"),
        ("件数, ledger: example", "件数, ledger: example, filled: x", "numbers[0].filled", "没有“x”这一列"),
        ("title: 示例统计\n", "", "-", "缺少“title”"),
        (
            "charts:\n",
            "charts:\n" + "  - {label: 每周, kind: line, ledger: example}\n" * 2,
            "charts",
            "最多一张折线图",
        ),
    ],
)
def test_a_fault_names_its_place(
    catalogue: Catalogue, ledgers: Ledgers, right: str, wrong: str, place: str, message: str
) -> None:
    assert right in SHEET
    with pytest.raises(FormFaults, match=message) as found:
        read_sheet(SHEET.replace(right, wrong), "example", ledgers, catalogue)
    assert place in {fault.key for fault in found.value.faults}


def test_a_sheet_of_more_than_fits_on_two_pages_is_refused(catalogue: Catalogue, ledgers: Ledgers) -> None:
    text = SHEET + "  - {label: 又一张, kind: timeliness}\n" * 7
    with pytest.raises(FormFaults, match="7"):
        read_sheet(text, "example", ledgers, catalogue)


def test_the_readme_knows_every_key() -> None:
    text = README.read_text("utf-8")
    made = MARK.sub(
        lambda found: f"<!-- table: {found['name']} -->\n{_keys(TABLES[found['name']])}\n<!-- end -->", text
    )
    assert {found["name"] for found in MARK.finditer(text)} == set(TABLES)
    assert made == text
