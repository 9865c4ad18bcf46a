"""What waits is seen where people are: in the title of the tab, on the desk, on the day it is due."""

from __future__ import annotations

from andu.office.office import Office
from andu.office.signing import signatures
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def title(visitor: Visitor) -> str:
    return str(visitor.page.findtext(".//title"))


def test_the_tab_says_how_many_papers_wait_for_a_signature(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    assert title(signed_in("zhangsan")).startswith("工作台")
    submit(people.zhangsan, "clue_registration")
    visitor = signed_in("zhangsan")
    assert title(visitor).startswith("(1) 工作台")
    visitor.get("/register")
    assert title(visitor).startswith("(1) 登记簿")
    assert title(signed_in("wujiu")).startswith("工作台")


def test_what_came_back_says_by_whom_and_why_with_the_way_to_mend_it(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    report = submit(people.zhangsan, "completion_report")
    signatures.decline(office, people.lisi, report.id, 1, "事实不清，请补充", PASSWORD, "10.0.0.1")
    visitor = signed_in("zhangsan")
    (panel,) = visitor.page.xpath("//section[@aria-labelledby='returned']")
    said = " ".join(panel.text_content().split())
    assert "李四 退回：事实不清，请补充" in said
    visitor.post(f"/records/{report.id}/revise")
    assert visitor.path.startswith("/drafts/")


def test_what_is_due_today_looks_due(signed_in: SignedIn, people: People, submit: Submit, sign: Sign) -> None:
    sign(
        people.lisi,
        sign(
            people.zhangsan,
            submit(
                people.zhangsan, "clue_registration", registered_at="2026-11-22T08:30", needs_handover=True
            ),
        ),
    )
    visitor = signed_in("zhangsan")
    due = visitor.page.xpath("//section[@aria-labelledby='due']//span[contains(@class, 'tag')]/text()")
    assert "今天到期" in due


def test_a_deadline_quotes_its_source_once(
    signed_in: SignedIn, people: People, submit: Submit, sign: Sign
) -> None:
    for _one in range(2):
        clue = submit(people.zhangsan, "clue_registration", needs_handover=True)
        sign(people.lisi, sign(people.zhangsan, clue))
    visitor = signed_in("zhangsan")
    (panel,) = visitor.page.xpath("//section[@aria-labelledby='due']")
    said = panel.text_content()
    assert len(panel.xpath(".//ul[contains(@class, 'due')]/li")) == 2
    assert said.count("依据 ") == 2 and said.count("：“") == 1
