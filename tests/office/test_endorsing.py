"""Which signatures are enough, and who signs by name: rules that are data of the form type and the office."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.formtypes.language.reading import read_text
from andu.office import records
from andu.office.books import register
from andu.office.config import ConfigFault
from andu.office.desk import standing
from andu.office.errors import NotAllowed, NotFound
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import queues, signatures
from andu.office.turns import slots
from andu.office.writing import revising, submitting
from andu.papers.template.package import read_package
from andu.security import accounts
from andu.settings import Settings
from app import create_app
from tests.conftest import MORNING, PASSWORD, People
from tests.office import endorsing, small
from tests.office.conftest import Sign, Submit
from tests.views.page import Visitor


@pytest.fixture(scope="module")
def founded_here(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Settings:
    """The sample office with the two forms of these tests, to be copied."""
    folder = tmp_path_factory.mktemp("endorsing")
    settings = Settings(instance=folder / "instance", clock=FixedClock(MORNING))
    return small.found(settings, folder, endorsing.FORMS)


@pytest.fixture
def office(founded_here: Settings, tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """An office in which any one endorsement is enough."""
    office = small.opened(small.copied(founded_here, tmp_path / "instance", clock))
    yield office
    office.store.close()


def choose(office: Office, **rules: str) -> None:
    """Let the office choose its rules from now on, as after a restart with another office file."""
    # the fixtures hold this very office, which is frozen
    object.__setattr__(office, "config", dataclasses.replace(office.config, signature_rules=rules))


@pytest.fixture
def report(people: People, submit: Submit, sign: Sign) -> Record:
    """A report of 示例一村 about which 派出所 is asked, signed by the village's head."""
    return sign(people.lisi, submit(people.zhangsan, "endorsed", member_unit="pcs"))


ANY_ONE = ["sunqi", "fenger", "zhaoliu"]


@pytest.mark.parametrize("username", ANY_ONE)
def test_any_one_of_them_is_enough_and_the_others_are_not_asked_again(
    office: Office, people: People, report: Record, sign: Sign, username: str
) -> None:
    for one in ANY_ONE:
        assert [waiting.id for waiting in queues.queue(office, people[one])] == [report.id]
    assert "“镇负责同志”或“成员单位负责同志”或“扫黑办主任”" in standing.of(office, report).sentence
    done = sign(people[username], report)
    assert done.state == "filed"
    assert not any(queues.queue(office, people[one]) for one in ANY_ONE)
    with pytest.raises(NotAllowed, match="签字已经齐了"):
        sign(next(people[one] for one in ANY_ONE if one != username), done, "township")


def test_what_stands_in_no_set_is_always_asked_and_first_by_its_order(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "endorsed", member_unit="pcs")
    with pytest.raises(NotAllowed, match="现在轮到“承办单位负责人”签字"):
        sign(people.sunqi, record, "township")
    why = standing.of(office, record).why_no_number
    assert "“承办单位负责人”，再加“镇负责同志”“成员单位负责同志”“扫黑办主任”中的一个。" in why


def test_a_stricter_rule_asks_for_this_one_and_one_of_those(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    choose(office, endorsed="strict")
    record = sign(people.lisi, submit(people.zhangsan, "endorsed", member_unit="pcs"))
    assert {one.key for one in signatures.open_slots(office, record)} == {"township", "member", "director"}
    said = standing.of(office, record).sentence
    assert "等待“成员单位负责同志”，再加“镇负责同志”“扫黑办主任”中的一个签字。" in said
    record = sign(people.sunqi, record)
    assert [one.key for one in signatures.open_slots(office, record)] == ["member"]
    with pytest.raises(NotAllowed, match="现在轮到“成员单位负责同志”签字"):
        sign(people.zhaoliu, record, "director")
    assert sign(people.fenger, record).state == "filed"


def test_the_slots_nobody_signed_stay_empty_on_the_paper(
    office: Office, people: People, report: Record, sign: Sign
) -> None:
    sign(people.fenger, report)
    [row] = office.store.rows_where("register")
    names = {key: one["name"] for key, one in json.loads(row["snapshot"])["sign"].items()}
    assert names == {"head": "李四", "township": "", "member": "冯二", "director": ""}
    entry = register.of_record(office, people.zhangsan, report.id)
    assert entry is not None and entry.signer == "李四、冯二"


def test_the_paper_tried_out_before_the_number_has_nobody_in_the_slots_not_asked_for(
    office: Office, people: People, report: Record, sign: Sign
) -> None:
    made, to_pdf = [], office.to_pdf

    def noted(docx: bytes) -> bytes:
        made.append(docx)
        return to_pdf(docx)

    object.__setattr__(office, "to_pdf", noted)
    sign(people.fenger, report)
    papers = [read_package(docx)["word/document.xml"].decode() for docx in made]
    assert len(papers) == 2 and all("冯二" in one and "某某某" not in one for one in papers)


def test_a_version_keeps_the_rule_it_was_submitted_under(
    office: Office, people: People, report: Record, sign: Sign
) -> None:
    choose(office, endorsed="strict")
    rule = signatures.rule(office, report)
    assert rule is not None and rule.key == "literal"
    draft = revising.revise(office, people.zhangsan, report.id)
    revised = submitting.submit(office, people.zhangsan, draft.id, draft.raw, draft.revision)
    rule = signatures.rule(office, revised)
    assert rule is not None and rule.key == "strict"
    revised = sign(people.sunqi, sign(people.lisi, revised))
    assert revised.state == "signing"


def test_declining_voids_every_signature_of_a_rule_with_choices(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    choose(office, endorsed="strict")
    record = sign(people.sunqi, sign(people.lisi, submit(people.zhangsan, "endorsed", member_unit="pcs")))
    signatures.decline(office, people.fenger, record.id, 1, "缺证据", PASSWORD, "10.0.0.1")
    for one in (people.lisi, people.sunqi):
        [(lapsed, mine)] = queues.lapsed(office, one)
        assert lapsed.id == record.id and "冯二 退回：缺证据" in str(mine.voided)
    assert [one.id for one in records.returned(office, people.zhangsan)] == [record.id]
    voided = office.store.rows_where("audit", "event = 'signatures_voided'")
    assert [json.loads(one["data"])["record"] for one in voided] == [record.id]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("endorsd: strict", "没有这个表单；是否应为“endorsed”？"),
        ("endorsed: strikt", "没有签字规则“strikt”；是否应为“strict”？"),
        ("by_name: strict", "“示例复核单”没有签字规则“strict”"),
        ("[strict]", "每行写一个表单和它的签字规则"),
    ],
)
def test_an_office_file_that_names_no_rule_of_a_form_stops_the_start(
    office: Office, said: str, told: str
) -> None:
    path = office.settings.office_file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + f"\nsignature_rules:\n  {said}\n", encoding="utf-8")
    with pytest.raises(ConfigFault) as fault:
        small.opened(office.settings)
    assert told in str(fault.value)


def test_the_pages_say_in_words_which_rule_counts(
    office: Office, people: People, report: Record, submit: Submit, sign: Sign
) -> None:
    visitor = Visitor(create_app(office.settings, office))
    visitor.sign_in("sunqi", PASSWORD)
    for page in ("", "/sign"):
        visitor.get(f"/records/{report.id}{page}")
        said = visitor.page.xpath("//*[@id='enough']")[0]
        assert said.xpath(".//li/text()") == ["镇负责同志", "成员单位负责同志", "扫黑办主任"]
        text = visitor.text()
        assert "“承办单位负责人”必须签。 以下任一组签齐即可：" in text
        assert "依据 西发〔2019〕30号 三（四）：“必须有镇、成员单位负责同志或扫黑办主任签字”" in text
    choose(office, endorsed="strict")
    record = sign(people.lisi, submit(people.zhangsan, "endorsed", member_unit="pcs"))
    visitor.get(f"/records/{record.id}")
    assert visitor.page.xpath("//*[@id='enough']//li/text()") == [
        "成员单位负责同志、镇负责同志",
        "成员单位负责同志、扫黑办主任",
    ]
    assert "本单位约定" in visitor.text() and "依据 西发" not in visitor.text()


# --- signing by name ------------------------------------------------------------------------------


def test_only_the_person_chosen_signs_whatever_the_roles_and_the_unit(
    office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    record = submit(people.zhangsan, "by_name", checker=people.chenshisan.id)
    assert standing.of(office, record).waiting_for == ("陈十三（示例二村）",)
    with pytest.raises(NotAllowed, match="须由陈十三办理"):
        sign(people.lisi, record, "checker")
    with pytest.raises(NotFound):
        sign(people.fenger, record, "checker")
    assert sign(people.chenshisan, record).state == "filed"


def test_a_person_chosen_who_left_signs_no_more_and_nobody_in_their_place(
    office: Office, people: People, submit: Submit
) -> None:
    record = submit(people.zhangsan, "by_name", checker=people.chenshisan.id)
    accounts.disable(office.store, office.clock, None, people.chenshisan.id)
    assert signatures.candidates(office, record) == []
    accounts.enable(office.store, office.clock, None, people.chenshisan.id)
    accounts.change_roles(office.store, office.clock, None, people.chenshisan.id, ["auditor"])
    assert signatures.candidates(office, record) == []


# --- the rule alone -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "done", "left"),
    [
        ("literal", "", ["head", "township", "member", "director"]),
        ("literal", "township", ["head"]),
        ("literal", "head member", []),
        ("strict", "head township", ["member"]),
        ("strict", "head member", ["township", "director"]),
        ("strict", "head township director", ["member"]),
        ("strict", "head member director", []),
    ],
)
def test_only_what_still_helps_is_asked_for(rule: str, done: str, left: list[str]) -> None:
    form_type = read_text(endorsing.ENDORSED, "endorsed")
    found = slots.wanted(form_type, slots.rule_of(form_type, rule), done.split())
    assert [one.key for one in found.slots] == left


def test_a_rule_that_an_edition_does_not_know_falls_back_to_its_first() -> None:
    form_type = read_text(endorsing.ENDORSED, "endorsed")
    assert slots.in_force(form_type, {"endorsed": "gone"}) == "literal"
    assert slots.in_force(read_text(endorsing.BY_NAME, "by_name"), {"by_name": "gone"}) == ""


def test_groups_that_share_nobody_are_told_one_after_the_other() -> None:
    a, b, c, d, e = (slots.Slot(key, key, ("head",), "own", 1) for key in "甲乙丙丁戊")
    assert str(slots.Wanted((), ((a, b), (a, c)))) == "“甲”，再加“乙”“丙”中的一个"
    assert str(slots.Wanted((), ((a, b), (c,)))) == "“甲”和“乙”，或者“丙”"
    assert str(slots.Wanted((e,), ((a, b), (c, d)))) == "“戊”，再加其中一组：“甲”和“乙”，或者“丙”和“丁”"
