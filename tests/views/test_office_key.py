"""The office's own key: two officers together open what nobody else can any more; one alone nothing."""

from __future__ import annotations

from datetime import timedelta

from andu.clock import FixedClock
from andu.office import deployment
from andu.office.office import Office
from andu.security import accounts, audit, key_pairs, office_halves
from andu.settings import Settings
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit
from tests.views.test_vault_rights import NAME, NEW, OWN, WHY, Someone, reset

TOGETHER = {"drill-password": PASSWORD, "drill-other": "shenshiqi", "drill-other_password": PASSWORD}


def set_up(settings: Settings, office: Office, people: People) -> Someone:
    director = Someone(settings, office, "zhaoliu")
    director.get("/office-key")
    chosen = {"first": people.hanshiba.id, "second": people.shenshiqi.id, "password": PASSWORD}
    for wrong in (
        {**chosen, "second": people.hanshiba.id},
        {**chosen, "second": people.wujiu.id},  # the admin holds no half
        {**chosen, "password": "another-password"},
    ):
        assert director.post("/office-key/set-up", wrong).status_code == 422
        assert not office.store.count("office_half")
    director.post("/office-key/set-up", chosen)
    assert "韩十八、沈十七" in director.text() or "沈十七、韩十八" in director.text()
    return director


def light(office: Office) -> str:
    return next(one.text for one in deployment.lights(office) if "办公室恢复钥匙" in one.text)


def test_two_officers_open_for_whoever_waits_and_one_alone_opens_nothing(
    settings: Settings, office: Office, people: People, submit: Submit, clock: FixedClock
) -> None:
    before = submit(people.zhangsan, "clue_registration", reporter_name=NAME)
    assert "还没有设立" in light(office)
    set_up(settings, office, people)
    after = submit(people.zhangsan, "clue_registration", reporter_name=NAME)
    assert "还没有演练过" in light(office)
    assert Someone(settings, office, "wujiu").get("/office-key").status_code == 403

    # half a key is none: neither half says what the whole is, nor does the whole lie anywhere
    keys = {one.id: one.key for one in (people.hanshiba, people.shenshiqi)}
    whole = office_halves.join(office.store, keys)
    assert whole
    for one in keys:
        assert office_halves.join(office.store, {one: keys[one]}) is None
    assert office_halves.join(office.store, dict.fromkeys(keys, people.hanshiba.key)) is None
    files = b"".join(path.read_bytes() for path in settings.instance.glob("andu.db*"))
    assert whole.privates[0] not in files

    officer = Someone(settings, office, "hanshiba")
    officer.get("/")
    assert "您保管其中一半。 该演练了" in officer.text() and officer.page.xpath(
        "//main//a[@href='/office-key']"
    )
    officer.get("/office-key")
    for wrong in (
        {**TOGETHER, "drill-other_password": "another-password"},
        {**TOGETHER, "drill-other": "hanshiba"},
        {**TOGETHER, "drill-other": "zhaoliu"},
    ):
        assert officer.post("/office-key/drill", wrong).status_code == 422
    officer.post("/office-key/drill", TOGETHER)
    assert "演练通过：两半合得起来，能打开 2 个案卷" in officer.text()
    assert "一年内演练过" in light(office)
    clock.advance(timedelta(days=366).total_seconds())
    assert "一年没有演练" in light(office)

    # everybody who could open it was reset by the admin
    for name in ("zhaoliu", "chushisi"):
        accounts.set_password(office.store, office.clock, people.wujiu, people[name].id, NEW)
    waits = reset(settings, office, people.zhaoliu.id, "zhaoliu")
    assert not waits.sees(before)
    officer = Someone(settings, office, "hanshiba")
    officer.get("/office-key")
    asked = {name.replace("drill-", "open-"): text for name, text in TOGETHER.items()}
    asked |= {"open-account": people.zhaoliu.id, "open-reason": WHY["reason"]}
    assert officer.post("/office-key/open", {**asked, "open-reason": "。"}).status_code == 422
    assert officer.post("/office-key/open", {**asked, "open-other_password": OWN}).status_code == 422
    assert not waits.sees(before)
    officer.post("/office-key/open", asked)
    assert "赵六可以打开原来的举报人信息" in officer.text()
    assert waits.sees(before) and waits.sees(after)
    (noted,) = [one.data for one in audit.recent(office.store) if one.event == "office_key_opened"]
    assert noted == {"account": people.zhaoliu.id, "other": people.shenshiqi.id, "reason": WHY["reason"]}

    # an officer whose key is another now: said, and set up anew by whoever holds the right
    reset(settings, office, people.shenshiqi.id, "shenshiqi")
    assert "合不起来了" in light(office)
    waits.get("/office-key")
    waits.post(
        "/office-key/set-up",
        {"first": people.hanshiba.id, "second": people.lisi.id, "password": OWN},
    )
    assert office_halves.officers(office.store) and len(key_pairs.of(office.store, key_pairs.OFFICE)) == 2
    assert office_halves.join(office.store, keys) is None
    assert office.store.count("case_envelope", "holder = 'office'") == 2


def test_who_keeps_a_half_leaves_only_once_it_is_set_up_with_others(
    settings: Settings, office: Office, people: People
) -> None:
    director = set_up(settings, office, people)
    admin = Someone(settings, office, "wujiu")
    path = f"/accounts/{people.shenshiqi.id}/leave"
    admin.get(path)
    assert "办公室恢复钥匙的一半" in admin.text() and "另定两位保管人" in admin.text()
    assert admin.post(path, {"password": PASSWORD}).status_code == 422
    assert accounts.get(office.store, people.shenshiqi.id) == people.shenshiqi
    director.get("/office-key")
    chosen = {"first": people.hanshiba.id, "second": people.sunqi.id, "password": PASSWORD}
    assert director.post("/office-key/set-up", chosen).status_code == 200
    admin.get(path)
    assert "办公室恢复钥匙的一半" not in admin.text()
