"""Submitting: a draft becomes a record or its next version. Owns ``record_version``.

What was signed is the data of a version; a new version voids the signatures given on the old one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from andu.clock import stamp
from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import AnswerForm, build
from andu.formtypes.kinds import KINDS
from andu.office import cases, editions, events, offering, records
from andu.office.books import closed_months, consequences
from andu.office.editions import Edition
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, NotPrinted, Refused
from andu.office.events import Recusal
from andu.office.issue import issuing, snapshot
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.timing import closing_early, return_counts, returns
from andu.office.turns import slots
from andu.office.writing import (
    attachments,
    carried_words,
    confidential,
    drafts,
    leaks,
    reach,
    rescuing,
    signable,
    sources,
    trying,
)
from andu.office.writing.drafts import Draft, EditedMeanwhile, Raw
from andu.office.writing.late import HandedInMeanwhile
from andu.papers.checks.layout import Finding
from andu.security import pair_boxes
from andu.security.accounts import Account

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def answer_form(office: Office, actor: Account, draft: Draft) -> AnswerForm:
    """The draft's web form with everything typed so far, not yet validated."""
    form_type = drafts.form_type_of(office, draft)
    shown = [
        field.key
        for field in form_type.clerk_fields
        if not field.confidential or drafts.sees_confidential(actor, draft.sealed_to)
    ]
    return build(form_type, OfficeDirectory(office, actor), shown, now=office.clock.now())(
        MultiDict(draft.raw)
    )


def submit(office: Office, actor: Account, draft_id: str, raw: Raw, base_revision: int) -> Record:
    """Turn a draft into a record, or into the next version of the record it belongs to.

    Saves first, so that nothing typed is lost. Submitting the same draft twice gives the same record.
    The edition in force now is the one that is judged, tried out and kept, whatever is published meanwhile.
    Raises ``NotFound``, ``EditedMeanwhile``, ``InvalidAnswers``, ``NotAllowed``, ``Refused`` (when
    the paper cannot be filled with these answers) or ``HandedInMeanwhile`` (when it was, with another text).
    """
    try:
        record = _hand_in(office, actor, draft_id, raw, base_revision)
    except NotFound:
        if office.store.get("record_version", draft_id) is None:
            raise
        record = None  # a second click, or a colleague, was quicker
    if record is None:
        found = rescuing.too_late(office, actor, draft_id, "", raw)
        if found.record is None or found.draft:
            raise HandedInMeanwhile(found)
        return found.record
    issuing.issue_when_complete(office, record.id)
    return records.find(office, record.id)


def _hand_in(office: Office, actor: Account, draft_id: str, raw: Raw, base_revision: int) -> Record | None:
    """The record, before it is numbered; None when the draft has become one already."""
    if office.store.get("record_version", draft_id) is not None:
        return None
    saved = drafts.save(office, actor, draft_id, raw, base_revision)
    if saved.conflict:
        raise EditedMeanwhile(saved.conflict)
    edition = saved.edition
    whole = drafts.with_sealed(office, actor, saved.draft)
    form = _accepted(office, actor, whole, edition)
    remarks = _tried_out(office, whole, form, edition)
    with office.store.write():
        # Looked at again under the lock: a second click, or a colleague's save, may have come in between.
        if office.store.get("record_version", draft_id) is not None:
            return None
        _refuse_changed(office, actor, whole, edition.form_type, form.values)
        record = _keep(office, actor, whole, edition, form.values)
        if remarks:
            kept = [one.as_data() for one in remarks]
            events.append(office, record.id, None, "paper_remarked", version=record.version, remarks=kept)
    return record


def _tried_out(office: Office, draft: Draft, form: AnswerForm, edition: Edition) -> tuple[Finding, ...]:
    """What the paper's checker advises; what the print does not show is said beside its field."""
    try:
        code = _code_to_come(draft, edition.form_type, form.values)
        return trying.preflight(office, draft, form.values, edition, code)
    except NotPrinted as fault:
        if not any(key in form for key in fault.by_key):
            raise
        for key, message in fault.by_key.items():
            if key in form:
                form[key].errors = [*form[key].errors, message]
        raise InvalidAnswers(form) from fault


def _refuse_changed(
    office: Office, actor: Account, draft: Draft, form_type: FormType, values: Mapping[str, Any]
) -> None:
    """Raise ``Refused`` where what was judged is no longer so."""
    if drafts.with_sealed(office, actor, draft) != draft:
        raise Refused(_("提交的同时有人保存了新内容，请看过后再提交。"))
    returns.refuse_second(office, form_type, values, draft.unit_id, draft.record_id)
    closed_months.refuse_second(office, form_type, values, draft.record_id)
    for message in cases.faults(office, actor, form_type, values).values():
        raise Refused(message)


def _accepted(office: Office, actor: Account, draft: Draft, edition: Edition) -> AnswerForm:
    """The answers when nothing is wrong with them and they can be signed; raises what ``submit`` raises."""
    if not offering.may_fill(actor, edition.form_type):
        raise NotAllowed(_("您的岗位不填写“%(title)s”。", title=edition.form_type.title))
    if draft.record_id is None and (why := editions.why_retired(office, draft.form)):
        raise Refused(why)
    form = judged(office, actor, draft, edition)
    if not form.problems:
        for key, message in signable.faults(office, actor, draft, edition, form.values).items():
            form[key].errors.append(message)
    if form.problems:
        raise InvalidAnswers(form)
    return form


def judged(office: Office, actor: Account, draft: Draft, edition: Edition | None = None) -> AnswerForm:
    """The draft's answers as they would be stored, with every fault beside its field.

    ``edition``: the one in force, where the caller has asked for it. Raises ``NotAllowed`` when confidential
    answers of somebody else are among them.
    """
    form_type = (edition or editions.current(office, draft.form)).form_type
    draft = drafts.with_sealed(office, actor, draft)
    if draft.sealed_id and not drafts.sees_confidential(actor, draft.sealed_to):
        raise NotAllowed(
            _("这份草稿里有保密内容，只能由填写它的人提交；由您接办的，请办公室主任先把保密内容移交给您。")
        )
    keys = [field.key for field in form_type.clerk_fields]
    directory = OfficeDirectory(office, actor)
    form = build(form_type, directory, keys, now=office.clock.now())(MultiDict(draft.raw))
    form.validate()
    for key, message in _faults(office, actor, draft, form_type, form.values).items():
        form[key].errors.append(message)
    return form


def _faults(
    office: Office, actor: Account, draft: Draft, form_type: FormType, values: Mapping[str, Any]
) -> dict[str, str]:
    """What the office finds wrong with answers that the form itself accepts, by the key of the field."""
    stale = carried_words.stale(office, actor, form_type, draft)
    shown = form_type.shown(values)
    found = {key: str(one) for key, one in stale.items() if key in shown}
    found |= sources.faults(office, actor, form_type, values)
    found |= cases.faults(office, actor, form_type, values)
    found |= closing_early.faults(office, form_type, values)
    found |= returns.faults(office, form_type, values, draft.unit_id, draft.record_id)
    found |= return_counts.faults(office, form_type, values, draft.unit_id)
    found |= closed_months.faults(office, form_type, values, draft.record_id)
    found |= leaks.faults(form_type, values)
    if not pair_boxes.enough(office.store):
        why = _("这一项要两位能打开举报人信息的同志都登录过，才能登记：请先让另一位登录一次")
        found |= {key: why for key in form_type.two_person_keys if values.get(key)}
    return found | _file_faults(office, actor, form_type, values)


def _file_faults(
    office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any]
) -> dict[str, str]:
    """Where a file is named that is shut to this person: no form takes it out of what they may not read."""
    shut = [
        key
        for key in _file_keys(form_type)
        if not all(reach.may_open(office, actor, one) for one in values.get(key) or ())
    ]
    return dict.fromkeys(shut, _("有一个附件已经不在，请重新上传"))


def outcome(office: Office, actor: Account, draft_id: str) -> Record | None:
    """The record that this person made of a draft, when that draft is gone because of it."""
    made = office.store.get("record_version", draft_id)
    if made is None or made["created_by"] != actor.id:
        return None
    return records.get(office, actor, made["record_id"])


def _open_to_all(form_type: FormType, values: Mapping[str, Any]) -> tuple[dict[str, Any], str, str]:
    """The answers that are not confidential, as they are stored, and their hash."""
    plain = {key: value for key, value in values.items() if key not in form_type.confidential_keys}
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return plain, data, hashlib.sha256(data.encode()).hexdigest()


def _code_to_come(draft: Draft, form_type: FormType, values: Mapping[str, Any]) -> str:
    """The check code of the record a draft becomes, where it is numbered at once: it is printed once then.

    Elsewhere none: what is signed first is another paper anyway.
    """
    if form_type.signatures.slots or draft.record_id is not None:
        return ""
    return snapshot.check_code(draft.id, 1, _open_to_all(form_type, values)[2])


def _keep(
    office: Office, actor: Account, draft: Draft, edition: Edition, values: Mapping[str, Any]
) -> Record:
    form_type = edition.form_type
    values = {**values} | {
        key: attachments.adopt(office, values[key], draft.id, draft.record_id)
        for key in _file_keys(form_type)
        if key in values
    }
    secret = {key: value for key, value in values.items() if key in form_type.confidential_keys}
    now = stamp(office.clock.now())
    plain, data, data_hash = _open_to_all(form_type, values)
    sealed_id = _sealed(office, actor, draft, form_type, values, secret) if secret else None
    changes = {
        "form_version": edition.id,
        "title": _marked(office, form_type, plain, draft.id)
        + title_of(form_type, plain, OfficeDirectory(office, actor)),
        "state": "signing" if form_type.signatures.slots else "complete",
        "data": data,
        "sealed_id": sealed_id,
        "code": _code(office, draft) if secret else "",
        "updated_at": now,
    }
    rule = slots.in_force(form_type, office.config.signature_rules)
    recused = signable.as_handed_in(office, actor, draft, edition, plain).recusal
    if draft.record_id is None:
        record_id, version = _begin(office, actor, draft, changes, data_hash, rule), 1
    else:
        record_id, version = _renew(office, actor, draft, changes, data_hash, rule)
    version_row = {"id": draft.id, "record_id": record_id, "version": version, "data": data}
    version_row |= {"sealed_id": sealed_id, "data_hash": data_hash}
    office.store.insert("record_version", version_row | {"created_by": actor.id, "created_at": now})
    for key in _file_keys(form_type):
        attachments.hand_over(office, plain.get(key, []), record_id)
    drafts.drop(office, draft)
    _note_recused(office, actor, draft, record_id, version, recused)
    (issuing.waits_no_more if form_type.signatures.slots else issuing.waits)(office, record_id)
    consequences.follow(office, record_id, "record_submitted" if version == 1 else "record_revised", actor)
    return records.find(office, record_id)


def _sealed(
    office: Office,
    actor: Account,
    draft: Draft,
    form_type: FormType,
    values: Mapping[str, Any],
    secret: dict[str, Any],
) -> str:
    """Sealed to the handlers of the case, and to the writer until the paper has its number."""
    record_id = draft.record_id or draft.id
    case_id = cases.main_case(office, form_type, values, record_id) or record_id
    two = {key: secret[key] for key in form_type.two_person_keys & secret.keys()}
    one = {key: value for key, value in secret.items() if key not in two}
    return office.vault.seal(confidential.place_of(draft.id), one, case_id, actor.id, actor.key, two)


def _file_keys(form_type: FormType) -> list[str]:
    return [field.key for field in form_type.fields if KINDS[field.kind].holds_files]


def _code(office: Office, draft: Draft) -> str:
    """What papers and lists say instead of a confidential person; the same in every version."""
    earlier = records.find(office, draft.record_id).code if draft.record_id else ""
    return earlier or "R-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(4))


def _begin(
    office: Office, actor: Account, draft: Draft, changes: Mapping[str, Any], data_hash: str, rule: str
) -> str:
    """Enter a new record; ``rule``: which signatures are enough, kept by the version whatever comes later."""
    record_id = draft.id
    office.store.insert(
        "record",
        {
            **changes,
            "id": record_id,
            "form": draft.form,
            "unit_id": draft.unit_id,
            # Whoever began the draft, even when a colleague submits it: what only the author may see
            # must not change hands.
            "author_id": draft.author_id,
            "version": 1,
            "idempotency_key": draft.id,
            "created_at": changes["updated_at"],
        },
    )
    events.append(office, record_id, actor, "record_submitted", version=1, rule=rule)
    said = {"record": record_id, "form": draft.form, "version": 1, "data_hash": data_hash}
    office.note(draft.unit_id, actor.id, "record_submitted", **said)
    return record_id


def _note_recused(
    office: Office, actor: Account, draft: Draft, record_id: str, version: int, recused: Recusal
) -> None:
    """Keep with the version who must not sign it, and which slots go to whom the office named."""
    if not recused.people:
        return
    events.append(office, record_id, actor, "signers_recused", version=version, **recused.data)
    said = {"record": record_id, "version": version, "slots": list(recused.slots)}
    office.note(draft.unit_id, actor.id, "signers_recused", people=list(recused.people), **said)


def _renew(
    office: Office, actor: Account, draft: Draft, changes: Mapping[str, Any], data_hash: str, rule: str
) -> tuple[str, int]:
    record = records.find(office, str(draft.record_id))
    if not record.may_change:
        raise Refused(_("这份材料已经编号，不能再改；确有错误的，请作废后重新办理。"))
    if draft.form != record.form or draft.unit_id != record.unit_id:
        raise NotFound(record.id)
    if record.sealed_id and not drafts.sees_confidential(actor, record.sealed_to):
        raise NotAllowed(
            _("这份材料里有保密内容，只能由填报人本人修改；由您接办的，请办公室主任先把保密内容移交给您。")
        )
    version = record.version + 1
    had = [one for one in events.signatures(events.of(office, record.id)) if one.voided is None]
    office.store.update("record", record.id, {**changes, "version": version})
    about = {"version": version, "rule": rule, "name": actor.name, "voids": bool(had)}
    events.append(office, record.id, actor, "record_revised", **about)
    said = {"record": record.id, "version": version, "data_hash": data_hash}
    office.note(record.unit_id, actor.id, "record_revised", **said)
    if had:
        office.note(
            record.unit_id,
            actor.id,
            "signatures_voided",
            record=record.id,
            version=version,
        )
    return record.id, version


def _marked(office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str) -> str:
    """What stands before the title of a record that goes before others, or whose case does."""
    word = cases.urgent_word(office, form_type, values, record_id)
    return f"【{word}】" if word else ""


def title_of(form_type: FormType, values: Mapping[str, Any], directory: OfficeDirectory) -> str:
    """What a record is called in lists: the texts of its title fields, at most 80 characters."""
    parts = []
    for key in form_type.record_title:
        field = form_type.field(key)
        if values.get(key) not in (None, "", []):
            parts.append(KINDS[field.kind].ledger(field, values[key], directory))
    return (" ".join(parts).replace("\n", " ") or form_type.title)[:80]
