"""What follows from what happened to a record: the one list, each in the order in which it is done.

An act writes its own rows and its event, and then calls ``follow``, last within its transaction. Whatever is
kept beside the records is brought up to date here and nowhere else, so that no act can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from andu.office import branches, cases, record_words, records, sharing
from andu.office.books import building_on, closed_months, concerns, ledger_keeping, likeness
from andu.office.office import Office
from andu.office.records import Record
from andu.office.timing import deadlines
from andu.office.turns import waiting
from andu.security.accounts import Account

Consequence = Callable[[Office, Record, Account | None], object]


def follow(office: Office, record_id: str, event: str, actor: Account | None = None) -> None:
    """Do what follows from an event of a record; ``actor`` is who did it, None for the office itself.

    Within the caller's transaction. Raises ``KeyError`` for an event that has no list here.
    """
    for consequence in (*FOLLOWS[event], *ALWAYS):
        consequence(office, records.find(office, record_id), actor)


def _join_cases(office: Office, record: Record, actor: Account | None) -> None:
    if actor is not None:
        cases.enter(office, actor, records.form_type_of(office, record), record.values, record.id)


def _keep_words(office: Office, record: Record, _actor: Account | None) -> None:
    likeness.enter(office, records.form_type_of(office, record), record.id, record.values)


def _close_month(office: Office, record: Record, _actor: Account | None) -> None:
    closed_months.enter(office, records.form_type_of(office, record), record.values, record.id)


def _keep_named(office: Office, record: Record, _actor: Account | None) -> None:
    building_on.enter(office, record.id, record.values)


def _shut_to_writers(office: Office, record: Record, _actor: Account | None) -> None:
    versions = office.store.rows_where("record_version", "record_id = ? AND sealed_id <> ''", [record.id])
    office.vault.take_from_writers([row["sealed_id"] for row in versions])


def _begin(moment: str) -> Consequence:
    return lambda office, record, _actor: deadlines.begin(office, record, moment)


def _meet(moment: str) -> Consequence:
    return lambda office, record, _actor: deadlines.meet(office, record, moment)


def _of_record(act: Callable[[Office, Record], object]) -> Consequence:
    return lambda office, record, _actor: act(office, record)


def _of_id(act: Callable[[Office, str], object]) -> Consequence:
    return lambda office, record, _actor: act(office, record.id)


CONCERNS = _of_record(concerns.enter)
"""Whom it is about: after its cases and what it names are known."""
WORDS = _of_id(record_words.enter)
LEDGERS = _of_id(ledger_keeping.refresh)
"""The rows of ledgers, always last: they show everything else."""
ALWAYS = (_of_record(waiting.refresh),)
"""What follows from every event: whose turn it is now."""
HANDED_IN = (
    _of_record(deadlines.unsign),
    _join_cases,
    _keep_words,
    _close_month,
    _keep_named,
    CONCERNS,
    WORDS,
    _begin(deadlines.SUBMITTED),
    _meet(deadlines.SUBMITTED),
    _of_record(sharing.to_signers),
    LEDGERS,
)
FOLLOWS: Mapping[str, tuple[Consequence, ...]] = {
    "record_submitted": HANDED_IN,
    "record_revised": HANDED_IN,
    "record_signed": (_meet(deadlines.SIGNED), LEDGERS),
    "slot_given": (LEDGERS,),
    "record_taken_over": (LEDGERS,),
    "deadline_taken_over": (LEDGERS,),
    "unit_merged": (WORDS, LEDGERS),
    "signature_declined": (_of_id(deadlines.reopen), LEDGERS),
    "number_allotted": (
        CONCERNS,
        WORDS,
        _shut_to_writers,
        _begin(deadlines.NUMBERED),
        _meet(deadlines.NUMBERED),
        _of_record(cases.close_by),
        _of_record(sharing.to_named),
        _of_record(deadlines.lapse),
        LEDGERS,
    ),
    "paper_filed": (LEDGERS,),
    "number_voided": (
        CONCERNS,
        _of_record(sharing.after_voiding),
        _of_id(branches.leave),
        _of_id(deadlines.reopen),
        _of_record(deadlines.withdraw),
        LEDGERS,
    ),
    "extension_granted": (LEDGERS,),
    "extension_refused": (LEDGERS,),
    "deadline_met": (LEDGERS,),
    "namesake_noted": (CONCERNS,),
    "namesake_unnoted": (CONCERNS,),
}
