"""运行状况: what the one who runs the machine has to know and to mend, for the admin."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from andu.office import deployment
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
    )
