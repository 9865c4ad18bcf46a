"""A text pasted from Word: what it shows is said beside its field, and one button mends it."""

from __future__ import annotations

from typing import Any

import pytest

from andu.office.office import Office
from andu.office.writing import drafts
from tests.conftest import People
from tests.office.conftest import raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

WHOLE = "现通知如下。\n一、目标\n抓好落实。\n二、工作重点\n做好摸排。\n三、要求\n由派出所、司法所配合。"
PASTED = (
    WHOLE.replace("一、目标", "[bookmark: _GoBack]一、目标").replace("二、", "").replace("司法", "\n司法")
)


@pytest.fixture
def notice(office: Office, people: People) -> str:
    """A 通知 whose text 王五 pasted, with a document that it issues."""
    issued = [{"title": "示例方案", "text": "成员有张三、\n李四。"}]
    raw = raw_sample(office, people.wangwu, "official_notice", body=PASTED, issued=issued)
    return f"/drafts/{drafts.start(office, people.wangwu, 'official_notice', raw).id}"


def pressed(visitor: Visitor, path: str, key: str, **typed: Any) -> dict[str, Any]:
    """What the form holds after the button beside a field was pressed."""
    (button,) = visitor.page.xpath(f"//button[@value='mend:{key}']")
    visitor.post(path, {**visitor.filled(path), **typed, "act": button.get("value")})
    return visitor.filled(path)


def test_what_is_broken_is_said_beside_the_field_and_one_button_mends_it(
    signed_in: SignedIn, notice: str
) -> None:
    visitor = signed_in("wangwu")
    visitor.get(notice)
    (said,) = visitor.page.xpath("//*[@data-key='body']//*[@data-pasted and not(@hidden)]")
    for words in ("书签标记 1 处", "“由派出所、/司法所配合。”", "“二、工作重点”"):
        assert words in said.text_content()
    after = pressed(visitor, notice, "body", f_note="联系人：张三")
    assert after["f_body"] == [WHOLE]
    assert after["f_note"] == ["联系人：张三"], "what was typed elsewhere meanwhile is there"
    assert "已整理“正文”" in visitor.text() and "“二、工作重点”" in visitor.text()
    assert visitor.page.xpath("//*[@data-key='body']//*[@data-pasted and @hidden]")
    assert visitor.page.xpath("//*[@data-key='issued']//*[@data-pasted and not(@hidden)]")
    assert pressed(visitor, notice, "issued")["f_issued-0-text"] == ["成员有张三、李四。"]


def test_the_page_that_saves_itself_is_told_what_may_be_mended(signed_in: SignedIn, notice: str) -> None:
    visitor = signed_in("wangwu")
    visitor.get(notice)
    answer = visitor.client.post(
        f"{notice}/autosave",
        data=visitor.filled(notice),
        headers={"Accept": "application/json"},
    )
    assert "“二、工作重点”" in answer.json["notes"]["f_body-pasted"]
    assert "f_note-pasted" not in answer.json["notes"]


def test_a_button_for_no_field_of_the_form_is_refused(signed_in: SignedIn, notice: str) -> None:
    visitor = signed_in("wangwu")
    visitor.get(notice)
    typed = visitor.filled(notice)
    assert visitor.client.post(notice, data={**typed, "act": "mend:number"}).status_code == 404
    assert visitor.client.post(notice, data={**typed, "act": "mend:urgency"}).status_code == 302
