"""Signing: the queue, and the page where the paper lies beside the act.

Whoever has several papers waiting goes from one to the next without leaving the keyboard; the password is
asked for each of them, or where the office says so once for those that were each opened, and kept nowhere.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.clock import chinese_date, office_day
from andu.formtypes.filling.webform import AnswerForm
from andu.office import cases, records
from andu.office.books import register
from andu.office.desk import facts, pictures, showing, standing
from andu.office.errors import NotAllowed, Refused
from andu.office.records import Record
from andu.office.signing import agreeing, phrases, queues, signatures
from andu.office.turns import deputies
from andu.office.turns.slots import Turn
from andu.security import naming
from andu.security.signin import SignInRefused
from andu.views.answers import posted_raw
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm, RealReason

blueprint = Blueprint("signing", __name__)
TEXT, PASSWORD = "text", "password"


class SignForm(OwnForm):
    """The signer's opinion, and the password once more."""

    version = HiddenField()
    slot = HiddenField()
    opinion = TextAreaField(
        _l("意见"),
        [DataRequired(_l("请填写意见，例如“同意”")), Length(max=500, message=_l("意见最多 500 字"))],
    )
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class TogetherForm(OwnForm):
    """The password once, for all that was agreed to."""

    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


class DeclineForm(OwnForm):
    """Why the record goes back, and the password once more."""

    version = HiddenField()
    reason = TextAreaField(
        _l("退回理由"),
        [
            DataRequired(_l("请写明退回理由")),
            Length(max=500, message=_l("理由最多 500 字")),
            RealReason(),
        ],
    )
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@blueprint.get("/queue")
@needs("sign_named")
def queue() -> ResponseReturnValue:
    """Everything that waits for this person's signature."""
    me = actor()
    waiting = [
        (record, records.form_type_of(office(), record), now)
        for record, now in standing.sentences(office(), queues.queue(office(), me))
    ]
    running = deputies.running(office())
    return render_template(
        "signing/queue.html",
        waiting=waiting,
        facts=facts.of(office(), me, [record for record, _form_type, _now in waiting]),
        agreed={one.record.id for one in agreeing.agreed(office(), me)},
        names=naming.in_office(office().store),
        stood_in=[one for one in running if one.principal.id == me.id],
        standing_in=[one for one in running if one.deputy.id == me.id],
    )


@blueprint.get("/records/<record_id>/sign")
@needs("sign_named")
def sign(record_id: str) -> ResponseReturnValue:
    """The paper beside the act; to the record's page with the reason when it is not this person's turn."""
    record = records.get(office(), actor(), record_id)
    turn = signatures.turn(office(), actor(), record)
    if turn is None:
        flash(signatures.why_not(office(), actor(), record), "warn")
        return redirect(url_for("records.show", record_id=record.id))
    showing.note_viewed(office(), actor(), record)
    return _page(record, turn)


@blueprint.post("/records/<record_id>/sign")
@needs("sign_named")
def give(record_id: str) -> ResponseReturnValue:
    """Sign; a second click on the same button changes nothing.

    What is to be filled first comes without a password: that is asked once nothing is wrong with it.
    """
    record = records.get(office(), actor(), record_id)
    turn = signatures.turn(office(), actor(), record)
    cases.refuse_late(office(), actor(), record)
    form, raw = SignForm(), posted_raw()
    answers = signatures.answer_form(office(), actor(), record, turn.slot, raw) if turn else None
    step = _next_step(form, answers)
    if turn and step:
        return _page(record, turn, form, answers=answers, step=step)
    opinion, password, version = form.opinion.data or "", form.password.data or "", _version(form)
    try:
        record = signatures.sign(
            office(), actor(), record.id, form.slot.data or "", version, opinion, password, raw, address()
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(*_turn(record_id), form, answers=answers, step=PASSWORD)
    if request.form.get("then") == "next":
        return _next(record)
    done = _("您已签收。%(now)s") if turn and turn.slot.after_number else _("您已签字。%(now)s")
    flash(done % {"now": standing.of(office(), record, actor()).sentence}, "good")
    return redirect(url_for("records.show", record_id=record.id))


def _next_step(form: SignForm, answers: AnswerForm | None) -> str:
    """What is to be asked next: what this signer fills (``text``), the ``password``, or nothing."""
    if answers is None:
        return "" if form.validate() else TEXT
    is_answered = answers.validate()
    if not (form.opinion.validate(form) and is_answered) or request.form.get("step") == TEXT:
        return TEXT
    return "" if "password" in request.form and form.password.validate(form) else PASSWORD


@blueprint.post("/records/<record_id>/agree")
@needs("sign_named")
def agree(record_id: str) -> ResponseReturnValue:
    """Agree to the paper that is open, and on to the next; the password comes once, for all of them."""
    form = SignForm()
    if not form.opinion.validate(form):
        return _page(*_turn(record_id), form)
    agreeing.agree(
        office(), actor(), record_id, form.slot.data or "", _version(form), form.opinion.data or ""
    )
    agreed = agreeing.agreed(office(), actor())
    rest = _not_agreed(queues.following(office(), actor(), records.get(office(), actor(), record_id)))
    if not rest or agreeing.is_full(office(), agreed):
        return redirect(url_for("signing.together"))
    flash(_("已同意 %(n)s 件，还没有签：看完输一次密码一并签字。", n=len(agreed)))
    return redirect(url_for("signing.sign", record_id=rest[0].id))


def _not_agreed(found: list[Record]) -> list[Record]:
    agreed = {one.record.id for one in agreeing.agreed(office(), actor())}
    return [one for one in found if one.id not in agreed]


@blueprint.get("/queue/together")
@needs("sign_named")
def together() -> ResponseReturnValue:
    """What was opened and agreed to, to be signed under one password."""
    return _together(TogetherForm(formdata=None))


@blueprint.post("/queue/together")
@needs("sign_named")
def give_together() -> ResponseReturnValue:
    """Sign everything that stood on the page; each signature is one of its own."""
    form = TogetherForm()
    if not form.validate():
        return _together(form)
    try:
        done, left = agreeing.sign(
            office(), actor(), request.form.getlist("record"), form.password.data or "", address()
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _together(form)
    flash(_("已签字 %(n)s 件，每件都单独记了一条。", n=len(done)), "good")
    for title, why in left.items():
        flash(_("《%(title)s》没有签：%(why)s", title=title, why=why), "warn")
    return redirect(url_for("signing.queue"))


@blueprint.post("/records/<record_id>/agree/back")
@needs("sign_named")
def take_back(record_id: str) -> ResponseReturnValue:
    """Agree no more: the paper waits as before."""
    agreeing.take_back(office(), actor(), record_id)
    return redirect(url_for("signing.together"))


def _together(form: TogetherForm) -> ResponseReturnValue:
    agreed = agreeing.agreed(office(), actor())
    page = render_template(
        "signing/together.html",
        agreed=agreed,
        form=form,
        facts=facts.of(office(), actor(), [one.record for one in agreed]),
        titles={form_type.slug: form_type.title for form_type in office().catalogue.all()},
        today=chinese_date(office_day(office().clock.now())),
    )
    return page, 422 if form.errors else 200


def _next(record: Record) -> ResponseReturnValue:
    """On to the next paper of the queue; back to the queue when this was the last."""
    rest = _not_agreed(queues.following(office(), actor(), record))
    if not rest and agreeing.agreed(office(), actor()):
        return redirect(url_for("signing.together"))
    if not rest:
        flash(_("已签《%(title)s》，待签的都签完了。", title=record.title), "good")
        return redirect(url_for("signing.queue"))
    flash(_("已签《%(title)s》，还有 %(n)s 件。", title=record.title, n=len(rest)), "good")
    return redirect(url_for("signing.sign", record_id=rest[0].id))


@blueprint.post("/records/<record_id>/decline")
@needs("sign_named")
def decline(record_id: str) -> ResponseReturnValue:
    """Send the record back with a reason."""
    record, turn = _turn(record_id)
    form = DeclineForm(prefix="decline-")
    if not form.validate():
        return _page(record, turn, declining=form)
    try:
        signatures.decline(
            office(),
            actor(),
            record.id,
            _version(form),
            form.reason.data or "",
            form.password.data or "",
            address(),
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _page(record, turn, declining=form)
    flash(_("已退回。填报人和签过字的同志都会看到您写的理由。"), "good")
    return redirect(url_for("records.show", record_id=record.id))


def _turn(record_id: str) -> tuple[Record, Turn]:
    """The record and this person's turn; ``NotAllowed`` with the reason when it is not theirs."""
    record = records.get(office(), actor(), record_id)
    turn = signatures.turn(office(), actor(), record)
    if turn is None:
        raise NotAllowed(signatures.why_not(office(), actor(), record))
    return record, turn


def _version(form: SignForm | DeclineForm) -> int:
    text = form.version.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused(_("页面不完整，请刷新后再试。"))
    return int(text)


def _page(
    record: Record,
    turn: Turn,
    form: SignForm | None = None,
    declining: DeclineForm | None = None,
    answers: AnswerForm | None = None,
    step: str = TEXT,
) -> ResponseReturnValue:
    """The paper beside the act. Where this signer fills something, the password has a ``step`` of its own."""
    faulty = declining is not None or bool(form and form.errors) or bool(answers and answers.problems)
    slot, version = turn.slot, str(record.version)
    opinion = slot.opinion_default or "同意"
    if answers is None:
        answers = signatures.answer_form(office(), actor(), record, slot)
    page = render_template(
        "signing/sign.html",
        record=record,
        turn=turn,
        may_agree=step == TEXT and agreeing.may_agree(office(), actor(), record, turn),
        agreed=len(agreeing.agreed(office(), actor())),
        phrases=phrases.of(office(), actor()),
        sections=showing.answers(office(), actor(), record),
        rest=len(queues.following(office(), actor(), record)),
        late=cases.why_late(office(), actor(), record),
        entry=register.of_record(office(), actor(), record.id),
        rule=signatures.rule(office(), record),
        form_type=records.form_type_of(office(), record),
        form=form or SignForm(formdata=None, version=version, slot=slot.key, opinion=opinion),
        declining=declining or DeclineForm(formdata=None, prefix="decline-", version=version),
        answers=answers,
        step=step if answers else "",
        signed=signatures.given(office(), record),
        pages=pictures.known(office(), actor(), record),
        remarks=showing.remarks(office(), record),
        today=chinese_date(office_day(office().clock.now())),
    )
    return page, 422 if faulty else 200
