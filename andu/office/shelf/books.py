"""Ledgers and sheets of figures as the office sets them in the browser, over the files that ship.

Each is published whole, by a person with a note; it can be withdrawn, and an earlier text put back. The rows
of a ledger that changed are made anew, so that what is there already stands in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from andu.formtypes.beside import figure_reading, ledger_reading
from andu.formtypes.faults import Fault, FormFaults
from andu.formtypes.language import writing
from andu.formtypes.language.text.plain import PlainFault, text_of
from andu.formtypes.language.text.yamlwords import NotText
from andu.office import live, published
from andu.office.books import ledger_keeping
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.published import FIGURES, LEDGERS, PUBLISH, RESTORE, WITHDRAW
from andu.office.shelf import designs, overlays
from andu.office.shelf.overlays import SettingChanged
from andu.papers.blanks.keys import Keys
from andu.security.accounts import Account
from andu.security.permissions import require

AT_ONCE = 2000
"""With so many records the rows are made while the admin waits; with more by the timer."""
SHIPPED, OWN, WITHDRAWN = "shipped", "own", "withdrawn"


@dataclass(frozen=True)
class Book:
    """A ledger or a sheet of figures in the list of all: as it ships, as the office made it, or withdrawn.

    ``is_right``: what it says can be read, so that people see it.
    """

    slug: str
    title: str
    group: str
    state: str
    is_right: bool


def listed(office: Office, actor: Account, folder: str) -> list[Book]:
    """All there are of ``LEDGERS`` or ``FIGURES``, in their order, the withdrawn last; ``NotAllowed``."""
    require(actor, designs.ACT)
    own = office.published.within(folder)
    there = [one.slug for one in (office.ledgers if folder == LEDGERS else office.figures)]
    slugs = dict.fromkeys((*there, *sorted({*_shipped(office, folder), *own})))
    found = []
    for slug in slugs:
        text = own.get(slug, _shipped(office, folder).get(slug, ""))
        said = writing.tree(text or _last_text(office, folder + slug))
        state = SHIPPED if slug not in own else OWN if text else WITHDRAWN
        found.append(
            Book(slug, str(said.get("title", slug)), str(said.get("group", "")), state, slug in there)
        )
    return sorted(found, key=lambda one: one.state == WITHDRAWN)


def text_of_book(office: Office, folder: str, slug: str) -> str:
    """What it says now, published or shipped; '' once it is withdrawn. Raises ``NotFound``."""
    own, shipped = office.published.within(folder), _shipped(office, folder)
    if slug not in own and slug not in shipped:
        raise NotFound(slug)
    return own.get(slug, shipped.get(slug, ""))


def seen(text: str) -> str:
    """What a page remembers of the text it was made from, so that nobody's change is overwritten."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def faults_of(office: Office, folder: str, slug: str, text: str) -> list[Fault]:
    """What is wrong with a text, beside the form types (and ledgers) there are."""
    try:
        if folder == LEDGERS:
            ledger_reading.read_ledger(text, slug, office.catalogue)
        else:
            figure_reading.read_sheet(text, slug, office.ledgers, office.catalogue)
    except FormFaults as faults:
        return faults.faults
    return []


def new_slug(office: Office, folder: str, title: str) -> str:
    """A name that nothing of this folder has had yet; it stays, whatever the title becomes."""
    keys = Keys()
    for slug in {"new", *_shipped(office, folder), *office.published.within(folder)}:
        keys.take(slug)
    return keys.of(title)


def publish(office: Office, actor: Account, folder: str, slug: str, text: str, saw: str, note: str) -> None:
    """Put a text in force. ``saw``: what the page was made from (``seen``), '' for a new one.

    Raises ``NotAllowed``, ``Refused`` where it is wrong, breaks something else, or somebody was quicker.
    """
    require(actor, designs.ACT)
    is_new = slug not in office.published.within(folder) and slug not in _shipped(office, folder)
    was = "" if is_new else text_of_book(office, folder, slug)
    if saw != ("" if is_new else seen(was)):
        raise Refused(_("刚刚有人改过它，您填的还没有存。请对照最新的内容，再按一次。"))
    if faults_of(office, folder, slug, text):
        raise Refused(_("还有写得不对的地方，请先改好。"))
    if text != was:
        _put(office, actor, folder + slug, was, text, note, PUBLISH)


def withdraw(office: Office, actor: Account, folder: str, slug: str, note: str) -> None:
    """Nobody sees it any more; the records stay, and it can be put back. Raises as ``publish``."""
    require(actor, designs.ACT)
    was = text_of_book(office, folder, slug)
    if was:
        _put(office, actor, folder + slug, was, "", note, WITHDRAW)


def restore(office: Office, actor: Account, folder: str, slug: str, publication: int, note: str) -> None:
    """Put an earlier text back, or with 0 the one that ships. Raises as ``publish``, ``NotFound``."""
    require(actor, designs.ACT)
    was = text_of_book(office, folder, slug)
    texts = {one.id: one.text for one in published.history(office.store, folder + slug)}
    text = texts.get(publication, "") if publication else _shipped(office, folder).get(slug, "")
    if not text:
        raise NotFound(publication)
    if faults := faults_of(office, folder, slug, text):
        raise Refused("；".join(one.message for one in faults[:3]))
    if text != was:
        _put(office, actor, folder + slug, was, text, note, RESTORE)


def history(office: Office, actor: Account, folder: str, slug: str) -> list[SettingChanged]:
    """Who changed what of it, the newest first; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    return overlays.history(office, folder + slug, _shipped(office, folder).get(slug, ""))


def is_shipped(office: Office, folder: str, slug: str) -> bool:
    """Whether one of that name ships."""
    return slug in _shipped(office, folder)


def _put(office: Office, actor: Account, name: str, was: str, now: str, note: str, act: str) -> None:
    _refuse_breaking(office, name, now)
    with office.store.write():
        overlays.put(office, actor, name, was, now, note, act)
    if name.startswith(LEDGERS):
        ledger_keeping.follow_publication(live.as_published(office), AT_ONCE)


def _refuse_breaking(office: Office, name: str, now: str) -> None:
    broken = overlays.broken_by(office, name, now)
    counting = [one.title for one in office.figures if any(f"{one.slug}.yaml" in said for said in broken)]
    if counting:
        titles = "、".join(f"“{one}”" for one in counting)
        raise Refused(_("统计%(titles)s还在数这本台账，或者数它的列。请先改那里的统计。", titles=titles))
    if broken:
        raise Refused(" ".join(broken[:3]))


def _shipped(office: Office, folder: str) -> Mapping[str, str]:
    where = {LEDGERS: office.settings.ledgers, FIGURES: office.settings.figures}[folder]
    return dict(_texts(where))


def _texts(where: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(where.glob("*.yaml")):
        try:
            yield path.stem, text_of(path)
        except (PlainFault, NotText, OSError):
            yield path.stem, ""


def _last_text(office: Office, name: str) -> str:
    """What it said before it was withdrawn."""
    return next((one.text for one in published.history(office.store, name) if one.text), "")
