"""Drafts: what a clerk typed, exactly as typed, until she submits it. Owns tables ``draft`` and
``draft_thrown_away``.

A draft keeps the raw text of each input, valid or not, so nothing typed is ever lost. It belongs to a
unit: colleagues may go on with it. Saving names the revision it started from; whoever comes second
gets a copy of their own beside the other's text. Confidential inputs lie in the vault, and only the
author (and whoever may see confidential fields) gets them back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import keep_raw, raw_from_values, starting_raw
from andu.formtypes.kinds import KINDS
from andu.office import access, editions, offering, records
from andu.office.editions import Edition
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.timing import chased
from andu.office.writing import attachments, carried, shut_drafts, units_today
from andu.office.writing.carried import Carried
from andu.office.writing.tabs import Tab
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id

Raw = dict[str, list[str]]
UNTOUCHED = timedelta(days=1)
AT_ONCE = 100


@dataclass(frozen=True)
class Draft:
    """A draft; ``raw`` maps the names of inputs to what was typed into them."""

    id: str
    form: str
    form_version: str
    unit_id: str
    author_id: str
    record_id: str | None
    copy_of: str | None
    raw: Raw
    sealed_id: str | None
    revision: int
    updated_by: str
    created_at: str
    updated_at: str
    sealed_for: str | None = None
    carried: Carried = field(default_factory=dict)
    tab: str = ""
    is_begun: bool = True

    @property
    def sealed_to(self) -> str:
        """The account that gets the confidential inputs back: the author, unless they stayed with another."""
        return self.sealed_for or self.author_id


@dataclass(frozen=True)
class Conflict:
    """Somebody saved in between: who (empty: oneself, elsewhere), and where the caller's text lies now."""

    copy_id: str
    by: str


@dataclass(frozen=True)
class Saved:
    """The draft as it now is; with ``conflict``, the draft is the copy that holds the caller's text.

    ``edition``: the one in force, in which it was kept.
    """

    draft: Draft
    edition: Edition
    conflict: Conflict | None = None


class EditedMeanwhile(Exception):
    """Somebody else saved this draft in between; ``conflict`` names who, and where the text lies."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(conflict.copy_id)
        self.conflict = conflict


def sees_confidential(actor: Account, sealed_to: str) -> bool:
    """Whether confidential inputs are shown: to whoever typed them or got them handed on, and nobody else.

    Others with the permission look at the record, with a reason (``andu.office.writing.confidential``). Never
    to a program, whoever it acts for; nor after somebody else has set the password (``vault_rights``); nor
    without the person's own key, which alone opens them.
    """
    is_theirs = actor.id == sealed_to and actor.limit is None and not actor.is_waiting
    return is_theirs and actor.key is not None


def is_confidential(form_type: FormType, name: str) -> bool:
    """Whether the input of this name belongs to a confidential field."""
    return name in _split(form_type, {name: []})[1]


# --- rows -----------------------------------------------------------------------------------------


def _seal(
    office: Office, actor: Account, form_type: FormType, draft_id: str, record_id: str | None, secret: Raw
) -> str | None:
    """Sealed to the case of the record it revises; else to the one it would open."""
    if not any(map(any, secret.values())):
        return None
    two = {name: typed for name, typed in secret.items() if _key_of(name) in form_type.two_person_keys}
    one = {name: typed for name, typed in secret.items() if name not in two}
    record = records.find(office, record_id) if record_id else None
    case_id = (record.case_id or record.id) if record else draft_id
    return office.vault.seal(place_of(draft_id), one, case_id, actor.id, actor.key, two)


def _key_of(name: str) -> str:
    """The key of the field that an input belongs to."""
    return name.removeprefix("f_").split("-")[0]


def place_of(draft_id: str) -> str:
    """Where the vault keeps the confidential inputs of a draft."""
    return f"draft:sealed_id:{draft_id}"


def _split(form_type: FormType, raw: Raw) -> tuple[Raw, Raw]:
    keys = {one.key for one in form_type.fields if one.confidential}
    secret = {name: value for name, value in raw.items() if _key_of(name) in keys}
    return {name: value for name, value in raw.items() if name not in secret}, secret


def _of_row(row: Mapping[str, Any]) -> Draft:
    read = {"raw": json.loads(row["raw"]), "carried": carried.from_text(row["carried"])}
    return Draft(**{**row, **read, "is_begun": bool(row["is_begun"])})


def _whole(office: Office, actor: Account, row: Mapping[str, Any]) -> Draft:
    """The draft with its confidential inputs, for whom they open; never handed out without ``_for``."""
    draft = _of_row(row)
    if draft.sealed_id is None or not sees_confidential(actor, draft.sealed_to):
        return draft
    return replace(draft, raw=draft.raw | office.vault.open(draft.sealed_id, place_of(draft.id), actor.key))


def _for(office: Office, actor: Account, draft: Draft) -> Draft:
    if sees_confidential(actor, draft.sealed_to):
        return draft
    return replace(draft, raw=_open_part(office, draft))


def _open_part(office: Office, draft: Draft) -> Raw:
    """What is confidential neither in the newest edition nor in that in which it was typed."""
    older = editions.get(office, draft.form_version).form_type
    return _split(older, _split(form_type_of(office, draft), draft.raw)[0])[0]


def form_type_of(office: Office, draft: Draft) -> FormType:
    """The form type a draft is for, in its newest edition."""
    return editions.current(office, draft.form).form_type


def form_types_of(office: Office, found: Iterable[Draft]) -> dict[str, FormType]:
    """Slug → form type in its newest edition, of these drafts; asked once for each."""
    return {slug: editions.current(office, slug).form_type for slug in {one.form for one in found}}


def with_sealed(office: Office, actor: Account, draft: Draft) -> Draft:
    """The draft with its confidential inputs, where they open for this person; for the office's own acts."""
    row = office.store.get("draft", draft.id)
    if row is None:
        raise NotFound(draft.id)
    return _whole(office, actor, row)


def _find(office: Office, actor: Account, draft_id: str) -> Draft:
    row = office.store.get("draft", draft_id)
    if row is None or not actor.is_of(row["unit_id"]) or not may(actor, "fill"):
        raise NotFound(draft_id)
    access.require(office, actor, row["form"])
    if shut_drafts.among(office, actor, [row]):
        raise NotFound(draft_id)
    return _whole(office, actor, row)


def insert(
    office: Office,
    actor: Account,
    form: str,
    raw: Raw,
    instead_of: str | None = None,
    edition: Edition | None = None,
    memory: Carried | None = None,
    is_begun: bool = True,
    **more: str | None,
) -> Draft:
    """A new draft with these inputs, for the acts of the office; ``more`` names further columns.

    ``instead_of``: the draft whose text it holds, which may be gone: what that one chases, this one does.
    ``edition``: the one the inputs belong to, where that is not the one in force. ``memory``: which of them
    came from which record. ``is_begun``: whether anything stands in it but what every new one begins with.
    """
    access.require(office, actor, form)
    begins = not (instead_of or more.get("record_id") or more.get("copy_of"))
    if begins and (why := editions.why_retired(office, form)):
        raise Refused(why)
    edition = edition or editions.current(office, form)
    now = stamp(office.clock.now())
    draft_id = new_id()
    plain, secret = _split(edition.form_type, units_today.of(office, edition.form_type, raw))
    row: dict[str, Any] = {"id": draft_id, "form": form, "form_version": edition.id, "revision": 1}
    row |= {
        "unit_id": _unit_of(office, actor, more.get("record_id")),
        "raw": json.dumps(plain, ensure_ascii=False),
    }
    row |= dict.fromkeys(("record_id", "copy_of"))
    row |= dict.fromkeys(("author_id", "updated_by"), actor.id)
    row |= dict.fromkeys(("created_at", "updated_at"), now)
    row |= {"carried": carried.to_text(memory or {}), "is_begun": int(is_begun), **more}
    with office.store.write():
        revised = more.get("record_id")
        row["sealed_id"] = _seal(office, actor, edition.form_type, draft_id, revised, secret)
        office.store.insert("draft", row)
        if instead_of:
            chased.pass_on(office, instead_of, draft_id)
        office.note(actor.unit_id, actor.id, "draft_started", draft=draft_id, form=form)
    return replace(_of_row(row), raw=plain | secret)


def _unit_of(office: Office, actor: Account, record_id: str | None) -> str:
    """The unit of a new draft: of the record it revises, which may be one that was merged into the own."""
    return records.find(office, record_id).unit_id if record_id else actor.unit_id


# --- acts -----------------------------------------------------------------------------------------


def start(
    office: Office,
    actor: Account,
    slug: str,
    raw: Raw | None = None,
    edition: Edition | None = None,
    memory: Carried | None = None,
) -> Draft:
    """Begin a draft: the form's own defaults, and ``raw`` over them; ``NotFound`` or ``NotAllowed``.

    ``edition``: the one in force, where the caller has asked for it. ``memory``: what came from which record.
    """
    edition = edition or editions.current(office, slug)
    form_type = edition.form_type
    if not offering.may_fill(actor, form_type):
        raise NotAllowed(_("您的岗位不填写“%(title)s”。", title=form_type.title))
    first = starting_raw(form_type, OfficeDirectory(office, actor), me=actor.id, now=office.clock.now())
    if actor.limit is not None:  # nothing confidential comes from a program, not by itself either
        first = _split(form_type, first)[0]
    is_begun = bool(raw or memory)
    whole = first | (raw or {})
    return insert(office, actor, slug, whole, edition=edition, memory=memory, is_begun=is_begun)


def start_revision(
    office: Office, actor: Account, record_id: str, edition: Edition, values: dict[str, object]
) -> Draft:
    """A draft that will become the next version of a record; the one already begun, if there is one.

    ``edition`` is the record's own: what the newest has no place for is told on the page of the draft.
    """
    rows = office.store.rows_where("draft", "record_id = ? AND copy_of IS NULL", [record_id])
    if rows:
        return _for(office, actor, _whole(office, actor, rows[0]))
    raw = raw_from_values(edition.form_type, values)
    memory = carried.derived(office, actor, edition.form_type, raw)
    slug = edition.form_type.slug
    return insert(office, actor, slug, raw, edition=edition, memory=memory, record_id=record_id)


def get(office: Office, actor: Account, draft_id: str) -> Draft:
    """A draft of the own unit; raises ``NotFound``, ``NotAllowed`` for a form that is shut to this person."""
    return _for(office, actor, _find(office, actor, draft_id))


def note_viewed(office: Office, actor: Account, draft: Draft) -> None:
    """Note in the audit log that somebody opened a colleague's draft."""
    if actor.id != draft.author_id:
        office.note(draft.unit_id, actor.id, "draft_viewed", draft=draft.id)


def mine(office: Office, actor: Account) -> list[Draft]:
    """The drafts of the own unit that somebody has typed into, the latest first, at most 100.

    Without any confidential input.
    """
    if not may(actor, "fill"):
        return []
    ours = f"unit_id IN ({', '.join('?' * len(actor.units))}) AND is_begun = 1"
    rows = office.store.rows_where("draft", ours, list(actor.units), order_by="updated_at DESC", limit=100)
    shut, not_theirs = access.shut(office, actor), shut_drafts.among(office, actor, rows)
    found = [_of_row(row) for row in rows if row["form"] not in shut and row["id"] not in not_theirs]
    newest = form_types_of(office, found)
    return [replace(one, raw=_split(newest[one.form], one.raw)[0]) for one in found]


def save(
    office: Office,
    actor: Account,
    draft_id: str,
    raw: Raw,
    base_revision: int,
    memory: Carried | None = None,
    tab: Tab | None = None,
    edition: Edition | None = None,
) -> Saved:
    """Keep what was typed; ``memory``: what of it came from which record, where that changes. ``NotFound``.
    ``edition``: the one in force, where the caller has asked for it.

    When somebody else saved after ``base_revision``, both texts are kept: theirs stays the draft,
    the caller's becomes a copy, and the answer carries the ``Conflict``. What the same ``tab`` has saved is
    nobody else's: the text that was typed later counts.
    """
    edition = edition or editions.current(office, _find(office, actor, draft_id).form)
    with office.store.write():
        draft = _find(office, actor, draft_id)
        typed = whole = keep_raw(edition.form_type, raw)
        if not sees_confidential(actor, draft.sealed_to):
            typed = _split(edition.form_type, typed)[0]
            whole = typed | _split(edition.form_type, draft.raw)[1]
        was_before = tab.was_before(draft.tab) if tab and draft.updated_by == actor.id else None
        is_known = was_before or (whole == draft.raw and memory in (None, draft.carried))
        if not is_known and draft.revision != base_revision and was_before is None:
            # A copy belongs to whoever typed it: what they may not see does not come along.
            return _save_beside(office, actor, draft, typed, edition)
        if not is_known:
            draft = _write(office, actor, draft, whole, edition, memory, tab)
    return Saved(_for(office, actor, draft), edition)


def _write(
    office: Office,
    actor: Account,
    draft: Draft,
    raw: Raw,
    edition: Edition,
    memory: Carried | None = None,
    tab: Tab | None = None,
) -> Draft:
    raw = keep_raw(edition.form_type, raw)  # what an older edition kept secret, and this does not know, goes
    plain, secret = _split(edition.form_type, raw)
    is_theirs = sees_confidential(actor, draft.sealed_to)
    if not is_theirs:  # what is sealed to another stays as it is
        plain, secret = raw, {}
    typed_in = editions.get(office, draft.form_version).form_type
    is_same = draft.sealed_id is not None and secret == _split(typed_in, draft.raw)[1]
    is_kept = is_same or not is_theirs
    memory = draft.carried if memory is None else memory
    about = (edition.form_type, draft.id, draft.record_id, secret)
    sealed_id = draft.sealed_id if is_kept else _seal(office, actor, *about)
    changes = {
        "sealed_id": sealed_id,
        "form_version": edition.id,
        "revision": draft.revision + 1,
        "is_begun": 1,
        "updated_by": actor.id,
        "updated_at": stamp(office.clock.now()),
        "tab": str(tab or draft.tab),
    }
    texts = {"raw": json.dumps(plain, ensure_ascii=False), "carried": carried.to_text(memory)}
    office.store.update("draft", draft.id, changes | texts)
    if draft.sealed_id and not is_kept:
        office.vault.forget(draft.sealed_id)
    if draft.revision == 1 or draft.updated_by != actor.id:
        office.note(draft.unit_id, actor.id, "draft_saved", draft=draft.id)
    return replace(draft, raw=raw, carried=memory, **changes)  # type: ignore[arg-type]


def _save_beside(office: Office, actor: Account, theirs: Draft, raw: Raw, edition: Edition) -> Saved:
    own = insert(
        office,
        actor,
        theirs.form,
        raw,
        instead_of=theirs.id,
        edition=edition,
        memory=theirs.carried,
        record_id=theirs.record_id,
        copy_of=theirs.id,
    )
    other = accounts.get(office.store, theirs.updated_by) if theirs.updated_by != actor.id else None
    return Saved(own, edition, Conflict(own.id, other.name if other else ""))


def discard(office: Office, actor: Account, draft_id: str) -> None:
    """Throw a draft away; raises ``NotFound``."""
    with office.store.write():
        draft = _find(office, actor, draft_id)
        drop(office, draft)
        office.store.insert("draft_thrown_away", {"id": draft.id, "unit_id": draft.unit_id})
        office.note(draft.unit_id, actor.id, "draft_discarded", draft=draft.id)


def drop(office: Office, draft: Draft) -> None:
    """Remove a draft's row and its sealed part; inside ``store.write()``."""
    office.store.delete("draft", draft.id)
    if draft.sealed_id:
        office.vault.forget(draft.sealed_id)


def drop_untouched(office: Office) -> None:
    """Remove the drafts that were opened a day ago and that nobody has typed into: for the timer.

    What a page that is still open sends for one later is kept as for any draft thrown away (``rescuing``).
    """
    until = stamp(office.clock.now() - UNTOUCHED)
    old = "is_begun = 0 AND created_at < ?"
    if not office.store.rows_where("draft", old, [until], order_by="created_at, id", limit=1):
        return
    with office.store.write():
        for row in office.store.rows_where("draft", old, [until], order_by="created_at, id", limit=AT_ONCE):
            drop(office, _of_row(row))
            office.store.insert("draft_thrown_away", {"id": row["id"], "unit_id": row["unit_id"]})
            office.note(row["unit_id"], None, "draft_discarded", draft=row["id"])


def attach(
    office: Office, actor: Account, draft_id: str, field_key: str, name: str, data: bytes
) -> attachments.Attachment:
    """File an upload and note it in the draft's field; raises ``NotFound`` or ``Refused``."""
    require_files(office, actor, draft_id, field_key)
    attachment = attachments.keep(office, actor, draft_id, name, data)
    hold(office, actor, draft_id, field_key, attachment)
    return attachment


def hold(
    office: Office, actor: Account, draft_id: str, field_key: str, attachment: attachments.Attachment
) -> None:
    """Note a file that is kept already in the draft's field; raises ``NotFound``."""
    edition = _edition_with(office, actor, draft_id, field_key)
    input_name = f"f_{field_key}"
    with office.store.write():
        draft = _find(office, actor, draft_id)
        held = [*draft.raw.get(input_name, []), attachment.id]
        _write(office, actor, draft, draft.raw | {input_name: held}, edition)
        office.note(
            draft.unit_id,
            actor.id,
            "attachment_added",
            draft=draft.id,
            attachment=attachment.id,
        )


def detach(office: Office, actor: Account, draft_id: str, field_key: str, attachment_id: str) -> Draft:
    """Take an uploaded file out of the draft's field; raises ``NotFound``."""
    edition = _edition_with(office, actor, draft_id, field_key)
    with office.store.write():
        draft = _find(office, actor, draft_id)
        name = f"f_{field_key}"
        rest = [one for one in draft.raw.get(name, []) if one != attachment_id]
        draft = _write(office, actor, draft, draft.raw | {name: rest}, edition)
    return _for(office, actor, draft)


def require_files(office: Office, actor: Account, draft_id: str, field_key: str) -> None:
    """Raise ``NotFound`` unless this field of the draft asks for files."""
    _edition_with(office, actor, draft_id, field_key)


def _edition_with(office: Office, actor: Account, draft_id: str, field_key: str) -> Edition:
    """The edition in force of a draft's form, which asks for files in this field; ``NotFound`` otherwise."""
    edition = editions.current(office, _find(office, actor, draft_id).form)
    if not any(one.key == field_key and KINDS[one.kind].holds_files for one in edition.form_type.fields):
        raise NotFound(field_key)
    return edition
