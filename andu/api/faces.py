"""What the office knows, as JSON with the shapes of ``shapes``. Nothing confidential has a face here."""

from __future__ import annotations

from typing import Any

from andu.clock import stamp
from andu.formtypes.beside.ledgers import Ledger
from andu.formtypes.definition import FormType
from andu.formtypes.filling import schemas
from andu.formtypes.filling.webform import read_loosely
from andu.office import events, offering, records
from andu.office.books import register
from andu.office.books.register import Entry
from andu.office.desk import showing, standing
from andu.office.desk.changes import Happened
from andu.office.ledger.ledger_finding import FoundRow
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.timing.deadlines import Running
from andu.office.writing import drafts
from andu.office.writing.attachments import Attachment
from andu.office.writing.drafts import Draft
from andu.security import units
from andu.security.accounts import Account

Json = dict[str, Any]


def form_line(actor: Account, form_type: FormType) -> Json:
    """FormLine."""
    return {
        "form": form_type.slug,
        "title": form_type.title,
        "group": form_type.group,
        "may_fill": offering.may_fill(actor, form_type),
        "needs_a_page": schemas.needs_a_page(form_type),
    }


def form(actor: Account, form_type: FormType, edition_id: str) -> Json:
    """Form."""
    return {**form_line(actor, form_type), "edition": edition_id, "schema": schemas.of(form_type)}


def draft(office: Office, actor: Account, one: Draft) -> Json:
    """Draft: what can be read of what was typed so far."""
    form_type = drafts.form_type_of(office, one)
    values = read_loosely(form_type, one.raw, OfficeDirectory(office, actor))
    return {
        "id": one.id,
        "form": one.form,
        "edition": one.form_version,
        "revision": one.revision,
        "values": _open_part(form_type, values),
        "updated_at": one.updated_at,
        "record": None,
    }


def _open_part(form_type: FormType, values: Json) -> Json:
    return {key: value for key, value in values.items() if key not in form_type.confidential_keys}


def record(office: Office, actor: Account, one: Record) -> Json:
    """Record."""
    form_type = records.form_type_of(office, one)
    entry = register.of_record(office, actor, one.id)
    happened = events.of(office, one.id)
    labels = {slot.key: slot.label for slot in form_type.signatures.slots}
    given = [sign for sign in events.signatures(happened) if sign.voided is None]
    return {
        "id": one.id,
        "form": one.form,
        "edition": one.form_version,
        "version": one.version,
        "state": one.state,
        "title": one.title,
        "unit": units.names(office.store).get(one.unit_id, one.unit_id),
        "unit_id": one.unit_id,
        "author": records.author(office, one.author_id).name,
        "case": one.case_id,
        "number": entry.number if entry else None,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "values": _open_part(form_type, events.answers(office, one.id, one.values)),
        "signatures": [
            {
                "slot": sign.slot,
                "label": labels.get(sign.slot, sign.slot),
                "signer": sign.signer,
                "at": sign.at,
                "opinion": sign.opinion,
            }
            for sign in given
        ],
        "standing": standing.of(office, one, actor).sentence,
        "papers": [media for media in ("docx", "pdf") if entry and getattr(entry, f"{media}_sha")],
        "attachments": [attachment(held) for held in showing.attached_openly(office, one)],
    }


def attachment(one: Attachment) -> Json:
    """Attachment."""
    same = ("id", "name", "media_type", "size", "uploaded_at")
    return {**{name: getattr(one, name) for name in same}, "sha256": one.sha}


def entry(one: Entry) -> Json:
    """Entry."""
    same = ("id", "number", "form", "title", "unit", "unit_id", "author", "signer", "state")
    moments = ("numbered_at", "filed_at", "voided_at", "void_reason")
    said = {name: getattr(one, name) for name in (*same, *moments)}
    return {**said, "record": one.record_id, "docx_sha256": one.docx_sha, "pdf_sha256": one.pdf_sha}


def ledger_row(ledger: Ledger, row: FoundRow) -> Json:
    """LedgerRow."""
    keys = [column.key for column in ledger.columns]
    cells = dict(zip(keys, row.cells, strict=True))
    return {"record": row.record_id, "is_void": row.is_void, "cells": cells}


def deadline(one: Running) -> Json:
    """Deadline: the title of a record that is not this person's to see is empty."""
    same = ("id", "form", "label", "is_overdue", "unit_id", "rule", "words", "source")
    said = {name: getattr(one, name) for name in same}
    title = one.title if one.is_open else ""
    return {**said, "record": one.record_id, "title": title, "at": stamp(one.at)}


def change(one: Happened) -> Json:
    """Change."""
    return {"id": one.id, "record": one.record_id, "form": one.form, "event": one.event, "at": one.at}
