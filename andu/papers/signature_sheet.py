"""What a signature sheet may name, in the language of forms: the one paper that no form type asks for.

Its docx lies with the others, ``signature_sheet.docx``, and is held against this like any paper against its
form; but nobody fills it in, so it stands in no catalogue. Called by ``office.signature_sheet`` and by the
commands that check and draw papers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from andu.formtypes.definition import FormType
from andu.formtypes.language.reading import read_form

SLUG = "signature_sheet"


@cache
def sheet_form() -> FormType:
    """The form of the sheet."""
    return read_form(Path(__file__).with_name(f"{SLUG}.yaml"))
