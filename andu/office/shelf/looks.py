"""How a design looks: its blank form with numbered marks, its proposals, its parts, its revisions.

Reads only. Pages are drawn once and kept in the cache under the hash of what they show.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _

from andu.clock import parse_stamp
from andu.formtypes.kinds import KINDS
from andu.formtypes.language import writing
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.shelf import asking_parts, designs
from andu.office.shelf.asking_parts import Question
from andu.office.shelf.designs import Design, Revision
from andu.papers.blanks import marking
from andu.papers.blanks.deciding import Decision
from andu.papers.blanks.found import SEAL, SIGNATURE
from andu.papers.blanks.marking import Spotted
from andu.papers.pdf import PdfFault, pictures
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store.cache import Cache

DPI = 110
SAME_DRAFT = timedelta(days=1)
"""So long somebody else's change to a draft is told to whoever opens it."""
SURE = 0.8
"""From here on a proposal is taken to be right: it needs no second look."""


# --- pages ----------------------------------------------------------------------------------------


def pages(office: Office, actor: Account, sha: str) -> int:
    """How many pages a docx of a design has; draws them if need be, 0 where they cannot be drawn."""
    require(actor, designs.ACT)
    cache = Cache(office.settings.instance / "cache")
    known = cache.get(f"{sha}.pages")
    if known is not None:
        return int(known)
    try:
        pdf = office.to_pdf(office.files.get(sha), asked_by=actor.id)
        drawn = pictures(pdf, DPI)
    except PdfFault:
        return 0
    cache.put(f"{sha}.places", json.dumps([asdict(one) for one in marking.spotted(pdf)]).encode())
    for number, picture in enumerate(drawn, 1):
        cache.put(f"{sha}-{number}.png", picture)
    cache.put(f"{sha}.pages", str(len(drawn)).encode())
    return len(drawn)


def page(office: Office, actor: Account, sha: str, number: int) -> bytes:
    """One page as PNG, counted from 1; raises ``NotFound``, ``NotAllowed``."""
    if not sha or not 1 <= number <= pages(office, actor, sha):
        raise NotFound(number)
    cache = Cache(office.settings.instance / "cache")
    found = cache.get(f"{sha}-{number}.png")
    return found or pictures(office.to_pdf(office.files.get(sha), asked_by=actor.id), DPI)[number - 1]


def free_places(office: Office, actor: Account, design: Design) -> list[FreePlace]:
    """The places where nothing was proposed, with where their numbers stand on the picture."""
    pages(office, actor, design.marked_sha)
    known = Cache(office.settings.instance / "cache").get(f"{design.marked_sha}.places")
    drawn = {one["number"]: Spotted(**one) for one in json.loads(known or b"[]")}
    told = design.proposals.get("free", [])
    return [FreePlace(n, one["name"], one["words"], drawn.get(n)) for n, one in enumerate(told, 1)]


@dataclass(frozen=True)
class FreePlace:
    """A place of the blank form that is no proposal: its number, its name, what it stands by."""

    number: int
    name: str
    words: str
    drawn: Spotted | None


# --- proposals ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """A place of the blank form: its number, what is proposed and decided, and what it may be."""

    number: int
    found: Mapping[str, Any]
    decision: Decision
    kinds: Sequence[tuple[str, str]]

    @property
    def is_weak(self) -> bool:
        """Whether the reader is not sure of it."""
        return float(self.found["certainty"]) < SURE


def decided(design: Design) -> list[Decision]:
    """Everything accepted as it was proposed."""
    return [Decision(True, one["label"], one["kind"]) for one in design.proposals["fields"]]


def proposals(design: Design, decisions: Sequence[Decision]) -> list[Proposal]:
    """Each place with what was decided of it so far."""
    found = design.proposals["fields"]
    return [
        Proposal(number, one, decision, list(_kinds(one)))
        for number, (one, decision) in enumerate(zip(found, decisions, strict=True), 1)
    ]


def _kinds(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a place may be: what is proposed, a signature, a seal, and every kind that needs no more said."""
    for name, kind in KINDS.items():
        wanted = {key for key, one in kind.settings.items() if one.required}
        if name == found["kind"] or not wanted or (wanted == {"choices"} and len(found["choices"]) > 1):
            yield name, kind.title
    yield SIGNATURE, _("签字")
    yield SEAL, _("盖章（不做栏目）")


# --- parts ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DesignView:
    """A design as its page shows it: sections with their fields, signatures, and the rest as text."""

    sections: Sequence[Mapping[str, Any]]
    slots: Sequence[Mapping[str, Any]]
    about: Mapping[str, Any]
    deadlines: Sequence[Mapping[str, Any]]
    rest: Mapping[str, str] = field(default_factory=dict)
    more: Sequence[Question] = ()


ABOUT = ("title", "description", "group", "order", "filled_by", "series", "paper", "record_title")


def view(office: Office, design: Design) -> DesignView:
    """What the page of a design shows; what no page can change is shown as it is written."""
    tree = design.tree
    sheet = asking_parts.of_form(office, tree)
    asked = {*(one.name for one in sheet.asked()), *sheet.elsewhere, "sections", "signatures", "deadlines"}
    rest = {name: writing.written({name: value}) for name, value in tree.items() if name not in asked}
    return DesignView(
        sections=tree.get("sections") or [],
        slots=(tree.get("signatures") or {}).get("slots") or [],
        about={name: tree.get(name, "") for name in ABOUT},
        deadlines=tree.get("deadlines") or [],
        rest=rest,
        more=sheet.more(),
    )


# --- revisions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A revision, who made it, and the lines of the form file it changed."""

    revision: Revision
    by: str
    changes: Sequence[str]
    is_new_paper: bool


def other_editor(office: Office, actor: Account, design: Design) -> Step | None:
    """The newest change by somebody else since one's own last, or within a day: both know of each other."""
    for one in designs.revisions(office, actor, design.id):
        if one.actor_id != actor.id:
            who = accounts.get(office.store, one.actor_id)
            recent = office.clock.now() - parse_stamp(one.at) < SAME_DRAFT
            return Step(one, who.name if who else "", (), False) if recent else None
    return None


def trail(office: Office, actor: Account, design: Design) -> list[Step]:
    """The revisions of a design with what each changed, the newest first."""
    found = designs.revisions(office, actor, design.id)
    steps = []
    for one, before in zip_longest(found, found[1:]):
        was = (before.yaml.splitlines() + before.ledgers.splitlines()) if before else []
        now = one.yaml.splitlines() + one.ledgers.splitlines()
        lines = difflib.unified_diff(was, now, lineterm="", n=0) if before else []
        changes = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        who = accounts.get(office.store, one.actor_id)
        is_new_paper = before is not None and before.paper_sha != one.paper_sha
        steps.append(Step(one, who.name if who else "", changes, is_new_paper))
    return steps
