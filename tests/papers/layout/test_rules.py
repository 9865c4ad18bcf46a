"""Each rule of the checker: a paper that keeps it, and the same paper with one fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from lxml import etree

from andu.papers.checks import layout
from andu.papers.checks.layout import ERROR, PRACTICE, WARNING, Finding
from andu.papers.checks.layout.findings import Rule
from andu.papers.checks.layout.rules import closing, heading, imprint, internal, main, page, special
from andu.papers.pdf import Converter
from andu.settings import Settings
from tests.papers.layout.papers import good
from tests.papers.layout.spoiling import Draft, W, spoilt

KINDS = {
    "official_notice": "通知",
    "official_report": "报告",
    "official_letter": "函",
    "official_minutes": "纪要",
    "clue_handover": layout.INTERNAL,
}
NOTICE, REPORT, LETTER, MINUTES, FORM = KINDS
MARK, SIGNER = "中共示例镇委员会", 1
"""The organ's name begins the heading (0), 署名 (1) and the last line of 版记 (2)."""
ORDER = "heading of an order"
DATE, TO, FIRST, NOTE = "2026年11月2日", "各村党总支", "为做好示例工作", "（联系人"


class Case(NamedTuple):
    """A fault, and the one rule it must bring."""

    name: str
    paper: str
    spoil: Callable[[Draft], Any]
    rule: str
    severity: str = ERROR


def xml(old: str, new: str, part: str = "document") -> Callable[[Draft], None]:
    return lambda draft: draft.in_part(part, old, new)


def word(old: str, new: str, at: int = 0) -> Callable[[Draft], None]:
    return lambda draft: draft.word(old, new, at)


def look(words: str, at: int = 0, **changes: str) -> Callable[[Draft], None]:
    return lambda draft: draft.look(words, at, **changes)


def shape(words: str, element: str, at: int = 0, **attributes: str) -> Callable[[Draft], None]:
    return lambda draft: draft.shape(words, element, at, **attributes)


def drop(words: str, at: int = 0) -> Callable[[Draft], None]:
    return lambda draft: draft.drop(words, at)


def space(words: str, lines: int, at: int = 0) -> Callable[[Draft], None]:
    return lambda draft: draft.blank_before(words, lines, at)


def run_of(words: str, at: int = -1, **changes: str) -> Callable[[Draft], None]:
    """Another look for the last characters of a paragraph, or (``at=-2``) for those after its first 。."""

    def spoil(draft: Draft) -> None:
        paragraph = draft.paragraph(words)
        run = [each for each in paragraph.iter(f"{W}r") if each.find(f"{W}t") is not None][-1]
        text = run.find(f"{W}t").text or ""
        cut = text.index("。") + 1 if at == -2 else len(text) - 4
        twin = etree.fromstring(etree.tostring(run))
        run.find(f"{W}t").text, twin.find(f"{W}t").text = text[:cut], text[cut:]
        run.addnext(twin)
        draft.look_of([twin], **changes)

    return spoil


def thick_style(words: str) -> Callable[[Draft], None]:
    """A paragraph of a style that says bold."""

    def spoil(draft: Draft) -> None:
        style = (
            '<w:style w:type="paragraph" w:styleId="Thick"><w:name w:val="Thick"/>'
            "<w:rPr><w:b/></w:rPr></w:style></w:styles>"
        )
        draft.in_part(r"word/styles\.xml", "</w:styles>", style)
        properties = draft.paragraph(words).find(f"{W}pPr")
        mark = etree.Element(f"{W}pStyle")
        mark.set(f"{W}val", "Thick")
        properties.insert(0, mark)

    return spoil


def copied(words: str, text: str, at: int = 0) -> Callable[[Draft], None]:
    return lambda draft: draft.copy(words, text, at)


def _picture(draft: Draft) -> None:
    run = next(draft.paragraph(DATE).iter(f"{W}r"))
    run.append(etree.Element(f"{W}drawing"))


def _unsealed(date: str) -> Callable[[Draft], None]:
    """署名 two characters in from the right, the date so many twips from the right."""

    def spoil(draft: Draft) -> None:
        signer = draft.paragraph(MARK, SIGNER)
        tabs = signer.find(f"{W}pPr/{W}tabs")
        tabs.getparent().remove(tabs)
        for tab in list(signer.iter(f"{W}tab")):
            tab.getparent().remove(tab)
        draft.shape(MARK, "jc", SIGNER, val="right")
        draft.shape(MARK, "ind", SIGNER, right="630")
        draft.shape(DATE, "ind", right=date)

    return spoil


def _name_in(face: str) -> Callable[[Draft], None]:
    def spoil(draft: Draft) -> None:
        (*runs,) = (run for run in draft.root.iter(f"{W}r") if "".join(run.itertext()) == "李四")
        draft.look_of(runs[:1], face=face)

    return spoil


def _moved_right(draft: Draft) -> None:
    draft.in_part("document", '"1588"', '"1758"')
    draft.in_part("document", 'w:right="1474"', 'w:right="1304"')


def _wider(draft: Draft) -> None:
    draft.in_part("document", 'w:right="1474"', 'w:right="1361"')
    draft.in_part("document", '"8844"', '"8957"')


def _no_signer(draft: Draft) -> None:
    for text in draft.paragraph("示发").iter(f"{W}t"):
        if "签发人" in text.text or "李四" in text.text:
            text.text = ""


def _signature_on_a_new_page(draft: Draft) -> None:
    properties = draft.paragraph(MARK, SIGNER).find(f"{W}pPr")
    properties.find(f"{W}keepNext").addnext(etree.Element(f"{W}pageBreakBefore"))


def _rows_may_split(draft: Draft) -> None:
    """A row of forty lines that may be torn apart."""
    for mark in list(draft.root.iter(f"{W}cantSplit")):
        mark.getparent().remove(mark)
    cell = draft.paragraph("示例材料第9号清单")
    cell.addnext(etree.fromstring(etree.tostring(cell)))
    run = next(cell.iter(f"{W}t"))
    run.text = "".join(f"甲乙丙丁第{n}次" for n in range(100, 140))


def _no_repeated_head(draft: Draft) -> None:
    for mark in list(draft.root.iter(f"{W}tblHeader")):
        mark.getparent().remove(mark)


def _blank_last_page(draft: Draft) -> None:
    last = list(draft.root.iter(f"{W}p"))[-1]
    last.find(f"{W}pPr").insert(0, etree.Element(f"{W}pageBreakBefore"))


def _short_row(draft: Draft) -> None:
    """A row of 3 mm whose text does not fit."""
    row = next(draft.paragraph("示例材料第1号清单").iterancestors(f"{W}tr"))
    properties = row.find(f"{W}trPr")
    for height in properties.findall(f"{W}trHeight"):
        properties.remove(height)
    height = etree.SubElement(properties, f"{W}trHeight")
    height.set(f"{W}val", "170")
    height.set(f"{W}hRule", "exact")


CASES = [
    Case("paper is a little too wide", FORM, xml('w:w="11906"', 'w:w="12040"'), "N1"),
    Case("paper of the notice is too long", NOTICE, xml('w:h="16838"', 'w:h="16880"'), "P1"),
    Case("left margin is 31 mm", NOTICE, _moved_right, "P2"),
    Case("text area is 158 mm wide", NOTICE, _wider, "P3"),
    Case("addressee in another face", NOTICE, look(TO, face="宋体"), "P4", WARNING),
    Case("27 characters to the line", NOTICE, xml('<w:spacing w:val="-5"/>', ""), "P5", WARNING),
    Case("text in colour", NOTICE, look("（一）提高", color="0000FF"), "P6", WARNING),
    Case("short copy number", NOTICE, word("特急", "00012"), "H1", WARNING),
    Case("degree of secrecy", NOTICE, word("特急", "秘密★1年"), "H2"),
    Case("urgency of no degree", NOTICE, word("特急", "急件"), "H3"),
    Case("urgency in another face", NOTICE, look("特急", face="宋体"), "H3", WARNING),
    Case("heading is 10 mm too low", NOTICE, space(MARK, 1), "H4"),
    Case("heading at the left", NOTICE, shape(MARK, "jc", val="left"), "H4"),
    Case("heading is black", NOTICE, look(MARK, color="000000"), "H4"),
    Case("heading in another face", NOTICE, look(MARK, face="黑体"), "H4", WARNING),
    Case("no heading", NOTICE, drop(MARK), "H4"),
    Case("square brackets in the number", NOTICE, word("〔2026〕13", "[2026]13"), "H5"),
    Case("zero before the number", NOTICE, word("〔2026〕13", "〔2026〕013"), "H5"),
    Case("第 in the number", NOTICE, word("〔2026〕13", "〔2026〕第13"), "H5"),
    Case("year of two digits", NOTICE, word("〔2026〕13", "〔26〕13"), "H5"),
    Case("number at the left", NOTICE, shape("示发", "jc", val="left"), "H5"),
    Case("one line above the number", NOTICE, space("示发", -1), "H5"),
    Case("no number", NOTICE, drop("示发"), "H5"),
    Case("signer in a notice", NOTICE, word("13号", "13号\u3000\u3000签发人：李四"), "H6"),
    Case("half-width colon after 签发人", REPORT, word("签发人：", "签发人:"), "H6"),
    Case("signer's name in 仿宋", REPORT, _name_in("仿宋_GB2312"), "H6"),
    Case("no signer in a report", REPORT, _no_signer, "R1"),
    Case("rule beside the number", NOTICE, xml('w:sz="8" w:space="8"', 'w:sz="8" w:space="25"'), "H7"),
    Case("black rule", NOTICE, xml('w:space="8" w:color="FF0000"', 'w:space="8" w:color="000000"'), "H7"),
    Case("short rule", NOTICE, shape("示发", "ind", left="400", right="400"), "H7"),
    Case("title in another size", NOTICE, look("关于做好示例工作的通知", sz="36"), "B1", WARNING),
    Case("title at the left", NOTICE, shape("关于做好示例工作的通知", "jc", val="left"), "B1"),
    Case("title one line below the rule", NOTICE, space("关于做好示例工作的通知", -1), "B1"),
    Case("title is thickened", NOTICE, look("关于做好示例工作的通知", b="1"), "B1", PRACTICE),
    Case("title of no kind", NOTICE, word("关于做好示例工作的通知", "关于做好示例工作"), "B1", WARNING),
    Case("title of another kind", NOTICE, word("工作的通知", "工作的通报"), "B1", WARNING),
    Case("half-width colon after the addressee", NOTICE, word("镇直各单位：", "镇直各单位:"), "B2"),
    Case("addressee two characters in", NOTICE, shape(TO, "ind", left="630"), "B2"),
    Case("no line above the addressee", NOTICE, space(TO, -1), "B2"),
    Case("no addressee in a report", REPORT, drop("县扫黑除恶专项斗争领导小组："), "B2"),
    Case("text begins on the second page", NOTICE, space(FIRST, 18), "B3"),
    Case("paragraph begins at the margin", NOTICE, shape(FIRST, "ind", firstLine="0"), "B4"),
    Case("paragraph hangs", NOTICE, shape(FIRST, "ind", left="630", firstLine="0"), "B4"),
    Case("text in another face", NOTICE, look(FIRST, face="宋体"), "B4", WARNING),
    Case("a paragraph is thickened", NOTICE, look(FIRST, b="1"), "B4", WARNING),
    Case("a run of a paragraph is thickened", NOTICE, run_of(FIRST, b="1"), "B4", WARNING),
    Case("a run of a paragraph is slanted", NOTICE, run_of(FIRST, i="1"), "B4", WARNING),
    Case("a run of a paragraph is underlined", NOTICE, run_of(FIRST, u="single"), "B4", WARNING),
    Case("a run of a paragraph in another face", NOTICE, run_of(FIRST, face="宋体"), "B4", WARNING),
    Case("a run of a paragraph is larger", NOTICE, run_of(FIRST, sz="36"), "B4", WARNING),
    Case("the last paragraph is thickened by its style", NOTICE, thick_style(FIRST), "B4", WARNING),
    Case("a first level is thickened", NOTICE, look("一、总体要求", b="1"), "B5", PRACTICE),
    Case("what follows a level is thickened", NOTICE, run_of("（一）提高", b="1", at=-2), "B4", WARNING),
    Case("a paragraph with another pitch", NOTICE, shape(FIRST, "spacing", line="480"), "P5", WARNING),
    Case("a paragraph with one and a half lines", NOTICE,
         shape("1. 统一", "spacing", line="360", lineRule="auto"), "P5", WARNING),
    Case("white below a paragraph", NOTICE, shape(FIRST, "spacing", after="200"), "P5", WARNING),
    Case("a space in the date", NOTICE, word(DATE, "2026年 11月2日"), "B10"),
    Case("spaces in the date", NOTICE, word(DATE, "2026 年 11 月 2 日"), "B10"),
    Case("first level in 仿宋", NOTICE, look("一、总体要求", face="仿宋_GB2312"), "B5", WARNING),
    Case("second level in half brackets", NOTICE, word("（一）提高", "(一)提高"), "B5", WARNING),
    Case("third level with 、", NOTICE, word("1. 统一", "1、统一"), "B5", WARNING),
    Case("a level is left out", NOTICE, drop("（一）提高"), "B5", WARNING),
    Case("full stop after an attachment's name", NOTICE, word("联络员名单", "联络员名单。"), "B6"),
    Case("half-width colon after 附件", NOTICE, word("附件：", "附件:"), "B6"),
    Case("attachments listed at the margin", NOTICE,
         shape("附件：", "ind", left="1000", hanging="1000"), "B6"),
    Case("no line above the attachments", NOTICE, space("附件：", -1), "B6"),
    Case("name wraps to the margin", NOTICE, shape("附件：", "ind", left="0", firstLine="630"), "B6"),
    Case("date at the right edge", NOTICE, shape(DATE, "ind", right="0"), "B7", WARNING),
    Case("picture beside the date", NOTICE, _picture, "B7"),
    Case("unsealed, date wrong", NOTICE, _unsealed("1260"), "B8"),
    Case("date with a zero", NOTICE, word(DATE, "2026年11月02日"), "B10"),
    Case("date in Chinese digits", NOTICE, word(DATE, "二〇二六年十一月二日"), "B10"),
    Case("date not in the calendar", NOTICE, word(DATE, "2026年11月31日"), "B10"),
    Case("signature alone on a page", NOTICE, _signature_on_a_new_page, "B11"),
    Case("此页无正文", NOTICE, word("第一点。", "此页无正文。"), "B11"),
    Case("note without brackets", NOTICE, word("（联系人", "联系人"), "B12"),
    Case("note at the margin", NOTICE, shape(NOTE, "ind", firstLine="0"), "B12"),
    Case("attachment on the same page", NOTICE, lambda d: d.without("附件2", "pageBreakBefore"), "B13"),
    Case("attachment's mark in 仿宋", NOTICE, look("附件1", face="仿宋_GB2312"), "B13"),
    Case("attachment's mark with colon", NOTICE, word("附件1", "附件1："), "B13"),
    Case("attachment of another title", NOTICE, word("联络员名单", "联络人名单", 1), "B13"),
    Case("attachment's title on the second line", NOTICE, space("联络员名单", -1), "B13"),
    Case("imprint in the middle of the page", NOTICE,
         xml('w:tblpYSpec="bottom"', 'w:tblpYSpec="center"'), "E1"),
    Case("imprint's rules of one width", NOTICE,
         xml('insideH w:val="single" w:sz="6"', 'insideH w:val="single" w:sz="12"'), "E1", WARNING),
    Case("no full stop after the copies", NOTICE, word("县纪委。", "县纪委"), "E2"),
    Case("copies in another size", NOTICE, look("抄送：", sz="32"), "E2", WARNING),
    Case("copies at the margin", NOTICE, shape("抄送：", "ind", left="840", hanging="840"), "E2"),
    Case("printing date with a zero", NOTICE, word("2026年11月2日印发", "2026年11月02日印发"), "E3"),
    Case("printing organ at the margin", NOTICE, shape(MARK, "ind", 2, left="0"), "E3"),
    Case("no page numbers", NOTICE,
         xml('footerReference w:type="default"', 'footerReference w:type="first"'), "E4"),
    Case("hyphens beside the page number", NOTICE, xml("—", "-", "footer"), "E4"),
    Case("page number in the middle", NOTICE, xml('w:val="right"', 'w:val="center"', "footer_default"), "E4"),
    Case("page number in 仿宋", NOTICE, xml("宋体", "仿宋_GB2312", "footer"), "E4", WARNING),
    Case("page number too low", NOTICE, xml('w:footer="1406"', 'w:footer="900"'), "E4"),
    Case("文件 in a letter's heading", LETTER, xml(f"{MARK}</w:t>", f"{MARK}文件</w:t>", "header"), "L1"),
    Case("letter's number in the middle", LETTER,
         xml('<w:tab w:val="right" w:pos="8844"/>', '<w:tab w:val="center" w:pos="4422"/>'), "L1"),
    Case("letter with black lines", LETTER,
         xml('w:space="0" w:color="FF0000"', 'w:space="0" w:color="000000"', "footer"), "L1"),
    Case("attendance in 仿宋", MINUTES, look("出席", face="仿宋_GB2312"), "L3", WARNING),
    Case("two addressees of a report", REPORT, word("领导小组：", "领导小组、县委政法委："), "R2", WARNING),
    Case("request in a report", REPORT, word("第一点。", "以上事项请批示。"), "R3", WARNING),
    Case("wrong brackets in a citation", NOTICE,
         word("（示委〔2025〕2号）", "（示委【2025】2号）"), "C1", WARNING),
    Case("short year in a citation", NOTICE, word("（示委〔2025〕2号）", "（示委〔25〕2号）"), "C2"),
    Case("unknown face in a form", FORM, look("示例材料第1号", face="某某手写体"), "N3"),
    Case("character that no face has", FORM, word("示例材料第1号", "示例\ue123料第1号"), "N4"),
    Case("row too low for its text", FORM, _short_row, "N5"),
    Case("row split between pages", FORM, _rows_may_split, "N6"),
    Case("head is not repeated", FORM, _no_repeated_head, "N7"),
    Case("blank last page", FORM, _blank_last_page, "N8"),
    Case("coloured form", FORM, look("示例材料第1号", color="0000FF"), "N9", WARNING),
    Case("text in the margin", FORM, shape("填报单位", "ind", left="-1200"), "N2"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[bytes, bytes]]:
    """Name → docx and PDF, of the good papers and of each spoilt one, from one LibreOffice."""
    papers = {slug: good(slug) for slug in KINDS}
    papers |= {case.name: spoilt(papers[case.paper], case.spoil) for case in CASES}
    papers[ORDER] = spoilt(papers[NOTICE], shape(MARK, "spacing", before=str(1311 - 850)))
    pdfs = Converter(Settings().fonts).many(list(papers.values()))
    assert not [name for name, pdf in zip(papers, pdfs, strict=True) if not isinstance(pdf, bytes)]
    return {name: (docx, pdf) for (name, docx), pdf in zip(papers.items(), pdfs, strict=True)}  # type: ignore[misc]


def found(made: dict[str, tuple[bytes, bytes]], name: str, slug: str) -> list[Finding]:
    return layout.checked(*made[name], KINDS[slug]).findings


@pytest.mark.parametrize("slug", KINDS)
def test_a_good_paper_has_no_fault(made: dict[str, tuple[bytes, bytes]], slug: str) -> None:
    assert found(made, slug, slug) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_one_fault_brings_one_rule(made: dict[str, tuple[bytes, bytes]], case: Case) -> None:
    findings = found(made, case.name, case.paper)
    said = list(map(str, findings))
    assert {each.rule for each in findings if each.severity == ERROR} <= {case.rule}, said
    assert (case.rule, case.severity) in {(each.rule, each.severity) for each in findings}, said
    assert case.severity == ERROR or not layout.has_errors(findings), said


def test_an_order_has_its_heading_15_mm_higher(made: dict[str, tuple[bytes, bytes]]) -> None:
    said = {case: layout.check(*made[case], "命令") for case in (NOTICE, ORDER)}
    assert "L2" in {each.rule for each in said[NOTICE]}
    assert "L2" not in {each.rule for each in said[ORDER]}


def test_a_rule_that_fails_is_told_and_the_others_speak(
    made: dict[str, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(paper: object) -> Iterator[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr(layout, "OFFICIAL_RULES", (fails, *layout.OFFICIAL_RULES))
    (told,) = layout.check(*made[NOTICE], "通知")
    assert (told.rule, told.severity) == ("F1", WARNING)
    assert "H5" in {each.rule for each in layout.check(*made["no number"], "通知")}


def test_every_rule_has_a_case() -> None:
    tried = {case.rule for case in CASES} | {"L2"}
    modules = (closing, heading, imprint, internal, main, page, special)
    named = {rule.id for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}
    assert named - tried == set()
