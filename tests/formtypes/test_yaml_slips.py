"""Slips of somebody who types Chinese: each reader tells them by name, with line and what to write."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from andu.formtypes.beside.figure_reading import read_sheet
from andu.formtypes.beside.ledger_reading import load, read_ledger
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.reading import read_text
from andu.office.config import ConfigFault, parse_config
from andu.office.workdays import HolidaysFault, parse_workdays
from andu.settings import ROOT

OFFICE = (ROOT / "offices" / "example.yaml").read_text("utf-8")
FORM = (ROOT / "forms" / "seal_register.yaml").read_text("utf-8")
LEDGER = (ROOT / "ledgers" / "seals.yaml").read_text("utf-8")
FIGURES = (ROOT / "figures" / "campaign.yaml").read_text("utf-8")
HOLIDAYS = "2027:\n  holidays: [2027-02-08, 2027-02-09]\n  workdays:\n  - 2027-02-06\n"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(ROOT / "forms")


@pytest.fixture
def told(catalogue: Catalogue) -> Callable[[str, str], str]:
    """What a reader says of a text; empty where it takes it."""
    ledgers = load(ROOT / "ledgers", catalogue)[0]
    readers = {
        "office": lambda text: parse_config(text, "office.yaml"),
        "holidays": parse_workdays,
        "form": lambda text: read_text(text, "seal_register"),
        "ledger": lambda text: read_ledger(text, "seals", catalogue),
        "figures": lambda text: read_sheet(text, "campaign", ledgers, catalogue),
    }

    def say(kind: str, text: str) -> str:
        try:
            readers[kind](text)
        except (ConfigFault, HolidaysFault, FormFaults) as fault:
            return str(fault)
        return ""

    return say


WHOLE = {"office": OFFICE, "holidays": HOLIDAYS, "form": FORM, "ledger": LEDGER, "figures": FIGURES}
SLIPS = [
    ("office", "{id: cun1, name: 示例一村", "{id: cun1, name：示例一村", "全角冒号"),
    ("office", "{id: cun1, name", "{id：cun1, name", "全角冒号"),
    ("office", "since: 2026-04-15", "since：2026-04-15", "全角冒号"),
    ("office", "{id: cun1, name", "{id: cun1，name", "全角逗号“，”"),
    ("office", "{id: cun1, name", "{id:cun1, name", "少一个空格"),
    ("office", "{id: cun1, name: 示例一村,", "｛id: cun1, name: 示例一村,", "全角花括号“｛”"),
    ("office", "示例镇示例一村, category: 村}", "示例一村, category: 村｝", "全角花括号“｝”"),
    ("office", "roles: [head, director]}", "roles: [head，director]}", "全角逗号“，”"),
    ("office", "roles: [head, director]}", "roles: [head、director]}", "全角顿号“、”"),
    ("office", "roles: [head, director]}", "roles: 【head, director】}", "全角方括号“【”"),
    ("office", "roles: [head, director]}", "roles: [head, director】}", "全角方括号“】”"),
    ("office", "name: 示例镇", "name: “示例镇”", "中文引号"),
    ("office", "name: 示例镇", 'name: "示例镇”', "中文引号"),
    ("office", "name: 示例镇", 'name: "示例镇', "引号没有配对"),
    ("office", "name: 示例镇", "name: '示例镇", "引号没有配对"),
    ("office", "name: 示例镇", "name:　示例镇", "少一个空格"),
    ("office", "name: 示例镇", "“name”: 示例镇", "中文引号"),
    ("office", "  - {id: cun1, name", "　　- {id: cun1, name", "全角空格"),
    ("office", "  - {id: cun1, name", "\u00a0\u00a0- {id: cun1, name", "不间断空格"),
    ("office", "  - {id: cun1, name", "\t- {id: cun1, name", "制表符"),
    ("office", "  - {id: cun1, name", "  －{id: cun1, name", "“－”"),
    ("office", "  - {id: cun1, name", "  -{id: cun1, name", "减号后面少一个空格"),
    ("office", "until: 2026-07-15", "until: ２０２６-07-15", "全角字符"),
    ("holidays", "2027:\n", "2027：\n", "全角冒号"),
    ("holidays", "holidays: [", "holidays:[", "少一个空格"),
    ("holidays", "2027-02-08, ", "2027-02-08，", "全角逗号"),
    ("holidays", "  - 2027", "  -2027", "减号后面少一个空格"),
    ("holidays", "  workdays", "　　workdays", "全角空格"),
    ("holidays", "[2027-02-08, 2027-02-09]", "【2027-02-08, 2027-02-09】", "全角方括号"),
    ("form", "title: ", "title：", "全角冒号"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "was", "now", "words"), SLIPS)
def test_a_slip_is_told_by_name_with_its_line(
    told: Callable[[str, str], str], kind: str, was: str, now: str, words: str
) -> None:
    before, found, after = WHOLE[kind].partition(was)
    assert found
    said = told(kind, before + now + after)
    line = before.count("\n") + 1
    assert re.search(rf"\.yaml:{line}：[^；]*{words}", said), said


def one_entry(text: str) -> re.Match[str]:
    """The first entry of a text that stands in curly brackets on a line of its own."""
    found = re.search(r"^ +- \{(\w+): (\w+), (\w+): ", text, re.M)
    assert found
    return found


@pytest.mark.parametrize("kind", ["form", "ledger", "figures"])
@pytest.mark.parametrize(
    ("slip", "words"),
    [
        (lambda entry: entry.replace(": ", "：", 1), "全角冒号"),
        (lambda entry: "：".join(entry.rsplit(": ", 1)), "全角冒号"),
        (lambda entry: entry.replace(", ", "，", 1), "全角逗号"),
        (lambda entry: entry.replace("{", "｛", 1), "全角花括号"),
        (lambda entry: entry.replace("- {", "-{", 1), "减号后面少一个空格"),
        (lambda entry: entry.replace("- {", "－ {", 1), "“－”"),
        (lambda entry: "\u3000" + entry.lstrip(), "全角空格"),
        (lambda entry: "\u00a0" + entry.lstrip(), "不间断空格"),
    ],
)
def test_a_slip_within_curly_brackets_is_told_by_the_readers_of_forms_ledgers_and_figures(
    told: Callable[[str, str], str], kind: str, slip: Callable[[str], str], words: str
) -> None:
    text = WHOLE[kind]
    entry = one_entry(text)
    said = told(kind, text[: entry.start()] + slip(entry[0]) + text[entry.end() :])
    line = text[: entry.start()].count("\n") + 1
    assert any(f".yaml:{line}：" in one and words in one for one in said.splitlines()), said


def test_marks_within_a_text_are_no_slip(told: Callable[[str, str], str]) -> None:
    text = (
        'name: "a：b，c"\nissuer: |-\n  note：“示例”\n  －x\nprinter: 示例镇（一）：【甲】，“乙”组\n'
        "nmae: '不 是： [1，2'\n# 旧：x\n"
    )
    assert told("office", text).startswith("office.yaml:6：nmae：不认识的键 nmae；是否应为“name”")


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("{id: cun2,", "{id: cun1,", "units[8].id：“cun1”写了两次"),
        ("{username: lisi,", "{username: zhangsan,", "accounts[1].username：“zhangsan”写了两次"),
        ("roles: [admin]", "roles: [amdin]", "没有角色“amdin”；是否应为“admin”"),
        ("unit: cun2, post: 村联络员", "unit: cun9, post: 村联络员", "没有单位“cun9”；是否应为“cun"),
        ("{id: cun1, name: ", "{id: cun1, nmae: ", "不认识的键 nmae；是否应为“name”"),
        ("since: ", "sinse: ", "不认识的键 sinse；是否应为“since”"),
    ],
)
def test_what_an_office_file_names_is_there_and_only_once(
    told: Callable[[str, str], str], was: str, now: str, words: str
) -> None:
    before, found, after = OFFICE.partition(was)
    assert found
    said = told("office", before + now + after)
    assert words in said
    assert said.startswith(f"office.yaml:{before.count(chr(10)) + 1}：")
