"""What a program may read: form types, records, papers, register, ledgers, deadlines, changes."""

from __future__ import annotations

import re
from datetime import date

from flask import Response
from flask_babel import gettext as _

from andu.api import faces, places
from andu.api.operations import Answer, actor, asked, number_asked, office, operation
from andu.api.problems import Wrong
from andu.clock import stamp
from andu.formtypes.beside.ledgers import Ledger
from andu.office import access, editions, records
from andu.office.books import register
from andu.office.books.copies import ReasonNeeded
from andu.office.books.register import RegisterFilter, RegisterPlace
from andu.office.desk import changes, showing
from andu.office.errors import NotFound, Refused
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.timing import deadlines

MOST = 100
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_TEXT = {"type": "string", "maxLength": 80}
_DAY = {"type": "string", "format": "date"}
_AFTER = {"type": "string", "maxLength": 400, "description": "上一次回答里的 next"}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}


@operation("GET", "/me", "", lambda: _("令牌的主人，和令牌能办的事"), "Me")
def me() -> Answer:
    one, limit = actor(), actor().limit
    said = {"username": one.username, "name": one.name, "unit": one.unit_name, "unit_id": one.unit_id}
    forms = sorted(limit.forms) if limit and limit.forms is not None else None
    return {**said, "acts": sorted(limit.acts) if limit else [], "forms": forms}, 200


# --- form types ------------------------------------------------------------------------------------


@operation("GET", "/forms", "see_unit", lambda: _("令牌看得到的表单"), "Forms")
def forms() -> Answer:
    shut = access.shut(office(), actor())
    offered = [one for one in editions.offered(office()) if one.slug not in shut]
    return {"forms": [faces.form_line(actor(), one) for one in offered]}, 200


@operation("GET", "/forms/<slug>", "see_unit", lambda: _("一种表单现行版次的 JSON Schema"), "Form")
def form(slug: str) -> Answer:
    access.require(office(), actor(), slug)
    edition = editions.standing(office(), slug).edition
    if edition is None:
        raise NotFound(slug)
    return faces.form(actor(), edition.form_type, edition.id), 200


@operation("GET", "/editions/<edition_id>", "see_unit", lambda: _("某一版次的 JSON Schema"), "Form")
def edition(edition_id: str) -> Answer:
    found = editions.get(office(), edition_id)
    access.require(office(), actor(), found.form_type.slug)
    return faces.form(actor(), found.form_type, found.id), 200


# --- records and their papers ----------------------------------------------------------------------


@operation(
    "GET",
    "/records/<record_id>",
    "see_unit",
    lambda: _("一份材料：内容、状态、编号"),
    "Record",
    is_noted=True,
)
def record(record_id: str) -> Answer:
    found = records.get(office(), actor(), record_id)
    showing.note_viewed(office(), actor(), found)
    return faces.record(office(), actor(), found), 200


_REASON = {"reason": {"type": "string", "maxLength": 200}}
"""Of an internal paper the second copy needs one, as on the screen."""


def _paper(record_id: str, media: str) -> Answer:
    found = register.of_record(office(), actor(), records.get(office(), actor(), record_id).id)
    if found is None:
        raise Refused(_("还没有归档的文书。"))
    reason = asked("reason", 200)
    try:
        data, _name = register.serve(office(), actor(), found.id, media, "download", reason, as_filed=True)
    except ReasonNeeded as needed:
        why = _("已经取过一份。请在地址里用 reason 写明为什么再要一份。")
        raise Refused(needed.message or why) from needed
    return Response(data, mimetype=MEDIA[media])


@operation(
    "GET", "/records/<record_id>/paper.pdf", "download", lambda: _("归档的 PDF"), MEDIA["pdf"], query=_REASON,
    is_noted=True,
)  # fmt: skip
def paper_pdf(record_id: str) -> Answer:
    return _paper(record_id, "pdf")


@operation(
    "GET", "/records/<record_id>/paper.docx", "download", lambda: _("归档的 Word 文书"), MEDIA["docx"],
    query=_REASON, is_noted=True,
)  # fmt: skip
def paper_docx(record_id: str) -> Answer:
    return _paper(record_id, "docx")


@operation(
    "GET", "/records/<record_id>/attachments/<attachment_id>", "download",
    lambda: _("材料的一个附件，原样"), "application/octet-stream", is_noted=True,
)  # fmt: skip
def attachment(record_id: str, attachment_id: str) -> Answer:
    found = records.get(office(), actor(), record_id)
    if attachment_id not in {one.id for one in showing.attached_openly(office(), found)}:
        raise NotFound(attachment_id)
    data, _held = showing.attachment(office(), actor(), attachment_id)
    return Response(data, mimetype="application/octet-stream")


# --- lists -----------------------------------------------------------------------------------------


def _day(name: str) -> date | None:
    text = asked(name)
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        day = date.min
    if day is not None and not 2000 <= day.year <= 2999:
        raise Wrong(_("参数“%(name)s”要写日期，例如 2026-11-22。", name=name))
    return day


@operation(
    "GET", "/register", "see_register", lambda: _("登记簿，后编的在前"), "Register",
    query={
        "text": _TEXT, "person": _TEXT, "unit": _TEXT, "form": _TEXT, "state": _TEXT, "since": _DAY,
        "until": _DAY, "after": _AFTER, "limit": _LIMIT,
    },
)  # fmt: skip
def register_entries() -> Answer:
    names = ("text", "person", "unit", "form", "state")
    what = RegisterFilter(
        **{name: asked(name).strip() for name in names}, since=_day("since"), until=_day("until")
    )
    place = places.read(asked("after", 400), str, int, str)
    size = number_asked("limit", 50, MOST)
    before = RegisterPlace(*place) if place else None
    found = register.search(office(), actor(), what, 1, size + 1, before).entries
    last = found[size - 1] if len(found) > size else None
    onward = places.written(last.numbered_at, last.seq, last.record_id) if last else None
    return {"entries": [faces.entry(one) for one in found[:size]], "next": onward}, 200


@operation("GET", "/ledgers", "see_register", lambda: _("令牌看得到的台账"), "Ledgers")
def ledger_lines() -> Answer:
    found = [
        {"ledger": one.slug, "title": one.title, "group": group}
        for group, members in ledgers.by_group(office(), actor())
        for one in members
    ]
    return {"ledgers": found}, 200


@operation(
    "GET", "/ledgers/<slug>", "see_register", lambda: _("一本台账，每次 50 行"), "Ledger",
    query={
        "text": _TEXT, "month": {"type": "string", "pattern": f"^{_MONTH.pattern}$"}, "after": _AFTER,
    },
)  # fmt: skip
def ledger(slug: str) -> Answer:
    found = ledgers.get(office(), actor(), slug)
    month = asked("month")
    if month and not _MONTH.fullmatch(month):
        raise Wrong(_("参数“month”要写年月，例如 2026-11。"))
    (number,) = places.read(asked("after", 400), int) or [1]
    page = ledgers.page(office(), actor(), found, Asked(text=asked("text").strip(), month=month), number)
    return _ledger(found, page), 200


def _ledger(found: Ledger, page: ledgers.LedgerPage) -> dict[str, object]:
    return {
        "ledger": found.slug,
        "title": found.title,
        "columns": [{"key": column.key, "label": column.label} for column in found.columns],
        "total": page.total,
        "is_more": page.is_more,
        "is_built": page.is_built,
        "rows": [faces.ledger_row(found, row) for row in page.rows],
        "next": places.written(page.number + 1) if page.number < page.pages else None,
    }


@operation(
    "GET", "/deadlines", "see_unit", lambda: _("令牌主人工作台上的期限，先到期的在前"), "Deadlines",
    query={"after": _AFTER},
)  # fmt: skip
def running() -> Answer:
    place = places.read(asked("after", 400), str, str)
    found = deadlines.waiting(office(), actor(), (place[0], place[1]) if place else ("", ""))
    last = found[-1] if len(found) == deadlines.MOST else None
    onward = places.written(stamp(last.at), last.id) if last else None
    return {"deadlines": [faces.deadline(one) for one in found], "next": onward}, 200


@operation(
    "GET", "/changes", "see_unit", lambda: _("某一位置以后材料上发生的事，先发生的在前"), "Changes",
    query={"after": _AFTER},
)  # fmt: skip
def changed() -> Answer:
    place = places.read(asked("after", 400), str)
    found = changes.after(office(), actor(), place[0] if place else "")
    said = [faces.change(one) for one in found.changes]
    onward = places.written(found.next) if found.next else ""
    return {"changes": said, "next": onward, "is_more": found.is_more}, 200
