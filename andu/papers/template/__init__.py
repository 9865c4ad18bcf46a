"""A Word template, compiled once and filled as often as one likes: the only way a paper is made.

Called by ``andu.office.issue.filling`` (preview, preflight, filing), ``script/andu paper fill`` and
``papers.checks``. docxtpl gives the syntax of templates and the patching of their XML; its whole-document
``render`` is not used, since it loses content on ``<``, escapes titles twice and runs footnotes anew for each
section, with what a clerk typed in them. Guarantees: values arrive as typed and never execute; what is filled
is well-formed; the same data gives the same bytes; no author, company or editor is named in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from andu.papers.faults import PaperFault
from andu.papers.template import qr
from andu.papers.template.grids import W
from andu.papers.template.marks import Path
from andu.papers.template.numbering import Numbering, Restart
from andu.papers.template.package import CONTENT_TYPES, MAIN_TYPE, content_types, parse_xml, read_package
from andu.papers.template.packing import Packing
from andu.papers.template.part import Part
from andu.papers.template.properties import CORE_TYPE, CUSTOM_TYPE, without_traces
from andu.papers.template.sandbox import plain

__all__ = ["PaperFault", "Template", "W", "compile_template"]

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
FILLED_TYPES = (
    MAIN_TYPE,
    CORE_TYPE,
    CUSTOM_TYPE,
    *(f"{_WORD}{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes")),
)
"""Content types of the parts in which a template may name things."""


class Template:
    """A compiled template. ``sha256`` is the hash of the docx it was made from."""

    def __init__(self, docx: bytes) -> None:
        self.sha256 = hashlib.sha256(docx).hexdigest()
        still = {**read_package(docx)}
        self.sources: dict[str, str] = {}
        """Part name → its Jinja source, for whoever examines a template."""
        self._parts: dict[str, Part] = {}
        kinds = content_types(still)
        self._numbering, numbering = _numbering(still, kinds)
        for name, kind in kinds.items():
            still[name] = without_traces(still[name], kind)
            if kind not in FILLED_TYPES:
                continue
            part = Part(_root(still.pop(name)), kind == MAIN_TYPE, numbering)
            self.sources[name] = part.source
            if part.is_still:
                still[name] = part.fill({}, {}, [])
            else:
                self._parts[name] = part
        if any(part.lists for part in self._parts.values()):
            still.pop(self._numbering)
        self._links = self._take_links(still)
        self.still: Mapping[str, bytes] = still
        """Part name → its bytes, for the parts that are the same on each paper."""
        self._packing = Packing(still)

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The filled docx. ``PaperFault`` for a name the context lacks, or what no paper can carry."""
        values = plain(context)
        filled: dict[str, bytes] = {}
        restarts: list[Restart] = []
        for name, part in self._parts.items():
            pictures: dict[str, bytes] = {}
            filled[name] = part.fill(values, pictures, restarts)
            if part.lists:  # body, headers and footers share the lists of one file
                filled[self._numbering] = part.lists.numbering.with_restarts(restarts)
            if part.has_pictures:
                links = qr.relationships_of(name)
                filled[links] = qr.with_pictures(self._links[links], name, pictures)
                filled |= qr.media(pictures)
        return self._packing.pack(filled)

    def marked(self, context: Mapping[str, Any]) -> dict[str, tuple[bytes, list[Path]]]:
        """Part name → the part as ``fill`` makes it, with each value between marks, and what these name."""
        values = plain(context)
        return {name: part.marked(values) for name, part in self._parts.items()}

    def _take_links(self, still: dict[str, bytes]) -> dict[str, bytes | None]:
        """The relationships of the parts with QR codes, taken out of what stands still."""
        names = [qr.relationships_of(name) for name, part in self._parts.items() if part.has_pictures]
        if names:
            still[CONTENT_TYPES] = qr.declaring_png(still[CONTENT_TYPES])
        return {name: still.pop(name, None) for name in names}


@lru_cache(maxsize=64)
def compile_template(docx: bytes) -> Template:
    """The compiled template of these bytes, compiled once; ``PaperFault`` if it is no usable docx."""
    return Template(docx)


def _numbering(parts: Mapping[str, bytes], kinds: Mapping[str, str]) -> tuple[str, Numbering | None]:
    """The part with the lists, and what it says."""
    names = {kind: name for name, kind in kinds.items()}
    part, styles = names.get(f"{_WORD}numbering+xml", ""), names.get(f"{_WORD}styles+xml")
    if not part:
        return "", None
    return part, Numbering(parse_xml(parts[part]), parse_xml(parts[styles]) if styles else None)


def _root(xml: bytes) -> etree._Element:
    """The part without comments, processing instructions and indentation, as docxtpl reads it too."""
    parser = etree.XMLParser(
        remove_blank_text=True, remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
    )
    return etree.fromstring(etree.tostring(parse_xml(xml)), parser)
