"""Publishing: a second admin confirms where the office wants it; a kill between two writes leaves no half."""

from __future__ import annotations

import os
from typing import Any

import pytest

from andu.office.live import Live
from andu.office.office import Office
from andu.office.shelf import checking, designs, publishing
from andu.security import accounts, audit
from andu.settings import Settings
from andu.store.database import Store
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor
from tests.views.test_office_settings import send

KILLED = 9


def begun(admin: Visitor) -> str:
    admin.get("/forms/completion_report")
    admin.post("/forms/completion_report/design")
    return admin.path


def publish(admin: Visitor, design: str) -> None:
    admin.get(f"{design}/check")
    admin.post(f"{design}/publish", {**admin.filled(f"{design}/publish"), "note": "照原样"})


def test_a_second_admin_confirms_what_the_first_published(
    signed_in: SignedIn, office: Office, people: People
) -> None:
    first = signed_in("wujiu")
    send(first, "publishing", two="1")
    assert "只有一位管理员" in first.text()
    accounts.create(
        office.store, office.clock, people.wujiu, username="guanli", name="管二", unit_id="shb",
        roles=["admin"], password=PASSWORD, must_change=False,
    )  # fmt: skip
    send(first, "publishing", two="1")
    assert "已保存" in first.text()
    design = begun(first)
    publish(first, design)
    assert "已请另一位管理员确认" in first.text()
    publish(first, design)
    assert "不能由您自己确认" in first.text()
    assert office.store.count("publication", "name LIKE 'forms/%'") == 0
    second = signed_in("guanli")
    second.get(f"{design}/check")
    assert "吴九请您确认" in second.text()
    publish_page = f"{design}/about"
    second.get(publish_page)
    second.post(publish_page, {**second.filled(publish_page), "description": "第二位也改"})
    assert "吴九也在改这份草稿" in second.text()
    first.get(design)
    assert "管二也在改这份草稿" in first.text(), "both are told"
    first.get(f"{design}/about")
    first.post(f"{design}/about", {**first.filled(f"{design}/about"), "description": "改了一点"})
    publish(second, design)
    assert "已请另一位管理员确认" in second.text(), "what was changed since is asked for anew"
    publish(first, design)
    assert "已发布" in first.text()
    (event,) = office.store.rows_where("audit", "event = 'form_published'")
    assert people.wujiu.id in str(event["actor_id"])


def test_a_kill_between_any_two_writes_leaves_the_old_edition_or_the_new(
    signed_in: SignedIn, office: Office, settings: Settings, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    design = begun(signed_in("wujiu")).rpartition("/")[2]
    here = Live(office).now()
    verdict = checking.check(here, people.wujiu, designs.get(here, people.wujiu, design))
    monkeypatch.setattr(checking, "check", lambda *_rest: verdict)
    before = (office.store.count("form_version"), 0, "open")
    survived = 0
    for number in range(1, 20):
        child = os.fork()
        if child == 0:
            _publish_and_die(settings, people, design, number)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        row = office.store.get("form_design", design)
        assert row is not None
        now = (office.store.count("form_version"), office.store.count("publication"), row["state"])
        if code == 0:
            assert now[1:] == (1, "published")
            break
        assert (code, now) == (KILLED, before)
        survived = number
    assert survived >= 3, "each of the writes was the last one once"
    assert audit.verify(office.store) == []
    assert Live(office).now().catalogue.get("completion_report")


def _publish_and_die(settings: Settings, people: People, design: str, number: int) -> None:
    """In a child: publish, and be gone before the write of this number."""
    left = [number]

    def dying(act: Any) -> Any:
        def counted(*args: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return act(*args, **named)

        return counted

    try:
        office = Office.open(settings, blank_pdf, nothing_wrong)
        revision = designs.get(office, people.wujiu, design).revision
        for name in ("insert", "update"):
            setattr(Store, name, dying(getattr(Store, name)))
        publishing.publish(office, people.wujiu, design, revision, "照原样")
        os._exit(0)
    except BaseException:  # the child ends here, whatever it was
        os._exit(1)
