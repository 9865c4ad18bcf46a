from __future__ import annotations

import pytest

from andu.clock import FixedClock
from andu.security import audit, units
from andu.security.accounts import Account
from andu.security.units import Unit, UnitRefused
from andu.store import Store

ADMIN = Account("wujiu", "wujiu", "吴九", "shb", "镇扫黑办", "", ("admin",), "active", must_change=False)


def test_units_come_in_the_order_they_were_made(store: Store, clock: FixedClock) -> None:
    units.create(store, clock, None, "aaa", "示例二村")
    assert [unit.id for unit in units.all(store)] == ["cun1", "shb", "aaa"]


def test_full_name_is_the_name_unless_given(store: Store, clock: FixedClock) -> None:
    assert units.get(store, "cun1") == Unit("cun1", "示例一村", "示例镇示例一村", "active", 1)
    assert units.get(store, "shb") == Unit("shb", "镇扫黑办", "镇扫黑办", "active", 2)
    assert units.get(store, "nowhere") is None


@pytest.mark.parametrize("code", ["", "村", "Cun1", "1cun", "cun 1", "cun:1", "a" * 33])
def test_unit_code_is_a_short_plain_word(store: Store, clock: FixedClock, code: str) -> None:
    with pytest.raises(UnitRefused, match="不可用"):
        units.create(store, clock, None, code, "示例三村")


def test_no_unit_takes_the_chain_of_what_belongs_to_no_unit(store: Store, clock: FixedClock) -> None:
    with pytest.raises(UnitRefused, match="不可用"):
        units.create(store, clock, None, "office", "办公室")


@pytest.mark.parametrize(("code", "name"), [("cun1", "另一个村"), ("cun9", " 示例一村 ")])
def test_code_and_name_are_taken_only_once(store: Store, clock: FixedClock, code: str, name: str) -> None:
    with pytest.raises(UnitRefused, match="已经有了"):
        units.create(store, clock, None, code, name)


def test_unit_needs_a_name(store: Store, clock: FixedClock) -> None:
    with pytest.raises(UnitRefused, match="请填写单位名称"):
        units.create(store, clock, None, "cun9", "　")


def test_a_new_unit_stands_in_the_audit_log(store: Store, clock: FixedClock) -> None:
    units.create(store, clock, ADMIN, "cun9", "示例九村")
    entry = audit.recent(store, "cun9", limit=1)[0]
    assert (entry.event, entry.actor_id, entry.data) == ("unit_created", ADMIN.id, {"unit": "cun9"})


def test_a_unit_is_of_its_category_since_the_day_it_got_it(store: Store, clock: FixedClock) -> None:
    assert (
        units.create(store, clock, None, "cun9", "示例九村", category=" 村 ").category_since == "2026-11-22"
    )
    clock.advance(3 * 24 * 3600)
    units.change(store, clock, ADMIN, "cun9", "示例九村", "示例镇示例九村", "村")
    assert units.get(store, "cun9") == Unit(
        "cun9", "示例九村", "示例镇示例九村", "active", 3, "村", "2026-11-22"
    )
    units.change(store, clock, ADMIN, "cun9", "示例九村", "示例镇示例九村", "社区")
    units.change(store, clock, ADMIN, "cun1", "示例一村", "", "")
    changed = units.get(store, "cun9")
    assert changed is not None and (changed.category, changed.category_since) == ("社区", "2026-11-25")
    entry = audit.recent(store, "cun9", limit=1)[0]
    assert (entry.event, entry.data) == (
        "unit_changed",
        {"unit": "cun9", "changes": ["category", "category_since"]},
    )


@pytest.mark.parametrize(("name", "said"), [("", "请填写单位名称"), (" 镇扫黑办", "已经有了")])
def test_a_unit_takes_no_name_that_is_taken_or_none(
    store: Store, clock: FixedClock, name: str, said: str
) -> None:
    with pytest.raises(UnitRefused, match=said):
        units.change(store, clock, ADMIN, "cun1", name, "", "")
