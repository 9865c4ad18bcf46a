"""Tighter lines where 署名 and date would stand on a page without 正文.

GB/T 9704—2012, 7.3.5.5: where the page has no room left for them, line or character spacing is adjusted.
Called by ``andu.office.filling`` for every official document; the line spacing found is frozen with the
snapshot, so that the paper can be made again byte for byte. Guarantees: nothing but the spacing between title
and 落款 changes, in steps no eye sees, and a paper that no step helps stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from andu.papers.checks.layout import signature_lacks_text
from andu.papers.template.package import parse_xml, read_package, write_package

MAIN = "word/document.xml"
LINE = 579
"""Twips of a line of 正文 as our papers have it: 22 fill the text area (5.2.3)."""
STEPS = (566, 553, 540)
"""27 pt at the least: 三号 is still set with 11 pt of white between its lines."""
GAPS = {LINE: 1.0, 2 * LINE: 1.25}
"""Space above a paragraph → how many of the tighter lines it becomes. Two lines stand above 署名 alone: then
the top of a seal of 42 mm is still less than a line from the text, and touches none of it (7.3.5.1)."""
TITLE_SIZE = "44"
"""二号 in half-points: what stands above the title never moves."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def fit(docx: bytes, to_pdf: Callable[[bytes], bytes]) -> tuple[bytes, bytes, int]:
    """The paper, its PDF and the line spacing in twips with which 落款 stands beside 正文.

    ``to_pdf`` may raise; so does this then.
    """
    pdf = to_pdf(docx)
    if signature_lacks_text(docx, pdf):
        for pitch in STEPS:
            tighter = tightened(docx, pitch)
            its_pdf = to_pdf(tighter)
            if not signature_lacks_text(tighter, its_pdf):
                return tighter, its_pdf, pitch
    return docx, pdf, LINE


def tightened(docx: bytes, pitch: int) -> bytes:
    """The paper with this line spacing (twips) from its title to its first 附件; itself for ``LINE``."""
    if pitch == LINE:
        return docx
    parts = read_package(docx)
    root = parse_xml(parts[MAIN])
    for spacing in _between_title_and_attachments(root):
        spacing.set(f"{_W}line", str(pitch))
        before = int(spacing.get(f"{_W}before", "0"))
        if before in GAPS:
            spacing.set(f"{_W}before", str(round(GAPS[before] * pitch)))
    filled = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return write_package({**parts, MAIN: filled})


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
