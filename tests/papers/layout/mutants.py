"""Papers with one fault each, and the rule that names it: every row of the rules that a docx can break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from lxml import etree

from andu.papers.checks import layout
from andu.papers.checks.layout import ERROR, PRACTICE, WARNING
from andu.papers.fitting.pages import blocks_of
from andu.papers.fitting.rows import moved
from tests.papers.layout.papers import ISSUED
from tests.papers.layout.spoiling import Draft, W

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
TITLE = "关于做好示例工作的通知"
RULE = '<w:bottom w:val="single" w:sz="8" w:space="8" w:color="FF0000"/>'
_LINE = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
_FOLIO_RUN = ('<w:sz w:val="28"/>', '<w:color w:val="0000FF"/><w:sz w:val="28"/>')


class Case(NamedTuple):
    """A fault, and the one rule it must bring."""

    name: str
    paper: str
    spoil: Callable[[Draft], Any]
    rule: str
    severity: str = ERROR
    also: tuple[str, ...] = ()
    """Other rules that the same fault breaks: what stands below a wrong margin stands elsewhere."""


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
    """Another look for the end of a paragraph: four characters; -2: after its first 。; -3: all but one."""

    def spoil(draft: Draft) -> None:
        paragraph = draft.paragraph(words)
        run = [each for each in paragraph.iter(f"{W}r") if each.find(f"{W}t") is not None][-1]
        text = run.find(f"{W}t").text or ""
        cut = {-2: text.find("。") + 1, -3: 1}.get(at, len(text) - 4)
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


def _issued_below_another(draft: Draft) -> None:
    above = draft.paragraph("示例办法").getprevious()
    above.getparent().remove(above)


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


def _begins_a_page(words: str) -> Callable[[Draft], None]:
    """The row of these words begins a page, so that what is before it ends one."""

    def spoil(draft: Draft) -> None:
        row = next(draft.paragraph(words).iterancestors(f"{W}tr"))
        moved(draft.root, [blocks_of(draft.root).index(row)], [])

    return spoil


def _short_row(draft: Draft) -> None:
    """A row of 3 mm whose text does not fit."""
    row = next(draft.paragraph("示例材料第1号清单").iterancestors(f"{W}tr"))
    properties = row.find(f"{W}trPr")
    for height in properties.findall(f"{W}trHeight"):
        properties.remove(height)
    height = etree.SubElement(properties, f"{W}trHeight")
    height.set(f"{W}val", "170")
    height.set(f"{W}hRule", "exact")


def _copy_number_inside(draft: Draft) -> None:
    draft.word("特急", "000012")
    draft.shape("000012", "ind", left="320")


def _tab(kind: str, old: int, new: int) -> Callable[[Draft], None]:
    mark = '<w:tab w:val="{}" w:pos="{}"/>'
    return xml(mark.format(kind, old), mark.format(kind, new))


def _label_in(face: str) -> Callable[[Draft], None]:
    def spoil(draft: Draft) -> None:
        runs = [run for run in draft.root.iter(f"{W}r") if "签发人" in "".join(run.itertext())]
        draft.look_of(runs, face=face)

    return spoil


def _title_broken(draft: Draft) -> None:
    draft.copy(TITLE, "的通知")
    draft.word(TITLE, "关于做好示例工作")
    draft.shape("的通知", "spacing", before="0")


def _half_brackets(draft: Draft) -> None:
    draft.word("（联系人", "(联系人")
    draft.word("2345678）", "2345678)")


def _no_attachment(draft: Draft) -> None:
    for words in ("附件2", "联络员名单", "李四。"):
        draft.drop(words)


def _many_copies(**indents: str) -> Callable[[Draft], None]:
    def spoil(draft: Draft) -> None:
        draft.word("县纪委", "县纪委，" + "、".join(["县委政法委员会办公室"] * 5))
        draft.shape("抄送：", "ind", **indents)

    return spoil


def _printed_at_the_edge(draft: Draft) -> None:
    draft.in_part("document", 'w:pos="8564"', 'w:pos="8844"')
    draft.shape(MARK, "ind", 2, right="0")


def _spaces_for_indent(draft: Draft) -> None:
    draft.shape(FIRST, "ind", firstLine="0")
    draft.word(FIRST, "\u3000\u3000" + FIRST)


def _second_level_anew(draft: Draft) -> None:
    twin = etree.fromstring(etree.tostring(draft.paragraph("（一）提高")))
    draft.paragraph("二、工作").addnext(twin)
    draft.word("（一）提高", "（一）再次提高", 1)


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
    Case("no addressee in a report", REPORT, drop("上级扫黑除恶专项斗争领导小组："), "B2"),
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
    Case("signatures alone on a page", FORM, _begins_a_page("意见："), "N10"),
    Case("page that is nearly empty", FORM, _begins_a_page("移交目的"), "N11", WARNING, also=("N10",)),
    Case("text in the margin", FORM, shape("填报单位", "ind", left="-1200"), "N2"),
    Case("top margin is 33 mm", NOTICE, xml('w:top="2098"', 'w:top="1870"'), "P2", also=("H4",)),
    Case("bottom margin is 32 mm", NOTICE,
         xml('w:bottom="1984"', 'w:bottom="1814"'), "P3", also=("E4", "H4")),
    Case("right margin is 28 mm", NOTICE, xml('w:right="1474"', 'w:right="1588"'), "P3", also=("E1",)),
    Case("date in another face", NOTICE, look(DATE, face="宋体"), "P4", WARNING),
    Case("date in another size", NOTICE, look(DATE, sz="28"), "P4", WARNING),
    Case("署名 in 楷体", NOTICE, look(MARK, SIGNER, face="楷体_GB2312"), "P4", WARNING),
    Case("note in 楷体", NOTICE, look(NOTE, face="楷体_GB2312"), "P4", WARNING),
    Case("attachments listed in 四号", NOTICE, look("附件：", sz="28"), "P4", WARNING),
    Case("number in 黑体", NOTICE, look("示发", face="黑体"), "P4", WARNING),
    Case("addressee thickened", NOTICE, look(TO, b="1"), "P4", WARNING),
    Case("date thickened", NOTICE, look(DATE, b="1"), "P4", WARNING),
    Case("署名 thickened", NOTICE, look(MARK, SIGNER, b="1"), "P4", WARNING),
    Case("note slanted", NOTICE, look(NOTE, i="1"), "P4", WARNING),
    Case("number underlined", NOTICE, look("示发", u="single"), "P4", WARNING),
    Case("23 lines to the page", NOTICE, xml('w:line="579"', 'w:line="560"'), "P5", WARNING),
    Case("21 lines to the page", NOTICE, xml('w:line="579"', 'w:line="606"'), "P5", WARNING),
    Case("30 characters to the line", NOTICE,
         xml('<w:spacing w:val="-5"/>', '<w:spacing w:val="-20"/>'), "P5", WARNING),
    Case("addressee with another pitch", NOTICE, shape(TO, "spacing", line="700"), "P5", WARNING),
    Case("date with another pitch", NOTICE, shape(DATE, "spacing", line="640"), "P5", WARNING),
    Case("a paragraph two characters narrower", NOTICE, shape(FIRST, "ind", right="640"), "P5", WARNING),
    Case("title in red", NOTICE, look(TITLE, color="FF0000"), "P6", WARNING),
    Case("date in red", NOTICE, look(DATE, color="FF0000"), "P6", WARNING),
    Case("addressee in grey", NOTICE, look(TO, color="808080"), "P6", WARNING),
    Case("urgency in red", NOTICE, look("特急", color="FF0000"), "P6", WARNING),
    Case("page number in blue", NOTICE, xml(*_FOLIO_RUN, "footer"), "P6", WARNING),
    Case("copy number one character in", NOTICE, _copy_number_inside, "H1"),
    Case("urgency one character in", NOTICE, shape("特急", "ind", left="320"), "H3", WARNING),
    Case("urgency in 四号", NOTICE, look("特急", sz="28"), "H3", WARNING),
    Case("heading is 10 mm too high", NOTICE, space(MARK, -1), "H4"),
    Case("heading at the right", NOTICE, shape(MARK, "jc", val="right"), "H4"),
    Case("heading is blue", NOTICE, look(MARK, color="0000FF"), "H4"),
    Case("heading is larger than 小初", NOTICE, look(MARK, sz="76"), "H4", PRACTICE),
    Case("【】 in the number", NOTICE, word("〔2026〕13", "【2026】13"), "H5"),
    Case("half-width brackets in the number", NOTICE, word("〔2026〕13", "(2026)13"), "H5"),
    Case("round brackets in the number", NOTICE, word("〔2026〕13", "（2026）13"), "H5"),
    Case("〈〉 in the number", NOTICE, word("〔2026〕13", "〈2026〉13"), "H5"),
    Case("number without 号", NOTICE, word("13号", "13"), "H5"),
    Case("number in full-width digits", NOTICE, word("13号", "１３号"), "H5"),
    Case("spaces in the number", NOTICE, word("〔2026〕13号", "〔2026〕 13 号"), "H5"),
    Case("three lines above the number", NOTICE, space("示发", 1), "H5"),
    Case("number at the right", NOTICE, shape("示发", "jc", val="right"), "H5"),
    Case("number of a report at the margin", REPORT, _tab("left", 320, 20), "H5"),
    Case("number of a report three characters in", REPORT, _tab("left", 320, 960), "H5"),
    Case("signer at the edge", REPORT, _tab("right", 8524, 8844), "H6"),
    Case("签发人 in 黑体", REPORT, _label_in("黑体"), "H6"),
    Case("signer in 四号", REPORT, look("示发", sz="28"), "H6"),
    Case("签发人 without a name", REPORT, word("李四", ""), "R1"),
    Case("no red rule", NOTICE, xml(RULE, ""), "H7"),
    Case("rule too near to the number", NOTICE, xml('w:sz="8" w:space="8"', 'w:sz="8" w:space="0"'), "H7"),
    Case("rule of 1.4 mm", NOTICE, xml('w:sz="8" w:space="8"', 'w:sz="32" w:space="7"'), "H7", PRACTICE),
    Case("title in 黑体", NOTICE, look(TITLE, face="黑体"), "B1", WARNING),
    Case("title slanted", NOTICE, look(TITLE, i="1"), "B1", WARNING),
    Case("title underlined", NOTICE, look(TITLE, u="single"), "B1", WARNING),
    Case("title three lines below the rule", NOTICE, space(TITLE, 1), "B1"),
    Case("title at the rule", NOTICE, space(TITLE, -2), "B1"),
    Case("no title", NOTICE, drop(TITLE), "B1"),
    Case("title broken before 的", NOTICE, _title_broken, "B1", WARNING),
    Case("addressee without colon", NOTICE, word("镇直各单位：", "镇直各单位"), "B2"),
    Case("comma after the addressee", NOTICE, word("镇直各单位：", "镇直各单位，"), "B2"),
    Case("semicolon after the addressee", NOTICE, word("镇直各单位：", "镇直各单位；"), "B2"),
    Case("addressee in the middle", NOTICE, shape(TO, "jc", val="center"), "B2"),
    Case("two lines above the addressee", NOTICE, space(TO, 1), "B2"),
    Case("paragraph begins one character in", NOTICE, shape(FIRST, "ind", firstLine="315"), "B4"),
    Case("paragraph begins four characters in", NOTICE, shape(FIRST, "ind", firstLine="1260"), "B4"),
    Case("text in 小三", NOTICE, look(FIRST, sz="30"), "B4", WARNING),
    Case("text in 楷体", NOTICE, look(FIRST, face="楷体_GB2312"), "B4", WARNING),
    Case("paragraph in the middle", NOTICE, shape("（1）第一点", "jc", val="center"), "B4"),
    Case("second level in 仿宋", NOTICE, look("（一）提高", face="仿宋_GB2312"), "B5", WARNING),
    Case("third level in 黑体", NOTICE, look("1. 统一", face="黑体"), "B5", WARNING),
    Case("fourth level in 楷体", NOTICE, look("（1）第一点", face="楷体_GB2312"), "B5", WARNING),
    Case("first level with a point", NOTICE, word("一、总体", "一.总体"), "B5", WARNING),
    Case("fourth level in half brackets", NOTICE, word("（1）第一", "(1)第一"), "B5", WARNING),
    Case("second level with 、", NOTICE, word("（一）提高", "（一）、提高"), "B5", WARNING),
    Case("third level with a bracket", NOTICE, word("1. 统一", "1) 统一"), "B5", WARNING),
    Case("a number is left out", NOTICE, word("二、工作", "三、工作"), "B5", WARNING),
    Case("first level in 小二", NOTICE, look("一、总体", sz="36"), "B5", WARNING),
    Case("semicolon after an attachment's name", NOTICE, word("联络员名单", "联络员名单；"), "B6"),
    Case("attachments numbered with 、", NOTICE, word("2.", "2、"), "B6"),
    Case("attachments numbered before the colon", NOTICE, word("附件：1.", "附件1：1."), "B6"),
    Case("attachments not numbered in order", NOTICE, word("2.", "3."), "B6"),
    Case("two lines above the attachments", NOTICE, space("附件：", 1), "B6"),
    Case("second attachment beside the first", NOTICE, shape("2.", "ind", left="630", hanging="0"), "B6"),
    Case("署名 one character to the right", NOTICE, _tab("center", 6394, 6714), "B7", WARNING),
    Case("署名 two characters to the left", NOTICE, _tab("center", 6394, 5764), "B7", WARNING),
    Case("date three characters in", NOTICE, shape(DATE, "ind", right="945"), "B7", WARNING),
    Case("a line between 署名 and date", NOTICE, space(DATE, 1), "B7", WARNING),
    Case("no 署名", NOTICE, drop(MARK, SIGNER), "B7"),
    Case("a blank seal", NOTICE, copied(DATE, "（盖章）"), "B7"),
    Case("no date", NOTICE, drop(DATE), "B10"),
    Case("date of a short year", NOTICE, word(DATE, "26年11月2日"), "B10"),
    Case("date without a day", NOTICE, word(DATE, "2026年11月"), "B10"),
    Case("date with points", NOTICE, word(DATE, "2026.11.2"), "B10"),
    Case("date with dashes", NOTICE, word(DATE, "2026-11-02"), "B10"),
    Case("date in full-width digits", NOTICE, word(DATE, "２０２６年１１月２日"), "B10"),
    Case("a wide space in the date", NOTICE, word(DATE, "2026年　11月2日"), "B10"),
    Case("a hard space in the date", NOTICE, word(DATE, "2026年\u00a011月2日"), "B10"),
    Case("号 for 日 in the date", NOTICE, word(DATE, "2026年11月2号"), "B10"),
    Case("note in half-width brackets", NOTICE, _half_brackets, "B12"),
    Case("a line above the note", NOTICE, space(NOTE, 1), "B12"),
    Case("attachment's mark in the middle", NOTICE, shape("附件1", "jc", val="center"), "B13"),
    Case("attachment's mark two characters in", NOTICE, shape("附件1", "ind", left="640"), "B13"),
    Case("attachment's mark in 四号", NOTICE, look("附件1", sz="28"), "B13"),
    Case("attachment of another number", NOTICE, word("附件2", "附件3"), "B13"),
    Case("attachment numbered in Chinese", NOTICE, word("附件1", "附件一"), "B13"),
    Case("attachment without a mark", NOTICE, drop("附件2"), "B13"),
    Case("attachment's title at the left", NOTICE, shape("联络员名单", "jc", val="left"), "B13"),
    Case("attachment's title on the fourth line", NOTICE, space("联络员名单", 1), "B13"),
    Case("what is issued begins below another", NOTICE, _issued_below_another, "B13", PRACTICE),
    Case("what is issued is called an attachment", NOTICE,
         word(TITLE, "关于印发《联络员名单》的通知"), "B13", PRACTICE),
    Case("title of what is issued in 仿宋", NOTICE, look(ISSUED, face="仿宋_GB2312"), "B1", WARNING),
    Case("text of what is issued in another face", NOTICE, look("一、任务", face="宋体"), "B5", WARNING),
    Case("attachment's title in 三号", NOTICE, look("联络员名单", sz="32"), "B1", WARNING),
    Case("attachment's text in another face", NOTICE, look("李四。", face="宋体"), "B4", WARNING),
    Case("attachment is missing", NOTICE, _no_attachment, "B13"),
    Case("no first rule of the imprint", NOTICE, xml(_LINE.format("top", 8), '<w:top w:val="nil"/>'), "E1"),
    Case("no last rule of the imprint", NOTICE,
         xml(_LINE.format("bottom", 8), '<w:bottom w:val="nil"/>'), "E1"),
    Case("no rule below the copies", NOTICE,
         xml(_LINE.format("insideH", 6), '<w:insideH w:val="nil"/>'), "E1", WARNING),
    Case("imprint's rules of 1 mm", NOTICE,
         xml('w:val="single" w:sz="8" w:space="0"', 'w:val="single" w:sz="24" w:space="0"'), "E1", WARNING),
    Case("half-width colon after 抄送", NOTICE, word("抄送：", "抄送:"), "E2"),
    Case("copies in another face", NOTICE, look("抄送：", face="宋体"), "E2", WARNING),
    Case("copies thickened", NOTICE, look("抄送：", b="1"), "E2", WARNING),
    Case("copies wrap to the margin", NOTICE, _many_copies(left="280", hanging="0"), "E2"),
    Case("copies to the right edge", NOTICE, _many_copies(right="0"), "E2"),
    Case("printing date without 印发", NOTICE, word("日印发", "日"), "E3"),
    Case("printing date at the edge", NOTICE, _printed_at_the_edge, "E3"),
    Case("a space in the printing date", NOTICE, word("2026年11月2日印发", "2026年11月 2日印发"), "E3"),
    Case("printing date in Chinese digits", NOTICE,
         word("2026年11月2日印发", "二〇二六年十一月二日印发"), "E3"),
    Case("printing organ in 三号", NOTICE, look(MARK, 2, sz="32"), "E3", WARNING),
    Case("printing organ thickened", NOTICE, look(MARK, 2, b="1"), "E3", WARNING),
    Case("page number in 五号", NOTICE, xml('w:val="28"', 'w:val="21"', "footer"), "E4", WARNING),
    Case("page number thickened", NOTICE,
         xml('<w:sz w:val="28"/>', '<w:b/><w:sz w:val="28"/>', "footer"), "E4", WARNING),
    Case("short dashes beside the page number", NOTICE, xml("—", "–", "footer"), "E4"),
    Case("one dash beside the page number", NOTICE, xml(" —", "", "footer"), "E4"),
    Case("even page number at the right", NOTICE,
         xml('<w:jc w:val="left"/>', '<w:jc w:val="right"/>', "footer_even"), "E4"),
    Case("page number at the edge", NOTICE,
         xml('<w:ind w:right="280"/>', '<w:ind w:right="0"/>', "footer_default"), "E4"),
    Case("page number too high", NOTICE, xml('w:footer="1406"', 'w:footer="1600"'), "E4"),
    Case("letter with a single line above", LETTER, xml("thickThinSmallGap", "single", "header"), "L1"),
    Case("letter's upper line turned round", LETTER,
         xml("thickThinSmallGap", "thinThickSmallGap", "header"), "L1"),
    Case("letter's lower line turned round", LETTER,
         xml("thinThickSmallGap", "thickThinSmallGap", "footer"), "L1"),
    Case("letter's line as wide as the text", LETTER,
         xml('w:left="-454" w:right="-340"', 'w:left="0" w:right="0"', "header"), "L1"),
    Case("letter's line far below its heading", LETTER, xml('w:space="9"', 'w:space="25"', "header"), "L1"),
    Case("letter's number at the left", LETTER,
         xml('<w:tab w:val="right" w:pos="8844"/>', '<w:tab w:val="left" w:pos="20"/>'), "L1"),
    Case("letter's heading is black", LETTER, xml('w:val="FF0000"', 'w:val="000000"', "header"), "H4"),
    Case("minutes headed as a document", MINUTES, word("纪要", "文件"), "L3", WARNING),
    Case("attendance four characters in", MINUTES,
         shape("出席", "ind", left="2205", hanging="945"), "L3", WARNING),
    Case("names of who attended in 楷体", MINUTES, run_of("出席", face="楷体_GB2312", at=-3), "L3", WARNING),
    Case("half-width brackets in a citation", NOTICE,
         word("（示委〔2025〕2号）", "（示委(2025)2号）"), "C1", WARNING),
]  # fmt: skip

GOOD = [
    Case("copy number", NOTICE, word("特急", "000012"), ""),
    Case("two wide spaces for the indent", NOTICE, _spaces_for_indent, ""),
    Case("levels begin anew in the next part", NOTICE, _second_level_anew, ""),
]
"""What is done in other ways elsewhere, and is right."""
