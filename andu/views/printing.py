"""Lists to print: the desk, the proof of a draft or record; and the statistics, on screen and on paper."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import office_day
from andu.office.desk import lists, proofs, statistics
from andu.office.desk.statistics import STATES, Statistics
from andu.views.asking import actor, day_asked, needs, office
from andu.views.sheet import hand_out

blueprint = Blueprint("printing", __name__)


@blueprint.get("/desk.pdf")
@needs("print")
def desk() -> ResponseReturnValue:
    """What lies on my desk."""
    found = lists.desk(office(), actor())
    titles = {form_type.slug: form_type.title for form_type in office().catalogue.all()}
    back = url_for("desk.show")
    name = _("我的工作台.pdf")
    return hand_out("desk", name, "printing/desk.html", found.rows, back, desk=found, titles=titles)


@blueprint.get("/records/<record_id>/proof.pdf")
@needs("print")
def record_proof(record_id: str) -> ResponseReturnValue:
    """All open answers of a record, to be read through."""
    proof = proofs.of_record(office(), actor(), record_id)
    back = url_for("records.show", record_id=record_id)
    return hand_out("proof", _("校对单.pdf"), "printing/proof.html", proof.rows, back, proof=proof)


@blueprint.get("/drafts/<draft_id>/proof.pdf")
@needs("print")
def draft_proof(draft_id: str) -> ResponseReturnValue:
    """All open answers of a draft as typed so far, to be read through."""
    proof = proofs.of_draft(office(), actor(), draft_id)
    back = url_for("drafts.edit", draft_id=draft_id)
    return hand_out("proof", _("校对单.pdf"), "printing/proof.html", proof.rows, back, proof=proof)


@blueprint.get("/statistics")
@needs("see_register")
def statistics_page() -> ResponseReturnValue:
    """How many records of each form type and unit stand where, for a period."""
    return render_template("printing/statistics.html", found=_counted(), states=STATES)


@blueprint.get("/statistics.pdf")
@needs("print")
def statistics_sheet() -> ResponseReturnValue:
    """The same counts, to print."""
    found = _counted()
    back = url_for("printing.statistics_page", since=found.since, until=found.until)
    return hand_out(
        "statistics", _("文书统计.pdf"), "printing/statistics_sheet.html", len(found.by_form), back,
        found=found, states=STATES,
    )  # fmt: skip


def _counted() -> Statistics:
    today = office_day(office().clock.now())
    since, until = day_asked("since") or today.replace(month=1, day=1), day_asked("until") or today
    return statistics.count(office(), actor(), since, until)
