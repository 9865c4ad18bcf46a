"""Short ways through the acts of the office, for tests that begin in the middle of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values
from andu.office import editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, sources, submitting
from andu.office.writing.drafts import Raw
from andu.security.accounts import Account
from tests.conftest import PASSWORD

NUMBER = re.compile(r"\d{4}\D+\d+")


def raw_sample(office: Office, actor: Account, slug: str, **changes: Any) -> Raw:
    """The inputs of a form type's own sample, with some answers changed.

    A record that is chosen brings its number in, as it does on the page: the sample's own is of another.
    """
    form_type = editions.current(office, slug).form_type
    values = samples.sample(form_type, OfficeDirectory(office, actor))
    raw = raw_from_values(form_type, {**values, **changes})
    said = raw_from_values(form_type, changes)
    for field in sources.references(form_type):
        source = sources.chosen(office, actor, field, raw) if field.key in changes else None
        if source is not None:
            brought = sources.inputs_from(office, actor, form_type, field.key, source, {})
            raw |= {
                name: texts
                for name, texts in brought.items()
                if NUMBER.search("".join(texts)) and name not in said
            }
    return raw


Submit = Callable[..., Record]


@pytest.fixture
def submit(office: Office) -> Submit:
    """``submit(actor, slug, **changed answers)``: a submitted record."""

    def act(actor: Account, slug: str, **changes: Any) -> Record:
        raw = raw_sample(office, actor, slug, **changes)
        draft = drafts.start(office, actor, slug, raw)
        return submitting.submit(office, actor, draft.id, raw, draft.revision)

    return act


Sign = Callable[..., Record]


@pytest.fixture
def sign(office: Office) -> Sign:
    """``sign(actor, record, **signer's answers)``: sign the slot whose turn it is, with the password."""

    def act(actor: Account, record: Record, slot: str | None = None, **answers: Any) -> Record:
        form_type = editions.get(office, record.form_version).form_type
        turn = signatures.signable(office, actor, record)
        raw = raw_from_values(form_type, answers)
        key = slot or (turn.key if turn else "")
        return signatures.sign(
            office, actor, record.id, key, record.version, "同意", PASSWORD, raw, "10.0.0.1"
        )

    return act


@pytest.fixture
def filed(office: Office, people: Any, submit: Submit, sign: Sign) -> Record:
    """A completion report of 示例一村, signed by both, numbered and filed."""
    record = submit(people.zhangsan, "completion_report")
    return sign(people.zhaoliu, sign(people.lisi, record))
