"""The admin's pages: people, units, passwords; and the pages that only show: audit log and form types."""

from __future__ import annotations

from andu.office.office import Office
from andu.security import accounts, units
from tests.conftest import PASSWORD, People
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

NEW = {
    "username": "xiaoer",
    "name": "小二",
    "unit_id": "cun1",
    "post": "村文书",
    "password": "first-password",
}


def test_an_account_is_made_and_must_change_its_password(
    signed_in: SignedIn, office: Office, visitor: Visitor
) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/new")
    admin.post("/accounts/new", {**NEW, "roles": ["clerk"]})
    assert admin.path == "/accounts/"
    visitor.sign_in("xiaoer", "first-password")
    assert visitor.path == "/password"


def test_faults_of_a_new_account_stand_on_the_page(signed_in: SignedIn, office: Office) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/new")
    for wrong in ({"username": "zhangsan"}, {"password": "short"}, {"name": ""}, {"unit_id": "none"}):
        answer = admin.post("/accounts/new", {**NEW, "roles": ["clerk"], **wrong})
        assert answer.status_code == 422
        assert admin.page.xpath("//*[@data-summary]//li")
    assert admin.post("/accounts/new", NEW).status_code == 422
    assert accounts.by_username(office.store, "xiaoer") is None


def test_roles_are_changed_and_end_the_session(signed_in: SignedIn, office: Office, people: People) -> None:
    clerk, admin = signed_in("zhangsan"), signed_in("wujiu")
    path = f"/accounts/{people.zhangsan.id}"
    admin.get(path)
    admin.post(path, {**admin.filled(path), "roles": ["clerk", "head"]})
    changed = accounts.get(office.store, people.zhangsan.id)
    assert changed is not None
    assert changed.roles == ("clerk", "head")
    assert clerk.get("/session/alive").status_code == 401


def test_nobody_gives_oneself_a_role_and_half_a_change_is_none(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    admin = signed_in("wujiu")
    path = f"/accounts/{people.wujiu.id}"
    admin.get(path)
    sent = {**admin.filled(path), "name": "另一个名字", "roles": ["admin", "leader"]}
    assert admin.post(path, sent).status_code == 422
    same = accounts.get(office.store, people.wujiu.id)
    assert same is not None
    assert (same.name, same.roles) == ("吴九", ("admin",))


def test_an_account_is_shut_and_opened_again(signed_in: SignedIn, people: People, visitor: Visitor) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/")
    admin.post(f"/accounts/{people.zhangsan.id}/disable")
    visitor.sign_in("zhangsan", PASSWORD)
    assert visitor.path == "/sign-in"
    admin.post(f"/accounts/{people.zhangsan.id}/enable")
    visitor.sign_in("zhangsan", PASSWORD)
    assert visitor.path == "/"


def test_the_last_admin_cannot_be_shut(signed_in: SignedIn, office: Office, people: People) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/")
    admin.post(f"/accounts/{people.wujiu.id}/disable")
    assert "至少要保留一位可用的系统管理员" in admin.text()


def test_a_reset_password_must_be_changed(signed_in: SignedIn, people: People, visitor: Visitor) -> None:
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhangsan.id}"
    admin.get(path)
    assert admin.post(f"{path}/password", {"password": "short"}).status_code == 422
    admin.post(f"{path}/password", {"password": "given-by-admin"})
    visitor.sign_in("zhangsan", "given-by-admin")
    assert visitor.path == "/password"


def test_a_unit_is_added(signed_in: SignedIn, office: Office) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/units/new")
    assert admin.post("/accounts/units/new", {"id": "Cun 3", "name": "示例三村"}).status_code == 422
    admin.post("/accounts/units/new", {"id": "cun3", "name": "示例三村"})
    assert admin.path == "/accounts/"
    assert units.get(office.store, "cun3") is not None


def test_an_account_that_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    admin = signed_in("wujiu")
    assert admin.get("/accounts/nobody").status_code == 404
    for act in ("disable", "enable", "password"):
        assert admin.post(f"/accounts/nobody/{act}", {"password": "given-by-admin"}).status_code == 404


def test_the_audit_page_shows_events_in_words_and_that_the_chains_are_whole(
    signed_in: SignedIn, office: Office
) -> None:
    from andu.security import audit

    auditor = signed_in("heshi")
    audit.publish_heads(office.store, office.clock, office.heads)
    auditor.get("/audit")
    assert "没有发现改动" in auditor.text()
    assert "何十 登录" in auditor.text()
    auditor.get("/audit?chain=cun1")
    assert "何十 登录" not in auditor.text()


def test_the_form_types_are_shown_with_questions_and_signatures(signed_in: SignedIn, office: Office) -> None:
    admin = signed_in("wujiu")
    admin.get("/forms")
    for form_type in office.catalogue.all():
        assert form_type.title in admin.text()
        answer = admin.get(f"/forms/{form_type.slug}")
        assert all(field.key in answer.text for field in form_type.fields)
        admin.get("/forms")
    assert admin.get("/forms/nothing").status_code == 404


def test_the_kind_of_a_unit_is_changed_on_its_page(signed_in: SignedIn, office: Office) -> None:
    admin = signed_in("wujiu")
    admin.get("/accounts/")
    admin.get(admin.page.xpath("//a[strong = '派出所']/@href")[0])
    answers = {"name": "派出所", "full_name": "示例镇派出所", "category": "站所"}
    admin.post("/accounts/units/pcs", answers)
    assert admin.path == "/accounts/"
    unit = units.get(office.store, "pcs")
    assert unit is not None and (unit.category, unit.category_since) == ("站所", "2026-11-22")
    admin.get("/accounts/units/pcs")
    response = admin.post("/accounts/units/pcs", {**answers, "name": "综治办"})
    assert response.status_code == 422 and "单位“综治办”已经有了" in admin.text()
    assert admin.get("/accounts/units/nowhere").status_code == 404
