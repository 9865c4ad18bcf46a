"""Papers made elsewhere are judged as well: looks from styles, theme and lists, and files that are broken."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document
from docx.shared import Pt
from lxml import etree

from andu.papers.checks import layout
from andu.papers.checks.layout import ERROR, Finding
from andu.papers.checks.layout.numbering import Numbering, in_chinese
from andu.papers.checks.layout.reading_docx import read_docx
from andu.papers.checks.layout.wording import is_full_date, level_of, looks_like_level
from andu.papers.pdf import Converter
from andu.papers.template.package import read_package, write_package
from andu.settings import Settings
from tests.papers.layout.papers import good
from tests.papers.layout.spoiling import Draft, W, spoilt
from tests.papers.making import docx_of

_NS = f'xmlns:w="{W[1:-1]}"'


def all_in_styles(draft: Draft) -> None:
    """No run says how it looks: a style of its paragraph does, which takes its face from another style."""
    styles = etree.fromstring(draft.parts["word/styles.xml"])
    names: dict[bytes, str] = {}
    for paragraph in draft.root.iter(f"{W}p"):
        looks = {etree.tostring(each.find(f"{W}rPr")) for each in paragraph.iter(f"{W}r")}
        whole = len(looks) == 1
        for run in paragraph.iter(f"{W}r"):
            properties = run.find(f"{W}rPr")
            kind = "paragraph" if whole else "character"
            name = _style(styles, names, properties, kind)
            run.remove(properties)
            if whole:
                _name_paragraph(paragraph, name)
            else:
                run.insert(0, etree.fromstring(f'<w:rPr {_NS}><w:rStyle w:val="{name}"/></w:rPr>'))
    draft.parts["word/styles.xml"] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8")


def _style(styles: etree._Element, names: dict[bytes, str], properties: etree._Element, kind: str) -> str:
    key = kind.encode() + etree.tostring(properties)
    if key not in names:
        names[key] = f"S{len(names)}"
        fonts = etree.tostring(properties.find(f"{W}rFonts"), encoding="unicode")
        rest = "".join(
            etree.tostring(each, encoding="unicode") for each in properties if not each.tag.endswith("rFonts")
        )
        for id_, parent, inner in ((f"{names[key]}face", "", fonts), (names[key], f"{names[key]}face", rest)):
            based = f'<w:basedOn w:val="{parent}"/>' if parent else ""
            text = (
                f'<w:style {_NS} w:type="{kind}" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{id_}"/>'
                f"{based}<w:rPr>{inner}</w:rPr></w:style>"
            )
            styles.append(etree.fromstring(text))
    return names[key]


def _name_paragraph(paragraph: etree._Element, name: str) -> None:
    properties = paragraph.find(f"{W}pPr")
    if properties.find(f"{W}pStyle") is None:
        properties.insert(0, etree.fromstring(f'<w:pStyle {_NS} w:val="{name}"/>'))


def other_face_in_styles(draft: Draft) -> None:
    all_in_styles(draft)
    draft.in_part("styles", "仿宋_GB2312", "宋体")


def from_python_docx() -> bytes:
    """A notice as someone types it who knows no rule: Letter paper, western styles, no red."""
    document = Document()
    heading = document.add_paragraph().add_run("示例镇人民政府文件")
    heading.font.size = Pt(30)
    for text in (
        "示政发[2026]005号", "关于做好示例工作的通知", "各村委会:", "现将有关事项通知如下。",
        "一.总体要求", "(一)提高认识", "示例镇人民政府", "2026年1月02日",
    ):  # fmt: skip
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PAPERS: dict[str, Callable[[], bytes]] = {
    "styles": lambda: spoilt(good("official_notice"), all_in_styles),
    "wrong styles": lambda: spoilt(good("official_notice"), other_face_in_styles),
    "elsewhere": from_python_docx,
    "plain": lambda: docx_of("请各单位填好后交回。"),
}


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[bytes, bytes]]:
    docxs = [make() for make in PAPERS.values()]
    pdfs = Converter(Settings().fonts).many(docxs)
    assert all(isinstance(pdf, bytes) for pdf in pdfs)
    return {name: each for name, each in zip(PAPERS, zip(docxs, pdfs, strict=True), strict=True)}  # type: ignore[misc]


def ids(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(each.rule, each.severity) for each in findings}


def test_a_paper_whose_looks_all_stand_in_styles_has_no_fault(made: dict[str, tuple[bytes, bytes]]) -> None:
    assert layout.checked(*made["styles"]) == layout.Checked("通知", [])


def test_a_wrong_face_in_a_style_is_found(made: dict[str, tuple[bytes, bytes]]) -> None:
    findings = layout.check(*made["wrong styles"], "通知")
    assert {("P4", "warning"), ("B4", "warning"), ("B5", "warning"), ("E2", "warning")} <= ids(findings)
    assert not layout.has_errors(findings)


def test_a_notice_typed_without_knowing_any_rule_hears_of_all_of_them(
    made: dict[str, tuple[bytes, bytes]],
) -> None:
    found = layout.checked(*made["elsewhere"])
    assert found.kind == "通知"
    errors = {rule for rule, severity in ids(found.findings) if severity == ERROR}
    assert {"P1", "P2", "H4", "H5", "H7", "B1", "B2", "B4", "B10", "E4"} <= errors
    assert {("B5", "warning"), ("P4", "warning"), ("B1", "warning")} <= ids(found.findings)


def test_a_paper_without_any_heading_is_judged_as_a_form(made: dict[str, tuple[bytes, bytes]]) -> None:
    assert layout.checked(*made["plain"]) == layout.Checked(layout.INTERNAL, [])
    assert ("H4", ERROR) in ids(layout.check(*made["plain"], "通知"))


def test_an_unknown_kind_is_judged_by_the_general_rules(made: dict[str, tuple[bytes, bytes]]) -> None:
    assert layout.check(*made["styles"], "便函") == []


def test_findings_come_in_the_same_order_each_time(made: dict[str, tuple[bytes, bytes]]) -> None:
    first, second = (layout.check(*made["elsewhere"], "通知") for _time in range(2))
    assert first == second
    assert [each.page for each in first] == sorted(each.page for each in first)


def test_what_offices_only_do_by_habit_is_not_called_a_standard(made: dict[str, tuple[bytes, bytes]]) -> None:
    docx = spoilt(good("official_notice"), lambda draft: draft.look("关于做好示例工作的通知", b="1"))
    (finding,) = layout.check(docx, made["styles"][1], "通知")
    assert (finding.severity, finding.clause) == ("practice", "")
    assert "GB/T" not in str(finding)


@pytest.mark.parametrize(
    "docx", [b"", b"PK\x03\x04", b"%PDF-1.7", docx_of("示例")[:300]], ids=["empty", "zip", "pdf", "cut off"]
)
def test_a_file_that_is_no_docx_is_one_finding(docx: bytes) -> None:
    (finding,) = layout.check(docx, b"", "通知")
    assert finding.severity == ERROR
    assert "docx" in finding.message


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n%%EOF", b"\x00" * 100])
def test_a_broken_pdf_is_one_finding(pdf: bytes) -> None:
    (finding,) = layout.check_internal(docx_of("示例"), pdf)
    assert "PDF" in finding.message


def test_odd_docx_are_judged_without_a_fault_of_ours(made: dict[str, tuple[bytes, bytes]]) -> None:
    def own_ancestor(draft: Draft) -> None:
        all_in_styles(draft)
        draft.in_part("styles", 'w:styleId="S1face"><w:name w:val="S1face"/>',
                      'w:styleId="S1face"><w:name w:val="S1face"/><w:basedOn w:val="S1"/>')  # fmt: skip

    def odd_numbers(draft: Draft) -> None:
        draft.in_part("document", 'w:sz w:val="32"', 'w:sz w:val="很大"')
        draft.in_part("document", 'w:top="2098"', 'w:top=""')

    def no_section(draft: Draft) -> None:
        for section in list(draft.root.iter(f"{W}sectPr")):
            section.getparent().remove(section)

    for spoil in (own_ancestor, odd_numbers, no_section, lambda draft: draft.parts.pop("word/styles.xml")):
        findings = layout.check(spoilt(good("official_notice"), spoil), made["styles"][1], "通知")
        assert not [each for each in findings if each.rule.startswith("F")], spoil


def test_text_of_boxes_is_read_once_and_deleted_text_is_not() -> None:
    box = (
        "<w:p><w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        "<mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p>"
        "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t>"
        "</w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:fldSimple w:instr='DATE'><w:r><w:t>域</w:t></w:r>"
        "</w:fldSimple></w:p>"
    )
    assert [each.text for each in read_docx(docx_of(box)).of("body")] == ["文本框", "增域"]


def test_a_face_from_the_theme_is_known() -> None:
    def themed(draft: Draft) -> None:
        draft.in_part("document", 'w:eastAsia="仿宋_GB2312"', 'w:eastAsiaTheme="minorEastAsia"')

    first = read_docx(spoilt(docx_of("示例"), themed)).of("body")[0]
    assert first.look.east == "仿宋_GB2312"


def test_numbers_that_word_sets_are_read() -> None:
    part = etree.fromstring(
        f'<w:numbering {_NS}><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    marks = [
        etree.fromstring(f'<w:numPr {_NS}><w:ilvl w:val="{depth}"/><w:numId w:val="7"/></w:numPr>')
        for depth in (0, 1, 1, 0, 1)
    ]
    numbering = Numbering(part)
    assert [numbering.label(mark) for mark in marks] == ["一、", "（1）", "（2）", "二、", "（1）"]
    assert [in_chinese(count) for count in (10, 11, 20, 99)] == ["十", "十一", "二十", "九十九"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("一、总则", 1),
        ("（十二）其他", 2),
        ("3. 第三", 3),
        ("（4）第四", 4),
        ("2026年", 0),
        ("1.5万元", 0),
        ("（一）、", 0),
    ],
)
def test_levels_are_known_by_their_marks(text: str, level: int) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize("text", ["(一)总则", "1、第一", "一.总则", "（一）、总则", "〔1〕第一"])
def test_marks_that_are_nearly_right_are_noticed(text: str) -> None:
    assert looks_like_level(text)


@pytest.mark.parametrize(
    ("text", "good_"),
    [
        ("2026年11月2日", True),
        ("2026年2月30日", False),
        ("2026年01月2日", False),
        ("二〇二六年一月二日", False),
    ],
)
def test_a_date_is_whole_and_in_the_calendar(text: str, good_: bool) -> None:
    assert is_full_date(text) is good_


def test_docx_without_a_body_is_unreadable() -> None:
    parts = read_package(docx_of("甲"))
    parts["word/document.xml"] = f"<w:document {_NS}/>".encode()
    (one,) = layout.check_internal(write_package(parts), b"")
    assert (one.rule, one.severity) == ("F0", ERROR)
    assert "docx" in one.message
