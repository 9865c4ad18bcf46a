"""Somebody leaves, moves or loses a role with work open: nobody goes before others have taken it over."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from andu.office import records
from andu.office.followup import extensions
from andu.office.office import Office
from andu.office.signing import signatures
from andu.office.turns import deputies
from andu.office.writing import drafts
from andu.security import accounts
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People, with_key
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

FIRST, LAST = date(2026, 11, 22), date(2026, 11, 30)


def colleague(office: Office, username: str, name: str, roles: list[str], unit: str = "cun1") -> Account:
    """Somebody new in 示例一村."""
    made = accounts.create(
        office.store, office.clock, None, username=username, name=name, unit_id=unit, roles=roles,
        password=PASSWORD, must_change=False,
    )  # fmt: skip
    return with_key(office, made)


def state_of(office: Office, account: Account) -> str:
    found = accounts.get(office.store, account.id)
    assert found is not None
    return found.state


def hand_over(admin: Visitor, person: Account, to: Account, password: str = PASSWORD, **more: Any) -> int:
    """On the page of the handover: all that can be to one person."""
    path = f"/accounts/{person.id}/leave"
    return admin.post(path, {**admin.filled(path), "all": to.id, "password": password, **more}).status_code


def test_no_click_disables_somebody_whose_work_is_open(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    submit(people.zhangsan, "completion_report")
    drafts.start(office, people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    admin.get("/accounts/")
    admin.post(f"/accounts/{people.zhangsan.id}/disable")
    assert admin.path == f"/accounts/{people.zhangsan.id}/leave"
    assert "先交接" in admin.text() and state_of(office, people.zhangsan) == "active"
    assert "没有提交的草稿" in admin.text() and "提交了、还没有编号的材料" in admin.text()
    path = admin.path
    assert admin.post(path, {**admin.filled(path), "password": PASSWORD}).status_code == 422
    assert "请选择由谁接手" in admin.text() and state_of(office, people.zhangsan) == "active"
    assert hand_over(admin, people.zhangsan, people.lisi, password="wrong-password") == 422
    assert "密码不正确" in admin.text() and state_of(office, people.zhangsan) == "active"
    assert office.store.count("audit", "event = 'work_handed_over'") == 0


def test_the_successor_sees_the_drafts_and_may_revise_what_was_handed_in(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    draft = drafts.start(office, people.zhangsan, "completion_report", {"f_reported_issue": ["强买强卖"]})
    xiaoer = colleague(office, "xiaoer", "小二", ["clerk"])
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert hand_over(admin, people.zhangsan, xiaoer) == 200
    assert state_of(office, people.zhangsan) == "disabled"
    successor = signed_in("xiaoer")
    successor.get("/")
    assert successor.page.xpath(f"//section[.//h2[@id='drafts']]//a[@href='/drafts/{draft.id}']")
    assert "同事的草稿" not in successor.text()
    successor.get(f"/records/{record.id}")
    assert "由小二接办" in successor.text() and "吴九 办理交接，由 小二 接办" in successor.text()
    successor.post(f"/records/{record.id}/revise")
    assert successor.path.startswith("/drafts/")
    [noted] = office.store.rows_where("audit", "event = 'work_handed_over'")
    said = json.loads(noted["data"])
    assert said["account"] == people.zhangsan.id
    assert sorted(said["items"]) == sorted(
        [[f"draft:{draft.id}", xiaoer.id], [f"record:{record.id}", xiaoer.id]]
    )


def test_of_very_many_things_some_are_listed_and_all_are_handed_over(
    signed_in: SignedIn, office: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("andu.views.leaving.SHOWN", 2)
    made = [drafts.start(office, people.zhangsan, "archive_list") for _n in range(5)]
    report = drafts.start(office, people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    lines = "//section[@aria-labelledby='kind-draft']//tbody/tr"
    assert len(admin.page.xpath(lines)) == 2
    assert "2 件以上" in admin.text() and "没有列出的" in admin.text()
    xiaoer = colleague(office, "xiaoer", "小二", ["director"])
    assert hand_over(admin, people.zhangsan, xiaoer) == 422, "the one left out is beyond a director"
    assert len(admin.page.xpath(lines)) == 2
    assert admin.page.xpath(f"{lines}[1]//select[@name='to-draft:{report.id}'][@aria-invalid='true']")
    (link,) = admin.page.xpath("//*[@role='alert']//a/@href")
    assert admin.page.xpath(f"//select[@id='{link[1:]}'][@name='to-draft:{report.id}']")
    lisan = colleague(office, "lisan", "李三", ["clerk"])
    assert hand_over(admin, people.zhangsan, lisan) == 200
    theirs = {row["id"] for row in office.store.rows_where("draft", "author_id = ?", [lisan.id])}
    assert theirs == {one.id for one in made} | {report.id}


def test_a_signature_only_they_can_give_goes_to_somebody_of_the_role_who_then_signs(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    path = f"/accounts/{people.lisi.id}/leave"
    admin.get(path)
    assert "“承办单位主要负责人”签字" in admin.text()
    away = accounts.get(office.store, people.chenshisan.id)
    assert away is not None and "head" in away.roles
    slot = f"to-slot:{record.id}/first"
    answer = admin.post(path, {**admin.filled(path), slot: away.id, "password": PASSWORD})
    assert answer.status_code == 200 and state_of(office, people.lisi) == "disabled"
    signer = signed_in(away.username)
    signer.get("/queue")
    assert record.title in signer.text()
    done = sign(people.zhaoliu, sign(away, records.find(office, record.id)))
    assert done.state == "filed"
    assert [one.name for one in signatures.given(office, done)] == [away.name, "赵六"]


def test_the_author_of_a_record_is_followed_in_the_slot_of_the_author(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "halfmonthly_return")
    xiaoer = colleague(office, "xiaoer", "小二", ["clerk"])
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert hand_over(admin, people.zhangsan, xiaoer) == 200
    assert [one.name for one in signatures.given(office, sign(xiaoer, records.find(office, record.id)))] == [
        "小二"
    ]


def test_a_named_person_is_replaced_and_a_signed_slot_is_never_altered(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    pledge = submit(people.zhangsan, "pledge", person=people.zhangsan.id, reviewer=people.lisi.id)
    sign(people.zhangsan, pledge)
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert f"to-slot:{pledge.id}/pledger" not in admin.filled(admin.path)  # signed already
    path = f"/accounts/{people.lisi.id}/leave"
    admin.get(path)
    assert f"to-slot:{pledge.id}/reviewer" in admin.filled(path)
    assert hand_over(admin, people.lisi, people.zhaoliu) == 200
    now = records.find(office, pledge.id)
    assert [turn.signer for turn in signatures.candidates(office, now)] == ["赵六"]
    assert [one.name for one in signatures.given(office, sign(people.zhaoliu, now))] == ["张三", "赵六"]


def test_moving_to_another_unit_and_losing_a_role_are_handed_over_too(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhangsan.id}"
    admin.get(path)
    admin.post(path, {**admin.filled(path), "post": "新职务", "unit_id": "pcs"})
    assert admin.path == f"{path}/leave"
    now = accounts.get(office.store, people.zhangsan.id)
    assert now is not None and (now.unit_id, now.post) == ("cun1", "新职务")
    assert "派出所" in admin.text()
    assert hand_over(admin, people.zhangsan, people.lisi) == 200
    now = accounts.get(office.store, people.zhangsan.id)
    assert now is not None and (now.unit_id, now.state, now.roles) == ("pcs", "active", ("clerk",))
    assert records.find(office, record.id).keeper == people.lisi.id

    head = f"/accounts/{people.lisi.id}"
    admin.get(head)
    admin.post(head, {**admin.filled(head), "roles": ["clerk"]})
    assert admin.path == f"{head}/leave"
    assert "“承办单位主要负责人”签字" in admin.text()
    now = accounts.get(office.store, people.lisi.id)
    assert now is not None and now.roles == ("head",)


def test_where_nobody_can_take_over_the_page_says_what_to_do_first(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    submit(people.zhangsan, "completion_report")
    accounts.change_roles(office.store, office.clock, None, people.lisi.id, ["director"])
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhangsan.id}/leave"
    admin.get(path)
    assert "先在这个单位建立账号" in admin.text()
    assert admin.post(path, {**admin.filled(path), "password": PASSWORD}).status_code == 422
    assert state_of(office, people.zhangsan) == "active"


def test_whom_they_signed_for_gets_another_deputy_or_none_and_their_own_authorisation_ends(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    for principal, deputy in ((people.lisi, people.zhangsan), (people.zhangsan, people.lisi)):
        deputies.appoint(
            office, principal, principal.id, deputy.id, FIRST, LAST, "外出", PASSWORD, "10.0.0.1"
        )
    colleague(office, "xiaoer", "小二", ["clerk"])
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhangsan.id}/leave"
    admin.get(path)
    assert "代李四签字" in admin.text()
    assert "他授权李四（示例一村）代签（到2026年11月30日），同时结束" in admin.text()
    xiaoer = accounts.by_username(office.store, "xiaoer")
    assert xiaoer is not None
    (name,) = [one for one in admin.filled(path) if one.startswith("to-deputy:")]
    admin.post(path, {**admin.filled(path), name: xiaoer.id, "password": PASSWORD})
    assert state_of(office, people.zhangsan) == "disabled"
    assert [(one.principal.name, one.deputy.name) for one in deputies.running(office)] == [("李四", "小二")]
    assert office.store.count("deputy", "ended_at IS NULL") == 1


def test_a_sealed_draft_is_taken_over_without_the_reporter_and_finished_once_they_are_handed_on(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    raw = raw_sample(office, people.zhangsan, "clue_registration")
    draft = drafts.start(office, people.zhangsan, "clue_registration", raw)
    secret = sorted(
        name
        for name in drafts.with_sealed(office, people.zhangsan, draft).raw
        if drafts.is_confidential(drafts.form_type_of(office, draft), name)
    )
    kept = {name: drafts.with_sealed(office, people.zhangsan, draft).raw[name] for name in secret}
    assert draft.sealed_id and any(map(any, kept.values()))
    xiaoer = colleague(office, "xiaoer", "小二", ["clerk"])
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert "封存" in admin.text()
    assert hand_over(admin, people.zhangsan, xiaoer) == 200
    successor, path = signed_in("xiaoer"), f"/drafts/{draft.id}"
    successor.get(path)
    assert "没有随交接移交" in successor.text()
    assert not successor.page.xpath(f"//*[@name='{secret[0]}']")
    shown = successor.client.get(path).text
    assert not any(text in shown for texts in kept.values() for text in texts if len(text) > 3)
    sent = {**successor.filled(path), "act": "submit"}
    successor.post(path, sent)
    assert successor.path == path
    assert "请办公室主任先把保密内容移交给您" in successor.text()
    seen = office.vault.open(str(draft.sealed_id), drafts.place_of(draft.id), people.zhangsan.key)
    assert {name: seen.get(name) for name in secret} == kept  # nothing lost

    director = signed_in("zhaoliu")
    director.get("/")
    (link,) = set(director.page.xpath("//section[.//h2[@id='sealed']]//a/@href"))
    director.get(link)
    assert director.post(link, {"reason": "", "password": PASSWORD}).status_code == 422
    director.post(link, {"reason": "原经办人离岗", "password": PASSWORD})
    assert director.path == "/"
    [noted] = office.store.rows_where("audit", "event = 'confidential_handed_on'")
    assert json.loads(noted["data"]) == {
        "item": f"draft:{draft.id}", "to": xiaoer.id, "reason": "原经办人离岗",
    }  # fmt: skip
    got = drafts.get(office, xiaoer, draft.id).raw
    assert {name: got.get(name) for name in secret} == kept
    successor.get(path)
    mine = {"f_registrar": xiaoer.id}  # whoever is gone can be chosen no more
    successor.post(path, {**successor.filled(path), **mine, "act": "submit"})
    assert successor.path == f"/records/{draft.id}", successor.page.xpath("//*[@class='wrong']/text()")


@pytest.mark.parametrize("state", ["disabled", "moved"])
def test_what_nobody_can_sign_is_told_to_the_clerk_and_the_admin_and_given_to_another(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, state: str
) -> None:
    """As after a change that went past the page: by hand in the database, or before there was one."""
    pledge = submit(people.zhangsan, "pledge", person=people.zhangsan.id, reviewer=people.lisi.id)
    sign(people.zhangsan, pledge)
    clerk, admin = signed_in("zhangsan"), signed_in("wujiu")
    path = f"/records/{pledge.id}/signers"
    clerk.get(path)
    assert "现在有人能签" in clerk.text()
    with office.store.write():
        change = {"state": "disabled"} if state == "disabled" else {"unit_id": "cun2"}
        office.store.update("account", people.lisi.id, change)
    for visitor in (clerk, admin):
        visitor.get("/")
        assert visitor.page.xpath(f"//section[.//h2[@id='stuck']]//a[@href='{path}']")
    assert pledge.title not in admin.text() or pledge.title == "保密承诺书"
    clerk.get(f"/records/{pledge.id}")
    assert "“审核人”" in clerk.text() or "审核人没有人能签" in clerk.text()
    assert clerk.page.xpath(f"//main//a[@href='{path}']")
    admin.get(path)
    sent = {**admin.filled(path), "to": people.zhaoliu.id}
    assert admin.post(path, {**sent, "password": "wrong-password"}).status_code == 422
    admin.post(path, {**sent, "password": PASSWORD})
    assert admin.path == "/" and "没有人能签" not in admin.text()
    clerk.get(f"/records/{pledge.id}")
    assert "吴九 把“审核人”改由 赵六 签字" in clerk.text()
    signed = sign(people.zhaoliu, records.find(office, pledge.id))
    assert [one.name for one in signatures.given(office, signed)] == ["张三", "赵六"]
    assert (
        clerk.post(path, {"slot": "reviewer", "to": people.lisi.id, "password": PASSWORD}).status_code == 422
    )


def test_what_an_account_shut_by_hand_has_left_behind_stands_on_the_admins_desk(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "completion_report")
    admin = signed_in("wujiu")
    admin.get("/")
    assert "没交接" not in admin.text()
    with office.store.write():
        office.store.update("account", people.zhangsan.id, {"state": "disabled"})
    admin.get("/")
    (link,) = admin.page.xpath("//section[.//h2[@id='left-behind']]//a/@href")
    admin.get(link)
    assert hand_over(admin, people.zhangsan, people.lisi) == 200
    assert records.find(office, record.id).keeper == people.lisi.id
    admin.get("/")
    assert "没交接" not in admin.text()
    auditor = signed_in("heshi")
    auditor.get("/audit")
    assert "交接工作" in auditor.text() and f"record:{record.id} → 李四" in auditor.text()


def test_what_was_borrowed_in_their_name_is_taken_over_too(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    chosen = {"applicant": people.zhangsan.id, "approver": people.lisi.id, "keeper": people.zhaoliu.id}
    record = submit(people.zhangsan, "custody_register", action="借阅", give_back_on="2026-12-01", **chosen)
    for one in (people.zhangsan, people.lisi, people.zhaoliu):
        record = sign(one, records.find(office, record.id))
    assert record.state == "filed"
    admin = signed_in("wujiu")
    admin.get(f"/accounts/{people.zhangsan.id}/leave")
    assert "他名下到期要办的" in admin.text() and "归还借阅材料" in admin.text()
    assert hand_over(admin, people.zhangsan, people.lisi) == 200
    head = signed_in("lisi")
    head.get(f"/records/{record.id}")
    assert "吴九 办理交接，“归还借阅材料”由 李四 接办" in head.text()


def test_two_of_one_role_who_must_differ_are_not_left_one(
    signed_in: SignedIn, office: Office, people: People, submit: Submit
) -> None:
    """李四 is head and director, 赵六 director: without 赵六 nobody is left for the second slot."""
    record = submit(people.zhangsan, "completion_report")
    for one in people.values():
        if "director" in one.roles and one.id != people.zhaoliu.id:
            accounts.change_roles(office.store, office.clock, None, one.id, ["clerk"])
    accounts.change_roles(office.store, office.clock, None, people.lisi.id, ["head", "director"])
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhaoliu.id}/leave"
    admin.get(path)
    assert f"to-slot:{record.id}/second" in admin.filled(path)


def test_an_extension_that_nobody_else_decides_keeps_them_until_somebody_can(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    (row,) = office.store.rows_where("deadline", "record_id = ?", [clue.id])
    terms = {**json.loads(row["terms"]), "limit": {"roles": ["director"], "days": 9000, "times": 1}}
    with office.store.write():
        office.store.update("deadline", row["id"], {"terms": json.dumps(terms)})
    extensions.ask(office, people.zhangsan, row["id"], date(2026, 12, 1), "材料还没有到齐")
    for one in people.values():
        if "director" in one.roles and one.id != people.zhaoliu.id:
            accounts.change_roles(office.store, office.clock, None, one.id, ["clerk"])
    admin = signed_in("wujiu")
    path = f"/accounts/{people.zhaoliu.id}/leave"
    admin.get(path)
    assert "没有别人能批这次延期" in admin.text()
    assert hand_over(admin, people.zhaoliu, people.chushisi) == 422
    assert "没有别人能批这次延期" in "".join(admin.page.xpath("//*[@data-summary]//text()")), (
        "that is the fault"
    )
    assert state_of(office, people.zhaoliu) == "active"
    accounts.change_roles(office.store, office.clock, None, people.lisi.id, ["head", "director"])
    admin.get(path)
    assert "没有别人能批这次延期" not in admin.text()


@pytest.mark.sqlite
def test_who_was_named_before_it_was_noted_is_known_after_the_update(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    chosen = {"applicant": people.zhangsan.id, "approver": people.lisi.id, "keeper": people.zhaoliu.id}
    record = submit(people.zhangsan, "custody_register", action="借阅", give_back_on="2026-12-01", **chosen)
    for one in (people.zhangsan, people.lisi, people.zhaoliu):
        record = sign(one, records.find(office, record.id))
    named = office.store.rows_where("deadline_named", order_by="account_id")
    assert {row["account_id"] for row in named} == set(chosen.values())
    with closing(sqlite3.connect(office.store.path)) as db, db:
        db.execute("DROP TABLE deadline_named")
        db.execute("CREATE INDEX deadline_by_hand ON deadline(due)")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'who_is_named_in_deadlines'")
    office.store.migrate()
    assert office.store.rows_where("deadline_named", order_by="account_id") == named
