"""我提交的: everything a person or their unit has handed in, in every state."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from andu.office.desk import handed_in
from andu.office.desk.handed_in import STATES, HandedInFilter
from andu.security import naming
from andu.views.asking import actor, day_asked, needs, office

blueprint = Blueprint("handed_in", __name__)


@blueprint.get("/handed-in")
@needs("fill")
def index() -> ResponseReturnValue:
    """The newest first, twenty a page."""
    what = HandedInFilter(
        of_unit=request.args.get("of") == "unit",
        text=request.args.get("text", "").strip()[:80],
        form=request.args.get("form", ""),
        state=request.args.get("state", ""),
        since=day_asked("since"),
        until=day_asked("until"),
    )
    older, newer = (request.args.get(name, "")[:80] for name in ("older", "newer"))
    return render_template(
        "handed_in/index.html",
        page=handed_in.page(office(), actor(), what, older, newer),
        what=what,
        query=_query(),
        states=STATES,
        form_types=office().catalogue.all(),
        titles={form_type.slug: form_type.title for form_type in office().catalogue.all()},
        names=naming.in_office(office().store),
    )


def _query() -> dict[str, Any]:
    names = ("of", "text", "form", "state", "since", "until")
    return {name: request.args[name] for name in names if request.args.get(name)}
