"""Merging a unit into another: its people, and whatever is open of it, go over in one act.

Called by the admin's screens. What the unit did stays its own, with its name on its papers; the taking unit
sees all that it saw, as shares. Drafts, records without a number and open deadlines become the taking unit's;
a return that was handed in stays the one of the unit it reports on. What waits for the old unit, or comes to
name it later, is the taking unit's from now on: ``Account.is_of`` and ``units.now`` say so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from andu.office import events
from andu.office.books import consequences, ledger_keeping
from andu.office.errors import NotFound, Refused
from andu.office.handover.closing_units import AT_ONCE, MOST, in_words
from andu.office.office import Office
from andu.office.sharing import UNLESS_SHARED
from andu.office.timing import deadlines, returns
from andu.office.writing import units_today
from andu.security import accounts, signin, units
from andu.security.accounts import Account, AccountRefused
from andu.security.permissions import MAY, require
from andu.security.units import Unit, UnitRefused
from andu.store import verbs

_UNDER_WAY = "unit_id = ? AND state IN ('signing', 'returned', 'complete')"
_DUE = f"unit_id = ? AND {deadlines.OPEN} AND (SELECT state FROM record WHERE id = record_id) <> 'voided'"


@dataclass(frozen=True)
class Moving:
    """Something of a unit that is to be merged: what, how many, and what becomes of it."""

    key: str
    what: str
    count: int
    becomes: str

    @property
    def number(self) -> str:
        """How many, in words."""
        return in_words(self.count)


def takers(office: Office, actor: Account, unit_id: str) -> list[Unit]:
    """The units that can go on with the work of this one; raises ``NotAllowed`` and ``NotFound``."""
    _unit(office, actor, unit_id)
    return [one for one in units.all(office.store) if one.state == "active" and one.id != unit_id]


def moving(office: Office, actor: Account, unit_id: str, most: int | None = MOST + 1) -> list[Moving]:
    """All that hangs on a unit, and what becomes of it; raises ``NotAllowed`` and ``NotFound``.

    ``most``: of each kind so many are counted at most, for a page; None for all.
    """
    _unit(office, actor, unit_id)
    own, count = [unit_id], partial(office.store.count, most=most)
    roles = [f"role:{role}:{unit_id}" for role in MAY]
    waits = f"waits.what = 'turn' AND waits.whose IN ({', '.join('?' * len(roles))})"
    closed = "EXISTS (SELECT 1 FROM case_closing WHERE case_closing.case_id = record.case_id)"
    cases = f"id = case_id AND unit_id = ? AND NOT {closed}"
    owed = [one for one in returns.owed(office) if one.unit.id == unit_id and one.state == returns.MISSING]
    waiting = f"id IN (SELECT waits.record_id FROM waits WHERE {waits})"
    found = [
        Moving("accounts", _("账号"), count("account", "unit_id = ?", own), _("转入，岗位不变，须重新登录")),
        Moving("drafts", _("草稿"), count("draft", "unit_id = ?", own), _("由接手单位接着填")),
        Moving("records", _("没有编号的材料"), count("record", _UNDER_WAY, own), _("由接手单位办完")),
        Moving("waiting", _("等这个单位签字、签收的"), count("record", waiting, roles), _("由接手单位签")),
        Moving("deadlines", _("没有了结的期限"), count("deadline", _DUE, own), _("由接手单位办结，时限不变")),
        Moving("cases", _("没有办结的案卷"), count("record", cases, own), _("由接手单位继续办理")),
        Moving("returns", _("应报未报的报表"), len(owed), _("不再要求报送；要补报的，请先报完再并入")),
        Moving(
            "seen",
            _("能查看的材料"),
            count("record_sight", "unit_id = ?", own),
            _("接手单位都能查看，文书上的单位名称不变"),
        ),
    ]
    return [one for one in found if one.count]


def merge(office: Office, actor: Account, unit_id: str, into: str, password: str, address: str) -> None:
    """Merge a unit into another, once the admin's password is confirmed.

    Raises ``NotAllowed``, ``NotFound``, ``Refused``, and ``SignInRefused``; nothing is changed then.
    """
    _check(office, actor, unit_id, into)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        old, new = _check(office, actor, unit_id, into)
        moved = {one.key: one.count for one in moving(office, actor, unit_id, None)}
        _show(office, unit_id, into)
        _move_work(office, actor, old, new)
        units.merge(office.store, office.clock, actor, unit_id, into, moved)
        units_today.follow(office, unit_id)
        _move_people(office, actor, unit_id, into)
    ledger_keeping.follow_names(office, AT_ONCE)


def _unit(office: Office, actor: Account, unit_id: str) -> Unit:
    require(actor, "manage_accounts")
    found = units.get(office.store, unit_id)
    if found is None:
        raise NotFound(unit_id)
    return found


def _check(office: Office, actor: Account, unit_id: str, into: str) -> tuple[Unit, Unit]:
    _unit(office, actor, unit_id)
    try:
        return units.mergeable(office.store, unit_id, into)
    except UnitRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _show(office: Office, unit_id: str, into: str) -> None:
    """Let the taking unit see what the old one sees, for the same reasons: what ends one ends the other."""
    office.store.execute(
        "INSERT INTO record_share (record_id, unit_id, because)"
        " SELECT record_id, ?, because FROM record_share WHERE unit_id = ?"
        f" AND record_id NOT IN (SELECT id FROM record WHERE unit_id = ?) {UNLESS_SHARED}",
        [into, unit_id, into],
    )
    office.store.execute(
        "INSERT INTO record_share (record_id, unit_id, because)"
        f" SELECT id, ?, id FROM record WHERE unit_id = ? {UNLESS_SHARED}",
        [into, unit_id],
    )


def _move_work(office: Office, actor: Account, old: Unit, new: Unit) -> None:
    """Drafts, records without a number and open deadlines; a return handed in stays the old unit's."""
    slugs = [form_type.slug for form_type in returns.forms(office)]
    no_return = f"form NOT IN ({', '.join('?' * len(slugs))})"
    revises = f"record_id IN (SELECT id FROM record WHERE {verbs.among('form')})"
    office.store.execute(
        f"UPDATE draft SET unit_id = ? WHERE unit_id = ? AND NOT coalesce({revises}, 0)",
        [new.id, old.id, json.dumps(slugs)],
    )
    office.store.execute(f"UPDATE deadline SET unit_id = ? WHERE {_DUE}", [new.id, old.id])
    for row in office.store.rows_where("record", f"{_UNDER_WAY} AND {no_return}", [old.id, *slugs]):
        _move_record(office, row["id"], old.id, new.id)
        events.append(office, row["id"], actor, "unit_merged", was=old.name, now=new.name)
        consequences.follow(office, row["id"], "unit_merged", actor)


def _move_record(office: Office, record_id: str, unit_id: str, into: str) -> None:
    """While it moves both units see it, as ``store.counts`` asks; its own unit then needs no share."""
    for one in (unit_id, into):
        office.store.execute(
            f"INSERT INTO record_share (record_id, unit_id, because) VALUES (?, ?, ?) {UNLESS_SHARED}",
            [record_id, one, record_id],
        )
    office.store.update("record", record_id, {"unit_id": into})
    office.store.execute(
        "DELETE FROM record_share WHERE record_id = ? AND unit_id IN (?, ?)", [record_id, unit_id, into]
    )


def _move_people(office: Office, actor: Account, unit_id: str, into: str) -> None:
    for one in accounts.all(office.store):
        if one.unit_id == unit_id:
            said = {"name": one.name, "unit_id": into, "post": one.post, "phone": one.phone}
            try:
                accounts.change_details(office.store, office.clock, actor, one.id, **said)
            except AccountRefused as refusal:
                raise Refused(f"{one.name}：{refusal}") from refusal
