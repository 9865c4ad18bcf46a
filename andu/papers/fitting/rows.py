"""A form on its pages: no signature without its matter, no page that is nearly empty.

Called by ``fitting`` for papers that are no official documents. Where a last page holds little, lines and
rows come closer together until it is saved; where that does not help, rows go along to it, and of a row that
fills the page before, its last lines. Guarantees: no word changes but that a row cut in two says 续 beside
its second part; a paper that nothing helps stays as it was.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from lxml import etree

from andu.papers.fitting.pages import Page, Row, blocks_of, leads
from andu.papers.fitting.standing import paragraphs_of, texts_in
from andu.papers.template.grids import W

THIRD = 1 / 3
"""How full a page is at the least."""
SPARED = 0.5
"""A last page less full than that is saved, if closer lines can save it."""
MOST_SAVED = 4
"""Pages of a part of which one is worth saving."""
STEPS = (92, 84, 76, 68)
"""How close lines and rows come, in hundredths of what they were."""
SMALL_MARGINS, TAKEN = 80, 227
"""Below this step the text begins 4 mm higher on the page."""
LEAST_LINE = 280
"""Twips: a line of 小四 with 2 pt of white."""
ROOM = 0.03
"""Of a page, by which what goes along is reckoned too much rather than too little."""
LEAST_PART, MARGIN = 15.0, 12.0
"""Millimetres of a row that go along at the least, and that stay free below what fills a page."""
CONTINUED = "（续）"
_EXACT, _GAP = range(LEAST_LINE, 420), range(60, 200)
"""Lines of text, and the empty ones between two tables; twips."""

Cut = tuple[int, list[tuple[int, int]]]
"""A block, and where its second part begins: paragraphs of the body, and characters of these."""
Move = tuple[Sequence[int], Sequence[Cut]]
"""What goes to the next page: blocks with all after them, and the second parts of blocks."""
FREED: Move = ((), ())
"""Nothing goes, but rows are not kept together any more."""


def faults(pages: Sequence[Page]) -> list[int]:
    """The pages on which signatures stand alone, or that are nearly empty; not the only page of a part."""
    return [page.number for part in parts_of(pages) for page in part if _is_faulty(page, part)]


def _is_faulty(page: Page, part: Sequence[Page]) -> bool:
    return page.lacks_matter or (len(part) > 1 and page.fill < THIRD)


def parts_of(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages of each part of the paper that begins a page by itself: its copies."""
    parts: list[list[Page]] = []
    for page in pages:
        opens = any(row.opens and row.first == page.number for row in page.rows[:1])
        if not parts or opens:
            parts.append([])
        parts[-1].append(page)
    return parts


def tighter(pages: Sequence[Page]) -> list[int]:
    """The steps that may save a page, the mildest first."""
    short = [
        part
        for part in parts_of(pages)
        if 1 < len(part) <= MOST_SAVED and (part[-1].fill < SPARED or _is_faulty(part[-1], part))
    ]
    needed = min((100 * (len(part) - 1) / sum(page.fill for page in part) for part in short), default=0)
    # rows of one line do not shrink as lines do
    return [step for step in STEPS if step <= needed + 10] if short else []


def tighten(root: etree._Element, step: int) -> None:
    """Bring lines, rows and what is between them closer together."""
    for spacing in root.iterfind(f"{W}body//{W}spacing"):
        _bring_closer(spacing, step)
    for page in root.iterfind(f"{W}body//{W}pgMar") if step < SMALL_MARGINS else ():
        page.set(f"{W}top", str(max(_number(page, "top") - TAKEN, TAKEN)))
    for margin in root.iterfind(f"{W}body//{W}tblCellMar/*"):
        if margin.tag in (f"{W}top", f"{W}bottom"):
            margin.set(f"{W}w", _squared(margin, "w", step))
    for height in root.iterfind(f"{W}body//{W}trHeight"):
        if height.get(f"{W}hRule") != "exact":
            height.set(f"{W}val", _squared(height, "val", step))


def _bring_closer(spacing: etree._Element, step: int) -> None:
    line = _number(spacing, "line")
    if spacing.get(f"{W}lineRule") == "exact" and line in _EXACT:
        spacing.set(f"{W}line", str(max(line * step // 100, LEAST_LINE)))
    elif spacing.get(f"{W}lineRule") == "exact" and line in _GAP:
        spacing.set(f"{W}line", _squared(spacing, "line", step))
    for side in ("before", "after"):
        if spacing.get(f"{W}{side}"):
            spacing.set(f"{W}{side}", _squared(spacing, side, step))


def _squared(element: etree._Element, name: str, step: int) -> str:
    """White gives way before lines do."""
    return str(_number(element, name) * step * step // 10000)


def _number(element: etree._Element, name: str) -> int:
    try:
        return int(element.get(f"{W}{name}", "0"))
    except ValueError:
        return 0


def moves(pages: Sequence[Page]) -> Move:
    """What must go to another page for the first that is faulty; what follows it then moves, too."""
    for part in parts_of(pages):
        for before, page in zip(part, part[1:], strict=False):
            cuts = _fill_up(before, page) if before.fill < THIRD else []
            if cuts:
                return (), cuts
        if len(part) > 1 and _is_faulty(part[-1], part):
            move = _taken_along(part[-2], part[-1])
            if any(move):
                return move
    return (), ()


def _taken_along(before: Page, last: Page) -> Move:
    """The row of the page before that shall begin the last one, or the lines of it that shall."""
    wanted = (THIRD + ROOM) * last.height - (last.bottom - last.top)
    rows = [row for row in before.rows if not row.is_head]
    own = [row for row in last.rows if row not in rows and not row.is_head]
    matter = any(not row.is_signature and not row.leads for row in own)
    for at in range(len(rows) - 1, 0, -1):
        row = rows[at]
        if row.first != before.number or (row.top - before.top) / before.height < THIRD:
            break
        matter = matter or not (row.is_signature or row.leads)
        gained = before.bottom - row.top
        fits = gained + last.bottom - last.top < last.height * (1 - ROOM)
        if not fits:
            break
        if matter and gained >= wanted and not rows[at - 1].leads and row.element.tag == f"{W}tr":
            return [row.number], []
    return [], _last_lines(before, rows, wanted)


def _last_lines(before: Page, rows: Sequence[Row], wanted: float) -> list[Cut]:
    """The end of the last long row of a page that is no signature; what is below it goes along."""
    for row in reversed(rows):
        foot = before.bottom if row.last > before.number else row.bottom
        begins_here = row.first == before.number
        head = row.top if begins_here else before.top
        if not row.is_signature:
            height = foot - max(wanted, LEAST_PART)
            least = max(head, before.top + THIRD * before.height) if begins_here else head
            found = _cut(row, before.number, height) if height >= least else []
            if found:
                return found
        wanted -= foot - head
    return []


def _fill_up(before: Page, page: Page) -> list[Cut]:
    """As many lines of a tall row as fill the page before, which it left nearly empty."""
    row = next((row for row in page.rows if not (row.is_head or row.leads)), None)
    if row is None or row.first == before.number or row.element.tag != f"{W}tr":
        return []
    return _cut(row, row.first, page.top + before.foot - before.bottom - MARGIN)


def _cut(row: Row, page: int, height: float) -> list[Cut]:
    """The row cut at a height of a page: the first character of each paragraph that goes below it."""
    places: list[tuple[int, int]] = []
    for paragraph in row.paragraphs:
        line = next((one for one in paragraph.lines if _is_below(one.page, one.base, page, height)), None)
        if line is not None:
            places.append((paragraph.number, line.start))
    stays = any(
        not _is_below(line.page, line.base, page, height)
        for paragraph in row.paragraphs
        for line in paragraph.lines
    )
    long = [paragraph for paragraph in row.paragraphs if len(paragraph.lines) > 1]
    return [(row.number, places)] if places and stays and (long or len(places) > 1) else []


def _is_below(page: int, base: float, limit: int, height: float) -> bool:
    return page > limit or (page == limit and (_PAGE - base) * _POINT > height)


_PAGE, _POINT = 841.89, 25.4 / 72


def moved(root: etree._Element, begins: Sequence[int], cuts: Sequence[Cut]) -> None:
    """Begin pages with these blocks, and cut those.

    What was kept together with what follows is so no more, but for headings: pages are set by hand now.
    """
    blocks, paragraphs = blocks_of(root), paragraphs_of(root)
    for block in blocks:
        for kept in [] if _is_head(block) or leads(block) else list(block.iter(f"{W}keepNext")):
            kept.getparent().remove(kept)
    for number, places in cuts:
        rest = _parted(blocks[number], [(paragraphs[at], place) for at, place in places])
        blocks[number].addnext(rest)
        _begin_page(rest)
    for number in begins:
        _begin_page(blocks[number])


def _parted(row: etree._Element, places: Sequence[tuple[etree._Element, int]]) -> etree._Element:
    """The second part of a row, taken out of it."""
    rest = etree.Element(row.tag, row.attrib)
    properties = row.find(f"{W}trPr")
    if properties is not None:
        rest.append(copy.deepcopy(properties))
    starts = dict(places)
    for column, cell in enumerate(row.findall(f"{W}tc")):
        rest.append(_rest_of(cell, starts, column == 0))
    for height in (*row.iterfind(f"{W}trPr/{W}trHeight"), *rest.iterfind(f"{W}trPr/{W}trHeight")):
        height.getparent().remove(height)
    return rest


def _rest_of(cell: etree._Element, starts: dict[etree._Element, int], is_label: bool) -> etree._Element:
    below = etree.Element(cell.tag)
    for child in cell:
        if child.tag == f"{W}tcPr":
            below.append(copy.deepcopy(child))
    first = next((at for at, each in enumerate(cell) if each in starts), None)
    if first is None:
        below.append(_empty(cell, with_label=is_label))
        return below
    head, *others = list(cell)[first:]
    place = starts[head]
    if place > 0:
        below.append(_second_part(head, place))
    else:
        others = [head, *others]
    below.extend(others)
    if cell.find(f"{W}p") is None:
        cell.append(_empty(below, False))
    return below


def _empty(cell: etree._Element, with_label: bool) -> etree._Element:
    """An empty paragraph like the cell's own; ``with_label``: the label again, and that it goes on."""
    paragraph = copy.deepcopy(cell.find(f"{W}p"))
    runs = paragraph.findall(f"{W}r")
    words = "".join(paragraph.itertext(f"{W}t"))
    for run in runs[1:] if with_label and words else runs:
        paragraph.remove(run)
    if with_label and words:
        for each in list(runs[0].iterchildren(f"{W}br", f"{W}t"))[1:]:
            runs[0].remove(each)
        text = runs[0].find(f"{W}t")
        if text is not None:
            text.text = CONTINUED
    return paragraph


def _second_part(paragraph: etree._Element, place: int) -> etree._Element:
    """What of a paragraph stands from a character on, without the indent of a first line."""
    rest = copy.deepcopy(paragraph)
    _keep(paragraph, place, before=True)
    _keep(rest, place, before=False)
    indent = rest.find(f"{W}pPr/{W}ind")
    if indent is not None:
        indent.attrib.pop(f"{W}firstLine", None)
    return rest


def _keep(paragraph: etree._Element, place: int, before: bool) -> None:
    at = 0
    for text in texts_in(paragraph):
        own = text.text or ""
        cut = min(max(place - at, 0), len(own))
        text.text = own[:cut] if before else own[cut:]
        at += len(own)
    if not before:
        _drop_leading_breaks(paragraph)


def _drop_leading_breaks(paragraph: etree._Element) -> None:
    for each in list(paragraph.iter(f"{W}t", f"{W}br")):
        if each.tag == f"{W}t" and each.text:
            return
        if each.tag == f"{W}br":
            each.getparent().remove(each)


def _begin_page(row: etree._Element) -> None:
    """Let a row begin a page: the table is cut before it, its heads are repeated."""
    table = row.getparent()
    rest = etree.Element(table.tag)
    for child in table:
        if child.tag in (f"{W}tblPr", f"{W}tblGrid"):
            rest.append(copy.deepcopy(child))
    before = list(row.itersiblings(f"{W}tr", preceding=True))
    rest.extend(copy.deepcopy(each) for each in reversed(before) if _is_head(each))
    after = [row, *row.itersiblings(f"{W}tr")]
    only_heads = all(map(_is_head, before))
    rest.extend(after)
    if only_heads:
        table.getparent().replace(table, rest)
    else:
        table.addnext(rest)
    rest.addprevious(_page_break())


def _is_head(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}tblHeader") is not None


def _page_break() -> etree._Element:
    """A paragraph of no height that begins a page."""
    paragraph = etree.Element(f"{W}p")
    properties = etree.SubElement(paragraph, f"{W}pPr")
    etree.SubElement(properties, f"{W}pageBreakBefore")
    spacing = {f"{W}before": "0", f"{W}after": "0", f"{W}line": "20", f"{W}lineRule": "exact"}
    etree.SubElement(properties, f"{W}spacing", spacing)
    look = etree.SubElement(properties, f"{W}rPr")
    etree.SubElement(look, f"{W}sz", {f"{W}val": "2"})
    return paragraph
