"""Number series: which exist, and one year of one of them in order, with voids and what is missing."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from andu.clock import office_day
from andu.office.desk import series
from andu.office.errors import Refused
from andu.office.issue import numbering
from andu.views.asking import actor, needs, office, page_asked
from andu.views.own_form import OwnForm

blueprint = Blueprint("series", __name__)


class NextForm(OwnForm):
    """From which number a series goes on, and why."""

    series = SelectField(_l("哪一种编号"), [InputRequired(_l("请选择用哪一种编号"))], validate_choice=False)
    following = IntegerField(
        _l("下一个号"), [InputRequired(_l("请写下一个号")), NumberRange(2, 9999, _l("请写 2 到 9999 的整数"))]
    )
    reason = StringField(_l("为什么"), [InputRequired(_l("请写明原因。")), Length(max=200)])


@blueprint.get("/series")
@needs("see_register")
def index() -> ResponseReturnValue:
    """Every series and the years it has numbers in."""
    return _index(NextForm(formdata=None))


@blueprint.post("/series/next")
@needs("void_number")
def reserve() -> ResponseReturnValue:
    """Set numbers aside: those before the next one that is given."""
    form = NextForm()
    form.series.choices = _choices()
    if not form.validate():
        return _index(form)
    key = form.series.data or ""
    try:
        numbering.reserve(office(), actor(), key, form.following.data or 0, form.reason.data or "")
    except Refused as refusal:
        form.following.errors = [refusal.message]
        return _index(form)
    flash(
        _(
            "已留出，“%(label)s”下一个号是 %(n)s 号。",
            label=office().config.series[key].label,
            n=form.following.data,
        )
    )
    return redirect(url_for("series.index"))


def _choices() -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in office().config.series.values()]


def _index(form: NextForm) -> ResponseReturnValue:
    form.series.choices = _choices()
    page = render_template(
        "series/index.html",
        series=office().config.series.values(),
        years=series.series_years(office()),
        this_year=office_day(office().clock.now()).year,
        form=form,
    )
    return page, 422 if form.errors else 200


@blueprint.get("/series/<key>/<int:year>")
@needs("see_register")
def show(key: str, year: int) -> ResponseReturnValue:
    """The numbers of one series and year in order, the last page first."""
    page = series.series_page(office(), actor(), key, year, page_asked(0))
    return render_template("series/show.html", page=page)
