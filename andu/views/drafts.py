"""Filling a form: start, edit, save, attach, preview, submit, discard. One page, one POST, many buttons.

Whatever button is pressed, what was typed is saved first; so nothing is lost on any way out of the page.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import chinese_time, parse_stamp
from andu.formtypes.definition import Field
from andu.formtypes.filling.webform import AnswerForm
from andu.office import editions
from andu.office.errors import InvalidAnswers, NotFound, Refused
from andu.office.records import Record
from andu.office.writing import (
    beside,
    carried_words,
    drafts,
    duplicates,
    last_values,
    late,
    mending,
    outgrown,
    prefill,
    rescuing,
    submitting,
    trying,
)
from andu.office.writing.drafts import Draft, EditedMeanwhile
from andu.office.writing.late import HandedInMeanwhile, Late
from andu.views.answers import (
    posted_act,
    posted_files,
    posted_raw,
    posted_revision,
    posted_tab,
    with_row,
    without_row,
)
from andu.views.asking import actor, needs, office

blueprint = Blueprint("drafts", __name__)
MOST_SAID = 12  # differences, and characters of each
LONGEST_SAID = 60


@blueprint.post("/new/<slug>")
@needs("fill")
def start(slug: str) -> ResponseReturnValue:
    """Begin a draft, carrying over an earlier record when the button named one."""
    source = request.form.get("from")
    if source:
        draft = prefill.start_from(office(), actor(), slug, source)
    else:
        draft = drafts.start(office(), actor(), slug)
    _tell_of_rows(draft)
    return redirect(url_for("drafts.edit", draft_id=draft.id))


def _tell_of_rows(draft: Draft) -> None:
    for words in carried_words.rows_left_behind(office(), actor(), draft):
        flash(words, "warn")


@blueprint.get("/drafts/<draft_id>")
@needs("fill")
def edit(draft_id: str) -> ResponseReturnValue:
    """The form with everything typed so far."""
    try:
        draft = drafts.get(office(), actor(), draft_id)
    except NotFound:
        return _handed_in(draft_id)
    drafts.note_viewed(office(), actor(), draft)
    return _page(draft, submitting.answer_form(office(), actor(), draft))


def _handed_in(draft_id: str) -> ResponseReturnValue:
    """Back to the page of a draft that was handed in leads to its record; raises ``NotFound`` otherwise."""
    record = late.handed_in(office(), actor(), draft_id)
    if record is None:
        raise NotFound(draft_id)
    flash(_("这份草稿已经提交，下面是提交的材料。"))
    return _to_record(record)


def _page(draft: Draft, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    form_type = drafts.form_type_of(office(), draft)
    page = render_template(
        "drafts/edit.html",
        draft=draft,
        form=form,
        form_type=form_type,
        sees_confidential=drafts.sees_confidential(actor(), draft.sealed_to),
        ready=request.args.get("preview") == "ready",
        retired=editions.why_retired(office(), draft.form),
        may_name_same=bool(duplicates.names_same(form_type)),
        alike=duplicates.of_draft(office(), actor(), draft),
        left_out=outgrown.left_out(office(), actor(), draft),
        can_mend=True,
        stale=carried_words.stale(office(), actor(), form_type, draft),
    )
    return page, status


@blueprint.post("/drafts/<draft_id>")
@needs("fill")
def change(draft_id: str) -> ResponseReturnValue:
    """Save, then do what the button says."""
    act, about = posted_act()
    then = BUTTONS.get(act)
    if then is None:
        raise Refused(_("页面不完整，请刷新后再试。"))
    try:
        return _saved_and(then, draft_id, about)
    except NotFound:
        came = rescuing.too_late(office(), actor(), draft_id, request.form.get("form", ""), posted_raw())
    return _came_late(came, act)


def _saved_and(
    then: Callable[[Draft, str], ResponseReturnValue], draft_id: str, about: str
) -> ResponseReturnValue:
    saved = drafts.save(office(), actor(), draft_id, posted_raw(), posted_revision(), tab=posted_tab())
    if saved.conflict:
        return redirect(url_for("drafts.compare", draft_id=saved.draft.id))
    if not _attach(saved.draft):
        return redirect(url_for("drafts.edit", draft_id=draft_id))
    return then(drafts.get(office(), actor(), draft_id), about)


def _came_late(came: Late, act: str) -> ResponseReturnValue:
    """The draft is no more: on to its record when it says the same; else to where the text was kept."""
    if came.draft is None and came.record is not None:
        flash(_("已提交。") if act == "submit" else _("这份草稿已经提交，和您这一页一样。"), "good")
        return _to_record(came.record)
    flash(_words_of(came, MOST_SAID), "warn")
    return redirect(url_for("drafts.edit", draft_id=came.draft.id if came.draft else ""))


def _words_of(came: Late, most: int = 0) -> str:
    """Where a text that came too late lies now, and, one a line, where it differs from what was handed in."""
    if came.record is None:
        return _("这份草稿已经有人删除。您刚才填的内容另存成了这份草稿。")
    kept = (
        _("已另存成修改稿，要改的请在修改稿里提交")
        if came.draft and came.draft.record_id
        else _("已另存成一份新草稿；那份材料已经不能改了")
    )
    labels = "”“".join(dict.fromkeys(one.label for one in came.differences))
    said = _("这份草稿已经提交。您改过的“%(labels)s”没有提交，%(kept)s。", labels=labels, kept=kept)
    for one in came.differences[:most]:
        both = {"label": one.label, "theirs": one.theirs[:LONGEST_SAID], "mine": one.mine[:LONGEST_SAID]}
        said += "\n" + _("%(label)s：提交的是“%(theirs)s”，您写的是“%(mine)s”", **both)
    return said


def _attach(draft: Draft) -> bool:
    """Attach what was chosen; says what is refused, and then answers False."""
    refusals = []
    for key, name, data in posted_files(drafts.form_type_of(office(), draft)):
        try:
            drafts.attach(office(), actor(), draft.id, key, name, data)
        except Refused as refusal:
            refusals.append(refusal.message)
    for message in refusals:
        flash(message, "bad")
    return not refusals


def _back(draft: Draft, anchor: str | None = None, preview: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("drafts.edit", draft_id=draft.id, preview=preview, _anchor=anchor))


def _save(draft: Draft, _about: str) -> ResponseReturnValue:
    flash(_("草稿已保存。"), "good")
    return _back(draft)


def _stay(draft: Draft, about: str) -> ResponseReturnValue:
    return _back(draft, f"f_{about}")


def _detach(draft: Draft, about: str) -> ResponseReturnValue:
    key, _colon, attachment_id = about.partition(":")
    drafts.detach(office(), actor(), draft.id, key, attachment_id)
    return _back(draft, f"f_{key}")


def _table(draft: Draft, key: str) -> Field:
    found = next((field for field in drafts.form_type_of(office(), draft).fields if field.key == key), None)
    if found is None or not found.columns:
        raise NotFound(key)
    return found


def _add_row(draft: Draft, key: str) -> ResponseReturnValue:
    raw = with_row(draft.raw, _table(draft, key))
    drafts.save(office(), actor(), draft.id, raw, draft.revision)
    return _back(draft, f"f_{key}")


def _drop_row(draft: Draft, about: str) -> ResponseReturnValue:
    key, _colon, number = about.partition(":")
    raw = without_row(draft.raw, _table(draft, key), number)
    drafts.save(office(), actor(), draft.id, raw, draft.revision)
    return _back(draft, f"f_{key}")


def _prefill(draft: Draft, key: str) -> ResponseReturnValue:
    try:
        after = prefill.carry_over(office(), actor(), draft.id, key)
    except Refused as refusal:
        flash(refusal.message, "warn")
        return _back(draft, f"f_{key}")
    flash(carried_words.done(draft, after, key), "good")
    for words in carried_words.told(office(), actor(), draft, after, key):
        flash(words, "warn")
    _tell_of_rows(after)
    return _back(after, f"f_{key}")


def _same(draft: Draft, record_id: str) -> ResponseReturnValue:
    after = duplicates.same(office(), actor(), draft.id, record_id)
    flash(_("已填明与那一件重复，请核对后再提交。"), "good")
    return _back(after, f"f_{duplicates.names_same(drafts.form_type_of(office(), after))}")


def _mend(draft: Draft, key: str) -> ResponseReturnValue:
    field, told = mending.mend(office(), actor(), draft.id, key)
    if told:
        flash(_("已整理“%(label)s”，请核对：", label=field.label) + "\n" + "\n".join(told), "good")
    return _back(draft)  # to the top of the page, where it is said


def _keep(draft: Draft, key: str) -> ResponseReturnValue:
    draft = prefill.keep(office(), actor(), draft.id, key)
    flash(_("已留用原文。以后换来源材料，这些内容不再跟着换。"), "good")
    return _back(draft, f"f_{key}")


def _preview(draft: Draft, _about: str) -> ResponseReturnValue:
    return _back(draft, preview="ready")


def _has_unseen_likeness(draft: Draft) -> bool:
    """Whether there are likely duplicates that did not stand on the page this was posted from."""
    seen = set(request.form.getlist("alike"))
    return any(one.record.id not in seen for one in duplicates.of_draft(office(), actor(), draft))


def _submit(draft: Draft, _about: str) -> ResponseReturnValue:
    try:
        if _has_unseen_likeness(draft):
            return _with_likeness(draft)
        notes = submitting.answer_form(office(), actor(), draft).notes
        record = submitting.submit(office(), actor(), draft.id, draft.raw, draft.revision)
    except EditedMeanwhile as meanwhile:
        return redirect(url_for("drafts.compare", draft_id=meanwhile.conflict.copy_id))
    except HandedInMeanwhile as meanwhile:
        return _came_late(meanwhile.late, "submit")
    except InvalidAnswers as fault:
        return _page(drafts.get(office(), actor(), draft.id), fault.form, 422)
    except Refused as refusal:
        flash(refusal.message, "bad")
        return _back(draft)
    flash(_("已提交。"), "good")
    for note in notes:
        flash(note, "warn")
    return _to_record(record)


def _with_likeness(draft: Draft) -> ResponseReturnValue:
    """The form with its likely duplicates, and at once with whatever else is wrong with it."""
    form = submitting.judged(office(), actor(), draft)
    flash(_("还没有提交：有可能重复的材料，请先核对，确认后再点“提交”。"), "warn")
    return _page(draft, form, 422 if form.problems else 200)


def _to_record(record: Record) -> ResponseReturnValue:
    return redirect(url_for("records.show", record_id=record.id))


BUTTONS: dict[str, Callable[[Draft, str], ResponseReturnValue]] = {
    "save": _save,
    "attach": _stay,
    "detach": _detach,
    "add": _add_row,
    "drop": _drop_row,
    "prefill": _prefill,
    "keep": _keep,
    "mend": _mend,
    "same": _same,
    "preview": _preview,
    "submit": _submit,
}


@blueprint.post("/drafts/<draft_id>/autosave")
@needs("fill")
def autosave(draft_id: str) -> ResponseReturnValue:
    """Save for the script of the page: JSON with the new revision, or with where both texts are kept."""
    try:
        saved = drafts.save(office(), actor(), draft_id, posted_raw(), posted_revision(), tab=posted_tab())
    except NotFound:
        came = rescuing.too_late(office(), actor(), draft_id, request.form.get("form", ""), posted_raw())
        return _goes_on_late(came)
    if saved.conflict is None:
        time = chinese_time(parse_stamp(saved.draft.updated_at))
        message = _("已自动保存（%(time)s）", time=time[-5:])
        return jsonify(revision=saved.draft.revision, message=message, notes=_beside(saved.draft))
    message = (
        _("%(name)s 同时改了这份草稿。您的文字已另存一份，接着填的都存在那一份里。", name=saved.conflict.by)
        if saved.conflict.by
        else _("您在另一个窗口也改了这份草稿。这里的文字已另存一份，接着填的都存在那一份里。")
    )
    return _goes_on_in(
        saved.draft, message, url_for("drafts.compare", draft_id=saved.draft.id), _("对照两份")
    )


def _goes_on_late(came: Late) -> ResponseReturnValue:
    if came.draft is None and came.record is not None:
        link = url_for("records.show", record_id=came.record.id)
        return jsonify(message=_("这份草稿已经提交。"), link=link, link_text=_("看提交的材料")), 409
    draft = came.draft
    if draft is None:
        raise NotFound
    return _goes_on_in(
        draft, _words_of(came), url_for("drafts.edit", draft_id=draft.id), _("打开另存的那一份")
    )


def _beside(draft: Draft) -> dict[str, str]:
    return submitting.answer_form(office(), actor(), draft).beside


def _goes_on_in(draft: Draft, message: str, link: str, link_text: str) -> ResponseReturnValue:
    copy = {
        "action": url_for("drafts.change", draft_id=draft.id),
        "autosave": url_for("drafts.autosave", draft_id=draft.id),
        "preview": url_for("drafts.preview", draft_id=draft.id),
        "revision": draft.revision,
    }
    return jsonify(message=message, copy=copy, link=link, link_text=link_text), 409


@blueprint.get("/drafts/<draft_id>/beside")
@needs("fill")
def compare(draft_id: str) -> ResponseReturnValue:
    """Both texts side by side after two people edited one draft."""
    try:
        found = beside.compare(office(), actor(), draft_id)
    except NotFound:
        return _handed_in(draft_id)
    return render_template("drafts/beside.html", found=found)


@blueprint.get("/drafts/<draft_id>/last/<key>")
@needs("fill")
def last(draft_id: str, key: str) -> ResponseReturnValue:
    """For the script of the page: what this person last answered there, the latest first."""
    return jsonify(texts=last_values.of_field(office(), actor(), draft_id, key))


@blueprint.get("/drafts/<draft_id>/preview.pdf")
@needs("fill")
def preview(draft_id: str) -> ResponseReturnValue:
    """The paper of the draft, marked as a draft, in the browser."""
    pdf = trying.preview_draft(office(), actor(), draft_id)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@blueprint.get("/drafts/<draft_id>/discard")
@needs("fill")
def confirm_discard(draft_id: str) -> ResponseReturnValue:
    """Ask before throwing a draft away."""
    try:
        draft = drafts.get(office(), actor(), draft_id)
    except NotFound:
        return _handed_in(draft_id)
    return render_template("drafts/discard.html", draft=draft, form_type=drafts.form_type_of(office(), draft))


@blueprint.post("/drafts/<draft_id>/discard")
@needs("fill")
def discard(draft_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        drafts.discard(office(), actor(), draft_id)
    except NotFound:
        return _handed_in(draft_id)
    flash(_("草稿已删除。"), "good")
    return redirect(url_for("desk.show"))
