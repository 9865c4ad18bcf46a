"""The drafted paper of any form is whole and sound; the shipped papers hold shortest and longest answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from andu.formtypes.definition import FormType
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.checks import layout
from andu.papers.checks.contract import check
from andu.papers.drawing import form_tables
from andu.papers.drawing.drafting import INTERNAL, draft_paper
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.papers.template.package import read_package
from andu.settings import Settings
from tests.formtypes.making import form_of
from tests.papers.making import Line, context_of, lines_of, part_of, text_of

ROOT = Path(__file__).parents[2]
FORMS = Catalogue.load(ROOT / "forms").all()
BY_SLUG = {form_type.slug: form_type for form_type in FORMS}
INTERNAL_FORMS = [form_type for form_type in FORMS if form_type.paper == INTERNAL]
SIGNED_ONE_BY_ONE = [
    form_type
    for form_type in INTERNAL_FORMS
    if not (form_type.signatures.statement or form_type.signatures.enough)
]
PAPERS = {
    form_type.slug: (ROOT / "doc_templates" / f"{form_type.slug}.docx").read_bytes() for form_type in FORMS
}
by_slug = pytest.mark.parametrize("form_type", FORMS, ids=lambda form_type: form_type.slug)
by_internal_slug = pytest.mark.parametrize("form_type", INTERNAL_FORMS, ids=lambda form_type: form_type.slug)


def filled(form_type: FormType, worst: bool = False, number: str = "", signed: bool = False) -> bytes:
    return compile_template(PAPERS[form_type.slug]).fill(context_of(form_type, worst, number, signed))


def printed_texts(face: object) -> list[str]:
    """All texts of a paper face, line by line."""
    if isinstance(face, str):
        return face.split("\n")
    if isinstance(face, dict):
        return [text for part in face.values() for text in printed_texts(part)]
    return [text for part in face for text in printed_texts(part)] if isinstance(face, list) else []


def squeezed(text: str) -> str:
    """Without white space: a title has breaks on paper."""
    return "".join(text.split())


@by_slug
def test_draft_of_a_shipped_form_agrees_with_it(form_type: FormType) -> None:
    assert check(form_type, draft_paper(form_type)) == []


@pytest.mark.parametrize("slug", [form_type.slug for form_type in FORMS if form_type.paper != INTERNAL])
def test_official_paper_is_as_drafted(slug: str) -> None:
    assert read_package(PAPERS[slug]) == read_package(draft_paper(BY_SLUG[slug]))


@by_slug
def test_draft_is_the_same_each_time(form_type: FormType) -> None:
    assert draft_paper(form_type) == draft_paper(form_type)


@pytest.mark.parametrize("worst", [False, True], ids=["plain", "worst"])
@by_slug
def test_shipped_paper_shows_every_printed_answer_of_a_sample(form_type: FormType, worst: bool) -> None:
    text = squeezed(text_of(filled(form_type, worst)))
    context = context_of(form_type, worst)
    asked = [field.key for field in form_type.fields if field.printed and not field.confidential]
    unsaid = {"无"}  # 紧急程度 of a document that has none is not printed
    if form_type.paper != INTERNAL:
        unsaid |= {str(row) for row in range(1, 21)}  # rows are numbered 一、二、
    said = {one for key in asked for one in printed_texts(context[key])}
    assert {one for one in said if squeezed(one) not in text} <= unsaid


@by_slug
def test_filled_paper_and_its_template_are_sound_for_word(
    form_type: FormType, tmp_path: Path, assert_valid_docx: Callable[[Path], None]
) -> None:
    for name, docx in (("template", PAPERS[form_type.slug]), ("filled", filled(form_type, signed=True))):
        path = tmp_path / f"{name}.docx"
        path.write_bytes(docx)
        assert_valid_docx(path)


@by_slug
def test_paper_names_no_author_and_carries_no_foreign_parts(form_type: FormType) -> None:
    parts = read_package(filled(form_type))
    core = etree.fromstring(parts["docProps/core.xml"])
    assert [element.text for element in core if "title" not in str(element.tag) and element.text] == []
    foreign = (
        "custom|comments|stylesWithEffects|media/(?!qr)|embed"  # the one picture is that of the check code
    )
    assert [name for name in parts if re.search(foreign, name)] == []


@by_internal_slug
def test_number_shows_once_it_is_there_and_a_blank_says_so(form_type: FormType) -> None:
    assert "（未编号）" in text_of(filled(form_type))
    numbered = filled(form_type, number="XX-2026-0007")
    assert "编号：XX-2026-0007" in text_of(numbered)
    assert "XX-2026-0007" in text_of(numbered, "word/footer_default.xml")


@pytest.mark.parametrize("form_type", SIGNED_ONE_BY_ONE, ids=lambda form_type: form_type.slug)
def test_signature_shows_name_opinion_and_day_once_given_and_leaves_room_for_ink(form_type: FormType) -> None:
    unsigned, signed = text_of(filled(form_type)), text_of(filled(form_type, signed=True))
    count = len(re.findall("签名（手写）：", unsigned))
    receipts = len(re.findall("签收人（签名）：　+\n签收时间：　　　　年　　月　　日　　时", unsigned))
    assert receipts == sum(slot.after_number for slot in form_type.signatures.slots)
    assert count + receipts >= len(form_type.signatures.slots)
    assert len(re.findall("年　　月　　日", unsigned)) == count + receipts
    assert "李四" not in re.findall("姓名：(.*?)单位", unsigned)
    assert len(re.findall("意见：情况属实\n姓名：李四.*\n签名（手写）：　*\t2026年11月2日", signed)) == count


ENDORSED = """
- {key: subject, kind: text, label: 事由}
"""
ENDORSING = """
signatures:
  statement: 本人对本报告负责。
  slots:
    - {key: checker, label: 核查人, roles: [clerk]}
    - {key: head, label: 单位负责人, roles: [head]}
"""


def test_people_who_answer_for_a_report_together_sign_in_one_table() -> None:
    form_type = form_of(ENDORSED, ENDORSING)
    docx = draft_paper(form_type)
    assert check(form_type, docx) == []
    table = part_of(docx, "word/document.xml").findall(".//{*}tbl")[-1]
    texts = [["".join(cell.itertext()) for cell in row.iter("{*}tc")] for row in table.iter("{*}tr")]
    assert texts[:3] == [
        ["签字背书"],
        ["本人对本报告负责。"],
        ["签字人", "意见", "姓名和职务", "签名（手写）", "日期"],
    ]
    assert [row[0] for row in texts[3:]] == ["核查人", "单位负责人"]
    assert [row[3] for row in texts[3:]] == ["", ""], "room for ink"
    signed = text_of(compile_template(docx).fill(context_of(form_type, signed=True)))
    assert signed.count("情况属实\n李四\n示例一村\n村党总支书记\n\n2026年11月2日") == 2


def test_what_was_not_asked_takes_no_room_but_what_a_signer_writes_does() -> None:
    form_type = form_of(
        """
        - {key: method, kind: choice, label: 方式, choices: [当面, 邮寄], sample: 当面}
        - {key: address, kind: text, label: 邮寄地址, show_when: {field: method, is: 邮寄}}
        - {key: missing, kind: text, label: 缺失情况, show_when: {field: method, is: 邮寄}}
        """,
        "signatures: {slots: [{key: head, label: 负责人, roles: [head], fields: [missing]}]}\n",
    )
    paper = compile_template(draft_paper(form_type))
    context = context_of(form_type) | {"address": "", "missing": ""}
    assert "邮寄地址" not in text_of(paper.fill(context))
    assert "缺失情况" in text_of(paper.fill(context))
    assert "邮寄地址" in text_of(paper.fill(context | {"address": "示例路1号"}))


def test_long_answers_of_a_table_are_printed_item_by_item_and_not_in_strips() -> None:
    columns = "[{key: a, kind: longtext, label: 问题}, {key: b, kind: longtext, label: 事实}]"
    form_type = form_of(f"- {{key: list, kind: table, label: 清单, columns: {columns}}}")
    docx = draft_paper(form_type)
    assert check(form_type, docx) == []
    rows = [{"no": "1", "a": "甲一", "b": "甲二"}, {"no": "2", "a": "乙一", "b": "乙二"}]
    text = text_of(compile_template(docx).fill({**context_of(form_type), "list": rows}))
    assert re.findall("第 . 项|[甲乙][一二]", text) == ["第 1 项", "甲一", "甲二", "第 2 项", "乙一", "乙二"]


def test_check_code_stands_in_the_foot_of_a_form_and_a_draft_has_none() -> None:
    form_type = form_of()
    paper = compile_template(draft_paper(form_type))
    foot = text_of(paper.fill(context_of(form_type)), "word/footer_default.xml")
    assert "核对码　K7Q2-9FJM-3X0T" in foot
    draft = paper.fill(context_of(form_type) | {"check_code": ""})
    assert "核对码" not in text_of(draft, "word/footer_default.xml")
    assert [name for name in read_package(draft) if "media" in name] == []


def test_feedback_to_a_reporter_is_printed_twice_and_names_the_code_only_on_the_copy_kept() -> None:
    text = text_of(filled(BY_SLUG["feedback_notice"]))
    delivered, kept = text.split("存卷联")
    assert "送达联" in delivered and "不属实" in delivered
    for secret in ("R-7F3K", "DJ-XS-2025-0001", "示例二村有关经营秩序的问题", "2025年3月"):
        assert secret not in delivered
        assert secret in kept


def test_what_a_reporter_takes_home_tells_nobody_that_there_was_a_report() -> None:
    docx = filled(BY_SLUG["feedback_notice"])
    delivered = text_of(docx).split("存卷联")[0]
    foot = text_of(docx, "word/footer_default.xml")
    title = text_of(docx, "docProps/core.xml") or read_package(docx)["docProps/core.xml"].decode()
    for word in ("举报", "反映", "线索", "核查", "扫黑", "反馈"):
        assert word not in delivered + foot + title
    assert "中共示例镇委员会\n2026年11月2日" in delivered, "signed in full"
    assert "核对码　K7Q2-9FJM-3X0T" in foot


@by_internal_slug
def test_rows_stay_whole_and_labels_keep_their_width(form_type: FormType) -> None:
    body = part_of(PAPERS[form_type.slug], "word/document.xml")
    assert all(row.find("{*}trPr/{*}cantSplit") is not None for row in body.iter("{*}tr"))
    assert [
        layout.get(layout.keys()[0]) for layout in body.iter("{*}tblLayout") if layout.values() != ["fixed"]
    ] == []
    assert {color.values()[0] for color in body.iter("{*}color")} <= {"000000"}


def test_each_run_names_its_chinese_face_itself() -> None:
    for form_type in FORMS:
        body = part_of(PAPERS[form_type.slug], "word/document.xml")
        faces = [fonts.get(f"{{{fonts.nsmap['w']}}}eastAsia") for fonts in body.iter("{*}rFonts")]
        runs = sum(1 for _run in body.iter("{*}r"))
        assert len(faces) >= runs
        assert set(faces) <= {"宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"}


def test_confidential_answers_are_on_no_paper_but_their_code_is() -> None:
    registration = BY_SLUG["clue_registration"]
    canaries = {key: f"金丝雀{number}" for number, key in enumerate(sorted(registration.confidential_keys))}
    assert canaries
    paper = compile_template(PAPERS["clue_registration"]).fill({**context_of(registration), **canaries})
    assert [name for name, part in read_package(paper).items() if "金丝雀".encode() in part] == []
    assert "R-7F3K" in text_of(paper)


def test_meeting_notice_numbers_its_parts_alike_and_writes_its_hour_as_people_do() -> None:
    context = context_of(BY_SLUG["meeting_notice"]) | {"meeting_at": "2026年3月10日 09:30"}
    text = text_of(compile_template(PAPERS["meeting_notice"]).fill(context))
    parts = re.findall("^([一二三四五六]、[^：\n]+)", text, re.M)
    assert parts == ["一、会议时间", "二、会议地点", "三、参会人员", "四、会议议题", "五、会议要求"]
    assert "一、会议时间：2026年3月10日9:30\n" in text


def test_a_heading_of_an_official_document_stays_with_what_follows_it() -> None:
    context = context_of(BY_SLUG["official_notice"]) | {
        "body": "（一）提高认识\n各村要这样做：\n（二）抓好落实。要落实。"
    }
    docx = compile_template(PAPERS["official_notice"]).fill(context)
    kept = {
        "".join(each.itertext("{*}t")): each.find("{*}pPr/{*}keepNext") is not None
        for each in part_of(docx, "word/document.xml").iter("{*}p")
    }
    assert kept["（一）提高认识"] and kept["各村要这样做："]
    assert kept["（二）抓好落实。要落实。"], "the last stays with 署名"


def test_handover_is_printed_as_three_copies() -> None:
    handover = BY_SLUG["clue_handover"]
    text = text_of(filled(handover))
    copies = ("第一联　移交单位存", "第二联　接收单位存", "第三联　回执")
    assert [text.count(copy) for copy in copies] == [1, 1, 1]
    assert text.index(copies[0]) < text.index(copies[1]) < text.index(copies[2])


def test_draft_can_print_copies_of_any_form() -> None:
    form_type = form_of()
    docx = draft_paper(form_type, ["第一联　存根", "第二联　送达"])
    assert check(form_type, docx) == []
    text = text_of(compile_template(docx).fill(context_of(form_type)))
    assert [text.count("示例镇示例表单"), text.count("第一联"), text.count("第二联")] == [2, 1, 1]


def test_form_that_only_asks_for_signatures_has_a_draft() -> None:
    rest = "signatures:\n  slots:\n    - {key: head, label: 单位负责人, roles: [head], unit: own, order: 1}\n"
    form_type = form_of("", rest)
    hidden = replace(form_type, sections=())
    assert check(hidden, draft_paper(hidden)) == []


def test_draft_prints_nothing_of_what_is_not_printed() -> None:
    form_type = form_of(
        """
        - {key: inner, kind: text, label: 内部备注, printed: false}
        - {key: reporter, kind: text, label: 举报人, confidential: true, printed: false}
        """
    )
    text = text_of(draft_paper(form_type))
    assert "内部备注" not in text
    assert "举报人" not in text
    assert "confidential_code" in text


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("登记人", ["登记人"]),
        ("线索摘要（去识别）", ["线索摘要", "（去识别）"]),
        ("是否涉“保护伞”", ["是否涉", "“保护伞”"]),
        ("承办单位主要负责人", ["承办单位", "主要负责人"]),
        ("签发（扫黑办主任）", ["签发", "（扫黑办主任）"]),
        ("镇扫黑办主任（审结）", ["镇扫黑办主任", "（审结）"]),
        ("与登记不一致的说明", ["与登记", "不一致的说明"]),
        ("督办（约谈、通报）号", ["督办（约谈、", "通报）号"]),
        ("签收（镇扫黑除恶办公室主任）", ["签收（镇扫黑", "除恶办公室", "主任）"]),
    ],
)
def test_long_label_is_folded_between_its_words(label: str, lines: list[str]) -> None:
    assert form_tables.folded(label, 7).split("\n") == lines


def test_table_of_many_columns_keeps_the_width_of_the_page() -> None:
    columns = "\n".join(f"    - {{key: c{n}, kind: text, label: 第{n}列的名称很长}}" for n in range(12))
    form_type = form_of(f"- key: wide\n  kind: table\n  label: 宽表\n  columns:\n{columns}\n")
    (table,) = [
        each
        for each in part_of(draft_paper(form_type), "word/document.xml").iter("{*}tbl")
        if "宽表" in "".join(each.itertext())
    ]
    widths = [int(column.values()[0]) for column in table.iter("{*}gridCol")]
    assert sum(widths) == form_tables.PAGE.width
    assert min(widths) > 300


def rows_of_all_lengths() -> bytes:
    """The paper of a form whose table has rows of 12 lines, and one of 80."""
    columns = "columns: [{key: text, kind: longtext, label: 内容}]"
    form_type = form_of(f"- {{key: list, kind: table, label: 清单, max_rows: 20, {columns}}}")
    texts = ["\n".join(f"短{row}之{line}" for line in range(12)) for row in range(9)]
    texts.append("\n".join(f"长{line}" for line in range(80)))
    rows = [{"no": str(number), "text": text} for number, text in enumerate(texts, start=1)]
    return compile_template(draft_paper(form_type)).fill({**context_of(form_type), "list": rows})


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[bytes, bytes]]:
    """The internal papers and their PDFs as LibreOffice makes them: plain samples, the longest of one."""
    wanted = {form_type.slug: filled(form_type, signed=True) for form_type in INTERNAL_FORMS}
    wanted["rows"] = rows_of_all_lengths()
    wanted["worst"] = filled(BY_SLUG["clue_handover"], worst=True, number="YJ-2026-0003", signed=True)
    made = Converter(Settings().fonts).many(list(wanted.values()))
    pdfs = [pdf for pdf in made if isinstance(pdf, bytes)]
    assert len(pdfs) == len(wanted), made
    return {name: (wanted[name], pdf) for name, pdf in zip(wanted, pdfs, strict=True)}


@pytest.fixture(scope="module")
def pages(
    printed: dict[str, tuple[bytes, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Line]]:
    """Their lines."""
    folder = tmp_path_factory.mktemp("internal")
    for name, (_docx, pdf) in printed.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return {name: lines_of(folder / f"{name}.pdf") for name in printed}


@by_internal_slug
def test_printed_form_has_no_fault_that_would_stop_its_number(
    printed: dict[str, tuple[bytes, bytes]], form_type: FormType
) -> None:
    found = layout.checked(*printed[form_type.slug], layout.INTERNAL).findings
    assert [str(one) for one in found if one.severity == layout.ERROR] == []


@pytest.mark.parametrize(
    ("name", "count"), [("clue_registration", 2), ("clue_handover", 3), ("completion_report", 2)]
)
def test_plain_sample_takes_few_pages(pages: dict[str, list[Line]], name: str, count: int) -> None:
    assert max(line.page for line in pages[name]) == count


def test_each_copy_of_the_handover_has_a_page_of_its_own(pages: dict[str, list[Line]]) -> None:
    found = {line.text[:3]: line.page for line in pages["clue_handover"] if re.match("第.联", line.text)}
    assert found == {"第一联": 1, "第二联": 2, "第三联": 3}


@pytest.mark.parametrize("name", ["clue_registration", "clue_handover", "completion_report", "worst"])
def test_nothing_leaves_the_page_and_every_page_says_which_it_is(
    pages: dict[str, list[Line]], name: str
) -> None:
    page = form_tables.PAGE
    left, right = page.left / 56.7, 210 - page.right / 56.7
    assert [line for line in pages[name] if line.left < left - 0.5 or line.right > right + 1] == []
    last = max(line.page for line in pages[name])
    foots = [line.text for line in pages[name] if line.top > 297 - page.bottom / 56.7]
    assert [
        f"第{number}页共{last}页" in "".join(foots).replace("　", "") for number in range(1, last + 1)
    ] == [True] * last


@pytest.mark.parametrize(
    ("name", "matter"),
    [("clue_registration", "拟办意见"), ("clue_handover", "清点结论"), ("completion_report", "是否可销号")],
)
def test_signatures_stand_on_the_page_of_what_is_signed(
    pages: dict[str, list[Line]], name: str, matter: str
) -> None:
    signed = {line.page for line in pages[name] if "签名（手写）" in line.text}
    assert signed == {line.page for line in pages[name] if matter in line.text}


def test_row_is_split_only_where_it_is_longer_than_a_page(pages: dict[str, list[Line]]) -> None:
    lines = pages["rows"]
    short = [[line.page for line in lines if line.text.startswith(f"短{row}")] for row in range(9)]
    assert all(len(found) == 12 and len(set(found)) == 1 for found in short)
    assert {line.page for line in lines if line.text.startswith("短")} > {1}
    long = [line for line in lines if line.text.startswith("长")]
    assert [line.text for line in long] == [f"长{number}" for number in range(80)], "no line of it is lost"
    assert len({line.page for line in long}) == 3
    assert {line.page for line in lines if line.text == "内容"} == {line.page for line in lines}


def test_head_of_a_long_list_repeats_on_each_of_its_pages(pages: dict[str, list[Line]]) -> None:
    heads = {line.page for line in pages["worst"] if "材料名称" in line.text}
    assert len(heads) > 3
