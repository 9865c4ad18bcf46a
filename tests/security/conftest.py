"""A small office of invented people, quick hashes, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.security import accounts, passwords
from andu.security.accounts import Account
from andu.security.units import Unit
from andu.store import Store

PASSWORD = "示例密码2026年!"

Make = Callable[..., Account]


@pytest.fixture(autouse=True)
def quick_hashes() -> Iterator[None]:
    before = passwords._hasher
    passwords.choose(passwords.QUICK)
    yield
    passwords.choose(before)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "andu.db")
    store.migrate()
    # Not through ``create``: these tests count the audit log from its first event.
    with store.write():
        store.insert("unit", Unit("cun1", "示例一村", "示例镇示例一村", position=1).__dict__)
        store.insert("unit", Unit("shb", "镇扫黑办", "镇扫黑办", position=2).__dict__)
    yield store
    store.close()


@pytest.fixture
def make(store: Store, clock: FixedClock) -> Make:
    """Makes an account: ``make("zhangsan", roles=["head"])``."""

    def make(username: str = "zhangsan", **said: Any) -> Account:
        said = {"name": "张三", "unit_id": "cun1", "roles": ["clerk"], "password": PASSWORD, **said}
        return accounts.create(store, clock, None, username=username, **said)

    return make
