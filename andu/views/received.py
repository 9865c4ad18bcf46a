"""What other offices have reported: a list, and each paper. Taking a report in is a command."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from andu.office.reports import receiving
from andu.views.asking import actor, needs, office
from andu.views.sending import MEDIA_TYPES, send_file

blueprint = Blueprint("received", __name__, url_prefix="/received")


@blueprint.get("/")
@needs("see_all")
def index() -> ResponseReturnValue:
    """The latest that came, fifty a page."""
    found = receiving.received(office(), actor(), request.args.get("before", ""))
    older = found[-1]["id"] if len(found) == receiving.PAGE else None
    return render_template("received/index.html", papers=found, older=older)


@blueprint.get("/<paper_id>/<media>")
@needs("download")
def paper(paper_id: str, media: str) -> ResponseReturnValue:
    """One paper as it came, to keep; ``media`` docx or pdf."""
    data, name = receiving.paper(office(), actor(), paper_id, media)
    return send_file(data, name, MEDIA_TYPES[media])
