"""Letters and minutes (10), what 条例 十五 asks of upward papers, and citations in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from andu.papers.checks.layout.elements import MINUTES, UPWARD, Paper, attendance_label
from andu.papers.checks.layout.findings import WARNING, Finding, Rule, Spot, standard
from andu.papers.checks.layout.measures import (
    CHAR,
    LETTER_FOOT,
    LETTER_RULES,
    RULE_BELOW_NUMBER,
    THREE,
    near,
)
from andu.papers.checks.layout.reading_docx import BODY
from andu.papers.checks.layout.rules.heading import mark_ink
from andu.papers.checks.layout.rules.imprint import page_number_on
from andu.papers.checks.layout.rules.page import is_common
from andu.papers.checks.layout.rules.speaking import has_look, look_name, mm
from andu.papers.checks.layout.strokes import Stroke

L1 = standard("L1", "10.1")
L3 = standard("L3", "10.3", WARNING)
ONE_ADDRESSEE = Rule("R2", _l("条例 十五（一）"), WARNING)
NO_REQUEST = Rule("R3", _l("条例 十五（四）"), WARNING)
C1 = standard("C1", "7.2.5", WARNING)
C2 = standard("C2", "7.2.5")
_CITED = re.compile(r"[\u4e00-\u9fff]{2,12}(?:[【\[（(〈<［](\d{4})[】\])）〉>］])第?\d+号")
_SHORT_YEAR = re.compile(r"[\u4e00-\u9fff]{2,12}[〔【\[（(〈<［](\d{2})[】\])）〕〉>］]第?\d+号")
_REQUEST = re.compile(r"请批示|请予批准|请予审批|请审批|妥否|当否|可否.{0,4}请|请予批复|请批复")


def letter(paper: Paper) -> Iterator[Finding]:
    """L1. Name without 文件, two red double lines of 170 mm, number at the right, no number on page 1."""
    if not paper.is_letter or not paper.mark:
        return
    spot = paper.spot(paper.mark[0])
    if paper.mark_text.endswith("文件"):
        yield L1.broken(_("信函格式的发文机关标志不加“文件”"), spot)
    yield from _letter_rules(paper, spot)
    if paper.number is not None and not near(paper.number.right, paper.right, "side"):
        found = mm(paper.right - paper.number.right)
        yield L1.broken(
            _("信函格式的发文字号应当顶格居版心右边缘"), Spot(1, paper.number.text), found, _("顶格")
        )
    if page_number_on(paper, paper.sheet(1)) is not None:
        yield L1.broken(_("信函格式首页不显示页码"), Spot(1))
    if paper.printed is not None:
        yield L1.broken(_("信函格式的版记不加印发机关和印发日期"), paper.spot(paper.printed))
    low = [line for each in paper.copies for line in paper.lines(each)]
    for line in low[:1]:
        if any(near(r.middle, line.top, "foot") for r in paper.sheet(line.page).strokes if r.length > 100):
            yield L1.broken(_("信函格式的版记不加分隔线"), Spot(line.page, line.text))


def _letter_rules(paper: Paper, spot: Spot) -> Iterator[Finding]:
    sheet, ink = paper.sheet(1), mark_ink(paper)
    rules = [r for r in sheet.strokes if r.is_horizontal and r.is_red and r.length > 100]
    upper, lower = ([r for r in rules if (r.middle < sheet.height / 2) == up] for up in (True, False))
    if len(upper) != 2 or len(lower) != 2:
        message = _("信函格式首页应当有上下两条红色双线")
        yield L1.broken(
            message, spot, _("上%(a)s条、下%(b)s条", a=len(upper), b=len(lower)), _("上、下各一条双线")
        )
        return
    if upper[0].width <= upper[1].width or lower[0].width >= lower[1].width:
        yield L1.broken(_("红色双线应当上线上粗下细、下线上细下粗"), spot)
    if any(not near(r.length, LETTER_RULES, "width") or not _is_central(r) for r in rules):
        yield L1.broken(_("红色双线长170毫米，居中"), spot, mm(rules[0].length), mm(LETTER_RULES))
    if ink and not near(upper[0].top - ink[-1].bottom, RULE_BELOW_NUMBER, "heading"):
        found = mm(upper[0].top - ink[-1].bottom)
        yield L1.broken(_("上面的红色双线应当在发文机关标志下4毫米"), spot, found, mm(RULE_BELOW_NUMBER))
    if not near(sheet.height - lower[1].bottom, LETTER_FOOT, "foot"):
        found = mm(sheet.height - lower[1].bottom)
        yield L1.broken(_("下面的红色双线应当离纸张下边20毫米"), spot, found, mm(LETTER_FOOT))


def _is_central(rule: Stroke) -> bool:
    return near((rule.left + rule.right) / 2, 105, "centre")


def minutes(paper: Paper) -> Iterator[Finding]:
    """L3. The heading ends with 纪要; 出席, 请假, 列席 and their like in 黑体, two characters in."""
    if paper.kind != MINUTES or not paper.mark:
        return
    if not paper.mark_text.endswith(MINUTES):
        message = _("纪要的标志由“×××纪要”组成")
        yield L3.broken(message, paper.spot(paper.mark[0]), paper.mark_text, _("×××纪要"))
    for paragraph in paper.attendance:
        spot, lines = paper.spot(paragraph), paper.lines(paragraph)
        label = attendance_label(paper, paragraph)
        look = next(run.look for run in paragraph.runs if run.text.strip())
        if label and not has_look(look, "黑体", THREE):
            yield L3.broken(_("“%(label)s”用三号黑体", label=label[1]), spot, look_name(look), _("三号黑体"))
        names = [run for run in paragraph.runs if label and is_common(run.text) and run.look != look]
        for run in names:
            if not has_look(run.look, "仿宋", THREE):
                yield L3.broken(_("人员名单用三号仿宋"), spot, look_name(run.look), _("三号仿宋"))
        if lines and not near(lines[0].left, paper.left + 2 * CHAR, "indent"):
            yield L3.broken(
                _("出席、请假、列席人员名单应当左空二字"), spot, mm(lines[0].left - paper.left), mm(2 * CHAR)
            )


def upward(paper: Paper) -> Iterator[Finding]:
    """条例 十五. One addressee in principle; no request inside a report."""
    if paper.kind in UPWARD and paper.addressees is not None:
        named = re.split(r"[、，,]", paper.addressees.text.strip().rstrip("：:"))
        if len(named) > 1:
            message = _("上行文原则上主送一个上级机关，其他的用抄送")
            yield ONE_ADDRESSEE.broken(
                message, paper.spot(paper.addressees), _("%(n)s个", n=len(named)), _("1个")
            )
    if paper.kind == "报告":
        for paragraph in paper.body:
            found = _REQUEST.search(paragraph.text)
            if found:
                yield NO_REQUEST.broken(_("报告不得夹带请示事项"), paper.spot(paragraph), found[0])


def citations(paper: Paper) -> Iterator[Finding]:
    """Cited numbers: 〔〕 around the year, and the year in full."""
    for paragraph in paper.docx.of(BODY):
        if paper.number is not None and paragraph is paper.number.owner:
            continue
        for found in _CITED.finditer(paragraph.text):
            right = re.sub(r"[【\[（(〈<［](\d{4})[】\])）〉>］]第?", r"〔\1〕", found[0])
            yield C1.broken(_("引用文号的年份应当用六角括号〔〕"), paper.spot(paragraph), found[0], right)
        for found in _SHORT_YEAR.finditer(paragraph.text):
            yield C2.broken(_("引用文号的年份应当写全四位数字"), paper.spot(paragraph), found[0])


RULES = (letter, minutes, upward, citations)
