"""Programs that act for a person, with a token, within less than what that person may do.

A token is for some uses, and for some form types or all. It opens nothing once it has ended, its account is
disabled, or its person has yet to change a given password; what the person may no longer do, it may not
either (``permissions.Limit``). No use signs, voids, or opens anything confidential.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flask_babel import gettext as _

from andu.clock import Clock, stamp
from andu.security import accounts, signin, tokens
from andu.security.accounts import Account
from andu.security.permissions import Limit, may
from andu.security.refusals import NotAllowed
from andu.security.tokens import Token
from andu.store import Store

_SEES = frozenset({"see_unit", "see_all"})
USES: dict[str, frozenset[str]] = {
    "see": _SEES | {"see_register"},
    "fill": _SEES | {"fill"},
    "fetch": _SEES | {"see_register", "download"},
    "calendar": _SEES,
}
"""What a token can be for, and the acts that this takes."""
_NEEDS = {"see": "see_unit", "fill": "fill", "fetch": "download", "calendar": "see_unit"}

CALENDAR = "calendar"
"""The use of a feed of deadlines: its token is part of an address, and good for nothing else."""
DAYS = (30, 90, 180, 365)
MOST = 20
"""So many good tokens one person may have."""


class TokenRefused(ValueError):
    """The token cannot be made like this; the Chinese message says why."""


def labels() -> dict[str, str]:
    """What each use is called on screens."""
    return {
        "see": _("查看：材料、登记簿、台账、期限"),
        "fill": _("填写：起草、提交表单"),
        "fetch": _("取件：下载归档的文书"),
        CALENDAR: _("日历：订阅自己的期限"),
    }


def usable(by: Account) -> list[str]:
    """The uses that a token of this person can have."""
    return [use for use in USES if by.limit is None and may(by, _NEEDS[use])]


def make(
    store: Store,
    clock: Clock,
    by: Account,
    purpose: str,
    uses: Collection[str],
    forms: Collection[str],
    days: int,
    password: str,
    address: str,
) -> tuple[Token, str]:
    """A new token for oneself, and its secret, the only time that it is known here.

    Raises ``NotAllowed``, ``TokenRefused``, and ``SignInRefused`` for a wrong password.
    """
    if not set(uses) <= set(usable(by)):
        raise NotAllowed(_("您的岗位不能开通这样的令牌。"))
    if not 2 <= len(purpose.strip()) <= 60:
        raise TokenRefused(_("请写明用途，2 到 60 个字。"))
    if not uses or (CALENDAR in uses and len(set(uses)) > 1):
        raise TokenRefused(_("请选择令牌能办什么；订阅日历的，单独开通。"))
    if days not in DAYS:
        raise TokenRefused(_("请选择有效期。"))
    signin.confirm_password(store, clock, by, password, address)
    with store.write():
        now = stamp(clock.now())
        if sum(one.is_good(now) for one in tokens.of_account(store, by.id)) >= MOST:
            raise TokenRefused(_("一个人最多有 %(most)s 个有效的令牌，请先作废不用的。", most=MOST))
        wanted = [use for use in USES if use in uses]
        return tokens.insert(store, clock, by.unit_id, by.id, purpose.strip(), wanted, sorted(forms), days)


def revoke(store: Store, clock: Clock, by: Account, token_id: str) -> bool:
    """Make one of one's own tokens worth nothing; False when there is no such one still in use."""
    if by.limit is not None:
        raise NotAllowed(_("程序不能作废令牌。"))
    return tokens.revoke(store, clock, by.unit_id, by.id, by.id, token_id) > 0


def holder(store: Store, clock: Clock, secret: str, for_calendar: bool = False) -> Account | None:
    """The person for whom this token acts, held to it; None when it is good for nothing. Never writes."""
    token = tokens.of_secret(store, clock, secret)
    if token is None or (CALENDAR in token.uses) != for_calendar:
        return None
    account = accounts.get(store, token.account_id)
    if account is None or not account.is_active or account.must_change:
        return None
    acts = frozenset().union(*(USES.get(use, frozenset()) for use in token.uses))
    return replace(account, limit=Limit(token.id, acts, frozenset(token.forms) if token.forms else None))
