"""What a page of answers posts: the answers themselves, the revision they started from, and the button."""

from __future__ import annotations

import re

from flask import request
from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.office.errors import Refused
from andu.office.writing.drafts import Raw
from andu.office.writing.tabs import Tab


def posted_raw() -> Raw:
    """Everything typed into the inputs of a form type, as it came."""
    return {name: request.form.getlist(name) for name in request.form if name.startswith("f_")}


def posted_revision() -> int:
    """The revision the page was made from; raises ``Refused`` for a page that is not ours."""
    text = request.form.get("base_revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(_("页面不完整，请刷新后再试。"))
    return int(text)


def posted_tab() -> Tab | None:
    """Which page of a browser this was typed in, as its script says; None without one."""
    name, at = request.form.get("tab", ""), request.form.get("typed_at", "")
    known = re.fullmatch(r"[0-9a-z]{8,64}", name) and re.fullmatch(r"[0-9]{1,15}", at)
    return Tab(name, int(at)) if known else None


def posted_act() -> tuple[str, str]:
    """The button that was pressed, and what it is about: ``detach``, ``photos:0192…``."""
    name, _colon, about = request.form.get("act", "save").partition(":")
    return name, about


def posted_files(form_type: FormType) -> list[tuple[str, str, bytes]]:
    """The chosen files as (field key, name, bytes), of fields this form has."""
    return [
        (field.key, file.filename, file.read())
        for field in form_type.fields
        for file in request.files.getlist(f"upload_{field.key}")
        if file.filename
    ]


def with_row(raw: Raw, table: Field) -> Raw:
    """The answers with one more empty row in a table."""
    name = f"f_{table.key}"
    used = [int(match[1]) for key in raw if (match := re.fullmatch(rf"{name}-(\d+)-\w+", key))]
    number = max(used, default=0) + 1
    return raw | {f"{name}-{number}-{column.key}": [""] for column in table.columns}


def without_row(raw: Raw, table: Field, number: str) -> Raw:
    """The answers without one row of a table."""
    gone = {f"f_{table.key}-{number}-{column.key}" for column in table.columns}
    return {name: typed for name, typed in raw.items() if name not in gone}
