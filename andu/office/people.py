"""The directory that forms see: units, people and earlier records, as one person may choose them.

Implements ``andu.formtypes.directory.Directory`` over the store; made anew for each request.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from andu.clock import office_day
from andu.formtypes.directory import Choice
from andu.office import record_words
from andu.office.ledger import ledger_extracts, ledgers
from andu.office.office import Office
from andu.office.scope import records_for, unit_seeing
from andu.security import accounts, naming, units
from andu.security.accounts import Account
from andu.security.permissions import may


class OfficeDirectory:
    """What ``actor`` may choose from. Labels are what screens and papers show.

    ``on_screen``: people of one name are told apart; papers print the name alone.
    """

    def __init__(self, office: Office, actor: Account, on_screen: bool = False) -> None:
        self._on_screen = on_screen
        self._names: dict[str, str] = {}
        self._office = office
        self._actor = actor
        self._people: dict[str, Account] | None = None
        self._units: dict[str, str] | None = None

    @property
    def own_unit(self) -> str:
        """The unit of the person who fills the form."""
        return self._actor.unit_id

    @property
    def superior(self) -> str:
        """What the office calls the level above, to which it reports; empty where it does not say."""
        return self._office.config.superior

    @property
    def today(self) -> date:
        """The day it is in the office."""
        return office_day(self._office.clock.now())

    def _accounts(self) -> dict[str, Account]:
        if self._people is None:
            self._people = {account.id: account for account in accounts.all(self._office.store)}
        return self._people

    def _unit_names(self) -> dict[str, str]:
        if self._units is None:
            self._units = {unit.id: unit.name for unit in units.all(self._office.store)}
        return self._units

    def units(self) -> list[Choice]:
        """All active units, in the office's order."""
        active = {unit.id for unit in units.all(self._office.store) if unit.state == "active"}
        return [Choice(key, name) for key, name in self._unit_names().items() if key in active]

    def people(self, unit: str | None = None, roles: Collection[str] = ()) -> list[Choice]:
        """Active people of a unit (all units when ``None``) who hold one of ``roles`` (any when empty)."""
        labels = naming.in_full(self._accounts().values())
        return [
            Choice(account.id, labels[account.id])
            for account in self._accounts().values()
            if account.state == "active"
            and (unit is None or account.unit_id == unit)
            and (not roles or set(roles) & set(account.roles))
        ]

    def records(self, form: str) -> list[Choice]:
        """Numbered records of a form type that this person may see, newest first, at most 500."""
        where, params = records_for(self._office, self._actor)
        unit_id = unit_seeing(self._actor)
        listed, of = ("register", []) if unit_id is None else ("record_sight", [unit_id])
        rows = self._office.store.query(
            f"SELECT record.id, register.number, record.title FROM {listed}"
            f" CROSS JOIN record{'' if unit_id is None else ' CROSS JOIN register'}"
            f" WHERE record.id = {listed}.record_id AND register.record_id = record.id AND {listed}.form = ?"
            f"{'' if unit_id is None else ' AND record_sight.unit_id = ?'}"
            f" AND record.state IN ('numbered', 'filed') AND {where}"
            f" ORDER BY {listed}.numbered_at DESC, {listed}.seq DESC LIMIT 500",
            [form, *of, *params],
        )
        form_type = self._office.catalogue.get(form)
        group = form_type.title if form_type else form
        return [Choice(row["id"], f"{row['number']} {row['title']}", group) for row in rows]

    def find_unit(self, text: str) -> str | None:
        """The unit with this id or name."""
        names = self._unit_names()
        return text if text in names else next((key for key, name in names.items() if name == text), None)

    def find_person(self, text: str) -> str | None:
        """The person with this id, user name or (when only one has it) name."""
        people = self._accounts()
        if text in people:
            return text
        found = [account.id for account in people.values() if text in (account.username, account.name)]
        return found[0] if len(found) == 1 else None

    def find_record(self, form: str, text: str) -> str | None:
        """The record of this form type with this id or number, however typed, if this person may see it."""
        named = [text, *record_words.numbered(self._office, text)]
        where, params = records_for(self._office, self._actor)
        rows = self._office.store.query(
            "SELECT record.id FROM record JOIN register ON register.record_id = record.id"
            " WHERE record.form = ? AND record.state IN ('numbered', 'filed')"
            f" AND record.id IN ({', '.join('?' * len(named))}) AND {where}",
            [form, *named, *params],
        )
        return rows[0]["id"] if rows else None

    def unit_label(self, unit_id: str) -> str:
        """The unit's name; the id itself when the unit is unknown."""
        return self._unit_names().get(unit_id, unit_id)

    def person_label(self, account_id: str) -> str:
        """The person's name; the id itself when the person is unknown."""
        account = self._accounts().get(account_id)
        if account and self._on_screen:
            self._names = self._names or naming.named(self._accounts().values())
            return self._names[account_id]
        return account.name if account else account_id

    def record_label(self, record_id: str) -> str:
        """The number of the record; empty while it has none."""
        rows = self._office.store.rows_where("register", "record_id = ?", [record_id])
        return rows[0]["number"] if rows else ""

    def attachment_label(self, attachment_id: str) -> str | None:
        """The name of a file of the own unit's drafts and records; ``None`` when there is no such file."""
        row = self._office.store.get("attachment", attachment_id)
        if row is None:
            return None
        table, key = ("record", row["record_id"]) if row["record_id"] else ("draft", row["draft_id"])
        holder = self._office.store.get(table, key or "")
        return str(row["name"]) if holder and self._actor.is_of(holder["unit_id"]) else None

    def ledgers(self) -> list[Choice]:
        """The ledgers this person may see."""
        if not may(self._actor, "see_register"):
            return []
        groups = ledgers.by_group(self._office, self._actor)
        return [Choice(ledger.slug, ledger.title) for _group, found in groups for ledger in found]

    def ledger_extract(self, ledger: str, month: str) -> Mapping[str, Any]:
        """What this person sees of one past month of a ledger; ``ValueError`` with the reason."""
        return ledger_extracts.extract(self._office, self._actor, ledger, month)
