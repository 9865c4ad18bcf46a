"""Ledgers follow the records: who sees which rows, what is found, and that nothing confidential gets in."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from andu.clock import FixedClock
from andu.formtypes.beside import ledger_reading
from andu.formtypes.beside.ledgers import Ledger
from andu.office import records
from andu.office.books import ledger_keeping, register
from andu.office.desk import ledger_exports, reconcile
from andu.office.errors import NotAllowed, NotFound
from andu.office.followup import finishing
from andu.office.issue import voiding
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked, FoundRow
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit

CLUES = "clue_registration"
CANARY = "金丝雀某某"


@pytest.fixture
def clue(people: People, submit: Submit, sign: Sign) -> Callable[..., Record]:
    """``clue(**answers)``: a registered clue of 示例一村."""

    def act(**answers: Any) -> Record:
        record = submit(people.zhangsan, CLUES, **{"registered_at": "2026-11-22T08:30"} | answers)
        return sign(people.lisi, sign(people.zhangsan, record))

    return act


@pytest.fixture
def found(office: Office, people: People) -> Callable[..., list[FoundRow]]:
    """``found(username, **asked)``: the rows this person finds."""

    def act(username: str = "zhaoliu", slug: str = CLUES, **asked: Any) -> list[FoundRow]:
        ledger = ledgers.get(office, people[username], slug)
        page = ledgers.page(office, people[username], ledger, Asked(**asked))
        assert page.total == len(page.rows)
        return page.rows

    return act


def column(office: Office, row: FoundRow, key: str, slug: str = CLUES) -> str:
    ledger = office.ledgers.get(slug)
    assert ledger is not None
    return row.cells[ledger.place(key) or 0]


def handed_over(people: People, submit: Submit, sign: Sign, clue: Record) -> Record:
    record = submit(people.zhangsan, "clue_handover", clue=clue.id)
    record = sign(people.zhangsan, record)
    received = {"received_at": "2026-11-22T09:02", "received_copies": 1, "check_result": "齐全"}
    return sign(people.wangwu, record, **received)


# --- rows follow the records ----------------------------------------------------------------------


def test_a_record_is_in_its_ledgers_once_it_has_its_number(
    people: People, submit: Submit, sign: Sign, found: Callable[..., list[FoundRow]]
) -> None:
    record = submit(people.zhangsan, CLUES)
    assert found() == []
    sign(people.lisi, sign(people.zhangsan, record))
    (row,) = found()
    assert row.cells[0] == "DJ-XS-2026-0001"
    assert [one.record_id for one in found(slug="source_people")] == [record.id]
    assert found(slug="source_leader") == []


def test_a_later_paper_of_the_case_fills_the_row_of_the_clue(
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    clue: Callable[..., Record],
    found: Callable[..., list[FoundRow]],
) -> None:
    handover = handed_over(people, submit, sign, clue())
    (row,) = found()
    entry = register.of_record(office, people.zhaoliu, handover.id)
    assert entry is not None
    assert column(office, row, "handover_number") == entry.number
    voiding.void(office, people.zhaoliu, entry.id, "写错", PASSWORD, "10.0.0.1")
    assert column(office, found()[0], "handover_number") == ""


def test_a_voided_number_stays_in_the_ledger_and_says_so(
    office: Office, people: People, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    entry = register.of_record(office, people.zhaoliu, clue().id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "写错", PASSWORD, "10.0.0.1")
    (row,) = found()
    assert row.is_void and row.cells[0] == "DJ-XS-2026-0001（已作废）"
    day = date(2026, 11, 22)
    assert ledgers.tally(office, people.zhaoliu, CLUES, "source", day, day) == {}


def test_overdue_is_decided_when_it_is_looked_at(
    office: Office, clock: FixedClock, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    clue()
    assert column(office, found()[0], "overdue") == ""
    clock.advance(24 * 3600)
    assert column(office, found()[0], "overdue") == "是"


def test_rows_made_one_by_one_are_the_rows_made_anew(
    office: Office, people: People, submit: Submit, sign: Sign, clue: Callable[..., Record]
) -> None:
    handed_over(people, submit, sign, clue())
    clue(source="领导批办")

    def kept() -> list[tuple[str, ...]]:
        rows = office.store.query("SELECT ledger, record_id, day, cells, keys FROM ledger_row")
        return sorted(tuple(str(value) for value in row.values()) for row in rows)

    before = kept()
    assert len(before) >= 5
    with office.store.write():
        office.store.execute("UPDATE ledger SET hash = ''")
    ledger_keeping.keep_up(office)
    assert kept() == before
    assert not [fault for fault in reconcile.check(office) if "台账" in fault.message]


def test_a_row_that_was_altered_is_told_by_the_reconciling(
    office: Office, clue: Callable[..., Record]
) -> None:
    clue()
    with office.store.write():
        office.store.execute("UPDATE ledger_row SET cells = replace(cells, '涉恶', '涉黑')")
    assert any("台账" in fault.message for fault in reconcile.check(office))


def test_a_changed_ledger_is_built_anew_at_the_next_start(
    office: Office, clue: Callable[..., Record], tmp_path: Path
) -> None:
    clue()
    source = (office.settings.ledgers / "clue_registration.yaml").read_text("utf-8")
    (tmp_path / "clue_registration.yaml").write_text(source.replace("show: masked", "show: plain"), "utf-8")
    changed, faults = ledger_reading.load(tmp_path, office.catalogue)
    assert not faults
    object.__setattr__(office, "ledgers", changed)
    ledger_keeping.keep_up(office)
    rows = office.store.query("SELECT ledger, cells FROM ledger_row")
    assert {row["ledger"] for row in rows} == {CLUES}
    assert "李某某（示例）" in rows[0]["cells"]


# --- who sees what --------------------------------------------------------------------------------


def test_a_person_finds_counts_chooses_and_exports_only_what_they_may_see(
    office: Office, people: People, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    clue()
    assert len(found("zhangsan")) == 1
    assert found("zhengshier") == found("zhengshier", text="示例") == []
    ledger = ledgers.get(office, people.zhengshier, CLUES)
    assert set(map(tuple, ledgers.choices(office, people.zhengshier, ledger).values())) == {()}
    day = date(2026, 11, 22)
    assert ledgers.tally(office, people.zhengshier, CLUES, "source", day, day) == {}
    assert ledgers.counts_by_day(office, people.zhengshier, CLUES, day, day) == {}
    assert ledgers.tally(office, people.zhangsan, CLUES, "source", day, day) == {"群众实名举报": 1}
    assert ledgers.counts_by_day(office, people.zhangsan, CLUES, day, day) == {day: 1}
    data = ledger_exports.export(office, people.zhengshier, ledger, Asked())
    assert load_workbook(io.BytesIO(data)).active.max_row == 2


def test_what_ledgers_know_of_sight_is_what_the_scope_says_of_everybody(
    office: Office, people: People, submit: Submit, sign: Sign, clue: Callable[..., Record]
) -> None:
    handed_over(people, submit, sign, clue())
    clue(source="领导批办")
    shared = submit(people.zhangsan, "clue_handover", clue=clue().id, receiver_unit="pcs")
    with office.store.write():  # what a new version does that names another unit
        office.store.execute("DELETE FROM record_share WHERE because = ?", [shared.id])
        ledger_keeping.refresh(office, shared.id)
    for person in accounts.all(office.store):
        if not any(role in person.roles for role in ("clerk", "head")):
            continue
        for ledger in office.ledgers:
            rows = ledgers.all_rows(office, person, ledger, Asked(), 100)
            assert sorted(row.record_id for row in rows) == _by_scope(office, person, ledger)
            assert ledgers.page(office, person, ledger, Asked()).total == len(rows)


def _by_scope(office: Office, person: Account, ledger: Ledger) -> list[str]:
    """What the scope says; of a ledger that shows its unit every row, every row."""
    scope, params = records_for(office, person) if person.unit_id not in ledger.seen_by else ("1 = 1", [])
    rows = office.store.query(
        "SELECT record.id FROM record JOIN ledger_row ON record_id = record.id"
        f" WHERE ledger = ? AND {scope} ORDER BY 1",
        [ledger.slug, *params],
    )
    return [row["id"] for row in rows]


def test_what_a_row_takes_from_another_record_is_there_only_for_whoever_sees_that_record(
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    clue: Callable[..., Record],
    found: Callable[..., list[FoundRow]],
) -> None:
    record = clue()
    handed_over(people, submit, sign, record)
    group = {
        "deputy_one": people.zhouba.id,
        "deputy_two": people.chushisi.id,
        "group_leader": people.sunqi.id,
    }
    own = {"clue": record.id, "handover": None, "clue_number": "DJ-XS-2026-0001"}
    review = submit(people.wangwu, "clue_review", **own, **group)
    for who in ("zhaoliu", "zhouba", "chushisi", "sunqi"):
        sign(people[who], review)
    said = "补充核查"
    study = submit(
        people.wangwu, "study_record", clue=record.id, review=None, held_at="2026-11-22T09:00",
        chair=people.sunqi.id, recorder=people.wangwu.id, conclusion=said, responsible_unit="pcs",
        due_on="2026-12-20",
    )  # fmt: skip
    assert sign(people.sunqi, sign(people.wangwu, study)).state == "filed"
    assert not [one for one in records.select(office, people.zhangsan, "record.form = 'study_record'", [])]
    ledger, day = ledgers.get(office, people.zhangsan, CLUES), date(2026, 11, 22)
    for who, seen in (("wangwu", said), ("zhaoliu", said), ("zhangsan", "")):
        (row,) = found(who)
        assert column(office, row, "study") == seen
        assert column(office, row, "handover_number") == "YJ-2026-0001"
        assert ledgers.choices(office, people[who], ledger)["study"] == [seen] * bool(seen)
        for asked in ({"text": said}, {"chosen": {"study": said}}, {"text": said, "sort": "study"}):
            assert len(found(who, **asked)) == bool(seen), (who, asked)
        assert len(found(who, sort="study", text="示例")) == len(found(who, sort="study")) == 1
        assert ledgers.tally(office, people[who], CLUES, "study", day, day) == {seen: 1}
        cells = load_workbook(io.BytesIO(ledger_exports.export(office, people[who], ledger, Asked()))).active
        assert (said in [cell.value for line in cells for cell in line]) == bool(seen)


def test_a_unit_that_is_named_later_sees_the_row_at_once(
    people: People, submit: Submit, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    record = clue()
    assert found("qianyi") == []
    submit(people.zhangsan, "clue_handover", clue=record.id, receiver_unit="pcs")
    assert [row.record_id for row in found("qianyi")] == [record.id]


def test_whoever_may_not_see_the_register_sees_no_ledger(office: Office, people: People) -> None:
    with pytest.raises(NotAllowed):
        ledgers.get(office, people.wujiu, CLUES)
    with pytest.raises(NotAllowed):
        ledgers.by_group(office, people.wujiu)
    with pytest.raises(NotFound):
        ledgers.get(office, people.zhaoliu, "no_such_ledger")


def test_nothing_confidential_comes_into_any_ledger_or_export(
    office: Office, people: People, clue: Callable[..., Record]
) -> None:
    clue(
        reporter_name=CANARY, reporter_address=CANARY + "路1号", reporter_phone="0555-7654321",
        reporter_id_needed=True, reporter_id="11010519491231002X",
    )  # fmt: skip
    tables = [one for one in office.store.tables() if one.startswith("ledger")]
    kept = json.dumps([office.store.query(f"SELECT * FROM {one}") for one in tables], default=str)
    told = kept.encode().decode("unicode_escape", "ignore") + kept
    for ledger in office.ledgers:
        data = ledger_exports.export(office, people.zhaoliu, ledger, Asked())
        told += "".join(str(cell.value) for row in load_workbook(io.BytesIO(data)).active for cell in row)
    assert "示例砂场" in told
    for secret in (CANARY, "金丝", "7654321", "11010519491231002"):
        assert secret not in told
    words = json.dumps(office.store.query("SELECT * FROM ledger_text"), ensure_ascii=False)
    assert "砂场" in words and "金丝" not in words and "76 65" not in words


# --- finding and sorting --------------------------------------------------------------------------


def test_names_of_two_characters_and_of_one_are_found_and_full_width_too(
    clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    wanted = clue(summary="反映张三在示例砂场强买强卖").id
    clue(summary="反映李四，张家口来的车被拦")
    assert [row.record_id for row in found(text="张三")] == [wanted]
    assert len(found(text="张")) == 2
    assert len(found(text="ｄｊ－ＸＳ－２０２６")) == 2
    assert found(text="三在示例 张三") != [] and found(text="张四") == [] and found(text="☆") == []


@pytest.mark.parametrize("text", ['"', "*", "张三 OR 李四", "NEAR(", "cells:x", "'; DROP TABLE record"])
def test_words_of_the_search_language_are_only_words(
    text: str, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    clue()
    assert found(text=text) == []


def test_rows_are_chosen_by_column_and_month_and_sorted_as_people_count(
    office: Office, clue: Callable[..., Record], found: Callable[..., list[FoundRow]]
) -> None:
    for number in range(1, 12):
        clue(place=f"第{number}处", source="领导批办" if number == 3 else "派出所")
    assert len(found(chosen={"source": "领导批办"})) == 1
    assert len(found(month="2026-11")) == 11 and found(month="2026-10") == []
    numbers = [row.cells[0] for row in found(sort="number", descending=False)]
    assert numbers == [f"DJ-XS-2026-{number:04}" for number in range(1, 12)]
    assert [row.cells[0] for row in found()] == numbers[::-1]
    days = ["2026-11-20T09:00", "2026-11-05T17:00", "2026-11-13T08:30"]
    ids = [clue(registered_at=day, place=day).id for day in days]
    rows = found(sort="registered_at", descending=False)
    assert [row.record_id for row in rows[:3]] == [ids[1], ids[2], ids[0]], "by the day of a month too"


def test_sums_add_up_what_was_found_and_leave_out_what_is_voided(
    office: Office, people: People, submit: Submit, sign: Sign, clue: Callable[..., Record]
) -> None:
    handed_over(people, submit, sign, clue())
    voided = handed_over(people, submit, sign, clue())
    ledger = ledgers.get(office, people.zhaoliu, "clue_handover")
    assert ledgers.totals(office, people.zhaoliu, ledger, Asked())["received_copies"] == "2"
    entry = register.of_record(office, people.zhaoliu, voided.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "写错", PASSWORD, "10.0.0.1")
    assert ledgers.totals(office, people.zhaoliu, ledger, Asked())["received_copies"] == "1"


# --- export and closing ---------------------------------------------------------------------------


def test_no_cell_of_an_export_is_a_formula_and_the_export_is_noted(
    office: Office, people: People, clue: Callable[..., Record]
) -> None:
    for summary in ("=1+1示例", "+示例", "-示例", "@SUM(A1)示例"):
        clue(summary=summary)
    ledger = ledgers.get(office, people.zhaoliu, CLUES)
    data = ledger_exports.export(office, people.zhaoliu, ledger, Asked(text="示例"))
    cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
    live = [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@"))]
    assert len(live) == 4
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in live)
    (event,) = office.store.rows_where("audit", "event = 'ledger_exported'")
    assert json.loads(event["data"]) == {"ledger": CLUES, "rows": 4, "filter": ["text"]}
    with pytest.raises(NotAllowed):
        ledger_exports.export(office, people.heshi, ledger, Asked())


def test_an_export_keeps_its_heads_in_sight_and_prints_across(office: Office, people: People) -> None:
    ledger = ledgers.get(office, people.zhaoliu, CLUES)
    data = ledger_exports.export(office, people.zhaoliu, ledger, Asked())
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet.freeze_panes == "A3" and sheet.print_title_rows == "$1:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[2]]
    assert all(width >= 2 * len(cell.value) for width, cell in zip(widths, sheet[2], strict=True))


def test_every_moment_of_an_export_is_a_text_of_one_kind(
    office: Office, people: People, submit: Submit, sign: Sign, clue: Callable[..., Record]
) -> None:
    handed_over(people, submit, sign, clue())
    ledger = ledgers.get(office, people.zhaoliu, "clue_handover")
    data = ledger_exports.export(office, people.zhaoliu, ledger, Asked())
    _about, heads, row = load_workbook(io.BytesIO(data)).active.iter_rows()
    told = {head.value: cell for head, cell in zip(heads, row, strict=True)}
    for head in ("移交时间", "接收时间"):
        assert told[head].data_type == "s" and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", told[head].value)
    assert told["实收份数"].value == 1 and told["实收份数"].data_type == "n"


def test_a_title_that_no_sheet_of_a_workbook_may_have_is_exported_all_the_same(
    office: Office, people: People
) -> None:
    ledger = replace(ledgers.get(office, people.zhaoliu, CLUES), title="涉黑/涉恶：[线索]*?:\\台账")
    data = ledger_exports.export(office, people.zhaoliu, ledger, Asked())
    assert load_workbook(io.BytesIO(data)).sheetnames == ["涉黑 涉恶： 线索     台账"]


def closing(office: Office, people: People, submit: Submit, sign: Sign, **chosen: str) -> Record:
    extract = {"ledger": CLUES, "month": "2026-11", **chosen}
    record = submit(people.zhaoliu, "ledger_closing", extract=extract)
    return sign(people.chushisi, sign(people.zhaoliu, record))


def test_a_closed_month_is_frozen_signed_numbered_and_filed(
    office: Office, people: People, clock: FixedClock, submit: Submit, sign: Sign, clue: Callable[..., Record]
) -> None:
    clue()
    clock.advance(20 * 24 * 3600)
    record = closing(office, people, submit, sign)
    assert record.state == "filed"
    entry = register.of_record(office, people.zhaoliu, record.id)
    assert entry is not None and entry.number == "TZ-2026-0001"
    later = clue(source="领导批办")
    assert later.state == "filed"
    frozen = json.loads(office.store.rows_where("register", "id = ?", [entry.id])[0]["snapshot"])
    assert frozen["extract"]["count"] == "1"
    assert [len(page["rows"]) for page in frozen["extract"]["pages"]] == [1]


def test_a_month_that_is_not_over_cannot_be_closed_nor_an_unknown_ledger(
    office: Office, people: People
) -> None:
    from andu.office.people import OfficeDirectory

    directory = OfficeDirectory(office, people.zhaoliu)
    for ledger, month in ((CLUES, "2026-11"), (CLUES, "2026-12"), ("no_such", "2026-10")):
        with pytest.raises(ValueError, match="过完|没有这本台账"):
            directory.ledger_extract(ledger, month)
    assert directory.ledger_extract(CLUES, "2026-10")["rows"] == []
    assert OfficeDirectory(office, people.wujiu).ledgers() == []


def test_the_register_of_loans_knows_of_each_whether_it_is_out_and_late(
    office: Office, people: People, submit: Submit, sign: Sign, clue: Callable[..., Record], clock: FixedClock
) -> None:
    of = clue()
    chosen = {"applicant": people.zhangsan.id, "approver": people.lisi.id, "keeper": people.zhaoliu.id}
    lent: list[Record] = []
    for give_back_on in ("2026-11-24", "2026-11-23"):
        loan = submit(
            people.zhangsan,
            "custody_register",
            clue=of.id,
            action="借阅",
            give_back_on=give_back_on,
            **chosen,
        )
        for name in ("zhangsan", "lisi", "zhaoliu"):
            loan = sign(people[name], records.find(office, loan.id))
        lent.append(loan)

    def told() -> list[tuple[str, str]]:
        ledger = ledgers.get(office, people.zhaoliu, "custody")
        columns = [ledger.place(key) or 0 for key in ("given_back", "late")]
        rows = ledgers.all_rows(office, people.zhaoliu, ledger, Asked(), 10)
        by_record = {row.record_id: row.cells for row in rows}
        return [(by_record[one.id][columns[0]], by_record[one.id][columns[1]]) for one in lent]

    assert told() == [("", ""), ("", "")]
    (due,) = office.store.rows_where("deadline", "record_id = ?", [lent[0].id])
    finishing.finish(office, people.zhangsan, due["id"], "原样归还，当面点清")
    assert told() == [("2026-11-22", ""), ("", "")]
    clock.advance(3 * 24 * 3600)
    assert told() == [("2026-11-22", ""), ("", "是")], "one is back, the other out and late"
