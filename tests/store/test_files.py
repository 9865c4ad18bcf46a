"""Filed bytes are whole, under their hash, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from andu.store import Altered, Files, Kept, Missing, Store, StoredFiles


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def test_what_was_put_comes_back_and_putting_twice_keeps_one_file(files: Files) -> None:
    sha = files.put("墨迹".encode())
    assert files.put("墨迹".encode()) == sha
    assert files.get(sha) == "墨迹".encode()
    assert len([path for path in files.folder.rglob("*") if path.is_file()]) == 1


def test_altered_bytes_are_refused_and_a_new_put_mends_them(files: Files) -> None:
    sha = files.put(b"true")
    files.path(sha).write_bytes(b"false")
    assert files.check(sha) == "altered"
    with pytest.raises(Altered):
        files.get(sha)
    files.put(b"true")
    assert files.check(sha) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\0"])
def test_only_a_hash_is_a_file_name(files: Files, name: str) -> None:
    with pytest.raises(Missing):
        files.get(name)


def test_a_torn_write_leaves_no_file_and_is_swept_later(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = files.put(b"first")
    files.path(sha).unlink()

    def crash(*_args: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(OSError, match="disk full"):
        files.put(b"first")
    assert files.check(sha) == "missing"
    left = files.folder / "unfinished" / "left"  # put() writes there: see the folder it leaves
    assert left.parent.is_dir()
    left.write_bytes(b"half")
    assert files.sweep(older_than=2**40) == 1


# --- in the database itself ------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[Store, Kept]]:
    store = Store(tmp_path / "andu.db")
    store.migrate()
    yield store, StoredFiles(store)
    store.close()


def test_a_store_keeps_files_as_a_folder_does(stored: tuple[Store, Kept]) -> None:
    store, files = stored
    sha = files.put(bytes(range(256)))
    assert files.put(bytes(range(256))) == sha and files.all() == [sha]
    assert files.get(sha) == bytes(range(256)) and files.gone() is None
    with store.write():
        store.execute("UPDATE stored_file SET data = ?", [b"false"])
    assert files.check(sha) == "altered" and files.read(sha) == b"false"
    with pytest.raises(Altered):
        files.get(sha)
    files.put(bytes(range(256)))
    assert files.check(sha) is None
    for name in ("", "a" * 64, "../x"):
        with pytest.raises(Missing):
            files.get(name)


def test_a_file_put_in_a_write_that_is_undone_is_not_kept_and_one_put_beside_it_is(
    stored: tuple[Store, Kept],
) -> None:
    store, files = stored
    beside = files.put(b"beside")
    with pytest.raises(ZeroDivisionError), store.write():
        files.put(b"within")
        raise ZeroDivisionError
    assert files.all() == [beside]
