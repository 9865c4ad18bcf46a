"""What a record's page says of it: the answers in words, its history in sentences; who looked.

Read-only, but for the audit events of looking. Called by the record and signing views.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS
from andu.office import events, records
from andu.office.desk import standing
from andu.office.errors import Refused
from andu.office.events import Event
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.writing import attachments, reach
from andu.office.writing.attachments import Attachment
from andu.papers.checks import layout
from andu.security import naming
from andu.security.accounts import Account
from andu.store import Altered, Missing


@dataclass(frozen=True)
class Answer:
    """One answered question: ``text``, or for a table ``columns`` (key, label) and ``rows``."""

    key: str
    label: str
    text: str
    columns: tuple[tuple[str, str], ...] = ()
    rows: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Happening:
    """One line of a record's history. ``at`` is stored UTC text."""

    at: str
    sentence: str


# --- answers --------------------------------------------------------------------------------------


def answers(office: Office, actor: Account, record: Record) -> list[tuple[str, list[Answer]]]:
    """The open answers by section, those of signers included; unanswered questions are left out."""
    values = events.answers(office, record.id, record.values)
    form_type = records.form_type_of(office, record)
    shown = form_type.shown(values)
    directory = OfficeDirectory(office, records.author(office, record.author_id), on_screen=True)
    sections = []
    for section in form_type.sections:
        fields = [field for field in section.fields if field.key in shown and not field.confidential]
        answered = [field for field in fields if is_filled(values.get(field.key))]
        found = [answer_of(field, values[field.key], directory) for field in answered]
        sections.append((section.title, found))
    return [(title, found) for title, found in sections if found]


def confidential_answers(
    office: Office, actor: Account, record: Record, values: Mapping[str, Any]
) -> list[Answer]:
    """Confidential answers in words; ``values`` come from ``confidential.reveal``, which checks and notes."""
    directory = OfficeDirectory(office, actor, on_screen=True)
    fields = records.form_type_of(office, record).fields
    return [
        answer_of(field, values[field.key], directory) for field in fields if is_filled(values.get(field.key))
    ]


def answer_of(field: Field, value: Any, directory: OfficeDirectory) -> Answer:
    """One question and its answer in words, also where there is none."""
    kind = KINDS[field.kind]
    printed = kind.printed(field, value, directory)
    if field.columns:
        columns = tuple((one.key, one.label) for one in field.columns)
        return Answer(field.key, field.label, "", columns, printed)
    text = printed if isinstance(printed, str) else kind.ledger(field, value, directory)
    return Answer(field.key, field.label, text)


# --- history --------------------------------------------------------------------------------------


def history(office: Office, record: Record) -> list[Happening]:
    """What happened, the latest first."""
    names = naming.in_office(office.store)
    form_type = records.form_type_of(office, record)
    return [
        Happening(event.at, _sentence(event, names, form_type))
        for event in reversed(events.of(office, record.id))
    ]


def case_history(office: Office, papers: Sequence[Record]) -> list[tuple[Record, Happening]]:
    """What happened to all of them, the latest first."""
    told = [(record, happening) for record in papers for happening in history(office, record)]
    return sorted(told, key=lambda one: one[1].at, reverse=True)


def _sentence(event: Event, names: Mapping[str, str], form_type: FormType) -> str:
    said = _said(event, names)
    slot = next((one for one in form_type.signatures.slots if one.key == said.get("slot")), None)
    if slot:
        said["slot"] = slot.label
    if event.event == "signers_recused":
        said["recused"] = _recused_words(said, form_type)
    return _wording(event.event, said, bool(slot and slot.after_number)) % said


def _said(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    """What an event holds, with its people as they are called."""
    said = {"opinion": "", **event.data, "name": names.get(event.actor_id or "", "")}
    said["opinion"] = said["opinion"] or "同意"
    if event.event == "record_signed":  # by hand, whoever entered it is not who signed
        signer = event.data.get("account_id") or event.actor_id
        said["name"] = events.in_place_of(
            _still(names, signer, event.data["name"]),
            _still(names, event.data.get("for_id"), event.data.get("for_name", "")),
            event.data.get("recused", ""),
        )
    elif "to" in said:
        said["to"] = _still(names, said.get("account_id"), said["to"])
    if event.event in ("signature_declined", "record_revised"):
        said["reason"] = event.why
    if "remarks" in said:
        said["remarks"] = " ".join(map(layout.told, said["remarks"]))
    if event.event == "number_refused":
        said["reason"] = standing.refused_words(event)
    return said


def _wording(event: str, said: Mapping[str, Any], after_number: bool) -> str:
    """The sentence of an event, its words still to be put in."""
    return {
        "record_submitted": _("%(name)s 提交"),
        "record_revised": _("%(reason)s"),
        "signers_recused": _("%(recused)s"),
        "record_signed": _signed_words(said.get("how") == "paper", after_number),
        "signature_declined": _("%(reason)s"),
        "namesake_noted": _("%(name)s 认定：%(to)s 与写到的人同名，不是本人。%(words)s"),
        "namesake_unnoted": _("%(name)s 收回对 %(to)s 的同名认定。%(words)s"),
        "slot_given": _("%(name)s 把“%(slot)s”改由 %(to)s 签字"),
        "record_taken_over": _("%(name)s 办理交接，由 %(to)s 接办"),
        "deadline_taken_over": _("%(name)s 办理交接，“%(label)s”由 %(to)s 接办"),
        "unit_merged": _("%(was)s并入%(now)s，由%(now)s接办"),
        "scan_filed": (
            _("%(name)s 归档已签章文书的扫描件")
            if said.get("kind") == "sealed"
            else _("%(name)s 归档第 %(version)s 稿签字页的扫描件")
        ),
        "paper_remarked": _("版式提醒：%(remarks)s"),
        "number_refused": _("没有取号：%(reason)s"),
        "number_allotted": _("取号 %(number)s"),
        "paper_filed": _("文书归档"),
        "number_voided": _("%(name)s 作废编号 %(number)s，理由：%(reason)s"),
        "deadline_met": _("%(name)s 注明“%(label)s”已办结：%(words)s"),
        "extension_asked": _("%(name)s 申请把“%(label)s”延期到 %(until)s，理由：%(words)s"),
        "extension_granted": _("%(name)s 同意把“%(label)s”延期到 %(until)s"),
        "extension_refused": _("%(name)s 不同意把“%(label)s”延期到 %(until)s，理由：%(words)s"),
    }[event]


def _recused_words(said: Mapping[str, Any], form_type: FormType) -> str:
    """Who must stand aside, and which signatures somebody else gives for that."""
    people = "、".join(said["people"].values())
    labels = "".join(f"“{form_type.slot(key).label}”" for key in said["slots"])
    if not labels:
        return _("%(people)s是这件事里写到的人，应当回避，不在这份材料上签字", people=people)
    return _(
        "%(people)s是这件事里写到的人，应当回避：%(labels)s改由办公室定好的人签", people=people, labels=labels
    )


def _still(names: Mapping[str, str], account_id: str | None, then: str) -> str:
    """What somebody was called then, told apart from others if they are called so still."""
    now = names.get(account_id or "", "")
    return now if then and now.startswith(then) else then


def _signed_words(in_ink: bool, is_receipt: bool) -> str:
    return {
        (False, False): _("%(name)s 在“%(slot)s”处签字，意见：%(opinion)s"),
        (False, True): _("%(name)s 在“%(slot)s”处签收，意见：%(opinion)s"),
        (True, False): _("%(name)s 在“%(slot)s”处手签，意见：%(opinion)s（%(confirmed_by)s 核对录入）"),
        (True, True): _("%(name)s 在“%(slot)s”处手签签收，意见：%(opinion)s（%(confirmed_by)s 核对录入）"),
    }[in_ink, is_receipt]


def remarks(office: Office, record: Record) -> list[str]:
    """What the layout checker advised on the version that is now under way; none once it has its number."""
    told = [one.data for one in events.of(office, record.id) if one.event == "paper_remarked"]
    last = told[-1] if told and record.may_change else {}
    return list(map(layout.told, last["remarks"])) if last.get("version") == record.version else []


# --- what may follow, and looking -----------------------------------------------------------------


def note_viewed(office: Office, actor: Account, record: Record) -> None:
    """Note in the audit log that this person looked."""
    office.note(record.unit_id, actor.id, "record_viewed", record=record.id)


def attached_openly(office: Office, record: Record) -> list[Attachment]:
    """The files of a record's present version, but those that a confidential answer holds."""
    answers = events.answers(office, record.id, record.values)
    open_fields = [one for one in records.form_type_of(office, record).fields if not one.confidential]
    held = {file for one in open_fields if KINDS[one.kind].holds_files for file in answers.get(one.key) or ()}
    return [one for one in attachments.of_record(office, record.id) if one.id in held]


def attachment(office: Office, actor: Account, attachment_id: str) -> tuple[bytes, Attachment]:
    """An attached file of a record or draft this person may see; notes the download.

    Raises ``NotFound``, ``NotAllowed`` (a draft that is shut to them) and ``Refused``.
    """
    found, unit_id = reach.in_reach(office, actor, attachment_id)
    try:
        data = office.files.get(found.sha)
    except (Missing, Altered) as fault:
        raise Refused(_("附件不见了或与上传时不符，已停止提供。请联系管理员从备份恢复。")) from fault
    office.note(unit_id, actor.id, "attachment_downloaded", attachment=found.id)
    return data, found
