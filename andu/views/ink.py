"""What a person reads off the scan of a paper signed by hand: who, with what opinion, on which day.

The pages lie beside the form. Nothing here is an electronic signature, and the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from andu.formtypes.acts import Slot
from andu.formtypes.filling.webform import AnswerForm
from andu.office import records
from andu.office.desk import showing, standing
from andu.office.events import in_place_of
from andu.office.records import Record
from andu.office.signing import ink, scans, signatures
from andu.office.signing.ink import Ink, InkFaults
from andu.office.signing.scans import Scan
from andu.office.turns.slots import Turn
from andu.security import accounts, naming
from andu.security.signin import SignInRefused
from andu.views.answers import posted_raw
from andu.views.asking import actor, address, needs, office
from andu.views.own_form import OwnForm

blueprint = Blueprint("ink", __name__)
_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")


class InkForm(OwnForm):
    """What stands in one slot of the paper."""

    who = SelectField(_l("签字人"), validate_choice=False)
    opinion = TextAreaField(_l("意见"), [Length(max=500, message=_l("意见最多 500 字"))])
    day = StringField(_l("签字日期"))

    @property
    def on(self) -> date | None:
        """The day that was typed, as a browser's input sends it or in Chinese; ``None`` for no day."""
        found = _DAY.fullmatch((self.day.data or "").strip())
        try:
            return date(*map(int, found.groups())) if found else None
        except ValueError:
            return None

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether a signature was read off completely; one that is not there needs nothing."""
        right = super().validate(extra_validators)
        if self.who.data and self.on is None:
            self.day.errors = [_("请填写纸上的签字日期，例如 2026-11-22")]
        return right and not self.errors


class ConfirmForm(OwnForm):
    """That the page was compared with the record, and the password once more."""

    compared = BooleanField(
        _l("我已将签字页与这一稿的内容逐项对照，签名、意见、日期与录入的一致"),
        [InputRequired(_l("请先对照，再勾选"))],
    )
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


@dataclass(frozen=True)
class Reading:
    """What a person reads off a scan: a form for each slot, with those of its own fields; and the oath."""

    record: Record
    scan: Scan
    slots: list[Slot]
    open: set[str]
    inks: dict[str, InkForm]
    answers: dict[str, AnswerForm | None]
    form: ConfirmForm

    @property
    def given(self) -> list[Slot]:
        """The slots that were filled in, open or not."""
        return [slot for slot in self.slots if self.inks[slot.key].who.data]

    def is_right(self) -> bool:
        """Whether everything that is given is complete; puts the messages beside the inputs."""
        right = [self.form.validate(), bool(self.given)]
        for slot in self.given:
            answers = self.answers[slot.key]
            right += [self.inks[slot.key].validate(), answers is None or answers.validate()]
        if not self.given and self.slots:
            asked = next((slot for slot in self.slots if slot.key in self.open), self.slots[0])
            self.inks[asked.key].who.errors = [_("请至少选一处的签字人；纸上都没有签的，不用录入。")]
        return all(right)

    def read(self) -> list[Ink]:
        """The signatures that are given; only after ``is_right``."""
        found = []
        for slot in self.given:
            form = self.inks[slot.key]
            day, opinion = form.on or date.min, form.opinion.data or ""
            found.append(Ink(slot.key, form.who.data, opinion, day, posted_raw()))
        return found


def _reading(record: Record, scan: Scan, slots: list[Slot], posted: bool = False) -> Reading:
    forms, answers = {}, {}
    for slot in slots:
        turns = ink.choices(office(), record, slot)
        form = InkForm(
            *(() if posted else (None,)),
            prefix=f"f_ink_{slot.key}-",
            opinion=slot.opinion_default or "同意",
        )
        form.who.choices = [("", _("纸上这一处没有签")), *_people(turns)]
        person = turns[form.who.data].person if form.who.data in turns else actor()
        raw = posted_raw() if posted else None
        forms[slot.key] = form
        answers[slot.key] = signatures.answer_form(office(), person, record, slot, raw)
    confirmation = ConfirmForm() if posted else ConfirmForm(formdata=None)
    open_now = {slot.key for slot in ink.open_on(office(), record, scan)}
    return Reading(record, scan, slots, open_now, forms, answers, confirmation)


def _people(turns: Mapping[str, Turn]) -> list[tuple[str, str]]:
    """Who can have signed, told apart: a deputy is named with unit and post, and for whom."""
    everybody = accounts.all(office().store)
    full, names = naming.in_full(everybody, with_posts=True), naming.named(everybody)
    return [
        (key, in_place_of(full[turn.person.id], names[turn.principal.id] if turn.principal else ""))
        for key, turn in turns.items()
    ]


@blueprint.get("/records/<record_id>/scans/<scan_id>")
@needs("see_unit")
def show(record_id: str, scan_id: str) -> ResponseReturnValue:
    """The pages of a scan, and beside them the slots whose ink is still to be entered."""
    record = records.get(office(), actor(), record_id)
    scan = scans.get(office(), record, scan_id)
    showing.note_viewed(office(), actor(), record)
    return _show(_reading(record, scan, ink.open_on(office(), record, scan)))


@blueprint.post("/records/<record_id>/scans/<scan_id>")
@needs("confirm_ink")
def confirm(record_id: str, scan_id: str) -> ResponseReturnValue:
    """Enter the ink signatures that a person read off the scan; a second click changes nothing."""
    record = scans.record_for(office(), actor(), record_id)
    scan = scans.get(office(), record, scan_id)
    slots = list(records.form_type_of(office(), record).signatures.slots)
    reading = _reading(record, scan, slots, posted=True)
    if not reading.is_right():
        return _show(reading)
    password = reading.form.password.data or ""
    try:
        record = ink.enter(office(), actor(), record.id, scan.id, reading.read(), password, address())
    except SignInRefused as refusal:
        reading.form.password.errors = [refusal.message]
    except InkFaults as faults:
        for fault in faults.faults:
            reading.inks[fault.slot][fault.part].errors = [fault.message]
    else:
        return _entered(record, scan)
    return _show(reading)


def _entered(record: Record, scan: Scan) -> ResponseReturnValue:
    flash(_("纸面签署已录入。%(now)s", now=standing.of(office(), record, actor()).sentence), "good")
    if ink.open_on(office(), record, scan):
        return redirect(url_for("ink.show", record_id=record.id, scan_id=scan.id))
    return redirect(url_for("records.show", record_id=record.id))


def _show(reading: Reading) -> ResponseReturnValue:
    record, scan = reading.record, reading.scan
    problems = [
        *(
            (field.id, message)
            for form in reading.inks.values()
            for field in form
            for message in field.errors
        ),
        *(
            (problem.anchor_id, problem.message)
            for answers in reading.answers.values()
            for problem in (answers.problems if answers else ())
        ),
        *((field.id, message) for field in reading.form for message in field.errors),
    ]
    page = render_template(
        "ink/read.html",
        record=record,
        scan=scan,
        reading=reading,
        slots=[slot for slot in reading.slots if slot.key in reading.open or reading.inks[slot.key].errors],
        form_type=records.form_type_of(office(), record),
        filed_by=records.author(office(), scan.uploaded_by).name,
        entered=[one for one in signatures.given(office(), record) if one.scan == scan.id],
        may_enter=scans.may_file(actor(), record),
        problems=problems,
    )
    return page, 422 if problems else 200
