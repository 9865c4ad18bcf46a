"""The register: every number ever given, its paper, and what became of it. Owns table ``register``.

Rows are written by issuing and by ``void``; nothing is ever deleted. Papers are served from the filed
bytes, checked against their hash at each reading.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import OFFICE_ZONE, stamp
from andu.office import cases, events, records, sharing
from andu.office.books import ledger_keeping
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.issue import numbering
from andu.office.office import Office
from andu.office.scope import records_for
from andu.office.timing import deadlines
from andu.security import signin
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import Altered, Missing

PAGE = 20
ACTS = {
    "download": ("download", "paper_downloaded"),
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
class Filter:
    """What to look for. ``text`` in number or title, ``person`` in author or signers; days of the office."""

    text: str = ""
    unit: str = ""
    person: str = ""
    form: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    """One page of hits, ``number`` counted from 1."""

    entries: list[Entry]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class SeriesPage:
    """All numbers of a series in one year. ``missing`` are numbers without a row and without a reason;
    ``locked`` says why it gives no number now.
    """

    key: str
    label: str
    year: int
    entries: list[Entry]
    gaps: list[Mapping[str, Any]]
    missing: list[int]
    last: int
    locked: str | None = None


_SELECT = """
    SELECT register.*, unit.name AS unit, author.name AS author, voider.name AS voider
    FROM register JOIN record ON record.id = register.record_id
    JOIN unit ON unit.id = register.unit_id JOIN account AS author ON author.id = register.author_id
    LEFT JOIN account AS voider ON voider.id = register.voided_by
"""


def _entry(row: Mapping[str, Any]) -> Entry:
    fields = {name: row[name] for name in Entry.__dataclass_fields__}
    return Entry(**{**fields, "voided_by": row["voider"]})


def _as_written(text: str) -> str:
    """A number as somebody may type it, as we write it: half-width digits, 〔〕 for any bracket."""
    return unicodedata.normalize("NFKC", text).translate(str.maketrans("[]【】()", "〔〕〔〕〔〕"))


def _like(text: str) -> str:
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _midnight(day: date) -> str:
    return stamp(datetime(day.year, day.month, day.day, tzinfo=OFFICE_ZONE))


def _conditions(what: Filter) -> tuple[list[str], list[str]]:
    table = [
        (
            what.text,
            "(register.number LIKE ? ESCAPE '\\' OR register.title LIKE ? ESCAPE '\\')",
            [_like(_as_written(what.text)), _like(what.text)],
        ),
        (
            what.person,
            "(author.name LIKE ? ESCAPE '\\' OR register.signer LIKE ? ESCAPE '\\')",
            [_like(what.person)] * 2,
        ),
        (what.unit, "register.unit_id = ?", [what.unit]),
        (what.form, "register.form = ?", [what.form]),
        (what.state, "register.state = ?", [what.state]),
        (what.since, "register.numbered_at >= ?", [_midnight(what.since)] if what.since else []),
        (
            what.until,
            "register.numbered_at < ?",
            [_midnight(what.until + timedelta(days=1))] if what.until else [],
        ),
    ]
    used = [(sql, params) for given, sql, params in table if given]
    return [sql for sql, _params in used], [value for _sql, params in used for value in params]


def search(office: Office, actor: Account, what: Filter, page: int = 1, size: int = PAGE) -> Page:
    """The lines this person may see that fit, newest number first. Raises ``NotAllowed``."""
    if not may(actor, "see_register"):
        raise NotAllowed(_("您的岗位不能查看登记簿。"))
    scope, scope_params = records_for(office, actor)
    sqls, params = _conditions(what)
    where = " AND ".join([scope, *sqls])
    params = [*scope_params, *params]
    total = office.store.query(
        "SELECT count(*) AS n FROM register JOIN record ON record.id = register.record_id"
        f" JOIN account AS author ON author.id = register.author_id WHERE {where}",
        params,
    )[0]["n"]
    rows = office.store.query(
        f"{_SELECT} WHERE {where} ORDER BY register.numbered_at DESC, register.seq DESC LIMIT ? OFFSET ?",
        [*params, size, (max(1, page) - 1) * size],
    )
    return Page([_entry(row) for row in rows], total, max(1, page))


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
    rows = office.store.query(f"{_SELECT} WHERE {where} AND {scope}", [value, *params])
    if not rows:
        raise NotFound(value)
    return _entry(rows[0])


def series_years(office: Office) -> list[tuple[str, str, int, int]]:
    """``(key, label, year, last number)`` of every series opened so far, newest year first."""
    known = office.config.series
    return [
        (key, known[key].label if key in known else key, year, numbering.counter(office, key, year))
        for key, year in sorted(numbering.opened(office), key=lambda one: (-one[1], one[0]))
    ]


def series_page(office: Office, actor: Account, key: str, year: int) -> SeriesPage:
    """All numbers of a series and year in order, with voids, explained gaps, and what is missing.

    Shows whole series, so it asks for ``see_all``, and leaves out only what is shut to this person. Raises
    ``NotAllowed``, ``NotFound``.
    """
    if not (may(actor, "see_register") and may(actor, "see_all")):
        raise NotAllowed(_("号段连续性由办公室查看；您可以在登记簿中查看本单位的文书。"))
    if key not in office.config.series or not 2000 <= year <= 2999:
        raise NotFound(key)
    in_it = "WHERE register.series = ? AND register.year = ?"
    numbers = office.store.query(f"SELECT seq FROM register {in_it}", [key, year])
    scope, params = records_for(office, actor)
    rows = office.store.query(f"{_SELECT} {in_it} AND {scope} ORDER BY register.seq", [key, year, *params])
    gaps = office.store.rows_where("gap", "series = ? AND year = ?", [key, year], order_by="first")
    last = numbering.counter(office, key, year)
    explained = {n for gap in gaps for n in range(gap["first"], gap["last"] + 1)}
    there = {row["seq"] for row in numbers} | explained
    missing = [n for n in range(1, last + 1) if n not in there]
    label = office.config.series[key].label
    locked = numbering.why_locked(office, key) if year == numbering.this_year(office) else None
    return SeriesPage(key, label, year, [_entry(row) for row in rows], list(gaps), missing, last, locked)


def void(office: Office, actor: Account, register_id: str, reason: str, password: str, address: str) -> Entry:
    """作废: the number stays in the register with its reason and is never given again.

    Raises ``NotFound``, ``NotAllowed``, ``Refused`` (no reason, or voided already), ``SignInRefused``.
    """
    found = entry(office, actor, register_id)
    if not may(actor, "void_number"):
        raise NotAllowed(_("作废编号须由办公室主任办理。"))
    if not reason.strip():
        raise Refused(_("请写明作废的理由，登记簿要留存。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        if entry(office, actor, register_id).state == "voided":
            raise Refused(_("这个编号已经作废过了。"))
        now = stamp(office.clock.now())
        changes = {"state": "voided", "void_reason": reason.strip(), "voided_by": actor.id, "voided_at": now}
        office.store.update("register", register_id, changes)
        office.store.update("record", found.record_id, {"state": "voided", "awaits_receipt": False})
        sharing.after_voiding(office, records.find(office, found.record_id))
        cases.reopen(office, found.record_id)
        deadlines.reopen(office, found.record_id)
        events.append(
            office,
            found.record_id,
            actor,
            "number_voided",
            number=found.number,
            reason=reason.strip(),
            name=actor.name,
        )
        office.note(found.unit_id, actor.id, "number_voided", register=register_id, number=found.number)
        ledger_keeping.refresh(office, found.record_id)
    return entry(office, actor, register_id)


def serve(office: Office, actor: Account, register_id: str, media: str, act: str) -> tuple[bytes, str]:
    """The filed bytes and the file name people see; ``media`` docx or pdf, ``act`` download, print or view.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` when the paper is not filed yet or its file is
    missing or differs from what was filed.
    """
    found = entry(office, actor, register_id)
    permission, event = ACTS[act]
    if not may(actor, permission):
        raise NotAllowed(_("您的岗位不能下载或打印文书。"))
    sha = {"docx": found.docx_sha, "pdf": found.pdf_sha}[media]
    if sha is None:
        raise Refused(_("文书正在生成，请稍后再试。"))
    try:
        data = office.files.get(sha)
    except Missing as error:
        raise Refused(_("归档文件不见了，已停止提供。请联系管理员从备份恢复。")) from error
    except Altered as error:
        raise Refused(_("归档文件与登记的摘要不符，可能被改动过，已停止提供。请联系管理员。")) from error
    office.note(
        found.unit_id,
        actor.id,
        event,
        register=found.id,
        number=found.number,
        **({"kind": media} if act == "download" else {}),
    )
    form_type = office.catalogue.get(found.form)
    return data, f"{found.number} {form_type.title if form_type else found.form}.{media}"
