"""Answers on their way across an expired login: taken from the refused POST, handed back after sign-in.

Used by the session views and the fault pages. Only names our own forms use are carried, only from a
page of this very site, and only to a page of this very site; passwords and files never. The sign-in page
holds them sealed, and they open only for the person who typed them: the next one at that desk reads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, request
from werkzeug.exceptions import HTTPException

from andu.views.headers import from_this_site

OWN_NAMES = frozenset(
    {
        "act",
        "base_revision",
        "form",
        "slot",
        "from",
        "opinion",
        "reason",
        "version",
        "decline-reason",
        "decline-version",
    }
)
NOT_CARRIED = frozenset({"session.sign_in", "session.leave", "session.change_password"})


@dataclass(frozen=True)
class Carried:
    """What was typed: the path it was meant for, and its fields in order."""

    to: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool = False
    whose: str = ""

    def sealed(self) -> str:
        """Unreadable outside of this service: for the sign-in page, which anybody may be looking at."""
        parts = json.dumps([self.to, self.fields, self.had_files, self.whose])
        return _seal().encrypt(zlib.compress(parts.encode())).decode()


def safe_path(path: str | None, method: str = "GET") -> str | None:
    """The path, if it is a page of this app that answers ``method``; else None."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return None
    if not path.isprintable():  # line breaks and half characters have no place in a header
        return None
    try:
        current_app.url_map.bind("").match(path.split("?")[0], method=method)
    except HTTPException:
        return None
    return path


def _own(name: str) -> bool:
    return name.startswith("f_") or name in OWN_NAMES


def _fields() -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in request.form.items(multi=True) if _own(name))


def from_refused_post() -> Carried | None:
    """The answers of the POST that was just refused, if it came from one of our own forms."""
    if request.method != "POST" or request.endpoint in NOT_CARRIED or not from_this_site():
        return None
    to = safe_path(request.path, "POST")
    files = any(file.filename for file in request.files.values())
    return Carried(to, _fields(), files, request.form.get("whose", "")) if to else None


def through_sign_in() -> Carried | None:
    """The answers that the sign-in page carries along, if there are any."""
    try:
        parts = json.loads(zlib.decompress(_seal().decrypt(request.form.get("carried", ""))))
    except (InvalidToken, ValueError):  # not sealed here, or nothing a seal could be
        return None
    to, fields, had_files, whose = parts
    return Carried(to, tuple((name, value) for name, value in fields), had_files, whose)


def _seal() -> Fernet:
    secret = current_app.secret_key
    if not isinstance(secret, bytes):
        raise RuntimeError("the secret of the pages is bytes, as page_secret made it")
    key = hashlib.sha256(b"carried" + secret).digest()
    return Fernet(base64.urlsafe_b64encode(key))
