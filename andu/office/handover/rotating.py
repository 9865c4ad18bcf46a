"""Rotation: every case gets a next key, to whoever handles reporters now; the keys of before are removed.

A handler does it, in as many turns as it takes, each case in a transaction of its own: whatever stops it
between two cases, the next turn goes on, and says how many are left. Values stay as they are; what is sealed
anew is the 80 bytes that open them.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.security import audit, case_keys, key_pairs, signin, vault_rights
from andu.security.accounts import Account
from andu.security.envelopes import Closed, OwnKey
from andu.security.permissions import may
from andu.security.vault import VaultFault

AT_ONCE = 200


def left(office: Office) -> int:
    """How many cases are left of the rotation under way; 0 when none is."""
    return case_keys.count_older(office.store)


def go_on(office: Office, actor: Account, password: str, address: str) -> int:
    """Begin a rotation, or go on with the one under way; how many cases are left of it.

    Raises ``NotAllowed``, ``SignInRefused``, and ``Refused`` where the actor's key opens nothing of the rest.
    """
    if not may(actor, vault_rights.ACT):
        raise NotAllowed(_("更换案卷密钥由有保密权限的同志办理。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.unlock(office.store, actor.id, password)
    if not left(office):
        _begin(office, actor)
    cases = case_keys.older(office.store, AT_ONCE)
    done = [case_id for case_id in cases if key is not None and _rotated(office, case_id, key, actor.id)]
    rest = left(office)
    if rest and not done:
        raise Refused(_("还剩 %(n)s 个案卷，您的密钥打不开，请另一位有保密权限的同志接着换。", n=rest))
    if not rest:
        with office.store.write():
            said = {"rotation": case_keys.rotation(office.store)}
            office.note(audit.OFFICE, actor.id, "case_keys_rotated", **said)
    return rest


def _begin(office: Office, actor: Account) -> None:
    with office.store.write():
        rotation = case_keys.next_rotation(office.store)
        office.note(audit.OFFICE, actor.id, "rotation_began", rotation=rotation)


def _rotated(office: Office, case_id: str, key: OwnKey, by_id: str) -> bool:
    try:
        office.vault.rotate(case_id, key, by_id)
    except (VaultFault, Closed):
        return False
    return True
