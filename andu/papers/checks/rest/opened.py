"""A docx laid open to be brought to rest: its stories, its other Word parts, and what was changed of them.

Used by the modules of ``rest`` only. A story is a part with text (body, header, footer, notes). Guarantees: a
file of which nothing was changed comes back byte for byte; a part that is dropped leaves no relationship and
no content type behind.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection
from urllib.parse import unquote

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.danger import place_of
from andu.papers.template.package import CONTENT_TYPES, content_types, parse_xml, read_package, write_package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
STORIES = ("document.main", "header", "footer", "footnotes", "endnotes")
BESIDE = ("styles", "numbering", "settings")
SHOWN_WORDS = 30
_SHOWN = (f"{W}t", f"{W}delText", f"{W}tab", f"{W}br")


class Opened:
    """The parts of a docx, those of Word parsed. Whoever changes a root says so with ``touch``."""

    def __init__(self, docx: bytes) -> None:
        self._docx = docx
        self.parts = read_package(docx)
        self.kinds = content_types(self.parts)
        self.stories = self._parsed(STORIES)
        """Part name → its root, for the parts with text; the body first."""
        self.beside = self._parsed(BESIDE)
        self._touched: set[str] = set()
        self._dropped: set[str] = set()
        self._is_replaced = False
        self._words: dict[etree._Element, str] = {}

    def _parsed(self, kinds: Collection[str]) -> dict[str, etree._Element]:
        wanted = [f"{WORD_TYPE}{kind}+xml" for kind in kinds]
        named = [name for kind in wanted for name, its in self.kinds.items() if its == kind]
        return {name: parse_xml(self.parts[name]) for name in named}

    @property
    def roots(self) -> dict[str, etree._Element]:
        """All parsed parts."""
        return {**self.stories, **self.beside}

    def touch(self, name: str) -> None:
        """The root of this part was changed."""
        self._touched.add(name)

    def replace(self, name: str, part: bytes) -> None:
        """Another content for a part that is not parsed here."""
        self.parts[name] = part
        self._is_replaced = True

    def drop(self, names: Collection[str]) -> None:
        """Leave these parts out, with all that leads to them."""
        self._dropped.update(names)

    def where(self, name: str, element: etree._Element) -> str:
        """Where an element stands, in words: its part, and the beginning of its paragraph, row or table."""
        holder = _holder(element)
        if holder not in self._words:
            self._words[holder] = _words_of(holder)
        part, words = place_of(name), self._words[holder]
        return _("%(part)s：%(words)s", part=part, words=words) if words else part

    def written(self) -> bytes:
        """The docx as it is now."""
        if not (self._touched or self._dropped or self._is_replaced):
            return self._docx
        parts = {name: part for name, part in self.parts.items() if not self._is_dropped(name)}
        for name in self._touched & parts.keys():
            parts[name] = _bytes(self.roots[name])
        for name in parts:
            if name.endswith(".rels"):
                parts[name] = _without_links(name, parts[name], self._dropped)
        parts[CONTENT_TYPES] = _without_types(parts[CONTENT_TYPES], self._dropped)
        return write_package(parts)

    def _is_dropped(self, name: str) -> bool:
        return name in self._dropped or (name.endswith(".rels") and _source(name) in self._dropped)


def _holder(element: etree._Element) -> etree._Element:
    around = [element, *element.iterancestors()]
    outer = (f"{W}{kind}" for kind in ("p", "tr", "tbl"))
    return next((one for kind in outer for one in around if one.tag == kind), element)


def _words_of(element: etree._Element) -> str:
    """The first words of an element, deleted ones too."""
    words = ""
    for one in element.iter(*_SHOWN):
        words += (one.text or " ")[: SHOWN_WORDS * 2]
        if len(words) > SHOWN_WORDS * 2:
            break
    return " ".join(words.split())[:SHOWN_WORDS]


def _source(links: str) -> str:
    """The part whose relationships a part holds."""
    folder, name = posixpath.split(links)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def _without_links(name: str, part: bytes, dropped: Collection[str]) -> bytes:
    root, folder = parse_xml(part), posixpath.dirname(_source(name))
    links = [link for link in root.iter("{*}Relationship") if link.get("TargetMode") != "External"]
    gone = [link for link in links if _target(folder, link.get("Target") or "") in dropped]
    for link in gone:
        root.remove(link)
    return _bytes(root) if gone else part


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")


def _without_types(table: bytes, dropped: Collection[str]) -> bytes:
    root = parse_xml(table)
    gone = [each for each in root.iter("{*}Override") if (each.get("PartName") or "").lstrip("/") in dropped]
    for entry in gone:
        root.remove(entry)
    return _bytes(root) if gone else table


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
