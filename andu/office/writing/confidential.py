"""The confidential answers of a record: who may see them, and the note that is made when they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from andu.office import reasons, records
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import recusal
from andu.office.writing import drafts
from andu.security import key_pairs, signin
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.permissions import may

Also = Callable[[Office, Account, Record, OwnKey | None], dict[str, Any]]


def answers(office: Office, record: Record, key: OwnKey | None, whole: bool = True) -> dict[str, Any]:
    """The confidential answers, with a person's own key; for the office's own acts, after the check.

    ``whole``: all of them, or else what this person opens alone.
    """
    if record.sealed_id is None:
        return {}
    return office.vault.open(record.sealed_id, where(office, record), key, whole)


def where(office: Office, record: Record) -> str:
    """The place in the vault of the newest version of a record."""
    row = office.store.rows_where(
        "record_version", "record_id = ? AND version = ?", [record.id, record.version]
    )[0]
    return place_of(row["id"])


def place_of(version_id: str) -> str:
    """Where the vault keeps the confidential answers of a version."""
    return f"record_version:sealed_id:{version_id}"


def may_reveal(actor: Account, record: Record) -> bool:
    """Whether this person may ask for the confidential answers of a record.

    Whoever wrote them down may until the record has its number; from then on those who handle reporters.
    """
    is_theirs = record.may_change and drafts.sees_confidential(actor, record.sealed_to)
    return record.sealed_id is not None and (is_theirs or may(actor, "see_confidential"))


def ask(office: Office, actor: Account, record_id: str) -> Record:
    """The record whose confidential answers this person may ask for; ``NotFound`` or ``NotAllowed``.

    Whom the matter names may not, whatever role they hold.
    """
    record = records.get(office, actor, record_id)
    if not may_reveal(actor, record):
        raise NotAllowed(_("您不能查看举报人信息。"))
    if recusal.named_among(office, actor, record, actor):
        raise NotAllowed(_("您是这件事里写到的人，应当回避，不能查看举报人信息。"))
    return record


def reveal(
    office: Office,
    actor: Account,
    record_id: str,
    reason: str,
    password: str,
    address: str,
    also: Also | None = None,
) -> dict[str, Any]:
    """The confidential answers, opened by the password, with the reason noted in the audit log first.

    What needs a second person comes from ``also``, where one has approved.

    Raises what ``ask`` raises, ``Refused`` when no reason is given, ``SignInRefused``, and ``VaultLocked``
    when the person's key does not open them.
    """
    record = ask(office, actor, record_id)
    reason = reasons.require(reason, _("请写明查看举报人信息的事由。"))
    signin.confirm_password(office.store, office.clock, actor, password, address)
    key = key_pairs.unlock(office.store, actor.id, password)
    found = answers(office, record, key, whole=False)
    found |= also(office, actor, record, key) if also else {}
    fields = sorted(found)
    office.note(
        record.unit_id, actor.id, "confidential_viewed", record=record.id, fields=fields, reason=reason
    )
    return found
