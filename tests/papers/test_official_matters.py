"""What an official form asks beyond the elements of the format: answers, texts and tables below 正文."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.drawing.drafting import draft_paper
from andu.papers.template import compile_template
from tests.formtypes.making import form_of
from tests.papers.making import common_values, context_of, part_of, text_of

ROOT = Path(__file__).parents[2]
SHIPPED = {form.slug: form for form in Catalogue.load(ROOT / "forms")}
BODY = "- {key: title, kind: text, label: 标题}\n- {key: body, kind: longtext, label: 正文, required: true}\n"
ROWS = """
- key: decisions
  kind: table
  label: 议定事项
  required: true
  columns:
    - {key: matter, kind: text, label: 事项}
    - {key: unit, kind: text, label: 责任单位}
    - {key: due, kind: text, label: 时限}
"""
TWO = """
- key: units
  kind: table
  label: 单位
  required: true
  columns: [{key: unit, kind: text, label: 单位}, {key: situation, kind: text, label: 情况}]
"""


def official(fields: str, kind: str = "通知") -> FormType:
    return replace(form_of(BODY + fields), paper=kind)


def printed(form_type: FormType, **answers: Any) -> list[str]:
    """The lines of the drafted paper, filled with these answers."""
    blank: dict[str, Any] = {field.key: [] if field.columns else "" for field in form_type.fields}
    values = blank | {"title": "关于示例的通知", "body": "现通知如下。"} | answers
    docx = compile_template(draft_paper(form_type)).fill(
        values | common_values(form_type, "示发〔2026〕13号")
    )
    return [line for line in text_of(docx).split("\n") if line.strip()]


def rows(*each: dict[str, str]) -> list[dict[str, str]]:
    return [{"no": str(number), **row} for number, row in enumerate(each, start=1)]


def test_rows_of_the_only_table_are_numbered_paragraphs_after_a_sentence() -> None:
    decisions = rows(
        {"matter": "逐条对账", "unit": "镇扫黑办", "due": "2026年11月20日"},
        {"matter": "入户宣传", "unit": "示例一村", "due": "2026年11月30日"},
    )
    lines = printed(official(ROWS), decisions=decisions)
    at = lines.index("议定事项：")
    assert lines[at + 1 : at + 3] == [
        "一、逐条对账（责任单位：镇扫黑办；时限：2026年11月20日）。",
        "二、入户宣传（责任单位：示例一村；时限：2026年11月30日）。",
    ]


def test_several_matters_have_headings_without_gaps_whatever_is_left_out() -> None:
    fields = (
        "- {key: late, kind: longtext, label: 未报单位}\n"
        + TWO
        + "- {key: demands, kind: longtext, label: 要求, required: true}\n"
    )
    told = {"units": rows({"unit": "示例一村", "situation": "迟报2天"}), "demands": "（一）逐条整改。"}
    lines = printed(official(fields), **told)
    at = lines.index("现通知如下。")
    assert lines[at + 1 : at + 5] == ["一、单位", "（一）示例一村：迟报2天。", "二、要求", "（一）逐条整改。"]
    lines = printed(official(fields), late="示例二村", **told)
    assert lines[at + 1 : at + 4] == ["未报单位：", "示例二村", "一、单位"]


def test_where_and_when_they_met_stand_above_the_text_of_minutes_only() -> None:
    fields = "- {key: place, kind: text, label: 会议地点}\n- {key: recorder, kind: text, label: 记录人}\n"
    told = {"place": "三楼会议室", "recorder": "王五"}
    minutes = printed(official(fields, "纪要"), **told)
    assert minutes.index("地点：三楼会议室") < minutes.index("现通知如下。") < minutes.index("记录：王五")
    notice = printed(official(fields), **told)
    assert notice.index("现通知如下。") < notice.index("会议地点：三楼会议室") < notice.index("记录人：王五")


def test_date_and_organ_are_never_alone_after_the_last_matter() -> None:
    fields = "- {key: demands, kind: longtext, label: 要求, required: true}\n"
    document = draft_paper(official(fields))
    kept = [
        "".join(each.itertext())
        for each in part_of(document, "word/document.xml").iter("{*}p")
        if each.find(".//{*}keepNext") is not None
    ]
    assert "{{ p.text }}" in kept, "the last paragraph of the last matter stays with 署名"


def shipped(slug: str) -> str:
    template = compile_template((ROOT / "doc_templates" / f"{slug}.docx").read_bytes())
    return text_of(template.fill(context_of(SHIPPED[slug])))


def test_pledge_quotes_the_plan_word_for_word() -> None:
    quoted = (
        "“所有收集登记的线索，在收集登记、移交报送、档案整理全过程进行保密管理，"
        "个人不得擅自携带外出或者复制、拍摄、翻录、外宣。”"
    )
    text = shipped("pledge")
    assert quoted in text
    (plan,) = SHIPPED["official_notice"].field("issued").sample
    assert quoted.strip("“”") in plan["text"]
    assert "规定" not in text


def test_signin_sheet_has_a_column_to_sign_in_and_empty_rows() -> None:
    template = compile_template((ROOT / "doc_templates" / "meeting_signin.docx").read_bytes())
    form_type = SHIPPED["meeting_signin"]
    filled = template.fill(context_of(form_type))
    table = list(part_of(filled, "word/document.xml").iter("{*}tbl"))[1]
    cells = [["".join(cell.itertext()) for cell in row.iter("{*}tc")] for row in table.iter("{*}tr")]
    assert cells[1] == ["序号", "单位", "姓名", "职务", "签名", "电话", "备注"]
    people = len(context_of(form_type)["attendees"])
    assert all(row[1] and not row[4] for row in cells[2 : 2 + people])
    assert cells[2 + people :] == [[""] * 7] * 8
