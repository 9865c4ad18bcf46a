"""The office changes its own settings in the browser: at once, in every process, with a trail."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from andu.office.live import Live
from andu.office.office import Office
from andu.office.shelf import settings
from andu.security import accounts
from andu.settings import Settings
from tests.conftest import nothing_wrong
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor


@pytest.fixture
def admin(signed_in: SignedIn) -> Visitor:
    return signed_in("wujiu")


def send(admin: Visitor, part: str, **typed: Any) -> None:
    admin.get("/settings")
    path = f"/settings/{part}"
    (form, *_more) = admin.page.xpath(f"//main//form[@action = '{path}']")
    admin.post(path, {**dict(form.form_values()), **typed})


def test_the_name_stands_on_everybodys_page_in_the_next_request(
    admin: Visitor, signed_in: SignedIn, office: Office
) -> None:
    clerk = signed_in("zhangsan")
    send(admin, "words", name="示例新镇")
    assert "已保存" in admin.text() and "+name: 示例新镇" in admin.text()
    assert "sample_password" not in admin.text()
    assert "示例新镇" in clerk.get("/").text
    (event,) = office.store.rows_where("audit", "event = 'office_changed'")
    assert "office.yaml" in str(event["data"])


def test_to_whom_the_office_reports_is_a_word_of_its_own(admin: Visitor, signed_in: SignedIn) -> None:
    clerk = signed_in("wangwu")
    first = begun(clerk, "upward_report")
    assert clerk.filled(first)["f_addressees"] == ["示例县扫黑办"]
    send(admin, "words", superior="示例市扫黑办")
    second = begun(clerk, "upward_report")
    assert clerk.filled(second)["f_addressees"] == ["示例市扫黑办"]
    clerk.get(first)
    assert clerk.filled(first)["f_addressees"] == ["示例县扫黑办"], "what was begun stays as it is"
    send(admin, "words", superior="")
    assert clerk.filled(begun(clerk, "county_reply"))["f_reply_organ"] == [""]


def begun(clerk: Visitor, slug: str) -> str:
    """The address of a new draft."""
    clerk.get("/new")
    clerk.post(f"/new/{slug}")
    return clerk.path


def test_what_was_not_changed_here_still_follows_the_file(
    admin: Visitor, office: Office, settings: Settings
) -> None:
    send(admin, "words", name="示例新镇")
    file = settings.office_file
    file.write_text(
        file.read_text("utf-8").replace("printer: 中共示例镇委员会办公室", "printer: 示例办"), "utf-8"
    )
    again = Office.open(settings, blank_pdf, nothing_wrong)
    assert (again.config.name, again.config.printer) == ("示例新镇", "示例办")
    again.store.close()


def test_series_campaigns_and_holidays(admin: Visitor, office: Office) -> None:
    send(admin, "series", label="请假编号", letters="QJ")
    send(admin, "campaigns", **{"label-": "百日攻坚", "since-": "2026-12-01", "until-": "2027-03-10"})
    send(admin, "holidays", year="2027", off="2027-02-08\n2027-02-09", work="2027-02-06")
    now = Live(office).now()
    assert now.config.series["qing_jia_bian_hao"].number(2026, 1) == "QJ-2026-0001"
    assert [one.label for one in now.config.campaigns.values()] == ["百日会战", "百日攻坚"]
    assert not now.workdays.is_workday(date(2027, 2, 8)) and now.workdays.is_workday(date(2027, 2, 6))
    send(admin, "campaigns", **{"label-baori": ""})
    assert [one.label for one in Live(office).now().config.campaigns.values()] == ["百日攻坚"]


def test_the_rule_of_signatures_that_counts(admin: Visitor, office: Office) -> None:
    send(admin, "rules", **{"rule-verification_report": "literal"})
    assert Live(office).now().config.signature_rules["verification_report"] == "literal"


def test_access_needs_on_and_off(admin: Visitor, signed_in: SignedIn, office: Office) -> None:
    send(admin, "access", access="pledge|person|renew")
    needs = Live(office).now().config.access_needs
    assert needs is not None and (needs.form, needs.person, needs.until) == ("pledge", "person", "renew")
    send(admin, "access", access="")
    assert Live(office).now().config.access_needs is None


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("words", {"name": ""}, "三项都要写"),
        ("series", {"label": "请假", "letters": "小写"}, "大写字母"),
        ("campaigns", {"label-": "攻坚", "since-": "明天", "until-": "2027-01-01"}, "不是日期"),
        ("campaigns", {"label-": "攻坚", "since-": "2027-02-01", "until-": "2027-01-01"}, "起不晚于止"),
        ("holidays", {"year": "2027", "off": "2026-01-01"}, "2027 年的日期"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    admin: Visitor, office: Office, part: str, typed: dict[str, str], words: str
) -> None:
    send(admin, part, **typed)
    assert words in admin.text(), admin.text()
    assert office.store.count("publication") == 0


def test_the_first_word_of_the_numbers_of_documents_is_written_once(admin: Visitor, office: Office) -> None:
    admin.get("/settings")
    assert not admin.page.xpath("//form[@action = '/settings/letters']"), "the sample office has said it"
    said = settings.values(office, settings.OFFICE)
    said["series"] = {"doc": {"label": "发文字号", "pattern": "×发〔{year}〕{n}号"}}
    actor = accounts.by_username(office.store, "wujiu")
    assert actor
    settings.change(office, actor, settings.OFFICE, said)
    admin.get("/settings")
    assert "×发〔2026〕1号" in admin.text()
    send(admin, "letters", **{"office-letters": "×"})
    assert "机关代字要写成一两个字" in admin.text()
    send(admin, "letters", **{"office-letters": "新"})
    assert "已保存" in admin.text()
    admin.get("/settings")
    assert "新发〔2026〕1号" in admin.text() and not admin.page.xpath("//form[@action = '/settings/letters']")


def test_how_many_are_signed_under_one_password_is_set_without_a_restart(
    admin: Visitor, signed_in: SignedIn
) -> None:
    send(admin, "together", most="很多")
    assert "要写数字" in admin.text()
    send(admin, "together", most="99")
    assert "2 到 50" in admin.text()
    send(admin, "together", most="20")
    assert "已保存" in admin.text() and admin.filled("/settings/together")["most"] == ["20"]
    send(admin, "together", most="")
    assert admin.filled("/settings/together")["most"] == [""]


def test_no_two_promises_read_alike(admin: Visitor) -> None:
    admin.get("/settings")
    offered = admin.page.xpath("//select[@id = 'access-form']/option/text()")
    assert len(offered) == len(set(offered))
