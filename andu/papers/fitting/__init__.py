"""A paper made to fit its pages: nothing torn at the end of a line, no signature alone, no page nearly empty.

Called by ``office.issue.filling`` for every paper before it is judged, looked at or filed. ``tears`` keeps
words, numbers and dates whole; ``official`` finds room for 署名 beside 正文 (GB/T 9704—2012, 7.3.5.5);
``rows`` sees to the pages of a form. What was done is a ``Fit``, frozen with the snapshot, so that the paper
can be made again byte for byte. Guarantees: no word of the paper changes (a row cut in two says 续 beside its
second part), and a paper that nothing helps stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lxml import etree

from andu.papers.checks.layout import Signed, signature_lacks_text, signed
from andu.papers.checks.printed.glyphs import Unreadable
from andu.papers.fitting import official, rows, tears
from andu.papers.fitting.official import LINE, MAIN, STEPS
from andu.papers.fitting.pages import Page, pages_of
from andu.papers.fitting.standing import Standing, standing
from andu.papers.template.grids import W
from andu.papers.template.package import parse_xml, read_package, write_package

__all__ = ["AS_IT_IS", "LOOSE", "STEPS", "Fit", "fit", "fit_form", "fitted"]

ToPdf = Callable[[bytes], bytes]
MOST_PASSES, FEW_SHEETS = 4, 6
"""How often a paper is made anew for what is torn on it, as what follows a mended line moves on; and up to
how many pages: a longer one is mended once."""
SPARE_LINES = 3
"""Lines that a page before the one of 署名 may leave empty."""
MOST_SHEETS = 40
"""Pages of a paper that is read at all: a longer one takes too long to be made again and again."""
MOST_MOVES = 6
"""How often rows move on: each time those that follow stand elsewhere."""


@dataclass(frozen=True)
class Fit:
    """How a paper was made to fit: lines ended early, then either what an official document or a form needs.

    ``pitch`` twips a line, and what of 正文 begins the next page: the last ``carried`` characters, spaces
    apart, of the paragraph ``paragraph`` of the body. ``tight``: how close the rows of a form come, in
    hundredths; ``moves``, one after the other: which blocks begin a page, and which are cut. ``loose``: rows
    of tables may break over pages. LibreOffice loses a row that may not, now and then.
    """

    pitch: int = LINE
    paragraph: int = -1
    carried: int = 0
    loose: bool = False
    breaks: Sequence[tears.Break] = ()
    tight: int = 100
    moves: Sequence[rows.Move] = ()

    def __post_init__(self) -> None:
        """What was kept as JSON has lists."""
        for name in ("breaks", "moves"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))


def _frozen(said: Any) -> Any:
    return tuple(map(_frozen, said)) if isinstance(said, list | tuple) else said


AS_IT_IS = Fit()
LOOSE = Fit(loose=True)


@dataclass(frozen=True)
class _Made:
    """A paper as one way of fitting makes it."""

    way: Fit
    docx: bytes
    pdf: bytes

    @cached_property
    def paragraphs(self) -> list[Standing]:
        """What stands where; nothing where nobody can tell, or where there is too much of it."""
        try:
            return standing(parse_xml(read_package(self.docx)[MAIN]), self.pdf, MOST_SHEETS)
        except Unreadable:
            return []

    @cached_property
    def pages(self) -> list[Page]:
        """Its pages, in the same way."""
        return pages_of(self.paragraphs, self.pdf) if self.paragraphs else []


def fit(docx: bytes, to_pdf: ToPdf) -> tuple[bytes, bytes, Fit]:
    """An official document, its PDF, and what was done so that it fits.

    ``to_pdf`` may raise; so does this then.
    """
    made = _whole(docx, to_pdf)
    now = signed(made.docx, made.pdf)
    if now.lacks_text:
        for pitch, paragraph, carried in official.ways(made.docx, made.pdf):
            way = replace(made.way, pitch=pitch, paragraph=paragraph, carried=carried)
            other = _make(docx, way, to_pdf)
            if not signature_lacks_text(other.docx, other.pdf):
                return other.docx, other.pdf, other.way
    else:
        made = _filled_up(docx, made, now, to_pdf)
    return made.docx, made.pdf, made.way


def _filled_up(docx: bytes, made: _Made, now: Signed, to_pdf: ToPdf) -> _Made:
    """With less left empty before 署名: tighter lines bring it onto the first page, or lines stay behind."""
    if now.left <= SPARE_LINES:
        return made
    for pitch in official.ONE_SHEET if now.page == 2 else ():
        other = _make(docx, replace(made.way, pitch=pitch), to_pdf)
        then = signed(other.docx, other.pdf)
        if 0 < then.page < now.page and not then.lacks_text:
            return other
    for paragraph, carried in official.shares(made.docx, made.pdf, now.left):
        other = _make(docx, replace(made.way, paragraph=paragraph, carried=carried), to_pdf)
        then = signed(other.docx, other.pdf)
        if then.page == now.page and then.left < now.left and not then.lacks_text:
            return other
    return made


def fit_form(docx: bytes, to_pdf: ToPdf) -> tuple[bytes, bytes, Fit]:
    """The same of a form of the office's own."""
    made = _whole(docx, to_pdf)
    before = made.pages
    best = made, rows.faults(before)
    for step in rows.tighter(before):
        other = _make(docx, replace(made.way, tight=step), to_pdf)
        if len(other.pages) < len(before) and not rows.faults(other.pages):
            return other.docx, other.pdf, other.way
    if best[1]:
        best = _moved(docx, made, to_pdf, best)
    found = best[0]
    return found.docx, found.pdf, found.way


def _moved(docx: bytes, made: _Made, to_pdf: ToPdf, best: tuple[_Made, list[int]]) -> tuple[_Made, list[int]]:
    """The best that moving rows along can make of it, once nothing holds them together any more."""
    for time in range(MOST_MOVES):
        move = rows.moves(made.pages) if time else rows.FREED
        if time and not any(move):
            break
        made = _make(docx, replace(made.way, moves=(*made.way.moves, move)), to_pdf)
        found = rows.faults(made.pages)
        if len(found) < len(best[1]):
            best = made, found
        if not found:
            break
    return best


def fitted(docx: bytes, way: Fit) -> bytes:
    """The paper made to fit in this way; the same bytes for the same paper and way."""
    if way == AS_IT_IS:
        return docx
    parts = read_package(docx)
    root = parse_xml(parts[MAIN])
    tears.broken(root, way.breaks)
    if way.pitch != LINE:
        official.tighten(root, way.pitch)
    if way.carried:
        official.carry(root, way.paragraph, way.carried)
    if way.tight != AS_IT_IS.tight:
        rows.tighten(root, way.tight)
    for begins, cuts in way.moves:
        rows.moved(root, begins, cuts)
    if way.loose:
        for whole in list(root.iter(f"{W}cantSplit")):
            whole.getparent().remove(whole)
    filled = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return write_package({**parts, MAIN: filled})


def _make(docx: bytes, way: Fit, to_pdf: ToPdf) -> _Made:
    made = fitted(docx, way)
    return _Made(way, made, to_pdf(made))


def _whole(docx: bytes, to_pdf: ToPdf) -> _Made:
    """The paper with nothing torn, as far as some passes mend it."""
    made = _Made(AS_IT_IS, docx, to_pdf(docx))
    for time in range(MOST_PASSES):
        read = made.paragraphs
        if time and read and read[-1].last_page > FEW_SHEETS:
            break
        known = set(made.way.breaks)
        new = [each for each in tears.breaks_for(tears.torn(read)) if each not in known]
        if not new:
            break
        made = _make(docx, replace(made.way, breaks=tuple(sorted({*known, *new}))), to_pdf)
    return made
