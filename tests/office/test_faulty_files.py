"""A faulty form, ledger, figure, office or holiday file never stops a service that has run before."""

from __future__ import annotations

import logging
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from andu.formtypes.faults import FormFaults
from andu.office.config import ConfigFault
from andu.office.office import Office
from andu.office.workdays import HolidaysFault
from andu.papers.checks import layout
from andu.papers.pdf import Converter
from andu.settings import ROOT, Settings
from app import create_app
from tests.conftest import PASSWORD, nothing_wrong, stand_in_pdf
from tests.views.page import Visitor

HOLIDAYS = "2027:\n  holidays: [2027-02-08]\n  workdays: [2027-02-06]\n"
FILES = {
    "form": "forms/completion_report.yaml",
    "ledger": "ledgers/seals.yaml",
    "figures": "figures/campaign.yaml",
    "office": "instance/office.yaml",
    "holidays": "instance/holidays.yaml",
}


@pytest.fixture
def at(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An office with its own copies of all files, which has run before."""
    monkeypatch.setattr(Converter, "to_pdf", lambda _self, docx, **_asked: stand_in_pdf(docx))
    monkeypatch.setattr(layout, "check", nothing_wrong)
    for name in ("forms", "ledgers", "figures"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (settings.instance / "holidays.yaml").write_text(HOLIDAYS, "utf-8")
    own = replace(
        settings, forms=tmp_path / "forms", ledgers=tmp_path / "ledgers", figures=tmp_path / "figures"
    )
    Office.open(own, stand_in_pdf, nothing_wrong).store.close()
    return own


def path_of(at: Settings, kind: str) -> Path:
    return at.instance.parent / FILES[kind]


BYTES = {
    "GBK": lambda text: text.encode("gbk"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "not text": lambda _text: b"\x89PNG\r\n\x1a\n\0\xff\xff",
    "empty": lambda _text: b"",
}
LINES = {
    "a tab": lambda line: ["\t" + line.strip()],
    "a full-width colon": lambda line: [line.replace(": ", "：", 1)],
    "no blank": lambda line: [line.replace(": ", ":", 1)],
    "a key twice": lambda line: [line, line],
    "a bracket left open": lambda line: [line.partition(": ")[0] + ": ["],
}


def spoil(path: Path, how: str) -> int:
    """Make one slip in a file; the line of it."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    if how in BYTES:
        path.write_bytes(BYTES[how](text))
        first = next(i for i, line in enumerate(lines, start=1) if not line.isascii())
        return first if how == "GBK" else 1
    begins = re.compile(r" +(- )?\{?[a-z_]+: " if how == "a tab" else r"[a-z_]+: ")
    n = next(i for i, line in enumerate(lines) if i and begins.match(line))
    lines[n : n + 1] = LINES[how](lines[n])
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return n + (2 if how == "a key twice" else 1)


WORDS = {
    "a tab": "制表符",
    "a full-width colon": "全角冒号",
    "no blank": "少一个空格",
    "a key twice": "写了两次",
    "a bracket left open": "没有配对",
    "GBK": "GBK",
    "UTF-16": "UTF-16",
    "not text": "UTF-8",
    "empty": "空的",
}


@pytest.mark.parametrize("how", WORDS)
@pytest.mark.parametrize("kind", ["form", "ledger", "figures", "office"])
def test_a_slip_leaves_the_last_good_text_in_force_and_is_told_with_its_line(
    at: Settings, caplog: pytest.LogCaptureFixture, kind: str, how: str
) -> None:
    line = spoil(path_of(at, kind), how)
    with caplog.at_level(logging.ERROR, "andu"):
        office = create_app(at).extensions["andu"]
    name = path_of(at, kind).name
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert WORDS[how] in logged
    assert f"{name}:{line}" in logged or how == "a bracket left open"
    assert office.catalogue.get("completion_report") and office.ledgers.get("seals")
    assert office.figures.get("campaign") and office.config.name == "示例镇"
    office.store.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2027:\n  holidays: [2027-02-30]\n", "holidays.yaml:2：2027.holidays[0]：没有“2027-02-30”这一天"),
        ("2027:\n\tholidays: [2027-02-08]\n", "holidays.yaml:2：不是正确的 YAML：缩进里有制表符"),
        ("2027:\n  holidays：[2027-02-08]\n", "holidays.yaml:2：用了全角冒号"),
        ("2027:\n  holiday: [2027-02-08]\n", "holidays.yaml:2：“holiday”不是"),
        ("2027:\n  holiday: [2027-02-08]\n", "是否应为“holidays”"),
        ("2027:\n  holidays: 2027-02-08\n", "holidays.yaml:2：holidays 应当是一串日期"),
        ("2027:\n  holidays: [2027-02-08]\n2027:\n  workdays: []\n", "holidays.yaml:3：2027：这个键写了两次"),
        ("2027:\n  holidays: [2027-02-08, 2026-02-09]\n", "不是 2027 年的日期"),
        ("二〇二七:\n  holidays: []\n", "应当是年份"),
    ],
)  # fmt: skip
def test_a_faulty_table_of_holidays_leaves_the_last_good_one(at: Settings, text: str, words: str) -> None:
    (at.instance / "holidays.yaml").write_text(text, "utf-8")
    office = create_app(at).extensions["andu"]
    assert words in "\n".join(office.faults)
    assert office.workdays.source(2027) == "office"
    office.store.close()


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        ("name: ", "nmae: ", "不认识的键 nmae；是否应为“name”"),
        ("since: 2026-04-15", "since: 2026-04-31", "没有“2026-04-31”这一天"),
        ("{verification_report: strict", "{verification_report: strikt", "是否应为“strict”"),
        ("roles: [admin]", "roles: admin", "每项要有 username、name、unit、roles；不对的是 roles"),
        ("campaigns:\n", "campaigns: [x]\nunits_: \n", "不认识的键 units_；是否应为“units”"),
    ],
)
def test_a_slip_in_the_office_file_is_told_with_its_nearest_right_word(
    at: Settings, was: str, now: str, words: str
) -> None:
    text = at.office_file.read_text("utf-8")
    assert was in text
    at.office_file.write_text(text.replace(was, now, 1), "utf-8")
    office = create_app(at).extensions["andu"]
    told = "\n".join(office.faults)
    assert words in told
    assert "office.yaml:" in told
    assert office.config.name == "示例镇" and office.config.signature_rules
    office.store.close()


def test_a_form_that_no_longer_fits_the_others_puts_back_what_was_changed(at: Settings) -> None:
    """The fault is told of the form that refers; what was changed is the one it refers to."""
    clue = at.forms / "clue_registration.yaml"
    clue.write_text(clue.read_text("utf-8").replace("key: summary", "key: summery", 1), "utf-8")
    office = create_app(at).extensions["andu"]
    assert office.faults
    assert "summary" in [field.key for field in office.catalogue.get("clue_registration").fields]
    assert len(office.catalogue) == len(list((ROOT / "forms").glob("*.yaml")))
    office.store.close()


def test_a_new_form_with_a_fault_is_left_out_and_the_others_are_as_they_are_now(at: Settings) -> None:
    (at.forms / "new.yaml").write_text("titel: 新表\n", "utf-8")
    changed = at.forms / "seal_register.yaml"
    changed.write_text(changed.read_text("utf-8").replace("title: ", "title: 新", 1), "utf-8")
    office = create_app(at).extensions["andu"]
    assert "new.yaml" in "\n".join(office.faults)
    assert office.catalogue.get("new") is None
    assert office.catalogue.get("seal_register").title.startswith("新")
    office.store.close()


def test_a_folder_of_forms_that_is_gone_leaves_them_in_force(at: Settings) -> None:
    shutil.rmtree(at.forms)
    office = create_app(at).extensions["andu"]
    assert len(office.catalogue) == len(list((ROOT / "forms").glob("*.yaml")))
    assert "没有表单文件" in "\n".join(office.faults)
    office.store.close()


def test_a_mark_at_the_beginning_of_the_file_is_no_fault(at: Settings) -> None:
    for kind in FILES:
        path = path_of(at, kind)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    office = create_app(at).extensions["andu"]
    assert office.faults == ()
    office.store.close()


def test_the_admin_reads_it_on_the_page_of_forms_and_it_is_gone_when_mended(at: Settings) -> None:
    path = path_of(at, "ledger")
    whole = path.read_bytes()
    line = spoil(path, "a full-width colon")
    app = create_app(at)
    visitor = Visitor(app)
    visitor.sign_in("wujiu", PASSWORD)
    visitor.get("/forms")
    assert f"台账 seals.yaml:{line}" in visitor.text()
    app.extensions["andu"].store.close()
    path.write_bytes(whole)
    office = create_app(at).extensions["andu"]
    assert office.faults == ()
    office.store.close()


@pytest.mark.parametrize(
    ("kind", "fault"), [("form", FormFaults), ("office", ConfigFault), ("holidays", HolidaysFault)]
)
def test_where_there_never_was_a_good_one_the_start_is_refused(
    at: Settings, kind: str, fault: type[Exception]
) -> None:
    for path in at.instance.glob("andu.db*"):
        path.unlink()
    if kind == "form":
        for other in at.forms.glob("*.yaml"):
            other.unlink()
        (at.forms / "only.yaml").write_text("titel: x\n", "utf-8")
    else:
        spoil(path_of(at, kind), "GBK") if kind == "office" else path_of(at, kind).write_text("2027: [")
    with pytest.raises(fault):
        create_app(at)
