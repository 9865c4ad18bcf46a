"""A sheet on its way to a person: as PDF, or with ``?view=browser`` as a page for the browser's own printing.

Views that print a list call ``hand_out`` and nothing else. Either way the print is in the audit log; where
no PDF comes about, a page says why and offers the other way.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from andu.clock import chinese_time
from andu.office.desk import lists
from andu.office.errors import Refused
from andu.views.asking import actor, office
from andu.views.sending import MEDIA_TYPES, send_file


@cache
def _style(static: str) -> str:
    return Path(static, "css", "sheet.css").read_text(encoding="utf-8")


def hand_out(
    name: str, file_name: str, template: str, rows: int, back: str, across: bool = False, **values: Any
) -> ResponseReturnValue:
    """The list ``name`` of so many rows, made from a template; ``back`` is the page it belongs to.

    ``across``: on paper with its long side across.
    """
    values |= {"back": back, "across": across, "printed_at": chinese_time(office().clock.now())}
    if request.args.get("view") == "browser":
        lists.note_printed(office(), actor(), name, rows)
        return render_template(template, style="", **values)
    html = render_template(template, style=_style(current_app.static_folder or ""), **values)
    try:
        pdf = lists.print_sheet(office(), actor(), name, html, rows, across)
    except Refused as refusal:
        there = {**request.args.to_dict(), **(request.view_args or {}), "view": "browser"}
        browser_view = url_for(str(request.endpoint), **there)
        page = render_template(
            "printing/unable.html", message=refusal.message, browser_view=browser_view, back=back
        )
        return page, 409
    return send_file(pdf, file_name, MEDIA_TYPES["pdf"], inline=True)
