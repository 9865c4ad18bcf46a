"""回避: who must not sign what is handed in, since the matter names them, and who signs in their place.

Found out when a version is handed in and kept with it (event ``signers_recused``), as the rule of signatures
is; asked once more at each signature, since people come and are renamed. Which answers name somebody says the
form type (``recuse``), of the record and of the numbered papers of its cases, and whom that means
``conflicts``; who signs instead says the office (``recusal`` in its file). Without that nobody stands aside
but those to whom the matter is shut (``conflict`` there). Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.roles import ROLES
from andu.office import cases, conflicts, records
from andu.office.config import ANY, SHUT
from andu.office.events import Recusal
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import slots
from andu.security import accounts, units
from andu.security.accounts import Account


def of(office: Office, actor: Account, form_type: FormType, record: Record) -> Recusal:
    """Who must not sign this record as it is handed in, and which slots go to whom the office named.

    A slot goes there when somebody who could sign it must stand aside, and nobody else could.
    """
    if not _is_asked(office):
        return Recusal()
    people = accounts.all(office.store)
    named = _named(office, actor, form_type, record, people)
    if not named:
        return Recusal()
    taken = [slot.key for slot in form_type.signatures.slots if _goes_elsewhere(record, slot, people, named)]
    return Recusal(
        {one.id: one.name for one in people if one.id in named}, tuple(taken), office.config.recusal
    )


def _goes_elsewhere(record: Record, slot: slots.Slot, people: Sequence[Account], named: set[str]) -> bool:
    if slot.author or slot.person:
        return False
    fitting = {one.id for one in people if one.is_active and slots.fits(record, slot, one)}
    return bool(fitting) and fitting <= named


def named_among(office: Office, actor: Account, record: Record, *people: Account | None) -> Account | None:
    """Who of these is named by a record or its case as it is now, if anybody must stand aside here at all."""
    if not _is_asked(office):
        return None
    there = [one for one in people if one is not None]
    named = _named(office, actor, records.form_type_of(office, record), record, there)
    return next((one for one in there if one.id in named), None)


def who_instead(office: Office, recusal: Recusal) -> str:
    """Who signs in place of those who stand aside, in words: 镇扫黑办的办公室主任或领导小组成员."""
    names = units.names(office.store)
    said = []
    for way in recusal.ways:
        roles = "、".join(ROLES[role] for role in way.roles)
        unit = "" if way.unit == ANY else names.get(units.now(office.store, way.unit), way.unit)
        said.append(_("%(unit)s的%(roles)s", unit=unit, roles=roles) if unit else roles)
    return _("或").join(said)


# --- who is named ---------------------------------------------------------------------------------


def _is_asked(office: Office) -> bool:
    return bool(office.config.recusal) or SHUT in office.config.conflict.values()


def _named(
    office: Office, actor: Account, form_type: FormType, record: Record, people: Sequence[Account]
) -> set[str]:
    """The ids of those whom the record, or a numbered paper of its cases, names, or to whom it is shut."""
    keys = conflicts.keys_of(office, form_type, record.values) | conflicts.kept(office, record.id)
    for one, its_type in _of_cases(office, actor, form_type, record):
        keys |= conflicts.keys_of(office, its_type, one.values)
    shut = conflicts.shut_from(office, keys, record.unit_id, people)
    return shut | (conflicts.named(keys, people) if office.config.recusal else set())


def _of_cases(
    office: Office, actor: Account, form_type: FormType, record: Record
) -> Iterator[tuple[Record, FormType]]:
    forms = {one.slug for one in office.catalogue if one.signatures.recuse}
    for case_id in cases.of_answers(office, actor, form_type, record.values, record.id) if forms else ():
        for one in cases.members(office, case_id):
            if one.form in forms and one.id != record.id and one.state in cases.HAS_NUMBER:
                yield one, records.form_type_of(office, one)
