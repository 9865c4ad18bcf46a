"""How a sheet of figures will look, with made-up numbers: whoever sets one need not see real ones."""

from __future__ import annotations

from datetime import timedelta

from andu.clock import office_day
from andu.formtypes.beside.figures import LINE, TIMELINESS, UNITS, Chart, FigureSheet, Number
from andu.office.desk import spans
from andu.office.desk.figures import MOST_ROWS, WEEK, CountedSheet, Drawn, FigureRow, Told
from andu.office.office import Office
from andu.security import units


def counted(office: Office, sheet: FigureSheet) -> CountedSheet:
    """The sheet as if so much had been counted this month."""
    today = office_day(office.clock.now())
    span = spans.usual(office.config, today)
    before = spans.before(span, span, spans.BEFORE)
    numbers = [_number(at, one) for at, one in enumerate(sheet.numbers)]
    return CountedSheet(sheet, span, before, numbers, [_chart(office, one) for one in sheet.charts])


def _number(at: int, number: Number) -> Told:
    if number.ledger or number.overdue:
        return Told(number.label, 12 - at, 9)
    return Told(number.label, 18, 15, 20, 20)


def _chart(office: Office, chart: Chart) -> Drawn:
    names = [one.name for one in units.all(office.store) if one.state == "active"][:MOST_ROWS]
    if chart.kind == UNITS:
        two = [n for one in chart.columns for n in ((6, -1) if one.ledger else (8, 9))]
        heads = [one.label for one in chart.columns]
        return Drawn(chart.label, chart.kind, [FigureRow(name, two, ()) for name in names], heads)
    if chart.kind == TIMELINESS:
        rows = [FigureRow(name, (8 - at % 3, at % 3, 1), (7, 1, 1)) for at, name in enumerate(names)]
        return Drawn(chart.label, chart.kind, rows)
    if chart.kind == LINE:
        today = office_day(office.clock.now())
        days = [today - timedelta(days=WEEK * n) for n in (3, 2, 1, 0)]
        rows = [FigureRow(f"{day.month}.{day.day}", (4 + n,), (5 - n,)) for n, day in enumerate(days)]
        return Drawn(chart.label, chart.kind, rows)
    words = _words(office, chart) or names
    rows = [FigureRow(word, (12 - at,), (10 - at,)) for at, word in enumerate(words[:MOST_ROWS])]
    return Drawn(chart.label, chart.kind, rows)


def _words(office: Office, chart: Chart) -> list[str]:
    """The choices of the field that a chart divides by; none where it names units."""
    ledger = office.ledgers.get(chart.ledger)
    place = ledger.place(chart.by) if ledger else None
    if ledger is None or place is None:
        return []
    value = ledger.columns[place].value
    forms = [office.catalogue.get(slug) for slug in ([value.form] if value.form else ledger.forms)]
    fields = [one for form in forms if form for one in form.fields if one.key == value.name]
    return [str(choice) for one in fields for choice in one.settings.get("choices") or ()]
