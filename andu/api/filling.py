"""What a program may write: drafts, and records handed in. Everything goes through ``handing_in``."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from andu.api import faces
from andu.api.operations import (
    Answer,
    _as_response,
    actor,
    asked,
    body,
    office,
    once_key,
    operation,
    sent,
)
from andu.api.problems import Wrong
from andu.office.errors import Refused
from andu.office.records import Record
from andu.office.writing import drafts, handing_in, submitting

FILE = "application/octet-stream"


@operation(
    "POST", "/drafts", "fill", lambda: _("起草：新建一份草稿"), "Draft",
    body="NewAnswers", statuses=(201,), once=True,
)  # fmt: skip
def begin() -> Answer:
    form, values = body(form=str, values=dict)
    draft = handing_in.begin(office(), actor(), form, values, once_key())
    return faces.draft(office(), actor(), draft), 201


@operation("GET", "/drafts/<draft_id>", "fill", lambda: _("一份草稿"), "Draft", is_noted=True)
def draft(draft_id: str) -> Answer:
    found = drafts.get(office(), actor(), draft_id)
    drafts.note_viewed(office(), actor(), found)
    return faces.draft(office(), actor(), found), 200


@operation(
    "PUT", "/drafts/<draft_id>", "fill", lambda: _("改草稿：整份换成新内容"), "Draft", body="ChangedAnswers"
)
def change(draft_id: str) -> Answer:
    revision, values = body(revision=int, values=dict)
    _require_newest(draft_id, revision)
    saved = handing_in.save(office(), actor(), draft_id, values, revision)
    if saved.conflict:
        raise drafts.EditedMeanwhile(saved.conflict)
    return faces.draft(office(), actor(), saved.draft), 200


@operation(
    "POST", "/drafts/<draft_id>/attachments/<field>", "fill",
    lambda: _("给草稿的一栏附一个文件；内容原样放在请求里"), "Attached",
    query={"name": {"type": "string", "minLength": 1, "maxLength": 200}}, must=("name",), takes=FILE,
    statuses=(201,), once=True,
)  # fmt: skip
def attach(draft_id: str, field: str) -> Answer:
    name, data = asked("name", 200), sent(FILE)
    if not name:
        raise Wrong(_("参数“%(name)s”不正确。", name="name"))
    held = handing_in.attach(office(), actor(), draft_id, field, name, data, once_key())
    now = drafts.get(office(), actor(), draft_id)
    return {**faces.attachment(held), "revision": now.revision}, 201


@operation(
    "POST", "/drafts/<draft_id>/submit", "fill", lambda: _("提交草稿，重发不会提交两次"), "Record",
    body="Revision", statuses=(200, 201),
)  # fmt: skip
def submit(draft_id: str) -> Answer:
    (revision,) = body(revision=int)
    if (known := submitting.outcome(office(), actor(), draft_id)) is not None:
        return faces.record(office(), actor(), known), 200
    found = _require_newest(draft_id, revision)
    return _made(submitting.submit(office(), actor(), draft_id, found.raw, revision))


@operation(
    "POST", "/records", "fill", lambda: _("一次填好并提交；内容有误就不留草稿"), "Record",
    body="NewAnswers", statuses=(201,), once=True,
)  # fmt: skip
def hand_in() -> Answer:
    form, values = body(form=str, values=dict)
    return _made(handing_in.hand_in(office(), actor(), form, values, once_key()))


def _made(record: Record) -> Answer:
    answer = _as_response((faces.record(office(), actor(), record), 201))
    answer.headers["Location"] = url_for("api.record", record_id=record.id)
    return answer


def _require_newest(draft_id: str, revision: int) -> Any:
    """The draft, if nobody has saved it since; a program gets no copy of its own beside another's text."""
    found = drafts.get(office(), actor(), draft_id)
    if found.revision != revision:
        raise Refused(_("草稿已经有人改过（现在是第 %(n)s 稿），请重新读取。", n=found.revision))
    return found
