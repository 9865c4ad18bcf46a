"""What surrounds every answer and every unsafe request: security headers, and the same-site check.

Registered once by ``andu.views.register``. It guarantees that no page runs foreign script, that no
page or file is kept by a cache on the way, and that no other site can make a browser act here.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The browser's own PDF viewer is a plugin with inline style; the file itself still runs and loads nothing.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data: blob:; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
MOST_TYPED = 4 * 1024 * 1024
MOST_SIGNING_IN = 1024 * 1024  # the sign-in page carries what was typed before the login expired
SIGNING_IN = frozenset({"session.sign_in", "session.change_password"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def from_this_site() -> bool:
    """Whether the browser itself says that this request was made by one of our own pages.

    ``Sec-Fetch-Site`` where the browser sends it, else ``Origin``. A request with neither is no
    browser's cross-site form (every browser since 2020 sends one of them with a POST): it passes here
    and still needs its CSRF token.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or _place(origin) == request.host


def _place(origin: str) -> str | None:
    """Host and port of an origin; None where it is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def refuse_other_sites() -> None:
    """Stop an unsafe request that another site made, with 403."""
    if request.method not in SAFE_METHODS and not from_this_site():
        abort(403)


def refuse_floods() -> None:
    """Stop what ``andu.serving`` had no room for, with 413 or 429.

    A body without files that is larger than any form of ours as well, before it is read.
    """
    if refused := request.environ.get("andu.refused"):
        abort(refused)
    limit = MOST_SIGNING_IN if request.endpoint in SIGNING_IN else MOST_TYPED
    if request.mimetype != "multipart/form-data" and (request.content_length or 0) > limit:
        abort(413)


def refuse_nameless_parts() -> None:
    """Stop a form with an answer that has no name, with 400: no page makes one."""
    if request.mimetype == "multipart/form-data" and (None in request.form or None in request.files):
        abort(400)


def set_headers(response: Response) -> Response:
    """Add the security headers that every answer carries."""
    pdf = response.mimetype == "application/pdf"
    response.headers["Content-Security-Policy"] = PDF_POLICY if pdf else PAGE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def say_where_to_go(response: Response) -> Response:
    """A redirect as an answer that a script can read: the page that sent its form stays until it has come."""
    if request.headers.get("X-Andu-Page") == "stays" and response.status_code in (302, 303):
        response.headers["X-Andu-Goto"] = response.headers.pop("Location")
        response.status_code = 200
        response.set_data(b"")
    return response


def register(app: Flask) -> None:
    """Put the check before, and the headers after, every request of ``app``."""
    app.before_request(refuse_floods)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_nameless_parts)
    app.after_request(set_headers)
    app.after_request(say_where_to_go)
