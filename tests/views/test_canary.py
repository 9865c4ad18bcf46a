"""A word planted in every confidential field is nowhere, not for whoever holds the disk, a copy, the admin's
account; and what looks for it finds it as soon as one field has forgotten its mark.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from andu.formtypes.definition import FormType
from andu.office import editions
from andu.office.backup import drilling, making
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts, submitting
from andu.security import age
from andu.security.vault import VaultLocked
from andu.settings import Settings
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, raw_sample
from tests.views import canaries
from tests.views.canaries import CANARY, Leavings
from tests.views.conftest import SignedIn
from tests.views.test_access_matrix import path_of
from tests.views.test_pledges import gets

SECRET, PUBLIC = age.new_pair()
ANONYMOUS = {"source": "群众匿名举报", "reporter_code": "197531", **dict.fromkeys(canaries.REPORTER)}
CODE = re.compile("197531|19 75 31")


@pytest.fixture
def leavings(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Leavings:
    return Leavings(monkeypatch, caplog)


@pytest.fixture
def office(settings: Settings, leavings: Leavings) -> Iterator[Office]:
    office = Office.open(settings, leavings.to_pdf, nothing_wrong)
    yield office
    office.store.close()


def planted(office: Office, people: People, sign: Sign) -> tuple[Record, Record]:
    """A clue by name, signed and filed, and an anonymous one under way; a draft of each beside them."""
    made = []
    for answers in ({**canaries.REPORTER, "source": "群众实名举报"}, ANONYMOUS):
        raw = raw_sample(office, people.zhangsan, "clue_registration", **answers)
        drafts.start(office, people.zhangsan, "clue_registration", raw)
        draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
        made.append(submitting.submit(office, people.zhangsan, draft.id, raw, draft.revision))
    return sign(people.lisi, sign(people.zhangsan, made[0])), made[1]


def on_the_disk(office: Office) -> Iterator[tuple[str, str]]:
    """The database with its log, every row of every table, and all that a copy holds, decrypted."""
    for row in office.store.query("SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = office.store.query(f"SELECT * FROM [{row['name']}]")
        yield row["name"], "\n".join(str([canaries._plain(one) for one in each.values()]) for each in rows)
    with tempfile.TemporaryDirectory() as folder:
        copy = making.make(office, Path(folder), PUBLIC).path
        (unpacked := Path(folder) / "unpacked").mkdir()
        drilling.unpack(copy, SECRET, unpacked)
        for path in (*unpacked.rglob("*"), *office.settings.instance.rglob("*")):
            if path.is_file():
                yield path.name, path.name + path.read_bytes().decode("utf-8", "ignore")


def found(parts: Iterator[tuple[str, str]]) -> set[str]:
    return {where for where, text in parts if CANARY.search(text) or CODE.search(text)}


def test_what_a_reporter_says_is_nowhere_and_for_nobody(
    office: Office, app: Flask, people: People, sign: Sign, leavings: Leavings, signed_in: SignedIn
) -> None:
    filed, under_way = planted(office, people, sign)
    every = {form.slug for form in office.catalogue.all() if form.confidential_keys}
    assert every == {"clue_registration"}, "each form with something confidential is planted here"
    keys = editions.current(office, "clue_registration").form_type.confidential_keys
    assert keys == {*canaries.REPORTER, "reporter_code"}, "and each field of it"

    assert found(on_the_disk(office)) == set()
    assert not list(office.settings.instance.glob("keys/vault-*"))
    for row in office.store.rows_where("sealed"):
        for who in (None, people.wujiu.key, people.heshi.key, people.wangwu.key):
            with pytest.raises(VaultLocked):
                office.vault.open(row["id"], row["owner"], who)

    (draft,) = office.store.rows_where("draft", limit=1)
    ids = {"record_id": filed.id, "draft_id": draft["id"], "case_id": filed.id, "slug": "clue_registration"}
    ids |= {"account_id": people.zhangsan.id, "unit_id": "cun1", "kind": "draft", "item_id": draft["id"]}
    (entry,) = office.store.rows_where("register", "record_id = ?", [filed.id])
    whole = dict.fromkeys(re.findall(r"<(?:\w+:)?(\w+)>", " ".join(map(str, app.url_map.iter_rules()))), "x")
    ids |= {"copy_id": draft["id"], "whole_case": filed.id, "year": "2026", "number": "1"}
    ids = whole | ids | {"register_id": entry["id"]}
    for name in ("wujiu", "heshi", "wangwu", "zhengshier"):
        visitor = signed_in(name)
        pages = [(endpoint, text) for endpoint, _status, text in gets(app, ids, visitor)]
        assert len(pages) > 40 and found(iter(pages)) == set()
        for one in (filed, under_way):
            path = path_of(app, "records.reveal", ids | {"record_id": one.id})
            answer = visitor.client.post(path, data={"reason": "核查需要", "password": PASSWORD})
            assert not CANARY.search(answer.text) and not CODE.search(answer.text)
    leavings.check(office)


def test_one_field_that_forgets_its_mark_is_found(
    office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is unmarked lies open in the draft already, and what looks for canaries finds it there."""
    current = editions.current
    for key, told in {**ANONYMOUS, **canaries.REPORTER}.items():
        if key == "source":
            continue

        def forgetful(office: Office, slug: str, key: str = key) -> editions.Edition:
            edition = current(office, slug)
            return replace(edition, form_type=without_mark(edition.form_type, key))

        monkeypatch.setattr(editions, "current", forgetful)
        answers = ANONYMOUS if key == "reporter_code" else {**canaries.REPORTER, "source": "群众实名举报"}
        raw = raw_sample(office, people.zhangsan, "clue_registration", **answers)
        draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
        row = office.store.get("draft", draft.id)
        assert row and f"f_{key}" in row["raw"], key
        if CANARY.search(str(told)) or CODE.search(str(told)):
            assert found(iter([(key, row["raw"])])) == {key}
    assert "draft" in found(on_the_disk(office))


def without_mark(form_type: FormType, key: str) -> FormType:
    sections = [
        replace(
            section,
            fields=tuple(
                replace(one, confidential=one.confidential and one.key != key) for one in section.fields
            ),
        )
        for section in form_type.sections
    ]
    return replace(form_type, sections=tuple(sections))
