"""The reader of blank Word forms: each way a blank is drawn, and what only looks like one.

The forms are drawn here, in words of our own (``drawn_forms``).
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from andu.cli.opening import form_types_here
from andu.papers import blanks
from andu.papers.blanks import Blank
from andu.papers.blanks.memory import remembered
from andu.papers.faults import PaperFault
from andu.papers.template.package import read_package, write_package
from tests.papers.drawn_forms import form, table
from tests.test_cli import Run, run

__all__ = ["run"]


def read(*blocks: str) -> blanks.Reading:
    return blanks.read(form(*blocks))


def said(*blocks: str) -> list[tuple[str, str]]:
    return [(one.label, one.kind) for one in read(*blocks).fields]


def only(*blocks: str) -> Blank:
    (found,) = read(*blocks).fields
    return found


def test_a_label_with_room_beside_it_is_a_field_and_its_spread_characters_are_joined() -> None:
    assert said("领用登记表", table("姓  名||联系电话|", "领用日期||数　量|", "备 注|3*")) == [
        ("姓名", "text"),
        ("联系电话", "phone"),
        ("领用日期", "date"),
        ("数量", "number"),
        ("备注", "text"),
    ]


def test_rows_beside_one_tall_label_belong_to_its_section() -> None:
    found = read(table("家长/情况|姓名||电话|", "^|单位||职务|", "姓名||电话|", "住址||邮编|")).fields
    told = {(one.section, one.label) for one in found}
    assert {("家长情况", "姓名"), ("家长情况", "职务")} <= told
    assert ("", "住址") in told


def test_a_photograph_is_an_attachment_and_no_section() -> None:
    found = read(table("姓名||贴一寸/照片", "民族||^")).fields
    assert [(one.label, one.kind, one.section) for one in found] == [
        ("姓名", "text", ""),
        ("照片", "attachments", ""),
        ("民族", "text", ""),
    ]


@pytest.mark.parametrize("first", ["", "1"])
def test_a_head_over_empty_rows_is_one_table(first: str) -> None:
    found = only("物资领用清单", table("序号|品名|用途", f"{first}||", "||"))
    assert (found.label, found.kind, found.columns) == ("物资领用清单", "table", ("序号", "品名", "用途"))


def test_a_table_takes_its_name_from_the_cell_beside_it_or_the_row_above() -> None:
    beside = only(table("培训/经历|起止时间|单位|内容", "^|||", "^|||"))
    above = only(table("3*奖惩情况（近三年）", "时间|名称|等级", "||", "||"))
    assert (beside.label, above.label) == ("培训经历", "奖惩情况")


def test_a_matrix_of_named_rows_is_one_table() -> None:
    found = only("测评表", table("评议内容|好|中|差", "学习情况|||", "工作实绩|||"))
    assert (found.kind, found.columns) == ("table", ("评议内容", "好", "中", "差"))


@pytest.mark.parametrize(
    ("text", "label", "kind"),
    [
        ("编制单位：<u>          </u>", "编制单位", "text"),
        ("编制单位：________", "编制单位", "text"),
        ("日    期：<u>          </u>", "日期", "date"),
        ("共<u>    </u>件", "件数", "number"),
        ("兹有<u>      </u>前来办理手续。", "姓名", "text"),
        ("因<u>        </u>原因不能到会，特此说明。", "原因", "text"),
    ],
)
def test_a_drawn_line_is_a_blank_and_its_words_the_label(text: str, label: str, kind: str) -> None:
    found = only("说明函", text)
    assert (found.label, found.kind) == (label, kind)


def test_underlined_words_are_no_blank() -> None:
    assert said("通知书", "请于<u> 示例镇政府 </u>领取。") == []


def test_year_month_day_is_a_date_and_two_of_them_one_stretch_of_time() -> None:
    assert said("登记表", "填表日期：    年   月   日") == [("填表日期", "date")]
    assert said(table("实习时间|   年  月  日 至    月   日")) == [("实习时间", "date")]
    assert said(table("发生时间|   年  月  日  时  分")) == [("发生时间", "datetime")]


def test_a_birth_date_in_words_is_a_label_and_no_blank() -> None:
    assert said(table("出生年月日||姓名|")) == [("出生年月日", "date"), ("姓名", "text")]


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        ("□来信 □来访 □其他", ("来信", "来访", "其他")),
        ("来信□  来访□  其他□", ("来信", "来访", "其他")),
        ("☐来信；☐来访。", ("来信", "来访")),
        ("来信（  ） 来访（  ）", ("来信", "来访")),
    ],
)
def test_boxes_on_either_side_of_the_word_are_choices(cell: str, choices: tuple[str, ...]) -> None:
    found = only(table(f"信访形式|{cell}"))
    assert (found.label, found.kind, found.choices) == ("信访形式", "choice", choices)


def test_a_line_behind_the_last_box_asks_for_more_about_it() -> None:
    assert said(table("方式|□当面  □其他：____")) == [("方式", "choice"), ("方式（其他）", "text")]


def test_sentences_with_a_box_each_are_one_list_to_tick() -> None:
    found = only(table("检查内容|1.灭火器在有效期内。   □/2.通道没有堆放杂物。   □/3.线路没有老化。   □"))
    assert (found.label, found.kind, len(found.choices)) == ("检查内容", "choices", 3)


def test_an_opinion_has_room_of_its_own_only_where_there_is_room() -> None:
    room = said(table("单位意见|//（盖章）/负责人签字：      年  月  日"))
    assert room == [
        ("单位意见", "longtext"),
        ("单位盖章", "seal"),
        ("负责人签字", "signature"),
        ("日期", "date"),
    ]
    printed = said(table("导师意见|我已了解并同意该生的计划，请按规定办理有关手续。/签名：/    年  月  日"))
    assert printed == [("导师签名", "signature"), ("日期", "date")]


def test_what_the_approver_fills_in_is_the_offices() -> None:
    found = {one.label: one.by for one in read(table("申请理由|", "分管领导/审批|", "审核意见|")).fields}
    assert found == {"申请理由": "", "分管领导审批": "office", "审核意见": "office"}


def test_a_word_that_says_how_to_fill_is_no_answer() -> None:
    assert said(table("施工班组|（手工填写）|负责人|（手工签名）")) == [
        ("施工班组", "text"),
        ("负责人", "signature"),
    ]


def test_notes_clauses_and_statements_ask_nothing() -> None:
    clauses = [
        "承诺书",
        "本人郑重承诺如下：",
        "一、遵守规定，保守秘密；",
        "二、按时归还。",
        "注：本表一式____份。",
    ]
    assert said(*clauses, "承诺人签名：") == [("承诺人签名", "signature")]


def test_a_question_over_the_whole_width_is_answered_in_the_row_below() -> None:
    found = only(table("2*是否发生过事故？如何处理？", "2*//", "单位名称|示例"))
    assert (found.label, found.kind) == ("是否发生过事故如何处理", "longtext")


def test_a_filled_copy_is_noticed_and_nothing_of_it_is_kept() -> None:
    rows = ("姓名|张三|性别|男", "民族|汉族|学历|大专", "联系电话|13800000000|住址|示例镇示例一村", "备注|3*")
    reading = read("人员登记表", table(*rows))
    assert [one.label for one in reading.fields] == [
        "姓名",
        "性别",
        "民族",
        "学历",
        "联系电话",
        "住址",
        "备注",
    ]
    told = json.dumps(reading.as_data(), ensure_ascii=False)
    assert "填过的旧表" in told
    assert not re.search("张三|汉族|大专|13800000000|示例一村", told)


def test_the_memory_of_labels_comes_before_the_endings(run: Run) -> None:
    known = remembered(form_types_here())
    assert known["登记时间"] == "datetime"
    found = blanks.read(form(table("登记时间|")), known).fields
    assert [one.kind for one in found] == ["datetime"]


def test_the_command_lists_the_blanks_as_json_and_as_lines(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "空白.docx"
    path.write_bytes(form("领用登记表", table("姓名|", "签名|")))
    told: dict[str, Any] = json.loads(run("paper", "read", path, "--json").stdout)
    assert told["title"] == "领用登记表"
    assert [one["label"] for one in told["fields"]] == ["姓名", "签名"]
    assert "姓名　text　表1 第1行 第2列" in run("paper", "read", path).stdout


def test_an_old_doc_is_read_through_libreoffice(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "旧表.docx"
    path.write_bytes(form("领用登记表", table("姓名||电话|")))
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={tmp_path.as_uri()}/profile", "--convert-to", "doc",
         "--outdir", tmp_path, path],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(run("paper", "read", path.with_suffix(".doc"), "--json").stdout)
    assert [one["label"] for one in told["fields"]] == ["姓名", "电话"]


@pytest.mark.parametrize("data", [b"", b"no word file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken"])
def test_what_is_no_word_file_gets_a_sentence(run: Run, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "坏表.docx"
    path.write_bytes(data)
    done = run("paper", "read", path)
    assert done.exit_code == 1
    assert done.stderr.startswith("坏表.docx：")
    assert run("paper", "read", tmp_path / "没有.docx").exit_code == 1


def test_a_document_with_a_dtd_is_not_read() -> None:
    parts = read_package(form(table("姓名|")))
    body = parts["word/document.xml"].decode()
    parts["word/document.xml"] = body.replace(
        "<w:document", '<!DOCTYPE w [<!ENTITY a "b">]><w:document', 1
    ).encode()
    with pytest.raises(PaperFault):
        blanks.read(write_package(parts))
