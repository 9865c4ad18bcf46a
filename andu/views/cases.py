"""The page of a case: its papers in their order, what is due, and what happened; and the case taken along."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from andu.office import cases
from andu.office.books import register
from andu.office.desk import bundles, duties, showing, standing
from andu.office.errors import NotFound
from andu.views.asking import actor, needs, office
from andu.views.sending import send_file

blueprint = Blueprint("cases", __name__)
BUNDLES = {"pdf": (bundles.case_pdf, "application/pdf"), "zip": (bundles.case_zip, "application/zip")}


@blueprint.get("/cases/<case_id>")
@needs("see_unit")
def show(case_id: str) -> ResponseReturnValue:
    """Every paper of the case that this person may see, what is due, and the whole history."""
    here, me = office(), actor()
    papers = cases.papers(here, me, case_id)
    for record in papers:
        showing.note_viewed(here, me, record)
    under_way = [record for record in papers if record.may_change]
    return render_template(
        "cases/show.html",
        case_id=case_id,
        first=next((record for record in papers if record.id == case_id), papers[0]),
        closing=cases.closed(here, me, case_id),
        hidden=cases.hidden(here, case_id, papers),
        holder=cases.holder(here, papers),
        contradicting=cases.contradicting(here, papers),
        branches=cases.branches_seen(here, case_id, papers),
        under_way=[(record, standing.of(here, record, me)) for record in under_way],
        receipts={record.id: standing.receipt(here, record) for record in papers if record.awaits_receipt},
        following=cases.following(here, me, papers),
        others=cases.others(here, me, case_id, papers),
        papers=[(record, register.of_record(here, me, record.id)) for record in papers],
        titles={form_type.slug: form_type.title for form_type in here.catalogue.all()},
        due=duties.of_case(here, me, case_id),
        history=showing.case_history(here, papers),
    )


@blueprint.get("/cases/<case_id>/bundle.<media>")
@needs("download")
def bundle(case_id: str, media: str) -> ResponseReturnValue:
    """The filed papers of the case that this person may open: one PDF with bookmarks, or their files."""
    if media not in BUNDLES:
        raise NotFound(media)
    make, media_type = BUNDLES[media]
    data, name = make(office(), actor(), case_id, request.args.get("reason", "")[:200])
    return send_file(data, name, media_type)
