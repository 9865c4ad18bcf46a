"""The figures: numbers and charts for a span of time, on the screen and on two sheets of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from andu.clock import office_day
from andu.formtypes.beside.figures import LINE, TIMELINESS, UNITS, FigureSheet
from andu.office.desk import figures, spans
from andu.office.desk.figures import CountedSheet, Drawn
from andu.office.desk.spans import BEFORE, DAYS, YEAR_BEFORE, Span
from andu.office.errors import NotFound
from andu.papers import charts
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


@dataclass(frozen=True)
class Picture:
    """A chart and its drawing; no drawing where nothing was counted."""

    chart: Drawn
    svg: Markup | None


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
        pictures=_pictures(found, _against()[asked.against]),
        offered=spans.offered(office().config, office_day(office().clock.now())),
        against=_against(),
        parts=_parts(),
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
    pictures = _pictures(found, _against()[asked.against])
    back = url_for("figures.show", **asked.link)
    name = _("%(title)s.pdf", title=found.sheet.title)
    return hand_out(
        "figures", name, "figures/sheet.html", len(pictures), back,
        found=found, leaves=(pictures[:FIRST_LEAF], pictures[FIRST_LEAF:]), against=_against()[asked.against],
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


def _parts() -> Sequence[str]:
    """What the parts of timeliness are called."""
    return (_("按期"), _("迟办"), _("超期未办"))


def _pictures(found: CountedSheet, before: str) -> list[Picture]:
    return [
        Picture(chart, _drawn(f"chart-{n}", chart, before)) for n, chart in enumerate(found.charts, start=1)
    ]


def _drawn(name: str, chart: Drawn, before: str) -> Markup | None:
    if chart.is_empty or chart.kind == UNITS:
        return None
    if chart.kind == TIMELINESS:
        rows = [charts.Shares(row.label, row.now, _kept(row.now, row.before)) for row in chart.rows]
        return charts.shares(name, chart.label, rows, _parts())
    bars = [charts.Bars(row.label, row.now[0], row.before[0]) for row in chart.rows]
    draw = charts.line if chart.kind == LINE else charts.bars
    return draw(name, chart.label, bars, _("本期"), before)


def _kept(now: Sequence[int], before: Sequence[int]) -> str:
    """The share that was in time, and the one before: 92%（85%）."""
    shares = [f"{round(100 * parts[0] / sum(parts))}%" if sum(parts) else "—" for parts in (now, before)]
    return f"{shares[0]}（{shares[1]}）"
