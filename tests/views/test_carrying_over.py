"""What an earlier paper says stands in the next: whole tables, of any of several forms, of its signers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office.office import Office
from andu.office.records import Record
from andu.settings import Settings
from tests.conftest import MORNING, People
from tests.office import small
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

CHECK = """
title: 示例核查报告
group: 示例
filled_by: [clerk]
series: verification
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例核查}
      - key: findings
        kind: table
        label: 核查结果
        columns:
          - {key: issue, kind: text, label: 问题}
          - {key: proof, kind: text, label: 证据}
          - {key: result, kind: choice, label: 结论, choices: [属实, 不属实]}
      - {key: told_on, kind: date, label: 告知日期}
signatures:
  slots:
    - {key: head, label: 负责人, roles: [head], fields: [told_on]}
"""

LETTER = """
title: 示例来函
group: 示例
filled_by: [clerk]
series: incoming
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例来函}
      - {key: addressee, kind: text, label: 主送, sample: 示例镇}
"""

ANSWER = """
title: 示例答复
group: 示例
filled_by: [clerk]
series: denial
record_title: [subject]
share_with: [tasks.unit]
sections:
  - title: 内容
    fields:
      - key: source
        kind: reference
        label: 来源
        form: [letter, check]
        prefill:
          subject: title
          of: number
          from_unit: unit
          addressee: addressee
          told_on: told_on
          grounds.issue: findings.issue
          grounds.evidence: findings.proof
      - {key: subject, kind: text, label: 事由, required: true}
      - {key: of, kind: text, label: 编号}
      - {key: from_unit, kind: unit, label: 来自}
      - {key: addressee, kind: text, label: 主送}
      - {key: told_on, kind: date, label: 告知日期}
      - key: grounds
        kind: table
        label: 逐项依据
        max_rows: 2
        columns:
          - {key: issue, kind: text, label: 问题}
          - {key: evidence, kind: text, label: 证据}
          - {key: note, kind: text, label: 说明}
      - key: tasks
        kind: table
        label: 任务
        columns:
          - {key: unit, kind: unit, label: 单位}
          - {key: matter, kind: text, label: 事项}
"""

SIGNED = (
    ANSWER.replace("示例答复", "示例签批答复")
    + """
signatures:
  slots:
    - {key: head, label: 负责人, roles: [head]}
"""
)

FORMS = {"check": CHECK, "letter": LETTER, "answer": ANSWER, "signed_answer": SIGNED}
FINDINGS = [
    {"issue": "问题一", "proof": "照片", "result": "属实"},
    {"issue": "问题二", "result": "不属实"},
    {"result": "不属实"},
    {"issue": "问题三", "proof": "笔录"},
]
TOLD = "“逐项依据”最多 2 行，来源材料有 3 行，只带入了前 2 行，请核对。"


@pytest.fixture(scope="module")
def founded_here(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Settings:
    """The office of these forms, to be copied."""
    folder = tmp_path_factory.mktemp("carrying")
    settings = Settings(instance=folder / "instance", clock=FixedClock(MORNING))
    return small.found(settings, folder, FORMS)


@pytest.fixture
def settings(founded_here: Settings, tmp_path: Path, clock: FixedClock) -> Settings:
    """Settings of a fresh copy of that office."""
    return small.copied(founded_here, tmp_path / "instance", clock)


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The office of these forms."""
    office = small.opened(settings)
    yield office
    office.store.close()


@pytest.fixture
def check(people: People, submit: Submit, sign: Sign) -> Record:
    """A numbered report of four rows, one of which says nothing that is carried over."""
    record = submit(people.zhangsan, "check", findings=FINDINGS)
    return sign(people.lisi, record, told_on="2026-11-20")


def begun(visitor: Visitor, source: Record, slug: str = "answer") -> dict[str, Any]:
    """An answer begun from the page of a record; what stands in its inputs."""
    visitor.get(f"/records/{source.id}")
    visitor.post(f"/new/{slug}", {"from": source.id})
    return said(visitor)


def said(visitor: Visitor) -> dict[str, Any]:
    """What stands in the inputs of the draft in front of the visitor."""
    return {name: texts[0] for name, texts in visitor.filled(visitor.path).items() if any(texts)}


def rows(inputs: dict[str, Any]) -> dict[str, str]:
    """Of the inputs, those of the table of grounds."""
    start = "f_grounds-"
    return {name.removeprefix(start): text for name, text in inputs.items() if name.startswith(start)}


def carry(visitor: Visitor, **typed: str) -> dict[str, Any]:
    """Type something into a new answer and press 带入; what then stands in its inputs."""
    visitor.get("/new")
    visitor.post("/new/answer")
    visitor.post(visitor.path, {**visitor.filled(visitor.path), **typed, "act": "prefill:source"})
    return said(visitor)


def test_a_table_of_the_earlier_paper_is_carried_over_row_by_row(signed_in: SignedIn, check: Record) -> None:
    visitor = signed_in("zhangsan")
    found = begun(visitor, check)
    assert rows(found) == {"0-issue": "问题一", "0-evidence": "照片", "1-issue": "问题二"}
    assert TOLD in visitor.page.text_content(), "what did not fit is told"
    visitor.get(visitor.path)
    assert TOLD not in visitor.page.text_content(), "once"


def test_what_the_paper_is_and_what_its_signers_wrote_is_carried_over(
    signed_in: SignedIn, check: Record
) -> None:
    found = begun(signed_in("zhangsan"), check)
    assert found["f_subject"] == "示例核查"
    assert found["f_of"] == "HC-2026-0001"
    assert found["f_from_unit"] == "cun1"
    assert found["f_told_on"] == "2026-11-20"


def test_a_table_that_somebody_has_begun_is_left_as_it_is(signed_in: SignedIn, check: Record) -> None:
    visitor = signed_in("zhangsan")
    typed = {"f_source": check.id, "f_grounds-1-note": "自己写的"}
    found = carry(visitor, **typed)
    assert rows(found) == {"1-note": "自己写的"}
    assert found["f_of"] == "HC-2026-0001", "what stands beside the table comes all the same"
    assert TOLD not in visitor.page.text_content()
    found = carry(visitor, **{"f_source": check.id, "f_grounds-1-note": " "})
    assert rows(found)["0-issue"] == "问题一"


def test_a_reference_to_several_forms_lists_them_form_by_form_and_each_gives_what_it_has(
    signed_in: SignedIn, people: People, submit: Submit, check: Record
) -> None:
    letter = submit(people.zhangsan, "letter")
    visitor = signed_in("zhangsan")
    found = carry(visitor, f_source=letter.id)
    groups = visitor.page.xpath("//select[@name = 'f_source']/optgroup")
    assert [(one.get("label"), [option.get("value") for option in one]) for one in groups] == [
        ("示例来函", [letter.id]),
        ("示例核查报告", [check.id]),
    ]
    assert visitor.page.xpath("//select[@name = 'f_source']//option[@selected]/@value") == [letter.id]
    assert (found["f_subject"], found["f_addressee"]) == ("示例来函", "示例镇")
    assert not rows(found) and "f_told_on" not in found
    visitor.post(visitor.path, {**visitor.filled(visitor.path), "act": "submit"})
    assert visitor.path.startswith("/records/") and "SW-2026-0001" in visitor.text()


def test_only_a_record_of_one_of_the_forms_can_be_chosen(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    other = submit(people.zhangsan, "answer", source=None)
    visitor = signed_in("zhangsan")
    carry(visitor, f_source=other.id, f_subject="示例")
    assert "请先在“来源”里选定一份已编号的材料。" in visitor.page.text_content()
    path = visitor.path
    visitor.post(path, {**visitor.filled(path), "f_source": other.id, "act": "submit"})
    assert visitor.path == path and "没有编号为" in visitor.text()


def test_units_named_in_the_rows_of_a_table_see_the_record_and_nobody_else(
    signed_in: SignedIn, people: People, submit: Submit
) -> None:
    named = [{"unit": "cun2", "matter": "一"}, {"matter": "二"}, {"unit": "pcs", "matter": "三"}]
    record = submit(people.wangwu, "answer", tasks=named)
    for who, status in (("zhengshier", 200), ("fenger", 200), ("zhangsan", 404)):
        visitor = signed_in(who)
        assert visitor.get(f"/records/{record.id}").status_code == status, who
        visitor.get("/register")
        assert (record.title in visitor.text()) is (status == 200), who


# --- another source -------------------------------------------------------------------------------


@pytest.fixture
def other(people: People, submit: Submit, sign: Sign) -> Record:
    """A second report, with one row and nothing told."""
    record = submit(people.zhangsan, "check", subject="另一核查", findings=[{"issue": "别的问题"}])
    return sign(people.lisi, record)


def change(visitor: Visitor, act: str = "prefill:source", **typed: str) -> dict[str, Any]:
    """Change something in the draft in front of the visitor and press a button; what then stands there."""
    visitor.post(visitor.path, {**visitor.filled(visitor.path), **typed, "act": act})
    return said(visitor) if visitor.path.startswith("/drafts/") else {}


@pytest.mark.parametrize("by_next_step", [True, False])
def test_answers_go_with_the_source_they_came_from(
    signed_in: SignedIn, check: Record, other: Record, by_next_step: bool
) -> None:
    visitor = signed_in("zhangsan")
    if by_next_step:
        begun(visitor, check)
    else:
        carry(visitor, f_source=check.id)
    found = change(visitor, f_source=other.id)
    assert (found["f_of"], found["f_subject"]) == ("HC-2026-0002", "另一核查")
    assert "f_told_on" not in found, "what the new source does not say is empty, not the old one's"
    assert rows(found) == {"0-issue": "别的问题"}
    change(visitor, "submit")
    assert visitor.path.startswith("/records/")
    assert "HC-2026-0001" not in visitor.text()


def test_what_was_edited_stays_and_is_told_field_by_field(
    signed_in: SignedIn, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    typed = {"f_subject": "我改过的事由", "f_grounds-1-evidence": "我补的证据", "f_addressee": "自己填的"}
    found = change(visitor, f_source=other.id, **typed)
    assert (found["f_subject"], found["f_addressee"]) == ("我改过的事由", "自己填的")
    assert found["f_of"] == "HC-2026-0002"
    assert rows(found) == {"1-evidence": "我补的证据"}, "of a row the person wrote in, only that stays"
    words = visitor.page.text_content()
    assert "“事由”带入以后改过，没有动" in words and "原来带入的是“示例核查”。" in words
    assert "“主送”带入以后" not in words


def test_without_a_source_its_answers_go_too(signed_in: SignedIn, check: Record) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    found = change(visitor, f_source="", f_addressee="自己填的")
    assert {name: text for name, text in found.items() if name.startswith("f_")} == {
        "f_addressee": "自己填的"
    }
    assert "已取下" in visitor.page.text_content()


def test_rows_are_known_again_after_one_above_was_taken_out(
    signed_in: SignedIn, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    change(visitor, "drop:grounds:0")
    assert rows(change(visitor, f_source=other.id)) == {"0-issue": "别的问题"}


def test_a_changed_source_is_not_handed_in_with_the_answers_of_the_first(
    signed_in: SignedIn, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    found = change(visitor, "submit", f_source=other.id, f_of="")
    assert visitor.path.startswith("/drafts/")
    (wrong,) = visitor.page.xpath("//*[@data-key = 'source']//*[@class = 'wrong']")
    assert "HC-2026-0002" in wrong.text_content() and "HC-2026-0001" in wrong.text_content()
    assert found["f_subject"] == "示例核查", "nothing is changed unasked"
    visitor.get(visitor.path)
    assert "现在选的是 HC-2026-0002" in visitor.text(), "it is said as long as it is so"
    change(visitor, "keep:source", f_of="")
    change(visitor, "submit", f_of="")
    assert visitor.path.startswith("/records/"), "whoever wants to keep the words may"


def test_a_number_of_another_record_than_the_one_chosen_cannot_be_handed_in(
    signed_in: SignedIn, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    for wrong_number in ("HC-2026-0002", "ＨＣ-2026-0002", "hc-2026-0007", "HC-2026-0002等", "HC-2019-0042"):
        change(visitor, "submit", f_of=wrong_number)
        (wrong,) = visitor.page.xpath("//*[@data-key = 'of']//*[@class = 'wrong']")
        assert "HC-2026-0001" in wrong.text_content() and "HC-2026-000" in wrong.text_content()
    begun(visitor, check)
    change(visitor, "submit", f_of="依据 HC-2026-0001、HC-2026-0002")
    assert visitor.path.startswith("/records/"), "a text may name others beside it"


def test_a_revision_knows_what_came_from_its_source(
    signed_in: SignedIn, people: People, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check, "signed_answer")
    change(visitor, "submit", f_addressee="自己填的")
    record = visitor.path
    visitor.get(record)
    visitor.post(f"{record}/revise")
    found = change(visitor, f_source=other.id)
    assert found["f_of"] == "HC-2026-0002" and found["f_addressee"] == "自己填的"
    assert rows(found) == {"0-issue": "别的问题"}


def test_what_came_from_where_is_never_read_from_a_browser(
    signed_in: SignedIn, office: Office, check: Record, other: Record
) -> None:
    visitor = signed_in("zhangsan")
    begun(visitor, check)
    change(visitor, "save", carried="{}", f_addressee="自己填的")
    lie = json.dumps({"source": {"source": other.id, "inputs": {"f_addressee": ["自己填的"]}}})
    found = change(visitor, f_source=other.id, carried=lie)
    assert found["f_addressee"] == "自己填的" and found["f_of"] == "HC-2026-0002"
