"""The figures: numbers and charts for a span of time, on the screen and on two sheets of paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.beside.figures import FigureSheet
from andu.office.desk import figures, spans
from andu.office.desk.spans import BEFORE, DAYS, YEAR_BEFORE, Span
from andu.office.errors import NotFound
from andu.views import pictures
from andu.views.asking import actor, day_asked, needs, office
from andu.views.sheet import hand_out

blueprint = Blueprint("figures", __name__)

FIRST_LEAF = 3
"""So many charts stand on the first sheet of paper, below the numbers; the others on the second."""


@dataclass(frozen=True)
class Question:
    """What was asked for: the sheet, the span, what it is held against; ``fault`` where it cannot be."""

    sheet: FigureSheet
    span: Span
    against: str
    fault: str = ""

    @property
    def link(self) -> dict[str, Any]:
        """The same again, as the values of a link."""
        return {
            "sheet": self.sheet.slug,
            "span": self.span.key,
            "since": self.span.since.isoformat(),
            "until": self.span.until.isoformat(),
            "against": self.against,
        }


@blueprint.get("/figures")
@needs("see_register")
def show() -> ResponseReturnValue:
    """The figures for a span of time, against the one before."""
    known = list(office().figures)
    if not known:
        return render_template("figures/none.html")
    asked = _asked(known)
    found = figures.count(office(), actor(), asked.sheet, asked.span, asked.against)
    return render_template(
        "figures/show.html",
        known=known,
        asked=asked,
        found=found,
        pictures=pictures.drawn(found, _against()[asked.against]),
        offered=spans.offered(office().config, office_day(office().clock.now())),
        against=_against(),
        parts=pictures.parts(),
    )


@blueprint.get("/figures.pdf")
@needs("print")
def sheet() -> ResponseReturnValue:
    """The same on two sheets of paper."""
    known = list(office().figures)
    if not known:
        raise NotFound("figures")
    asked = _asked(known)
    found = figures.count(office(), actor(), asked.sheet, asked.span, asked.against)
    drawn = pictures.drawn(found, _against()[asked.against], on_paper=True)
    back = url_for("figures.show", **asked.link)
    name = _("%(title)s.pdf", title=found.sheet.title)
    return hand_out(
        "figures", name, "figures/sheet.html", len(drawn), back,
        found=found, leaves=(drawn[:FIRST_LEAF], drawn[FIRST_LEAF:]), against=_against()[asked.against],
    )  # fmt: skip


def _asked(known: list[FigureSheet]) -> Question:
    args = request.args
    chosen = office().figures.get(args.get("sheet", "")) or known[0]
    against = YEAR_BEFORE if args.get("against") == YEAR_BEFORE else BEFORE
    usual = spans.usual(office().config, office_day(office().clock.now()))
    if args.get("span") != DAYS:
        return Question(chosen, spans.chosen(office().config, args.get("span", "")) or usual, against)
    since, until = day_asked("since"), day_asked("until")
    if since is None or until is None:
        return Question(chosen, usual, against, _("请把起止两个日期都填上，例如 2026-04-15。"))
    if since > until:
        return Question(chosen, usual, against, _("起始日期晚于截止日期，请改一下。"))
    return Question(chosen, spans.of_days(since, until), against)


def _against() -> dict[str, str]:
    return {BEFORE: _("上期"), YEAR_BEFORE: _("上年同期")}
