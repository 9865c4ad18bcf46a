"""A month of a ledger as one person sees it: what is frozen when the month is closed.

Called by the directory of forms (``people``) for fields of kind ``ledger``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.beside import ledger_pages
from andu.formtypes.beside.ledgers import Ledger
from andu.office.errors import NotAllowed, NotFound
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may

MOST = 1000
"""Rows of a month that one paper takes."""


def extract(office: Office, actor: Account, slug: str, month: str) -> dict[str, Any]:
    """The rows of a past month, in the ledger's own order; raises ``ValueError`` with the reason."""
    try:
        ledger = ledgers.get(office, actor, slug)
    except NotFound as error:
        raise ValueError(_("没有这本台账，请从列表中选择")) from error
    except NotAllowed as error:
        raise ValueError(error.message) from error
    year, number = int(month[:4]), int(month[5:])
    period = f"{year}年{number}月"
    if date(year, number, 1) >= office_day(office.clock.now()).replace(day=1):
        raise ValueError(_("%(period)s还没有过完，月结请在次月办理", period=period))
    if not ledgers.is_built(office, ledger):
        raise ValueError(_("台账正在整理，请过几分钟再试"))
    asked = Asked(month=month)
    rows = ledgers.all_rows(office, actor, ledger, asked, MOST + 1)
    if len(rows) > MOST:
        raise ValueError(_("这个月有 %(n)s 条以上，一份月结装不下，请改用导出", n=MOST))
    about = {
        "title": ledger.title,
        "period": period,
        "scope": scope_of(office, actor, ledger),
        "unit": unit_of(actor, ledger),
    }
    amounts = ledgers.amounts(office, ledger, rows)
    texts = [row.cells for row in rows]
    voided = [at for at, row in enumerate(rows) if row.is_void]
    return ledger_pages.extract(ledger.slug, month, about, ledger.columns, texts, amounts, voided)


def unit_of(actor: Account, ledger: Ledger) -> str:
    """The unit whose rows of a ledger a person sees; '' for the whole place."""
    return "" if may(actor, "see_all") or set(actor.units) & set(ledger.seen_by) else actor.unit_id


def scope_of(office: Office, actor: Account, ledger: Ledger) -> str:
    """Whose rows a person sees: the whole place, or what concerns the own unit."""
    return actor.unit_name if unit_of(actor, ledger) else office.config.name
