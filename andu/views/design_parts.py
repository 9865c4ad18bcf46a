"""The parts of a design, a page for each: added, changed, moved, taken away; and the form tried out.

What is asked of a part is made from the form language (``office.shelf.asking_parts``). Whatever is typed is
kept, faulty or not; what is wrong stands on the page of the design and keeps it from being published.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.formtypes.faults import FormFaults
from andu.formtypes.kinds import KINDS
from andu.office.errors import NotFound, Refused
from andu.office.shelf import asking_parts, checking, designs, parts, trying_out
from andu.office.shelf.asking_parts import Sheet
from andu.office.shelf.designs import ACT, ChangedMeanwhile, Design
from andu.office.shelf.parts import Tree
from andu.views.answers import posted_raw
from andu.views.asking import actor, needs, office
from andu.views.sending import MEDIA_TYPES, send_file

blueprint = Blueprint("design_parts", __name__)


@blueprint.route("/designs/<design_id>/about", methods=["GET", "POST"])
@needs(ACT)
def about(design_id: str) -> ResponseReturnValue:
    """The form type as a whole: its name, who fills it, its numbers."""
    return _edit(design_id, lambda tree: asking_parts.of_form(office(), tree), "about", _("这种表单"))


@blueprint.route("/designs/<design_id>/signatures", methods=["GET", "POST"])
@needs(ACT)
def signatures(design_id: str) -> ResponseReturnValue:
    """What holds of all signatures together."""
    return _edit(design_id, lambda tree: asking_parts.of_signatures(office(), tree), "slots", _("签字"))


@blueprint.route("/designs/<design_id>/fields/<path>", methods=["GET", "POST"])
@needs(ACT)
def field(design_id: str, path: str) -> ResponseReturnValue:
    """One field, or a column (``table.column``)."""
    return _edit(design_id, lambda tree: asking_parts.of_field(office(), tree, path), path)


@blueprint.route("/designs/<design_id>/parts/<name>/<int:number>", methods=["GET", "POST"])
@needs(ACT)
def item(design_id: str, name: str, number: int) -> ResponseReturnValue:
    """One section, signature or deadline, counted from 1."""
    _known(name)
    anchor = f"{name}-{number}"
    return _edit(design_id, lambda tree: asking_parts.of_item(office(), tree, name, number - 1), anchor)


@blueprint.route("/designs/<design_id>/fields", methods=["GET", "POST"])
@needs(ACT)
def add_field(design_id: str) -> ResponseReturnValue:
    """A new field: its kind and its name; then its settings."""
    design = designs.get(office(), actor(), design_id)
    section, table = request.values.get("section", 0, int), request.values.get("table", "")
    label, kind = request.form.get("label", "").strip()[:60], request.form.get("kind", "")
    kinds = [(name, one.title) for name, one in KINDS.items() if one.in_table or not table]
    wrong = ""
    if request.method == "POST":
        tree = design.tree
        if not label or kind not in dict(kinds):
            wrong = _("请写栏目名称，并选种类")
        else:
            first = office().catalogue.all()[0].slug
            path = parts.add_field(tree, kind, label, section, table, form=first)
            wrong = _saved(design, tree, "field_added")
            if not wrong:
                return redirect(url_for("design_parts.field", design_id=design.id, path=path))
    page = render_template(
        "design_parts/add.html",
        design=designs.get(office(), actor(), design_id),
        section=section,
        table=table,
        kinds=kinds,
        typed=(label, kind),
        wrong=wrong,
    )
    return page, 422 if wrong else 200


@blueprint.post("/designs/<design_id>/fields/<path>/move")
@needs(ACT)
def move_field(design_id: str, path: str) -> ResponseReturnValue:
    """One place up or down."""

    def moved(tree: Tree) -> str:
        parts.move(tree, path, request.form.get("way", parts.DOWN))
        return f"field-{path}"

    return _act(design_id, moved, "field_moved", _("已移动“%(label)s”。", label=_label(design_id, path)))


@blueprint.post("/designs/<design_id>/fields/<path>/remove")
@needs(ACT)
def remove_field(design_id: str, path: str) -> ResponseReturnValue:
    """Take it away, where nothing needs it."""

    def removed(tree: Tree) -> str:
        parts.remove(tree, path)
        return ""

    return _act(design_id, removed, "field_removed", _("已去掉“%(label)s”。", label=_label(design_id, path)))


@blueprint.route("/designs/<design_id>/order", methods=["GET", "POST"])
@needs(ACT)
def order(design_id: str) -> ResponseReturnValue:
    """The fields with a number beside each."""
    design = designs.get(office(), actor(), design_id)
    if request.method == "POST":
        numbers = {
            str(one.get("key")): request.form.get(f"number-{one.get('key')}", 999, int)
            for one in parts.fields(design.tree)
        }

        def sorted_(tree: Tree) -> str:
            parts.reorder(tree, numbers)
            return ""

        return _act(design_id, sorted_, "reordered", _("已按号排好。"))
    return render_template("design_parts/order.html", design=design, sections=design.tree["sections"])


@blueprint.post("/designs/<design_id>/parts/<name>")
@needs(ACT)
def add_item(design_id: str, name: str) -> ResponseReturnValue:
    """A new section, signature or deadline; then its page."""
    _known(name)
    design = designs.get(office(), actor(), design_id)
    label = request.form.get("label", "").strip()[:40]
    if not label:
        flash(_("请先写名称，再按“加上”。"), "bad")
        return redirect(url_for("designs.show", design_id=design.id))
    tree = design.tree
    number = parts.add_item(tree, name, label) + 1
    wrong = _saved(design, tree, "item_added")
    if wrong:
        raise Refused(wrong)
    return redirect(url_for("design_parts.item", design_id=design.id, name=name, number=number))


@blueprint.post("/designs/<design_id>/parts/<name>/<int:number>/move")
@needs(ACT)
def move_item(design_id: str, name: str, number: int) -> ResponseReturnValue:
    """One place up or down."""
    _known(name)

    def moved(tree: Tree) -> str:
        return f"{name}-{parts.move_item(tree, name, number - 1, request.form.get('way', parts.DOWN)) + 1}"

    return _act(design_id, moved, "item_moved", _("已移动。"))


@blueprint.post("/designs/<design_id>/parts/<name>/<int:number>/remove")
@needs(ACT)
def remove_item(design_id: str, name: str, number: int) -> ResponseReturnValue:
    """Take it away, where nothing needs it."""
    _known(name)

    def removed(tree: Tree) -> str:
        parts.remove_item(tree, name, number - 1)
        return ""

    return _act(design_id, removed, "item_removed", _("已去掉。"))


@blueprint.route("/designs/<design_id>/try", methods=["GET", "POST"])
@needs(ACT)
def try_out(design_id: str) -> ResponseReturnValue:
    """The form as a clerk will see it; its paper without a number, and no record."""
    design = designs.get(office(), actor(), design_id)
    raw = posted_raw() if request.method == "POST" else None
    try:
        form = trying_out.form(office(), actor(), design, raw)
    except FormFaults:
        flash(_("表单还有错，先改好标出来的地方，才能试填。"), "bad")
        return redirect(url_for("designs.show", design_id=design.id))
    if raw is not None and not form.problems:
        pdf = trying_out.paper(office(), actor(), design, form.values)
        return send_file(pdf, _("试填.pdf"), MEDIA_TYPES["pdf"], inline=True)
    page = render_template("design_parts/try.html", design=design, form=form)
    return page, 422 if raw is not None else 200


# --- what the pages above have in common ----------------------------------------------------------


def _known(name: str) -> None:
    if name not in asking_parts.lists():
        raise NotFound(name)


def _label(design_id: str, path: str) -> str:
    design = designs.get(office(), actor(), design_id)
    return str(parts.find(design.tree, path).part.get("label", path))


def _saved(design: Design, tree: Tree, did: str) -> str:
    """Keep a change; why it was not kept, where somebody else was quicker."""
    revision = request.form.get("revision", 0, int)
    try:
        designs.change(office(), actor(), design.id, revision, did, tree)
    except ChangedMeanwhile as refusal:
        return refusal.message
    return ""


def _act(design_id: str, act: Callable[[Tree], str], did: str, said: str) -> ResponseReturnValue:
    """Change the tree by one button, and back to the part that was changed."""
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    try:
        anchor = act(tree)
        wrong = _saved(design, tree, did)
    except Refused as refusal:
        anchor, wrong = "", refusal.message
    flash(wrong or said, "bad" if wrong else "good")
    return redirect(url_for("designs.show", design_id=design.id, _anchor=anchor or None))


def _edit(
    design_id: str, sheet_of: Callable[[Tree], Sheet], anchor: str, heading: str = ""
) -> ResponseReturnValue:
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    sheet = sheet_of(tree)
    wrong = ""
    if request.method == "POST":
        sheet.take(request.form.getlist)
        wrong = _saved(design, tree, "changed")
        if not wrong:
            flash(_("已保存。"), "good")
            at = anchor if "-" in anchor or anchor in ("about", "slots") else f"field-{anchor}"
            return redirect(url_for("designs.show", design_id=design.id, _anchor=at))
    page = render_template(
        "design_parts/edit.html",
        design=design,
        sheet=sheet,
        heading=heading or sheet.part.get("label") or sheet.part.get("title"),
        kind=KINDS.get(str(sheet.part.get("kind"))),
        path=anchor,
        wrong=wrong,
        faults=[one for one in checking.faults_of(office(), design) if sheet.path and sheet.path in one.key],
    )
    return page, 422 if wrong else 200
