"""Returns: who has handed in what for a period; filling one; and a 通报 begun from those who have not."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from andu.office import offering
from andu.office.errors import NotAllowed, Refused
from andu.office.followup import missing_returns, own_returns
from andu.office.timing import returns
from andu.views.asking import actor, needs, office

blueprint = Blueprint("returns", __name__, url_prefix="/returns")


@blueprint.get("")
@needs("see_register")
def show() -> ResponseReturnValue:
    """One return for one period, unit by unit."""
    known = returns.forms(office())
    if not known:
        return render_template("returns/none.html")
    chosen = next((one for one in known if one.slug == request.args.get("form")), known[0])
    page = returns.page(office(), actor(), chosen, request.args.get("period", ""))
    return render_template(
        "returns/show.html",
        known=known,
        page=page,
        expected=returns.expected(chosen),
        watches=returns.watches(office(), actor()),
        may_fill=offering.may_fill(actor(), chosen),
        circulars=missing_returns.offered(office(), actor(), page),
    )


@blueprint.post("/fill")
@needs("fill")
def fill() -> ResponseReturnValue:
    """Begin a return for a period, or go on with its draft."""
    draft = own_returns.begin(office(), actor(), request.form.get("form", ""), request.form.get("period", ""))
    return redirect(url_for("drafts.edit", draft_id=draft.id))


@blueprint.post("/circular")
@needs("fill")
def circular() -> ResponseReturnValue:
    """Begin a form from the units that have not handed in a return."""
    said = [request.form.get(name, "") for name in ("begin", "form", "period")]
    try:
        draft = missing_returns.begin(office(), actor(), *said)
    except NotAllowed:
        raise
    except Refused as refusal:
        flash(refusal.message, "bad")
        return redirect(url_for("returns.show", form=said[1], period=said[2]))
    return redirect(url_for("drafts.edit", draft_id=draft.id))
