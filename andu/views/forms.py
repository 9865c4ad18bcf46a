"""The form types, to read: questions, signatures, number series, and how each stands with its paper.

Nothing is changed here (``designs`` does); only who may see forms is told what is wrong with a template, and
where.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.formtypes.acts import Slot
from andu.formtypes.definition import FormType
from andu.formtypes.kinds import KINDS
from andu.formtypes.roles import ROLES
from andu.office import editions
from andu.office.desk import soundness
from andu.office.errors import NotFound
from andu.office.shelf import designs, shipped
from andu.office.turns import slots
from andu.security import units
from andu.security.permissions import may
from andu.views.asking import actor, needs, office

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
        designs=designs.under_way(office(), actor()) if may(actor(), designs.ACT) else (),
        troubles=soundness.troubles(office()),
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
        rule=slots.rule_of(form_type, office().config.signature_rules.get(slug)),
        unit_in_words=_unit_in_words,
        offer=shipped.offer(office(), slug),
    )


def _unit_in_words(form_type: FormType, slot: Slot) -> str:
    """Whose people sign here, as an admin would say it."""
    if slot.unit.startswith("field:"):
        label = form_type.field(slot.unit.removeprefix("field:")).label
        return _("“%(label)s”一栏的单位", label=label)
    named = {unit.id: unit.name for unit in units.all(office().store)}
    return {"own": _("填报单位"), "any": _("不限单位"), **named}.get(slot.unit, slot.unit)
