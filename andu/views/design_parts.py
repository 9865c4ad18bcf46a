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
from andu.office.shelf import (
    asking_conditions,
    asking_parts,
    blocks,
    checking,
    deeper,
    designs,
    lost_choices,
    parts,
    trying_out,
)
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
    """One field, or a column (``table.column``). Choices that are lost and still named come first."""
    if request.method == "POST" and "choices" in request.form:
        asked = _lost_choices(design_id, path)
        if asked is not None:
            return asked
    return _edit(design_id, lambda tree: asking_parts.of_field(office(), tree, path), path)


def _lost_choices(design_id: str, path: str) -> ResponseReturnValue | None:
    """What each choice that is gone becomes, asked once; None where nothing names one, or all is answered."""
    design = designs.get(office(), actor(), design_id)
    old = [str(one) for one in parts.find(design.tree, path).part.get("choices") or []]
    new = [line.strip() for line in request.form["choices"].splitlines() if line.strip()]
    lost = lost_choices.lost(design.tree, path, old, new)
    if not lost or not new or all(request.form.get(f"becomes-{one.choice}") in new for one in lost):
        return None
    posted = [(name, said) for name, said in request.form.items(multi=True) if name != "csrf_token"]
    page = render_template(
        "design_parts/choices.html", design=design, path=path, lost=lost, choices=new, posted=posted
    )
    return page, 422


def _renamed_choices(tree: Tree, path: str) -> None:
    becomes = {
        name.removeprefix("becomes-"): said
        for name, said in request.form.items()
        if name.startswith("becomes-") and said
    }
    if becomes:
        lost_choices.rename(tree, path, becomes)


@blueprint.route("/designs/<design_id>/parts/<name>/<int:number>", methods=["GET", "POST"])
@needs(ACT)
def item(design_id: str, name: str, number: int) -> ResponseReturnValue:
    """One section, signature or deadline, counted from 1."""
    _known(name)
    anchor = f"{name}-{number}"
    return _edit(design_id, lambda tree: asking_parts.of_item(office(), tree, name, number - 1), anchor)


@blueprint.route("/designs/<design_id>/at/<where>", methods=["GET", "POST"])
@needs(ACT)
def at(design_id: str, where: str) -> ResponseReturnValue:
    """Any other part, by its place in the form file: a rule, what comes next, the case, an extension."""
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    sheet, found = asking_parts.of_place(office(), tree, where)
    wrong = ""
    if request.method == "POST":
        sheet.take(request.form.getlist)
        found.put()
        wrong = _saved(design, deeper.tidied(tree), "changed")
        if not wrong:
            flash(_("已保存。"), "good")
            return _above(design_id, where)
    return _sheet_page(design, sheet, asking_parts.heading_of(where), where, wrong, not where[-1].isdigit())


@blueprint.post("/designs/<design_id>/at/<where>/add")
@needs(ACT)
def add_at(design_id: str, where: str) -> ResponseReturnValue:
    """One more of a list; then its page."""
    design = designs.get(office(), actor(), design_id)
    first = request.form.get("first", "").strip()[:80]
    if not first:
        flash(_("请先选好或写好，再按“加上”。"), "bad")
        return _above(design_id, where)
    tree = design.tree
    place = deeper.add(tree, where, first)
    wrong = _saved(design, tree, "item_added")
    if wrong:
        raise Refused(wrong)
    return redirect(url_for("design_parts.at", design_id=design.id, where=place))


@blueprint.post("/designs/<design_id>/at/<where>/move")
@needs(ACT)
def move_at(design_id: str, where: str) -> ResponseReturnValue:
    """One place up or down in its list."""
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    place = deeper.move(tree, where, request.form.get("way", parts.DOWN))
    wrong = _saved(design, tree, "item_moved")
    flash(wrong or _("已移动。"), "bad" if wrong else "good")
    return _above(design_id, place)


@blueprint.post("/designs/<design_id>/at/<where>/remove")
@needs(ACT)
def remove_at(design_id: str, where: str) -> ResponseReturnValue:
    """Take it away."""
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    deeper.remove(tree, where)
    wrong = _saved(design, deeper.tidied(tree), "item_removed")
    flash(wrong or _("已去掉。"), "bad" if wrong else "good")
    return _above(design_id, where)


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
        blocks=[] if table else blocks.every(office()),
        wrong=wrong,
    )
    return page, 422 if wrong else 200


@blueprint.post("/designs/<design_id>/block")
@needs(ACT)
def add_block(design_id: str) -> ResponseReturnValue:
    """A ready group of fields and signatures."""

    def added(tree: Tree) -> str:
        first = blocks.put(office(), tree, request.form.get("block", ""), request.form.get("section", 0, int))
        return f"field-{first}" if first else "slots"

    return _act(design_id, added, "block_added", _("已加上这一组，每一栏都可以再改。"))


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
    kept = request.view_args.get("path") if wrong and request.view_args else None
    return redirect(url_for("designs.show", design_id=design.id, _anchor=anchor or None, kept=kept))


def _above(design_id: str, where: str) -> ResponseReturnValue:
    """Back to the page that shows a part."""
    anchor = f"at-{where.replace('.', '-')}"
    names = where.split(".")
    while names and names[-1].isdigit():
        names.pop()
    above = ".".join(names[:-1])
    if not above:
        return redirect(url_for("designs.show", design_id=design_id, _anchor=anchor))
    if above == "signatures":
        return redirect(url_for("design_parts.signatures", design_id=design_id, _anchor=anchor))
    if above.startswith("deadlines.") and above.count(".") == 1:
        number = int(above.partition(".")[2])
        return redirect(
            url_for("design_parts.item", design_id=design_id, name="deadlines", number=number, _anchor=anchor)
        )
    return redirect(url_for("design_parts.at", design_id=design_id, where=above, _anchor=anchor))


def _sheet_page(
    design: Design, sheet: Sheet, heading: str, path: str, wrong: str, alone: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "design_parts/edit.html",
        design=design,
        sheet=sheet,
        heading=heading,
        kind=KINDS.get(str(sheet.part.get("kind"))),
        path=path,
        wrong=wrong,
        alone=alone,
        ways=asking_conditions.ways(),
        faults=[one for one in checking.faults_of(office(), design) if sheet.path and sheet.path in one.key],
    )
    return page, 422 if wrong else 200


def _edit(
    design_id: str, sheet_of: Callable[[Tree], Sheet], anchor: str, heading: str = ""
) -> ResponseReturnValue:
    design = designs.get(office(), actor(), design_id)
    tree = design.tree
    sheet = sheet_of(tree)
    wrong = ""
    if request.method == "POST":
        sheet.take(request.form.getlist)
        _renamed_choices(tree, sheet.path)
        wrong = _saved(design, tree, "changed")
        if not wrong:
            flash(_("已保存。"), "good")
            at = anchor if "-" in anchor or anchor in ("about", "slots") else f"field-{anchor}"
            return redirect(url_for("designs.show", design_id=design.id, _anchor=at))
    said = heading or str(sheet.part.get("label") or sheet.part.get("title"))
    return _sheet_page(design, sheet, said, anchor, wrong)
