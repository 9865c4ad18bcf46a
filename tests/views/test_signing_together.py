"""Paper after paper opened and agreed to, and one password for all: where the office wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import revising, submitting
from andu.settings import Settings
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]
MOST = 20
TOGETHER = "/queue/together"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The sample office lets up to twenty be signed under one password."""
    path = Path(settings.instance) / "office.yaml"
    path.write_text(path.read_text("utf-8") + f"\nsign_together: {{most: {MOST}}}\n", "utf-8")
    return settings


@pytest.fixture
def reports(people: People, submit: Submit, clock: FixedClock) -> list[Record]:
    """Three completion reports that wait for 李四."""
    found = []
    for _each in range(3):
        found.append(submit(people.zhangsan, "completion_report"))
        clock.advance(60)
    return found


def agree(visitor: Visitor, record: Record, opinion: str = "同意") -> int:
    """Open the paper and agree."""
    visitor.get(f"/records/{record.id}/sign")
    filled = visitor.filled(f"/records/{record.id}/sign")
    return visitor.post(f"/records/{record.id}/agree", {**filled, "opinion": opinion}).status_code


def given(office: Office, records: list[Record]) -> list[int]:
    return [len(signatures.given(office, one)) for one in records]


def test_each_paper_is_opened_and_agreed_to_and_the_password_signs_them_one_by_one(
    signed_in: SignedIn, office: Office, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    for record in reports:
        assert agree(visitor, record, "属实，同意。") == 200
    assert visitor.path == TOGETHER, "after the last of the queue"
    assert given(office, reports) == [0, 0, 0], "agreeing signs nothing"
    listed = visitor.page.xpath("//input[@name='record']/@value")
    assert listed == [one.id for one in reports]
    assert visitor.post(TOGETHER, {"record": listed, "password": "wrong"}).status_code == 422
    assert given(office, reports) == [0, 0, 0]
    visitor.post(TOGETHER, {"record": listed, "password": PASSWORD})
    assert "已签字 3 件" in visitor.text()
    assert given(office, reports) == [1, 1, 1]
    (one,) = signatures.given(office, reports[0])
    assert (one.opinion, one.version, one.signer) == ("属实，同意。", 1, "李四")
    assert office.store.count("audit", "event = 'record_signed'") == 3
    assert office.store.count("agreed") == 0


def test_only_what_stood_on_the_page_is_signed_and_what_was_taken_back_is_not(
    signed_in: SignedIn, office: Office, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    for record in reports:
        agree(visitor, record)
    visitor.post(f"/records/{reports[1].id}/agree/back")
    assert visitor.page.xpath("//input[@name='record']/@value") == [reports[0].id, reports[2].id]
    visitor.post(TOGETHER, {"record": [reports[0].id, reports[1].id], "password": PASSWORD})
    assert given(office, reports) == [1, 0, 0]


def test_what_was_changed_after_it_was_opened_is_not_signed(
    signed_in: SignedIn, office: Office, people: People, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    for record in reports:
        agree(visitor, record)
    draft = revising.revise(office, people.zhangsan, reports[0].id)
    submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    visitor.get(TOGETHER)
    assert visitor.page.xpath("//input[@name='record']/@value") == [one.id for one in reports[1:]]
    visitor.post(TOGETHER, {"record": [one.id for one in reports], "password": PASSWORD})
    assert given(office, reports) == [0, 1, 1]


def test_what_was_agreed_to_yesterday_is_opened_again(
    signed_in: SignedIn, reports: list[Record], clock: FixedClock
) -> None:
    agree(signed_in("lisi"), reports[0])
    clock.advance(13 * 3600)
    visitor = signed_in("lisi")
    visitor.get(TOGETHER)
    assert "没有已经同意" in visitor.text()


def test_confidential_papers_and_those_in_which_the_signer_fills_something_take_their_own_password(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    clue = submit(people.zhangsan, "clue_registration", reporter_name="隐名人")
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{clue.id}/sign")
    assert not visitor.page.xpath("//button[contains(@formaction, '/agree')]")
    visitor.post(f"/records/{clue.id}/agree", {"version": "1", "slot": "registrar", "opinion": "同意"})
    assert office.store.count("agreed") == 0


def test_nobody_agrees_for_another_nor_to_another_version(
    signed_in: SignedIn, office: Office, reports: list[Record]
) -> None:
    head, other = signed_in("lisi"), signed_in("chenshisan")
    assert agree_bare(other, reports[0], "1") == 404
    assert agree_bare(head, reports[0], "2") == 409
    assert office.store.count("agreed") == 0


def agree_bare(visitor: Visitor, record: Record, version: str) -> int:
    data = {"version": version, "slot": "first", "opinion": "同意"}
    return visitor.post(f"/records/{record.id}/agree", data).status_code


def test_the_queue_tells_papers_of_one_title_apart(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    places = ("村东老砖窑", "河边")
    for place in places:
        submit(people.zhangsan, "clue_registration", place=place)
    visitor = signed_in("zhangsan")
    visitor.get("/queue")
    lines = [one.text_content() for one in visitor.page.xpath("//td//span[@class='soft small']")]
    assert len(lines) == len(set(lines)) == 2 and all("示例一村 · 张三" in one for one in lines)


def test_my_own_phrases_stand_beside_the_opinion_and_are_nobody_elses(
    signed_in: SignedIn, reports: list[Record]
) -> None:
    visitor = signed_in("lisi")
    visitor.get("/phrases")
    visitor.post("/phrases", {"text": "情况属实，同意上报。"})
    visitor.get(f"/records/{reports[0].id}/sign")
    assert visitor.page.xpath("//button[@data-puts='opinion'][text()='情况属实，同意上报。']")
    other = signed_in("zhaoliu")
    other.get("/phrases")
    assert "情况属实" not in other.text()
    visitor.get("/phrases")
    (drop,) = visitor.page.xpath("//form[contains(@action, '/drop')]/@action")
    other.post(drop)
    visitor.get("/phrases")
    assert "情况属实" in visitor.text()
    visitor.post(drop)
    assert "情况属实" not in visitor.text()
    assert visitor.post("/phrases", {"text": " "}).status_code == 409


def test_twenty_papers_are_signed_in_at_most_forty_five_keys(
    sit: Sit, office: Office, people: People, submit: Submit, clock: FixedClock
) -> None:
    """Key presses beside the password, from the desk on."""
    reports = []
    for _each in range(MOST):
        reports.append(submit(people.zhangsan, "completion_report"))
        clock.advance(60)
    page = sit("lisi")
    page.route("**/paper", lambda route: route.abort())
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)

    press("Alt+q")
    for record in reports:
        page.wait_for_url(f"**/records/{record.id}/sign")
        expect(page.locator("[data-begin-here]")).to_be_focused()
        press("Enter")
    page.wait_for_url("**/queue/together")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    press("Enter")
    page.wait_for_url("**/queue")
    assert given(office, reports) == [1] * MOST
    assert keys == 22 <= 45


def test_a_wrong_password_keeps_its_field_in_sight_and_in_hand(sit: Sit, reports: list[Record]) -> None:
    page = sit("lisi")
    page.set_viewport_size({"width": 390, "height": 844})
    page.route("**/paper", lambda route: route.abort())
    page.goto(f"/records/{reports[0].id}/sign")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("#password")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
