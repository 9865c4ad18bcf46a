"""No page reads a growing table from end to end: the plan of every query that any page makes is looked at.

The office is small; the plan is not: without statistics SQLite plans a query alike for ten rows and for ten
million. Refused are: a growing table gone through whole, unless in the order of an index and only until a
page is full; and all rows of one unit, form, state or ledger, unless only until a page is full. What is read
so all the same stands in ``ALLOWED`` with its reason.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from andu.office import timer
from andu.office.office import Office
from andu.office.writing import drafts
from andu.security import accounts, programs
from andu.store import Store
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views import test_access_matrix as matrix
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

world = matrix.world

READERS = ("zhangsan", "wangwu", "lisi", "zhaoliu", "sunqi", "wujiu", "heshi")
GROWING = {
    "record", "record_version", "record_share", "record_event", "record_sight", "record_word",
    "register", "work", "draft", "attachment", "scan", "deadline", "extension", "reminder", "reminder_away",
    "chase", "case_record", "case_closing", "closed_month", "builds_on", "likeness",
    "ledger_row", "ledger_key", "ledger_sight", "waits", "audit", "sealed", "binding",
    "concern", "ledger_count", "record_count", "deadline_count", "deadline_named",
}  # fmt: skip
WIDE = {
    "form", "unit_id", "author_id", "state", "ledger", "place", "chain", "series", "year", "day", "whose",
    "what", "seen_by", "at",
}  # fmt: skip
"""Columns by one of whose values a part of a table is chosen that grows like the whole."""
MORE = (
    "register?page=3", "register?text=砂场", "register?text=2026-0001", "register?person=李四",
    "register?unit=cun1", "register?form=completion_report", "register?state=voided",
    "register?since=2026-01-01&until=2026-12-31", "register?unit=cun1&form=completion_report&text=砂场",
    "register?before=2026-11-22T01:02:03Z|1|x", "register?state=filed&form=clue_handover&unit=cun1",
    "ledgers/completion_report", "ledgers/clue_registration?text=砂场&sort=sector&way=down",
    "ledgers/clue_registration?month=2026-11", "ledgers/clue_registration?is_source=群众匿名举报",
    "handed-in?of=unit", "handed-in?of=unit&state=voided", "handed-in?text=砂场",
    "handed-in?of=unit&text=砂场",
    "handed-in?of=unit&form=completion_report&older=2026-11-22T01:02:03Z~x", "handed-in?state=returned",
    "handed-in?form=completion_report", "handed-in?newer=2026-11-22T01:02:03Z~x",
    "find?q=砂场", "find?q=2026-0001", "find?q=李四 11月22日", "find?q=示例一村 登记表&before=9",
    "find/suggest?q=砂",
    "audit?chain=cun1", "audit?until=2026-12-31", "audit?before=2026-11-22T01:02:03Z|cun1|3",
    "series/clue/2026?page=1", "figures?span=days&since=2026-01-01&until=2026-12-31",
)  # fmt: skip
ASKED_BY_PROGRAMS = (
    "me", "forms", "forms/clue_registration", "records/{record_id}", "register",
    "register?text=砂场&person=李四", "register?unit=cun1&form=completion_report&state=filed",
    "register?since=2026-01-01&until=2026-12-31", "ledgers", "ledgers/clue_registration",
    "ledgers/clue_registration?month=2026-11&text=砂场", "deadlines", "changes", "drafts/{draft_id}",
)  # fmt: skip
MOST_ASKED = 80
UNREAD = {"static", "records.sheets", "records.paper", "drafts.preview", "records.preview", "received.paper"}
"""Pages whose work is a paper or a picture; what they read of the tables other pages read as well."""
SCREENS_OF_PRINTS = {
    "register.print_list",
    "ledgers.print_list",
    "ledgers.export",
    "printing.statistics_sheet",
}
"""Prints of what a page shows, up to a number of lines: they may take longer, and need wkhtmltopdf."""

OPEN_WORK = {
    "extension_waiting", "deadline_open", "deadline_open_due", "deadline_late", "deadline_soon",
    "draft_sealed", "record_under_way", "record_signing", "record_complete", "record_awaits",
    "record_sealed_taken",
}  # fmt: skip
"""Indexes that hold only what is not done yet: as long as the work that lies about, not as the books."""

ALLOWED: dict[str, str] = {
    "WHERE EXISTS (SELECT 1 FROM record WHERE form = slug)": "the first of each form",
    "FROM waits": "open work, and cut",
    "ORDER BY updated_at DESC LIMIT ?) AS his": "the newest of each author, cut; the whole is sorted then",
    "AND is_void = 0 AND": "of a unit, what cells have from other records; or by what no sheet counts",
    "seen_by = ? AND day BETWEEN": "counts by day: as many as days were asked for, whatever happened on them",
    "unit_id = ? AND state IN ('signing', 'returned', 'complete'": "open work of a unit",
    "WHERE id = case_id AND unit_id = ? AND NOT": "once, before a unit is merged: the cases it began",
    "sum(entry.amount)": "only while there are at most 10,000 lines",
    "FROM ledger_row WHERE ledger = ? AND day BETWEEN": "the lines of a month",
    "FROM sealed WHERE key_id <> ''": "rows of before that wait for their new keys: an index of them alone",
    "event = 'key_pair_pinned'": "the pairs of the people there are: an index of them alone",
    "FROM draft WHERE author_id = ?": "what one person has begun and not handed in: open work",
}
"""A piece of the SQL → why it may be read so."""

_NAMED = re.compile(r"(?:FROM|JOIN|,)\s+\[?(\w+)\]?(?:\s+AS)?\s+(\w+)", re.IGNORECASE)
_SEARCH = re.compile(r"SEARCH (\w+) USING .*?\((.*)\)")
Asked = dict[str, list[Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every query that is made from now on, each with the parameters of one time."""
    found: Asked = {}
    query = Store.query

    def noted(store: Store, sql: str, params: Any = ()) -> Any:
        found.setdefault(" ".join(sql.split()), list(params))
        return query(store, sql, params)

    monkeypatch.setattr(Store, "query", noted)
    monkeypatch.setattr(Store, "plan", query, raising=False)
    return found


def at_work(
    world: tuple[Path, dict[str, str]], place: Path, act: Callable[[Flask, dict[str, str]], None]
) -> None:
    folder, ids = world
    shutil.copytree(folder, place)
    with matrix.opened(place) as app:
        act(app, ids)


def read_everything(app: Flask, ids: dict[str, str]) -> None:
    """Fetch every page there is, as every kind of reader."""
    pages = [
        endpoint
        for method, endpoint, _letters in matrix.ROWS
        if method == "GET"
        and endpoint not in UNREAD | SCREENS_OF_PRINTS
        and not endpoint.endswith(("sheet", "proof"))
    ]
    for who in READERS:
        visitor = Visitor(app)
        visitor.sign_in(who, PASSWORD, follow=False)
        for endpoint in pages:
            if endpoint != "printing.desk":
                visitor.client.get(matrix.path_of(app, endpoint, ids)).close()
        for path in MORE:
            answer = visitor.client.get("/" + path)
            assert answer.status_code in (200, 403), path
            answer.close()


def faults(store: Store, sql: str, params: list[Any]) -> Iterator[str]:
    """How this query reads more and more as the tables grow."""
    plan = [row["detail"] for row in store.plan("EXPLAIN QUERY PLAN " + sql, params)]  # type: ignore[attr-defined]
    names = {alias: table for table, alias in _NAMED.findall(sql)}
    is_sorted = any("TEMP B-TREE FOR ORDER BY" in one for one in plan)
    is_step = sql.startswith(("SELECT min(", "SELECT max(")) and " JOIN " not in sql  # one step in an index
    is_cut = is_step or (" LIMIT " in sql and not is_sorted)
    for one in plan:
        if "AUTOMATIC" in one:
            yield one
        if any(re.search(rf"INDEX {name}\b", one) for name in OPEN_WORK):
            continue
        table = re.match(r"SCAN (\w+)", one)
        if table and names.get(table[1], table[1]) in GROWING and not ("USING" in one and is_cut):
            yield one
        search = _SEARCH.match(one)
        if search and names.get(search[1], search[1]) in GROWING and not is_cut:
            columns = set(re.findall(r"(\w+)[=<>]", search[2]))
            if columns <= WIDE:
                yield one


def refused(office: Office, asked: Asked) -> list[str]:
    """The queries that read more as the tables grow, each with the steps of its plan that do."""
    found = []
    for sql, params in list(asked.items()):
        if sql.upper().startswith(("SELECT", "WITH")) and not any(piece in sql for piece in ALLOWED):
            wrong = list(faults(office.store, sql, params))
            found += [f"{sql}: {wrong}"] if wrong else []
    return found


def test_no_page_reads_a_growing_table_from_end_to_end(
    world: tuple[Path, dict[str, str]], tmp_path: Path, asked: Asked
) -> None:
    def act(app: Flask, ids: dict[str, str]) -> None:
        asked.clear()
        read_everything(app, ids)
        assert len(asked) > 150, "the queries are seen"
        assert not (found := refused(app.extensions["andu"], asked)), "\n".join(found)

    at_work(world, tmp_path / "office", act)


@pytest.mark.parametrize("who", ["zhangsan", "zhaoliu"])
def test_nor_does_what_a_program_asks_for(
    who: str, world: tuple[Path, dict[str, str]], tmp_path: Path, asked: Asked
) -> None:
    def act(app: Flask, ids: dict[str, str]) -> None:
        office = app.extensions["andu"]
        (owner,) = (one for one in accounts.all(office.store) if one.username == who)
        proof = (PASSWORD, "10.0.0.1")
        made = programs.make(office.store, office.clock, owner, "取数", ("see", "fill"), (), 30, *proof)
        client, token = app.test_client(use_cookies=False), {"Authorization": f"Bearer {made[1]}"}
        asked.clear()
        for path in ASKED_BY_PROGRAMS:
            answer = client.get("/api/v1/" + path.format(**ids), headers=token)
            assert answer.status_code == 200 or "draft_id" in path, (path, answer.text)
        assert len(asked) > 20
        assert not (found := refused(office, asked)), "\n".join(found)

    at_work(world, tmp_path / "office", act)


def test_nor_does_a_round_of_the_timer(
    world: tuple[Path, dict[str, str]], tmp_path: Path, asked: Asked
) -> None:
    def act(app: Flask, _ids: dict[str, str]) -> None:
        office = app.extensions["andu"]
        timer.once(office)
        asked.clear()
        timer.once(office)
        assert len(asked) > 9
        assert not (found := refused(office, asked)), "\n".join(found)

    at_work(world, tmp_path / "office", act)


def test_such_a_reading_is_refused(office: Office, asked: Asked) -> None:
    for sql in (
        "SELECT * FROM record ORDER BY title LIMIT 9",
        "SELECT count(*) AS n FROM register AS line",
        "SELECT * FROM audit WHERE chain = 'cun1' ORDER BY at",
        "SELECT count(*) AS n FROM record WHERE form = 'x' AND state = 'filed'",
        "SELECT * FROM deadline WHERE due < 'x' OR label_of(record_id) = 'x'".replace("label_of", "lower"),
    ):
        assert refused(office, {sql: []}), sql
    for sql in (
        "SELECT * FROM record WHERE id = 'x'",
        "SELECT * FROM record ORDER BY updated_at, id LIMIT 9",
    ):
        assert not refused(office, {sql: []}), sql


def test_nor_does_an_act_look_for_what_it_changes(
    office: Office, people: People, submit: Submit, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Asked = {}
    execute = Store.execute

    def noted(store: Store, sql: str, params: Any = ()) -> Any:
        done.setdefault(" ".join(sql.split()), list(params))
        return execute(store, sql, params)

    monkeypatch.setattr(Store, "execute", noted)
    sign(people.lisi, submit(people.zhangsan, "completion_report"))
    assert any(sql.startswith("DELETE FROM record_share") for sql in done)
    for sql, params in done.items():
        plan = [row["detail"] for row in office.store.query("EXPLAIN QUERY PLAN " + sql, params)]
        scanned = {one.split()[1] for one in plan if one.startswith("SCAN ")}
        assert not scanned & GROWING, sql


@pytest.mark.parametrize(
    ("who", "page"),
    [("zhangsan", "/"), ("lisi", "/"), ("zhaoliu", "/"), ("wangwu", "/"), ("lisi", "/queue")],
)
def test_what_waits_is_read_for_all_lines_at_once(
    who: str,
    page: str,
    office: Office,
    signed_in: SignedIn,
    people: People,
    submit: Submit,
    sign: Sign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor, counted, query = signed_in(who), [0], Store.query

    def counting(store: Store, sql: str, params: Any = ()) -> Any:
        counted[0] += 1
        return query(store, sql, params)

    def more(many: int) -> int:
        for _n in range(many):
            sign(people.lisi, submit(people.zhangsan, "completion_report"))
            submit(people.zhangsan, "completion_report")
            submit(people.wangwu, "clue_registration")
            sign(people.zhaoliu, submit(people.wangwu, "supervision", handling_unit="cun1"))
            drafts.start(office, people.zhangsan, "clue_registration", {"f_summary": ["强买强卖"]})
        counted[0] = 0
        visitor.get(page)
        return counted[0]

    monkeypatch.setattr(Store, "query", counting)
    few = more(3)  # the ten latest are all there is room for
    assert more(4) <= few
    assert few <= MOST_ASKED
