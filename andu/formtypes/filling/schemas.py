"""A form type as JSON Schema (2020-12): the open answers of its records, for programs that fill or read them.

Made from the edition itself, so that it says what that edition asks. Confidential answers have no place in
it: they reach no program. What a signer answers is `readOnly`. The conditions of a form are not told by the
schema; what they ask for is refused by name when it is missing.
"""

from typing import Any

from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS


def of(form_type: FormType) -> dict[str, Any]:
    """The schema of `values`."""
    by_clerk = {field.key for field in form_type.clerk_fields}
    open_fields = [field for field in form_type.fields if not field.confidential]
    schema: dict[str, Any] = {
        "type": "object",
        "title": form_type.title,
        "properties": {field.key: _property(field, field.key in by_clerk) for field in open_fields},
        "additionalProperties": False,
    }
    always = [field.key for field in open_fields if field.key in by_clerk and _is_always_asked(field)]
    return {**schema, "required": always} if always else schema


def needs_a_page(form_type: FormType) -> bool:
    """Whether something confidential must be answered: such a form is handed in on the screen alone."""
    return any(field.confidential and _is_always_asked(field) for field in form_type.clerk_fields)


def _is_always_asked(field: Field) -> bool:
    return field.required and field.show_when is None


def _property(field: Field, by_clerk: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"title": field.label, **KINDS[field.kind].schema(field), "x-kind": field.kind}
    if field.help:
        said["description"] = field.help
    return said if by_clerk else {**said, "readOnly": True}
