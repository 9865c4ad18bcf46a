"""``python -m bench.numbers``: numbers a second on SQLite and on PostgreSQL, each kept for good.

Ours is what a number takes in an office, from the counter to the audit event and the line in the journal, one
commit each (``numbering.allot``); the paper is left out. The yardstick is the least that could be done on the
same engine, with the same promise to survive a power cut: one row, ``UPDATE … SET n = n + 1``, by the driver
alone, one commit each. Both in turns within one run; once with one at work, once with four at the same time.
PostgreSQL is a scratch server of Debian's, as it is installed: fsync is on.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg

from andu.office import founding
from andu.office.issue import numbering
from andu.office.office import Office
from andu.security import passwords
from andu.settings import Settings
from andu.store.sqlite import sqlite3
from bench.matters import blank_pdf, nothing_wrong
from tests.store.postgresql import scratch

PAIRS, SECONDS, MANY = 5, 2.0, 4
SERIES, UNIT = "completion", "cun1"
Work = Callable[[], None]


def a_second(begin: Callable[[], Work], at_once: int) -> float:
    """How many a second, by so many threads, each with a work of its own."""

    def go_on(_who: int) -> int:
        work, done, until = begin(), 0, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            work()
            done += 1
        return done

    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        done = sum(pool.map(go_on, range(at_once)))
    return done / (time.perf_counter() - started)


def of_the_office(office: Office) -> Work:
    """One number, as ``issuing`` takes it."""

    def work() -> None:
        with office.store.write():
            year, n, number = numbering.allot(office, SERIES, office.clock.now())
            office.note(UNIT, None, "number_allotted", record="r", register="r", number=number)
        numbering.journal(office, SERIES, year, n)

    return work


def of_sqlite(path: Path) -> Work:
    """One commit of a counter in a file of its own."""
    bare = sqlite3.connect(path, timeout=30, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE IF NOT EXISTS counter (n integer)")
    bare.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)")
    return lambda: bare.execute("UPDATE counter SET n = n + 1") and None


def of_postgresql(address: str) -> Work:
    """The same in a database of its own."""
    bare = psycopg.connect(address, autocommit=True)
    return lambda: bare.execute("UPDATE counter SET n = n + 1") and None


def office_in(folder: Path, address: str) -> Office:
    """The sample office, its store in a file or at an address."""
    settings = Settings(instance=folder, store=address)
    founding.prepare_folder(settings, example=True)
    office = Office.open(settings, blank_pdf, nothing_wrong)
    founding.load_people(office)
    return office


def measured(name: str, office: Office, bare: Callable[[], Work]) -> None:
    """Print both, and their ratio."""
    for at_once in (1, MANY):
        pairs = [
            (a_second(bare, at_once), a_second(lambda: of_the_office(office), at_once)) for _n in range(PAIRS)
        ]
        theirs, ours = (statistics.median(one) for one in zip(*pairs, strict=True))
        ratio = statistics.median(ours / theirs for theirs, ours in pairs)
        print(f"  {name:<11} {at_once} at work  {ours:6.0f}   bare {theirs:6.0f}   {ratio:.2f} of it")


def main() -> int:
    """Measure and print."""
    passwords.choose(passwords.QUICK)
    print(f"numbers a second, {PAIRS} pairs on {len(os.sched_getaffinity(0))} cores")
    with tempfile.TemporaryDirectory() as home, scratch() as server:
        folder = Path(home)
        office = office_in(folder / "file", "")
        measured("SQLite", office, lambda: of_sqlite(folder / "bare.db"))
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE andu TEMPLATE template0")
            connection.execute("CREATE TABLE counter AS SELECT 0 AS n")
        office = office_in(folder / "server", server.replace("/postgres?", "/andu?"))
        measured("PostgreSQL", office, lambda: of_postgresql(server))
        office.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
