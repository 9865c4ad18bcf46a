"""The right to open what is sealed, given by a second person, or back by the code on paper.

What an admin alone can do ends before it: ``security.vault_rights`` says how it stands with whom.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.office import reasons
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.security import accounts, audit, case_keys, key_pairs, signin, vault_rights
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.key_pairs import KeyPair
from andu.security.permissions import acts_of, may
from andu.security.vault_rights import HELD, Right


@dataclass(frozen=True)
class Holder:
    """A person whose role handles reporters, how it stands with their right, and the public key they have."""

    account: Account
    right: Right
    pair: KeyPair | None
    is_swapped: bool
    has_code: bool = False
    """Whether they have a code on paper that opens something: the newest key, or what waits for it."""

    @property
    def handles(self) -> bool:
        """Whether the role opens every unit's reporters; else only what this person wrote down."""
        return vault_rights.ACT in acts_of(self.account.roles)


def holders(office: Office, actor: Account) -> list[Holder]:
    """Everybody whose role handles reporters, or who waits; for themselves and for who manages accounts."""
    if not (handles_reporters(actor) or actor.is_waiting or may(actor, "manage_accounts")):
        raise NotAllowed(_("这一页由办理举报人信息的同志查看。"))
    people = {one.id: one for one in accounts.all(office.store)}
    swapped = {one.owner for one in key_pairs.pins(office.store).refused}
    found = []
    for one in vault_rights.all_of(office.store):
        pairs = key_pairs.of(office.store, one.account_id)
        counting = pairs if one.state == vault_rights.WAITING else pairs[-1:]
        has_code = any(pair.has_code for pair in counting)
        newest, is_swapped = (pairs[-1] if pairs else None), one.account_id in swapped
        found.append(Holder(people[one.account_id], one, newest, is_swapped, has_code))
    return found


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
    """Give the right to somebody who asked or waits, and seal to them what the own key opens.

    Raises what ``known`` raises, ``Refused`` without a reason or where they have no key of their own yet, and
    ``SignInRefused``.
    """
    _require_own_key(known(office, actor, account_id))
    reason = reasons.require(reason, _("请写明怎样核实的。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.unlock(office.store, actor.id, password)
    with office.store.write():
        one = known(office, actor, account_id)
        _require_own_key(one)
        _trust(office, actor.id, one.account, reason)
        if key is not None:
            case_keys.catch_up_all(office.store, actor.id, key)
            office.vault.give_again(account_id, key)
    return one


def _require_own_key(one: Holder) -> None:
    """No key is trusted that a password opens which somebody else has set."""
    if one.pair is None or one.account.must_change:
        raise Refused(
            _(
                "%(name)s还没有用自己的密码登录过，现在没有什么可以确认：请他先登录、改密码。",
                name=one.account.name,
            )
        )


def _trust(office: Office, by_id: str | None, account: Account, reason: str) -> None:
    """The newest key of this person counts, and they hold the right or get their own answers back."""
    key_pairs.pin(office.store, office.clock, by_id, account.id)
    vault_rights.give(office.store, office.clock, by_id, account.id, account.roles)
    office.note(audit.OFFICE, by_id, "vault_right_confirmed", account=account.id, reason=reason)


def confirm_at_machine(office: Office, account: Account, reason: str) -> None:
    """The same for whoever runs the machine, where nobody holds the right any more; raises ``Refused``.

    What was sealed before stays closed: only paper opens it then.
    """
    right = vault_rights.of(office.store, account.id)
    if right is None or right.state == HELD:
        raise Refused(_("%(name)s没有等待确认的保密权限。", name=account.name))
    held = [one for one in vault_rights.all_of(office.store) if one.state == HELD]
    active = [one for one in held if (who := accounts.get(office.store, one.account_id)) and who.is_active]
    if active:
        raise Refused(_("还有人持有保密权限，请由他在“保密权限”页面确认。"))
    reason = reasons.require(reason, _("请写明原因。"))
    with office.store.write():
        _trust(office, None, account, reason)


# --- the code on paper ------------------------------------------------------------------------------


def make_code(office: Office, actor: Account, password: str, address: str) -> str:
    """A new code to be written on paper, shown this once; raises ``NotAllowed`` and ``SignInRefused``."""
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("恢复码由有保密权限的同志本人生成。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.ensure(office.store, office.clock, actor.id, password)
    return _kept(office, actor, key) if key else ""


def first_code(office: Office, actor: Account, key: OwnKey) -> str:
    """The code of whoever handles reporters and has just set a first password of their own; '' for others."""
    if not handles_reporters(actor) or actor.is_waiting:
        return ""
    return _kept(office, actor, key)


def _kept(office: Office, actor: Account, key: OwnKey) -> str:
    code = key_pairs.new_code()
    key_pairs.keep_code(office.store, actor.id, key, code)
    return code


def prove_code(office: Office, actor: Account, code: str, address: str) -> None:
    """The code was typed back off the paper; raises ``NotAllowed`` and ``SignInRefused``."""
    if not handles_reporters(actor):
        raise NotAllowed(_("恢复码由有保密权限的同志本人生成。"))
    _opened(office, actor, code, address)
    key_pairs.prove_code(office.store, actor.id)


def restore(office: Office, actor: Account, code: str, password: str, address: str) -> OwnKey:
    """Get what waits back by the code on paper: right and key; raises ``NotFound`` and ``SignInRefused``."""
    right = vault_rights.of(office.store, actor.id)
    if right is None or right.state != vault_rights.WAITING:
        raise NotFound(actor.id)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = _opened(office, actor, code, address)
    with office.store.write():
        key_pairs.take_back(office.store, actor.id, key, password)
        vault_rights.give(office.store, office.clock, actor.id, actor.id, actor.roles)
    return key


def _opened(office: Office, actor: Account, code: str, address: str) -> OwnKey:
    """What the code opens; raises ``SignInRefused``, and counts as a wrong try, where that is nothing."""
    found: list[OwnKey] = []

    def fits() -> bool:
        key = key_pairs.by_code(office.store, actor.id, code)
        found.extend([key] if key else [])
        return key is not None

    signin.confirm_code(office.store, office.clock, actor, fits, address)
    return found[0]
