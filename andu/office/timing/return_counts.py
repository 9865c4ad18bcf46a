"""The numbers of a return, held against the records that the office has: what is refused beside which field.

Called by ``submitting``. Counted are the unit's own numbered records; for whoever says that there is nothing
to report, those still being signed too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from andu.clock import midnight, office_day, parse_stamp
from andu.formtypes.acts import Counted
from andu.formtypes.definition import FormType
from andu.formtypes.kinds.period import bounds, in_words
from andu.office.office import Office
from andu.office.reasons import is_reason
from andu.office.timing.returns import period_said
from andu.security import units


def faults(office: Office, form_type: FormType, values: Mapping[str, Any], unit_id: str) -> dict[str, str]:
    """Key of the field → why its number, or that there is nothing to report, is not what the office has."""
    expected = form_type.expected
    if expected is None or not values.get(expected.period):
        return {}
    period = period_said(str(values[expected.period]), expected.every)
    why = str(values.get(expected.differs) or "")
    found: dict[str, str] = {}
    for one in expected.counted:
        numbered, under_way = _count(office, one, period, unit_id)
        if one.nil and values.get(one.nil) is True and numbered + under_way:
            found[one.nil] = _nil_words(office, one, numbered + under_way, period)
        given = values.get(one.field)
        if given is not None and given != numbered and not is_reason(why):
            found[one.field] = _differing_words(office, form_type, one, numbered)
    return found


def _nil_words(office: Office, one: Counted, count: int, period: str) -> str:
    return _(
        "%(period)s本单位登记有 %(n)s 件“%(form)s”，不能零报告。",
        period=in_words(period),
        n=count,
        form=_title(office, one.form),
    )


def _differing_words(office: Office, form_type: FormType, one: Counted, count: int) -> str:
    said = _("按登记簿是 %(n)s（本单位有编号的“%(form)s”）。", n=count, form=_title(office, one.form))
    differs = form_type.expected.differs if form_type.expected else ""
    if not differs:
        return said
    return said + _("确实不同的，请在“%(label)s”里写明原因。", label=form_type.field(differs).label)


def _title(office: Office, slug: str) -> str:
    form_type = office.catalogue.get(slug)
    return form_type.title if form_type else slug


def _count(office: Office, one: Counted, period: str, unit_id: str) -> tuple[int, int]:
    """How many have their number, and how many are still under way, of the period or of its year."""
    first, last = bounds(period)
    first = first.replace(month=1, day=1) if one.since == "year" else first
    today = units.today(office.store)
    same = [unit for unit, now in today.items() if now == today.get(unit_id, unit_id)]
    marks = ", ".join("?" * len(same))
    rows = office.store.query(
        "SELECT record.data, record.state, register.numbered_at"
        " FROM record LEFT JOIN register ON register.record_id = record.id"
        f" WHERE record.unit_id IN ({marks}) AND record.form = ? AND record.created_at >= ?"
        " AND record.state <> 'voided'",
        [*same, one.form, midnight(first)],
    )
    numbered = under_way = 0
    for row in rows:
        answers = json.loads(row["data"])
        day = str(answers.get(one.at) or "")[:10] if one.at else _day(row["numbered_at"])
        if first.isoformat() <= day <= last.isoformat():
            weight = len(answers.get(one.rows) or ()) if one.rows else 1
            numbered += weight if row["numbered_at"] else 0
            under_way += 0 if row["numbered_at"] else weight
    return numbered, under_way


def _day(stamp: str | None) -> str:
    return office_day(parse_stamp(stamp)).isoformat() if stamp else ""
