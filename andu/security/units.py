"""The units of the office (办公室、派出所、村 …). Owns table ``unit``; called by set-up, accounts and office.

A unit's id is a short word for ever: it names the unit in records, in sharing and in its audit chain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from andu.clock import Clock, office_day
from andu.security import audit
from andu.security.events import Events
from andu.security.permissions import require
from andu.store import Store

if TYPE_CHECKING:
    from andu.security.accounts import Account

_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")


class UnitRefused(ValueError):
    """The unit cannot be created like this; the Chinese message says why."""


@dataclass(frozen=True)
class Unit:
    """One unit. ``name`` is what lists show, ``full_name`` what papers print.

    ``category`` says what kind of unit it is, ``村`` for instance, and ``category_since`` (a day of the
    office, as text) since when: from then on it owes the returns of that category. ``merged_into`` is
    the unit that goes on with its work; what it did stays its own.
    """

    id: str
    name: str
    full_name: str
    state: str = "active"
    position: int = 0
    category: str = ""
    category_since: str = ""
    merged_into: str = ""


def create(
    store: Store,
    clock: Clock,
    by: Account | None,
    id: str,
    name: str,
    full_name: str = "",
    category: str = "",
) -> Unit:
    """Add a unit after the last one; ``by`` is None at the founding. ``UnitRefused``, ``NotAllowed``."""
    _require_admin(by)
    if not _ID.fullmatch(id) or id == audit.OFFICE:
        raise UnitRefused(_("单位代码“%(id)s”不可用：须以小写字母开头，只含小写字母、数字和下划线。", id=id))
    if not name.strip():
        raise UnitRefused(_("请填写单位名称。"))
    with store.write():
        if store.rows_where("unit", "id = ? OR name = ?", [id, name.strip()]):
            raise UnitRefused(_("单位“%(name)s”（%(id)s）已经有了。", name=name, id=id))
        place = store.count("unit") + 1
        names = (id, name.strip(), full_name.strip() or name.strip())
        unit = Unit(*names, "active", place, category.strip(), _since(clock, category.strip()))
        store.insert("unit", unit.__dict__)
        audit.append(store, clock, id, by.id if by else None, Events.unit_created, unit=id)
    return unit


def change(
    store: Store, clock: Clock, by: Account | None, unit_id: str, name: str, full_name: str, category: str
) -> None:
    """Change how a unit is called and what kind it is.

    Raises ``UnitRefused``, ``NotAllowed``, and ``KeyError`` without it.
    """
    _require_admin(by)
    name, category = name.strip(), category.strip()
    if not name:
        raise UnitRefused(_("请填写单位名称。"))
    with store.write():
        old = get(store, unit_id)
        if old is None:
            raise KeyError(unit_id)
        if store.rows_where("unit", "name = ? AND id <> ?", [name, unit_id]):
            raise UnitRefused(_("单位“%(name)s”已经有了。", name=name))
        new = {"name": name, "full_name": full_name.strip() or name}
        if category != old.category:
            new |= {"category": category, "category_since": _since(clock, category)}
        changes = sorted(key for key, value in new.items() if getattr(old, key) != value)
        if changes:
            store.update("unit", unit_id, new)
            actor_id = by.id if by else None
            if name != old.name:
                told = {"unit": unit_id, "was": old.name, "now": name}
                audit.append(store, clock, unit_id, actor_id, Events.unit_renamed, **told)
            audit.append(store, clock, unit_id, actor_id, Events.unit_changed, unit=unit_id, changes=changes)


def close(store: Store, clock: Clock, by: Account, unit_id: str) -> None:
    """Take a unit out of work: nobody is put into it, nothing is addressed to it; what it did stays.

    ``office.handover.closing_units`` looks first whether something is still open. Within the caller's
    transaction. Raises ``NotAllowed``, ``UnitRefused`` where people are still in it, ``KeyError``.
    """
    _require_admin(by)
    if _named(store, unit_id).state == "closed":
        return
    if store.count("account", "unit_id = ? AND state = 'active'", [unit_id]):
        raise UnitRefused(_("这个单位还有在用的账号，请先把人员调到别的单位，或者停用账号。"))
    store.update("unit", unit_id, {"state": "closed"})
    audit.append(store, clock, unit_id, by.id, Events.unit_closed, unit=unit_id)


def reopen(store: Store, clock: Clock, by: Account, unit_id: str) -> None:
    """Let a closed unit work again; raises ``NotAllowed``, ``KeyError``, ``UnitRefused`` for a merged one."""
    _require_admin(by)
    with store.write():
        unit = _named(store, unit_id)
        if unit.merged_into:
            raise UnitRefused(_("这个单位已经并入别的单位，不能重新启用；要恢复的，请另建单位。"))
        if unit.state == "closed":
            store.update("unit", unit_id, {"state": "active"})
            audit.append(store, clock, unit_id, by.id, Events.unit_reopened, unit=unit_id)


def merge(store: Store, clock: Clock, by: Account, unit_id: str, into: str, moved: Mapping[str, int]) -> None:
    """Close a unit for good, ``into`` goes on with its work; ``moved`` counts what went over, for the audit.

    ``office.handover.merging_units`` takes over first, within the same transaction. Raises ``NotAllowed``,
    ``UnitRefused`` and ``KeyError``.
    """
    _require_admin(by)
    old, new = mergeable(store, unit_id, into)
    merged = {"state": "closed", "merged_into": into}
    store.update("unit", unit_id, merged)
    for former in store.rows_where("unit", "merged_into = ?", [unit_id]):
        store.update("unit", former["id"], {"merged_into": into})
    told = {"unit": unit_id, "was": old.name, "into": into, "now": new.name, "moved": dict(moved)}
    for chain in (unit_id, into):
        audit.append(store, clock, chain, by.id, Events.unit_merged, **told)


def mergeable(store: Store, unit_id: str, into: str) -> tuple[Unit, Unit]:
    """Both units, where one can be merged into the other; raises ``UnitRefused`` and ``KeyError``."""
    old, new = _named(store, unit_id), get(store, into)
    if old.merged_into:
        raise UnitRefused(_("这个单位已经并入别的单位了。"))
    if new is None or new.id == old.id or new.state != "active":
        raise UnitRefused(_("请选择并入哪个在用的单位。"))
    return old, new


def now(store: Store, unit_id: str) -> str:
    """The unit that does today what was this unit's to do: itself, or the one it was merged into."""
    found = get(store, unit_id)
    return (found.merged_into if found else "") or unit_id


def names(store: Store) -> dict[str, str]:
    """Unit id → its name, closed ones too."""
    return {unit.id: unit.name for unit in all(store)}


def today(store: Store) -> dict[str, str]:
    """Unit id → the unit it is today, for every unit."""
    return {unit.id: unit.merged_into or unit.id for unit in all(store)}


def _named(store: Store, unit_id: str) -> Unit:
    found = get(store, unit_id)
    if found is None:
        raise KeyError(unit_id)
    return found


def _require_admin(by: Account | None) -> None:
    if by is not None:
        require(by, "manage_accounts")


def _since(clock: Clock, category: str) -> str:
    return office_day(clock.now()).isoformat() if category else ""


def get(store: Store, unit_id: str) -> Unit | None:
    """The unit of this id, closed or not."""
    row = store.get("unit", unit_id)
    return Unit(**row) if row else None


def all(store: Store) -> list[Unit]:
    """Every unit, closed ones too, in the office's order."""
    return [Unit(**row) for row in store.rows_where("unit", order_by="position, id")]
