"""Repairing what a Chinese keyboard makes of the tags in a template: ｛｛ x ｝｝, {｛ x ｝}, ‘无’, row．name.

Called by ``examination`` before a paper is published, so that the repaired file is what is kept and hashed.
Only inside tags is anything changed; what stands between quotes in a tag, and all ordinary text, stays as it
is. A paper without such faults comes back byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.template import FILLED_TYPES
from andu.papers.template.package import content_types, parse_xml, read_package, write_package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLANKS = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_BRACES = str.maketrans({"｛": "{", "｝": "}", "％": "%"} | dict.fromkeys(_BLANKS + _ZERO_WIDTH, " "))
_TAG = re.compile(r"\{ *(?:\{.*?\} *\}|%.*?% *\})")
_QUOTES = {'"': '"“”＂', "'": "'‘’＇"}
_OUTSIDE = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | str.maketrans(
    dict.fromkeys(_BLANKS, " ") | dict.fromkeys(_ZERO_WIDTH, "") | {"。": "."}
)


def repair(docx: bytes) -> tuple[bytes, list[str]]:
    """The docx with its tags repaired, and what was done, a sentence each; ``PaperFault`` if it is none."""
    parts = read_package(docx)
    mended: dict[str, bytes] = {}
    notes: dict[str, None] = {}
    for name, kind in content_types(parts).items():
        if kind not in FILLED_TYPES:
            continue
        root = parse_xml(parts[name])
        said = [note for texts in _runs(root) for note in _repair(texts)]
        if said:
            notes |= dict.fromkeys(said)
            mended[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return (write_package({**parts, **mended}), list(notes)) if mended else (docx, [])


def _runs(root: etree._Element) -> Iterator[list[etree._Element]]:
    """The elements whose texts make one paragraph, paragraph by paragraph; a text box has its own."""
    if not str(root.tag).startswith(W):  # properties: each stands alone
        yield from ([element] for element in root.iter(etree.Element) if element.text)
        return
    paragraphs: dict[etree._Element, list[etree._Element]] = {}
    for text in root.iter(f"{W}t"):
        paragraph = next(text.iterancestors(f"{W}p"), None)
        if paragraph is not None:
            paragraphs.setdefault(paragraph, []).append(text)
    yield from paragraphs.values()


def _repair(texts: list[etree._Element]) -> list[str]:
    """Repair the tags of one paragraph, which Word may have split over many texts; what was done."""
    letters = [[letter, text] for text in texts for letter in text.text or ""]
    whole = "".join(letter for letter, _text in letters)
    notes = []
    for found in _TAG.finditer(whole.translate(_BRACES)):
        start, end = found.span()
        was = whole[start:end]
        now = _mended(was)
        if "".join(now) != was:
            for index, letter in enumerate(now, start):
                letters[index][0] = letter
            notes.append(_("“%(was)s”改成了“%(now)s”。", was=was, now="".join(now)))
    if notes:
        for text in texts:
            text.text = "".join(letter for letter, owner in letters if owner is text)
            if text.tag == f"{W}t":
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return notes


def _mended(tag: str) -> list[str]:
    """What each character of a tag becomes; nothing, for one that goes."""
    now = []
    index = 0
    while index < len(tag):
        quote = next((plain for plain, kinds in _QUOTES.items() if tag[index] in kinds), "")
        end = _closing(tag, index, quote) if quote else 0
        if end:
            now += [quote, *tag[index + 1 : end], quote]
            index = end + 1
        else:
            now.append(quote or tag[index].translate(_OUTSIDE))
            index += 1
    return _joined(now)


def _closing(tag: str, start: int, quote: str) -> int:
    """Where the quotation that opens at ``start`` ends; 0 if it does not."""
    same = tag.find(quote, start + 1) if tag[start] == quote else -1
    if same > 0:
        return same
    return next((at for at in range(start + 1, len(tag)) if tag[at] in _QUOTES[quote]), 0)


def _joined(letters: list[str]) -> list[str]:
    """The tag without blanks between the two characters of its opening and of its end."""
    signs = [index for index, letter in enumerate(letters) if letter.strip()]
    first, last = signs[1], signs[-2]
    return [letter if index in signs or first < index < last else "" for index, letter in enumerate(letters)]
