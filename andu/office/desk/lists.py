"""Working lists and what stands in them: the register's lines, the desk; and the print that is noted.

Called by the views that print. ``statistics`` and ``proofs`` make the other two.
"""

from __future__ import annotations

from dataclasses import dataclass

from andu.office import records
from andu.office.books import register
from andu.office.books.register import Entry, RegisterFilter
from andu.office.desk import duties, standing
from andu.office.desk.duties import Duty
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import queues
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.papers.sheets import SheetFault, print_across, print_list
from andu.security.accounts import Account
from andu.security.permissions import require

MOST = 2000
RECENT = 30

Standings = list[tuple[Record, str]]
"""Records, each with where it is, in one sentence."""


@dataclass(frozen=True)
class Desk:
    """What lies on a person's desk; drafts with the names of who writes them."""

    due: list[Duty]
    to_sign: Standings
    returned: Standings
    drafts: list[tuple[Draft, str]]
    recent: Standings

    @property
    def rows(self) -> int:
        """How many lines there are together."""
        lists = (self.due, self.to_sign, self.returned, self.drafts, self.recent)
        return sum(len(one) for one in lists)


def entries(office: Office, actor: Account, what: RegisterFilter) -> list[Entry]:
    """The lines this person may see that fit, at most 2,000; raises ``NotAllowed``."""
    return register.search(office, actor, what, 1, MOST).entries


def desk(office: Office, actor: Account) -> Desk:
    """What is due, what waits for this person, the unit's drafts, and the 30 latest records."""
    return Desk(
        duties.waiting(office, actor),
        standing.sentences(office, queues.queue(office, actor)),
        standing.sentences(office, records.returned(office, actor)),
        [(one, records.author(office, one.author_id).name) for one in drafts.mine(office, actor)],
        standing.sentences(office, records.recent(office, actor, RECENT)),
    )


def print_sheet(
    office: Office, actor: Account, name: str, html: str, rows: int, across: bool = False
) -> bytes:
    """The PDF of a list of ours; notes the print in the audit log. Raises ``NotAllowed`` and ``Refused``."""
    require(actor, "print")
    try:
        pdf = print_across(html) if across else print_list(html)
    except SheetFault as fault:
        raise Refused(str(fault)) from fault
    note_printed(office, actor, name, rows)
    return pdf


def note_printed(office: Office, actor: Account, name: str, rows: int) -> None:
    """Note that this person took a list away on paper; ``name`` says which. Raises ``NotAllowed``."""
    require(actor, "print")
    office.note(actor.unit_id, actor.id, "list_printed", list=name, rows=rows)
