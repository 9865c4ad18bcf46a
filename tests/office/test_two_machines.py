"""Two machines at one database: the journal of numbers and the heads lie where both see them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from andu import cli
from andu.office import deployment
from andu.office.backup import moving
from andu.office.desk import reconcile, soundness
from andu.office.issue import drawn_alike, issuing, numbering
from andu.office.office import Office, journal_of
from andu.office.writing import drafts, submitting
from andu.security import audit
from andu.settings import Settings, SettingsFault
from tests.conftest import People, nothing_wrong, stand_in_pdf
from tests.office.conftest import raw_sample
from tests.store.postgresql import scratch

pytestmark = pytest.mark.sqlite  # the way begins at a file
FORM, KEY = "meeting_signin", "meeting"
"""A form that nobody signs: it has its number as soon as it is handed in."""


@pytest.fixture
def server() -> Iterator[str]:
    with scratch("fsync=off") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            for name in ("office", "journal"):
                connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield address


def machine(office: Office, server: str, name: str, journal: bool) -> Office:
    """An office that works at the database from a folder of its own."""
    folder = office.settings.instance.with_name(name)
    shutil.copytree(office.settings.instance, folder, ignore=shutil.ignore_patterns("andu.db*", "files"))
    settings = replace(office.settings, instance=folder, store=server.replace("/postgres?", "/office?"))
    if journal:
        settings = replace(settings, journal_store=server.replace("/postgres?", "/journal?"))
    return Office.open(settings, stand_in_pdf, nothing_wrong)


def number(at: Office, people: People) -> str:
    """A number taken at a machine, and its paper filed there."""
    raw = raw_sample(at, people.wangwu, FORM)
    draft = drafts.start(at, people.wangwu, FORM, raw)
    record = submitting.submit(at, people.wangwu, draft.id, raw, draft.revision)
    (row,) = at.store.rows_where("register", "record_id = ?", [record.id])
    return str(row["number"])


@pytest.fixture
def two(office: Office, server: str, request: pytest.FixtureRequest) -> Iterator[tuple[Office, Office]]:
    """Two machines; with the parameter False each keeps a journal of its own."""
    audit.publish_heads(office.store, office.clock, office.heads)
    moving.move(office, server.replace("/postgres?", "/office?"), "psycopg")
    journal = getattr(request, "param", True)
    both = machine(office, server, "a", journal), machine(office, server, "b", journal)
    yield both
    for one in both:
        one.store.close()


def test_numbers_taken_in_turns_have_one_journal_and_one_end(
    two: tuple[Office, Office], people: People
) -> None:
    numbers = [number(two[n % 2], people) for n in range(4)]
    assert [one[-4:] for one in numbers] == ["0001", "0002", "0003", "0004"]
    for one in two:
        audit.publish_heads(one.store, one.clock, one.heads, at_least_apart=0)
        assert reconcile.check(one) == [] == soundness.missing(one)
        assert audit.verify(one.store, one.heads) == []
    journal = two[0].journal.lines(f"{KEY}-2026.log")
    assert journal.whole().decode().split() == [f"{n:08d}" for n in range(1, 5)]
    assert not list((two[0].settings.instance / "numbers").glob("*"))

    assert "链头在另一个数据库里" in "".join(one.text for one in deployment.lights(two[0]))

    # an older database: neither machine gives a number
    with two[1].store.write():
        two[1].store.update("series", f"{KEY}:2026", {"counter": 3})
    assert all("恢复过旧备份" in str(numbering.why_locked(one, KEY)) for one in two)


def test_a_machine_that_draws_otherwise_draws_nothing_until_it_is_the_reference(
    two: tuple[Office, Office], people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number(two[0], people)
    faces = tmp_path / "faces"
    faces.mkdir()
    (faces / "FandolSong-Regular.otf").write_bytes(b"another edition")
    other = replace(two[1], settings=replace(two[1].settings, fonts=faces))
    number(other, people)
    assert [row["state"] for row in other.store.rows_where("register", order_by="seq")] == [
        "filed",
        "numbered",
    ]
    assert "这台机器的字体与本单位约定的不同" in "".join(one.text for one in deployment.lights(other))
    monkeypatch.setattr(Settings, "from_environment", lambda: other.settings)
    done = CliRunner().invoke(cli.main, ["worker", "--once"])
    assert done.exit_code == 1 and "字体" in done.stderr
    assert [issuing.recover(one) for one in (other, two[0])] == [0, 1]
    done = CliRunner().invoke(cli.main, ["worker", "--once", "--reference"])
    assert done.exit_code == 0 and "归档 0 份" in done.output
    assert drawn_alike.why_not(two[0]) and not drawn_alike.why_not(other)


@pytest.mark.parametrize("two", [False], indirect=True)
def test_machines_with_a_journal_each_are_stopped(two: tuple[Office, Office], people: People) -> None:
    number(two[0], people)
    assert "只到 0 号" in str(numbering.why_locked(two[1], KEY))
    said = "".join(one.text for one in deployment.lights(two[1]))
    assert "文书在 PostgreSQL" in said and "流水只在这台机器上" in said and "磁盘是否加密" not in said


def test_the_journal_is_not_the_database_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDU_STORE", "postgresql:///andu")
    monkeypatch.setenv("ANDU_JOURNAL", "postgresql:///andu")
    with pytest.raises(SettingsFault, match="同一个数据库"):
        Settings.from_environment()
    monkeypatch.setenv("ANDU_JOURNAL", "postgresql:///other")
    assert journal_of(replace(Settings.from_environment(), journal_store="")).lines("x").name == "x"
