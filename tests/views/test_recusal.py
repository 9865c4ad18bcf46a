"""回避: whom a matter names signs nothing of it; the office says who does instead, and the paper says why."""

from __future__ import annotations

import json

import pytest

from andu.office.config import ConfigFault, parse_config
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.security import audit, bindings
from andu.settings import Settings
from tests.conftest import PASSWORD, People
from tests.papers.making import text_of
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.walking import Walk

NOW = "2026-11-22T09:02"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An office that shuts nothing to whom a matter names: what they are asked is not to sign."""
    said = settings.office_file.read_text(encoding="utf-8")
    settings.office_file.write_text(said.replace("person: shut", "person: warn"), encoding="utf-8")
    return settings


@pytest.fixture
def walk(office: Office, signed_in: SignedIn) -> Walk:
    """The people of 示例镇 at their desks."""
    return Walk(office, signed_in)


def about(walk: Walk, name: str, **answers: object) -> str:
    """A clue of 示例一村 about somebody, handed in and signed by whoever registered it."""
    clue = walk.fill("zhangsan", "clue_registration", reported=[{"name": name}], **answers)
    walk.sign("zhangsan", clue)
    return clue


def tried(visitor: Visitor, record: str, slot: str, version: int = 1) -> tuple[int, str]:
    """What comes of posting a signature, whatever the page offers; status and words."""
    typed = {"slot": slot, "version": str(version), "opinion": "同意", "password": PASSWORD}
    answer = visitor.post(f"/records/{record}/sign", typed)
    return answer.status_code, visitor.text()


def paper(office: Office, record: str) -> str:
    """The words of a filed paper."""
    (entry,) = office.store.rows_where("register", "record_id = ?", [record])
    return text_of(office.files.get(entry["docx_sha"]))


def sound(office: Office) -> None:
    """Nothing kept beside the records says anything else, no row was changed by another hand."""
    assert not reconcile.check(office)
    assert not audit.verify(office.store)
    assert not bindings.problems(office.store)


def test_a_clue_about_the_head_is_signed_by_whom_the_office_named(
    walk: Walk, office: Office, people: People
) -> None:
    clue = about(walk, "李四（示例一村）")
    head, above = walk.as_("lisi"), walk.as_("chushisi")
    head.get("/queue")
    assert f"/records/{clue}/sign" not in head.page.xpath("//main//a/@href")
    head.get(f"/records/{clue}/sign")
    assert "您是这件事里写到的人，应当回避" in head.text()
    status, said = tried(head, clue, "head")
    assert status == 403 and "应当回避" in said and walk.number(clue) == ""
    # nor through a deputy, nor as somebody to whom it is given, nor in ink
    head.get("/deputies/")
    leave = {"since": "2026-11-22", "until": "2026-11-30", "reason": "外出学习", "password": PASSWORD}
    head.post("/deputies/", {**head.filled("/deputies/"), **leave, "deputy": people.zhangsan.id})
    assert tried(walk.as_("zhangsan"), clue, "head")[0] == 403
    above.get("/queue")
    assert f"/records/{clue}/sign" in above.page.xpath("//main//a/@href"), (
        "it waits for whom the office named"
    )
    above.get(f"/records/{clue}/sign")
    assert "褚十四（李四回避）" in above.text()
    assert walk.sign("chushisi", clue, "同意移交") == "DJ-XS-2026-0001"
    assert "褚十四（李四回避）" in paper(office, clue), "the paper says who signed, and why not the head"
    page = walk.text("wangwu", f"/records/{clue}")
    assert "李四是这件事里写到的人，应当回避：“单位负责人”改由办公室定好的人签" in page
    found = {row["event"]: json.loads(row["data"]) for row in office.store.rows_where("audit")}
    assert found["signers_recused"]["people"] == [people.lisi.id] and found["signers_recused"]["slots"] == [
        "head"
    ]
    assert found["recusal_signed"]["recused"] == [people.lisi.id]
    # and so it is with every paper of the case: his clerk may hand it over, he may not
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="shb", feedback_by="2026-12-22")
    assert tried(head, slip, "giver")[0] == 403
    walk.sign("zhangsan", slip)
    assert walk.sign("wangwu", slip, received_at=NOW)
    # to its end: the office reports, two people sign, neither of them he
    ends = {"handling_unit": "shb", "may_close": True, "feedback_on": "2026-11-22"}
    done = walk.fill("wangwu", "completion_report", **of(clue), **ends)
    walk.sign("zhaoliu", done)
    assert walk.sign("chushisi", done) == "BJ-2026-0001"
    assert "现在 已办结" in walk.text("wangwu", f"/cases/{clue}")
    sound(office)


def test_a_person_of_another_unit_stands_aside_too(walk: Walk, office: Office, people: People) -> None:
    clue = about(walk, "冯二等三人")
    assert walk.sign("lisi", clue), "the head of another unit is as free as before"
    assert "回避" not in paper(office, clue)
    slip = walk.fill("zhangsan", "clue_handover", clue, receiver_unit="pcs", feedback_by="2026-12-22")
    walk.sign("zhangsan", slip)
    assert tried(walk.as_("fenger"), slip, "receiver")[0] == 403
    assert walk.sign("qianyi", slip, received_at=NOW), "his own clerk receives it"
    report = {"handling_unit": "pcs", "may_close": False, "feedback_on": "2026-11-22"}
    done = walk.fill("qianyi", "completion_report", **of(clue), **report)
    assert tried(walk.as_("fenger"), done, "first")[0] == 403
    walk.sign("chushisi", done), "one signs for the head"
    assert tried(walk.as_("chushisi"), done, "second")[0] == 403, "and not twice"
    assert walk.sign("zhaoliu", done)
    assert "褚十四（冯二回避）" in paper(office, done)
    # a person who is chosen to sign is another
    verifiers = {"group_head": people.fenger.id, "verifier_one": people.qianyi.id}
    said = walk.refused("qianyi", "verification_report", typed=verifiers, **of(clue), **verifiers)
    assert "冯二是这件事里写到的人，应当回避，请另选一位" in said
    sound(office)


def of(clue: str) -> dict[str, str]:
    """What every form of the case of a clue says of it."""
    return {"clue": clue, "clue_number": "DJ-XS-2026-0001"}


def test_who_is_called_so_only_later_is_stopped_when_signing(
    walk: Walk, office: Office, people: People
) -> None:
    clue = about(walk, "某砂场")
    other = about(walk, "李四四（示例）", summary="反映另一件事", main_issue="另一件事。")
    assert walk.sign("lisi", other), "a name that only begins alike is another's"
    with office.store.write():
        office.store.bind()
        office.store.update("account", people.lisi.id, {"name": "某砂场"})
    status, said = tried(walk.as_("lisi"), clue, "head")
    assert status == 403 and "某砂场是这件事里写到的人，应当回避" in said


def test_without_a_way_round_in_its_file_nobody_stands_aside_and_the_admin_sets_one(
    walk: Walk, office: Office, signed_in: SignedIn
) -> None:
    admin = signed_in("wujiu")
    admin.get("/settings")
    none = {f"way-role-{n}": "" for n in range(4)}
    admin.post("/settings/recusal", {**admin.filled("/settings/recusal"), **none})
    assert "已保存" in admin.text()
    clue = about(walk, "李四")
    assert walk.sign("lisi", clue) == "DJ-XS-2026-0001"
    admin.get("/settings")
    way = {"way-role-0": "head", "way-unit-0": "jiwei"}
    admin.post("/settings/recusal", {**admin.filled("/settings/recusal"), **way})
    second = about(walk, "李四", summary="反映另一件事", main_issue="另一件事。")
    assert tried(walk.as_("chushisi"), second, "head")[0] == 403
    assert "韩十八（李四回避）" in walk.text("hanshiba", f"/records/{second}/sign")
    assert walk.sign("hanshiba", second) == "DJ-XS-2026-0002"
    sound(office)


def test_whom_the_matter_names_grants_no_more_time_and_does_not_see_who_reported(
    walk: Walk, office: Office, people: People
) -> None:
    clue = walk.fill("wangwu", "clue_registration", reported=[{"name": "赵六"}])
    walk.sign("wangwu", clue)
    walk.sign("chushisi", clue)
    asked = {"reason": "回访举报人", "password": PASSWORD}
    for who, sees in (("zhaoliu", False), ("chushisi", True)):
        director = walk.as_(who)
        director.get(f"/records/{clue}")
        answer = director.post(f"/records/{clue}/confidential", asked)
        assert (answer.status_code == 200) is sees and ("某某（示例举报人）" in director.text()) is sees, who
    task = walk.fill("wangwu", "assignment", **of(clue), handling_unit="pcs", due_on="2026-12-20")
    assert tried(walk.as_("zhaoliu"), task, "director")[0] == 403
    assert walk.sign("chushisi", task)
    (row,) = office.store.query("SELECT id FROM deadline WHERE key = 'handling'")
    path = f"/deadlines/{row['id']}/extension"
    asking = walk.as_("qianyi")
    asking.get(path)
    asking.post(path, {"until": "2026-12-28", "reason": "正在调取账目"})
    decided = {"decide-decision": "grant", "decide-answer": "", "decide-password": PASSWORD}
    for who, status, said in (
        ("zhaoliu", 403, "应当回避，这次延期请另一位同志批"),
        ("chushisi", 200, "同意"),
    ):
        director = walk.as_(who)
        director.get(path)
        (extension,) = director.page.xpath("//input[@name = 'decide-extension']/@value")
        answer = director.post(f"{path}/decision", {**decided, "decide-extension": extension})
        assert answer.status_code == status and said in director.text()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{roles: [director]}", "recusal：每行写由谁签"),
        ("[{unit: shb}]", "recusal：每行写由谁签"),
        ("[{roles: [direktor]}]", "没有角色“direktor”；是否应为“director”？"),
    ],
)
def test_an_office_file_that_does_not_say_who_signs_instead_is_told(said: str, told: str) -> None:
    text = f"name: 示例镇\nissuer: 甲\nprinter: 乙\nrecusal: {said}\n"
    with pytest.raises(ConfigFault) as fault:
        parse_config(text, "office.yaml")
    assert str(fault.value).startswith("office.yaml:4") and told in str(fault.value)
