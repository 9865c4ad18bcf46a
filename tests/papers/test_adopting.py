"""``form adopt``: a blank Word form becomes a form type and a paper that agree, and looks as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from andu.formtypes.language.reading import read_text
from andu.papers.blanks.adopting import adopt
from andu.papers.blanks.keys import Keys
from andu.papers.template import compile_template
from tests.papers.drawn_forms import form, table
from tests.papers.making import part_of
from tests.test_cli import Run, run

__all__ = ["run"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lines(docx: bytes) -> list[str]:
    body = part_of(docx, "word/document.xml")
    return ["".join(one.text or "" for one in paragraph.iter(f"{W}t")) for paragraph in body.iter(f"{W}p")]


def leave_form() -> bytes:
    return form(
        "休假申请单",
        "部门：<u>        </u>　填表日期：    年   月   日",
        table(
            "姓  名||联系电话|",
            "休假种类|3*□年休假 □病假 □其他",
            "休假安排|日期|天数|说明",
            "^|||",
            "^|||",
            "^|||",
            "部门意见|3*//负责人签字：      年   月   日",
        ),
        "申请人签名：",
    )


def test_fields_slots_and_choices_come_from_the_paper() -> None:
    text, _paper, _found = adopt(leave_form(), {}, "doc")
    form_type = read_text(text, "leave")
    kinds = {field.label: field.kind for field in form_type.fields}
    assert kinds == {
        "部门": "text",
        "填表日期": "date",
        "姓名": "text",
        "联系电话": "phone",
        "休假种类": "choice",
        "休假安排": "table",
    }
    (choice,) = [field for field in form_type.fields if field.kind == "choice"]
    assert list(choice.settings["choices"]) == ["年休假", "病假", "其他"]
    slots = form_type.signatures.slots
    assert [(slot.label, slot.author) for slot in slots] == [("负责人签字", False), ("申请人签名", True)]


def test_the_paper_keeps_its_words_and_takes_the_answers() -> None:
    _text, paper, _found = adopt(leave_form(), {}, "doc")
    name = {
        "name": "李四",
        "date": "2026年11月30日",
        "opinion": "同意。",
        "label": "",
        "post": "",
        "unit": "",
    }
    values = {
        "bu_men": "示例一村", "tian_biao_ri_qi": "2026年11月28日", "xing_ming": "张三",
        "lian_xi_dian_hua": "13800000000", "xiu_jia_zhong_lei": "病假", "number": "DOC-2026-0001",
        "xiu_jia_an_pai": [{"ri_qi": "12月1日", "tian_shu": "2", "shuo_ming": "复查", "no": 1}],
        "sign": {"signer_1": name, "signer_2": {**name, "name": "张三"}},
    }  # fmt: skip
    filled = [line for line in lines(compile_template(paper).fill(values)) if line.strip()]
    assert filled[:2] == ["休假申请单", "部门：示例一村　填表日期：2026年11月28日"]
    assert "□年休假　☑病假　□其他" in filled
    assert filled[-3:] == ["同意。", "负责人签字：李四2026年11月30日", "申请人签名：张三"]
    rows = part_of(compile_template(paper).fill(values), "word/document.xml").iter(f"{W}tr")
    assert len(list(rows)) == 7, "rows that nobody filled stay on the page"


def test_a_number_of_the_forms_own_takes_the_number_and_else_the_foot_does() -> None:
    own = adopt(form("登记表", "编号：________", table("姓名|")), {}, "doc")[1]
    assert "编号：{{ number }}" in lines(own)
    foot = adopt(form("登记表", table("姓名|")), {}, "doc")[1]
    assert not any("number" in line for line in lines(foot))
    assert "{{ number }}" in "".join(part_of(foot, "word/footer_number.xml").itertext())


@pytest.mark.parametrize(
    ("label", "key"),
    [("出生日期", "chu_sheng_ri_qi"), ("（一）", "yi"), ("loop", "loop_1"), ("2026年", "f_2026_nian")],
)
def test_keys_are_pinyin_and_never_a_name_of_every_paper(label: str, key: str) -> None:
    assert Keys().of(label) == key


def test_a_key_given_twice_is_told_apart_and_long_ones_are_cut() -> None:
    keys = Keys()
    assert [keys.of("姓名"), keys.of("姓名")] == ["xing_ming", "xing_ming_2"]
    assert len(keys.of("一" * 60)) <= 40


def test_the_command_makes_both_files_and_they_pass_the_check(run: Run, tmp_path: Path) -> None:
    blank, folder = tmp_path / "休假申请单.docx", tmp_path / "made"
    blank.write_bytes(leave_form())
    done = run("form", "adopt", blank, folder)
    assert done.exit_code == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [
        "xiu_jia_shen_qing_dan.docx",
        "xiu_jia_shen_qing_dan.yaml",
    ]
    checked = run("forms", "check", "--forms", folder, "--templates", folder)
    assert (checked.exit_code, checked.stderr) == (0, "")


def test_a_page_that_asks_nothing_is_refused_with_a_sentence(run: Run, tmp_path: Path) -> None:
    blank = tmp_path / "说明.docx"
    blank.write_bytes(form("使用说明", "这里没有要填写的内容。"))
    done = run("form", "adopt", blank, tmp_path / "made")
    assert done.exit_code == 1
    assert "没有找到要填写的地方" in done.stderr
    assert not (tmp_path / "made").exists()


def test_rows_that_are_printed_stay_and_each_open_cell_is_a_field() -> None:
    rows = ("序号|村名|在册户数|是否到位", "1|示例一村||□是 □否", "2|示例二村||□是 □否", "2*合计||")
    text, paper, _found = adopt(form("统计表", "填报人：________", table(*rows)), {}, "doc")
    kinds = [(one.label, one.kind) for one in read_text(text, "count").fields][1:]
    assert kinds == [
        ("示例一村：在册户数", "number"),
        ("示例一村：是否到位", "choice"),
        ("示例二村：在册户数", "number"),
        ("示例二村：是否到位", "choice"),
    ]
    told = "".join(lines(paper))
    assert "1示例一村{{ shi_li_yi_cun" in told and "合计" in told


def test_words_behind_the_boxes_stay_on_the_paper() -> None:
    text, paper, _found = adopt(form("申请表", table("资助情况|□ 是 □ 否 获得单位培训资助")), {}, "doc")
    (field,) = read_text(text, "grant").fields
    assert field.label == "是否获得单位培训资助"
    assert any(line.endswith("获得单位培训资助") and "tick" in line for line in lines(paper))


def test_a_table_wider_than_a_form_may_be_keeps_its_last_columns_for_the_pen() -> None:
    heads = "|".join(f"项目{sign}" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯")
    blank = "|" * 13
    text, paper, _found = adopt(form("登记表", table("姓名|" + "|" * 12, heads, blank, blank)), {}, "doc")
    tables = [one for one in read_text(text, "wide").fields if one.kind == "table"]
    assert [len(one.columns) for one in tables] == [12]
    assert sum("{{ row." in line for line in lines(paper)) == 12
