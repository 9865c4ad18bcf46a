"""Room for 署名 and date beside 正文, where they would stand on a page without any.

GB/T 9704—2012, 7.3.5.5: where the page has no room left for them, line or character spacing is adjusted.
Called by ``fitting`` for official documents. First the lines between title and 落款 come closer together, in
steps no eye sees; where that does not help, the last lines of 正文 go along to the next page. A last
paragraph that went there whole leaves its first lines where there is room for them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from lxml import etree

from andu.papers.checks.layout import last_lines
from andu.papers.template.package import parse_xml, read_package

MAIN = "word/document.xml"
LINE = 579
"""Twips of a line of 正文 as our papers have it: 22 fill the text area (5.2.3)."""
STEPS = (566, 553, 540)
"""27 pt at the least: 三号 is still set with 11 pt of white between its lines."""
ONE_SHEET = (*STEPS, 520)
"""26 pt where a document then stands on one page that would else end early."""
GAPS = {LINE: 1.0, 2 * LINE: 1.25}
"""Space above a paragraph → how many of the tighter lines it becomes. Two lines stand above 署名 alone: then
the top of a seal of 42 mm is still less than a line from the text, and touches none of it (7.3.5.1)."""
SEAL_GAP = 675
"""Twips: what stands above 署名 at the least, for the same reason; as it was at 27 pt, so that papers
fitted before there were 26 pt are made again as they were."""
TITLE_SIZE = "44"
"""二号 in half-points: what stands above the title never moves."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def ways(docx: bytes, pdf: bytes) -> Iterator[tuple[int, int, int]]:
    """Tighter lines; then the last two lines of 正文 on the next page, one where there are two or three.

    Each as pitch, paragraph, and how many of its characters are carried.
    """
    yield from ((pitch, -1, 0) for pitch in STEPS)
    paragraph, lines = _last_paragraph(docx, pdf)
    if len(lines) > 1:
        yield LINE, paragraph, sum(lines[-2:] if len(lines) > 3 else lines[-1:])


def shares(docx: bytes, pdf: bytes, left: int) -> Iterator[tuple[int, int]]:
    """The last paragraph of 正文 on two pages, where the page before left so many lines empty.

    Two lines of it at the least stay on each. As paragraph, and how many of its characters are carried.
    """
    paragraph, lines = _last_paragraph(docx, pdf)
    most = min(left, len(lines) - 2)
    for stays in range(most, max(1, most - 2), -1):
        yield paragraph, sum(lines[stays:])


def _last_paragraph(docx: bytes, pdf: bytes) -> tuple[int, list[int]]:
    """Which paragraph of the body the last of 正文 is, and how many characters each of its lines has."""
    lines = ["".join(line.split()) for line in last_lines(docx, pdf)]
    body = parse_xml(read_package(docx)[MAIN]).findall(f"{_W}body/{_W}p")
    texts = ["".join("".join(str(text) for text in each.itertext(f"{_W}t")).split()) for each in body]
    found = "".join(lines)
    # the same words may stand in an earlier paragraph as well
    where = [at for at, text in enumerate(texts) if lines and text == found]
    return (where[-1], [*map(len, lines)]) if where else (-1, [])


def tighten(root: etree._Element, pitch: int) -> None:
    """Lines of this height between title and attachments."""
    for spacing in _between_title_and_attachments(root):
        spacing.set(f"{_W}line", str(pitch))
        before = int(spacing.get(f"{_W}before", "0"))
        if before in GAPS:
            gap = round(GAPS[before] * pitch)
            spacing.set(f"{_W}before", str(gap if before == LINE else max(gap, SEAL_GAP)))


def _between_title_and_attachments(root: etree._Element) -> Iterator[etree._Element]:
    has_begun = False
    for paragraph in root.iterfind(f"{_W}body/{_W}p"):
        if has_begun and paragraph.find(f"{_W}pPr/{_W}pageBreakBefore") is not None:
            return
        size = paragraph.find(f"{_W}pPr/{_W}rPr/{_W}sz")
        has_begun = has_begun or (size is not None and size.get(f"{_W}val") == TITLE_SIZE)
        spacing = paragraph.find(f"{_W}pPr/{_W}spacing")
        if has_begun and spacing is not None and spacing.get(f"{_W}line") == str(LINE):
            yield spacing


def carry(root: etree._Element, number: int, characters: int) -> None:
    """Let the last characters of a paragraph begin a page, as the rest of the same paragraph."""
    paragraph = root.findall(f"{_W}body/{_W}p")[number]
    for text in reversed(paragraph.findall(f"{_W}r/{_W}t")):
        own = text.text or ""
        solid = len("".join(own.split()))
        if solid >= characters:
            _break_before(text, _place(own, solid - characters))
            return
        characters -= solid


def _place(text: str, solid: int) -> int:
    """Where the character after so many that are no spaces stands."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    return places[solid]


def _break_before(text: etree._Element, at: int) -> None:
    run = text.getparent()
    paragraph = run.getparent()
    rest = copy.deepcopy(paragraph)
    for element in rest.findall(f"{_W}r"):
        rest.remove(element)
    after = copy.deepcopy(run)
    after.find(f"{_W}t").text = (text.text or "")[at:]
    text.text = (text.text or "")[:at]
    # a line that the fitting ended here (``tears``) ends with the page
    for each in list((run if at == 0 else after).iterchildren(f"{_W}br")):
        each.getparent().remove(each)
    if at == 0:
        for each in list(after.iterchildren(f"{_W}br")):
            each.getparent().remove(each)
    rest.append(after)
    for follower in list(run.itersiblings(f"{_W}r")):
        rest.append(follower)
    _as_continuation(rest)
    paragraph.addnext(rest)


def _as_continuation(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{_W}pPr")
    for name in ("keepNext", "pageBreakBefore"):
        for element in properties.findall(f"{_W}{name}"):
            properties.remove(element)
    properties.insert(0, etree.Element(f"{_W}pageBreakBefore"))
    properties.insert(0, etree.Element(f"{_W}keepNext"))
    indent = properties.find(f"{_W}ind")
    if indent is not None:
        indent.attrib.pop(f"{_W}firstLine", None)
