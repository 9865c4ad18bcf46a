"""Form types on their way: begun from a Word form, from nothing or from another, looked at, and their papers.

What a person is asked about a blank form is in ``proposals``, the fields in ``design_parts``, the check and
what is in force in ``publishing``.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from andu.formtypes.kinds import KINDS
from andu.formtypes.roles import ROLES
from andu.office.errors import Refused
from andu.office.shelf import beginning, blank_forms, checking, designs, looks, packages, parts, xlsforms
from andu.office.shelf import shipped as offers
from andu.office.shelf.designs import ACT, READ, Design
from andu.views.asking import actor, needs, office
from andu.views.own_form import OwnForm
from andu.views.sending import MEDIA_TYPES, send_file

blueprint = Blueprint("designs", __name__)


class UploadForm(OwnForm):
    """A Word file."""

    file = FileField(_l("空白的 Word 表"))


class PackageForm(OwnForm):
    """A form type that another office gave out."""

    package = FileField(_l("表单包"))


class XlsForm(OwnForm):
    """A form made for ODK, Kobo and the like."""

    xlsform = FileField(_l("XLSForm 文件"))


class PaperForm(OwnForm):
    """The paper of a design, edited in Word."""

    file = FileField(_l("改好的 Word 模板"))
    revision = IntegerField()


class BeginForm(OwnForm):
    """A form type from nothing, or like another."""

    title = StringField(
        _l("表单名称"),
        [InputRequired(_l("请写表单名称")), Length(max=60, message=_l("名称最多 60 个字"))],
    )
    like = SelectField(_l("照着哪一种做"), validate_choice=False)


@blueprint.get("/designs/new")
@needs(ACT)
def new() -> ResponseReturnValue:
    """Where a new form type begins."""
    return _new(UploadForm(formdata=None), BeginForm(formdata=None))


@blueprint.post("/designs/word")
@needs(ACT)
def upload() -> ResponseReturnValue:
    """Read a blank Word form; on to what is proposed."""
    form = UploadForm()
    data = _file()
    if not data:
        form.file.errors = [_("请选择空白表的 Word 文件。")]
        return _new(form, BeginForm(formdata=None))
    try:
        design = blank_forms.take_in(office(), actor(), data)
    except Refused as refusal:
        form.file.errors = [refusal.message]
        return _new(form, BeginForm(formdata=None))
    return redirect(url_for("proposals.show", design_id=design.id))


@blueprint.post("/designs")
@needs(ACT)
def begin() -> ResponseReturnValue:
    """A design from nothing, or like a form type that there is."""
    form = BeginForm()
    if not form.validate():
        return _new(UploadForm(formdata=None), form)
    title, like = (form.title.data or "").strip(), form.like.data or ""
    if like:
        design = designs.copy(office(), actor(), like, title)
    else:
        design = beginning.from_nothing(office(), actor(), title)
    return redirect(url_for("designs.show", design_id=design.id))


@blueprint.post("/forms/<slug>/shipped")
@needs(ACT)
def shipped(slug: str) -> ResponseReturnValue:
    """What ships with the program as a design, where the office went its own way."""
    design = offers.take(office(), actor(), slug)
    return redirect(url_for("publishing.check", design_id=design.id))


@blueprint.post("/designs/package")
@needs(ACT)
def take_in() -> ResponseReturnValue:
    """A form type that another office gave out."""
    form, data = PackageForm(), _file("package")
    if not data:
        form.package.errors = [_("请选择表单包。")]
        return _new(UploadForm(formdata=None), BeginForm(formdata=None), form)
    try:
        design = packages.take_in(office(), actor(), data)
    except Refused as refusal:
        form.package.errors = [refusal.message]
        return _new(UploadForm(formdata=None), BeginForm(formdata=None), form)
    return redirect(url_for("publishing.check", design_id=design.id))


@blueprint.post("/designs/xlsform")
@needs(ACT)
def take_in_xlsform() -> ResponseReturnValue:
    """The questions of an XLSForm as a design; what did not come over stands on its page."""
    form, data = XlsForm(), _file("xlsform")
    try:
        if not data:
            raise Refused(_("请选择 XLSForm 文件（xlsx）。"))
        design = xlsforms.take_in(office(), actor(), data)
    except Refused as refusal:
        form.xlsform.errors = [refusal.message]
        return _new(UploadForm(formdata=None), BeginForm(formdata=None), xlsform=form)
    return redirect(url_for("designs.show", design_id=design.id))


@blueprint.get("/forms/<slug>/package.zip")
@needs(ACT)
def package(slug: str) -> ResponseReturnValue:
    """A form type as one file, for another office."""
    data = packages.packed(office(), actor(), slug)
    return send_file(data, f"{slug}.zip", "application/zip")


@blueprint.post("/forms/<slug>/design")
@needs(ACT)
def revise(slug: str) -> ResponseReturnValue:
    """A design of a form type in force, to become its next edition."""
    design = designs.begin_again(office(), actor(), slug)
    return redirect(url_for("designs.show", design_id=design.id))


@blueprint.get("/designs/<design_id>")
@needs(ACT)
def show(design_id: str) -> ResponseReturnValue:
    """The whole design on one page, part by part in the order of the paper."""
    design = designs.get(office(), actor(), design_id)
    if design.state == READ:
        return redirect(url_for("proposals.show", design_id=design.id))
    return _show(design, PaperForm(formdata=None))


@blueprint.get("/designs/<design_id>/marked/<int:number>.png")
@needs(ACT)
def marked(design_id: str, number: int) -> ResponseReturnValue:
    """A page of the blank form with a number at each place."""
    design = designs.get(office(), actor(), design_id)
    return Response(looks.page(office(), actor(), design.marked_sha, number), mimetype="image/png")


@blueprint.get("/designs/<design_id>/paper.docx")
@needs(ACT)
def paper(design_id: str) -> ResponseReturnValue:
    """The paper of a design, to be edited in Word or WPS."""
    design = designs.get(office(), actor(), design_id)
    data = beginning.paper(office(), actor(), design)
    return send_file(data, f"{design.title}.docx", MEDIA_TYPES["docx"])


@blueprint.post("/designs/<design_id>/paper")
@needs(ACT)
def replace_paper(design_id: str) -> ResponseReturnValue:
    """Another paper, edited in Word."""
    design = designs.get(office(), actor(), design_id)
    form, data = PaperForm(), _file()
    if not data:
        form.file.errors = [_("请选择改好的 Word 模板。")]
        return _show(design, form)
    try:
        beginning.replace_paper(office(), actor(), design, form.revision.data or 0, data)
    except designs.ChangedMeanwhile as refusal:
        form.file.errors = [refusal.message]
        return _show(refusal.design, form)
    except Refused as refusal:
        form.file.errors = [refusal.message]
        return _show(design, form)
    flash(_("模板已换上。请再检查一次。"), "good")
    return redirect(url_for("publishing.check", design_id=design.id))


@blueprint.post("/designs/<design_id>/redraw")
@needs(ACT)
def redraw(design_id: str) -> ResponseReturnValue:
    """A paper drawn anew from the form as it is now."""
    design = designs.get(office(), actor(), design_id)
    beginning.redraw(office(), actor(), design, request.form.get("revision", 0, int))
    flash(_("已按现在的栏目重新画了一份模板。"), "good")
    return redirect(url_for("publishing.check", design_id=design.id))


@blueprint.get("/designs/<design_id>/revisions")
@needs(ACT)
def revisions(design_id: str) -> ResponseReturnValue:
    """What was changed when and by whom."""
    design = designs.get(office(), actor(), design_id)
    return render_template(
        "designs/revisions.html", design=design, trail=looks.trail(office(), actor(), design)
    )


@blueprint.post("/designs/<design_id>/revisions/<int:number>")
@needs(ACT)
def go_back(design_id: str, number: int) -> ResponseReturnValue:
    """An earlier revision once more, as a new one."""
    designs.go_back(office(), actor(), design_id, request.form.get("revision", 0, int), number)
    flash(_("已回到第 %(n)s 稿的内容。", n=number), "good")
    return redirect(url_for("designs.show", design_id=design_id))


@blueprint.post("/designs/<design_id>/discard")
@needs(ACT)
def discard(design_id: str) -> ResponseReturnValue:
    """Throw the design away."""
    designs.discard(office(), actor(), design_id)
    flash(_("表单草稿已丢弃。"), "good")
    return redirect(url_for("forms.index"))


def _file(name: str = "file") -> bytes:
    chosen = request.files.get(name)
    return chosen.read() if chosen and chosen.filename else b""


def _new(
    upload_form: UploadForm,
    form: BeginForm,
    package_form: PackageForm | None = None,
    xlsform: XlsForm | None = None,
) -> ResponseReturnValue:
    package_form = package_form or PackageForm(formdata=None)
    xlsform = xlsform or XlsForm(formdata=None)
    others = [(one.slug, one.title) for one in office().catalogue.all()]
    form.like.choices = [("", _("从空白做起")), *others]
    forms = {"upload": upload_form, "form": form, "package": package_form, "xlsform": xlsform}
    is_wrong = any(one.errors for one in forms.values())
    return render_template("designs/new.html", **forms), 422 if is_wrong else 200


def _show(design: Design, form: PaperForm) -> ResponseReturnValue:
    page = render_template(
        "designs/show.html",
        design=design,
        form=form,
        view=looks.view(office(), design),
        faults=checking.faults_of(office(), design),
        kinds={name: kind.title for name, kind in KINDS.items()},
        roles=ROLES,
        series=office().config.series,
        told=xlsforms.not_brought_over(design),
        is_new=office().catalogue.get(design.slug) is None,
        other=looks.other_editor(office(), actor(), design),
        kept=request.args.get("kept", ""),
        needs=list(parts.needs(design.tree, request.args["kept"])) if request.args.get("kept") else [],
    )
    return page, 422 if form.errors else 200
