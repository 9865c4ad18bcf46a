"""A Word template, compiled once and filled as often as one likes: the only way a paper is made.

Called by ``andu.office`` (preview, preflight, filing) and by ``contract``. docxtpl gives the syntax of
templates and the patching of their XML; its whole-document ``render`` is not used, since it loses content
on ``<``, escapes titles twice and renders footnotes once a section. Guarantees: values arrive as typed and
never execute; the filled parts were read again strictly; the same data gives the same bytes; no author,
company or editor is named in the file.
"""

from __future__ import annotations

import hashlib
import io
import re
import traceback
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import jinja2
from docxtpl import DocxTemplate
from flask_babel import gettext as _
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError, UndefinedError
from lxml import etree

from andu.papers.faults import PaperFault
from andu.papers.package import MAIN_TYPE, content_types, parse_xml, read_package, write_package
from andu.papers.sandbox import ENVIRONMENT, FORBIDDEN, plain
from andu.papers.template_names import Use, find_uses

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
FILLED_TYPES = (
    MAIN_TYPE,
    CORE_TYPE,
    *(f"{_WORD}{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes")),
)
"""Content types of the parts in which a template may name things."""

APP_PART = "docProps/app.xml"
_BLANK_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_PERSONAL = ("creator", "lastModifiedBy")
_DOCXTPL = DocxTemplate(io.BytesIO())
_CHANGING_CELLS = re.compile(r"{%\s*(tc|colspan|hm)\b")
_RAW_VALUE = re.compile(r"{{(r|p|tr|tc)\s")


class Template:
    """A compiled template. ``sha256`` is the hash of the docx it was made from."""

    def __init__(self, docx: bytes) -> None:
        self.sha256 = hashlib.sha256(docx).hexdigest()
        self._parts = {**read_package(docx)}
        if APP_PART in self._parts:
            self._parts[APP_PART] = _BLANK_APP
        types = content_types(self._parts)
        self._main = next(name for name, kind in types.items() if kind == MAIN_TYPE)
        self._sources = {
            name: _source(self._parts[name], kind == CORE_TYPE)
            for name, kind in types.items()
            if kind in FILLED_TYPES
        }
        self._codes = {name: _compile(source) for name, source in self._sources.items()}
        main = parse_xml(self._parts[self._main])
        self._sections = _count_sections(main)
        self._cells_change = bool(_CHANGING_CELLS.search(_text(main)))

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The filled docx. ``PaperFault`` for a name the context lacks, or what no paper can carry."""
        values = plain(context)
        filled = {name: self._fill_part(name, values) for name in self._codes}
        return write_package({**self._parts, **filled})

    def names(self) -> set[str]:
        """The names the template expects from its context, without what follows a dot."""
        return {use.path[0] for use in self.uses}

    @cached_property
    def uses(self) -> set[Use]:
        """Every use of a name, with its dotted path and whether it is printed, looped over or tested."""
        return set().union(*(find_uses(ENVIRONMENT.parse(source)) for source in self._sources.values()))

    def _fill_part(self, name: str, values: Mapping[str, Any]) -> bytes:
        try:
            xml = self._codes[name].render(values)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
            raise _explained(error, self._sources[name], values) from error
        if "\n" in xml or "\t" in xml:
            xml = _DOCXTPL.resolve_listing(xml)
        root = parse_xml(xml.encode())
        if name == self._main:
            root = self._checked(root, xml)
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

    def _checked(self, root: etree._Element, xml: str) -> etree._Element:
        if _count_sections(root) != self._sections:
            raise PaperFault(_("套用后页面设置（分节）与模板不一致：模板里的条件或循环不能跨过分节符。"))
        if self._cells_change:
            root = _DOCXTPL.fix_tables(xml)
        _mend_cells(root)
        return root


@lru_cache(maxsize=64)
def compile_template(docx: bytes) -> Template:
    """The compiled template of these bytes, compiled once; ``PaperFault`` if it is no usable docx."""
    return Template(docx)


def _source(xml: bytes, is_core: bool) -> str:
    """The part as Jinja source: tags that Word split are joined, ``{%tr`` and ``{%p`` unwrapped."""
    root = parse_xml(xml)
    if is_core:
        for element in root.iter():
            if isinstance(element.tag, str) and etree.QName(element).localname in _PERSONAL:
                element.text = ""
    if found := _RAW_VALUE.search(_text(root)):
        raise PaperFault(_("模板里的“{{%(kind)s …}}”不能用，请改成“{{ … }}”。", kind=found.group(1)))
    return _DOCXTPL.patch_xml(etree.tostring(root, encoding="unicode"))


def _compile(source: str) -> jinja2.Template:
    try:
        if any(True for _node in ENVIRONMENT.parse(source).find_all(FORBIDDEN)):
            raise PaperFault(_("模板里有不允许的写法：只能用名称、条件、循环和说明里列出的过滤器。"))
        return ENVIRONMENT.from_string(source)
    except TemplateSyntaxError as error:
        raise _explained(error, source, {}) from error


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
        unknown = re.search(r"No (?:filter|test) named '(.*?)'", error.message or "")
        if unknown:
            return _("没有“%(name)s”这个过滤器", name=unknown.group(1))
        return _("写法不完整，请检查大括号和百分号是否成对、每个 if 和 for 是否有 endif 和 endfor")
    return str(error) if isinstance(error, TemplateError) else _("这里的内容不能这样用")


def _text(root: etree._Element) -> str:
    return "".join(str(text) for text in root.itertext())


def _count_sections(root: etree._Element) -> int:
    return sum(1 for _section in root.iter(f"{W}sectPr"))


def _mend_cells(root: etree._Element) -> None:
    """Give a cell whose paragraphs were all conditional an empty one: Word refuses a cell without."""
    for cell in root.iter(f"{W}tc"):
        if not len(cell) or cell[-1].tag != f"{W}p":
            etree.SubElement(cell, f"{W}p")
