"""Where a record stands, in one sentence: what it waits for, who is next, and why it has no number yet."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office import cases, events, records
from andu.office.issue import numbering
from andu.office.office import Office
from andu.office.reasons import unstopped
from andu.office.records import Record
from andu.office.signing import signatures
from andu.security import accounts, naming


@dataclass(frozen=True)
class Standing:
    """``sentence`` says where it is, ``waiting_for`` who is next, ``why_no_number`` why it has none."""

    sentence: str
    waiting_for: tuple[str, ...] = ()
    why_no_number: str = ""


def of(office: Office, record: Record) -> Standing:
    """The standing of a record now."""
    return {
        "signing": _signing,
        "returned": _returned,
        "complete": _complete,
        "numbered": _numbered,
        "filed": _filed,
        "voided": _voided,
    }[record.state](office, record)


def _number(office: Office, record: Record) -> str:
    return str(office.store.rows_where("register", "record_id = ?", [record.id])[0]["number"])


def _signing(office: Office, record: Record) -> Standing:
    wanted = signatures.signing_of(office, record).wanted
    return Standing(
        _("等待%(slots)s签字。", slots=wanted.now),
        _people(office, record),
        cases.why_late(office, record) or _("编号在全部签字完成后才取，还差：%(left)s。", left=wanted),
    )


def _people(office: Office, record: Record) -> tuple[str, ...]:
    everybody = accounts.all(office.store)
    names, in_full = naming.named(everybody), naming.in_full(everybody)
    people = [
        events.in_place_of(names[one.person.id], names[one.principal.id])
        if one.principal
        else in_full[one.person.id]
        for one in signatures.candidates(office, record)
    ]
    return tuple(people) or (_("目前没有符合条件的人员，请改由他人签字，或者联系管理员"),)


def _returned(office: Office, record: Record) -> Standing:
    last = [event for event in events.of(office, record.id) if event.event == "signature_declined"][-1]
    return Standing(
        _("已退回修改。%(reason)s", reason=last.data["reason"]),
        (naming.in_office(office.store)[record.keeper],),
        _("退回的材料修改后要重新提交、重新签字，签齐才取号。"),
    )


def _complete(office: Office, record: Record) -> Standing:
    refused = [event for event in events.of(office, record.id) if event.event == "number_refused"]
    locked = numbering.why_locked(office, records.form_type_of(office, record).series)
    return Standing(
        _("签字已齐，等待取号。"),
        (),
        locked
        or (refused[-1].data["reason"] if refused else "")
        or _("取号没有成功，系统会自动重试；一直不成功请联系管理员。"),
    )


def _numbered(office: Office, record: Record) -> Standing:
    return Standing(_("已取号 %(number)s，正在生成并归档文书。", number=_number(office, record)))


def _filed(office: Office, record: Record) -> Standing:
    sentence = _("已归档，编号 %(number)s。", number=_number(office, record))
    waits = receipt(office, record)
    return Standing(sentence + waits, _people(office, record)) if waits else Standing(sentence)


def receipt(office: Office, record: Record) -> str:
    """Whose receipt a filed record waits for, in one sentence; empty when for nobody's."""
    if not record.awaits_receipt:
        return ""
    return _("等待%(slots)s签收。", slots=signatures.signing_of(office, record).wanted.now)


def _voided(office: Office, record: Record) -> Standing:
    last = [event for event in events.of(office, record.id) if event.event == "number_voided"][-1]
    return Standing(
        _(
            "编号 %(number)s 已由 %(name)s 作废，理由：%(reason)s。",
            **{k: unstopped(last.data[k]) for k in ("number", "name", "reason")},
        )
    )
