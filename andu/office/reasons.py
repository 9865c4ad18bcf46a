"""Reasons: what counts as one, wherever an act asks for it. Pure; called by the acts and by their web forms.

A reason stays in the register or the audit log for whoever asks later: a full stop, a number or one letter
held down tells them nothing.
"""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _

from andu.office.errors import Refused

LEAST = 4
"""What a reason must weigh: a Chinese character weighs two, any other letter one."""


def is_reason(text: str) -> bool:
    """Whether a text says anything: words of at least two Chinese characters or four letters."""
    letters = [char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char)[0] == "L"]
    weight = sum(2 if unicodedata.category(char) == "Lo" else 1 for char in letters)
    return weight >= LEAST and len(set(letters)) > 1


def too_little() -> str:
    """What to say of a text that is no reason."""
    return _("请用文字写清楚，至少两个字，不能只写标点、数字或同一个字")


def require(text: str, empty: str) -> str:
    """The reason, trimmed; raises ``Refused``, with ``empty`` where nothing is written."""
    if not text.strip():
        raise Refused(empty)
    if not is_reason(text):
        raise Refused(_("%(why)s。", why=too_little()))
    return text.strip()


def unstopped(text: str) -> str:
    """A text as it stands within a sentence of ours: without the stop at its end."""
    return text.strip().rstrip("。．.；;，,、：: ")
