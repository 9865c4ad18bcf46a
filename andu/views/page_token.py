"""The token that each form of a page carries, written differently on every page.

Pages travel compressed, and how long a compressed page is tells whether what somebody made it say (a search)
stands in it twice. A token that is never written the same way twice cannot be guessed like that, letter by
letter (the attack called BREACH): it is hidden under as many random bytes, which travel with it.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from flask import Flask, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


def token() -> str:
    """The token of this session, as this one page says it."""
    if "page_token" not in g:
        known = generate_csrf().encode()
        pad = secrets.token_bytes(len(known))
        g.page_token = base64.urlsafe_b64encode(pad + _under(pad, known)).decode()
    return str(g.page_token)


def plain(said: str) -> str:
    """The token under what a page said; '' for what never was one."""
    try:
        both = base64.urlsafe_b64decode(said.encode())
    except (binascii.Error, ValueError):
        return ""
    half = len(both) // 2
    return _under(both[:half], both[half:]).decode("ascii", "replace")


def _under(pad: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, data, strict=False))


class PageTokens(CSRFProtect):
    """The check of Flask-WTF, for tokens said in this way, which templates get in place of its own."""

    def init_app(self, app: Flask) -> None:
        """Register the check, and ``csrf_token`` for the templates."""
        super().init_app(app)
        app.context_processor(lambda: {"csrf_token": token})

    def _get_csrf_token(self) -> str | None:
        name = "csrf_token"
        said = request.form.get(name) or request.headers.get("X-CSRFToken", "")
        return plain(said) or None
