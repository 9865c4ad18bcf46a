"""The page: paper, margins, text area, type, lines and characters, colour (clause 5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import Paper
from andu.papers.checks.layout.findings import WARNING, Finding, Spot, standard
from andu.papers.checks.layout.measures import (
    A4,
    HEIGHT,
    LEFT,
    LINE,
    THREE,
    TOLERANCE,
    TOP,
    WIDTH,
    near,
)
from andu.papers.checks.layout.reading_docx import BODY, FOOTER, Paragraph
from andu.papers.checks.layout.reading_pdf import Line
from andu.papers.checks.layout.rules.speaking import has_look, look_name, marked, mm, once
from andu.papers.checks.layout.styles import Pitch

P1 = standard("P1", "5.1")
P2 = standard("P2", "5.2.1")
P3 = standard("P3", "5.2.1")
P4 = standard("P4", "5.2.2", WARNING)
P5 = standard("P5", "5.2.3", WARNING)
P6 = standard("P6", "5.2.4", WARNING)
_SAME_PITCH = 10
"""Twips: lines half a point apart more or less make no other page."""
_SHORT_LINE = 4.0
"""Millimetres that 27 characters to the line leave white at the most."""
_MARK_AT_END = re.compile(r"[，。、；：！？）》”’]$")
"""Such a mark may hang in the margin."""
_FULL_LINE, _ENOUGH = 15, 3
"""A line of fewer characters, or fewer lines, say little about how many fit."""


def paper_is_a4(paper: Paper) -> Iterator[Finding]:
    """P1. Whole sheets may lie on their side for wide tables (8), but not the first."""
    for number, sheet in enumerate(paper.pdf.sheets, start=1):
        sides = (sheet.width, sheet.height)
        lies = number > 1 and sheet.width > sheet.height
        good = all(near(*each, "paper") for each in zip(sorted(sides) if lies else sides, A4, strict=True))
        if not good:
            found = _("%(w)s×%(h)s毫米", w=f"{sheet.width:.0f}", h=f"{sheet.height:.0f}")
            yield P1.broken(_("纸张不是A4竖放"), Spot(number), found, _("210×297毫米"))
            return


def margins(paper: Paper) -> Iterator[Finding]:
    """P2, P3. The text area is what the margins leave over."""
    for section in dict.fromkeys(paper.docx.sections):
        if section.is_landscape:
            continue
        if not near(section.top, TOP, "margin"):
            yield P2.broken(_("天头（上边距）不对"), found=mm(section.top), expected=_("37±1毫米"))
        if not near(section.left, LEFT, "margin"):
            yield P2.broken(_("订口（左边距）不对"), found=mm(section.left), expected=_("28±1毫米"))
        # a wrong upper or left margin is said above already: here it is the other one
        width, height = (
            section.width - section.left - section.right,
            section.height - section.top - section.bottom,
        )
        right, bottom = A4[0] - LEFT - WIDTH, A4[1] - TOP - HEIGHT
        if not near(width, WIDTH, "area") and not near(section.right, right, "margin"):
            yield P3.broken(_("版心宽度不对，请调整右边距"), found=mm(width), expected=_("156毫米"))
        if not near(height, HEIGHT, "area") and not near(section.bottom, bottom, "margin"):
            yield P3.broken(_("版心高度不对，请调整下边距"), found=mm(height), expected=_("225毫米"))


def text_stays_inside(paper: Paper) -> Iterator[Finding]:
    """P3 in the PDF: no line of the text beside the text area."""
    for paragraph in all_text(paper):
        for line in paper.lines(paragraph):
            if _is_sideways(paper, line):
                continue
            hanging = "hanging" if _MARK_AT_END.search(line.text) else "edge"
            if line.right > paper.right + TOLERANCE[hanging] or line.left < paper.left - TOLERANCE["opening"]:
                found = _("左%(left)s、右%(right)s", left=mm(line.left), right=mm(210 - line.right))
                yield P3.broken(
                    _("文字超出版心"), Spot(line.page, line.text), found, _("左28毫米、右26毫米以内")
                )
                break


def all_text(paper: Paper) -> list[Paragraph]:
    """正文 and the text of what stands behind it."""
    return [*paper.body, *(each for one in paper.behind for each in one.text)]


def default_face(paper: Paper) -> Iterator[Finding]:
    """P4. What the standard says nothing else about is in 三号仿宋."""
    parts = _beside_text(paper)
    if paper.number is not None and not paper.signers:
        own = [run for run in paper.number.owner.runs if paper.number.text in run.text]
        parts.append(replace(paper.number.owner, runs=own))
    faults = [
        (paper.spot(each), look_name(run.look))
        for each in parts
        for run in each.runs
        if is_common(run.text) and not has_look(run.look, "仿宋", THREE)
    ]
    yield from once(P4, _("字体字号不对"), dict.fromkeys(faults), _("三号仿宋"))
    yield from once(P4, _("这里的文字不加粗、不倾斜、不加线"), marked(paper, parts), _("三号仿宋"))


def is_common(text: str) -> bool:
    """Whether it has characters that every face has: a rare one may be set in a face that reaches it."""
    return any("\u4e00" <= char <= "\u9fa5" for char in text)


def _beside_text(paper: Paper) -> list[Paragraph]:
    """What stands in lines as 正文 does, above and below it."""
    single = [paper.addressees, *paper.listed, *paper.organs, paper.date, *paper.notes]
    return [each for each in single if each is not None]


def lines_and_characters(paper: Paper) -> Iterator[Finding]:
    """P5. 22 lines of 28 characters, measured in the lines that are full."""
    blocks = [paper.lines(each) for each in all_text(paper)]
    blocks = [block for block in blocks if len(block) > 1]
    gaps = [b.middle - a.middle for block in blocks for a, b in pairwise(block) if a.page == b.page]
    if gaps and not near(median(gaps), LINE, "pitch"):
        found = _("%(n)s行", n=round(HEIGHT / median(gaps)))
        if found != _("22行"):
            yield P5.broken(_("每面的行数不是22行"), _first(blocks), found, _("22行"))
    counts = Counter(
        _capacity(paper, line) for block in blocks for line in block[1:-1] or block[:1] if _is_full(line)
    )
    if counts.total() < _ENOUGH:
        return
    # a long word that goes to the next line stretches a line: the fullest lines show what fits
    usual = max(counts) if max(counts) < 28 else counts.most_common(1)[0][0]
    if max(counts) < 28 or usual > 28:
        yield P5.broken(_("每行的字数不是28个字"), _first(blocks), _("%(n)s个字", n=usual), _("28个字"))


def one_pitch(paper: Paper) -> Iterator[Finding]:
    """P5. The paragraphs of the text stand in lines of one height, with no white between them.

    正文 and the attachments apart: lines drawn closer to make room for 落款 (7.3.5.5) end before these.
    """
    attached = [each for one in paper.behind for each in one.text]
    for text in (paper.body, attached):
        beside = _beside_text(paper) if text is paper.body else []
        flowing = ([each for each in part if _is_flowing(paper, each)] for part in (text, beside))
        yield from _of_one_pitch(paper, *flowing)


def _is_flowing(paper: Paper, paragraph: Paragraph) -> bool:
    return bool(paper.lines(paragraph)) and paragraph.place is None


def _of_one_pitch(paper: Paper, text: Sequence[Paragraph], beside: Sequence[Paragraph]) -> Iterator[Finding]:
    weights: Counter[tuple[float, str]] = Counter()
    for each in text:
        weights[each.pitch.line, each.pitch.rule] += len(paper.lines(each))
    if not weights:
        return
    (line, rule), _most = weights.most_common(1)[0]
    wrong = [
        (paper.spot(each), _pitch_name(each.pitch))
        for each in (*text, *beside)
        if each.pitch.rule != rule or abs(each.pitch.line - line) > _SAME_PITCH
    ]
    yield from once(P5, _("有的段落行距不同"), wrong, _pitch_name(Pitch(line, rule)))
    apart = [
        (paper.spot(each), _points(max(each.pitch.before, each.pitch.after)))
        for each in paper.body
        if each.place is None and max(each.pitch.before, each.pitch.after) > _SAME_PITCH
    ]
    yield from once(P5, _("正文段前、段后不留空"), apart, _points(0))


def _pitch_name(pitch: Pitch) -> str:
    if pitch.rule == "auto":
        return _("%(n)s倍行距", n=f"{pitch.line / 240:g}")
    return _points(pitch.line)


def _points(twips: float) -> str:
    return _("%(n)s磅", n=f"{twips / 20:g}")


def _first(blocks: list[list[Line]]) -> Spot:
    return Spot(blocks[0][0].page, blocks[0][0].text)


def _is_full(line: Line) -> bool:
    return len(line.text) >= _FULL_LINE and bool(
        re.fullmatch(r"[\u3000-\u9fff\uff00-\uffef“”‘’—…]+", line.text)
    )


def _capacity(paper: Paper, line: Line) -> int:
    """How many characters as wide as this line's fit the text area."""
    advance = (line.right - line.left) / len(line.text)
    # a mark that hangs in the margin stands outside the measure; half a character decides
    return round(paper.width / advance) if advance else 0


def text_fills_lines(paper: Paper) -> Iterator[Finding]:
    """P5. The lines of 正文 reach the right edge."""
    short = []
    for each in paper.body:
        whole = (line for line in paper.lines(each)[:-1] if not _is_sideways(paper, line))
        gaps = [paper.right - line.right for line in whole if not _MARK_AT_END.search(line.text)]
        if each.place is None and len(gaps) > 1 and min(gaps) > _SHORT_LINE:
            short.append((paper.spot(each), _("右边空%(length)s", length=mm(min(gaps)))))
    yield from once(P5, _("正文的行没有撑满版心"), short)


def _is_sideways(paper: Paper, line: Line) -> bool:
    return paper.sheet(line.page).width > paper.sheet(line.page).height


def text_is_black(paper: Paper) -> Iterator[Finding]:
    """P6. Only the heading is red."""
    marks = {id(each) for each in paper.mark}
    faults = [
        (paper.spot(each), f"#{run.look.color}")
        for part in (BODY, FOOTER)
        for each in paper.docx.of(part)
        for run in each.runs
        if id(each) not in marks and run.look.color and run.text.strip()
    ]
    yield from once(P6, _("文字颜色不是黑色"), dict.fromkeys(faults), _("黑色"))


RULES = (
    paper_is_a4, margins, text_stays_inside, default_face, lines_and_characters, one_pitch, text_fills_lines,
    text_is_black,
)  # fmt: skip
