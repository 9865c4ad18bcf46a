"""The right to open what is sealed, given by a second person, or back by the code on paper.

What an admin alone can do ends before it: ``security.vault_rights`` says how it stands with whom.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office import reasons
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.security import accounts, audit, passwords, signin, vault_rights
from andu.security.accounts import Account
from andu.security.permissions import acts_of, may
from andu.security.vault_rights import HELD, Right

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUPS, _LONG = 6, 4


@dataclass(frozen=True)
class Holder:
    """A person whose role handles reporters, and how it stands with their right."""

    account: Account
    right: Right

    @property
    def handles(self) -> bool:
        """Whether the role opens every unit's reporters; else only what this person wrote down."""
        return vault_rights.ACT in acts_of(self.account.roles)


def holders(office: Office, actor: Account) -> list[Holder]:
    """Everybody whose role handles reporters, or who waits; for themselves and for who manages accounts."""
    if not (handles_reporters(actor) or actor.is_waiting or may(actor, "manage_accounts")):
        raise NotAllowed(_("这一页由办理举报人信息的同志查看。"))
    people = {one.id: one for one in accounts.all(office.store)}
    return [Holder(people[one.account_id], one) for one in vault_rights.all_of(office.store)]


def handles_reporters(actor: Account) -> bool:
    """Whether the roles of this person handle reporters, confirmed or not."""
    return actor.is_active and actor.limit is None and vault_rights.ACT in acts_of(actor.roles)


def to_confirm(office: Office, actor: Account) -> list[Holder]:
    """Whose right waits for this person's word; nothing for whoever does not hold it."""
    if not may(actor, vault_rights.ACT):
        return []
    return [one for one in holders(office, actor) if _waits(one, actor)]


def _waits(one: Holder, actor: Account) -> bool:
    return one.right.state != HELD and one.account.is_active and one.account.id != actor.id


def known(office: Office, actor: Account, account_id: str) -> Holder:
    """One that waits for this person; ``NotAllowed``, ``NotFound``."""
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("保密权限由另一位有这项权限的同志确认。"))
    found = [one for one in to_confirm(office, actor) if one.account.id == account_id]
    if not found:
        raise NotFound(account_id)
    return found[0]


def confirm(
    office: Office, actor: Account, account_id: str, reason: str, password: str, address: str
) -> Holder:
    """Give the right to somebody who asked or waits.

    Raises what ``known`` raises, ``Refused`` without a reason, and ``SignInRefused``.
    """
    known(office, actor, account_id)
    reason = reasons.require(reason, _("请写明怎样核实的。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        one = known(office, actor, account_id)
        vault_rights.give(office.store, office.clock, actor.id, account_id, one.account.roles)
        office.note(audit.OFFICE, actor.id, "vault_right_confirmed", account=account_id, reason=reason)
    return one


def confirm_at_machine(office: Office, account: Account, reason: str) -> None:
    """The same for whoever runs the machine, where nobody holds the right any more; raises ``Refused``."""
    right = vault_rights.of(office.store, account.id)
    if right is None or right.state == HELD:
        raise Refused(_("%(name)s没有等待确认的保密权限。", name=account.name))
    held = [one for one in vault_rights.all_of(office.store) if one.state == HELD]
    active = [one for one in held if (who := accounts.get(office.store, one.account_id)) and who.is_active]
    if active:
        raise Refused(_("还有人持有保密权限，请由他在“保密权限”页面确认。"))
    reason = reasons.require(reason, _("请写明原因。"))
    with office.store.write():
        vault_rights.give(office.store, office.clock, None, account.id, account.roles)
        office.note(audit.OFFICE, None, "vault_right_confirmed", account=account.id, reason=reason)


# --- the code on paper ------------------------------------------------------------------------------


def make_code(office: Office, actor: Account, password: str, address: str) -> str:
    """A new code to be written on paper, shown this once; raises ``NotAllowed`` and ``SignInRefused``."""
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("恢复码由有保密权限的同志本人生成。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    groups = ["".join(secrets.choice(_LETTERS) for _n in range(_LONG)) for _g in range(_GROUPS)]
    hashed = passwords.hash_of("".join(groups))
    with office.store.write():
        vault_rights.keep_code(office.store, actor.id, hashed)
    return "-".join(groups)


def prove_code(office: Office, actor: Account, code: str, address: str) -> None:
    """The code was typed back off the paper; raises ``NotAllowed`` and ``SignInRefused``."""
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("恢复码由有保密权限的同志本人生成。"))
    _require_code(office, actor, code, address)
    with office.store.write():
        vault_rights.prove_code(office.store, actor.id)


def restore(office: Office, actor: Account, code: str, address: str) -> None:
    """Get a right that waits back by the code on paper; raises ``NotFound`` and ``SignInRefused``."""
    right = vault_rights.of(office.store, actor.id)
    if right is None or right.state != vault_rights.WAITING or not handles_reporters(actor):
        raise NotFound(actor.id)
    _require_code(office, actor, code, address)
    with office.store.write():
        vault_rights.give(office.store, office.clock, actor.id, actor.id, actor.roles)


def _require_code(office: Office, actor: Account, code: str, address: str) -> None:
    plain = "".join(char for char in code.upper() if char in _LETTERS)
    stored = vault_rights.code_hash(office.store, actor.id)
    signin.confirm_code(office.store, office.clock, actor, lambda: passwords.fits(plain, stored), address)
