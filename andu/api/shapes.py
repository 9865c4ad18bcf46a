"""The shapes of what the interface takes and gives, as JSON Schema, by name.

``whole`` puts them into the OpenAPI document; ``faces`` makes what has them; the tests hold both together.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MOMENT: Schema = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
MAYBE_MOMENT: Schema = {**MOMENT, "type": ["string", "null"]}
STATE: Schema = {"enum": ["signing", "returned", "complete", "numbered", "filed", "voided"]}
VALUES: Schema = {"type": "object", "description": "按表单定义（forms/{form}）的 JSON Schema"}


def shape(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def ref(name: str) -> Schema:
    """The shape of this name, within the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


SHAPES: dict[str, Schema] = {
    "Me": shape(
        username=TEXT, name=TEXT, unit=TEXT, unit_id=TEXT, acts=many(TEXT), forms={"type": ["array", "null"]}
    ),
    "Forms": shape(forms=many(ref("FormLine"))),
    "FormLine": shape(form=TEXT, title=TEXT, group=TEXT, may_fill=FLAG, needs_a_page=FLAG),
    "Form": shape(
        form=TEXT, title=TEXT, group=TEXT, edition=TEXT, may_fill=FLAG, needs_a_page=FLAG,
        schema={"type": "object"},
    ),
    "NewAnswers": shape(form=TEXT, values=VALUES),
    "ChangedAnswers": shape(revision={"type": "integer", "minimum": 1}, values=VALUES),
    "Revision": shape(revision={"type": "integer", "minimum": 1}),
    "Draft": shape(
        id=TEXT, form=TEXT, edition=TEXT, revision=COUNT, values=VALUES, updated_at=MOMENT, record=MAYBE
    ),
    "Record": shape(
        id=TEXT, form=TEXT, edition=TEXT, version=COUNT, state=STATE, title=TEXT, unit=TEXT, unit_id=TEXT,
        author=TEXT, case=MAYBE, number=MAYBE, created_at=MOMENT, updated_at=MOMENT, values=VALUES,
        signatures=many(ref("Signature")), standing=TEXT, papers=many({"enum": ["docx", "pdf"]}),
        attachments=many(ref("Attachment")),
    ),
    "Attachment": shape(id=TEXT, name=TEXT, media_type=TEXT, size=COUNT, sha256=TEXT, uploaded_at=MOMENT),
    "Attached": shape(
        id=TEXT, name=TEXT, media_type=TEXT, size=COUNT, sha256=TEXT, uploaded_at=MOMENT, revision=COUNT
    ),
    "Signature": shape(slot=TEXT, label=TEXT, signer=TEXT, at=TEXT, opinion=TEXT),
    "Register": shape(entries=many(ref("Entry")), next=MAYBE),
    "Entry": shape(
        id=TEXT, number=TEXT, record=TEXT, form=TEXT, title=TEXT, unit=TEXT, unit_id=TEXT, author=TEXT,
        signer=TEXT, state=TEXT, numbered_at=MOMENT, filed_at=MAYBE_MOMENT, docx_sha256=MAYBE,
        pdf_sha256=MAYBE, voided_at=MAYBE_MOMENT, void_reason=MAYBE,
    ),
    "Ledgers": shape(ledgers=many(ref("LedgerLine"))),
    "LedgerLine": shape(ledger=TEXT, title=TEXT, group=TEXT),
    "Ledger": shape(
        ledger=TEXT, title=TEXT, columns=many(shape(key=TEXT, label=TEXT)), total=COUNT, is_more=FLAG,
        is_built=FLAG, rows=many(ref("LedgerRow")), next=MAYBE,
    ),
    "LedgerRow": shape(record=TEXT, is_void=FLAG, cells={"type": "object", "additionalProperties": TEXT}),
    "Deadlines": shape(deadlines=many(ref("Deadline")), next=MAYBE),
    "Deadline": shape(
        id=TEXT, record=TEXT, form=TEXT, title=TEXT, label=TEXT, at=MOMENT, is_overdue=FLAG, unit_id=TEXT,
        rule=TEXT, words=TEXT, source=TEXT,
    ),
    "Changes": shape(changes=many(ref("Change")), next=TEXT, is_more=FLAG),
    "Change": shape(id=TEXT, record=TEXT, form=TEXT, event=TEXT, at=MOMENT),
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "errors": many(shape(key=TEXT, message=TEXT)),
        },
        "required": ["type", "title", "status"],
        "additionalProperties": False,
    },
}  # fmt: skip
