"""The interface for programs, described for whoever lets one in: its operations, each form's answers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from andu.api.operations import OPERATIONS, ROOT
from andu.api.whole import document
from andu.formtypes.filling import schemas
from andu.formtypes.kinds import KINDS
from andu.office import access, editions
from andu.office.errors import NotFound
from andu.security import programs
from andu.views.asking import actor, needs, office

blueprint = Blueprint("interface", __name__, url_prefix="/interface")


@blueprint.get("/")
@needs()
def index() -> ResponseReturnValue:
    """All operations, and the form types this person meets."""
    shut = access.shut(office(), actor())
    return render_template(
        "interface/index.html",
        operations=OPERATIONS,
        root=ROOT,
        uses=_uses_by_act(),
        form_types=[one for one in editions.offered(office()) if one.slug not in shut],
    )


def _uses_by_act() -> dict[str, str]:
    """Which uses of a token reach an act, in words."""
    labels = {use: label.partition("：")[0] for use, label in programs.labels().items()}
    reach = {use: acts for use, acts in programs.USES.items() if use != programs.CALENDAR}
    acts = frozenset().union(*reach.values())
    return {act: "、".join(labels[use] for use in reach if act in reach[use]) for act in acts}


@blueprint.get("/openapi.json")
@needs()
def openapi() -> Response:
    """The whole document, for tools."""
    return jsonify(document(office(), access.shut(office(), actor())))


@blueprint.get("/forms/<slug>")
@needs()
def form(slug: str) -> ResponseReturnValue:
    """The answers of one form type: their names, their kinds, what must be there."""
    access.require(office(), actor(), slug)
    edition = editions.standing(office(), slug).edition
    if edition is None:
        raise NotFound(slug)
    return render_template(
        "interface/form.html",
        form_type=edition.form_type,
        edition=edition,
        schema=schemas.of(edition.form_type),
        kinds=KINDS,
        needs_a_page=schemas.needs_a_page(edition.form_type),
    )
