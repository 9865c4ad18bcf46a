"""A docx as a set of named parts: reading the zip with limits, writing it the same way every time.

Called by ``template`` (fill), ``drawing.base_parts`` (draft), ``fitting``, ``checks.repair`` and
``checks.reread``. Guarantees: nothing is unpacked beyond the limits, a document type declaration is refused,
and equal parts give equal bytes (fixed order, times and attributes).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from flask_babel import gettext as _
from lxml import etree

from andu.papers.faults import PaperFault
from andu.papers.template.archive import CONTENT_TYPES, MAX_BYTES, read_parts

MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_TYPES_NAMESPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def read_package(docx: bytes) -> dict[str, bytes]:
    """The parts of a docx by name; ``PaperFault`` if it is no docx, or too large to be an honest one."""
    parts = dict(read_parts(docx, MAX_BYTES))
    if MAIN_TYPE not in content_types(parts).values():
        raise PaperFault(_("模板不是普通的 docx 文件（可能是 doc、带宏的 docm 或其他压缩包）。"))
    return parts


def write_package(parts: Mapping[str, bytes]) -> bytes:
    """The docx of these parts: content types first, then by name, so that equal parts give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda name: (name != CONTENT_TYPES, name)):
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            archive.writestr(member, parts[name])
    return buffer.getvalue()


def content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Part name → its declared content type, for the parts that declare one of their own."""
    if CONTENT_TYPES not in parts:
        raise PaperFault(_("模板不是 docx 文件。"))
    root = parse_xml(parts[CONTENT_TYPES])
    overrides = root.iter(f"{_TYPES_NAMESPACE}Override")
    declared = {entry.get("PartName", "").lstrip("/"): entry.get("ContentType", "") for entry in overrides}
    return {name: kind for name, kind in declared.items() if name in parts}


def parse_xml(xml: bytes) -> etree._Element:
    """The root of one part, read strictly: no entities, no network, no declaration of a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise PaperFault(_("文件内部的结构已损坏，无法成文。")) from error
    if root.getroottree().docinfo.doctype:
        raise PaperFault(_("文件里有不允许的文档类型声明（DOCTYPE）。"))
    return root
