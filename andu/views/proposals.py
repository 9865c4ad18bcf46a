"""What was read off a blank Word form, to be looked over: the page with numbers, the list beside it."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from andu.office.errors import Refused
from andu.office.shelf import blank_forms, designs, looks, settings
from andu.office.shelf.designs import ACT, READ, Design
from andu.papers.blanks.deciding import Decision
from andu.views.asking import actor, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("proposals", __name__)
NEW = "+"
LONGEST = 60


class ProposalForm(OwnForm):
    """What the form type is called and how its records are numbered."""

    revision = IntegerField()
    title = StringField(
        _l("表单名称"),
        [InputRequired(_l("请写表单名称")), Length(max=60, message=_l("名称最多 60 个字"))],
    )
    series = SelectField(_l("编号"), [InputRequired(_l("请选择用哪一种编号"))])
    letters = StringField(
        _l("新编号的字母"),
        [Optional(), Regexp(r"^[A-Z]{1,8}(-[A-Z]{1,8})?$", message=_l("请用大写字母，如 QJ 或 DJ-QJ"))],
    )


@blueprint.get("/designs/<design_id>/proposals")
@needs(ACT)
def show(design_id: str) -> ResponseReturnValue:
    """Every place that was found, numbered on the page and in the list."""
    design = designs.get(office(), actor(), design_id)
    if design.state != READ:
        return redirect(url_for("designs.show", design_id=design.id))
    form = ProposalForm(formdata=None, title=design.title, revision=design.revision, series=NEW)
    form.letters.data = settings.free_letters(office(), design.title)
    return _page(design, form, looks.decided(design))


@blueprint.post("/designs/<design_id>/proposals")
@needs(ACT)
def accept(design_id: str) -> ResponseReturnValue:
    """Make the form type and its paper of what is ticked."""
    design = designs.get(office(), actor(), design_id)
    if design.state != READ:
        return redirect(url_for("designs.show", design_id=design.id))
    decisions = [_decision(number, one) for number, one in enumerate(looks.decided(design))]
    form = ProposalForm()
    form.series.choices = _series()
    if "add" in request.form or "add-chosen" in request.form:
        return _added(design, form, decisions)
    if not form.validate():
        return _page(design, form, decisions)
    if form.series.data == NEW and not form.letters.data:
        form.letters.errors = [_("请写新编号的字母，如 QJ，编号就是 QJ-2026-0001")]
        return _page(design, form, decisions)
    if any(one.taken and not one.label for one in decisions):
        form.title.errors = [_("有一处勾选了，但没有名称")]
        return _page(design, form, decisions)
    title = (form.title.data or "").strip()
    try:
        series = form.series.data
        if series == NEW:
            series = settings.add_series(office(), actor(), title, form.letters.data or "")
        blank_forms.accept(office(), actor(), design, form.revision.data or 0, title, series, decisions)
    except Refused as refusal:
        form.title.errors = [refusal.message]
        return _page(design, form, decisions)
    return redirect(url_for("publishing.check", design_id=design.id))


def _added(design: Design, form: ProposalForm, decisions: list[Decision]) -> ResponseReturnValue:
    """One more place, clicked on the picture or chosen from the list; what was typed stays."""
    place = request.form.get("add") or request.form.get("place", "")
    try:
        if not place:
            raise Refused(_("请先选漏掉的是哪一处"))
        design = blank_forms.add(office(), actor(), design, form.revision.data or 0, place)
    except Refused as refusal:
        form.title.errors = [refusal.message]
        return _page(design, form, decisions)
    new = design.proposals["fields"][-1]
    decisions.append(Decision(True, new["label"], new["kind"]))
    flash(
        _("已加上第 %(n)s 处“%(label)s”，请看名称和种类对不对。", n=len(decisions), label=new["label"]),
        "good",
    )
    return _page(design, form, decisions)


def _decision(number: int, proposed: Decision) -> Decision:
    if f"label-{number}" not in request.form:  # somebody else added it meanwhile
        return proposed
    split = re.split("[、,，;；]", request.form.get(f"split-{number}", ""))
    return Decision(
        taken=f"keep-{number}" in request.form,
        label=request.form.get(f"label-{number}", "").strip()[:LONGEST],
        kind=request.form.get(f"kind-{number}", ""),
        same_as=request.form.get(f"same-{number}", 0, int),
        split=tuple(one.strip()[:LONGEST] for one in split if one.strip()),
    )


def _series() -> list[tuple[str, str]]:
    known = [(one.key, f"{one.label}（{one.number(2026, 1)}）") for one in office().config.series.values()]
    return [(NEW, _("新建一种编号")), *known]


def _page(design: Design, form: ProposalForm, decisions: list[Decision]) -> ResponseReturnValue:
    form.series.choices = _series()
    rows = looks.proposals(design, decisions)
    page = render_template(
        "proposals/show.html",
        design=design,
        form=form,
        weak=[one for one in rows if one.is_weak],
        sure=[one for one in rows if not one.is_weak],
        pages=looks.pages(office(), actor(), design.marked_sha),
        free=looks.free_places(office(), actor(), design),
        remarks=[*design.proposals["remarks"], *design.proposals["told"]],
    )
    return page, 422 if form.errors else 200
