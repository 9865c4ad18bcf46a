"""The office's own key: two officers together open what nobody else can any more, and prove once a year that
they could.

It is set up by somebody who holds the right over what is sealed; neither officer is an admin. Both are there
when it is opened, each with their own password: the halves meet in one request, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from andu.clock import parse_stamp, stamp
from andu.office import reasons
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.security import accounts, audit, case_keys, key_pairs, marks, office_halves, signin, vault_rights
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.key_pairs import OFFICE, KeyPair
from andu.security.permissions import may

DRILL_EVERY = timedelta(days=365)
_DRILLED = "office key drilled"


@dataclass(frozen=True)
class OfficeKey:
    """The pair, who holds its halves, when both were last proved to fit, and whom they could help."""

    pair: KeyPair | None
    officers: Sequence[Account]
    drilled_at: str | None
    is_due: bool
    is_whole: bool
    waiting: Sequence[Account]
    cases: int


def standing(office: Office) -> OfficeKey:
    """How it stands with the office's own key; for the office itself."""
    pair, drilled = office_halves.pair(office.store), marks.get(office.store, _DRILLED) or None
    since = drilled or (pair.made_at if pair else None)
    people = {one.id: one for one in accounts.all(office.store)}
    officers = [people[one] for one in office_halves.officers(office.store)]
    return OfficeKey(
        pair=pair,
        officers=officers,
        is_whole=pair is None or len([one for one in officers if one.is_active and _is_fit(one)]) == 2,
        drilled_at=drilled,
        is_due=since is not None and office.clock.now() - parse_stamp(since) > DRILL_EVERY,
        waiting=[one for one in people.values() if one.is_waiting and one.is_active and not one.must_change],
        cases=office.store.count("case_envelope", "holder = ?", [OFFICE]),
    )


def held_by(office: Office, actor: Account) -> OfficeKey | None:
    """The same for the desk of whoever holds a half; None for everybody else."""
    if not office.store.count("office_half", "holder = ?", [actor.id]):
        return None
    return standing(office) if actor.id in office_halves.officers(office.store) else None


def look(office: Office, actor: Account) -> OfficeKey:
    """The same for a page; raises ``NotAllowed``."""
    found = standing(office)
    if not may(actor, vault_rights.ACT) and actor.id not in {one.id for one in found.officers}:
        raise NotAllowed(_("这一页由有保密权限的同志和保管办公室恢复钥匙的两位同志查看。"))
    return found


def eligible(office: Office) -> list[Account]:
    """Who may hold a half: whoever has a key of their own and is no admin."""
    trusted = key_pairs.pins(office.store).trusted
    everybody = accounts.all(office.store)
    return [one for one in everybody if one.is_active and one.id in trusted and _is_fit(one)]


def _is_fit(account: Account) -> bool:
    return "admin" not in account.roles and not account.is_waiting and not account.must_change


def set_up(
    office: Office, actor: Account, first_id: str, second_id: str, password: str, address: str
) -> None:
    """A new pair for the office, in halves for two officers; every case is sealed to it.

    Raises ``NotAllowed``, ``Refused`` and ``SignInRefused``.
    """
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("办公室恢复钥匙由有保密权限的同志设立。"))
    chosen = [one for one in eligible(office) if one.id in (first_id, second_id)]
    if len(chosen) != 2:
        raise Refused(_("请选择两位不同的同志：都用自己的密码登录过，都不是系统管理员。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    own = key_pairs.unlock(office.store, actor.id, password)
    with office.store.write():
        trusted = key_pairs.pins(office.store).trusted
        made = office_halves.set_up(
            office.store, office.clock, actor.id, *(trusted[one.id] for one in chosen)
        )
        marks.put(office.store, _DRILLED, "")
        said = {"generation": made.generation, "fingerprint": made.fingerprint}
        said |= {"officers": [one.id for one in chosen]}
        office.note(audit.OFFICE, actor.id, "office_key_set_up", **said)
        if own is not None:
            case_keys.catch_up_all(office.store, actor.id, own)
        stale = "DELETE FROM case_envelope WHERE holder = ? AND fingerprint <> ?"
        office.store.execute(stale, [OFFICE, made.fingerprint])


def _require_officer(office: Office, actor: Account) -> list[str]:
    officers = office_halves.officers(office.store)
    if actor.id not in officers:
        raise NotAllowed(_("您不保管办公室恢复钥匙。"))
    return officers


def _together(
    office: Office, actor: Account, password: str, other_name: str, other_password: str, address: str
) -> tuple[Account, OwnKey]:
    """The other officer and the whole key, once both have proved who they are."""
    officers = _require_officer(office, actor)
    other = accounts.by_username(office.store, other_name)
    if other is None or other.id not in officers or other.id == actor.id:
        raise Refused(_("另一位必须是保管另一半钥匙的同志。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    signin.confirm_password(office.store, office.clock, other, other_password, address)
    keys = {
        actor.id: key_pairs.unlock(office.store, actor.id, password),
        other.id: key_pairs.unlock(office.store, other.id, other_password),
    }
    whole = office_halves.join(office.store, keys)
    if whole is None:
        raise Refused(_("两半合不起来：有一位换过钥匙。请由有保密权限的同志重新设立。"))
    return other, whole


def drill(
    office: Office, actor: Account, password: str, other_name: str, other_password: str, address: str
) -> int:
    """Prove that both halves fit, by opening a case with them; how many cases they would open.

    Raises ``NotAllowed``, ``Refused`` and ``SignInRefused``.
    """
    other, whole = _together(office, actor, password, other_name, other_password, address)
    cases = case_keys.held_with(office.store, whole)
    for case_id, generation in cases[:1]:
        case_keys.private_of(office.store, case_id, generation, whole)
    with office.store.write():
        marks.put(office.store, _DRILLED, stamp(office.clock.now()))
        office.note(audit.OFFICE, actor.id, "office_key_drilled", other=other.id, cases=len(cases))
    return len(cases)


def open_for(
    office: Office,
    actor: Account,
    account_id: str,
    reason: str,
    password: str,
    other_name: str,
    other_password: str,
    address: str,
) -> Account:
    """Two officers give somebody who waits what they could open before: right, and what is sealed.

    Raises ``NotAllowed``, ``NotFound``, ``Refused`` and ``SignInRefused``.
    """
    _require_officer(office, actor)
    target = next((one for one in standing(office).waiting if one.id == account_id), None)
    if target is None:
        raise NotFound(account_id)
    if account_id == actor.id:
        raise Refused(_("不能给自己开。"))
    reason = reasons.require(reason, _("请写明怎样核实的。"))
    other, whole = _together(office, actor, password, other_name, other_password, address)
    if other.id == account_id:
        raise Refused(_("不能给自己开。"))
    with office.store.write():
        key_pairs.pin(office.store, office.clock, actor.id, account_id)
        vault_rights.give(office.store, office.clock, actor.id, account_id, target.roles)
        said = {"account": account_id, "other": other.id, "reason": reason}
        office.note(audit.OFFICE, actor.id, "office_key_opened", **said)
        case_keys.catch_up_all(office.store, OFFICE, whole)
        office.vault.give_again(account_id, whole)
        office.vault.pair_again(whole)
    return target
