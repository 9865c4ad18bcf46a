"""The page: paper, margins, text area, type, lines and characters, colour (clause 5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
from andu.papers.checks.layout.rules.speaking import has_look, look_name, mm, once
from andu.papers.checks.layout.styles import Pitch

P1 = standard("P1", "5.1")
P2 = standard("P2", "5.2.1")
P3 = standard("P3", "5.2.1")
P4 = standard("P4", "5.2.2", WARNING)
P5 = standard("P5", "5.2.3", WARNING)
P6 = standard("P6", "5.2.4", WARNING)
_SAME_PITCH = 10
"""Twips: lines half a point apart more or less make no other page."""
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
            if paper.sheet(line.page).width > paper.sheet(line.page).height:
                continue
            hanging = "hanging" if re.search(r"[，。、；：！？）》”’]$", line.text) else "edge"
            if line.right > paper.right + TOLERANCE[hanging] or line.left < paper.left - TOLERANCE["opening"]:
                found = _("左%(left)s、右%(right)s", left=mm(line.left), right=mm(210 - line.right))
                yield P3.broken(
                    _("文字超出版心"), Spot(line.page, line.text), found, _("左28毫米、右26毫米以内")
                )
                break


def all_text(paper: Paper) -> list[Paragraph]:
    """正文 and the text of the attachments."""
    return [*paper.body, *(each for one in paper.attachments for each in one.text)]


def default_face(paper: Paper) -> Iterator[Finding]:
    """P4. What the standard says nothing else about is in 三号仿宋."""
    single = [paper.addressees, paper.date, *paper.listed, *paper.organs, *paper.notes]
    parts = [each for each in single if each is not None]
    if paper.number is not None and not paper.signers:
        parts.append(paper.number.owner)
    wrong = [each for each in parts if not has_look(each.look, "仿宋", THREE)]
    faults = [(paper.spot(each), look_name(each.look)) for each in wrong]
    yield from once(P4, _("字体字号不对"), faults, _("三号仿宋"))


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
    text = [each for each in all_text(paper) if paper.lines(each) and each.place is None]
    body = {id(each) for each in paper.body}
    for is_body in (True, False):
        yield from _of_one_pitch(paper, [each for each in text if (id(each) in body) is is_body])


def _of_one_pitch(paper: Paper, text: Sequence[Paragraph]) -> Iterator[Finding]:
    weights: Counter[tuple[float, str]] = Counter()
    for each in text:
        weights[each.pitch.line, each.pitch.rule] += len(paper.lines(each))
    if not weights:
        return
    (line, rule), _most = weights.most_common(1)[0]
    wrong = [
        (paper.spot(each), _pitch_name(each.pitch))
        for each in text
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
    paper_is_a4, margins, text_stays_inside, default_face, lines_and_characters, one_pitch, text_is_black,
)  # fmt: skip
