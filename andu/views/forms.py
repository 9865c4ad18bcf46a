"""The form types, to read: their questions, signatures and number series. Nothing is changed here."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from andu.formtypes.kinds import KINDS
from andu.formtypes.roles import ROLES
from andu.office.errors import NotFound
from andu.views.asking import needs, office

blueprint = Blueprint("forms", __name__)


@blueprint.get("/forms")
@needs("see_forms")
def index() -> ResponseReturnValue:
    """Every form type."""
    return render_template(
        "forms/index.html", form_types=office().catalogue.all(), series=office().config.series
    )


@blueprint.get("/forms/<slug>")
@needs("see_forms")
def show(slug: str) -> ResponseReturnValue:
    """One form type with its questions and signatures."""
    form_type = office().catalogue.get(slug)
    if form_type is None:
        raise NotFound(slug)
    return render_template(
        "forms/show.html",
        form_type=form_type,
        series=office().config.series.get(form_type.series),
        kinds={name: kind.title for name, kind in KINDS.items()},
        roles=ROLES,
    )
