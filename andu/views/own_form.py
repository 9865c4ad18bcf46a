"""The base of our own small forms (sign-in, signing, voiding, accounts).

The CSRF token is checked once for every POST by ``CSRFProtect`` and put into each form by the ``csrf``
macro, so a page with two forms does not repeat an id.
"""

from __future__ import annotations

from flask_wtf import FlaskForm


class OwnForm(FlaskForm):
    """A form of ours; its token is the page's."""

    class Meta:
        """WTForms settings."""

        csrf = False
