"""What can be made again is kept for a while, and never more than there is room for."""

from __future__ import annotations

import os
from pathlib import Path

from andu.store.cache import Cache


def test_what_was_kept_comes_back_and_what_was_not_does_not(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    assert cache.get("one.png") is None
    cache.put("one.png", b"picture")
    assert cache.get("one.png") == b"picture"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["one.png"]


def test_the_oldest_make_room_for_the_newest(tmp_path: Path) -> None:
    cache = Cache(tmp_path, most=10)
    for number in range(4):
        cache.put(str(number), b"12345")
        os.utime(tmp_path / str(number), (number, number))
    assert [cache.get(str(number)) for number in range(4)] == [None, None, b"12345", b"12345"]
