"""A day or a month as somebody types it into a search: 2026-11-22, 2026年11月22日, 11月22日, 2026.11.

Called by ``record_words``. Pure.
"""

from __future__ import annotations

import re
from datetime import date

from andu import folding

_WHOLE = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月|[-./](?=\d)|$)(?:(\d{1,2})日?)?")
_OF_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_CLOSE = re.compile(r"(20\d\d)(\d\d)(\d\d)")


def digits(term: str, today: date) -> str:
    """The digits that such a day begins with, ``20261122`` or ``202611`` for a month; '' for anything else.

    A day without a year is of the year of ``today``.
    """
    text = folding.flat(term)
    if found := _OF_YEAR.fullmatch(text):
        year, month, day = str(today.year), *found.groups()
    elif found := _WHOLE.fullmatch(text) or _CLOSE.fullmatch(text):
        year, month, day = found.groups()
    else:
        return ""
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    return f"{year}{int(month):02}" + (f"{int(day):02}" if day else "")
