"""After a copy was put back: which numbers were given since, and what stands on paper.

The desk lists them and a director compares them with the papers, series by series; until then none of them
gives a number (``numbering``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import office_day
from andu.office import reasons
from andu.office.errors import Refused
from andu.office.issue import numbering
from andu.office.office import Office
from andu.security import signin
from andu.security.accounts import Account
from andu.security.permissions import require


@dataclass(frozen=True)
class ToConfirm:
    """A series that waits: ``last`` number in the database, ``seen`` in the journal that outlived it.

    ``numbers`` are those between, as written: they may stand on papers of which the database knows nothing.
    """

    key: str
    label: str
    year: int
    last: int
    seen: int
    numbers: list[str]


def to_confirm(office: Office) -> list[ToConfirm]:
    """The series that wait: those of the year of the restore, and older ones whose journal is ahead."""
    moments = numbering.restored(office)
    if moments is None:
        return []
    known, year = office.config.series, office_day(moments[0]).year
    pairs = {(key, year) for key in known} | {one for one in numbering.opened(office) if one[0] in known}
    waiting = [_of(office, *pair) for pair in sorted(pairs) if numbering.is_to_confirm(office, *pair)]
    return [one for one in waiting if one.year == year or one.numbers]


def _of(office: Office, key: str, year: int) -> ToConfirm:
    last, seen = numbering.counter(office, key, year), numbering.journalled(office, key, year)
    one = office.config.series[key]
    numbers = [one.number(year, n) for n in range(last + 1, seen + 1)]
    return ToConfirm(key, one.label, year, last, max(last, seen), numbers)


def confirm(
    office: Office,
    actor: Account,
    last_on_paper: Mapping[tuple[str, int], int],
    reason: str,
    password: str,
    address: str,
) -> int:
    """Open the series of ``(key, year)`` again, each with the last number that stands on paper; how many.

    Raises ``NotAllowed``, ``Refused`` (then those before it are open already), ``SignInRefused``.
    """
    require(actor, "void_number")
    if not last_on_paper:
        raise Refused(_("请至少填一个序列的末号。"))
    reasons.require(reason, _("请写明原因。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    for (key, year), last in last_on_paper.items():
        numbering.confirm(office, actor, key, year, last, reason)
    return len(last_on_paper)
