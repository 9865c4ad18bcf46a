"""The form types, to read: questions, signatures, number series, and how each stands with its paper.

Nothing is changed here; only who may see forms is told what is wrong with a template, and where.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from andu.formtypes.kinds import KINDS
from andu.formtypes.roles import ROLES
from andu.office.errors import NotFound
from andu.office.issue import editions
from andu.views.asking import needs, office

blueprint = Blueprint("forms", __name__)


@blueprint.get("/forms")
@needs("see_forms")
def index() -> ResponseReturnValue:
    """Every form type."""
    form_types = office().catalogue.all()
    return render_template(
        "forms/index.html",
        form_types=form_types,
        series=office().config.series,
        standings={one.slug: editions.standing(office(), one.slug) for one in form_types},
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
        standing=editions.standing(office(), slug),
        series=office().config.series.get(form_type.series),
        kinds={name: kind.title for name, kind in KINDS.items()},
        roles=ROLES,
    )
