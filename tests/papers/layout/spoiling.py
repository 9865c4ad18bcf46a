"""A finished paper to be spoilt in one place: a paragraph found by its words, one thing of it changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from andu.papers.template.package import read_package, write_package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ORDER = ("rFonts", "b", "i", "color", "spacing", "sz", "szCs", "u")


class Draft:
    """The parts of a docx, open for one change."""

    def __init__(self, docx: bytes) -> None:
        self.parts = dict(read_package(docx))
        self.root = etree.fromstring(self.parts["word/document.xml"])

    def docx(self) -> bytes:
        self.parts["word/document.xml"] = etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")
        return write_package(self.parts)

    def paragraph(self, words: str, at: int = 0) -> etree._Element:
        """The paragraph that begins with these words."""
        found = [
            each
            for each in self.root.iter(f"{W}p")
            if "".join(t.text or "" for t in each.iter(f"{W}t")).startswith(words)
        ]
        return found[at]

    def word(self, old: str, new: str, at: int = 0) -> None:
        """Write other words in one run."""
        (*before,) = [t for t in self.root.iter(f"{W}t") if old in (t.text or "")]
        before[at].text = before[at].text.replace(old, new)

    def look(self, words: str, at: int = 0, **changes: str) -> None:
        """Give the runs of a paragraph other faces, sizes, colours."""
        self.look_of(self.paragraph(words, at).iter(f"{W}r"), **changes)

    def look_of(self, runs: Any, **changes: str) -> None:
        for run in runs:
            properties = run.find(f"{W}rPr")
            for name, value in changes.items():
                if name == "face":
                    fonts = properties.find(f"{W}rFonts")
                    for script in ("ascii", "eastAsia", "hAnsi", "cs"):
                        fonts.set(f"{W}{script}", value)
                    continue
                child = properties.find(f"{W}{name}")
                if child is None:
                    child = etree.Element(f"{W}{name}")
                    places = [_ORDER.index(etree.QName(each).localname) for each in properties]
                    properties.insert(sum(place < _ORDER.index(name) for place in places), child)
                child.set(f"{W}val", value)

    def shape(self, words: str, element: str, at: int = 0, **attributes: str) -> None:
        """Change attributes of ``ind``, ``spacing`` or ``jc`` of a paragraph."""
        properties = self.paragraph(words, at).find(f"{W}pPr")
        child = properties.find(f"{W}{element}")
        if child is None:
            child = etree.Element(f"{W}{element}")
            place = properties.find(f"{W}jc")
            place.addprevious(child)
        for name, value in attributes.items():
            child.set(f"{W}{name}", value)

    def drop(self, words: str, at: int = 0) -> None:
        """Take a paragraph away."""
        paragraph = self.paragraph(words, at)
        paragraph.getparent().remove(paragraph)

    def without(self, words: str, element: str, at: int = 0) -> None:
        """Take one paragraph property away."""
        properties = self.paragraph(words, at).find(f"{W}pPr")
        properties.remove(properties.find(f"{W}{element}"))

    def blank_before(self, words: str, lines: int = 1, at: int = 0) -> None:
        """More or less space above."""
        spacing = self.paragraph(words, at).find(f"{W}pPr/{W}spacing")
        spacing.set(f"{W}before", str(max(0, int(spacing.get(f"{W}before", "0")) + lines * 579)))

    def copy(self, words: str, text: str, at: int = 0) -> None:
        """A paragraph like this one after it, with another text."""
        paragraph = self.paragraph(words, at)
        twin = etree.fromstring(etree.tostring(paragraph))
        texts = list(twin.iter(f"{W}t"))
        texts[0].text = text
        for other in texts[1:]:
            other.text = ""
        paragraph.addnext(twin)

    def in_part(self, pattern: str, old: str, new: str) -> None:
        """Replace in the XML of other parts, or of the body (``document``)."""
        for name in self.parts:
            if not re.search(pattern, name):
                continue
            if name == "word/document.xml":
                xml = etree.tostring(self.root, encoding="unicode")
                assert old in xml
                self.root = etree.fromstring(xml.replace(old, new))
            else:
                xml = self.parts[name].decode()
                self.parts[name] = xml.replace(old, new).encode()


def spoilt(docx: bytes, spoil: Callable[[Draft], Any]) -> bytes:
    """The paper with one fault."""
    draft = Draft(docx)
    spoil(draft)
    return draft.docx()
