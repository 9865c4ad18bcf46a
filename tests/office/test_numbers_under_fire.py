"""Numbers under fire: writers that are killed at any moment leave no gap, no duplicate, and no lost paper."""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from andu.clock import SystemClock, stamp
from andu.office import editions, founding
from andu.office.desk import reconcile
from andu.office.issue import issuing
from andu.office.office import Office
from andu.security import accounts
from andu.settings import Settings
from andu.store import Unwritable
from tests.conftest import nothing_wrong, stand_in_pdf
from tests.papers.making import docx_of
from tests.store.leases import pass_time
from tests.store.postgresql import Server

FORM = """\
title: 便笺
group: 测试
filled_by: [clerk]
series: clue
paper: internal
record_title: [matter]
sections:
  - title: 内容
    fields:
      - {key: matter, kind: text, label: 事由, required: true}
"""
WRITERS = 16
SERVER_TOO = 30
FORK = multiprocessing.get_context("fork")


def found_office(folder: Path, store: str = "") -> Settings:
    """An office whose only form is a slip without signatures; ``store``: the address of a server."""
    forms, templates = folder / "forms", folder / "papers"
    forms.mkdir()
    templates.mkdir()
    (forms / "slip.yaml").write_text(FORM, encoding="utf-8")
    # without a check code: drawing thousands of them is most of the time that writing them takes
    (templates / "slip.docx").write_bytes(docx_of("便笺　{{ number }}　{{ matter }}"))
    settings = Settings(
        instance=folder / "instance",
        forms=forms,
        templates=templates,
        ledgers=folder / "no ledgers",
        clock=SystemClock(),
        testing=True,
        store=store,
    )
    founding.prepare_folder(settings, example=True)
    return settings


def submit_slips(office: Office, count: int) -> list[str]:
    """Records that have everything but their number, as the last signature leaves them."""
    clerk = accounts.by_username(office.store, "zhangsan")
    assert clerk is not None
    edition, now = editions.current(office, "slip"), stamp(office.clock.now())
    ids = [f"record-{n:05d}" for n in range(count)]
    with office.store.write():
        for n, record_id in enumerate(ids):
            row = {
                "id": record_id, "form": "slip", "form_version": edition.id, "unit_id": clerk.unit_id,
                "author_id": clerk.id, "title": f"事由{n}", "state": "complete", "version": 1,
                "data": json.dumps({"matter": f"事由{n}"}), "code": "", "idempotency_key": record_id,
                "created_at": now, "updated_at": now,
            }  # fmt: skip
            office.store.insert("record", row)
            version = {"id": record_id, "record_id": record_id, "version": 1, "data": row["data"]}
            version |= {"data_hash": hashlib.sha256(row["data"].encode()).hexdigest()}
            office.store.insert("record_version", version | {"created_by": clerk.id, "created_at": now})
    return ids


def work(office: Office, record_ids: list[str]) -> None:
    """One writer: number and file each of its records that has no number yet."""
    waiting = {row["id"] for row in office.store.query("SELECT id FROM record WHERE state = 'complete'")}
    for record_id in record_ids:
        if record_id in waiting:
            with suppress(Unwritable):  # the server was killed: whoever recovers comes to it
                issuing.issue(office, record_id)


def killed_while_writing(
    office: Office, shares: list[list[str]], kills: int, server: Server | None = None
) -> int:
    """Run a writer for each share; kill -9 one at random, again and again, evenly over the whole run.

    ``server``: whose first process is killed as well, each ``SERVER_TOO`` kills.
    """
    total = sum(map(len, shares))
    gc.freeze()  # a writer shares this process's memory; its collector would copy what it never uses
    writers = [FORK.Process(target=work, args=(office, share)) for share in shares]
    for writer in writers:
        writer.start()
    done = 0
    while any(writer.is_alive() for writer in writers):
        time.sleep(0.005)
        numbered = office.store.count("register")
        alive = [n for n, writer in enumerate(writers) if writer.is_alive()]
        if alive and done < kills and numbered >= done * total * 0.95 / kills:
            n = random.choice(alive)  # noqa: S311 - nothing secret about who dies
            os.kill(writers[n].pid or 0, signal.SIGKILL)
            writers[n].join()
            writers[n] = FORK.Process(target=work, args=(office, shares[n]))
            writers[n].start()
            done += 1
            if server and done % SERVER_TOO == 0:
                os.kill(server.postmaster(), signal.SIGKILL)
                server.start_again()
    gc.unfreeze()
    assert all(writer.exitcode == 0 for writer in writers)
    return done


def under_fire(folder: Path, each: int, kills: int, server: Server | None = None) -> None:
    settings = found_office(folder, server.address if server else "")
    office = Office.open(settings, stand_in_pdf, nothing_wrong)
    founding.load_people(office)
    ids = submit_slips(office, WRITERS * each)
    work(office, ids[:1])  # compiles the template, which each writer would otherwise do anew
    shares = [ids[n::WRITERS] for n in range(WRITERS)]
    assert killed_while_writing(office, shares, kills, server) == kills

    for record_id in ids:
        issuing.issue(office, record_id)  # what a killed server refused
    unfiled = office.store.count("work")
    for record_id in ids:
        issuing.issue(office, record_id)  # what is done already stays done
    assert office.store.count("work") == unfiled
    pass_time(office.store)
    assert issuing.recover(office) == unfiled
    rows = office.store.rows_where("register", order_by="seq")
    assert [row["seq"] for row in rows] == list(range(1, WRITERS * each + 1))
    assert len({row["record_id"] for row in rows}) == WRITERS * each
    assert {row["state"] for row in rows} == {"filed"}
    assert reconcile.check(office) == []


@pytest.mark.xdist_group("fire")
def test_sixteen_writers_and_five_hundred_kills_leave_no_gap_no_duplicate_and_every_file(
    tmp_path: Path,
) -> None:
    under_fire(tmp_path, each=160, kills=500)


@pytest.mark.sqlite  # with a server of its own
@pytest.mark.xdist_group("fire")
def test_the_same_on_a_server_that_is_killed_too(tmp_path: Path) -> None:
    server = Server("fsync=off", "max_connections=200")
    server.start()
    try:
        under_fire(tmp_path, each=20, kills=90, server=server)
    finally:
        server.stop()


@pytest.mark.soak
def test_the_same_for_a_long_time(tmp_path: Path) -> None:
    under_fire(tmp_path, each=5000, kills=5000)
