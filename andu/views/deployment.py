"""运行状况: what the one who runs the machine has to know and to mend, for the admin."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.office import deployment
from andu.office.desk import left_undone
from andu.office.signing import giving
from andu.views.asking import actor, needs, office

blueprint = Blueprint("deployment", __name__)


@blueprint.get("/deployment")
@needs("manage_accounts")
def show() -> ResponseReturnValue:
    """Every light, the red ones first."""
    order = [deployment.WRONG, deployment.ADVICE, deployment.GOOD]
    lights = sorted(deployment.lights(office()), key=lambda one: order.index(one.level))
    levels = [one.level for one in lights]
    return render_template(
        "deployment/show.html",
        lights=lights,
        wrong=levels.count(deployment.WRONG),
        advice=levels.count(deployment.ADVICE),
        stuck=giving.stuck(office(), actor()),
        undone=left_undone.troubles(office()),
    )


@blueprint.post("/deployment/again")
@needs(left_undone.ACT)
def again() -> ResponseReturnValue:
    """Have tried once more what was given up."""
    count = left_undone.try_again(office(), actor())
    flash(_("%(n)s 件会再试，请过一会儿再看。", n=count) if count else _("没有停下来的事。"))
    return redirect(url_for("deployment.show"))
