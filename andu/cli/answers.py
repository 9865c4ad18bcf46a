"""Data files of the commands: a JSON object of names and values; anything else ends the command.

Called by ``fill`` and ``paper fill``.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from andu.cli.opening import fail
from andu.formtypes.filling import json_answers


def answers_in(content: bytes, name: str) -> dict[str, Any]:
    """The object in a file of this name."""
    try:
        return json_answers.read(content)
    except ValueError as error:
        fail(_("%(name)s：%(what)s", name=name, what=error))
