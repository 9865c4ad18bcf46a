"""What the store on a server promises beside what both engines do: it outlives kills of either side."""

from __future__ import annotations

import json
import multiprocessing
import multiprocessing.connection
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from andu.store import Store, Unwritable
from andu.store.postgresql import Postgresql
from tests.store.postgresql import Server

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server("fsync=off")
    server.start()
    yield server
    server.stop()


def opened(server: Server) -> Store:
    return Store(Path("no file"), server.address)


def write(server: Server, name: str, told: Any) -> None:
    """Take numbers from one counter for ever; tell each that was committed."""
    store = opened(server)
    while True:
        with suppress(Unwritable):  # the server was killed: whoever was refused tries again
            with store.write():
                n = int(store.query("SELECT value FROM mark WHERE id = 'counter'")[0]["value"]) + 1
                store.update("mark", "counter", {"value": str(n)})
                store.insert("mark", {"id": f"number {n}", "value": name})
            told.send(n)


def test_kills_of_writers_and_of_the_server_leave_no_gap_and_lose_nothing_acknowledged(
    server: Server,
) -> None:
    store = opened(server)
    store.migrate()
    with store.write():
        store.insert("mark", {"id": "counter", "value": "0"})
    store.close()
    heard, acknowledged, writers = [], set(), []

    def begin(name: str) -> Any:
        ours, theirs = FORK.Pipe(duplex=False)
        writer = FORK.Process(target=write, args=(server, name, theirs), daemon=True)
        writer.start()
        heard.append(ours)
        return writer

    def listen(seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for pipe in multiprocessing.connection.wait(heard, 0.05):
                with suppress(EOFError):
                    acknowledged.add(pipe.recv())  # type: ignore[union-attr]

    writers = [begin(f"writer {n}") for n in range(3)]
    for kill in range(6):
        listen(0.5)
        if kill in (2, 4):
            os.kill(server.postmaster(), signal.SIGKILL)
            server.start_again()
        else:
            n = random.randrange(3)
            writers[n].kill()
            writers[n].join()
            writers[n] = begin(f"writer {n} after {kill}")
    listen(1)
    assert all(writer.is_alive() for writer in writers), "none was refused a number that it had counted"
    for writer in writers:
        writer.kill()
        writer.join()
    listen(0.2)
    rows = store.query("SELECT id FROM mark WHERE id <> 'counter'")
    numbers = sorted(int(row["id"].split()[1]) for row in rows)
    assert numbers == list(range(1, len(numbers) + 1))
    assert store.get("mark", "counter") == {"id": "counter", "value": str(len(numbers))}
    assert acknowledged <= set(numbers) and len(acknowledged) > 20
    store.close()


def test_a_server_that_was_restarted_is_asked_again_and_a_write_that_was_open_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(server)
    store.migrate()
    server._run("pg_ctl", "-w", "-m", "fast", "stop")
    server.start()
    assert store.count("unit") == 0
    with pytest.raises(Unwritable, match="数据库服务器"), store.write():
        store.insert("mark", {"id": "a", "value": "1"})
        server._run("pg_ctl", "-w", "-m", "immediate", "stop")
        server.start()
        store.insert("mark", {"id": "b", "value": "1"})
    assert store.count("mark") == 0
    monkeypatch.setattr("andu.store.postgresql.PATIENCE", 0.1)
    server._run("pg_ctl", "-w", "-m", "fast", "stop")
    with pytest.raises(Unwritable, match="数据库服务器"):
        store.query("SELECT 1 AS one")
    server.start()
    assert store.query("SELECT 1 AS one") == [{"one": 1}]
    store.close()


def test_forked_workers_each_ask_on_a_connection_of_their_own(server: Server) -> None:
    """What a connection made before the fork would let hang: two workers, twenty questions each."""
    store = opened(server)
    store.migrate()
    answers = FORK.Queue()

    def work() -> None:
        for n in range(20):
            answers.put(store.query("SELECT ? AS n", [json.dumps(n)])[0]["n"])

    workers = [FORK.Process(target=work, daemon=True) for _one in range(2)]
    for worker in workers:
        worker.start()
    assert sorted(int(answers.get(timeout=30)) for _one in range(40)) == sorted([*range(20)] * 2)
    for worker in workers:
        worker.join(30)
        assert worker.exitcode == 0
    assert store.query("SELECT 1 AS one") == [{"one": 1}]
    store.close()


def test_what_is_given_back_is_what_the_file_gives_back(server: Server) -> None:
    connection = Postgresql(server.address)
    row = connection.select(
        "SELECT 1 = 1 AS yes, sum(n) AS n, CAST('x' AS bytea) AS data, sum(n) / 2 AS half"
        " FROM (SELECT CAST(2 AS bigint) AS n UNION ALL SELECT 3) AS a WHERE ? = 1 AND '%' <> ?",
        [True, "100%_?"],
    )[0]
    assert row == {"yes": 1, "n": 5, "data": b"x", "half": 2.5}
    assert connection.select("SELECT 1 AS one WHERE 1 IN ()") == []
    assert type(row["yes"]) is int
    connection.leave()
