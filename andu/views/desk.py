"""The desk: what waits for this person, drafts, recent papers; and the page where a form is chosen."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes import spelling
from andu.office import deployment, offering, records, usual_forms
from andu.office.desk import conflict_words, duties, standing
from andu.office.followup import extensions, reminders
from andu.office.handover import confirming, hanging, office_key
from andu.office.issue import after_restore, numbering
from andu.office.signing import giving, queues
from andu.office.timing import returns
from andu.office.writing import draft_words, drafts, revising, sealed_parts, second_person
from andu.security import naming, units
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.views.asking import actor, needs, office

blueprint = Blueprint("desk", __name__)

NEAR = timedelta(days=3)  # what is due later is folded away
LONGEST = 80
LATELY = timedelta(days=14)  # what was signed in somebody's name is shown to them for that long


@blueprint.get("/")
@needs()
def show() -> ResponseReturnValue:
    """What waits for me, my unit's drafts, my recent papers."""
    me = actor()
    recent = records.recent(office(), me, 10)
    mine = drafts.mine(office(), me)
    sent_back = records.returned(office(), me)
    lately = stamp(office().clock.now() - LATELY)
    titles = {form_type.slug: form_type.title for form_type in office().catalogue.all()}
    return render_template(
        "desk/show.html",
        restored=numbering.restored(office()),
        not_known=conflict_words.while_missing(office()),
        to_confirm=after_restore.to_confirm(office()),
        due=duties.waiting(office(), me),
        near=office().clock.now() + NEAR,
        reminded=reminders.on_desk(office(), me),
        to_decide=extensions.to_decide(office(), me),
        debts=returns.debts(office(), me),
        gaps=returns.gaps(office(), me),
        to_sign=queues.queue(office(), me),
        returned=standing.sentences(office(), sent_back),
        to_mend=_to_mend(me),
        not_numbered=standing.not_numbered(office(), me),
        may_revise={one.id for one in sent_back if revising.may_revise(office(), me, one)},
        lapsed=queues.lapsed(office(), me),
        in_my_name=queues.signed_for(office(), me, lately),
        left_behind=hanging.left_behind(office(), me),
        stuck=giving.stuck(office(), me),
        sealed=sealed_parts.waiting(office(), me),
        looks=second_person.waiting(office(), me),
        rights=confirming.to_confirm(office(), me),
        half=office_key.held_by(office(), me),
        no_right=me.is_waiting or (confirming.handles_reporters(me) and not me.is_confirmed),
        names=naming.in_office(office().store),
        units={unit.id: unit.name for unit in units.all(office().store)},
        drafts=mine,
        about=draft_words.about(office(), me, mine),
        recent=standing.sentences(office(), recent),
        may_start=bool(offering.fillable(office(), me)),
        marked=usual_forms.marked(office(), me),
        titles=titles,
    )


def _to_mend(me: Account) -> list[deployment.Light]:
    """What of the machine and the office needs the admin's hand."""
    if not may(me, "manage_accounts"):
        return []
    return [one for one in deployment.urgent(office()) if one.level != deployment.GOOD]


@blueprint.get("/new")
@needs("fill")
def choose() -> ResponseReturnValue:
    """Choose a form to fill, the usual ones first; to the desk for somebody who fills none."""
    me, asked = actor(), request.args.get("q", "").strip()[:LONGEST]
    fillable = offering.fillable(office(), me)
    if not fillable:
        return redirect(url_for("desk.show"))
    fitting = [one for one in fillable if spelling.fits(asked, one.title, one.description, one.group)]
    marked = usual_forms.marked(office(), me)
    usual = [one for one in marked if one in fitting]
    usual += [one for one in usual_forms.most_used(office(), me, fitting) if one not in usual]
    rest = [one for one in fitting if one not in usual]
    groups = [(_("常用的"), usual)] if usual else []
    groups += [(name, list(found)) for name, found in groupby(rest, key=lambda form_type: form_type.group)]
    return render_template(
        "desk/choose.html",
        groups=groups,
        asked_form=asked,
        marked={one.slug for one in marked},
        said={
            one.slug: " ".join(spelling.searched(one.title, one.description, one.group)) for one in fitting
        },
    )


@blueprint.post("/new/<slug>/mark")
@needs("fill")
def mark(slug: str) -> ResponseReturnValue:
    """Put a form on one's desk, or take it off."""
    usual_forms.mark(office(), actor(), slug, request.form.get("wanted") == "yes")
    return redirect(url_for("desk.choose", _anchor=f"form-{slug}"))
