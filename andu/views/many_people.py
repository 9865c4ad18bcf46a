"""Many people at once, from a table of Excel or WPS."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.formtypes.roles import ROLES
from andu.office.errors import Refused
from andu.office.shelf import many_people
from andu.office.shelf.many_people import ACT, Enrolled
from andu.views.asking import actor, needs, office
from andu.views.sending import send_file

blueprint = Blueprint("many_people", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/accounts/many")
@needs(ACT)
def show() -> ResponseReturnValue:
    """Where the list is given."""
    return _page()


@blueprint.get("/accounts/many.xlsx")
@needs(ACT)
def pattern() -> ResponseReturnValue:
    """An empty list, to be filled."""
    return send_file(many_people.pattern(), _("人员名单.xlsx"), XLSX)


@blueprint.post("/accounts/many")
@needs(ACT)
def take_in() -> ResponseReturnValue:
    """Make the accounts; each bad row is named."""
    chosen = request.files.get("file")
    if not chosen or not chosen.filename:
        return _page(_("请选择名单。"))
    try:
        return _page(told=many_people.take_in(office(), actor(), chosen.read()))
    except Refused as refusal:
        return _page(refusal.message)


def _page(wrong: str = "", told: Enrolled | None = None) -> ResponseReturnValue:
    page = render_template("many_people/show.html", wrong=wrong, told=told, roles=ROLES)
    return page, 422 if wrong else 200
