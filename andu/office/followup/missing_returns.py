"""Forms that begin from missing returns: a 通报 that names the units which have not handed one in.

Which words go where stands in the form type (``missing_returns``). Called by the screens of returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.clock import chinese_date, office_day
from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import raw_from_values
from andu.formtypes.kinds import KINDS
from andu.formtypes.kinds.period import in_words
from andu.office import editions, offering
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.timing import returns
from andu.office.timing.returns import ReturnsOfPeriod
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account
from andu.security.permissions import require


def offered(office: Office, actor: Account, page: ReturnsOfPeriod) -> list[FormType]:
    """The forms this person may begin from the units that still owe a return whose period is over."""
    if not (page.is_over and page.owing and returns.watches(office, actor)):
        return []
    return [one for one in offering.fillable(office, actor) if _begins_from(one, page.form_type)]


def begin(office: Office, actor: Account, slug: str, form: str, period: str) -> Draft:
    """Begin form ``slug`` from the units that owe the return ``form`` for a period.

    Raises ``NotFound``, ``NotAllowed``, or ``Refused`` while the period runs and where nobody owes it.
    """
    if not returns.watches(office, actor):
        raise NotAllowed(_("您的岗位看不到各单位的报送情况。"))
    require(actor, "fill")
    form_type = editions.current(office, slug).form_type
    page = returns.page(office, actor, returns.find(office, form), period)
    if not _begins_from(form_type, page.form_type):
        raise NotFound(slug)
    if page.period != period or not (page.is_over and page.owing):
        raise Refused(_("这一期还没有到期，或者各单位都已经报了，不用通报。"))
    values = _values(form_type, page, OfficeDirectory(office, actor))
    return drafts.start(office, actor, slug, raw_from_values(form_type, values))


def _begins_from(form_type: FormType, of: FormType) -> bool:
    return form_type.missing_returns is not None and form_type.missing_returns.form == of.slug


def _values(form_type: FormType, page: ReturnsOfPeriod, directory: OfficeDirectory) -> dict[str, Any]:
    names = [line.unit.name for line in page.owing]
    said, rows = _said(page, "、".join(names)), [_said(page, name) for name in names]
    values: dict[str, Any] = {}
    for target, word in form_type.missing_returns.fills.items() if form_type.missing_returns else ():
        key, dot, column = target.partition(".")
        field = form_type.field(key)
        if not dot:
            values[key] = _read(field, said[word], directory)
            continue
        table = values.setdefault(key, [{} for _name in names])
        (part,) = (one for one in field.columns if one.key == column)
        for row, here in zip(table, rows, strict=True):
            row[column] = _read(part, here[word], directory)
    return values


def _said(page: ReturnsOfPeriod, unit: str) -> Mapping[str, str]:
    expected = returns.expected(page.form_type)
    about = {"period": in_words(page.period), "title": page.form_type.title}
    return {
        "unit": unit,
        "sentence": "{period}《{title}》未按期报送".format(**about),
        "count": str(len(page.owing)),
        "period": about["period"],
        "due": chinese_date(office_day(page.due)),
        "title": about["title"],
        "words": expected.words,
        "source": expected.source,
    }


def _read(field: Field, text: str, directory: OfficeDirectory) -> Any:
    """What a field makes of a text; the text itself where it makes nothing of it."""
    kind = KINDS[field.kind]
    try:
        return kind.value(field, kind.clean(text), directory)
    except ValueError:
        return text
