"""Two machines at one database, a service each: one dies, one loses the network, the database dies.

Only under ``script/test --soak``. The network of a machine is a forwarder of the test's own that can be cut.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from andu.office.backup import moving
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.security import audit
from andu.settings import Settings
from tests.conftest import PASSWORD
from tests.service import Service, served
from tests.serving.test_on_postgresql import wire
from tests.store.postgresql import Server
from tests.views.page import Visitor
from tests.views.walking import Walk

pytestmark = [pytest.mark.sqlite, pytest.mark.soak]
FORM, KEY = "meeting_signin", "meeting"
SOCKET = ".s.PGSQL.5432"


class Network:
    """The way from one machine to the database: a folder with a socket that leads there, until it is cut."""

    def __init__(self, folder: Path, server: Path) -> None:
        folder.mkdir()
        self.folder, self._server = folder, server / SOCKET
        self._open: list[socket.socket] = []
        self.mend()

    def mend(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / SOCKET))
        self._listener.listen(100)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        (self.folder / SOCKET).unlink()
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # cut
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX)
                try:
                    far.connect(str(self._server))
                except OSError:  # the server is away
                    near.close()
                    far.close()
                    continue
                self._open += [near, far]
                for a, b in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(a, b), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


class Clerk(threading.Thread):
    """Somebody at one machine who hands in one sheet after another, and tries again when told to."""

    def __init__(self, office: Office, service: Service, over: threading.Event) -> None:
        super().__init__()
        self._office, self._service, self._over = office, service, over
        self.handed_in: list[str] = []
        self.statuses: list[int] = []

    def run(self) -> None:
        walk: Walk | None = None
        while not self._over.is_set():
            try:
                walk = walk or Walk(self._office, self._signed_in)
                self.handed_in.append(walk.fill("wangwu", FORM))
            except (AssertionError, OSError, IndexError):  # refused in words, or nobody there
                walk = None
                time.sleep(0.5)
        self._office.store.close()

    def _signed_in(self, username: str) -> Visitor:
        app = wire(self._service.port)
        ask = app.wsgi_app

        def asked(environ: object, start: object) -> object:
            def noted(status: str, *more: object) -> object:
                self.statuses.append(int(status[:3]))
                return start(status, *more)  # type: ignore[operator]

            return ask(environ, noted)  # type: ignore[arg-type]

        app.wsgi_app = asked  # type: ignore[method-assign,assignment]
        visitor = Visitor(app)
        visitor.sign_in(username, PASSWORD)
        assert visitor.path == "/"
        return visitor


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server("fsync=off", "max_connections=200")
    server.start()
    with psycopg.connect(server.address, autocommit=True) as connection:
        for name in ("office", "journal"):
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield server
    server.stop()


@pytest.fixture
def services() -> Iterator[list[Service]]:
    """Those that a test started; none of them outlives it."""
    started: list[Service] = []
    yield started
    for service in started:
        service.stop()


def at(folder: Path, name: str) -> str:
    return f"postgresql://andu@/{name}?host={folder}"


def test_a_machine_a_network_and_the_database_die_and_nothing_is_lost(
    founded: Path, tmp_path: Path, server: Server, services: list[Service]
) -> None:
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
    networks = []
    for name in ("a", "b"):
        network = Network(tmp_path / f"net-{name}", server.folder)
        shutil.copytree(first, tmp_path / name, ignore=shutil.ignore_patterns("files", "andu.*"))
        there = replace(
            settings, instance=tmp_path / name,
            store=at(network.folder, "office"), journal_store=at(network.folder, "journal"),
        )  # fmt: skip
        networks.append(network)
        services.append(served(there))
    over = threading.Event()
    clerks = [Clerk(office, service, over) for service in services for _each in range(2)]
    for clerk in clerks:
        clerk.start()

    time.sleep(8)
    services[0].stop()  # the power of the first goes, in mid-filing
    time.sleep(8)
    services[0].start()
    networks[1].cut()  # the second no longer reaches the database
    time.sleep(8)
    networks[1].mend()
    time.sleep(5)
    os.kill(server.postmaster(), signal.SIGKILL)
    time.sleep(2)
    server.start_again()
    time.sleep(15)
    over.set()
    for clerk in clerks:
        clerk.join(120)
        assert not clerk.is_alive()
    for _try in range(900):  # what the first was at is taken over when its lease has passed
        if not office.store.count("work", "kind = 'paper'"):
            break
        time.sleep(0.2)
    for service in services:
        service.stop()

    statuses = [status for clerk in clerks for status in clerk.statuses]
    acknowledged = [record for clerk in clerks for record in clerk.handed_in]
    rows = office.store.rows_where("register", "series = ?", [KEY], order_by="seq")
    print(f"\n{len(rows)} numbers, {len(acknowledged)} acknowledged, {len(statuses)} answers, "
          f"{sum(one == 503 for one in statuses)} of them 503")  # fmt: skip
    logs = "".join(service.log() for service in services)
    assert 500 not in statuses, logs[-5000:]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1)) and len(rows) >= 10
    assert set(acknowledged) <= {row["record_id"] for row in rows}
    assert {row["state"] for row in rows} == {"filed"}
    assert all(clerk.handed_in for clerk in clerks)
    assert reconcile.check(office) == []
    assert audit.verify(office.store, office.heads) == []
    office.store.close()
