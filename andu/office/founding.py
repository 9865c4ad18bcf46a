"""Founding an office: its folder, its configuration, its database and its first people.

Called by ``andu prepare`` at every start of the service; changes nothing that is there already.
"""

from __future__ import annotations

import shutil

from andu.office.books import ledger_keeping
from andu.office.office import Office
from andu.security import accounts, units
from andu.security.accounts import Account
from andu.settings import ROOT, Settings

OFFICES = ROOT / "offices"
FIRST_UNIT = ("admin", "系统管理")


def prepare_folder(settings: Settings, example: bool) -> bool:
    """Make ``instance/`` and its office file; whether the office is new.

    ``example`` chooses between the sample office and an empty one, and counts only the first time.
    """
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.office_file.exists():
        return False
    shutil.copyfile(OFFICES / ("example.yaml" if example else "empty.yaml"), settings.office_file)
    return True


def load_people(office: Office) -> list[Account]:
    """Load the units and sample accounts of the office file into an empty database; those loaded.

    Raises ``UnitRefused`` or ``AccountRefused`` for a fault in the file.
    """
    config = office.config
    with office.store.write():
        if units.all(office.store):
            return []
        for unit in config.units:
            units.create(
                office.store,
                office.clock,
                None,
                unit["id"],
                unit["name"],
                unit.get("full_name", ""),
                unit.get("category", ""),
            )
        loaded = [
            accounts.create(
                office.store,
                office.clock,
                None,
                username=account["username"],
                name=account["name"],
                unit_id=account["unit"],
                roles=account["roles"],
                post=account.get("post", ""),
                password=config.sample_password,
                must_change=False,
            )
            for account in config.accounts
        ]
    ledger_keeping.check(office)
    ledger_keeping.keep_up(office)
    return loaded


def has_people(office: Office) -> bool:
    """Whether anybody can sign in yet."""
    return bool(accounts.all(office.store))


def first_admin(office: Office, username: str, name: str, password: str) -> Account:
    """The first account of a real office, in a unit of its own for the administration.

    Raises ``AccountRefused`` or ``PasswordRefused``.
    """
    unit_id, unit_name = FIRST_UNIT
    with office.store.write():
        if units.get(office.store, unit_id) is None:
            units.create(office.store, office.clock, None, unit_id, unit_name)
        return accounts.create(
            office.store,
            office.clock,
            None,
            username=username,
            name=name,
            unit_id=unit_id,
            roles=["admin"],
            password=password,
            must_change=False,
        )
