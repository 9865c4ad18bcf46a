"""Number series: which exist, and one year of one of them in order, with voids and what is missing."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from andu.clock import office_day
from andu.office.desk import series
from andu.views.asking import actor, needs, office, page_asked

blueprint = Blueprint("series", __name__)


@blueprint.get("/series")
@needs("see_register")
def index() -> ResponseReturnValue:
    """Every series and the years it has numbers in."""
    return render_template(
        "series/index.html",
        series=office().config.series.values(),
        years=series.series_years(office()),
        this_year=office_day(office().clock.now()).year,
    )


@blueprint.get("/series/<key>/<int:year>")
@needs("see_register")
def show(key: str, year: int) -> ResponseReturnValue:
    """The numbers of one series and year in order, the last page first."""
    page = series.series_page(office(), actor(), key, year, page_asked(0))
    return render_template("series/show.html", page=page)
