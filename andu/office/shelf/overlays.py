"""What is set in the browser over the files of an office: put in force by one act, and its history.

Called by ``settings`` (office file, holidays) and ``books`` (ledgers, figures). Nothing is kept after which
anything would be wrong that was right before.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flask_babel import gettext as _

from andu.office import published, sources
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.published import PUBLISH, Publication
from andu.security import accounts
from andu.security.accounts import Account

LONGEST_NOTE = 200


def broken_by(office: Office, name: str, text: str) -> list[str]:
    """What would be wrong with this text in force under a name, and is not now; a sentence each."""
    office.store.require_no_write("reading all form types")
    return sources.would_break(office.settings, office.store, office.published.with_setting(name, text))


def refuse_breaking(office: Office, name: str, text: str) -> None:
    """Raise ``Refused`` where anything would be."""
    if broken := broken_by(office, name, text):
        raise Refused(" ".join(broken))


def put(
    office: Office, actor: Account, name: str, was: str, now: str, note: str = "", act: str = PUBLISH
) -> None:
    """Put a text in force under a name. Within the write; who may do so has been asked.

    Raises ``Refused`` where somebody has published since this office was read.
    """
    if published.generation(office.store) != office.published.generation:
        raise Refused(_("刚刚有人改过设置，请看过最新的内容再改。"))
    enter(office, actor, name, was, now, note, act)


def enter(office: Office, actor: Account, name: str, was: str, now: str, note: str, act: str) -> None:
    """The same for whoever has asked that already, since more than one thing comes into force together."""
    by = (office.store, office.clock, actor.id, name, act, note.strip()[:LONGEST_NOTE])
    number = published.enter(*by, text=now)
    hashes = {"was": _hash(was), "now": _hash(now)}
    office.note(actor.unit_id, actor.id, "office_changed", part=name, **hashes, publication=number)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class SettingChanged:
    """A change of a setting: of which file, who made it, and the lines that are different."""

    publication: Publication
    by: str
    lines: Sequence[str]


def history(office: Office, name: str, first: str) -> list[SettingChanged]:
    """What was changed under a name, the newest first; ``first``: what the file said before all of it."""
    found = []
    made = published.history(office.store, name)
    for one, before in zip_longest(made, made[1:]):
        was = before.text if before else first
        lines = difflib.unified_diff(was.splitlines(), one.text.splitlines(), lineterm="", n=0)
        who = accounts.get(office.store, one.actor_id)
        shown = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        found.append(SettingChanged(one, who.name if who else "", shown))
    return found
