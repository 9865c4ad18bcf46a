"""Words, names, numbers and dates that the made page broke at the end of a line, put whole on the next one.

Called by ``fitting``. Neither Word nor LibreOffice can be told which Chinese characters belong together, so
the page is read, and where it tore something (``papers.holding``) a line end is set before it. In cells,
labels and headings every word holds together, in what is centred every bracket; in 正文, whose lines are
even, numbers, dates and names do.
Guarantees: nothing but line ends is added; what is longer than its line stays as it is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from andu.papers.fitting.standing import Standing, Stretch, paragraphs_of, texts_in
from andu.papers.holding import Span, brackets, folded, held
from andu.papers.template.grids import W

Break = tuple[int, int]
"""A paragraph of the body, and before which of its characters a line ends."""
SLACK = 4
"""Characters by which a line of 正文 may be shortened for a date; else it breaks after its year."""
LONG = 120
"""Characters of a text that is no label, name or title: only what a figure stands in holds together there."""


@dataclass(frozen=True)
class Tear:
    """Something that is torn: in which paragraph, what it is, and where its line ended."""

    paragraph: Standing
    span: Span
    line: int

    @property
    def words(self) -> str:
        """What is torn."""
        return self.paragraph.text[slice(*self.span)]

    @property
    def is_centred(self) -> bool:
        """Whether it stands in a label, a head or a title."""
        return _align(self.paragraph.element) == "center"


def torn(paragraphs: Sequence[Standing]) -> list[Tear]:
    """All that is torn and would have room on a line of its own."""
    return [tear for paragraph in paragraphs for tear in _torn(paragraph)]


def breaks_for(tears: Sequence[Tear]) -> list[Break]:
    """Where lines shall end: before the first tear of each paragraph, as what follows then moves on.

    The lines of what is centred are made even.
    """
    found: list[Break] = []
    seen: set[int] = set()
    for tear in tears:
        paragraph = tear.paragraph
        if paragraph.number not in seen:
            seen.add(paragraph.number)
            found += _even(paragraph) if tear.is_centred else []
            if not found or found[-1][0] != paragraph.number:
                found.append((paragraph.number, _place(tear)))
    return found


def broken(root: etree._Element, breaks: Sequence[Break]) -> None:
    """Set the line ends. Those of a paragraph are counted in its text as it was."""
    paragraphs = paragraphs_of(root)
    # from the last on, so that what is before keeps its place
    for number, place in sorted(map(tuple, breaks), reverse=True):
        _end_line(paragraphs[number], place)


def _torn(paragraph: Standing) -> Iterator[Tear]:
    lines = paragraph.lines
    if len(lines) < 2:
        return
    width = max(line.right - line.left for line in lines)
    words = not _is_even(paragraph.element) and len(paragraph.text) <= LONG
    whole = brackets(paragraph.text) if words and _align(paragraph.element) == "center" else ()
    for span in (*whole, *held(paragraph.text, words)):
        torn_at = next((at for at, line in enumerate(lines) if span[0] < line.end < span[1]), None)
        if any(span[0] < mark < span[1] for mark in paragraph.ends | paragraph.tabs):
            continue  # the paper itself broke it
        if torn_at is not None and not _begins_line(span, lines) and _width(paragraph, span, lines) <= width:
            yield Tear(paragraph, span, torn_at)


def _begins_line(span: Span, lines: Sequence[Stretch]) -> bool:
    return any(line.start == span[0] for line in lines)


def _width(paragraph: Standing, span: Span, lines: Sequence[Stretch]) -> float:
    """How wide it stands on its lines, one after the other."""
    start, end = span
    parts = (paragraph.places[max(start, line.start) : min(end, line.end)] for line in lines)
    shown = [[one for one in part if one] for part in parts]
    return sum(max(one.right for one in each) - min(one.left for one in each) for each in shown if each)


def _place(tear: Tear) -> int:
    """Before which character the line shall end: the torn piece, or what follows the year of a date."""
    start, end = tear.span
    cut = tear.paragraph.lines[tear.line].end
    year = tear.words.find("年") + start + 1
    if _is_even(tear.paragraph.element) and start < year <= cut and cut - start > SLACK and year < end:
        return year
    return start


def _even(paragraph: Standing) -> list[Break]:
    """The ends of lines that are as even as the words of a centred text let them be."""
    if paragraph.ends | paragraph.tabs:
        return []
    room = max(line.end - line.start for line in paragraph.lines)
    at, found = 0, []
    for line in folded(paragraph.text, room)[:-1]:
        at += len(line)
        found.append((paragraph.number, at))
    return found


def _align(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{W}pPr/{W}jc")
    return "" if found is None else found.get(f"{W}val", "")


def _is_even(paragraph: etree._Element) -> bool:
    return _align(paragraph) in ("both", "distribute")


def _end_line(paragraph: etree._Element, place: int) -> None:
    """A line end before a character: the run is cut in two around it."""
    for text in texts_in(paragraph):
        own = text.text or ""
        if place < len(own) or (place == len(own) and text is texts_in(paragraph)[-1]):
            _cut(text, place)
            return
        place -= len(own)


def _cut(text: etree._Element, place: int) -> None:
    run = text.getparent()
    if run.tag != f"{W}r":
        return
    properties = run.find(f"{W}rPr")
    rest = etree.Element(run.tag, run.attrib)
    if properties is not None:
        rest.append(copy.deepcopy(properties))
    after = copy.deepcopy(text)
    own = text.text or ""
    text.text, after.text = own[:place], own[place:]
    rest.append(etree.Element(f"{W}br"))
    rest.append(after)
    rest.extend(list(text.itersiblings()))
    run.addnext(rest)
