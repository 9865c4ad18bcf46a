"""One part of a template (body, header, footer, notes, properties): its source, its proof, its filling.

Called by ``template`` alone. docxtpl patches the XML into Jinja once; ``structure`` proves that whatever is
filled in gives well-formed XML; so a filling is one rendering, and, only where the template or a value asks
for it, line breaks, cells, grids and picture numbers are seen to. Guarantees: a fault says in which words of
the template it stands.
"""

from __future__ import annotations

import io
import itertools
import re
import traceback
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import jinja2
from docxtpl import DocxTemplate
from flask_babel import gettext as _
from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from lxml import etree

from andu.papers.faults import PaperFault
from andu.papers.template import grids
from andu.papers.template.filters import MARKUP
from andu.papers.template.lists import lists_in
from andu.papers.template.marks import Path, marking
from andu.papers.template.numbering import Numbering, Restart
from andu.papers.template.options import try_options
from andu.papers.template.qr import PICTURES
from andu.papers.template.sandbox import ENVIRONMENT, forbidden
from andu.papers.template.structure import prove
from andu.papers.template.wording import reason

_HEAD = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
"""Without a line end, so that one in a filled part is one of a value."""
_DOCXTPL = DocxTemplate(io.BytesIO())
_ANY_ERROR = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)
_LITERAL = {"{_{": "{{ '{{' }}", "}_}": "{{ '}}' }}", "{_%": "{{ '{%' }}", "%_}": "{{ '%}' }}"}
"""How docxtpl's users write braces that shall be printed; replaced here, never in what a clerk typed."""
_PARAGRAPH_END = b"</w:p>"
_CELL_END = b"</w:tc>"
_SECTION = re.compile(rb"<w:sectPr[ />]")
_EMPTY_PARAGRAPH = re.compile(rb"<w:p(?: [^>]*)?/>$")
_PICTURE_NUMBER = re.compile(rb'(<wp:docPr\b[^>]*? id=")[^"]*')
_FIRST_PICTURE = 1001
"""docxtpl numbers the pictures of a body anew from here on."""


class Part:
    """A part that may name things; ``is_still`` if it names none and there is nothing to run."""

    def __init__(
        self, root: etree._Element, is_body: bool = False, numbering: Numbering | None = None
    ) -> None:
        self.source = _source(root)
        self._is_body = is_body
        try:
            tree = ENVIRONMENT.parse(self.source)
            if wrong := forbidden(tree):
                raise PaperFault(_("模板里有不允许的写法：%(what)s。", what=wrong))
            try_options(tree)
            found = prove(tree, MARKUP)
            self.lists = lists_in(tree, numbering)
            self._code = _compiled(tree)
        except TemplateSyntaxError as error:
            raise _explained(error, self.source, {}) from error
        self.is_still = all(isinstance(node, nodes.Output) and _is_text(node) for node in tree.body)
        self.has_pictures = any(node.name == "qr" for node in tree.find_all(nodes.Filter))
        self._loses_paragraph = found.loses_paragraph
        self._sections = len(_SECTION.findall(self.source.encode())) if found.changes_sections else None
        self._numbers_pictures = is_body and (self.has_pictures or "<wp:docPr" in self.source)
        self._changes_grid = is_body and grids.may_change(root)
        self._needs_mending = (
            self._loses_paragraph or found.changes_sections or self._numbers_pictures or self._changes_grid
        )
        # what the template says itself, encoded once and not with each paper
        self._fixed = {node.data: node.data.encode() for node in tree.find_all(nodes.TemplateData)}

    def fill(self, values: Mapping[str, Any], pictures: dict[str, bytes], restarts: list[Restart]) -> bytes:
        """The filled part; what it shows of pictures and of copied lists is added to these.

        Raises ``PaperFault``.
        """
        given = {**values, PICTURES: pictures}
        try:
            xml = self._rendered(given)
            if self.lists:
                xml = self.lists.restarted(xml, restarts)
            return self._mended(xml) if self._needs_mending else xml
        except _ANY_ERROR as error:
            raise _explained(error, self.source, given) from error

    @cached_property
    def _marking(self) -> tuple[jinja2.Template, list[Path]]:
        return marking(self.source)

    def marked(self, values: Mapping[str, Any]) -> tuple[bytes, list[Path]]:
        """The filled part with each value between marks, and what the marks name. Raises ``PaperFault``."""
        code, names = self._marking
        given = {**values, PICTURES: {}}
        try:
            xml = self._rendered(given, code)
            return (self._mended(xml) if self._needs_mending else xml), names
        except _ANY_ERROR as error:
            raise _explained(error, self.source, given) from error

    def _rendered(self, values: dict[str, Any], code: jinja2.Template | None = None) -> bytes:
        """What the template gives for these values, with Word's own line breaks and tabs."""
        fixed, code = self._fixed.get, code or self._code
        pieces = code.root_render_func(code.new_context(values))
        encoded = [fixed(piece) or piece.encode() for piece in pieces]
        xml = b"".join((_HEAD, *encoded))
        return _with_breaks(xml) if b"\n" in xml or b"\t" in xml else xml

    def _mended(self, xml: bytes) -> bytes:
        if self._sections is not None and len(_SECTION.findall(xml)) != self._sections:
            raise PaperFault(_("套用后页面设置（分节）与模板不一致：模板里的条件或循环不能跨过分节符。"))
        if self._changes_grid:
            xml = _HEAD + etree.tostring(_DOCXTPL.fix_tables(xml.decode().removeprefix(_HEAD.decode())))
        if self._loses_paragraph:
            xml = _with_paragraphs(xml)
        return _numbered(xml) if self._numbers_pictures else xml


def _source(root: etree._Element) -> str:
    """The part as Jinja source: tags that Word split are joined, ``{%tr`` and ``{%p`` unwrapped."""
    source = _DOCXTPL.patch_xml(etree.tostring(root, encoding="unicode"))
    for written, meant in _LITERAL.items():
        source = source.replace(written, meant)
    return source


def _compiled(tree: nodes.Template) -> jinja2.Template:
    code = ENVIRONMENT.compile(tree)
    return jinja2.Template.from_code(ENVIRONMENT, code, ENVIRONMENT.make_globals(None))


def _is_text(node: nodes.Output) -> bool:
    return all(isinstance(child, nodes.TemplateData) for child in node.nodes)


def _with_breaks(xml: bytes) -> bytes:
    """Line ends and tabs as Word's own: docxtpl's work, but only on the paragraphs that have any."""
    pieces = xml.split(_PARAGRAPH_END)
    for place, piece in enumerate(pieces[:-1]):
        if b"\n" in piece or b"\t" in piece:
            broken = _DOCXTPL.resolve_listing((piece + _PARAGRAPH_END).decode())
            pieces[place] = broken.encode().removesuffix(_PARAGRAPH_END)
    return _PARAGRAPH_END.join(pieces)


def _with_paragraphs(xml: bytes) -> bytes:
    """An empty paragraph in each cell whose paragraphs were all left out: Word refuses a cell without."""
    cells = xml.split(_CELL_END)
    for place, cell in enumerate(cells[:-1]):
        if not cell.endswith(_PARAGRAPH_END) and not _EMPTY_PARAGRAPH.search(cell[-400:]):
            cells[place] = cell + b"<w:p/>"
    return _CELL_END.join(cells)


def _numbered(xml: bytes) -> bytes:
    """The pictures of a body numbered through, as docxtpl does: Word wants no number twice."""
    numbers = itertools.count(_FIRST_PICTURE)
    return _PICTURE_NUMBER.sub(lambda found: found.group(1) + str(next(numbers)).encode(), xml)


def _explained(error: Exception, source: str, values: Mapping[str, Any]) -> PaperFault:
    """The fault in words, with the paragraph it stands in: found by running again, a line a paragraph."""
    lined = re.sub(r"<w:p([ >])", r"\n<w:p\1", source)
    number = None
    try:
        ENVIRONMENT.from_string(lined).render(values)
    except TemplateSyntaxError as again:
        number = again.lineno
    except Exception as again:
        frames = traceback.extract_tb(again.__traceback__)
        number = next((frame.lineno for frame in reversed(frames) if frame.filename == "<template>"), None)
    lines = lined.splitlines()
    words = re.sub(r"<[^>]*>", "", lines[number - 1]) if number and number <= len(lines) else ""
    return PaperFault(
        _("模板有误：%(what)s。在“%(where)s”处。", what=_reason(error), where=words.strip()[:80])
    )


def _reason(error: Exception) -> str:
    if isinstance(error, SecurityError):
        return _("有不允许的写法")
    if isinstance(error, UndefinedError):
        return str(error)
    if isinstance(error, TemplateSyntaxError):
        return reason(error.message or "")
    return str(error) if isinstance(error, TemplateError) else _("这里的内容不能这样用")
