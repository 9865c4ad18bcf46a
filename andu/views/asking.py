"""Who is asking: the office behind this app, the account signed in, and the gate before each view.

Every view module imports this and nothing else of the views. ``needs`` is the one decorator that
decides whether a view is reached at all; what a person may do with one record is the office's matter.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may

P = ParamSpec("P")
R = TypeVar("R")


def office() -> Office:
    """The office this app serves, as it had been published when the request came in."""
    if "office" not in g:
        g.office = current_app.extensions["live"].now()
    return cast(Office, g.office)


def asking() -> Account | None:
    """The account signed in, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def actor() -> Account:
    """The account signed in; only inside views behind ``needs``."""
    account = asking()
    if account is None:
        raise NotAllowed(_("请先登录。"))
    return account


def address() -> str:
    """Where the request comes from, for the counters of failed passwords; never stored with a record."""
    return request.remote_addr or ""


def day_asked(name: str) -> date | None:
    """The day that the address names, of this century or any other that an office knows; else None."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def page_asked(otherwise: int = 1) -> int:
    """The number of the page that the address names."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def needs(act: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let only a signed-in account through, and, given an act, only one whose roles may do it.

    Raises ``NotAllowed`` for the wrong role; somebody not signed in gets the sign-in page.
    """

    def gate(view: Callable[P, R]) -> Callable[P, R | Response]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
            account = asking()
            if account is None:
                return cast(Response, current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
            if act is not None and not may(account, act):
                raise NotAllowed(_("您的岗位不能办理这一项。如需办理，请找系统管理员。"))
            return view(*args, **kwargs)

        return guarded

    return gate
