"""Where a record stands, in one sentence: what it waits for, who is next, and why it has no number yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from flask_babel import gettext as _

from andu.clock import parse_stamp
from andu.office import cases, events, records
from andu.office.errors import wrong_layout
from andu.office.events import Event
from andu.office.issue import numbering
from andu.office.office import Office
from andu.office.reasons import unstopped
from andu.office.records import Record
from andu.office.signing import signatures
from andu.papers.checks import layout
from andu.security import accounts, naming
from andu.security.accounts import Account
from andu.security.permissions import may

LONGEST_MAKING = timedelta(minutes=2)
SIGNED_ANEW = ("record_signed", "record_submitted", "record_revised")
"""After these a number is tried for anew."""


@dataclass(frozen=True)
class Standing:
    """``sentence`` says where it is, ``waiting_for`` who is next, ``why_no_number`` why it has none.

    ``is_being_made``: its number and paper come within moments; the page that shows it looks again by itself.
    """

    sentence: str
    waiting_for: tuple[str, ...] = ()
    why_no_number: str = ""
    is_being_made: bool = False


def of(office: Office, record: Record, actor: Account | None = None) -> Standing:
    """The standing of a record now; what ``actor`` may not open stays unnamed in it."""
    happened = events.of(office, record.id)
    sentence = _sentence(office, record, happened, _numbers(office, [record.id]).get(record.id, ""))
    making = is_being_made(office, record, happened)
    why = "" if making else _why_no_number(office, record, happened, actor)
    return Standing(sentence, _waiting_for(office, record), why, making)


def is_being_made(office: Office, record: Record, happened: Sequence[Event]) -> bool:
    """Whether the number or the paper of a record is on its way: all signed a moment ago, nothing refused."""
    if record.state not in ("complete", "numbered") or not happened:
        return False
    last = happened[-1]
    is_new = parse_stamp(last.at) > office.clock.now() - LONGEST_MAKING
    return is_new and last.event in ("record_signed", "record_submitted", "number_allotted")


def not_numbered(office: Office, actor: Account, most: int = 20) -> list[tuple[Record, str]]:
    """Records all have signed that got no number, each with why: of one's unit, of all for a director."""
    if not (may(actor, "fill") or may(actor, "void_number")):
        return []
    units = list(actor.units)
    where, params = f"record.unit_id IN ({', '.join('?' * len(units))})", units
    if may(actor, "void_number"):
        where, params = "1=1", []
    found = records.select(office, actor, f"record.state = 'complete' AND {where}", params, most)
    stands = [(one, of(office, one, actor)) for one in found]
    return [(one, now.why_no_number) for one, now in stands if not now.is_being_made]


def sentences(office: Office, found: Sequence[Record]) -> list[tuple[Record, str]]:
    """Where each of these records is, in one sentence, in a few readings for all."""
    ids = [record.id for record in found]
    happened, numbers = events.of_several(office, ids), _numbers(office, ids)
    return [(one, _sentence(office, one, happened.get(one.id, []), numbers.get(one.id, ""))) for one in found]


def _numbers(office: Office, record_ids: Sequence[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(record_ids))
    rows = office.store.query(
        f"SELECT record_id, number FROM register WHERE record_id IN ({marks})", record_ids
    )
    return {row["record_id"]: row["number"] for row in rows}


def _sentence(office: Office, record: Record, happened: Sequence[Event], number: str) -> str:
    last = {one.event: one for one in happened}
    if record.state == "signing":
        return _("等待%(slots)s签字。", slots=signatures.signing_of(office, record, happened).wanted.now)
    if record.state == "filed":
        return _("已归档，编号 %(number)s。", number=number) + receipt(office, record, happened)
    if record.state == "returned":
        return _("已退回修改。%(reason)s", reason=last["signature_declined"].why)
    if record.state == "voided":
        said = {key: unstopped(last["number_voided"].data[key]) for key in ("number", "name", "reason")}
        return _("编号 %(number)s 已由 %(name)s 作废，理由：%(reason)s。", **said)
    if record.state == "numbered":
        return _("已取号 %(number)s，正在生成并归档文书。", number=number)
    if is_being_made(office, record, happened):
        return _("签字已齐，正在取号、生成文书。")
    return _("签字已齐，等待取号。")


def receipt(office: Office, record: Record, happened: Sequence[Event] | None = None) -> str:
    """Whose receipt a filed record waits for, in one sentence; empty when for nobody's."""
    if not record.awaits_receipt:
        return ""
    return _("等待%(slots)s签收。", slots=signatures.signing_of(office, record, happened).wanted.now)


def _waiting_for(office: Office, record: Record) -> tuple[str, ...]:
    if record.state == "returned":
        return (naming.in_office(office.store)[record.keeper],)
    return _people(office, record) if record.state == "signing" or record.awaits_receipt else ()


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


def refused_words(event: Event) -> str:
    """Why a number was refused, in words."""
    found = event.data.get("findings")
    return wrong_layout([layout.told(one) for one in found]) if found else str(event.data["reason"])


def _why_no_number(office: Office, record: Record, happened: Sequence[Event], actor: Account | None) -> str:
    if record.state == "signing":
        left = signatures.signing_of(office, record, happened).wanted
        return cases.why_late(office, actor, record) or _(
            "编号在全部签字完成后才取，还差：%(left)s。", left=left
        )
    if record.state == "returned":
        return _("退回的材料修改后要重新提交、重新签字，签齐才取号。")
    if record.state == "complete":
        # of what was mended since, by another version or another signature, nothing is said any more
        since = takewhile(lambda one: one.event not in SIGNED_ANEW, reversed(happened))
        refused = [refused_words(one) for one in since if one.event == "number_refused"]
        locked = numbering.why_locked(office, records.form_type_of(office, record).series)
        usual = _("取号没有成功，系统会自动重试；一直不成功请联系管理员。")
        late = cases.why_late(office, actor, record)
        return locked or late or (refused[0] if refused else "") or usual
    return ""
