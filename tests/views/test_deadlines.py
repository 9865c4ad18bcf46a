"""Deadlines on the screens: the desk, done by hand, extensions asked and decided, reminders, chasing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office.desk import lists
from andu.office.followup import reminders
from andu.office.office import Office
from andu.office.records import Record
from andu.settings import Settings
from tests.conftest import MORNING, PASSWORD, People
from tests.office import small, tasks
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

DAY = 24 * 3600


@pytest.fixture(scope="module")
def founded_here(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Settings:
    """The office of tasks, to be copied."""
    folder = tmp_path_factory.mktemp("tasks")
    settings = Settings(instance=folder / "instance", clock=FixedClock(MORNING))
    return small.found(settings, folder, tasks.FORMS)


@pytest.fixture
def settings(founded_here: Settings, tmp_path: Path, clock: FixedClock) -> Settings:
    """Settings of a fresh copy of the office of tasks."""
    return small.copied(founded_here, tmp_path / "instance", clock)


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The office of tasks."""
    office = small.opened(settings)
    yield office
    office.store.close()


@pytest.fixture
def task(people: People, submit: Submit) -> Record:
    """A numbered task of 镇扫黑办 for 示例一村, due tomorrow."""
    return submit(people.wangwu, "task", handling_unit="cun1", due_on="2026-11-23")


@pytest.fixture
def minutes(people: People, submit: Submit) -> Record:
    """Minutes with a decision that 示例一村 is to carry out."""
    return submit(
        people.wangwu, "minutes", decisions=[{"matter": "报送台账", "who": "cun1", "by": "2026-11-23"}]
    )


def link(visitor: Visitor, label: str) -> str:
    """Where the only link with these words leads."""
    (href,) = visitor.page.xpath(f"//main//a[normalize-space() = '{label}']/@href")
    return str(href)


def button(visitor: Visitor, label: str) -> tuple[str, dict[str, Any]]:
    """What pressing the only button with these words sends."""
    (form,) = visitor.page.xpath(f"//main//form[.//button[normalize-space() = '{label}']]")
    return form.get("action"), dict(form.form_values())


def say(visitor: Visitor, label: str) -> None:
    visitor.post(*button(visitor, label))


def ask(visitor: Visitor, until: str, reason: str = "材料未到") -> Any:
    visitor.get("/")
    path = link(visitor, "延期")
    visitor.get(path)
    return visitor.post(path, {"until": until, "reason": reason})


def badge(visitor: Visitor) -> str:
    (entry,) = visitor.page.xpath("//header//a[contains(., '工作台')]")
    return str(entry.text_content()).replace("工作台", "").strip()


# --- the desk -------------------------------------------------------------------------------------


def test_what_is_late_is_seen_at_once_by_the_clerk_the_office_and_the_leaders(
    signed_in: SignedIn, task: Record, clock: FixedClock
) -> None:
    clock.advance(3 * DAY)
    for username in ("zhangsan", "wangwu", "zhaoliu", "sunqi"):
        visitor = signed_in(username)
        visitor.get("/")
        assert "1 件已超期" in visitor.text(), username
        assert badge(visitor).startswith("1"), username
        assert "示例一村 · 按填写的期限 · 依据 示发〔2026〕1号 三：“按期限上报”" in visitor.text()
    visitor = signed_in("zhengshier")
    visitor.get("/")
    assert "上报结果" not in visitor.text() and badge(visitor) == ""


def test_the_unit_begins_what_meets_it_right_from_the_desk(
    signed_in: SignedIn, office: Office, task: Record
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/")
    say(visitor, "办理：示例结果报告")
    assert visitor.path.startswith("/drafts/")
    assert visitor.page.xpath("//input[@name = 'f_subject']/@value") == ["示例任务"]
    leader = signed_in("sunqi")
    leader.get("/")
    assert "上报结果" in leader.text() and "办理：" not in leader.text()


def test_a_decision_of_a_meeting_is_done_with_a_few_words(
    signed_in: SignedIn, task: Record, minutes: Record
) -> None:
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "议定：报送台账" in visitor.text()
    assert "示例会议" not in visitor.text(), "what they are to do is told, not whose paper says so"
    assert not visitor.page.xpath(f"//a[contains(@href, '{minutes.id}')]"), (
        "the minutes are not theirs to read"
    )
    assert "本单位约定" in visitor.text()
    path = link(visitor, "办结")
    visitor.get(path)
    assert visitor.post(path, {"words": " "}).status_code == 422
    assert "请用几句话写明办理结果" in visitor.text()
    visitor.post(path, {"words": "台账已报送"})
    assert "议定：报送台账" not in visitor.text()
    office_clerk = signed_in("wangwu")
    office_clerk.get(f"/records/{minutes.id}")
    assert "张三 于 2026年11月22日 09:02 注明办结：台账已报送" in office_clerk.text()
    assert "张三 注明“议定：报送台账”已办结：台账已报送" in office_clerk.text(), "in the history"
    assert visitor.get(path).status_code == 200
    assert "注明办结：台账已报送" in visitor.text()


def test_the_printed_desk_tells_what_is_due(
    signed_in: SignedIn, office: Office, people: People, task: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andu.office.desk import lists as printed

    sheets: list[str] = []
    monkeypatch.setattr(printed, "print_list", lambda html: sheets.append(html) or b"%PDF-1.7\n")
    visitor = signed_in("zhangsan")
    visitor.client.get("/desk.pdf").close()
    assert "上报结果：示例任务" in sheets[0] and "2026年11月23日 23:59" in sheets[0]
    assert "示发〔2026〕1号 三" in sheets[0]
    assert lists.desk(office, people.zhangsan).rows == 2  # the deadline, and the task among recent papers


# --- extensions -----------------------------------------------------------------------------------


def test_an_extension_is_asked_granted_and_shown_with_the_first_end(
    signed_in: SignedIn, office: Office, task: Record
) -> None:
    clerk = signed_in("zhangsan")
    ask(clerk, "2026-12-01")
    assert "申请延期到 2026年12月1日 23:59，等待批准：张三，理由：材料未到" in clerk.text()
    director = signed_in("zhaoliu")
    director.get("/")
    assert "等我批的延期" in director.text()
    path = link(director, "批延期")
    director.get(path)
    (extension,) = director.page.xpath("//input[@name = 'decide-extension']/@value")
    given = {"decide-extension": extension, "decide-decision": "grant", "decide-answer": ""}
    assert director.post(f"{path}/decision", {**given, "decide-password": "错"}).status_code == 422
    assert "密码不正确" in director.text()
    director.post(f"{path}/decision", {**given, "decide-password": PASSWORD})
    assert director.path == f"/records/{task.id}"
    for words in (
        "2026年12月1日 23:59 前办",
        "原期限 2026年11月23日 23:59",
        "延期到 2026年12月1日 23:59：张三 申请，理由：材料未到；赵六 于 2026年11月22日 09:02 同意",
        "赵六 同意把“上报结果”延期到 2026年12月1日",
    ):
        assert words in director.text(), words


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("2026-11-23", "不能早于原期限"),
        ("2026-12-24", "最多延长 30 日"),
        ("2026-02-30", "没有这一天"),
        ("", "请填写新的期限"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(
    signed_in: SignedIn, task: Record, until: str, message: str
) -> None:
    visitor = signed_in("zhangsan")
    assert ask(visitor, until, "等外地回函").status_code == 422
    (wrong,) = visitor.page.xpath("//*[@id = 'until-wrong']")
    assert message in wrong.text_content()
    assert visitor.page.xpath("string(//textarea[@name = 'reason'])").strip() == "等外地回函"
    assert visitor.page.xpath("string(//input[@name = 'until']/@value)") == until


def test_a_refusal_needs_its_reason(signed_in: SignedIn, task: Record) -> None:
    ask(signed_in("zhangsan"), "2026-12-01")
    director = signed_in("zhaoliu")
    director.get("/")
    path = link(director, "批延期")
    assert link(director, "去答复") == path
    director.get(path)
    (extension,) = director.page.xpath("//input[@name = 'decide-extension']/@value")
    given = {"decide-extension": extension, "decide-decision": "refuse", "decide-password": PASSWORD}
    assert director.post(f"{path}/decision", given).status_code == 422
    assert "不同意延期的，请写明理由" in director.text()
    assert director.post(f"{path}/decision", {"decide-extension": extension}).status_code == 422
    assert "请选择同意或不同意" in director.text()
    director.post(f"{path}/decision", {**given, "decide-answer": "应当抓紧"})
    assert "赵六 于 2026年11月22日 09:02 不同意：应当抓紧" in director.text()


def test_a_page_without_anything_to_do_says_why(signed_in: SignedIn, task: Record) -> None:
    visitor = signed_in("zhangsan")
    ask(visitor, "2026-12-01")
    (one,) = visitor.client.application.extensions["andu"].store.query("SELECT id FROM deadline")
    visitor.get(f"/deadlines/{one['id']}/extension")
    assert "已有一次延期申请在等待批准" in visitor.text()
    leader = signed_in("sunqi")
    leader.get(f"/deadlines/{one['id']}/extension")
    assert "延期由承办单位的经办人或负责人申请" in leader.text()
    leader.get(f"/deadlines/{one['id']}/done")
    assert "不由您注明办结" in leader.text()
    assert signed_in("zhengshier").get(f"/deadlines/{one['id']}/extension").status_code == 404


# --- reminders and chasing -------------------------------------------------------------------------


def test_a_reminder_lies_on_the_desk_until_it_is_put_away(
    signed_in: SignedIn, office: Office, task: Record, clock: FixedClock
) -> None:
    clock.advance(16 * 3600)
    reminders.write_due(office)
    visitor = signed_in("zhangsan")
    visitor.get("/")
    assert "快到期" in visitor.text()
    say(visitor, "知道了")
    assert visitor.path == "/" and "快到期" not in visitor.text()
    assert "上报结果" in visitor.text(), "the deadline itself stays"
    head = signed_in("lisi")
    head.get("/")
    assert "快到期" in head.text()


def test_the_office_chases_from_the_desk(
    signed_in: SignedIn, office: Office, task: Record, clock: FixedClock
) -> None:
    visitor = signed_in("wangwu")
    visitor.get(f"/records/{task.id}")
    assert not visitor.page.xpath("//form[contains(@action, '/chase/')]")
    clock.advance(2 * DAY)
    visitor = signed_in("wangwu")
    visitor.get("/")
    say(visitor, "示例催办单")
    assert visitor.page.xpath("//input[@name = 'f_matter']/@value") == ["示例任务"]
    assert visitor.page.xpath("//input[@name = 'f_days']/@value") == ["1"]
    path = visitor.path
    visitor.post(path, {**visitor.filled(path), "act": "submit"})
    assert visitor.path.startswith("/records/")
    visitor.get(f"/cases/{task.id}")
    assert "示例催办单" in visitor.text() and "已发示例催办单 1 份" in visitor.text()


def chasing(signed_in: SignedIn, clock: FixedClock) -> Visitor:
    """Somebody who has just begun to chase a task that is late."""
    clock.advance(2 * DAY)
    visitor = signed_in("wangwu")
    visitor.get("/")
    say(visitor, "示例催办单")
    return visitor


def handed_in(visitor: Visitor, task: Record) -> str:
    """The draft in front of the visitor, handed in; the page of the case."""
    visitor.post(visitor.path, {**visitor.filled(visitor.path), "act": "submit"})
    assert visitor.path.startswith("/records/"), visitor.text()
    visitor.get(f"/cases/{task.id}")
    return visitor.text()


def test_a_text_kept_beside_another_chases_what_the_other_does(
    signed_in: SignedIn, task: Record, clock: FixedClock
) -> None:
    visitor = chasing(signed_in, clock)
    path, typed = visitor.path, visitor.filled(visitor.path)
    visitor.post(path, {**typed, "f_what": "同时改的", "act": "save"})
    visitor.post(path, {**typed, "f_what": "自己改的", "act": "save"})
    copy = visitor.path.removesuffix("/beside")
    assert copy.startswith("/drafts/") and copy != path
    visitor.get(copy)
    assert "已发示例催办单 1 份" in handed_in(visitor, task)


def test_a_text_rescued_from_a_draft_that_is_gone_chases_what_that_did(
    signed_in: SignedIn, task: Record, clock: FixedClock
) -> None:
    visitor = chasing(signed_in, clock)
    path, typed = visitor.path, visitor.filled(visitor.path)
    visitor.get(f"{path}/discard")
    visitor.post(f"{path}/discard")
    visitor.post(path, {**typed, "f_what": "接着写的", "act": "save"})
    assert visitor.path.startswith("/drafts/") and visitor.path != path
    assert "已发示例催办单 1 份" in handed_in(visitor, task)
