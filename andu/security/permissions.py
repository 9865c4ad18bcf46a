"""Who may do what: one table, role → acts, read by decorators, templates, office and tests alike.

Which *records* an act may touch (own unit, shared, all) is decided in ``andu.office.scope``; whether a
person may do the act at all is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from flask_babel import gettext as _

from andu.security.refusals import NotAllowed

ACTS: dict[str, str] = {
    "fill": "start, edit and submit drafts of the form types whose filled_by names one of the roles",
    "sign": "sign or decline what waits for this person",
    "sign_named": "sign or decline only where the record names this very person, as a pledge does",
    "confirm_ink": "file scans of papers signed by hand, and enter the signatures read off them",
    "appoint_deputy": "let somebody sign for an absent person; for oneself whoever may sign may do so",
    "see_unit": "see records of the own unit and those shared with it",
    "see_all": "see the records of every unit",
    "see_register": "search the register, within the records one may see",
    "download": "download filed papers",
    "print": "print filed papers and lists",
    "void_number": "void a number (作废), with a reason",
    "see_confidential": "open sealed fields (the reporter's identity)",
    "manage_accounts": "create, change, disable accounts and units; reset passwords",
    "see_audit": "read the audit log and check its chains",
    "design_forms": "make, check and publish form types, and change what the office itself has set",
    "see_forms": "see the form types and their papers, without any record",
}

CONFIRMED = frozenset({"see_confidential"})
"""Acts that a role asks for and a second person gives (``vault_rights``)."""

_SIGNS = frozenset({"sign", "sign_named"})
_DESK = _SIGNS | frozenset({"fill", "confirm_ink", "see_unit", "see_register", "download", "print"})

MAY: dict[str, frozenset[str]] = {
    "clerk": _DESK,
    "head": _DESK,
    "director": _DESK | {"see_all", "void_number", "see_confidential", "see_audit", "appoint_deputy"},
    "leader": _SIGNS | frozenset({"confirm_ink", "see_unit", "see_all", "see_register", "download", "print"}),
    # The custodian keeps the identities of every unit's reporters, and needs no paper for that.
    "custodian": frozenset({"sign_named", "see_unit", "see_all", "see_register", "see_confidential"}),
    # The admin keeps the keys of the house and reads nothing in it.
    "admin": frozenset({"manage_accounts", "see_forms", "design_forms", "appoint_deputy"}),
    # The auditor changes nothing, and promises for themself alone.
    "auditor": frozenset({"sign_named", "see_unit", "see_all", "see_register", "see_audit"}),
}


@dataclass(frozen=True)
class Limit:
    """To how much of what a person may do a program is held that acts with their token (``tokens``).

    ``acts`` are of ``ACTS``; ``forms`` the form types it meets, None for all that the person meets. Nothing
    confidential ever reaches a program, whatever its person may see.
    """

    token: str
    acts: frozenset[str]
    forms: frozenset[str] | None


class Actor(Protocol):
    """Anyone who may be asked about: an ``Account``, or nobody in particular (inactive)."""

    @property
    def is_active(self) -> bool:
        """False for a disabled account and for a visitor who has not signed in."""
        ...


def acts_of(roles: Collection[str]) -> frozenset[str]:
    """Every act that these roles allow together; an unknown role allows nothing."""
    return _acts_of(tuple(roles))


@lru_cache(maxsize=256)
def _acts_of(roles: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(MAY.get(role, frozenset()) for role in roles))


def may(actor: Actor, act: str) -> bool:
    """Whether ``actor`` may do ``act``; ``KeyError`` for an act that does not exist.

    A visitor who has not signed in and a disabled account may do nothing; a program no more than its token.
    """
    if act not in ACTS:
        raise KeyError(f"no such act: {act}")
    limit: Limit | None = getattr(actor, "limit", None)
    if limit is not None and act not in limit.acts:
        return False
    if act in CONFIRMED and not getattr(actor, "is_confirmed", False):
        return False
    return actor.is_active and act in acts_of(getattr(actor, "roles", ()))


def require(actor: Actor, act: str) -> None:
    """Raise ``NotAllowed`` unless ``actor`` may do ``act``."""
    if not may(actor, act):
        raise NotAllowed(_("您的岗位不能办理这一项。如需办理，请找系统管理员。"))
