"""The register as a printed list: the lines of a search, all of them, and the sheet made from them."""

from __future__ import annotations

from andu.office import register
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.register import Entry, Filter
from andu.papers.sheets import SheetFault, print_list
from andu.security.accounts import Account

MOST = 2000


def entries(office: Office, actor: Account, what: Filter) -> list[Entry]:
    """The lines this person may see that fit, at most 2,000; raises ``NotAllowed``."""
    return register.search(office, actor, what, 1, MOST).entries


def print_register(office: Office, actor: Account, html: str, rows: int) -> bytes:
    """The PDF of a list of ours; notes the print in the audit log. Raises ``Refused``."""
    try:
        pdf = print_list(html)
    except SheetFault as fault:
        raise Refused(str(fault)) from fault
    office.note(actor.unit_id, actor.id, "list_printed", list="register", rows=rows)
    return pdf
