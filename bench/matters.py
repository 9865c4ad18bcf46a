"""The matters that ``bench.growth`` clones, played through the office's own acts, and one id of each kind.

In four units: a clue registered, signed and numbered, handed over and received, both filed; and a clue that
waits for its head, one sent back, one voided, and a draft. All report ``木林森``; each clone names another.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pypdf import PdfWriter

from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values, read_loosely
from andu.office import records
from andu.office.books import register
from andu.office.followup import reminders
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, prefill, submitting
from andu.office.writing.drafts import Draft
from andu.papers.checks.layout import Finding
from andu.security.accounts import Account

PASSWORD = "andu-shili-2026"  # noqa: S105 - of the sample accounts
ADDRESS = "127.0.0.1"
NAME = "木林森"
HANDED = {
    "handed_over_at": "2026-11-22T09:02",
    "feedback_by": "2026-12-20",
    "received_at": "2026-11-22T09:02",
}
HOMES = (
    ("zhangsan", "lisi"),
    ("zhengshier", "chenshisan"),
    ("qianyi", "fenger"),
    ("weishiwu", "jiangshiliu"),
)
"""Clerk and head of each unit where matters begin."""


def blank_pdf(_docx: bytes, asked_by: str | None = None) -> bytes:
    """One empty page, instead of LibreOffice."""
    pdf = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(pdf)
    return pdf.getvalue()


def nothing_wrong(_docx: bytes, _pdf: bytes, _kind: str) -> list[Finding]:
    """Instead of the layout checker, which has nothing to measure on an empty page."""
    return []


@dataclass(frozen=True)
class Graph:
    """Records that belong together, and drafts; how many have a number; ``share`` of all clones."""

    records: tuple[str, ...]
    drafts: tuple[str, ...]
    papers: int
    share: float


class Matters:
    """One matter of each kind in each unit."""

    def __init__(self, office: Office, people: Mapping[str, Account]) -> None:
        self.office, self.people = office, people
        self.first: dict[str, str] = {}
        self._graphs = [graph for clerk, head in HOMES for graph in self._of(people[clerk], people[head])]
        source = self.first["filed"]
        referring = prefill.start_from(office, people["wangwu"], "clue_review", source)
        self.first["referring"] = referring.id
        reminders.write_due(office)

    def graphs(self) -> list[Graph]:
        """What is to be cloned, and how often each."""
        return self._graphs

    def names(self) -> dict[str, str]:
        """The ids that pages are asked for: filed, waiting, draft, referring."""
        return dict(self.first)

    def _of(self, clerk: Account, head: Account) -> list[Graph]:
        director, receiver = self.people["zhaoliu"], self.people["wangwu"]
        clue = self._clue(clerk, head)
        over = self.draft(clerk, "clue_handover", clue.id, receiver_unit="shb", **HANDED)
        handed = submitting.submit(self.office, clerk, over.id, over.raw, over.revision)
        self.sign(clerk, handed.id)
        self.sign(receiver, handed.id)
        waiting = self._handed_in(clerk)
        self.sign(clerk, waiting.id)
        back = self._handed_in(clerk)
        self.sign(clerk, back.id)
        signatures.decline(self.office, head, back.id, 1, "请补充地点。", PASSWORD, ADDRESS)
        gone = self._clue(clerk, head)
        self.void(director, gone.id)
        draft = self.draft(clerk, "clue_registration")
        for kind, one in (("filed", clue), ("waiting", waiting), ("draft", draft)):
            self.first.setdefault(kind, one.id)
        return [
            Graph((clue.id, handed.id), (), 2, 0.95),
            Graph((waiting.id,), (), 0, 0.02),
            Graph((back.id,), (), 0, 0.005),
            Graph((gone.id,), (), 1, 0.02),
            Graph((), (draft.id,), 0, 0.005),
        ]

    def _clue(self, clerk: Account, head: Account) -> Record:
        record = self._handed_in(clerk)
        self.sign(clerk, record.id)
        return self.sign(head, record.id)

    def _handed_in(self, clerk: Account) -> Record:
        draft = self.draft(clerk, "clue_registration")
        return submitting.submit(self.office, clerk, draft.id, draft.raw, draft.revision)

    def draft(self, clerk: Account, slug: str, source: str | None = None, **answers: Any) -> Draft:
        """A draft that can be handed in: the form's sample, over what is carried over from ``source``."""
        office = self.office
        begun = (
            prefill.start_from(office, clerk, slug, source) if source else drafts.start(office, clerk, slug)
        )
        form_type = drafts.form_type_of(office, begun)
        directory = OfficeDirectory(office, clerk)
        if slug == "clue_registration":
            answers |= {"summary": f"反映{NAME}强买强卖", "reported": [{"name": NAME, "sex": "男"}]}
        known = {**read_loosely(form_type, begun.raw, directory), **answers}
        values = samples.sample(form_type, directory, given=known)
        raw = raw_from_values(form_type, values)
        return drafts.save(office, clerk, begun.id, raw, begun.revision).draft

    def sign(self, person: Account, record_id: str) -> Record:
        """Sign the slot whose turn it is, with the sample's answers."""
        office = self.office
        record = records.find(office, record_id)
        slot = signatures.signable(office, person, record)
        if slot is None:
            raise SystemExit(f"{person.name} cannot sign {record.title}")
        form_type = records.form_type_of(office, record)
        directory = OfficeDirectory(office, person)
        given = {**record.values, **{key: HANDED[key] for key in slot.fields if key in HANDED}}
        values = samples.sample(form_type, directory, given=given)
        raw = raw_from_values(form_type, {key: values[key] for key in slot.fields if key in values})
        return signatures.sign(
            office, person, record_id, slot.key, record.version, "同意", "", raw, ADDRESS, at_the_machine=True
        )

    def void(self, director: Account, record_id: str) -> None:
        """Void its number."""
        entry = register.of_record(self.office, director, record_id)
        if entry is None:
            raise SystemExit(f"{record_id} has no number")
        voiding.void(self.office, director, entry.id, "重复登记", PASSWORD, ADDRESS)
