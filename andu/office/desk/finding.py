"""One search over everything a person may open: drafts, records in every state, and the cases they belong to.

Called by the page 搜索 and by the box in the head of every page. Records are found by what stands in them, by
number, person, unit, form and day (``record_words``), the latest handed in first; a page begins behind a
place in that order, so that each costs the same however many there are. Reads only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu import folding
from andu.office import record_words, records
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.records import Record
from andu.office.scope import records_for
from andu.office.signing import signatures
from andu.office.writing import draft_words, drafts
from andu.office.writing.drafts import Draft
from andu.security import units
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import verbs

PAGE = 20


@dataclass(frozen=True)
class FoundRecord:
    """A record that has the words: ``form`` in words, ``number`` empty while it has none.

    ``to_sign``: it waits for the very person who asks. ``place``: where it stands in the order.
    """

    record: Record
    form: str
    unit: str
    number: str
    to_sign: bool
    place: int


@dataclass(frozen=True)
class FoundDraft:
    """A draft of the own unit that has the words; ``about`` may be empty."""

    draft: Draft
    form: str
    about: str


@dataclass(frozen=True)
class FoundPage:
    """What was found: drafts on the first page only; ``cases``: case id → what the case is called.

    ``older``: the place behind which the next page begins, None on the last. ``is_cut``: more records have
    the words than were looked at.
    """

    drafts: Sequence[FoundDraft]
    records: Sequence[FoundRecord]
    cases: Mapping[str, str]
    older: int | None = None
    is_cut: bool = False


def page(office: Office, actor: Account, text: str, before: int | None = None, size: int = 0) -> FoundPage:
    """What has every word of ``text`` and this person may open, behind the place ``before``.

    ``size`` records at most, a page of them if 0. Raises ``NotAllowed``.
    """
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查找材料。"))
    asked = record_words.with_everything(office, text)
    if not asked:
        return FoundPage([], [], {})
    size = size or PAGE
    rows = _rows(office, actor, asked, before, size + 1)
    found = [_found(office, actor, row) for row in rows[:size]]
    found.sort(
        key=lambda one: folding.fold(one.number) != folding.fold(text)
    )  # the number itself comes first
    return FoundPage(
        drafts=[] if before else _drafts(office, actor, text),
        records=found,
        cases=_cases(office, actor, found),
        older=rows[size - 1]["place"] if len(rows) > size else None,
        is_cut=_is_cut(office, asked, before) and len(rows) <= size,
    )


_ROW = verbs.word_row("record_text")
_NEWEST = (
    f"SELECT {_ROW} AS place FROM record_text WHERE {verbs.saying('record_text')} AND {_ROW} < ?"
    f" ORDER BY {_ROW} DESC LIMIT ?"
)
_FIRST = 2**62


def _rows(office: Office, actor: Account, asked: str, before: int | None, most: int) -> list[dict[str, Any]]:
    scope, params = records_for(office, actor)
    return office.store.query(
        "SELECT record.*, hit.place, coalesce(register.number, '') AS number, unit.name AS unit"
        f" FROM ({_NEWEST}) AS hit CROSS JOIN record_word CROSS JOIN record CROSS JOIN unit"
        " LEFT JOIN register ON register.record_id = record.id"
        f" WHERE record_word.id = hit.place AND record.id = record_word.record_id"
        f" AND unit.id = record.unit_id AND {scope} ORDER BY hit.place DESC LIMIT ?",
        [asked, before or _FIRST, record_words.MOST_MATCHED, *params, most],
    )


def _is_cut(office: Office, asked: str, before: int | None) -> bool:
    hits = [asked, before or _FIRST, record_words.MOST_MATCHED]
    rows = office.store.query(f"SELECT count(*) AS n FROM ({_NEWEST}) AS hit", hits)
    return int(rows[0]["n"]) >= record_words.MOST_MATCHED


def _found(office: Office, actor: Account, row: dict[str, Any]) -> FoundRecord:
    more = {name: row[name] for name in ("place", "number", "unit")}
    record = records.record_of({name: value for name, value in row.items() if name not in more})
    may_wait = record.state == "signing" or record.awaits_receipt
    to_sign = may_wait and may(actor, "sign_named") and signatures.turn(office, actor, record) is not None
    return FoundRecord(record, _title(office, record.form), to_sign=to_sign, **more)


def _title(office: Office, slug: str) -> str:
    form_type = office.catalogue.get(slug)
    return form_type.title if form_type else slug


def _drafts(office: Office, actor: Account, text: str) -> list[FoundDraft]:
    """The drafts of the own unit whose form, unit or open words fit."""
    mine, names = drafts.mine(office, actor), units.names(office.store)
    about = draft_words.about(office, actor, mine)
    return [
        FoundDraft(one, _title(office, one.form), about[one.id])
        for one in mine
        if folding.fits(text, " ".join(_open_words(office, one, names)))
    ]


def _open_words(office: Office, draft: Draft, names: Mapping[str, str]) -> list[str]:
    form_type = drafts.form_type_of(office, draft)
    typed = [
        text
        for name, texts in draft.raw.items()
        if not drafts.is_confidential(form_type, name)
        for text in texts
    ]
    return [form_type.title, names.get(draft.unit_id, ""), *typed]


def _cases(office: Office, actor: Account, found: Sequence[FoundRecord]) -> dict[str, str]:
    """The cases of what was found, called as the record that began each, as far as it may be seen."""
    ids = list(dict.fromkeys(one.record.case_id for one in found if one.record.case_id))
    marks = ", ".join("?" * len(ids))
    begun = {one.id: one.title for one in records.select(office, actor, f"record.id IN ({marks})", ids)}
    return {one: begun.get(one, "") for one in ids}
