"""Two machines at one database: one loses its power, one its network, the database dies; nothing is lost.

Only under ``script/test --soak``. Each machine is a network namespace with a service of two workers and a
``script/andu worker``; the clocks and the disk are one computer's all the same.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from andu.office.backup import moving
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.security import audit, throttle
from andu.settings import Settings
from tests.conftest import PASSWORD
from tests.serving.machines import DATABASE, PEOPLE, Machine, refuse_without_namespaces
from tests.serving.test_on_postgresql import wire
from tests.store.postgresql import Server
from tests.views.page import Visitor
from tests.views.walking import Walk

pytestmark = [pytest.mark.sqlite, pytest.mark.soak]
FORM, KEY = "meeting_signin", "meeting"
NOTICED = 45
"""Seconds in which the server has to let go of a machine that says nothing any more."""


def visitor_at(machine: Machine, statuses: list[int] | None = None) -> Visitor:
    """A browser at the service of a machine; notes the status of each answer."""
    app = wire(8000, machine.inside(PEOPLE))
    ask = app.wsgi_app

    def asked(environ: object, start: object) -> object:
        def noted(status: str, *more: object) -> object:
            if statuses is not None:
                statuses.append(int(status[:3]))
            return start(status, *more)  # type: ignore[operator]

        return ask(environ, noted)  # type: ignore[arg-type]

    app.wsgi_app = asked  # type: ignore[method-assign,assignment]
    return Visitor(app)


class Clerk(threading.Thread):
    """Somebody at one machine who hands in one sheet after another, and tries again when told to."""

    def __init__(self, office: Office, machine: Machine, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._office, self._machine, self._over = office, machine, over
        self.handed_in: list[str] = []
        self.statuses: list[int] = []

    def run(self) -> None:
        walk: Walk | None = None
        while not self._over.is_set():
            try:
                walk = walk or Walk(self._office, self._signed_in)
                self.handed_in.append(walk.fill("wangwu", FORM))
            except (AssertionError, AttributeError, OSError, IndexError):  # refused in words, or nobody there
                walk = None
                time.sleep(0.5)
        self._office.store.close()

    def _signed_in(self, username: str) -> Visitor:
        visitor = visitor_at(self._machine, self.statuses)
        visitor.sign_in(username, PASSWORD)
        assert visitor.path == "/"
        return visitor


@pytest.fixture
def machines() -> Iterator[list[Machine]]:
    """Two of them; none outlives the test."""
    refuse_without_namespaces()
    made: list[Machine] = []
    try:
        for n in range(2):
            made.append(Machine(n))
        yield made
    finally:
        for one in made:
            one.remove()


@pytest.fixture
def server(machines: list[Machine]) -> Iterator[Server]:
    listens = ",".join(one.outside(DATABASE) for one in machines)
    server = Server("fsync=off", "max_connections=200", f"listen_addresses={listens}", let_in="198.18.0.0/15")
    server.start()
    with psycopg.connect(server.address, autocommit=True) as connection:
        for name in ("office", "journal"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield server
    server.stop()


def at(host: object, name: str) -> str:
    return f"postgresql://andu@/{name}?host={host}"


@pytest.fixture
def office(founded: Path, tmp_path: Path, server: Server, machines: list[Machine]) -> Iterator[Office]:
    """The office at the database, looked at from outside, and served by both machines."""
    first = tmp_path / "first"
    shutil.copytree(founded, first)
    office = Office.open_anyway(Settings(instance=first))
    audit.publish_heads(office.store, office.clock, office.heads)
    moving.move(office, at(server.folder, "office"), "psycopg")
    office.store.close()
    (first / "andu.db").unlink()
    settings = replace(
        office.settings, store=at(server.folder, "office"), journal_store=at(server.folder, "journal")
    )
    office = Office.open_anyway(settings)
    audit.publish_heads(office.store, office.clock, office.heads, at_least_apart=0)
    for machine in machines:
        folder, host = tmp_path / machine.name, machine.outside(DATABASE)
        shutil.copytree(first, folder, ignore=shutil.ignore_patterns("files", "andu.*"))
        machine.start(
            replace(settings, instance=folder, store=at(host, "office"), journal_store=at(host, "journal"))
        )
    yield office
    office.store.close()


def connections(server: Server, machine: Machine) -> int:
    """How many the server believes to have from there."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s"
    with psycopg.connect(server.address) as connection:
        row = connection.execute(asked, [machine.inside(DATABASE)]).fetchone()
    return int(row[0]) if row else 0


def test_a_session_and_wrong_passwords_are_known_to_both(office: Office, machines: list[Machine]) -> None:
    visitor, there = visitor_at(machines[0]), visitor_at(machines[1])
    visitor.sign_in("wangwu", PASSWORD)
    visitor.client.application = there.client.application  # the balancer sends them elsewhere
    assert visitor.get("/", follow=False).status_code == 200
    for n in range(throttle.ADDRESS_FAILS):
        other = visitor_at(machines[n % 2])
        other.sign_in("lisi", "wrong-password")
        if n == throttle.ACCOUNT_FAILS - 2:
            other.sign_in("lisi", PASSWORD)
            assert other.path == "/", "one more may be wrong"
            break
    for n in range(throttle.ACCOUNT_FAILS):
        visitor_at(machines[n % 2]).sign_in("lisi", "wrong-password")
    for machine in machines:
        other = visitor_at(machine)
        other.sign_in("lisi", PASSWORD)
        assert other.path != "/", "locked wherever they come in"
    visitor.post("/sign-out")
    visitor.client.application = visitor_at(machines[0]).client.application
    assert visitor.get("/", follow=False).status_code == 302, "signed out at one is signed out at the other"


def until(is_so: Callable[[], bool], seconds: float) -> None:
    """Wait for what has to come."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.5)


def test_a_machine_a_network_and_the_database_die_and_nothing_is_lost(
    office: Office, server: Server, machines: list[Machine]
) -> None:
    over = threading.Event()
    clerks = [Clerk(office, machine, over) for machine in machines for _each in range(2)]
    for clerk in clerks:
        clerk.start()

    def handed_in(some: list[Clerk]) -> int:
        return sum(len(one.handed_in) for one in some)

    until(lambda: handed_in(clerks[:2]) > 1, 120)
    seen, cut_at = connections(server, machines[0]), time.monotonic()
    machines[0].power_off()  # in mid-filing
    until(lambda: not connections(server, machines[0]), NOTICED)
    let_go, meanwhile = time.monotonic() - cut_at, handed_in(clerks[2:])
    until(lambda: handed_in(clerks[2:]) > meanwhile, 120)  # the other goes on
    for way in (PEOPLE, DATABASE):
        machines[0].mend(way)
    assert machines[0].service
    machines[0].start(machines[0].service.settings)
    machines[1].cut(DATABASE)  # whoever works there is told so
    until(lambda: any(503 in one.statuses for one in clerks[2:]), 180)
    machines[1].mend(DATABASE)
    time.sleep(5)
    os.kill(server.postmaster(), signal.SIGKILL)
    time.sleep(2)
    server.start_again()
    time.sleep(15)
    over.set()
    for clerk in clerks:
        clerk.join(180)
        assert not clerk.is_alive()
    # what the first was at is taken over when its lease has passed
    until(lambda: not office.store.count("work", "kind = 'paper'"), 300)
    for machine in machines:
        machine.kill()

    statuses = [status for clerk in clerks for status in clerk.statuses]
    acknowledged = [record for clerk in clerks for record in clerk.handed_in]
    rows = office.store.rows_where("register", "series = ?", [KEY], order_by="seq")
    print(f"\n{len(rows)} numbers, {len(acknowledged)} acknowledged, {len(statuses)} answers, "
          f"{sum(one == 503 for one in statuses)} of them 503; {seen} connections of a machine without power"
          f" let go after {let_go:.0f} s")  # fmt: skip
    logs = "".join(machine.log() for machine in machines)
    assert 500 not in statuses, logs[-5000:]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1)) and len(rows) >= 10
    assert set(acknowledged) <= {row["record_id"] for row in rows}
    assert {row["state"] for row in rows} == {"filed"}
    assert all(clerk.handed_in for clerk in clerks)
    assert reconcile.check(office) == []
    assert audit.verify(office.store, office.heads) == []
