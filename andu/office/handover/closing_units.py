"""Renaming and closing a unit: what it did stays under its id, what is open is finished or handed over first.

Called by the admin's screens. A renamed unit is one unit in lists, ledgers and figures, by its id and under
today's name; filed papers keep the name they were printed with. A unit with open matters is not closed: the
act says what is open, and each thing has its own way to be handed over or finished.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _

from andu.office.books import ledger_keeping
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.timing import deadlines, returns
from andu.security import units
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.security.units import UnitRefused

AT_ONCE = 2000
"""Rows of ledgers that are made anew while whoever renamed a unit waits."""
MOST = 1000
"""So many of a kind are counted for a page; beyond them it says that there are more."""


@dataclass(frozen=True)
class Open:
    """Something of a unit that is still open: what, how many, and what to do about it."""

    what: str
    count: int
    way_out: str

    @property
    def number(self) -> str:
        """How many, in words."""
        return in_words(self.count)


def in_words(count: int) -> str:
    """A count that was looked for up to one more than ``MOST``."""
    return _("%(n)s 以上", n=MOST) if count > MOST else str(count)


def rename(office: Office, actor: Account, unit_id: str, name: str, full_name: str, category: str) -> None:
    """Change how a unit is called and what kind it is; raises what ``units.change`` raises."""
    units.change(office.store, office.clock, actor, unit_id, name, full_name, category)
    ledger_keeping.follow_names(office, AT_ONCE)


def open_matters(office: Office, actor: Account, unit_id: str) -> list[Open]:
    """What is still open in a unit, each counted to ``MOST`` and one; raises ``NotAllowed``, ``NotFound``."""
    require(actor, "manage_accounts")
    if units.get(office.store, unit_id) is None:
        raise NotFound(unit_id)
    count = partial(office.store.count, most=MOST + 1)
    owed = [line for line in returns.owed(office) if line.unit.id == unit_id and line.is_overdue]
    due = f"unit_id = ? AND {deadlines.OPEN} AND (SELECT state FROM record WHERE id = record_id) <> 'voided'"
    states = "('signing', 'returned', 'complete', 'numbered')"
    under_way = count("record", f"unit_id = ? AND state IN {states}", [unit_id])
    under_way += count("record", f"awaits_receipt = 1 AND unit_id = ? AND state NOT IN {states}", [unit_id])
    found = [
        Open(
            _("在用的账号"),
            count("account", "unit_id = ? AND state = 'active'", [unit_id]),
            _("调到别的单位，或者停用，手上的事随之交接"),
        ),
        Open(_("草稿"), count("draft", "unit_id = ? AND is_begun = 1", [unit_id]), _("提交或者删除")),
        Open(_("没有办完的材料"), under_way, _("签字、取号、签收")),
        Open(_("没有了结的期限"), count("deadline", due, [unit_id]), _("办结，或者由主办单位改派")),
        Open(_("逾期未报的报表"), len(owed), _("补报，或者先改单位类别")),
    ]
    return [one for one in found if one.count]


def close(office: Office, actor: Account, unit_id: str) -> None:
    """Close a unit; raises ``Refused`` with everything that is still open, ``NotAllowed``, ``NotFound``."""
    with office.store.write():
        found = open_matters(office, actor, unit_id)
        if found:
            listed = "、".join(_("%(what)s %(n)s 项", what=one.what, n=one.number) for one in found)
            raise Refused(_("这个单位还有没了结的事：%(listed)s。请先交接、办完，再关闭。", listed=listed))
        units.close(office.store, office.clock, actor, unit_id)


def reopen(office: Office, actor: Account, unit_id: str) -> None:
    """Let a closed unit work again; raises ``NotAllowed``, ``NotFound``, and ``Refused`` for a merged one."""
    require(actor, "manage_accounts")
    if units.get(office.store, unit_id) is None:
        raise NotFound(unit_id)
    try:
        units.reopen(office.store, office.clock, actor, unit_id)
    except UnitRefused as refusal:
        raise Refused(str(refusal)) from refusal
