"""Reasons: what counts as one, wherever an act asks for it. Pure; called by the acts and by their web forms.

A reason stays in the register or the audit log for whoever asks later: a full stop, a number or one letter
held down tells them nothing.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.kinds.saying import is_reason as is_reason
from andu.formtypes.kinds.saying import too_little as too_little
from andu.office.errors import Refused


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
