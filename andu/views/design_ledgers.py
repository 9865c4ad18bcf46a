"""Which fields of a form type on its way go to which columns of which ledgers: chosen from lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.office.errors import Refused
from andu.office.shelf import asking_ledgers, designs, ledger_columns
from andu.office.shelf.designs import ACT, Design
from andu.office.shelf.ledger_columns import NEW
from andu.views.asking import actor, needs, office

blueprint = Blueprint("design_ledgers", __name__)


@blueprint.get("/designs/<design_id>/ledgers")
@needs(ACT)
def index(design_id: str) -> ResponseReturnValue:
    """The ledgers that take the form type in, with what goes where."""
    return _index(designs.get(office(), actor(), design_id))


@blueprint.post("/designs/<design_id>/ledgers")
@needs(ACT)
def begin(design_id: str) -> ResponseReturnValue:
    """One more ledger: one that there is, or a new one."""
    design = designs.get(office(), actor(), design_id)
    slug, title = (" ".join(request.form.get(name, "").split())[:40] for name in ("ledger", "title"))
    if not slug and not title:
        return _index(design, _("请选一本台账，或者写新台账的名称。"))
    name, wishes = ledger_columns.begun(office(), design, "" if title else slug, title)
    if wrong := _saved(design, wishes):
        return _index(design, wrong)
    return redirect(url_for("design_ledgers.edit", design_id=design.id, ledger=name))


@blueprint.route("/designs/<design_id>/ledgers/<ledger>", methods=["GET", "POST"])
@needs(ACT)
def edit(design_id: str, ledger: str) -> ResponseReturnValue:
    """One ledger: for each field its column, or a new one."""
    design = designs.get(office(), actor(), design_id)
    found = ledger_columns.going(office(), design, ledger)
    places, wrong = ledger_columns.places(design), ""
    if request.method == "POST":
        chosen = _chosen([place for place, _label in places], dict(places))
        chosen |= dict.fromkeys(set(found.columns) & _gone(found, places), "")
        try:
            wrong = _saved(design, ledger_columns.wished(office(), design, ledger, chosen))
        except Refused as refusal:
            wrong = refusal.message
        if not wrong:
            flash(_("已保存，发布表单时一起起作用。"), "good")
            return redirect(url_for("design_ledgers.index", design_id=design.id))
    page = render_template(
        "design_ledgers/edit.html",
        design=design,
        going=found,
        places=places,
        columns=asking_ledgers.columns_of(found.tree),
        typed=request.form,
        wrong=wrong or found.wrong,
        new=NEW,
    )
    return page, 422 if wrong else 200


@blueprint.post("/designs/<design_id>/ledgers/<ledger>/leave")
@needs(ACT)
def leave(design_id: str, ledger: str) -> ResponseReturnValue:
    """The ledger stays as it is."""
    design = designs.get(office(), actor(), design_id)
    wrong = _saved(design, ledger_columns.without(design, ledger))
    flash(wrong or _("这本台账不跟着改了。"), "bad" if wrong else "good")
    return redirect(url_for("design_ledgers.index", design_id=design.id))


def _chosen(places: list[str], labels: dict[str, str]) -> dict[str, str]:
    """What was chosen for each field; a new column is called as its field where no name was written."""
    found = {}
    for number, place in enumerate(places, 1):
        key = request.form.get(f"column-{number}", "")
        if key == NEW:
            head = " ".join(request.form.get(f"head-{number}", "").split())
            key = NEW + (head or labels[place].rpartition("：")[2])[:20]
        found[place] = key
    return found


def _gone(found: ledger_columns.Going, places: list[tuple[str, str]]) -> set[str]:
    """The fields that only this form type could have given, and no longer has."""
    here = {place.partition(".")[0] for place, _label in places}
    form_types = asking_ledgers.forms_of(office(), found.tree)
    others = {field.key for form in form_types if form.slug != found.form for field in form.fields}
    own = {field.key for form in form_types if form.slug == found.form for field in form.fields}
    return own - here - others


def _saved(design: Design, wishes: dict[str, Any]) -> str:
    """Keep the wishes; why they were not kept, where somebody else was quicker."""
    revision = request.form.get("revision", 0, int)
    try:
        designs.change(office(), actor(), design.id, revision, "ledgers_changed", ledgers=wishes)
    except designs.ChangedMeanwhile as refusal:
        return refusal.message
    return ""


def _index(design: Design, wrong: str = "") -> ResponseReturnValue:
    every = ledger_columns.every(office(), design)
    page = render_template(
        "design_ledgers/index.html",
        design=design,
        every=[(one, dict(asking_ledgers.columns_of(one.tree))) for one in every],
        labels=dict(ledger_columns.places(design)),
        others=ledger_columns.others(office(), design),
        wrong=wrong,
    )
    return page, 422 if wrong else 200
