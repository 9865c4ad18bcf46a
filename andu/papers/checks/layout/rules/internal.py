"""Internal forms: no standard binds them, but nothing may be lost, cut off or unreadable on the page.

``RULES`` judge a form; ``ALWAYS`` judge official documents, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import Paper
from andu.papers.checks.layout.findings import ERROR, WARNING, Finding, Rule, Spot
from andu.papers.checks.layout.locating import bare
from andu.papers.checks.layout.measures import A4, KNOWN_FACES, near
from andu.papers.checks.layout.reading_docx import BODY, Row
from andu.papers.checks.layout.reading_pdf import PdfPage, Word
from andu.papers.checks.layout.rules.speaking import mm, once
from andu.papers.checks.layout.wording import is_signed

N1, N2, N3, N4, N5, N6, N7, N8 = (Rule(f"N{number}", "", ERROR) for number in range(1, 9))
N9, N11 = (Rule(name, "", WARNING) for name in ("N9", "N11"))
N10 = Rule("N10", "", ERROR)
EDGE, BESIDE = 5.0, 2.0
"""Printers leave 5 mm white; a table may stand 2 mm beside the margin, as Word sets it."""
_SHORT = 6
"""So few characters may stand in many cells."""
_THIRD = 1 / 3
"""How much of a page is used at the least."""
_PAGE_FULL = 180.0
"""Millimetres of type that no page holds beside a head."""


def sheets_are_a4(paper: Paper) -> Iterator[Finding]:
    """N1. A4, upright or on its side."""
    for sheet in paper.pdf.sheets:
        sides = sorted((sheet.width, sheet.height))
        if not all(near(*each, "paper") for each in zip(sides, A4, strict=True)):
            found = _("%(w)s×%(h)s毫米", w=f"{sheet.width:.0f}", h=f"{sheet.height:.0f}")
            yield N1.broken(_("纸张不是A4"), Spot(sheet.number), found, _("210×297毫米"))
            return


def text_within_margins(paper: Paper) -> Iterator[Finding]:
    """N2. No text in the margins, none where no printer prints."""
    sections = paper.docx.sections
    left = min((section.left for section in sections), default=EDGE)
    right = min((section.right for section in sections), default=EDGE)
    for sheet in paper.pdf.sheets:
        for word in sheet.words:
            outside = word.left < left - BESIDE or word.right > sheet.width - right + BESIDE
            if outside or word.middle < EDGE or word.middle > sheet.height - EDGE:
                found = _("左%(left)s、上%(top)s", left=mm(word.left), top=mm(word.top))
                yield N2.broken(_("文字印到了页边距里"), Spot(sheet.number, word.text), found)
                break


def faces_exist(paper: Paper) -> Iterator[Finding]:
    """N3. Every face is one that has a stand-in of its own; others would be replaced in silence."""
    faults = []
    for paragraph in paper.docx.paragraphs:
        for run in paragraph.runs:
            chinese = any(ord(character) > 0x2E7F for character in run.text)
            face = run.look.east if chinese else run.look.latin
            if run.text.strip() and face not in KNOWN_FACES:
                faults.append((paper.spot(paragraph), face or _("未指定字体")))
    yield from once(N3, _("字体没有对应的字库，会被换成别的字体"), faults)


def characters_exist(paper: Paper) -> Iterator[Finding]:
    """N4. No character that prints as a box: private ones, unassigned ones, the sign for a lost one."""
    faults = []
    for paragraph in paper.docx.paragraphs:
        lost = [each for each in paragraph.text if _is_lost(each)]
        if lost:
            faults.append((paper.spot(paragraph), _("字符U+%(code)s", code=f"{ord(lost[0]):04X}")))
    yield from once(N4, _("有字印不出来，会印成方框"), faults)


def _is_lost(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn", "Cs")


def text_is_whole(paper: Paper) -> Iterator[Finding]:
    """N5. No row is lower than its text, no text missing, none across the lines of a cell."""
    yield from _low_rows(paper)
    written = Counter("".join(bare(each.text) for each in paper.docx.of(BODY)))
    shown = Counter("".join(bare(word.text) for sheet in paper.pdf.sheets for word in sheet.words))
    missing = written - shown
    if missing:
        cut = max(paper.docx.of(BODY), key=lambda each: sum(missing[c] for c in bare(each.text)))
        found = _("少%(n)s个字", n=missing.total())
        yield N5.broken(_("文字没有印全（格子太小或者超出纸张）"), paper.spot(cut), found)
    for sheet in paper.pdf.sheets:
        for word in sheet.words:
            if _crosses(sheet, word):
                yield N5.broken(_("文字超出格子，压在表格线上"), Spot(sheet.number, word.text))


def _low_rows(paper: Paper) -> Iterator[Finding]:
    """Rows of a fixed height in which not even one line of their text has room."""
    for paragraph in paper.docx.of(BODY):
        if paragraph.place is None or paragraph.place.row >= len(paper.docx.tables[paragraph.place.table]):
            continue
        height = paper.docx.tables[paragraph.place.table][paragraph.place.row].height
        needed = paragraph.look.size / 72 * 25.4
        if 0 < height < needed:
            yield N5.broken(_("表格行高固定，字印不全"), paper.spot(paragraph), mm(height), mm(needed))


def _crosses(sheet: PdfPage, word: Word) -> bool:
    third = (word.bottom - word.top) / 3
    for line in sheet.strokes:
        if line.is_horizontal:
            # an underline stands lower, a line of the table passes through the middle
            if word.top + third < line.middle < word.bottom - third and line.left < word.centre < line.right:
                return line.length > word.right - word.left + 1
        elif (
            word.left + 1 < (line.left + line.right) / 2 < word.right - 1
            and line.top < word.middle < line.bottom
        ):
            return True
    return False


def rows_are_whole(paper: Paper) -> Iterator[Finding]:
    """N6. A row that a page would hold is not split between two."""
    split = [row for table in paper.docx.tables for row in table if not row.is_whole]
    if not split or not paper.docx.sections:
        return
    pages = [_cells(sheet, paper) for sheet in paper.pdf.sheets]
    for number, (upper, lower) in enumerate(pairwise(pages), start=1):
        ends, starts = _ends(upper), _starts(lower, paper)
        for row in split:
            cut = next((cell for cell in map(bare, row.cells) if _is_cut(cell, ends, starts)), "")
            if cut and not _is_long(cut, [*upper, *lower]):
                yield N6.broken(_("表格的一行被拆在两页上"), Spot(number, cut))


def _cells(sheet: PdfPage, paper: Paper) -> list[Word]:
    """The lines of text between margins, cut where a line of the table runs between two words."""
    section = paper.docx.sections[0]
    upright = [(stroke.left + stroke.right) / 2 for stroke in sheet.strokes if not stroke.is_horizontal]
    found: list[Word] = []
    for line in sheet.lines:
        if not section.top - 2 < line.middle < sheet.height - section.bottom + 2:
            continue
        for word in line.words:
            last = found[-1] if found and found[-1].page == word.page else None
            if last and word is not line.words[0] and not any(last.right <= x <= word.left for x in upright):
                found[-1] = replace(last, right=word.right, text=last.text + word.text)
            else:
                found.append(word)
    return found


def _ends(cells: list[Word]) -> list[Word]:
    """The last lines of each column."""
    return [one for one in cells if not any(o.middle > one.middle + 1 and _beside(o, one) for o in cells)]


def _starts(cells: list[Word], paper: Paper) -> list[Word]:
    """The first lines of each column, below the repeated heads."""
    heads = [bare(cell) for table in paper.docx.tables for row in table if row.is_head for cell in row.cells]
    below = [one for one in cells if not any(bare(one.text) in head for head in heads)]
    return [one for one in below if not any(o.middle < one.middle - 1 and _beside(o, one) for o in below)]


def _beside(one: Word, other: Word) -> bool:
    return one.left < other.right and other.left < one.right


def _is_cut(cell: str, ends: list[Word], starts: list[Word]) -> bool:
    pairs = ((bare(a.text), bare(b.text)) for a in ends for b in starts if _beside(a, b))
    return any(len(a + b) >= _SHORT and a + b in cell for a, b in pairs)


def _is_long(cell: str, lines: list[Word]) -> bool:
    """Whether the text of a cell fills most of a page: then it may be split."""
    own = [line for line in lines if len(line.text) >= _SHORT and bare(line.text) in cell]
    return sum(line.bottom - line.top for line in own) > _PAGE_FULL


def heads_repeat(paper: Paper) -> Iterator[Finding]:
    """N7. A table that goes on shows its head on every page."""
    for table in paper.docx.tables:
        at = next((at for at in range(3) if _is_head(table[at:])), None)
        if at is None:
            continue
        head = [bare(cell) for cell in table[at].cells]
        for sheet in paper.pdf.sheets:
            text = bare("".join(word.text for word in sheet.words))
            shown = sum(cell in text for cell in head)
            if shown * 2 < len(head) and _has_row(table[at + 1 :], sheet):
                yield N7.broken(_("表格转页后没有重复表头"), Spot(sheet.number, "".join(head)))
                break


def _is_head(table: list[Row]) -> bool:
    """Whether the first row names columns: three or more, all short, over four rows of as many cells."""
    if len(table) < 5 or len(table[0].cells) < 3:
        return False
    names = [cell.strip() for cell in table[0].cells]
    even = all(len(row.cells) == len(names) for row in table[1:5])
    return even and all(0 < len(name) <= 12 and not re.search(r"\d", name) for name in names)


def _has_row(rows: list[Row], sheet: PdfPage) -> bool:
    texts = [max((bare(cell) for cell in row.cells), key=len) for row in rows]
    once_only = [text for text, count in Counter(texts).items() if count == 1 and len(text) >= 4]
    text = bare("".join(word.text for word in sheet.words))
    return any(each in text for each in once_only)


def last_page_has_text(paper: Paper) -> Iterator[Finding]:
    """N8. The last page shows more than its footer."""
    if len(paper.pdf.sheets) < 2 or not paper.docx.sections:
        return
    sheet, section = paper.pdf.sheets[-1], paper.docx.sections[-1]
    inside = [w for w in sheet.words if section.top - 2 < w.middle < sheet.height - section.bottom + 2]
    if not inside and not sheet.strokes:
        yield N8.broken(_("最后一页是空白页"), Spot(sheet.number))


def form_is_black(paper: Paper) -> Iterator[Finding]:
    """N9. Forms are copied: coloured text is lost."""
    faults = [
        (paper.spot(each), f"#{run.look.color}")
        for each in paper.docx.paragraphs
        for run in each.runs
        if run.look.color and run.text.strip()
    ]
    yield from once(N9, _("文字颜色不是黑色"), dict.fromkeys(faults), _("黑色"))


def signatures_beside_matter(paper: Paper) -> Iterator[Finding]:
    """N10. No page shows signatures alone: whoever signs there would sign nothing."""
    if len(paper.pdf.sheets) < 2 or not paper.docx.sections:
        return
    signed, others = _signed_rows(paper)
    for sheet in paper.pdf.sheets:
        shown = [bare(cell.text) for cell in _cells(sheet, paper)]
        beside = [text for text in shown if not any(text in row for row in (*signed, *others))]
        if any(text in row for text in shown for row in signed) and not beside:
            yield N10.broken(_("这一页只有签字，没有所签的内容"), Spot(sheet.number))


def _signed_rows(paper: Paper) -> tuple[list[str], list[str]]:
    """The texts of the rows in which people sign, and of those that repeat on each page."""
    signed, heads = [], []
    for table in paper.docx.tables:
        own = [cell.strip() for row in table if row.is_head for cell in row.cells]
        heads += [bare("".join(row.cells)) for row in table if row.is_head]
        texts = ("".join(row.cells) for row in table if not row.is_head)
        signed += [bare(text) for text in texts if is_signed(text, own)]
    return signed, heads


def pages_are_used(paper: Paper) -> Iterator[Finding]:
    """N11. No page of several is nearly empty."""
    if not paper.docx.sections:
        return
    for sheet in paper.pdf.sheets if len(paper.pdf.sheets) > 1 else ():
        section = paper.docx.sections[0]
        foot = sheet.height - section.bottom
        ends = [word.bottom for word in sheet.words] + [line.bottom for line in sheet.strokes]
        ends = [end for end in ends if end < foot + 2]
        fill = (max(ends, default=section.top) - section.top) / (foot - section.top)
        if fill < _THIRD:
            found = _("用了%(n)s%%", n=round(max(fill, 0) * 100))
            yield N11.broken(_("这一页大半是空的"), Spot(sheet.number), found, _("三分之一以上"))


ALWAYS = (faces_exist, characters_exist, text_is_whole, rows_are_whole, heads_repeat, last_page_has_text)
RULES = (sheets_are_a4, text_within_margins, *ALWAYS, form_is_black, signatures_beside_matter, pages_are_used)
