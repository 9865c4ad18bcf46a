"""A search means the same in the register, in a ledger and among what can be referred to."""

from __future__ import annotations

import pytest

from andu import folding
from andu.office import record_words
from andu.office.books import likeness
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn

SUMMARY = "阿依古丽·买买提反映（示例）砂石料场１００％被占，见 Ａ_1 号示例图"
FOUND = [
    "DJ-XS-2026-0001",
    "ＤＪ－ＸＳ－２０２６－０００１",
    "dj-xs-2026",
    "阿依古丽•买买提",
    "阿依古丽买买提",
    "阿依古丽 ・ 买买提",
    "100%被占",
    "%",
    "a_1",
    "_",
    "(示例)砂石",
    "砂石　被占",
]
NOT_FOUND = ["100_", "a%1", "砂%被", "%%", "·", "DJ-XS-2026-0002", "砂石 不在"]


@pytest.fixture
def clue(people: People, submit: Submit, sign: Sign) -> Record:
    """A registered clue with everything in its summary that may be typed otherwise; and another one."""
    records = [
        submit(people.zhangsan, "clue_registration", summary=said, registered_at="2026-11-22T08:30")
        for said in (SUMMARY, "另一条示例线索，与前一条无关")
    ]
    return [sign(people.lisi, sign(people.zhangsan, one)) for one in records][0]


@pytest.mark.parametrize("where", ["/register", "/ledgers/clue_registration"])
def test_a_search_finds_what_differs_only_in_how_it_is_typed(
    signed_in: SignedIn, clue: Record, where: str
) -> None:
    visitor = signed_in("zhangsan")
    wrong = []
    for text in [*FOUND, *NOT_FOUND]:
        visitor.get(where, query_string={"text": text})
        is_found = f"/records/{clue.id}" in visitor.page.xpath("//main//table//a/@href")
        if is_found is not (text in FOUND):
            wrong.append(text)
    assert wrong == []


def test_a_person_is_found_in_the_register_however_the_name_is_typed(
    signed_in: SignedIn, clue: Record
) -> None:
    visitor = signed_in("zhangsan")
    for name, count in (("李　四", 2), ("李·四", 2), ("张三", 2), ("%", 0), ("_", 0)):
        visitor.get("/register", query_string={"person": name})
        assert len(visitor.page.xpath("//main//tbody/tr")) == count, name


def test_a_number_is_understood_as_it_is_typed(office: Office, people: People, clue: Record) -> None:
    directory = OfficeDirectory(office, people.zhangsan)
    for text in ("DJ-XS-2026-0001", "ＤＪ－ＸＳ－２０２６－０００１", "dj-xs-2026-0001", "DJ—XS—2026—0001"):
        assert directory.find_record("clue_registration", text) == clue.id
    assert directory.find_record("clue_registration", "DJ-XS-2026-000") is None


def test_words_folded_by_other_rules_are_made_anew_when_the_service_starts(
    office: Office, people: People, clue: Record, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "VERSION", "another")
    with office.store.write():
        office.store.execute("UPDATE record_text SET said = 'other'")
        office.store.execute("UPDATE likeness_text SET words = 'other'")
    record_words.keep_up(office)
    likeness.keep_up(office)
    visitor = signed_in("zhangsan")
    visitor.get("/register", query_string={"text": "阿依古丽"})
    assert f"/records/{clue.id}" in visitor.page.xpath("//main//table//a/@href")
    kept = office.store.query("SELECT count(*) AS n FROM likeness_text WHERE words = 'other'")
    assert kept[0]["n"] == 0
