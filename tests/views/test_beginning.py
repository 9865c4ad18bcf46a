"""填写新表: a form is found in a few keys, the usual ones first; what was said before is not typed again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import People
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_in_browser import Sit, address, browser, pytestmark, sit

__all__ = ["address", "browser", "pytestmark", "sit"]


def offered(visitor: Visitor, asked: str = "") -> list[str]:
    """The titles of the forms on the page, in their order."""
    visitor.get("/new", query_string={"q": asked} if asked else {})
    return [one.text_content() for one in visitor.page.xpath("//main//h3")]


@pytest.mark.parametrize("asked", ["xsdj", "线索登记", "xiansuodengji", "ＸＳＤＪ", "登记 线索", "逐件编号"])
def test_a_form_is_found_by_its_name_its_letters_and_its_description(signed_in: SignedIn, asked: str) -> None:
    assert "线索登记表" in offered(signed_in("zhangsan"), asked)
    assert "办结报告" not in offered(signed_in("zhangsan"), asked)


def test_what_no_form_is_called_says_so_and_leads_back(signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    assert offered(visitor, "没有这种") == []
    assert visitor.page.xpath("//main//p[@data-nothing][not(@hidden)]//a[@href='/new']")


def test_what_i_use_most_stands_first(signed_in: SignedIn, people: People, submit: Submit) -> None:
    submit(people.zhangsan, "completion_report")
    submit(people.zhangsan, "completion_report")
    submit(people.zhangsan, "clue_registration")
    assert offered(signed_in("zhangsan"))[:2] == ["办结报告", "线索登记表"]
    assert "常用的" not in signed_in("zhengshier").get("/new").text


def test_a_marked_form_is_begun_from_the_desk_until_it_is_taken_off(signed_in: SignedIn) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/completion_report/mark", {"wanted": "yes"})
    assert offered(visitor)[0] == "办结报告"
    visitor.get("/")
    begin = "//section[.//h2[@id='marked']]//form[@action='/new/completion_report']"
    assert visitor.page.xpath(begin)
    visitor.post("/new/completion_report")
    assert visitor.path.startswith("/drafts/")
    visitor.get("/new")
    visitor.post("/new/completion_report/mark", {"wanted": "no"})
    visitor.get("/")
    assert not visitor.page.xpath(begin)
    assert visitor.post("/new/never/mark", {"wanted": "yes"}).status_code == 404


def test_a_copy_has_the_answers_without_days_numbers_files_and_what_is_confidential(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    clue = submit(
        people.zhangsan, "clue_registration", place="村东老砖窑", registered_at="2026-11-01T08:30",
        reporter_name="隐名人",
    )  # fmt: skip
    visitor = signed_in("zhangsan")
    visitor.get(f"/records/{clue.id}")
    visitor.post(f"/records/{clue.id}/copy")
    assert visitor.path.startswith("/drafts/")
    typed = visitor.filled(visitor.path)
    assert typed["f_place"] == ["村东老砖窑"] and typed["f_summary"] == [clue.values["summary"]]
    assert "2026-11-01" not in str(typed["f_registered_at"]), "begins as in a new draft"
    assert typed["f_reporter_name"] == [""]
    later = submit(people.zhangsan, "completion_report")
    visitor.get(f"/records/{later.id}")
    visitor.post(f"/records/{later.id}/copy")
    typed = visitor.filled(visitor.path)
    assert typed["f_reported_issue"] == [later.values["reported_issue"]]
    assert typed["f_clue_number"] == [""], "a number that came from another paper"
    assert office.store.rows_where("record", "id = ?", [clue.id])[0]["version"] == 1


def test_what_i_answered_last_is_told_for_each_question_but_for_what_is_confidential(
    signed_in: SignedIn, people: People, submit: Submit, office: Office
) -> None:
    for place in ("桥头", "河边", "河边"):
        submit(people.zhangsan, "clue_registration", place=place, reporter_name="隐名人")
    visitor = signed_in("zhangsan")
    visitor.get("/new")
    visitor.post("/new/clue_registration")
    path = visitor.path
    assert visitor.client.get(f"{path}/last/place").json == {"texts": ["河边", "桥头"]}
    for key in ("reporter_name", "registered_at", "reported", "never"):
        assert visitor.client.get(f"{path}/last/{key}").status_code == 404
    other = signed_in("zhengshier")
    other.get("/new")
    other.post("/new/clue_registration")
    assert other.client.get(f"{other.path}/last/place").json == {"texts": []}
    assert other.client.get(f"{path}/last/place").status_code == 404


# --- by keyboard ----------------------------------------------------------------------------------


def test_a_form_is_found_and_opened_in_four_keys_and_begins_at_its_first_question(
    sit: Sit, filed: Record
) -> None:
    page = sit("zhangsan")
    for key in ("Alt+n", "x", "s", "Enter"):
        page.keyboard.press(key)
        if key == "Alt+n":
            page.wait_for_url("**/new")
            expect(page.locator("#form-asked")).to_be_focused()
    page.wait_for_url("**/drafts/*")
    expect(page.locator("h1")).to_have_text("线索登记表")
    expect(page.locator("#f_source")).to_be_focused()


def test_a_clue_is_registered_in_at_most_twenty_five_keys(sit: Sit, office: Office) -> None:
    """From the sign-in on, beside the text itself."""
    page = sit("zhangsan")
    page.goto("/")
    keys = 2  # Tab and Enter of the sign-in, which ``sit`` has pressed

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            keys += 1
            page.keyboard.press(name)

    def say(text: str, key: str) -> None:
        assert page.evaluate("document.activeElement.closest('[data-key]').dataset.key") == key
        page.keyboard.insert_text(text)

    press("Alt+n")
    page.wait_for_url("**/new")
    expect(page.locator("#form-asked")).to_be_focused()
    press("x", "s", "Enter")
    page.wait_for_url("**/drafts/*")
    expect(page.locator("#f_source")).to_be_focused()
    press("ArrowDown", "ArrowDown", "Enter")  # 群众匿名举报
    say("某砂场（示例）", "reported")
    press("Enter", "ArrowDown", "ArrowDown", "Enter")  # 建筑工程
    press("ArrowDown", "Enter")  # 涉恶
    say("有人强买强卖。", "main_issue")
    press("Alt+Enter", "ArrowDown", "Enter")  # not about a 保护伞
    say("反映某砂场强买强卖", "summary")
    press("Enter", "Space", "Enter")
    say("移交镇扫黑办。", "proposal")
    press("Control+Enter")
    page.wait_for_url("**/records/*")
    (row,) = office.store.rows_where("record")
    assert row["title"] == "涉恶 反映某砂场强买强卖" and row["state"] == "signing"
    assert keys == 22 <= 25


def test_enter_goes_on_to_the_next_open_question_and_sends_nothing(sit: Sit) -> None:
    page = sit("zhangsan")
    page.goto("/new")
    page.locator("#form-asked").fill("xsdjb")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/*")
    expect(page.locator("#f_source")).to_be_focused()
    here = page.url
    page.locator("#f_place").fill("桥头")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-key]').dataset.key") != "place"
    page.locator("#f_main_issue").fill("第一行")
    page.keyboard.press("Enter")
    expect(page.locator("#f_main_issue")).to_have_value("第一行\n")
    page.keyboard.press("Control+s")
    expect(page.locator("#saving")).to_contain_text("已自动保存")
    assert page.url == here
    page.locator("#f_place").press("Control+Enter")
    expect(page.locator(".summary")).to_be_visible()


def test_one_key_says_again_what_was_said_last(sit: Sit, people: People, submit: Submit) -> None:
    for place in ("桥头", "河边"):
        submit(people.zhangsan, "clue_registration", place=place)
    page = sit("zhangsan")
    page.goto("/new")
    page.locator("#form-asked").fill("xsdjb")
    page.keyboard.press("Enter")
    expect(page.locator("#f_source")).to_be_focused()
    place = page.locator("#f_place")
    for said in ("河边", "桥头"):
        place.press("Alt+l")
        expect(place).to_have_value(said)
    expect(page.locator("#saving")).to_contain_text("已自动保存")
