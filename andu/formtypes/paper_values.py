"""What a paper may say of the answers: every declared field that is not confidential, as text.

Office's snapshot calls it; papers print what it gives and nothing else.
"""

from collections.abc import Mapping
from typing import Any, Final

from andu.formtypes.definition import FormType
from andu.formtypes.directory import Directory
from andu.formtypes.kinds import KINDS

# What office adds to the fields of every paper; no field may have such a key.
PAPER_NAMES: Final[dict[str, str]] = {
    "number": "the record's number; a placeholder in previews",
    "form_title": "title of the form type",
    "unit_name": "name of the unit whose record it is",
    "author_name": "name of the clerk who submitted",
    "office_name": "name of the office, such as 示例镇",
    "issuer_name": "the organ that issues official documents",
    "printer_name": "the organ that prints official documents",
    "issued_on": "day of the last signature, else of submission: 2026年11月22日",
    "submitted_at": "moment of submission: 2026年11月22日 14:05",
    "confidential_code": "code that stands for the confidential person, such as R-7F3K; or empty",
    "check_code": "tells this version of the record from all others: K7Q2-9FJM-3X0T; empty on a draft",
    "sign": "signatures by slot key, each with label, name, post, unit, opinion, date, time",
}


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
