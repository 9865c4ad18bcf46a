"""Conflict of interest: a matter is shut to whom it names, to their village or kin, on every way in."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from andu.clock import FixedClock, office_day
from andu.office import conflicts, deployment
from andu.office.books import concerns, register
from andu.office.config import ConfigFault, parse_config
from andu.office.desk import reconcile, statistics, timeliness
from andu.office.desk.changes import SETTLED
from andu.office.followup import reminders
from andu.office.handover import merging_units
from andu.office.issue import filling
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.office import Office
from andu.office.signing import scans
from andu.office.writing import drafts
from andu.security import accounts, programs
from andu.security.accounts import Account
from andu.settings import Settings
from app import create_app
from tests import scanning
from tests.conftest import MORNING, PASSWORD, People, nothing_wrong, with_key
from tests.office import conftest as acts
from tests.store.outside import at_rest
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor
from tests.views.test_access_matrix import ROWS, path_of
from tests.views.walking import Walk

NAMED = "钱某某"
WORD = "暗号砂场"
"""Stands in each title and answer of the matter, and nowhere else."""
READERS = ("lisi", "wangwu", "zhaoliu", "sunqi", "heshi", "zhangsan")
"""Head, clerk, director, leader, auditor; and whoever registered it."""
SESSION = {"session.leave", "static", "session.sign_in"}
MAY_COUNT = {"series.index"}
"""It says which number was given last, and nothing of what."""
OWN_DRAFT = {
    "desk.show", "drafts.edit", "drafts.confirm_discard", "finding.index", "finding.suggest",
    "printing.draft_proof",
}  # fmt: skip
"""What somebody has typed and not handed in they go on seeing."""
PARTS = {"record_id", "deadline_id", "register_id", "case_id", "scan_id", "attachment_id"}


@pytest.fixture(scope="module")
def world(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A matter about 钱某某 of 示例一村, with everything that can hang on one; the ids of it."""
    folder = tmp_path_factory.mktemp("conflicts") / "instance"
    shutil.copytree(founded, folder)
    settings = Settings(instance=folder, clock=FixedClock(MORNING), testing=True)
    office = Office.open(settings, blank_pdf, nothing_wrong)
    ids = {"slug": "clue_registration", "media": "pdf", "key": "place", "year": "2026", "number": "1"}
    ids |= {"kind": "draft", "page": "clerk", "shown": "sign", "unit_id": "cun1"} | matter(office)
    at_rest(office.store)
    office.store.close()
    return folder, ids


def matter(office: Office) -> dict[str, str]:
    submit, sign = acts.submit.__wrapped__(office), acts.sign.__wrapped__(office)  # type: ignore[attr-defined]
    people = {one.username: with_key(office, one) for one in accounts.all(office.store)}
    clerk = people["zhangsan"]
    said = {"reported": [{"name": f"{NAMED}（{WORD}）", "address": "示例一村"}], "place": WORD}
    said |= {
        "registered_at": "2026-11-22T08:30",
        "summary": f"反映{WORD}一事",
        "main_issue": f"在{WORD}门口。",
    }
    clue = sign(people["lisi"], sign(clerk, submit(clerk, "clue_registration", **said)))
    (number,) = numbers(office, [clue.id])
    holder = drafts.start(office, clerk, "completion_report")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    attachment = drafts.attach(office, clerk, holder.id, "files", f"{WORD}.png", png)
    of_it = {"clue": clue.id, "clue_number": number, "files": [attachment.id], "may_close": False}
    done = submit(clerk, "completion_report", **of_it)
    done = sign(people["zhaoliu"], sign(people["lisi"], done))
    later = submit(people["wangwu"], "incoming_document", document_title=f"关于{number}的来文")
    waiting = sign(clerk, submit(clerk, "clue_registration", **said))
    (due,) = office.store.rows_where("deadline", "record_id = ?", [waiting.id])
    reminders.write_due(office)
    sheet = scanning.png(scanning.page_with(filling.matter_of(office, waiting).check_code))
    raw = acts.raw_sample(office, clerk, "clue_registration", **said)
    draft = drafts.start(office, clerk, "clue_registration", raw)
    drafts.save(office, clerk, draft.id, raw, draft.revision)
    entry = register.of_record(office, clerk, done.id)
    assert entry is not None
    return {
        "record_id": waiting.id,
        "case_id": clue.id,
        "whole_case": clue.id,
        "register_id": entry.id,
        "scan_id": scans.file(office, clerk, waiting.id, sheet).id,
        "attachment_id": attachment.id,
        "deadline_id": due["id"],
        "draft_id": draft.id,
        "later": later.id,
    }


@pytest.fixture
def ids(world: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """The ids of everything that hangs on the matter."""
    return world[1]


@pytest.fixture
def settings(world: tuple[Path, dict[str, str]], tmp_path: Path, clock: FixedClock) -> Settings:
    """A fresh copy of that world."""
    shutil.copytree(world[0], tmp_path / "instance")
    return Settings(instance=tmp_path / "instance", clock=clock, testing=True)


def becomes(office: Office, username: str, name: str = NAMED) -> Account:
    """From now on this account is called so."""
    with office.store.write():
        office.store.bind()
        office.store.update("account", account(office, username).id, {"name": name})
    return account(office, username)


def account(office: Office, username: str) -> Account:
    """This account as it is now."""
    return next(one for one in accounts.all(office.store) if one.username == username)


def numbers(office: Office, records: list[str]) -> list[str]:
    """Their numbers."""
    rows = [office.store.rows_where("register", "record_id = ?", [one]) for one in records]
    return [row[0]["number"] for row in rows if row]


def betraying(office: Office, ids: dict[str, str]) -> list[str]:
    """What tells of the matter: its word, the ids and numbers of its records, and of what names them."""
    records = {row["record_id"] for row in office.store.query("SELECT record_id FROM concern")}
    assert ids["later"] in records and len(records) == 4
    return [WORD, *sorted(records), *numbers(office, [*records])]


def gets(app: Flask, ids: dict[str, str], visitor: Visitor) -> Iterator[tuple[str, int, str]]:
    """Every page of the matrix: its endpoint, its status and what it says."""
    named = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    ids = dict.fromkeys(named | {"copy_id", "whole_case"}, "none") | ids
    for method, endpoint, _letters in ROWS:
        if method == "GET" and endpoint not in SESSION and not endpoint.startswith("api."):
            path = path_of(app, endpoint, ids)
            more = "&" if "?" in path else "?"
            response = visitor.client.get(f"{path}{more}view=browser&text=砂场&q=砂场&period=2026-11-2")
            text = response.text if response.mimetype == "text/html" else ""
            text = str(response.json) if response.mimetype == "application/json" else text
            yield endpoint, response.status_code, text
            response.close()


def test_the_matter_is_seen_by_others(
    office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn
) -> None:
    told, seen = betraying(office, ids), set()
    for username in ("zhangsan", "zhaoliu"):
        for endpoint, _status, text in gets(app, ids, signed_in(username)):
            seen |= {endpoint} if any(one in text for one in told) else set()
    assert seen >= {
        "desk.show", "records.show", "cases.show", "ledgers.show", "register.search", "finding.index",
        "finding.suggest", "drafts.edit", "drafts.last", "audit.recent", "audit.month", "handed_in.index",
        "deadlines.extension", "cases.bundle",
    }, sorted(seen)  # fmt: skip


@pytest.mark.parametrize("username", READERS)
def test_whom_it_names_finds_nothing_of_it_on_any_page(
    username: str, office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn
) -> None:
    told = betraying(office, ids)
    becomes(office, username)
    visitor, found = signed_in(username), {}
    own = OWN_DRAFT if username == "zhangsan" else set()
    for endpoint, status, text in gets(app, ids, visitor):
        said = [one for one in (told[1:] if endpoint in own else told) if one in text]
        if said and endpoint not in MAY_COUNT:
            found[endpoint] = said
        rule = next(one for one in app.url_map.iter_rules() if one.endpoint == endpoint)
        assert status in (403, 404) or not PARTS & rule.arguments, endpoint
    assert not found


@pytest.mark.parametrize("username", ["lisi", "zhaoliu"])
def test_nor_does_a_program_or_a_calendar_of_theirs(
    username: str, office: Office, app: Flask, ids: dict[str, str], people: People
) -> None:
    proof = (PASSWORD, "10.0.0.1")
    see, calendar = (
        programs.make(office.store, office.clock, people[username], "取数", [use], [], 30, *proof)[1]
        for use in ("see", "calendar")
    )
    client, told = app.test_client(use_cookies=False), betraying(office, ids)
    ways = ["register", "deadlines", "ledgers/clue_registration", "changes", f"records/{ids['case_id']}"]

    def said() -> dict[str, bool]:
        asked = {"Authorization": f"Bearer {see}"}
        read = {one: client.get(f"/api/v1/{one}", headers=asked) for one in ways}
        read["calendar"] = client.get(f"/calendar/{calendar}.ics")
        return {way: any(one in answer.text for one in told) for way, answer in read.items()}

    time.sleep(SETTLED)  # what happened a moment ago is left for the next question
    assert all(said().values()), said()
    becomes(office, username)
    assert not any(said().values()), said()


@pytest.mark.parametrize("username", ["lisi", "zhaoliu"])
def test_what_is_counted_leaves_it_out(username: str, office: Office) -> None:
    day = office_day(MORNING)
    span = day - timedelta(days=30), day + timedelta(days=30)

    def counted() -> list[int]:
        me = account(office, username)
        clues, times = ledgers.get(office, me, "clue_registration"), timeliness.kept(office, me, *span)
        return [
            statistics.count(office, me, *span).whole.total,
            timeliness.whole(times).ended + timeliness.whole(times).running,
            sum(ledgers.counts_by_day(office, me, clues.slug, *span).values()),
            ledgers.filled(office, me, clues.slug, clues.columns[1].key, *span),
            ledgers.page(office, me, clues, Asked()).total,
        ]

    before = counted()
    becomes(office, username)
    running = office.store.count("deadline", "record_id IN (SELECT record_id FROM concern)", [])
    gone = [4 if username == "zhaoliu" else 3, running, 1, 1, 1]
    assert [was - now for was, now in zip(before, counted(), strict=True)] == gone


@pytest.mark.parametrize("what", ["unit", "surname"])
def test_a_village_registers_what_is_its_own_until_it_is_handed_on(
    what: str, office: Office, signed_in: SignedIn
) -> None:
    walk = Walk(office, signed_in)
    reported = [{"name": "李某某", "address": "示例一村三组"}]
    clue = walk.fill("zhangsan", "clue_registration", reported=reported)
    walk.sign("zhangsan", clue)
    assert "同一个单位（村）、同姓" in walk.text("lisi", f"/records/{clue}")
    set_to(signed_in("wujiu"), what, "shut")
    assert walk.sign("lisi", clue), "its head signs it"
    slip = walk.fill("lisi", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    assert sees(walk, "lisi", clue)
    walk.sign("lisi", slip)
    walk.sign("wangwu", slip, received_at="2026-11-22T09:02")
    assert not sees(walk, "lisi", clue) and not sees(walk, "lisi", slip), "no longer seen"
    assert sees(walk, "zhangsan", clue) is (what == "surname")
    assert sees(walk, "wangwu", clue) and sees(walk, "zhaoliu", slip)
    assert not reconcile.check(office)


def test_each_page_of_an_act_warns_whom_it_may_concern(
    office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn
) -> None:
    set_to(signed_in("wujiu"), "person", "warn")
    becomes(office, "zhaoliu")
    said, warned = "写到的人与您同名", set()
    for endpoint, status, text in gets(app, ids, signed_in("zhaoliu")):
        warned |= {endpoint} if status == 200 and said in text else set()
    assert warned >= {
        "records.show", "records.sheets", "cases.show", "register.void",
        "deadlines.done", "deadlines.extension", "ink.show",
    }, sorted(warned)  # fmt: skip
    walk = Walk(office, signed_in)
    kin = [{"name": "张某某", "address": "示例一村三组"}]
    clue = walk.fill("zhangsan", "clue_registration", reported=kin)
    assert "同一个单位（村）、同姓" in walk.text("zhangsan", f"/records/{clue}/confidential")
    becomes(office, "lisi")
    assert said in walk.text("lisi", f"/records/{ids['record_id']}/sign")
    becomes(office, "wangwu")
    draft = walk.begin("wangwu", "completion_report", ids["case_id"])
    assert said in walk.text("wangwu", f"/drafts/{draft}")
    assert said not in walk.text("sunqi", f"/records/{ids['case_id']}")


def test_a_namesake_sees_it_once_a_director_says_so_and_only_that_matter(
    office: Office, ids: dict[str, str], signed_in: SignedIn
) -> None:
    becomes(office, "lisi")
    becomes(office, "sunqi")
    walk = Walk(office, signed_in)
    assert not sees(walk, "lisi", ids["case_id"])
    page = f"/records/{ids['case_id']}/namesakes"
    assert walk.as_("zhangsan").client.get(page).status_code == 403
    assert walk.as_("lisi").client.get(page).status_code == 403
    director, who = walk.as_("zhaoliu"), account(office, "lisi")
    director.get(f"/records/{ids['case_id']}")
    assert page in director.page.xpath("//main//a/@href")
    said = {"account": who.id, "reason": "核对身份证，不是同一人", "password": PASSWORD}
    for wrong in ({"reason": "。"}, {"password": "another-password"}, {"account": director_id(office)}):
        director.get(page)
        assert director.post(page, {**said, **wrong}).status_code == 422
        assert not sees(walk, "lisi", ids["case_id"])
    director.get(page)
    director.post(page, said)
    assert "与写到的人同名，不是本人。核对身份证" in director.text()
    assert sees(walk, "lisi", ids["case_id"]) and "砂场" in walk.text("lisi", "/register")
    assert not sees(walk, "sunqi", ids["case_id"]), "another of that name"
    assert not sees(walk, "lisi", ids["record_id"]), "another matter about somebody of that name"
    assert office.store.count("audit", "event = 'namesake_noted'") == 1 and not concerns.wrong(office)
    director.get(page)
    director.post(page, said)
    assert not sees(walk, "lisi", ids["case_id"]) and not concerns.wrong(office), "taken back"


def director_id(office: Office) -> str:
    return account(office, "zhaoliu").id


def test_whoever_is_named_by_their_account_is_no_namesake(
    office: Office, ids: dict[str, str], signed_in: SignedIn
) -> None:
    becomes(office, "lisi")
    who = account(office, "lisi")
    with office.store.write():
        row = [ids["case_id"], f"person:{who.id}", ids["case_id"]]
        office.store.execute("INSERT INTO concern (record_id, key, because) VALUES (?, ?, ?)", row)
    director = signed_in("zhaoliu")
    page = f"/records/{ids['case_id']}/namesakes"
    director.get(page)
    assert not director.page.xpath(f"//option[@value='{who.id}']")


def sees(walk: Walk, who: str, record: str) -> bool:
    """Whether this person is shown the record."""
    return walk.as_(who).client.get(f"/records/{record}").status_code == 200


def set_to(admin: Visitor, ground: str, what: str) -> None:
    """The admin sets it on the page."""
    admin.get("/settings")
    admin.post("/settings/conflict", {**admin.filled("/settings/conflict"), f"conflict-{ground}": what})
    assert "已保存" in admin.text()


def test_another_village_and_another_surname_see_it(office: Office, signed_in: SignedIn) -> None:
    walk = Walk(office, signed_in)
    office = replace(office, config=replace(office.config, conflict={"unit": "shut", "surname": "shut"}))
    reported = [{"name": "王某", "post": "示例二村村委会副主任"}]
    clue = walk.fill("wangwu", "clue_registration", reported=reported)
    keys = {row["key"] for row in office.store.rows_where("concern", "record_id = ?", [clue])}
    assert {"unit:cun2", "surname:王@cun2"} <= keys
    everybody = accounts.all(office.store)
    out = conflicts.shut_from(office, keys, "shb", everybody)
    assert {one.username for one in everybody if one.id in out} == {"zhengshier", "chenshisan"}


@pytest.mark.parametrize(
    ("name", "surname"), [("李四", "李"), ("欧阳某", "欧阳"), ("欧阳", "欧"), ("某某砂场", "某"), ("a", "")]
)
def test_a_surname_may_have_two_characters(name: str, surname: str) -> None:
    assert conflicts.surname(name) == surname


def test_a_colleague_named_in_a_draft_is_not_shown_it(
    office: Office, signed_in: SignedIn, ids: dict[str, str]
) -> None:
    becomes(office, "lisi", "钱 某某")
    head = signed_in("lisi")
    assert WORD not in head.text()
    assert head.client.get(f"/drafts/{ids['draft_id']}").status_code == 404


def test_whom_it_names_does_not_sign_whoever_else_is_set_to(
    office: Office, signed_in: SignedIn, ids: dict[str, str]
) -> None:
    walk = Walk(office, signed_in)
    clue = walk.fill("zhangsan", "clue_registration", reported=[{"name": "李四"}])
    walk.sign("zhangsan", clue)
    typed = {"slot": "head", "version": "1", "opinion": "同意", "password": PASSWORD}
    head = walk.as_("lisi")
    assert clue not in head.get("/queue").text
    assert head.post(f"/records/{clue}/sign", typed).status_code == 404
    assert walk.sign("chushisi", clue), "whom the office named"


def test_where_nobody_is_named_to_sign_instead_it_is_not_handed_in(
    office: Office, signed_in: SignedIn
) -> None:
    walk = Walk(office, signed_in)
    admin = signed_in("wujiu")
    admin.get("/settings")
    none = {f"way-role-{n}": "" for n in range(4)}
    admin.post("/settings/recusal", {**admin.filled("/settings/recusal"), **none})
    other = {"summary": "反映另一件事", "main_issue": "另一件事。", "place": "别处"}
    walk.refused("zhangsan", "clue_registration", reported=[{"name": "李四"}], **other)
    said = walk.as_("zhangsan").text()
    assert "李四是这件事里写到的人，应当回避" in said and "现在没有人能签" in said


def test_a_key_put_or_taken_by_another_hand_is_named(office: Office) -> None:
    concerns.keep_up(office)
    assert not concerns.wrong(office)
    row = office.store.rows_where("concern", limit=1)[0]
    more = "INSERT INTO concern SELECT record_id, 'x', because FROM concern WHERE record_id = ? LIMIT 1"
    for sql in ("DELETE FROM concern WHERE record_id = ?", more):
        with office.store.write():
            office.store.execute(sql, [row["record_id"]])
        assert concerns.wrong(office) == [row["record_id"]]
        with office.store.write():
            for one in office.store.query("SELECT id FROM record"):
                concerns.enter(office, concerns.records.find(office, one["id"]))
        assert not concerns.wrong(office)


def test_a_record_of_before_is_entered_by_the_timer(office: Office) -> None:
    kept = office.store.query("SELECT * FROM concern ORDER BY record_id, key, because")
    with office.store.write():
        office.store.execute("DELETE FROM concern")
    concerns.keep_up(office)
    assert office.store.query("SELECT * FROM concern ORDER BY record_id, key, because") == kept


def before_there_were_keys(office: Office) -> None:
    """As an update finds the office that never made them, killed after the first record."""
    with office.store.write():
        office.store.execute("DELETE FROM concern")
        office.store.delete("made", concerns.WHAT)


def test_after_an_update_nothing_is_shown_that_may_be_shut(
    office: Office, settings: Settings, app: Flask, ids: dict[str, str], signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    told = betraying(office, ids)
    becomes(office, "lisi")
    before_there_were_keys(office)
    monkeypatch.setattr(concerns, "AT_ONCE", 1)
    monkeypatch.setattr(concerns, "AT_START", 0.0)
    concerns.begin(office)
    last, until = conflicts.missing(office)
    assert last < ids["record_id"] <= until, "stopped before the second record of the matter"
    shown = {endpoint for endpoint, _status, text in gets(app, ids, signed_in("lisi")) if told[1] in text}
    assert not shown - MAY_COUNT
    assert any("正在查明" in one.text for one in deployment.urgent(office))
    walk = Walk(office, signed_in)
    assert not sees(walk, "zhaoliu", ids["record_id"]) and "正在查明" in walk.text("zhaoliu", "/")
    assert sees(walk, "zhangsan", walk.fill("zhangsan", "clue_registration", place="别处")), "what is new"
    concerns.keep_up(office)
    assert not conflicts.missing(office) and not concerns.wrong(office)
    assert sees(walk, "zhaoliu", ids["record_id"]) and not sees(walk, "lisi", ids["record_id"])
    assert "正在查明" not in walk.text("zhaoliu", "/")


def test_an_office_of_ordinary_size_has_its_keys_before_the_first_page(
    office: Office, settings: Settings, ids: dict[str, str]
) -> None:
    becomes(office, "lisi")
    before_there_were_keys(office)
    client = create_app(settings, office).test_client()
    assert not conflicts.missing(office) and not concerns.wrong(office)
    client.post("/sign-in", data={"username": "lisi", "password": PASSWORD})
    assert conflicts.shut_among(office, account(office, "lisi"), [ids["record_id"]])


def test_whom_it_concerns_stays_shut_out_when_units_are_merged(
    office: Office, signed_in: SignedIn, ids: dict[str, str], people: People
) -> None:
    clue = Walk(office, signed_in).fill(
        "wangwu", "clue_registration", reported=[{"name": "某人", "address": "示例二村"}]
    )
    office = replace(office, config=replace(office.config, conflict={"unit": "shut"}))
    assert conflicts.shut_among(office, account(office, "chenshisan"), [clue])
    merging_units.merge(office, people["wujiu"], "cun2", "cun1", PASSWORD, "10.0.0.1")
    moved = account(office, "chenshisan")
    assert moved.unit_id == "cun1" and conflicts.shut_among(office, moved, [clue]), "no round of the timer"
    concerns.keep_up(office)
    assert conflicts.shut_among(office, moved, [clue]) and not concerns.wrong(office)


def beside_the_one_row(plan: list[dict[str, Any]]) -> str:
    """A plan without the table of at most one row that says how far keys are missing."""
    said = [row["detail"] for row in plan]
    return " ".join(one for one in said if one not in ("SCAN concern_left", "SCAN gap"))


def test_whoever_is_named_nowhere_pays_one_look_in_a_statement(office: Office) -> None:
    assert not conflicts.is_anything_shut(office, account(office, "qianyi"))
    assert conflicts.shut_records(office, account(office, "qianyi")) is None
    sql, params = conflicts.condition(office, becomes(office, "qianyi"))
    rows = office.store.query(f"EXPLAIN QUERY PLAN SELECT id FROM record WHERE {sql}", params)
    plan = beside_the_one_row(rows)
    assert "SCALAR SUBQUERY 1" in plan and "CORRELATED SCALAR SUBQUERY 1" not in plan
    assert "SEARCH concern USING" in plan and "record_id=?" in plan and "SCAN concern" not in plan
    shut = conflicts.shut_records(office, account(office, "qianyi"))
    assert shut is not None
    rows = office.store.query(f"EXPLAIN QUERY PLAN SELECT id FROM record WHERE {shut[0]}", shut[1])
    plan = beside_the_one_row(rows)
    assert "concern_meant (key=?" in plan and "SCAN" not in plan


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[person]", "conflict：每行写一种情形和怎么办"),
        ("{person: schut}", "conflict.person：应当写 off、warn 或 shut；是否应为“shut”？"),
        ("{persons: shut}", "不认识的键 persons；是否应为“person”？"),
    ],
)
def test_an_office_file_that_says_it_wrong_is_told(said: str, told: str) -> None:
    with pytest.raises(ConfigFault) as fault:
        parse_config(f"name: 示例镇\nissuer: 甲\nprinter: 乙\nconflict: {said}\n", "office.yaml")
    assert str(fault.value).startswith("office.yaml:4") and told in str(fault.value)
