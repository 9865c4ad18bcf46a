"""What a paper may say of the answers: every declared field that is not confidential, as text.

Office's snapshot calls it; papers print what it gives and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS


def paper_values(form_type: FormType, values: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """Field key → its face on paper: text, or for a table a list of rows; '' or [] without an answer."""
    shown = form_type.shown(values)
    return {
        field.key: KINDS[field.kind].printed(
            field, values.get(field.key) if field.key in shown else None, directory
        )
        for field in form_type.fields
        if not field.confidential
    }
