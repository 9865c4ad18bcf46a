"""帮助: the manual, part by part, and its pictures."""

from __future__ import annotations

from flask import Blueprint, render_template, send_from_directory
from flask.typing import ResponseReturnValue

from andu.office.errors import NotFound
from andu.views import manual
from andu.views.asking import needs

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/<page>")
@needs()
def show(page: str) -> ResponseReturnValue:
    """One part of the manual."""
    if page not in manual.PAGES:
        raise NotFound(page)
    html, headings = manual.part(page)
    return render_template(
        "help/show.html", page=page, pages=manual.PAGES, html=html, headings=headings, anchor=manual.anchor
    )


@blueprint.get("/help/<shown>.png")
@needs()
def picture(shown: str) -> ResponseReturnValue:
    """One of its pictures."""
    return send_from_directory(manual.MANUAL, f"{shown}.png")
