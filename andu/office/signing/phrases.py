"""What a person often writes as an opinion, kept for themself. Owns table ``phrase``."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office.errors import Refused
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import new_id

MOST = 30
LONGEST = 200


@dataclass(frozen=True)
class Phrase:
    """One of them."""

    id: str
    text: str


def of(office: Office, actor: Account) -> list[Phrase]:
    """This person's phrases, the first kept first."""
    rows = office.store.rows_where("phrase", "account_id = ?", [actor.id], order_by="id")
    return [Phrase(row["id"], row["text"]) for row in rows]


def keep(office: Office, actor: Account, text: str) -> None:
    """Keep a phrase, each once; raises ``Refused`` for none, one too long, or too many."""
    require(actor, "sign_named")
    text, known = text.strip(), [one.text for one in of(office, actor)]
    if not text or len(text) > LONGEST:
        raise Refused(_("请写一句常用语，最多 %(n)s 字。", n=LONGEST))
    if text in known:
        return
    if len(known) >= MOST:
        raise Refused(_("常用语最多 %(n)s 条，请先删去不用的。", n=MOST))
    with office.store.write():
        office.store.insert("phrase", {"id": new_id(), "account_id": actor.id, "text": text})


def drop(office: Office, actor: Account, phrase_id: str) -> None:
    """Forget one of this person's own phrases."""
    require(actor, "sign_named")
    with office.store.write():
        office.store.execute("DELETE FROM phrase WHERE id = ? AND account_id = ?", [phrase_id, actor.id])
