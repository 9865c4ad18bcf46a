"""Text that comes in for a draft that is gone: handed in meanwhile, or thrown away. None of it is lost."""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.filling.webform import keep_raw
from andu.office import editions, offering, records
from andu.office.errors import NotAllowed, NotFound
from andu.office.office import Office
from andu.office.writing import carried, drafts, late, revising
from andu.office.writing.drafts import Draft, Raw
from andu.office.writing.late import Late
from andu.security.accounts import Account


def too_late(office: Office, actor: Account, draft_id: str, slug: str, raw: Raw) -> Late:
    """Keep what came in for a draft that is gone, where it says something else than what was handed in.

    Raises ``NotFound`` for what never was a draft of this person's unit: nothing is made then.
    """
    made = office.store.get("record_version", draft_id)
    if made is None:
        if not late.was_thrown_away(office, actor, draft_id):
            raise NotFound(draft_id)
        return Late(None, rescue(office, actor, draft_id, slug, raw))
    record = records.get(office, actor, made["record_id"])
    if not actor.is_of(record.unit_id):
        raise NotFound(draft_id)
    found = late.differences(office, actor, record, made, raw)
    return Late(record, rescue(office, actor, draft_id, slug, raw) if found else None, found)


def rescue(office: Office, actor: Account, draft_id: str, slug: str, raw: Raw) -> Draft:
    """Keep what somebody typed into a draft that is gone meanwhile: submitted, or thrown away.

    The text becomes a draft of their own; of the same record, where this person may revise it. ``slug``
    counts only for a draft that was thrown away. Raises ``NotFound`` or ``NotAllowed``.
    """
    made = office.store.get("record_version", draft_id)
    if made is None:
        form_type = editions.current(office, slug).form_type
        if not offering.may_fill(actor, form_type):
            raise NotAllowed(_("您的岗位不填写“%(title)s”。", title=form_type.title))
        return _rescued(office, actor, slug, keep_raw(form_type, raw), draft_id, None)
    record = records.get(office, actor, made["record_id"])
    if not actor.is_of(record.unit_id):
        raise NotFound(draft_id)
    raw = keep_raw(editions.current(office, record.form).form_type, raw)
    revised = record.id if revising.may_revise(office, actor, record) else None
    return _rescued(office, actor, record.form, raw, draft_id, revised)


def _rescued(
    office: Office, actor: Account, form: str, raw: Raw, instead_of: str, record_id: str | None
) -> Draft:
    """A draft with this text, the same when it is sent again."""
    for row in office.store.rows_where(
        "draft",
        "author_id = ? AND form = ? AND record_id IS NOT DISTINCT FROM ?",
        [actor.id, form, record_id],
    ):
        known = drafts.get(office, actor, row["id"])
        if known.raw == raw:
            return known
    edition = editions.current(office, form)
    memory = carried.derived(office, actor, edition.form_type, raw)
    return drafts.insert(
        office, actor, form, raw, instead_of=instead_of, edition=edition, memory=memory, record_id=record_id
    )
