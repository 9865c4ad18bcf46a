"""Flask's ``session``: of somebody signed in it lies in the store, of a visitor in the cookie.

Implements ``SessionInterface``. Signed in, the cookie is a random token and the rest lies in
``andu.security.sessions``. A sign-in or sign-out goes on under a new token (``start_anew``), so that a token
planted beforehand is worth nothing. A visitor's session (the token of the sign-in form, a message) is
small, signed, and nowhere but in the cookie: whoever looks at the sign-in page writes nothing here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, Response, current_app
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import CallbackDict

from andu.office.office import Office
from andu.security import sessions
from andu.security.envelopes import OwnKey
from andu.store import Unwritable

log = logging.getLogger("andu")
MOST_IN_COOKIE = 2000
NAMES = ("andu", "__Host-andu")  # plain, and over https


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """What one session remembers. ``token`` is None for a visitor, whom the store does not know."""

    def __init__(
        self, data: dict[str, Any], token: str | None, account_id: str | None, key: OwnKey | None = None
    ) -> None:
        def note(_changed: object) -> None:
            self.modified = True

        super().__init__(data, note)
        self.token = token
        self.account_id = account_id
        self.key = key
        self.modified = False
        self.anew = False


class StoredSessions(SessionInterface):
    """Loads and saves sessions of one office. The cookie is ``andu``, over https ``__Host-andu``."""

    def __init__(self, office: Callable[[], Office], https: bool) -> None:
        self.office = office
        self._https = https
        self.name = NAMES[https]

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        """The session of this request; an empty one when its cookie opens none."""
        said = request.cookies.get(self.name)
        if not said:
            return StoredSession({}, None, None)
        found = sessions.load(self.office().store, self.office().clock, said)
        if found is not None:
            return StoredSession(found.data, said, found.account_id, found.key)
        return StoredSession(self._visitor(app, said), None, None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; set the cookie when it is a new one.

        A disk that is full must not take away the page that says so: the change is lost, and logged.
        """
        try:
            self._save(app, session, response)
        except Unwritable as fault:
            log.error("a session could not be kept: %s", fault.why)

    def _save(self, app: Flask, session: SessionMixin, response: Response) -> None:
        stored = cast(StoredSession, session)
        store, clock = self.office().store, self.office().clock
        data = dict(stored)
        account_id = data.get("_user_id")
        if stored.anew and account_id:
            words = (stored.token or "", account_id, data, stored.key)
            self._set_cookie(response, sessions.renew(store, clock, *words))
        elif stored.token and not stored.anew:
            sessions.save(store, clock, stored.token, data if stored.modified else None)
        elif stored.modified or stored.anew:
            self._set_cookie(response, self._for_visitor(app, data))
            if stored.token:
                sessions.end(store, stored.token)

    def _visitor(self, app: Flask, said: str) -> dict[str, Any]:
        try:
            return dict(_signature(app).loads(said)) if len(said) <= MOST_IN_COOKIE else {}
        except BadSignature:
            return {}

    def _for_visitor(self, app: Flask, data: dict[str, Any]) -> str:
        said = str(_signature(app).dumps(data))
        return said if len(said) <= MOST_IN_COOKIE else str(_signature(app).dumps({}))

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(self.name, token, path="/", httponly=True, samesite="Lax", secure=self._https)


def _signature(app: Flask) -> URLSafeSerializer:
    return URLSafeSerializer(cast(bytes, app.secret_key), salt="visitor")


def start_anew() -> None:
    """Forget all the session remembers and go on under a new token."""
    current = _current()
    current.clear()
    current.key = None
    current.anew = True


def token() -> str | None:
    """The token of this request's session."""
    return _current().token


def key() -> OwnKey | None:
    """The private key of whoever signed in, as this request's session holds it."""
    return _current().key


def hold(own: OwnKey | None) -> None:
    """Keep the key of whoever is signed in, or has just proved who they are."""
    current = _current()
    current.key = own
    if current.token and not current.anew:
        office = cast(StoredSessions, current_app.session_interface).office()
        sessions.hold(office.store, current.token, own)


def _current() -> StoredSession:
    return cast(StoredSession, flask_session._get_current_object())  # type: ignore[attr-defined]
