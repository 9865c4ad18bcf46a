"""Months of ledgers that are closed: a month is closed once. Owns table ``closed_month``.

``submitting`` fills it inside its own transaction; ``writing.ledger_closing`` begins the form that freezes a
month. What a person sees decides what is closed: the whole place, or one unit. A month closed already can be
closed again only on purpose, by naming the closing that is corrected; a voided closing counts no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.beside.ledgers import Ledger
from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS
from andu.office.errors import Refused
from andu.office.ledger import ledger_extracts
from andu.office.office import Office
from andu.security.accounts import Account

Extract = Mapping[str, Any]


def closed_already(office: Office, actor: Account, ledger: Ledger, month: str) -> str:
    """What to say before a month is closed again by this person; empty where it is open."""
    about = {"ledger": ledger.slug, "month": month, "unit": ledger_extracts.unit_of(actor, ledger)}
    standing = _standing(office, about, None)
    named = "、".join(row["number"] or _("正在签字的一份") for row in standing)
    return _("这个月已经月结过：%(named)s。", named=named) if standing else ""


def faults(
    office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str | None
) -> dict[str, str]:
    """Key of the field → why this month may not be closed: it is closed, or another one is corrected.

    ``record_id`` is the record that is being revised, if any.
    """
    found: dict[str, str] = {}
    for field in ledger_fields(form_type):
        if values.get(field.key):
            found |= _fault(office, form_type, field, values, record_id)
    return found


def refuse_second(
    office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str | None
) -> None:
    """Raise ``Refused`` where ``faults`` finds one: for the last look, within the caller's transaction."""
    for message in faults(office, form_type, values, record_id).values():
        raise Refused(message)


def enter(office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str) -> None:
    """Keep what a record closes, anew for each version. Within the caller's transaction."""
    office.store.execute("DELETE FROM closed_month WHERE record_id = ?", [record_id])
    for field in ledger_fields(form_type):
        if extract := values.get(field.key):
            about = {"record_id": record_id, "ledger": extract["ledger"], "month": extract["month"]}
            corrected = values.get(_correction(field))
            office.store.insert("closed_month", about | {"unit_id": extract["unit"], "replaces": corrected})


def ledger_fields(form_type: FormType) -> Iterator[Field]:
    """The fields of a form type that freeze a month of a ledger."""
    return (field for field in form_type.fields if KINDS[field.kind].draws_ledger)


def _correction(field: Field) -> str:
    return str(field.settings["correction"])


def _standing(office: Office, extract: Extract, record_id: str | None) -> list[dict[str, Any]]:
    """What closes a month now: neither voided, nor corrected by a later one, nor the record itself."""
    return office.store.query(
        "SELECT record.id, record.title, register.number FROM closed_month"
        " JOIN record ON record.id = closed_month.record_id AND record.state <> 'voided'"
        " LEFT JOIN register ON register.record_id = record.id"
        " WHERE closed_month.ledger = ? AND closed_month.month = ?"
        " AND closed_month.unit_id = ? AND record.id IS DISTINCT FROM ? AND NOT EXISTS ("
        "  SELECT 1 FROM closed_month AS later JOIN record AS by_then ON by_then.id = later.record_id"
        "  WHERE later.replaces = record.id AND by_then.state <> 'voided' AND by_then.id IS DISTINCT FROM ?)"
        " ORDER BY register.number, record.created_at",
        [*(extract[name] for name in ("ledger", "month", "unit")), record_id, record_id],
    )


def _fault(
    office: Office, form_type: FormType, field: Field, values: Mapping[str, Any], record_id: str | None
) -> dict[str, str]:
    key, extract = _correction(field), values[field.key]
    standing, chosen = _standing(office, extract, record_id), values.get(key)
    about = {"period": extract["period"], "title": extract["title"]}
    if chosen and chosen not in [row["id"] for row in standing]:
        return {
            key: _("选的不是“%(title)s”%(period)s现行的月结，请重新选择；没有月结过的，这一项留空", **about)
        }
    waiting = [row for row in standing if row["number"] is None]
    if waiting:
        said = _("“%(title)s”%(period)s的月结已经提交，还没有编号。要更正，请改那一份", **about)
        return {field.key: said}
    if not standing or chosen:
        return {}
    about["number"] = "、".join(row["number"] for row in standing)
    if not key:
        said = _("“%(title)s”%(period)s已经月结，编号 %(number)s。要重新办理，先作废那一份", **about)
        return {field.key: said}
    label = form_type.field(key).label
    return {
        field.key: _(
            "“%(title)s”%(period)s已经月结，编号 %(number)s，不能再结一次。要更正，请在“%(label)s”中选定它",
            **about,
            label=label,
        )
    }
