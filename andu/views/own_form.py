"""The base of our own small forms (sign-in, signing, voiding, accounts).

The CSRF token is checked once for every POST by ``CSRFProtect`` and put into each form by the ``csrf``
macro, so a page with two forms does not repeat an id.
"""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import ValidationError

from andu.office import reasons


class OwnForm(FlaskForm):
    """A form of ours; its token is the page's."""

    class Meta:
        """WTForms settings."""

        csrf = False


class RealReason:
    """The text is a reason: words, not a full stop. An empty one is told by another validator."""

    def __call__(self, form: Any, field: Any) -> None:
        if (field.data or "").strip() and not reasons.is_reason(field.data):
            raise ValidationError(reasons.too_little())
