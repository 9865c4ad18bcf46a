"""搜索: one box in the head of every page, and the page of what it found."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.office.desk import finding
from andu.office.desk.finding import FoundDraft, FoundRecord
from andu.security import naming
from andu.views.asking import actor, needs, office
from andu.views.screen import state_words

blueprint = Blueprint("finding", __name__)
MOST_SUGGESTED = 8
LONGEST = 80


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


@blueprint.get("/find")
@needs("see_register")
def index() -> ResponseReturnValue:
    """Everything that has the words and that this person may open, twenty records a page."""
    return render_template(
        "finding/index.html",
        sought=_asked(),
        page=finding.page(office(), actor(), _asked(), _before()),
        before=_before(),
        names=naming.in_office(office().store),
    )


@blueprint.get("/find/suggest")
@needs("see_register")
def suggest() -> ResponseReturnValue:
    """The first of them while somebody types, as JSON: where each leads, what it is, where it stands."""
    page = finding.page(office(), actor(), _asked(), size=MOST_SUGGESTED)
    lines = [*map(_of_draft, page.drafts[:3]), *map(_of_record, page.records)]
    return jsonify(found=lines[:MOST_SUGGESTED])


def _of_draft(one: FoundDraft) -> dict[str, str]:
    to = url_for("drafts.edit", draft_id=one.draft.id)
    return {"to": to, "form": one.form, "title": one.about, "about": _("草稿")}


def _of_record(one: FoundRecord) -> dict[str, str]:
    to = (
        url_for("signing.sign", record_id=one.record.id)
        if one.to_sign
        else url_for("records.show", record_id=one.record.id)
    )
    state = _("等我签字") if one.to_sign else state_words(one.record.state).label
    about = " · ".join(text for text in (one.number, one.unit, state) if text)
    return {"to": to, "form": one.form, "title": one.record.title, "about": about}
