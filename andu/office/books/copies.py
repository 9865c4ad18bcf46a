"""Copies: each print and each download of an internal paper has a number, a person, a time and, from the
second on, a reason.

The audit log is the list of them (events ``paper_printed`` and ``paper_downloaded`` with ``copy``); nothing
else is kept. A 公文 is made to be given out, and is not counted. Called by ``register``, and to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import chinese_time, office_day
from andu.formtypes.language.keys.formkeys import INTERNAL
from andu.office import reasons
from andu.office.errors import Refused
from andu.office.office import Office
from andu.papers.pdf import PdfFault, mark_copy
from andu.security import audit, naming
from andu.security.accounts import Account

SHOWN = 20


@dataclass(frozen=True)
class Copy:
    """One copy that was handed out: its number, by which event, to whom, when (stored UTC text), and why."""

    number: int
    event: str
    actor_id: str
    at: str
    reason: str


class ReasonNeeded(Refused):
    """A second copy needs a reason; ``numbers`` are the papers of which there is one already."""

    def __init__(self, numbers: Sequence[str], message: str) -> None:
        super().__init__(message)
        self.numbers = numbers


def are_counted(office: Office, form: str) -> bool:
    """Whether copies of papers of this form type are counted; those of a type that is gone are."""
    form_type = office.catalogue.get(form)
    return form_type is None or form_type.paper == INTERNAL


def of(office: Office, register_id: str, most: int = SHOWN) -> list[Copy]:
    """The latest copies of this line of the register, the newest first."""
    found = audit.copies(office.store, register_id, most)
    return [
        Copy(one.data["copy"], one.event, one.actor_id or "", one.at, one.data["reason"]) for one in found
    ]


def require_reason(office: Office, papers: Iterable[tuple[str, str]], reason: str) -> str:
    """The reason, trimmed; raises ``ReasonNeeded`` where one of these is out and none is given."""
    again = [number for register_id, number in papers if of(office, register_id, 1)]
    if not again or reasons.is_reason(reason):
        return reason.strip()
    raise ReasonNeeded(again, reasons.too_little() if reason.strip() else "")


def next_number(office: Office, register_id: str) -> int:
    """The number of the copy that is handed out now; ask within the transaction that notes it."""
    latest = of(office, register_id, 1)
    return latest[0].number + 1 if latest else 1


def named(office: Office, actor: Account, name: str, copy: int) -> str:
    """The name of a file with the number of the copy, who took it and when."""
    stem, _dot, ending = name.rpartition(".")
    who, day = naming.in_office(office.store)[actor.id], office_day(office.clock.now())
    return f"{stem} 第{copy}份 {who} {day:%Y%m%d}.{ending}"


def marked(office: Office, actor: Account, pdf: bytes, copy: int, act: str) -> bytes:
    """The PDF with the number of the copy, who took it and when in its foot; raises ``Refused``."""
    done, name = "打印" if act == "print" else "下载", naming.in_office(office.store)[actor.id]
    words = f"第{copy}份 · {done} · {name}（{actor.unit_name}）· {chinese_time(office.clock.now())}"
    try:
        return mark_copy(pdf, words)
    except PdfFault as fault:
        why = reasons.unstopped(str(fault))
        raise Refused(_("不能标明这是第几份，没有提供。%(why)s。", why=why)) from fault
