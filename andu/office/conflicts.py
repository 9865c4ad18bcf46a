"""Conflict of interest: whom a matter names, and to whom it is therefore shut, or said with a warning.

Owns table ``concern``, which says by folded keys whom a record is about: a person by name, a unit, a surname
in a unit. A record has the keys of its own answers (``recuse`` and ``recuse_places`` of its form type) and
those of every numbered record of its cases, or that it names; ``books.concerns`` enters them. What follows
for whom says the office (``conflict`` in its file); ``access`` puts it into the one condition by which
records are read, and ``turns.recusal`` asks the same keys who stands aside when something is signed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from andu.folding import fold, runs
from andu.formtypes.definition import FormType
from andu.office.config import SHUT, WARN
from andu.office.office import Office
from andu.security import units
from andu.security.accounts import Account
from andu.store import verbs

PERSON, UNIT, SURNAME = "person", "unit", "surname"
"""The grounds, as the office file names them."""
AND_OTHERS = "等"
LONGEST_NAME = 30
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_PAIRS = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠"
    "公孙慕容仲孙钟离长孙宇文司徒鲜于司空令狐百里呼延东郭南门淳于单于轩辕拓跋"
)
_TWO = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
"""Surnames of two characters."""


# --- whom answers name ------------------------------------------------------------------------------


def keys_of(office: Office, form_type: FormType, values: Mapping[str, Any]) -> set[str]:
    """The keys of what these answers say, by the form type they were given with and by today's."""
    today = office.catalogue.get(form_type.slug) or form_type
    people = dict.fromkeys((*form_type.signatures.recuse, *today.signatures.recuse))
    places = dict.fromkeys((*form_type.signatures.recuse_places, *today.signatures.recuse_places))
    if not people:
        return set()
    names = _unit_names(office) if places else {}
    found: set[str] = set()
    for told in _told_together(form_type, values, [*people], [*places]):
        named = {one for text in told[0] for one in _names(text)}
        where = {unit for text in told[1] for unit in _units(text, names)}
        found |= {f"{PERSON}:{one}" for one in named} | {f"{UNIT}:{one}" for one in where}
        kin = {surname(one) for one in named} - {""}
        found |= {f"{SURNAME}:{one}@{unit}" for one in kin for unit in where}
    return found


def handed_on(unit_id: str) -> str:
    """The key of a matter that this unit has passed on to another."""
    return f"from:{unit_id}"


def surname(name: str) -> str:
    """The surname of a Chinese name; empty for what is no such name."""
    if not _NAME.fullmatch(name):
        return ""
    return name[:2] if len(name) > 2 and name[:2] in _TWO else name[:1]


def _told_together(
    form_type: FormType, values: Mapping[str, Any], people: Sequence[str], places: Sequence[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Names and places that belong together: those of one row of a table, and what stands outside tables."""
    alone = [[one for one in group if "." not in one] for group in (people, places)]
    outside = [[str(said) for one in group for said in form_type.named_at(one, values)] for group in alone]
    if any(outside):
        yield outside[0], outside[1]
    for table in dict.fromkeys(one.partition(".")[0] for one in (*people, *places) if "." in one):
        for row in values.get(table) or ():
            said = [
                [str(row.get(one.partition(".")[2]) or "") for one in group if one.startswith(f"{table}.")]
                for group in (people, places)
            ]
            yield said[0], [*said[1], *outside[1]]


def _names(text: str) -> Iterator[str]:
    """What a text may be naming: the id of an account, or each run of it, also before 等."""
    for run in runs(text):
        if len(run) <= LONGEST_NAME or text == run:
            yield run
        yield from (run[:at] for at, char in enumerate(run) if char == AND_OTHERS and 0 < at <= LONGEST_NAME)


def _unit_names(office: Office) -> dict[str, set[str]]:
    return {one.id: {fold(one.name), fold(one.full_name)} for one in units.all(office.store)}


def _units(text: str, names: Mapping[str, set[str]]) -> Iterator[str]:
    said = fold(text)
    yield from (
        unit_id
        for unit_id, called in names.items()
        if text == unit_id or any(len(name) > 1 and name in said for name in called)
    )


# --- for whom ---------------------------------------------------------------------------------------


def keys_for(person: Account, ground: str) -> list[str]:
    """The keys by which this person is meant, on one ground."""
    if ground == PERSON:
        return [f"{PERSON}:{fold(person.id)}", f"{PERSON}:{fold(person.name)}"]
    if ground == UNIT:
        return [f"{UNIT}:{one}" for one in person.units]
    called = surname(fold(person.name))
    return [f"{SURNAME}:{called}@{one}" for one in person.units] if called else []


def not_meant(account_id: str) -> str:
    """The key beside a name that this account has too: it is not the person named (``namesakes``)."""
    return f"not:{account_id}"


def is_called_so(person: Account, keys: Collection[str]) -> bool:
    """Whether the keys name somebody of this name, and not this very account."""
    by_id, by_name = keys_for(person, PERSON)
    return by_name in keys and by_id not in keys


def _meant(person: Account, ground: str, keys: Collection[str]) -> bool:
    """Whether this person is meant by one of these keys, which are all of one record (``kept``)."""
    known = keys_for(person, ground)
    if ground == PERSON and not_meant(person.id) in keys:
        known = known[:1]
    return not set(known).isdisjoint(keys)


def named(keys: Collection[str], people: Sequence[Account]) -> set[str]:
    """The ids of those of these people whom the keys name as a person."""
    return {one.id for one in people if _meant(one, PERSON, keys)}


def shut_from(office: Office, keys: Collection[str], unit_id: str, people: Sequence[Account]) -> set[str]:
    """The ids of those of these people to whom a record of a unit with these keys is shut."""
    return {one.id for one in people if _is_shut(office, keys, unit_id, one)}


def _is_shut(office: Office, keys: Collection[str], unit_id: str, person: Account) -> bool:
    always, until_handed_on = _by(office, person, SHUT)
    if always and _meant(person, PERSON, keys):
        return True
    is_own = unit_id in person.units and not any(handed_on(one) in keys for one in person.units)
    return not is_own and not set(until_handed_on).isdisjoint(keys)


def _by(office: Office, person: Account, what: str) -> tuple[list[str], list[str]]:
    """The keys on whose grounds the office does this, and of those such as leave a unit's own to it at first.

    Who registers what concerns their own village goes on until it is handed on; whom it names, does not.
    """
    grounds = [ground for ground in (UNIT, SURNAME) if office.config.conflict.get(ground) == what]
    always = keys_for(person, PERSON) if office.config.conflict.get(PERSON) == what else []
    return always, [key for ground in grounds for key in keys_for(person, ground)]


# --- which records ----------------------------------------------------------------------------------


def kept(office: Office, record_id: str) -> set[str]:
    """The keys of a record, those it has from others of its case included."""
    return kept_of_several(office, [record_id])[record_id]


def kept_of_several(office: Office, record_ids: Collection[str]) -> dict[str, set[str]]:
    """The same of many records, those without any too."""
    found: dict[str, dict[str, set[str]]] = {one: {} for one in record_ids}
    sql = f"SELECT record_id, key, because FROM concern WHERE {verbs.among('record_id')}"
    for row in office.store.query(sql, [json.dumps(sorted(found))]):
        found[row["record_id"]].setdefault(row["because"], set()).add(row["key"])
    return {one: _put_together([*said.values()]) for one, said in found.items()}


def _put_together(said: Sequence[set[str]]) -> set[str]:
    """The keys of several records; that somebody is not meant counts where each that names people says so."""
    naming = [keys for keys in said if any(one.startswith(f"{PERSON}:") for one in keys)]
    agreed = set.intersection(*naming) if naming else set()
    return {one for keys in said for one in keys if not one.startswith("not:") or one in agreed}


def condition(office: Office, actor: Account) -> tuple[str, list[str]]:
    """An SQL condition on table ``record``, with its parameters: it is not shut to this person.

    Whether anything is, is asked once in a statement and not for each row. While keys are missing, what has
    none yet, or could get some from a record that has none yet, is shut to everybody who may be meant.
    """
    always, until_handed_on = _by(office, actor, SHUT)
    meant = [*always, *until_handed_on]
    if not meant:
        return "1=1", []
    is_open, params = _open_by_keys(actor, always, until_handed_on)
    return f"({is_open} AND ({_ALL_KEYS_THERE} OR NOT {_NO_KEYS_YET}))", params


def missing(office: Office) -> list[str]:
    """After which record and up to which keys are still missing since an update; empty where none are."""
    rows = office.store.query("SELECT last, until FROM concern_left WHERE is_shut = 1 LIMIT 1")
    return [rows[0]["last"], rows[0]["until"]] if rows else []


def _open_by_keys(
    actor: Account, always: Sequence[str], until_handed_on: Sequence[str]
) -> tuple[str, list[str]]:
    meant = [*always, *until_handed_on]
    conditions, params = [], [*meant, *always]
    if always:
        conditions.append(f"NOT {_has(always, _NOT_ANOTHER)}")
        params += [always[0], not_meant(actor.id)]
    if until_handed_on:
        own, gone = ", ".join("?" * len(actor.units)), [handed_on(one) for one in actor.units]
        conditions.append(f"(NOT {_has(until_handed_on)} OR record.unit_id IN ({own}) AND NOT {_has(gone)})")
        params += [*until_handed_on, *actor.units, *gone]
    return f"(NOT EXISTS ({_meaning(meant)}) OR {' AND '.join(conditions)})", params


def is_anything_shut(office: Office, actor: Account) -> bool:
    """Whether there is any record by whose keys this person is meant, or may be."""
    meant = [key for keys in _by(office, actor, SHUT) for key in keys]
    if not meant:
        return False
    return bool(office.store.query(f"{_meaning(meant)} LIMIT 1", meant)) or bool(missing(office))


def shut_among(office: Office, actor: Account, record_ids: Collection[str]) -> set[str]:
    """Those of these records that are shut to this person."""
    if not record_ids or not is_anything_shut(office, actor):
        return set()
    is_open, params = condition(office, actor)
    listed = json.dumps(sorted(record_ids))
    sql = f"SELECT id FROM record WHERE {verbs.among('id')} AND NOT {is_open}"
    return {row["id"] for row in office.store.query(sql, [listed, *params])}


def shut_records(office: Office, actor: Account) -> tuple[str, list[str]] | None:
    """A condition on table ``record``: shut to this person; None where nothing is.

    What it finds is looked up by the keys of this person: it costs what is shut, not what there is.
    """
    if not is_anything_shut(office, actor):
        return None
    is_open, params = condition(office, actor)
    if missing(office):
        return f"(NOT {is_open})", params
    meant = [key for keys in _by(office, actor, SHUT) for key in keys]
    marks = ", ".join("?" * len(meant))
    sql = f"(record.id IN (SELECT record_id FROM concern WHERE key IN ({marks})) AND NOT {is_open})"
    return sql, [*meant, *params]


def warning(office: Office, actor: Account, record_id: str) -> str:
    """The ground on which this person is to be warned of a record they may see; empty for none."""
    known = kept(office, record_id)
    for ground in (PERSON, SURNAME, UNIT):
        if office.config.conflict.get(ground) == WARN and _meant(actor, ground, known):
            return ground
    return ""


_ALL_KEYS_THERE = "NOT EXISTS (SELECT 1 FROM concern_left WHERE is_shut = 1)"
_NO_KEYS_YET = (
    "EXISTS (SELECT 1 FROM concern_left AS gap WHERE gap.is_shut = 1"
    " AND (record.id > gap.last AND record.id <= gap.until"
    " OR EXISTS (SELECT 1 FROM case_record AS one JOIN case_record AS other ON other.case_id = one.case_id"
    " WHERE one.record_id = record.id AND other.record_id > gap.last AND other.record_id <= gap.until)"
    " OR EXISTS (SELECT 1 FROM builds_on WHERE builds_on.record_id = record.id"
    " AND builds_on.on_id > gap.last AND builds_on.on_id <= gap.until)))"
)
"""Its own keys, or those of a record that it would have them from, are still missing."""


def _meaning(keys: Sequence[str]) -> str:
    return f"SELECT 1 AS one FROM concern WHERE concern.key IN ({', '.join('?' * len(keys))})"


_NOT_ANOTHER = (
    " AND (concern.key = ? OR NOT EXISTS (SELECT 1 FROM concern AS beside WHERE beside.key = ?"
    " AND beside.record_id = concern.record_id AND beside.because = concern.because))"
)
"""By their account, or by a name beside which does not stand that they are not meant."""


def _has(keys: Sequence[str], more: str = "") -> str:
    marks = ", ".join("?" * len(keys))
    meant = f"concern.record_id = record.id AND concern.key IN ({marks}){more}"
    return f"EXISTS (SELECT 1 FROM concern WHERE {meant})"
