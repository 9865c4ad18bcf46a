"""The number in the foot of a page that has no place of its own for it: nothing above it moves."""

from __future__ import annotations

from lxml import etree

from andu.papers.blanks.model import W
from andu.papers.template.package import parse_xml

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_LINKS, _TYPES, _DOCUMENT = "word/_rels/document.xml.rels", "[Content_Types].xml", "word/document.xml"
_LINE = (
    '<w:p xmlns:w="{w}"><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr>'
    '<w:rFonts w:ascii="宋体" w:eastAsia="宋体" w:hAnsi="宋体" w:cs="宋体"/>'
    '<w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
    "<w:t>编号：{{{{ number }}}}</w:t></w:r></w:p>"
)


def with_number(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The same package with a line “编号：{{ number }}” in the foot of every page."""
    line = etree.fromstring(_LINE.format(w=W.strip("{}")))
    there = [name for name in parts if name.startswith("word/footer") and name.endswith(".xml")]
    if there:
        for name in there:
            root = parse_xml(parts[name])
            root.append(etree.fromstring(etree.tostring(line)))
            parts = {**parts, name: _as_bytes(root)}
        return parts
    return _with_new_foot(parts, line)


def _with_new_foot(parts: dict[str, bytes], line: etree._Element) -> dict[str, bytes]:
    foot = etree.Element(W + "ftr", nsmap={"w": W.strip("{}")})
    foot.append(line)
    links, types, document = (parse_xml(parts[name]) for name in (_LINKS, _TYPES, _DOCUMENT))
    space = links.tag.rpartition("}")[0] + "}"
    etree.SubElement(
        links, space + "Relationship", Id="rIdNumberFoot", Type=_RELATION, Target="footer_number.xml"
    )
    space = types.tag.rpartition("}")[0] + "}"
    etree.SubElement(types, space + "Override", PartName="/word/footer_number.xml", ContentType=_TYPE)
    for section in document.iter(W + "sectPr"):
        reference = etree.Element(W + "footerReference")
        reference.set(W + "type", "default")
        reference.set(R + "id", "rIdNumberFoot")
        section.insert(0, reference)
    changed = {_LINKS: links, _TYPES: types, _DOCUMENT: document, "word/footer_number.xml": foot}
    return parts | {name: _as_bytes(root) for name, root in changed.items()}


def _as_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
