"""版头: what stands above the red rule, and the rule (7.2); the headings of letter, minutes and order too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from andu.papers.checks.layout.elements import MINUTES, ORDER, UPWARD, Paper, Token
from andu.papers.checks.layout.findings import ERROR, WARNING, Finding, Rule, Spot, practice, standard
from andu.papers.checks.layout.measures import (
    CHAR,
    HEADING_TOP,
    LETTER_TOP,
    LINE,
    ORDER_TOP,
    RULE_BELOW_NUMBER,
    THREE,
    is_face,
    near,
)
from andu.papers.checks.layout.reading_docx import Run
from andu.papers.checks.layout.reading_pdf import Band
from andu.papers.checks.layout.rules.speaking import has_look, look_name, mm, size_name

H1 = standard("H1", "7.2.1", WARNING)
H1_PLACE = standard("H1", "7.2.1")
H2 = Rule("H2", "", ERROR)
H3 = Rule("H3", _l("条例 九（三）"), ERROR)
H3_FACE = standard("H3", "7.2.3", WARNING)
H4 = standard("H4", "7.2.4")
H4_FACE = standard("H4", "7.2.4", WARNING)
H4_SIZE = practice("H4")
H5 = standard("H5", "7.2.5")
H6 = standard("H6", "7.2.6")
H7 = standard("H7", "7.2.7")
H7_WIDTH = practice("H7")
L1 = standard("L1", "10.1")
L2 = standard("L2", "10.2")
SIGNER = Rule("R1", _l("条例 九（六）"), ERROR)
NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}〔(?:19|20)\d{2}〕[1-9]\d*号")
LARGEST = 36
_SECRET = re.compile(r"(绝密|机密|秘密)\s*(★|$|\d)")


def copy_number(paper: Paper) -> Iterator[Finding]:
    """H1. 份号: six digits at the left of the first line."""
    for token in paper.tops:
        if token.text.isdigit():
            if len(token.text) != 6:
                yield H1.broken(_("份号一般用6位数字"), _at(paper, token), token.text, _("如000001"))
            if not near(token.left, paper.left, "edge"):
                yield H1_PLACE.broken(_("份号没有顶格"), _at(paper, token), mm(token.left), mm(paper.left))


def no_secrecy(paper: Paper) -> Iterator[Finding]:
    """H2. A paper with a degree of secrecy does not belong into this system at all."""
    for paragraph in paper.docx.paragraphs:
        text = paragraph.text.strip()
        if len(text) <= 20 and _SECRET.search(re.sub(r"\s+", "", text)):
            message = _("标有密级的公文不得在本系统中起草、办理和存放，请按保密规定处理")
            yield H2.broken(message, paper.spot(paragraph), text)


def urgency(paper: Paper) -> Iterator[Finding]:
    """H3. 特急 or 加急 at the left, in 三号黑体."""
    for token in paper.tops:
        text = re.sub(r"\s+", "", token.text)
        if text.isdigit() or _SECRET.search(text):
            continue
        if text not in ("特急", "加急"):
            yield H3.broken(_("紧急程度只能是“特急”或“加急”"), _at(paper, token), text, _("特急、加急"))
        look = token.owner.look if paper.number is None or token.owner is not paper.number.owner else None
        if look is not None and not has_look(look, "黑体", THREE):
            yield H3_FACE.broken(
                _("紧急程度的字体字号不对"), _at(paper, token), look_name(look), _("三号黑体")
            )
        if not near(token.left, paper.left, "edge"):
            yield H3_FACE.broken(_("紧急程度没有顶格"), _at(paper, token), mm(token.left), mm(paper.left))


def mark_place(paper: Paper) -> Iterator[Finding]:
    """H4, L1, L2. 发文机关标志: there is one, its ink begins where it should, in the middle."""
    if not paper.mark:
        yield H4.broken(_("没有发文机关标志（红头）"))
        return
    bands = mark_ink(paper)
    if not bands:
        return
    edge, top, rule = paper.top, HEADING_TOP, H4
    message = _("发文机关标志的上边缘离版心上边缘的距离不对")
    if paper.is_letter:
        edge, top, rule = 0.0, LETTER_TOP, L1
        message = _("发文机关标志的上边缘离上页边的距离不对")
    elif paper.kind == ORDER:
        top, rule = ORDER_TOP, L2
    if not near(bands[0].top - edge, top, "heading"):
        yield rule.broken(message, paper.spot(paper.mark[0]), mm(bands[0].top - edge), mm(top))
    centre = (min(band.left for band in bands) + max(band.right for band in bands)) / 2
    # several organs stand beside 文件: the whole of it is in the middle
    if not near(centre, paper.middle, "centre"):
        off = _("偏%(length)s", length=mm(abs(centre - paper.middle)))
        yield H4.broken(_("发文机关标志没有居中"), paper.spot(paper.mark[0]), off, _("居中"))


def mark_ink(paper: Paper) -> list[Band]:
    """The ink of the heading on page 1, without the red rule; all dark ink if none of it is red."""
    tall = [band for band in paper.pdf.red if band.bottom - band.top > 3]
    lines = [line for each in paper.mark for line in paper.lines(each)]
    if not lines:
        return tall
    low, high = min(line.top for line in lines), max(line.bottom for line in lines)
    bands = tall or paper.pdf.black
    return [band for band in bands if low - 1 < band.top and band.bottom < high + 1] or tall


def mark_face(paper: Paper) -> Iterator[Finding]:
    """H4. Red; 小标宋 is recommended; the size is left to the office."""
    for paragraph in paper.mark:
        spot, look = paper.spot(paragraph), paragraph.look
        if not look.is_red:
            yield H4.broken(_("发文机关标志不是红色"), spot, f"#{look.color or '000000'}", _("红色"))
        if not is_face(look.east, "小标宋"):
            yield H4_FACE.broken(_("发文机关标志推荐用小标宋"), spot, look.east, _("小标宋"))
        if look.size > LARGEST:
            message = _("发文机关标志的字号偏大（惯例不大于上级机关的）")
            yield H4_SIZE.broken(message, spot, size_name(look.size), _("不大于小初"))
            return


def number_form(paper: Paper) -> Iterator[Finding]:
    """H5. 发文字号: 代字〔年份〕序号号."""
    if paper.number is None:
        if paper.kind not in (MINUTES, ORDER):
            yield H5.broken(_("没有发文字号"), expected=_("如×发〔2026〕1号"))
        return
    if paper.kind in (MINUTES, ORDER) and paper.number.text.startswith("第"):
        return
    if not NUMBER.fullmatch(re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=〔)", "", paper.number.text)):
        message = _("发文字号写法不对：年份用全称加六角括号〔〕，序号不编虚位、不加“第”，末尾写“号”")
        yield H5.broken(message, _at(paper, paper.number), paper.number.text, _("如×发〔2026〕1号"))


def number_place(paper: Paper) -> Iterator[Finding]:
    """H5. In the middle, two lines below the heading; upward papers at the left, one character in."""
    token = paper.number
    if token is None or paper.is_letter:
        return
    if paper.signers and paper.kind not in UPWARD:
        return
    if paper.kind in UPWARD:
        if not near(token.left, paper.left + CHAR, "side"):
            found = mm(token.left - paper.left)
            yield H5.broken(_("上行文的发文字号应当居左空一字"), _at(paper, token), found, mm(CHAR))
    elif not near((token.left + token.right) / 2, paper.middle, "side"):
        off = _("偏%(length)s", length=mm(abs((token.left + token.right) / 2 - paper.middle)))
        yield H5.broken(_("发文字号没有居中"), _at(paper, token), off, _("居中"))
    marks = mark_ink(paper)
    below = [band for band in paper.pdf.ink if marks and band.top > marks[-1].bottom]
    if below and token.words[0].page == 1:
        # between the inks lie two lines and what the lines of type leave white above and below
        gap = below[0].top - marks[-1].bottom
        if not near(gap, 2.3 * LINE, "gap"):
            lines = _("约空%(n)s行", n=f"{max(gap / LINE - 0.3, 0):.1f}")
            yield H5.broken(_("发文字号应当在发文机关标志下空二行"), _at(paper, token), lines, _("空2行"))


def signers(paper: Paper) -> Iterator[Finding]:
    """H6, 条例 九（六）. Upward papers name who signed them out; no others do."""
    if not paper.signers:
        if paper.kind in UPWARD:
            yield SIGNER.broken(_("上行文应当标注签发人姓名"), expected=_("签发人：×××"))
        return
    token = paper.signers[0]
    spot = _at(paper, token)
    if paper.kind not in (*UPWARD, "意见", "议案", ""):
        yield H6.broken(_("只有上行文标注签发人"), spot, token.text)
    if not re.match(r"签\s*发\s*人：", token.text):
        yield H6.broken(_("“签发人”后用全角冒号"), spot, token.text, _("签发人："))
    if not re.sub(r"签\s*发\s*人[：:]?\s*", "", token.text) and len(paper.signers) == 1:
        yield SIGNER.broken(_("签发人没有姓名"), spot, token.text)
    yield from _signer_faces(paper, token)
    last = paper.signers[-1]
    if not near(paper.right - max(each.right for each in paper.signers), CHAR, "side"):
        found = mm(paper.right - last.right)
        yield H6.broken(_("签发人应当居右空一字"), spot, found, mm(CHAR))
    if paper.number is not None and abs(paper.number.middle - last.middle) > 2:
        yield H6.broken(_("发文字号应当与最后一个签发人姓名在同一行"), spot)


def _signer_faces(paper: Paper, token: Token) -> Iterator[Finding]:
    """“签发人：” in 三号仿宋, the name in 三号楷体."""
    label, name = _label_and_name(token.owner.runs)
    for run, face in ((label, "仿宋"), (name, "楷体")):
        if run is not None and not has_look(run.look, face, THREE):
            expected = _("三号%(face)s", face=face)
            yield H6.broken(
                _("签发人的字体字号不对"), Spot(token.words[0].page, run.text), look_name(run.look), expected
            )


def _label_and_name(runs: list[Run]) -> tuple[Run | None, Run | None]:
    """The runs that hold “签发人：” and the name; the same one, if they are in one."""
    seen, label = "", None
    for run in runs:
        seen += run.text
        if label is None and re.search(r"签\s*发\s*人", seen):
            label = run
            if re.search(r"签\s*发\s*人\s*[：:]\s*\S", seen):
                return label, run
        elif label is not None and run.text.strip(" \u3000：:"):
            return label, run
    return label, None


def red_rule(paper: Paper) -> Iterator[Finding]:
    """H7. As wide as the text area, 4 mm below the number, red."""
    if paper.is_letter or paper.number is None or paper.kind in (MINUTES, ORDER):
        return
    low = paper.number.middle
    rules = [
        line
        for line in paper.sheet(1).strokes
        if line.is_horizontal and line.length > 50 and 0 < line.middle - low < 25
    ]
    spot = _at(paper, paper.number)
    if not rules:
        yield H7.broken(_("发文字号下没有红色分隔线"), spot, expected=_("4毫米处，与版心等宽"))
        return
    rule = rules[0]
    if not rule.is_red:
        yield H7.broken(_("版头的分隔线不是红色"), spot, _("黑色"), _("红色"))
    if not near(rule.length, paper.width, "width") or not near(
        (rule.left + rule.right) / 2, paper.middle, "centre"
    ):
        yield H7.broken(_("红色分隔线没有与版心等宽、居中"), spot, mm(rule.length), mm(paper.width))
    ink = [band.bottom for band in paper.pdf.black if band.bottom <= rule.top + 0.3]
    gap = rule.top - max(ink, default=rule.top - RULE_BELOW_NUMBER)
    if not near(gap, RULE_BELOW_NUMBER, "rule"):
        yield H7.broken(_("红色分隔线离发文字号的距离不对"), spot, mm(gap), mm(RULE_BELOW_NUMBER))
    if not 0.2 <= rule.width <= 1.2:
        yield H7_WIDTH.broken(_("红色分隔线的粗细少见"), spot, mm(rule.width), _("约0.35毫米"))


def _at(paper: Paper, token: Token) -> Spot:
    return Spot(token.words[0].page, token.text)


RULES = (
    copy_number, no_secrecy, urgency, mark_place, mark_face, number_form, number_place, signers, red_rule,
)  # fmt: skip
