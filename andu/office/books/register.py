"""The register: every number ever given, its paper, and what became of it. Owns table ``register``.

Rows are written by ``issue.issuing`` and ``issue.voiding``; nothing is ever deleted. Papers are served from
the filed bytes, checked against their hash at each reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import midnight
from andu.office import record_words
from andu.office.books import copies
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.reasons import unstopped
from andu.office.scope import records_for, unit_seeing
from andu.papers.pdf import PdfFault, mark_void
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import Altered, Missing

COUNTED = ("download", "print")
PAGE = 20
MOST = 1000
"""So many lines are counted, and turned by their pages; beyond, one goes on from the last of them."""
ACTS = {
    "download": ("download", "paper_downloaded"),
    "send": ("download", "paper_downloaded"),
    "print": ("print", "paper_printed"),
    "view": ("see_register", "paper_viewed"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the register. ``signer`` holds the signers' names, ``author`` the clerk's."""

    id: str
    series: str
    year: int
    seq: int
    number: str
    record_id: str
    form: str
    title: str
    unit_id: str
    unit: str
    author: str
    author_id: str
    signer: str
    state: str
    docx_sha: str | None
    pdf_sha: str | None
    void_reason: str | None
    voided_by: str | None
    voided_at: str | None
    numbered_at: str
    filed_at: str | None


@dataclass(frozen=True)
class RegisterFilter:
    """What to look for. ``text`` in number or title, ``person`` in author or signers; days of the office."""

    text: str = ""
    unit: str = ""
    person: str = ""
    form: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class RegisterPlace:
    """Where in the order of the register a line stands: behind all that were numbered later."""

    numbered_at: str
    seq: int
    record_id: str


@dataclass(frozen=True)
class RegisterPage:
    """One page of hits, ``number`` counted from 1, of at most ``MOST`` in all: ``older`` is where to go on.

    ``is_more``: there are more than ``total``. ``is_cut``: more records have the words than were looked at.
    """

    entries: list[Entry]
    total: int
    number: int
    is_more: bool = False
    is_cut: bool = False
    older: RegisterPlace | None = None

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


SELECT = """
    SELECT register.*, unit.name AS unit, author.name AS author, voider.name AS voider
    FROM register JOIN record ON record.id = register.record_id
    JOIN unit ON unit.id = register.unit_id JOIN account AS author ON author.id = register.author_id
    LEFT JOIN account AS voider ON voider.id = register.voided_by
"""
"""Rows of the register with the names of unit, author and voider; a condition follows."""


def entry_of(row: Mapping[str, Any]) -> Entry:
    """An entry of a row that ``SELECT`` gave."""
    fields = {name: row[name] for name in Entry.__dataclass_fields__}
    return Entry(**{**fields, "voided_by": row["voider"]})


Sql = tuple[str, list[Any]]


def _conditions(office: Office, what: RegisterFilter) -> list[Sql]:
    """What a line must be beside the words that are asked for."""
    used: list[Sql] = []
    if what.since:
        used.append(("register.numbered_at >= ?", [midnight(what.since)]))
    if what.until:
        used.append(("register.numbered_at < ?", [midnight(what.until + timedelta(days=1))]))
    if what.unit:
        merged = [row["id"] for row in office.store.rows_where("unit", "merged_into = ?", [what.unit])]
        marks = ", ".join("?" * len([what.unit, *merged]))
        used.append((f"register.unit_id IN ({marks})", [what.unit, *merged]))
    named = {"form": what.form, "state": what.state}
    return used + [(f"register.{name} = ?", [value]) for name, value in named.items() if value]


def _hits(office: Office, what: RegisterFilter) -> list[Sql]:
    """The newest records that have the words asked for, by text and by person."""
    asked = [record_words.newest_saying(what.text)] if what.text else []
    return asked + ([record_words.newest_of_people(office, what.person)] if what.person else [])


def _walked(actor: Account, hits: Sequence[Sql]) -> tuple[str, str, list[Any]]:
    """What is gone through in order, the table that holds the order, and the parameters.

    The few records that have the words; else the lines that a unit sees, or all there are.
    """
    unit_id = unit_seeing(actor)
    if hits:
        return f"({hits[0][0]}) AS hit CROSS JOIN record CROSS JOIN register", "register", hits[0][1]
    if unit_id is None:
        return "register CROSS JOIN record", "register", []
    seen = "(SELECT * FROM record_sight WHERE unit_id = ? AND numbered_at IS NOT NULL) AS sight"
    return f"{seen} CROSS JOIN record CROSS JOIN register", "sight", [unit_id]


def _found(
    office: Office, actor: Account, what: RegisterFilter, before: RegisterPlace | None
) -> tuple[str, str, list[Any]]:
    """FROM and WHERE of the lines that fit, the order they stand in, and the parameters."""
    hits = _hits(office, what)
    walked, table, params = _walked(actor, hits)
    joined: list[Sql] = [("register.record_id = record.id", [])]
    if hits:
        joined.append(("record.id = hit.record_id", []))
    elif table == "sight":
        joined.append(("record.id = sight.record_id", []))
        joined += [("sight.form = ?", [what.form])] if what.form else []
    joined += [(f"record.id IN ({sql})", more) for sql, more in hits[1:]]
    order = [f"{table}.{name}" for name in ("numbered_at", "seq", "record_id")]
    if before:
        place = [before.numbered_at, before.seq, before.record_id]
        joined.append((f"({', '.join(order)}) < (?, ?, ?)", place))
    every = [*joined, records_for(office, actor), *_conditions(office, what)]
    where = " AND ".join(sql for sql, _params in every)
    params = params + [value for _sql, more in every for value in more]
    return f"{walked} WHERE {where}", ", ".join(f"{name} DESC" for name in order), params


def search(
    office: Office,
    actor: Account,
    what: RegisterFilter,
    page: int = 1,
    size: int = PAGE,
    before: RegisterPlace | None = None,
) -> RegisterPage:
    """The lines this person may see that fit, newest number first; those behind ``before``, if given.

    Costs the same however many lines there are. Raises ``NotAllowed``.
    """
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看登记簿。"))
    found, order, params = _found(office, actor, what, before)
    fitting = f"SELECT register.id FROM {found} ORDER BY {order} LIMIT ?"
    ids = [row["id"] for row in office.store.query(fitting, [*params, max(MOST + 1, size)])]
    total = len(ids)
    number = min(max(1, page), max(1, MOST // size))
    entries = _entries(office, ids[(number - 1) * size : number * size])
    last = entries[-1] if entries and total > MOST and number * size >= MOST else None
    return RegisterPage(
        entries=entries,
        total=min(total, MOST),
        number=number,
        is_more=total > MOST,
        is_cut=any(_is_cut(office, *one) for one in _hits(office, what)),
        older=RegisterPlace(last.numbered_at, last.seq, last.record_id) if last else None,
    )


def _is_cut(office: Office, sql: str, params: list[Any]) -> bool:
    rows = office.store.query(f"SELECT count(*) AS n FROM ({sql}) AS hit", params)
    return int(rows[0]["n"]) >= record_words.MOST_MATCHED


def _entries(office: Office, ids: Sequence[str]) -> list[Entry]:
    rows = office.store.query(f"{SELECT} WHERE register.id IN ({', '.join('?' * len(ids))})", ids)
    known = {row["id"]: entry_of(row) for row in rows}
    return [known[one] for one in ids]


def entry(office: Office, actor: Account, register_id: str) -> Entry:
    """One line; raises ``NotFound`` when it is not for this person."""
    return _one(office, actor, "register.id = ?", register_id)


def of_record(office: Office, actor: Account, record_id: str) -> Entry | None:
    """The line of a record, or ``None`` while it has no number (or is not for this person)."""
    try:
        return _one(office, actor, "register.record_id = ?", record_id)
    except NotFound:
        return None


def _one(office: Office, actor: Account, where: str, value: str) -> Entry:
    scope, params = records_for(office, actor)
    rows = office.store.query(f"{SELECT} WHERE {where} AND {scope}", [value, *params])
    if not rows:
        raise NotFound(value)
    return entry_of(rows[0])


@dataclass(frozen=True)
class Served:
    """A filed paper on its way to a person: its line, its bytes, and the name its file has for them."""

    entry: Entry
    data: bytes
    name: str


def serve(
    office: Office,
    actor: Account,
    register_id: str,
    media: str,
    act: str,
    reason: str = "",
    as_filed: bool = False,
) -> tuple[bytes, str]:
    """The filed bytes and the file name people see; ``media`` docx or pdf.

    ``act`` is download, print, view, or send (for another office, or whoever sits at the machine). A print or
    a download of an internal paper is a copy: its PDF says in its foot which, a docx by its name, and the
    second needs a ``reason`` (``copies``).
    Of a voided paper every page of the PDF says 作废, and so does the name of the file; what was filed stays.
    Raises ``NotFound``, ``NotAllowed``, ``copies.ReasonNeeded``, and ``Refused`` when the paper is not filed
    yet or its file is missing or differs from what was filed.
    """
    (paper,) = serve_several(office, actor, [(register_id, media)], act, reason, as_filed)
    return paper.data, paper.name


def serve_several(
    office: Office,
    actor: Account,
    wanted: Sequence[tuple[str, str]],
    act: str,
    reason: str = "",
    as_filed: bool = False,
) -> list[Served]:
    """As ``serve`` does each (line, media) of ``wanted``: all of them or none, and each is noted.

    ``as_filed``: copies are counted and not marked, for programs, and a bundle that says the hash of each.
    """
    permission, _event = ACTS[act]
    found = [entry(office, actor, register_id) for register_id, _media in wanted]
    if not may(actor, permission):
        raise NotAllowed(_("您的岗位不能下载或打印文书。"))
    papers = [_served(office, one, media) for one, (_id, media) in zip(found, wanted, strict=True)]
    counted = [one for one in found if act in COUNTED and copies.are_counted(office, one.form)]
    said = copies.require_reason(office, [(one.id, one.number) for one in counted], reason)
    numbers = _note(office, actor, papers, [media for _id, media in wanted], act, counted, said)
    if as_filed or not numbers:
        return papers
    return [_as_copy(office, actor, one, numbers.get(one.entry.id, 0), act) for one in papers]


def _note(
    office: Office,
    actor: Account,
    papers: Sequence[Served],
    media: Sequence[str],
    act: str,
    counted: Sequence[Entry],
    reason: str,
) -> dict[str, int]:
    """Note each paper in the audit log; the number of the copy for each line that is counted."""
    with office.store.write():
        numbers = {one.id: copies.next_number(office, one.id) for one in counted}
        for paper, kind in zip(papers, media, strict=True):
            one, copy = paper.entry, numbers.get(paper.entry.id, 0)
            more = {} if act == "view" else {"copy": copy, "reason": reason if copy else ""}
            more |= {"kind": kind} if ACTS[act][0] == "download" else {}
            office.note(one.unit_id, actor.id, ACTS[act][1], register=one.id, number=one.number, **more)
    return numbers


def _as_copy(office: Office, actor: Account, paper: Served, copy: int, act: str) -> Served:
    """The copy says which it is: a PDF in its foot; a docx, whose bytes stay as filed, by its name."""
    if not copy:
        return paper
    if not paper.name.endswith(".pdf"):
        return replace(paper, name=copies.named(office, actor, paper.name, copy))
    return replace(paper, data=copies.marked(office, actor, paper.data, copy, act))


def _served(office: Office, found: Entry, media: str) -> Served:
    sha = {"docx": found.docx_sha, "pdf": found.pdf_sha}[media]
    if sha is None:
        raise Refused(_("文书正在生成，请稍后再试。"))
    try:
        data = office.files.get(sha)
    except Missing as error:
        why = _("%(number)s 的归档文件不见了，已停止提供。请联系管理员从备份恢复。", number=found.number)
        raise Refused(why) from error
    except Altered as error:
        why = _(
            "%(number)s 的归档文件与登记的摘要不符，可能被改动过，已停止提供。请联系管理员。",
            number=found.number,
        )
        raise Refused(why) from error
    name = f"{found.number} {form_title(office, found)}.{media}"
    if found.state != "voided":
        return Served(found, data, name)
    return Served(found, _marked(data) if media == "pdf" else data, f"作废 {name}")


def form_title(office: Office, found: Entry) -> str:
    """What the form of a line is called; its slug once it is gone."""
    form_type = office.catalogue.get(found.form)
    return form_type.title if form_type else found.form


def _marked(pdf: bytes) -> bytes:
    try:
        return mark_void(pdf)
    except PdfFault as fault:
        why = unstopped(str(fault))
        raise Refused(_("这份文书已经作废，不标明“作废”不能提供。%(why)s。", why=why)) from fault
