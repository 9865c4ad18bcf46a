"""Ledgers: all of them by group, one with its filters, taken away as a file or a list, closed for a month."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from andu.formtypes.beside import ledger_pages
from andu.formtypes.beside.ledgers import Ledger
from andu.office.books import closed_months
from andu.office.desk import ledger_exports, lists
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.writing import ledger_closing
from andu.views.asking import actor, needs, office, page_asked
from andu.views.sending import send_file
from andu.views.sheet import hand_out

blueprint = Blueprint("ledgers", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACROSS = 80
"""Characters that a line of a working list takes: 9 pt on A4 across, some of it left to its face."""
ON_SCREEN = 97
"""Characters that a line of a ledger takes on a screen of 1366 px."""
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
CHOSEN = "c_"
"""Before the key of a column in the names of inputs: other names are our own."""


def _asked(ledger: Ledger) -> Asked:
    month = request.args.get("month", "").strip()
    keys = [column.key for column in ledger.columns if column.filter]
    return Asked(
        text=request.args.get("text", "").strip()[:60],
        chosen={key: text for key in keys if (text := request.args.get(f"{CHOSEN}{key}", ""))},
        month=month if MONTH.fullmatch(month) else "",
        sort=request.args.get("sort", ""),
        descending=request.args.get("way") == "down",
    )


def _query(asked: Asked) -> dict[str, Any]:
    """What was asked, as the names of an address."""
    given = {"text": asked.text, "month": asked.month}
    given |= {f"{CHOSEN}{key}": text for key, text in asked.chosen.items()}
    if asked.sort:
        given |= {"sort": asked.sort, "way": "down" if asked.descending else "up"}
    return {name: value for name, value in given.items() if value}


@blueprint.get("/ledgers")
@needs("see_register")
def index() -> ResponseReturnValue:
    """All ledgers, group by group."""
    return render_template("ledgers/index.html", groups=ledgers.by_group(office(), actor()))


@blueprint.get("/ledgers/<slug>")
@needs("see_register")
def show(slug: str) -> ResponseReturnValue:
    """One ledger: the rows this person may see that fit, fifty a page."""
    here, me = office(), actor()
    ledger = ledgers.get(here, me, slug)
    asked = _asked(ledger)
    typed = request.args.get("month", "").strip()
    page = ledgers.page(here, me, ledger, asked, page_asked())
    return render_template(
        "ledgers/show.html",
        ledger=ledger,
        asked=asked,
        query=_query(asked),
        page=page,
        laid=ledger_pages.laid(ledger.columns, [row.cells for row in page.rows], ON_SCREEN),
        choices=ledgers.choices(here, me, ledger),
        wrong_month=typed if typed != asked.month else "",
        may_close=ledger_closing.form_of(here, me) is not None,
        size=ledgers.PAGE,
    )


@blueprint.get("/ledgers/<slug>/export.xlsx")
@needs("download")
def export(slug: str) -> ResponseReturnValue:
    """All rows found, for a spreadsheet."""
    ledger = ledgers.get(office(), actor(), slug)
    data = ledger_exports.export(office(), actor(), ledger, _asked(ledger))
    return send_file(data, f"{ledger.title}.xlsx", XLSX)


@blueprint.get("/ledgers/<slug>/list.pdf")
@needs("print")
def print_list(slug: str) -> ResponseReturnValue:
    """The rows found, to print as a working list."""
    ledger = ledgers.get(office(), actor(), slug)
    asked = _asked(ledger)
    rows = ledgers.all_rows(office(), actor(), ledger, asked, lists.MOST)
    back = url_for("ledgers.show", slug=slug, **_query(asked))
    found = ledger_pages.listed(ledger.columns, [row.cells for row in rows], ACROSS)
    return hand_out(
        f"ledger:{slug}", f"{ledger.title}.pdf", "ledgers/list.html", len(rows), back, across=True,
        ledger=ledger, found=found, asked=asked, most=lists.MOST,
        totals=ledgers.totals(office(), actor(), ledger, asked),
    )  # fmt: skip


@blueprint.post("/ledgers/<slug>/close")
@needs("fill")
def close(slug: str) -> ResponseReturnValue:
    """Begin the paper that closes a month of this ledger."""
    ledger = ledgers.get(office(), actor(), slug)
    month = request.form.get("month", "").strip()
    draft = ledger_closing.begin(office(), actor(), ledger, month)
    if said := closed_months.closed_already(office(), actor(), ledger, month):
        flash(said, "bad")
    return redirect(url_for("drafts.edit", draft_id=draft.id))
