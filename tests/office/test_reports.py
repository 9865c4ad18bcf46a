"""A report goes from one office to another by a file: whole, signed, without anything confidential."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from andu.office.books import register
from andu.office.errors import NotAllowed, Refused
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from andu.office.reports import key as keys
from andu.office.reports import package, packing, receiving
from andu.office.reports.receiving import Taken
from andu.security import accounts
from andu.settings import Settings
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, Submit
from tests.views.conftest import blank_pdf

DAYS = (date(2026, 11, 1), date(2026, 11, 30))
NAME = "李某某（示例举报人）"


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    office = Office.open(settings, blank_pdf, nothing_wrong)  # of a stand-in no page can be marked as void
    yield office
    office.store.close()


@pytest.fixture
def county(settings: Settings, founded: Path, tmp_path: Path) -> Iterator[Office]:
    """Another office, which knows the first by its key; its people have the same names."""
    shutil.copytree(founded, tmp_path / "county")
    there = dataclasses.replace(settings, instance=tmp_path / "county")
    office = Office.open(there, blank_pdf, nothing_wrong)
    yield office
    office.store.close()


def person(office: Office, username: str) -> accounts.Account:
    found = accounts.by_username(office.store, username)
    assert found is not None
    return found


def know(county: Office, office: Office) -> None:
    public = keys.public(keys.load(office.settings.instance / "keys"))
    receiving.trust(county, person(county, "wujiu"), public, "示例镇")


def take(county: Office, data: bytes) -> Taken:
    return receiving.take(county, person(county, "zhaoliu"), data)


def repacked(data: bytes, **changed: bytes | None) -> bytes:
    """The package with some files replaced, added or (None) left out; nothing is signed anew."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    files |= changed
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    return buffer.getvalue()


def test_what_was_filed_arrives_as_it_was_filed(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, count = packing.pack(office, people.zhangsan, *DAYS)
    assert (count, take(county, data)) == (1, Taken(1, 0, 0))
    (row,) = receiving.received(county, person(county, "zhaoliu"))
    entry = register.of_record(office, people.zhangsan, filed.id)
    assert entry is not None
    assert (row["number"], row["office"], row["docx_sha"]) == (entry.number, "示例镇", entry.docx_sha)
    assert json.loads(row["data"]).items() >= dict(filed.values).items()
    for media in ("docx", "pdf"):
        there, _name = receiving.paper(county, person(county, "zhaoliu"), row["id"], media)
        assert there == register.serve(office, people.zhangsan, entry.id, media, "send")[0]
    assert county.store.count("register") == 0


def test_taking_it_again_is_harmless_and_voiding_comes_after(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    take(county, data)
    assert take(county, data) == Taken(0, 0, 1)
    entry = register.of_record(office, people.zhaoliu, filed.id)
    assert entry is not None
    voiding.void(office, people.zhaoliu, entry.id, "抄送单位写错了", PASSWORD, "10.0.0.1")
    later, _count = packing.pack(office, people.zhangsan, *DAYS)
    assert take(county, later) == Taken(0, 1, 0)
    assert take(county, later) == Taken(0, 0, 1)
    assert take(county, data) == Taken(0, 0, 1)  # an older stick opens nothing again
    (row,) = receiving.received(county, person(county, "zhaoliu"))
    assert (row["state"], row["void_reason"]) == ("voided", "抄送单位写错了")


def test_nothing_confidential_is_in_it(office: Office, people: People, submit: Submit, sign: Sign) -> None:
    clue = submit(people.zhangsan, "clue_registration", reporter_name=NAME)
    sign(people.lisi, sign(people.zhangsan, clue))
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
        papers = [zipfile.ZipFile(io.BytesIO(part)) for part in parts if part[:2] == b"PK"]
    inside = [paper.read(name) for paper in papers for name in paper.namelist()]
    assert clue.id.encode() in parts[0]
    assert not any(NAME.encode() in part for part in (*parts, *inside))


def test_a_stranger_is_refused_until_its_key_is_known(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    with pytest.raises(Refused, match="不认识"):
        take(county, data)
    know(county, office)
    assert take(county, data).new == 1


FIRST = "papers/0001/paper.pdf"


@pytest.mark.parametrize(
    "changed",
    [
        {FIRST: b"%PDF-1.7 another"},
        {"papers/0001/record.json": b'{"values": {"summary": "x"}}'},
        {FIRST: None},
        {"papers/0002/paper.pdf": b"more"},
        {"../evil": b"more"},
        {"report.sig": bytes(64)},
        {"report.sig": None},
        {"report.json": b"{}"},
        {"report.json": b"\xff"},
    ],
    ids=["changed", "values", "left-out", "more", "evil", "signature", "unsigned", "list", "noise"],
)
def test_whatever_was_altered_is_refused_whole(
    changed: dict[str, bytes | None], office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    assert package.read(repacked(data)).papers
    with pytest.raises(package.Altered):
        take(county, repacked(data, **changed))
    assert county.store.count("received_paper") == 0


def test_a_list_signed_with_another_key_is_not_of_the_known_office(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    forged = package.written(package.read(data), Ed25519PrivateKey.generate())
    with pytest.raises(Refused, match="不认识"):
        take(county, forged)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = archive.read("report.json")
    with pytest.raises(package.Altered):
        take(county, repacked(forged, **{"report.json": listed}))


def test_a_paper_that_contradicts_what_came_before_stops_the_whole(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    take(county, data)
    report = package.read(data)
    other = dataclasses.replace(report.papers[0], docx=b"another")
    second = dataclasses.replace(
        report.papers[0], about={**report.papers[0].about, "record": "new", "number": "另一号"}
    )
    key = keys.load(office.settings.instance / "keys")
    with pytest.raises(Refused, match="不同"):
        take(county, package.written(dataclasses.replace(report, papers=[second, other]), key))
    assert county.store.count("received_paper") == 1


@pytest.mark.parametrize("data", [b"", b"PK", b"%PDF-1.7", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_report_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(package.Altered):
        package.read(data)


def test_a_file_that_unpacks_to_more_than_it_says_is_not_read_on(people: People, office: Office) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.json", bytes(package.MOST_LIST + 1))
        archive.writestr("report.sig", bytes(64))
    with pytest.raises(package.Altered, match="太大"):
        package.read(bomb.getvalue())


def test_only_who_may_packs_takes_and_trusts(
    office: Office, county: Office, people: People, filed: Record
) -> None:
    know(county, office)
    data, _count = packing.pack(office, people.zhangsan, *DAYS)
    for act in (
        lambda: packing.pack(office, people.heshi, *DAYS),
        lambda: receiving.take(county, person(county, "zhangsan"), data),
        lambda: receiving.trust(county, person(county, "zhaoliu"), "0" * 64, "示例县"),
        lambda: receiving.received(county, person(county, "zhangsan")),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Refused):
        packing.pack(office, people.zhengshier, *DAYS)
