"""Designs: form types on their way, with their papers. Owns ``form_design`` and ``form_design_revision``.

Every change is a revision; what was done before is never lost. Who changes a design says which revision they
saw: when somebody else changed it since, nothing is written and both are told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.language import writing
from andu.office import editions
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.papers.blanks.keys import Keys
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import new_id

READ, OPEN, PUBLISHED, DISCARDED = "read", "open", "published", "discarded"
"""Only read from a blank form, not made yet · being made · in force · thrown away."""
ACT = "design_forms"
ASKED = "publication_asked"
"""What a revision did that only asks a second admin."""


@dataclass(frozen=True)
class Design:
    """A form type on its way. ``proposals``: what was read off the blank form, where it began from one.

    ``based_on``: the edition that was in force when it was begun, empty for a new form type.
    """

    id: str
    slug: str
    title: str
    state: str
    revision: int
    yaml: str
    paper_sha: str
    blank_sha: str
    marked_sha: str
    proposals: Mapping[str, Any]
    based_on: str
    created_at: str
    updated_by: str
    updated_at: str
    ledgers: Mapping[str, Any]
    """What it wants of ledgers (``ledger_columns``): which fields go to which of their columns."""

    @property
    def tree(self) -> dict[str, Any]:
        """What its form file says (``formtypes.language.writing``); a copy, to be changed."""
        return writing.tree(self.yaml)


@dataclass(frozen=True)
class Revision:
    """What a design was after one change; ``did`` is a word for what was done."""

    design_id: str
    revision: int
    yaml: str
    paper_sha: str
    did: str
    actor_id: str
    at: str
    ledgers: str


class ChangedMeanwhile(Refused):
    """Somebody else changed the design after this person had opened it; nothing was written."""

    def __init__(self, design: Design, by: str) -> None:
        said = _("“%(by)s”刚刚改过这份草稿，您填的还没有存。请对照下面最新的内容，再按一次。", by=by)
        super().__init__(said)
        self.design = design


# --- reading --------------------------------------------------------------------------------------


def under_way(office: Office, actor: Account) -> list[Design]:
    """The designs that are neither published nor thrown away, the latest first."""
    require(actor, ACT)
    unfinished = "state IN ('read', 'open')"
    return [
        _design(row)
        for row in office.store.rows_where("form_design", unfinished, order_by="updated_at DESC", limit=100)
    ]


def get(office: Office, actor: Account, design_id: str) -> Design:
    """A design that is under way; raises ``NotFound``, ``NotAllowed``."""
    require(actor, ACT)
    row = office.store.get("form_design", design_id)
    if row is None or row["state"] not in (READ, OPEN):
        raise NotFound(design_id)
    return _design(row)


def revisions(office: Office, actor: Account, design_id: str) -> list[Revision]:
    """Every revision of a design, the newest first; raises as ``get``."""
    design = get(office, actor, design_id)
    found = "design_id = ?"
    rows = office.store.rows_where("form_design_revision", found, [design.id], order_by="revision DESC")
    return [Revision(**row) for row in rows]


def _design(row: Mapping[str, Any]) -> Design:
    return Design(**{**row, **{name: json.loads(row[name]) for name in ("proposals", "ledgers")}})


# --- acts -----------------------------------------------------------------------------------------


def begin(office: Office, actor: Account, title: str, slug: str = "", **what: Any) -> Design:
    """A new design; ``slug`` where it is to be a new edition of a form type that there is.

    ``what``: further columns. Raises ``NotAllowed``.
    """
    require(actor, ACT)
    now = stamp(office.clock.now())
    row: dict[str, Any] = {"id": new_id(), "slug": slug, "title": title, "state": OPEN, "revision": 1}
    row |= dict.fromkeys(("yaml", "paper_sha", "blank_sha", "marked_sha", "based_on"), "")
    row |= {
        "proposals": "{}",
        "ledgers": "{}",
        "created_at": now,
        "updated_by": actor.id,
        "updated_at": now,
        **what,
    }
    with office.store.write():
        row["slug"] = slug or _new_slug(office, title)
        office.store.insert("form_design", row)
        _keep_revision(office, row, "begun")
        said = {"design": row["id"], "form": row["slug"]}
        office.note(actor.unit_id, actor.id, "form_draft_begun", **said)
    return _design(row)


def begin_again(office: Office, actor: Account, slug: str) -> Design:
    """A design of the edition in force of a form type, to become its next; the one under way, if any.

    Raises ``NotAllowed``, ``NotFound`` for an unknown slug, ``Refused`` where no edition was ever in force.
    """
    require(actor, ACT)
    known = [one for one in under_way(office, actor) if one.slug == slug]
    if known:
        return known[0]
    edition = editions.standing(office, slug).edition or editions.current(office, slug)
    form_type = edition.form_type
    text = {"yaml": writing.written(writing.tree(form_type.source)), "paper_sha": edition.template_sha}
    return begin(office, actor, form_type.title, slug, based_on=edition.id, **text)


def copy(office: Office, actor: Account, slug: str, title: str) -> Design:
    """A design of a new form type that begins like another; raises as ``begin_again``."""
    require(actor, ACT)
    edition = editions.standing(office, slug).edition or editions.current(office, slug)
    tree = writing.tree(edition.form_type.source) | {"title": title}
    return begin(office, actor, title, yaml=writing.written(tree), paper_sha=edition.template_sha)


def change(
    office: Office,
    actor: Account,
    design_id: str,
    revision: int,
    did: str,
    tree: Mapping[str, Any] | None = None,
    paper_sha: str = "",
    ledgers: Mapping[str, Any] | None = None,
) -> Design:
    """A new revision with this form file, this paper or these wishes for ledgers.

    Nothing is written where nothing is different. Raises ``NotFound``, ``NotAllowed``, ``ChangedMeanwhile``.
    """
    require(actor, ACT)
    with office.store.write():
        design = get(office, actor, design_id)
        text = writing.written(dict(tree)) if tree is not None else design.yaml
        paper = paper_sha or design.paper_sha
        wishes = design.ledgers if ledgers is None else ledgers
        if (text, paper, OPEN, wishes) == (design.yaml, design.paper_sha, design.state, design.ledgers):
            return design
        refuse_changed(office, design, revision)
        changes: dict[str, Any] = {"yaml": text, "paper_sha": paper, "revision": design.revision + 1}
        changes |= {"updated_by": actor.id, "updated_at": stamp(office.clock.now()), "state": OPEN}
        changes["ledgers"] = as_text(wishes)
        changes["title"] = str((tree or design.tree).get("title") or design.title)
        office.store.update("form_design", design.id, changes)
        _keep_revision(office, {**changes, "id": design.id}, did)
    return get(office, actor, design_id)


def ask_publication(office: Office, actor: Account, design_id: str, revision: int) -> Design:
    """Ask a second admin to confirm: a revision that changes nothing, and is over with the next that does.

    Raises as ``change``.
    """
    require(actor, ACT)
    with office.store.write():
        design = get(office, actor, design_id)
        refuse_changed(office, design, revision)
        kept: dict[str, Any] = {"yaml": design.yaml, "paper_sha": design.paper_sha}
        kept["ledgers"] = as_text(design.ledgers)
        kept |= {"revision": design.revision + 1, "updated_by": actor.id}
        kept["updated_at"] = stamp(office.clock.now())
        office.store.update("form_design", design.id, kept)
        _keep_revision(office, {**kept, "id": design.id}, ASKED)
    return get(office, actor, design_id)


def asked_by(office: Office, actor: Account, design: Design) -> str:
    """The account that asked for a publication of the design as it is now; '' where nobody did."""
    newest = next(iter(revisions(office, actor, design.id)), None)
    is_asked = newest is not None and (newest.did, newest.revision) == (ASKED, design.revision)
    return newest.actor_id if newest is not None and is_asked else ""


def propose(office: Office, actor: Account, design_id: str, revision: int, what: Mapping[str, Any]) -> Design:
    """Other proposals for a blank form that is still looked over; raises as ``change``."""
    require(actor, ACT)
    with office.store.write():
        design = get(office, actor, design_id)
        refuse_changed(office, design, revision)
        by = {"updated_by": actor.id, "updated_at": stamp(office.clock.now())}
        office.store.update("form_design", design.id, {**what, **by})
    return get(office, actor, design_id)


def go_back(office: Office, actor: Account, design_id: str, revision: int, to: int) -> Design:
    """An earlier revision once more, as a new one; raises as ``change``."""
    require(actor, ACT)
    found = [one for one in revisions(office, actor, design_id) if one.revision == to]
    if not found or not found[0].yaml:
        raise NotFound(to)
    tree = writing.tree(found[0].yaml)
    wishes = json.loads(found[0].ledgers)
    return change(office, actor, design_id, revision, "went_back", tree, found[0].paper_sha, wishes)


def discard(office: Office, actor: Account, design_id: str) -> None:
    """Throw a design away; its revisions stay in the database. Raises ``NotFound``, ``NotAllowed``."""
    require(actor, ACT)
    with office.store.write():
        design = get(office, actor, design_id)
        office.store.update("form_design", design.id, {"state": DISCARDED})
        said = {"design": design.id, "form": design.slug}
        office.note(actor.unit_id, actor.id, "form_draft_discarded", **said)


def refuse_changed(office: Office, design: Design, revision: int) -> None:
    """Raise ``ChangedMeanwhile`` where the design is no longer at this revision."""
    if design.revision != revision:
        by = office.store.get("account", design.updated_by)
        raise ChangedMeanwhile(design, by["name"] if by else "")


def as_text(wishes: Mapping[str, Any]) -> str:
    """What is wanted of ledgers, as it is kept."""
    return json.dumps(wishes, ensure_ascii=False, indent=1)


def _keep_revision(office: Office, row: Mapping[str, Any], did: str) -> None:
    kept = {name: row[name] for name in ("revision", "yaml", "paper_sha", "ledgers")}
    by = {"actor_id": row["updated_by"], "at": row["updated_at"]}
    office.store.insert("form_design_revision", {"design_id": row["id"], "did": did, **kept, **by})


def _new_slug(office: Office, title: str) -> str:
    """A name for the form type that nothing has had yet; it stays, whatever the title becomes."""
    keys = Keys()
    for slug in [one.slug for one in office.catalogue]:
        keys.take(slug)
    while True:
        slug = keys.of(title)
        if not any(
            office.store.rows_where(table, "slug = ?", [slug], limit=1)
            for table in ("form_version", "form_design")
        ):
            return slug
