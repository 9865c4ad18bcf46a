"""发文登记簿 and 收文登记簿: every number of these series has its line, whatever form drew it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from andu.office.office import Office
from andu.settings import Settings
from tests.conftest import People, nothing_wrong
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.walking import Walk

TODAY = "2026-11-22"


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The sample office."""
    office = Office.open(settings, blank_pdf, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def test_every_number_of_a_document_stands_in_its_register(walk: Walk, people: People) -> None:
    notice = walk.fill("wangwu", "meeting_notice", meeting_at="2026-11-25T14:30", printed_on=TODAY)
    circular = walk.fill("wangwu", "supervision_circular", rectify_by="2026-12-22", printed_on=None)
    letter = walk.fill("wangwu", "transfer_letter", receiver_unit="pcs")
    minutes = walk.fill("wangwu", "meeting_minutes", held_at=f"{TODAY}T08:00", printed_on=None)
    numbers = []
    for paper in (notice, circular, letter, minutes):
        walk.sign("zhaoliu", paper)
        numbers.append(walk.sign("sunqi", paper))
    assert numbers == ["示发〔2026〕1号", "示发〔2026〕2号", "示函〔2026〕1号", "示纪要〔2026〕1号"]
    page = walk.text("zhaoliu", "/ledgers/outgoing_documents")
    assert all(number in page for number in numbers)


def test_every_number_of_what_came_in_stands_in_its_register(walk: Walk, people: People) -> None:
    reply = walk.fill(
        "wangwu", "county_reply", replied_on=TODAY, received_at=f"{TODAY}T09:00", decision="纳入公安侦办"
    )
    assert walk.sign("zhaoliu", reply) == "SW-2026-0001"
    page = walk.text("zhaoliu", "/ledgers/incoming_documents")
    assert "SW-2026-0001" in page and "示例县扫黑办" in page, "with whom it came from"
