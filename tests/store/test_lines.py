"""Lines are only added, and read alike from a file and from a server that several machines share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from andu.store.lines import FolderJournal, Journal, StoredJournal
from tests.store.postgresql import scratch


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with scratch("fsync=off") as address:
        yield address


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    if request.param == "folder":
        yield FolderJournal(tmp_path / "lines")
    else:
        place = StoredJournal(request.getfixturevalue("server"), "psycopg")
        yield place
        place.close()


def test_lines_come_back_in_their_order_each_under_its_name(place: Journal) -> None:
    numbers, heads = place.lines("clue-2026.log"), place.lines("heads")
    assert place.names() == [] and numbers.is_empty() and numbers.whole() == b"" and numbers.last(1, 8) == []
    for n in range(1, 6):
        numbers.append(f"{n:08d}".encode())
    heads.append('{"at": "…"}'.encode())
    assert place.names() == ["clue-2026.log", "heads"]
    assert numbers.last(2, 8) == [b"00000004", b"00000005"]
    assert numbers.whole() == b"00000001\n00000002\n00000003\n00000004\n00000005\n"
    assert not heads.is_empty() and heads.last(1, 1000) == [heads.whole().strip()]
    assert place.lines("clue-2026.log").last(1, 8) == [b"00000005"]


def test_a_line_that_was_torn_is_left_and_the_next_stands_alone(tmp_path: Path) -> None:
    lines = FolderJournal(tmp_path).lines("clue-2026.log")
    lines.append(b"00000001")
    with (tmp_path / "clue-2026.log").open("ab") as file:
        file.write(b"0000")
    lines.append(b"00000003")
    assert lines.last(3, 8) == [b"00000001", b"0000", b"00000003"]
