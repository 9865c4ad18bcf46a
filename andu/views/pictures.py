"""Charts as the screen, the paper and the page that sets them draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from andu.formtypes.beside.figures import LINE, TIMELINESS, UNITS
from andu.office.desk.figures import CountedSheet, Drawn
from andu.papers import charts

ON_PAPER, CLOSE, APART, TALL = 430, 42, 56, 300
"""On paper the rows of a chart fill that height, but for the closest and the widest that they may stand."""


@dataclass(frozen=True)
class Picture:
    """A chart and its drawing; no drawing where nothing was counted."""

    chart: Drawn
    svg: Markup | None


def parts() -> Sequence[str]:
    """What the parts of timeliness are called."""
    return (_("按期"), _("迟办"), _("超期未办"))


def drawn(found: CountedSheet, before: str, on_paper: bool = False) -> list[Picture]:
    """The charts of a sheet; ``before``: what they are held against, in a word. On paper they fill it."""
    most = max((len(chart.rows) for chart in found.charts if chart.kind not in (LINE, UNITS)), default=1)
    size = (min(max(ON_PAPER // max(most, 1), CLOSE), APART), TALL) if on_paper else (charts.ROW, charts.TALL)
    return [
        Picture(chart, _drawn(f"chart-{n}", chart, before, *size))
        for n, chart in enumerate(found.charts, start=1)
    ]


def _drawn(name: str, chart: Drawn, before: str, pitch: int, tall: int) -> Markup | None:
    if chart.is_empty or chart.kind == UNITS:
        return None
    if chart.kind == TIMELINESS:
        rows = [charts.Shares(row.label, row.now, _kept(row.now, row.before)) for row in chart.rows]
        return charts.shares(name, chart.label, rows, parts(), pitch)
    bars = [charts.Bars(row.label, row.now[0], row.before[0]) for row in chart.rows]
    if chart.kind == LINE:
        return charts.line(name, chart.label, bars, _("本期"), before, tall)
    return charts.bars(name, chart.label, bars, _("本期"), before, pitch)


def _kept(now: Sequence[int], before: Sequence[int]) -> str:
    """The share that was in time, and the one before: 92%（85%）."""
    shares = [f"{round(100 * parts[0] / sum(parts))}%" if sum(parts) else "—" for parts in (now, before)]
    return f"{shares[0]}（{shares[1]}）"
