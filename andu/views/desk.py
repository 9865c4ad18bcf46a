"""The desk: what waits for this person, drafts, recent papers; and the page where a form is chosen."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from andu.clock import stamp
from andu.office import offering, records
from andu.office.desk import duties, standing
from andu.office.followup import extensions, reminders
from andu.office.handover import confirming, hanging
from andu.office.issue import after_restore, numbering
from andu.office.signing import giving, signatures
from andu.office.timing import returns
from andu.office.writing import drafts, sealed_parts
from andu.security import naming, units
from andu.views.asking import actor, needs, office

blueprint = Blueprint("desk", __name__)

NEAR = timedelta(days=3)  # what is due later is folded away
LATELY = timedelta(days=14)  # what was signed in somebody's name is shown to them for that long


@blueprint.get("/")
@needs()
def show() -> ResponseReturnValue:
    """What waits for me, my unit's drafts, my recent papers."""
    me = actor()
    recent = records.recent(office(), me, 10)
    lately = stamp(office().clock.now() - LATELY)
    titles = {form_type.slug: form_type.title for form_type in office().catalogue.all()}
    return render_template(
        "desk/show.html",
        restored=numbering.restored(office()),
        to_confirm=after_restore.to_confirm(office()),
        due=duties.waiting(office(), me),
        near=office().clock.now() + NEAR,
        reminded=reminders.on_desk(office(), me),
        to_decide=extensions.to_decide(office(), me),
        debts=returns.debts(office(), me),
        gaps=returns.gaps(office(), me),
        to_sign=signatures.queue(office(), me),
        returned=records.returned(office(), me),
        lapsed=signatures.lapsed(office(), me),
        in_my_name=signatures.signed_for(office(), me, lately),
        left_behind=hanging.left_behind(office(), me),
        stuck=giving.stuck(office(), me),
        sealed=sealed_parts.waiting(office(), me),
        rights=confirming.to_confirm(office(), me),
        no_right=me.is_waiting or (confirming.handles_reporters(me) and not me.is_confirmed),
        names=naming.in_office(office().store),
        units={unit.id: unit.name for unit in units.all(office().store)},
        drafts=drafts.mine(office(), me),
        recent=standing.sentences(office(), recent),
        may_start=bool(offering.fillable(office(), me)),
        titles=titles,
    )


@blueprint.get("/new")
@needs("fill")
def choose() -> ResponseReturnValue:
    """Choose a form to fill; straight back to the desk for somebody who fills none."""
    fillable = offering.fillable(office(), actor())
    if not fillable:
        return redirect(url_for("desk.show"))
    groups = [(name, list(found)) for name, found in groupby(fillable, key=lambda form_type: form_type.group)]
    return render_template("desk/choose.html", groups=groups)
