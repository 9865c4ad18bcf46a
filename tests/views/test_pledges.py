"""No pledge, no clue: what an office that sets ``access_needs`` keeps from whoever has not signed."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from andu.clock import FixedClock
from andu.office import records
from andu.office.books import register
from andu.office.config import ConfigFault
from andu.office.followup import reminders
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.turns import deputies
from andu.security import programs
from andu.settings import Settings
from app import create_app
from tests.conftest import MORNING, PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, Submit, raw_sample
from tests.test_cli import Run, run, sample_office
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor
from tests.views.test_access_matrix import BODIES, ROWS, path_of, world

__all__ = ["run", "sample_office", "world"]

NEEDS = "access_needs: {form: pledge, person: person, until: renew, for: cases}\n"
SHUT = "您还没有签订“保密承诺书”。"
READERS = ("zhangsan", "zhaoliu", "heshi")
"""The clerk, the director and the auditor: all of them see the clue otherwise."""
MAY_COUNT = {"audit.recent", "series.index"}
"""They say which number was given last, and nothing of what."""
ON_WHAT_IS_SEEN = {"signing.give_together", "signing.take_back"}
"""The one leaves out whatever is not seen, the other forgets what this person themself had agreed to."""
OPEN_PAGES = {"session.leave", "static", "session.sign_in"}
OPEN_ACTS = {
    "session",
    "accounts",
    "returns",
    "deputies",
    "tokens",
    "restored",
    "api",
    "phrases",
    "series",
    "second_factor",
    "vault",
    "office_key",
}
"""Acts on no record: on people, numbers, tokens; and the interface, which no session opens."""


@pytest.fixture
def ids(world: tuple[Path, dict[str, str]]) -> dict[str, str]:
    """The ids of everything in the world."""
    return world[1]


@pytest.fixture
def settings(world: tuple[Path, dict[str, str]], tmp_path: Path, clock: FixedClock) -> Settings:
    """A world with a clue in it, of an office that then decides: no pledge, no clue."""
    shutil.copytree(world[0], tmp_path / "instance")
    settings = Settings(instance=tmp_path / "instance", clock=clock, testing=True)
    with settings.office_file.open("a", encoding="utf-8") as file:
        file.write(NEEDS)
    return settings


@pytest.fixture
def pledge(people: People, submit: Submit, sign: Sign) -> Any:
    """``pledge("lisi", writer="zhangsan")``: a numbered pledge, signed by that person and a reviewer."""

    def act(username: str, writer: str = "", day: str = "2026-11-22") -> Record:
        person, reviewer = people[username], people["zhaoliu" if username != "zhaoliu" else "chushisi"]
        answers = {"person": person.id, "unit": person.unit_id, "reviewer": reviewer.id}
        answers |= {"pledged_on": day}
        return sign(reviewer, sign(person, submit(people[writer or username], "pledge", **answers)))

    return act


def secrets(office: Office) -> list[str]:
    """What betrays a clue: the titles of the records and their numbers."""
    rows = office.store.query(
        "SELECT record.title, register.number FROM record"
        " LEFT JOIN register ON register.record_id = record.id WHERE record.form <> 'pledge'"
    )
    return [text for row in rows for text in row.values() if text]


def gets(app: Flask, ids: dict[str, str], visitor: Visitor) -> Iterator[tuple[str, int, str]]:
    """Every page of the matrix: its endpoint, its status and what it says. No session opens the interface."""
    for method, endpoint, _letters in ROWS:
        if method == "GET" and endpoint not in OPEN_PAGES and not endpoint.startswith("api."):
            path = path_of(app, endpoint, ids)
            more = "&" if "?" in path else "?"
            response = visitor.client.get(f"{path}{more}view=browser&text=举报&period=2026-11-2")
            text = response.text if response.mimetype in ("text/html", "application/json") else ""
            yield endpoint, response.status_code, text
            response.close()


@pytest.mark.parametrize("username", READERS)
def test_without_a_pledge_no_page_says_anything_of_a_clue(
    username: str, office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn
) -> None:
    visitor, told = signed_in(username), secrets(office)
    assert len(told) > 2
    for endpoint, status, text in gets(app, ids, visitor):
        if endpoint not in MAY_COUNT:
            assert not [secret for secret in told if secret in text], endpoint
        named = {"record_id", "draft_id", "deadline_id", "register_id", "case_id", "scan_id", "attachment_id"}
        rule = next(one for one in app.url_map.iter_rules() if one.endpoint == endpoint)
        assert status in (403, 404) or not named & rule.arguments, endpoint


@pytest.mark.parametrize("username", ["zhangsan", "zhaoliu"])
def test_without_a_pledge_no_program_reads_anything_of_a_clue(
    username: str, office: Office, app: Flask, ids: dict[str, str], people: People, pledge: Any
) -> None:
    proof = (PASSWORD, "10.0.0.1")
    token = programs.make(office.store, office.clock, people[username], "取数", ["see"], [], 30, *proof)[1]
    client, told = app.test_client(use_cookies=False), secrets(office)
    ways = ("register", "deadlines", "ledgers", "ledgers/clue_registration", "changes", "forms")
    for path in (*ways, f"records/{ids['record_id']}"):
        answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
        assert not [secret for secret in told if secret in answer.text], path
    assert answer.status_code == 404
    pledge(username, writer="wangwu")
    answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("username", READERS)
def test_with_a_pledge_everything_is_as_before(
    username: str, office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn, pledge: Any
) -> None:
    pledge(username, writer="wangwu")
    at = ("", "zhangsan", "zhengshier", "lisi", "zhaoliu", "sunqi", "wujiu", "heshi").index(username)
    letters = {endpoint: row[at] for method, endpoint, row in ROWS if method == "GET"}
    found = {endpoint: status for endpoint, status, _text in gets(app, ids, signed_in(username))}
    for endpoint, status in found.items():
        assert {403: "-", 404: "0"}.get(status, "+") == letters[endpoint], endpoint


def test_where_the_office_asks_for_nothing_nothing_is_shut(
    world: tuple[Path, dict[str, str]], tmp_path: Path, clock: FixedClock
) -> None:
    shutil.copytree(world[0], tmp_path / "asks-nothing")
    settings = Settings(tmp_path / "asks-nothing", clock=clock, testing=True)
    office = Office.open(settings, blank_pdf, nothing_wrong)
    visitor = Visitor(create_app(office.settings, office))
    visitor.sign_in("heshi", PASSWORD)
    assert any(secret in visitor.text() for secret in secrets(office))
    assert "保密承诺书" not in visitor.text()
    office.store.close()


@pytest.mark.parametrize("username", ["zhangsan", "lisi", "zhaoliu"])
def test_without_a_pledge_no_act_reaches_a_clue(
    username: str, office: Office, app: Flask, ids: dict[str, str], signed_in: SignedIn
) -> None:
    def kept() -> list[Any]:
        tables = ("draft", "record", "record_event", "scan", "extension", "chase", "reminder_away")
        return [office.store.rows_where(table) for table in tables]

    visitor, before = signed_in(username), kept()
    acts, done = [row[1] for row in ROWS if row[0] == "POST"], []
    for endpoint in acts:
        if endpoint.split(".")[0] in OPEN_ACTS:
            continue
        named = {"record": ids["record_id"], "password": PASSWORD} if endpoint in ON_WHAT_IS_SEEN else {}
        response = visitor.client.post(
            path_of(app, endpoint, ids),
            data={"csrf_token": visitor.token, **named, **BODIES.get(endpoint, {})},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        if response.status_code not in (403, 404):
            done.append(endpoint)
    assert set(done) <= ON_WHAT_IS_SEEN
    assert kept() == before


def test_desk_says_what_is_missing_and_begins_it(office: Office, people: People, signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    assert SHUT in visitor.text()
    assert "取得编号时起生效" in visitor.text()
    visitor.get("/new")
    assert "线索登记表" not in visitor.text()
    visitor.get("/")
    visitor.post("/new/pledge")
    path = visitor.path
    answers = {"f_post": "村联络员", "f_duty": "线索登记", "f_reviewer": people.lisi.id, "f_has_read": "1"}
    visitor.post(path, {**visitor.filled(path), **answers, "act": "submit"})
    (mine,) = records.select(office, people.zhangsan, "record.form = 'pledge'", [])
    assert "还没有签齐、没有编号" in signed_in("zhangsan").text()
    for username in ("zhangsan", "lisi"):
        visitor = signed_in(username)
        visitor.get(f"/records/{mine.id}/sign")
        visitor.post(visitor.path, {**visitor.filled(visitor.path), "password": PASSWORD})
    assert "承诺书" not in signed_in("zhangsan").page.xpath("string(//div[contains(@class, 'say')])")
    assert [one for one in secrets(office) if one in signed_in("zhangsan").text()]
    assert SHUT in signed_in("lisi").text()  # who reviewed it has signed none
    visitor.get(f"/records/{mine.id}")
    assert visitor.get(visitor.page.xpath("string(//a[. = '打开文书']/@href)")).mimetype == "application/pdf"


def test_refusals_say_what_is_missing(ids: dict[str, str], signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/records/{ids['record_id']}").status_code == 404
    assert SHUT in visitor.text()
    assert visitor.post("/new/clue_registration").status_code == 403
    assert visitor.text().count(SHUT) == 1
    assert visitor.get("/ledgers/clue_registration").status_code == 403
    assert SHUT in visitor.text()
    assert visitor.page.xpath("//main//form[@action = '/new/pledge']")
    visitor.get("/ledgers")
    assert "线索登记台账" not in visitor.text()
    assert "保密承诺书台账" in visitor.text()
    assert "请由经办人代为填写" in signed_in("sunqi").text()


def test_a_pledge_lapses_with_its_deadline(
    office: Office, clock: FixedClock, people: People, ids: dict[str, str], signed_in: SignedIn, pledge: Any
) -> None:
    pledge("zhangsan", day="2026-11-20")
    clock.moment = MORNING + timedelta(days=363)
    assert signed_in("zhangsan").get(f"/records/{ids['record_id']}").status_code == 200
    clock.moment = MORNING + timedelta(days=364)
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/records/{ids['record_id']}").status_code == 404
    assert "已于2027年11月20日到期，请重新签订" in visitor.text()
    pledge("zhangsan", day="2027-11-21")
    assert signed_in("zhangsan").get(f"/records/{ids['record_id']}").status_code == 200


def test_a_file_is_not_taken_along_once_the_pledge_has_lapsed(
    office: Office, clock: FixedClock, people: People, signed_in: SignedIn, pledge: Any
) -> None:
    pledge("zhangsan", day="2026-11-20")
    visitor = signed_in("zhangsan")
    visitor.post("/new/clue_registration")
    upload = {"upload_files": (io.BytesIO(blank_pdf(b"")), "照片.pdf"), "act": "attach"}
    visitor.post(visitor.path, visitor.filled(visitor.path) | upload, content_type="multipart/form-data")
    (kept,) = office.store.rows_where("attachment", "name = '照片.pdf'")
    assert visitor.get(f"/attachments/{kept['id']}").status_code == 200
    clock.moment = MORNING + timedelta(days=364)
    visitor = signed_in("zhangsan")
    assert visitor.get(f"/attachments/{kept['id']}").status_code == 403
    visitor.post("/new/incoming_document")
    typed = raw_sample(office, people.zhangsan, "incoming_document") | {"f_files": [kept["id"]]}
    filled = visitor.filled(visitor.path) | typed | {"act": "submit"}
    assert visitor.post(visitor.path, filled).status_code == 422
    assert "有一个附件已经不在，请重新上传" in visitor.text()
    assert office.store.count("record", "form = 'incoming_document'") == 0


def test_its_person_is_reminded_thirty_days_before(
    office: Office, clock: FixedClock, people: People, pledge: Any
) -> None:
    mine = pledge("sunqi", writer="wangwu")
    clock.moment = MORNING + timedelta(days=334)
    reminders.write_due(office)
    assert mine.id not in {one.deadline.record_id for one in reminders.on_desk(office, people.sunqi)}
    clock.moment = MORNING + timedelta(days=336)
    reminders.write_due(office)
    (told,) = [one for one in reminders.on_desk(office, people.sunqi) if one.deadline.record_id == mine.id]
    assert told.deadline.label == "到期重新签订保密承诺书"


def test_a_voided_pledge_opens_nothing(
    office: Office, people: People, ids: dict[str, str], signed_in: SignedIn, pledge: Any
) -> None:
    mine = pledge("zhangsan")
    entry = register.of_record(office, people.zhaoliu, mine.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "写错", PASSWORD, "10.0.0.1")
    visitor = signed_in("zhangsan")
    assert "编号已经作废，请重新签订" in visitor.text()
    assert visitor.get(f"/records/{ids['record_id']}").status_code == 404


def test_what_a_deputy_signed_is_nobodys_pledge(
    office: Office, people: People, ids: dict[str, str], signed_in: SignedIn, submit: Submit, sign: Sign
) -> None:
    leader, deputy, today = people.sunqi, people.zhouba, MORNING.date()
    deputies.appoint(office, leader, leader.id, deputy.id, today, today, "外出", PASSWORD, "10.0.0.1")
    answers = {"person": leader.id, "unit": leader.unit_id, "reviewer": people.zhaoliu.id}
    record = submit(people.wangwu, "pledge", **answers, pledged_on="2026-11-22")
    assert sign(people.zhaoliu, sign(deputy, record)).state == "filed"
    visitor = signed_in("sunqi")
    assert "不是您本人签的" in visitor.text()
    assert visitor.get(f"/records/{ids['record_id']}").status_code == 404


def test_the_page_names_only_people_who_may_sign_now(
    office: Office, people: People, ids: dict[str, str], pledge: Any
) -> None:
    record = records.find(office, ids["record_id"])
    assert signatures.candidates(office, record) == []
    pledge("lisi", writer="zhangsan")
    assert [one.person.username for one in signatures.candidates(office, record)] == ["lisi"]


@pytest.mark.usefixtures("sample_office")
def test_commands_obey_as_well(run: Run, tmp_path: Path) -> None:
    report = tmp_path / "clue.json"
    report.write_text(run("forms", "sample", "clue_registration").stdout, encoding="utf-8")
    done = run("fill", "clue_registration", report, "--as", "zhangsan", "--out", tmp_path / "papers")
    assert done.exit_code == 1
    assert SHUT in done.stderr
    assert not [*(tmp_path / "papers").iterdir()]


@pytest.mark.usefixtures("sample_office")
def test_command_signs_for_nobody_without_a_pledge(run: Run, tmp_path: Path, pledge: Any) -> None:
    pledge("wangwu")
    report = tmp_path / "report.json"
    report.write_text(run("forms", "sample", "completion_report").stdout, encoding="utf-8")
    words = ("--as", "wangwu", "--sign-as", "zhaoliu", "--out", tmp_path / "papers")
    done = run("fill", "completion_report", report, *words)
    assert done.exit_code == 1
    assert "赵六（镇扫黑办）看不到这份材料，不能签字。" + SHUT in done.stderr


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{form: pledgee, person: person, for: cases}", "没有表单“pledgee”；是否应为“pledge”？"),
        ("{form: pledge, person: persson, for: cases}", "没有人员字段“persson”；是否应为“person”？"),
        ("{form: pledge, person: unit, for: cases}", "没有人员字段“unit”"),
        ("{form: pledge, person: person, until: renews, for: cases}", "没有期限“renews”；是否应为“renew”？"),
        ("{form: pledge, person: person, for: case}", "access_needs.for：没有表单“case”；是否应为“cases”？"),
        ("{form: pledge, person: person, for: [cases, pledge]}", "本身不能也要先签"),
        ("{form: clue_handover, person: giver, for: cases}", "本身不能也要先签"),
        ("{form: pledge, person: person}", "需要 form、person、for 三项"),
        ("{form: pledge, person: [person], for: cases}", "其余各写一个词"),
    ],
)
def test_an_office_file_that_asks_for_what_is_not_there_stops_the_start(
    settings: Settings, said: str, told: str
) -> None:
    text = settings.office_file.read_text(encoding="utf-8")
    settings.office_file.write_text(text.replace(NEEDS, f"access_needs: {said}\n"), encoding="utf-8")
    with pytest.raises(ConfigFault) as fault:
        Office.open(settings, blank_pdf, nothing_wrong)
    assert told in str(fault.value)
