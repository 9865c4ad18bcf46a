"""The properties of a document without any person, place of work or time in them.

Called by ``template`` when it compiles and by ``checks.rest``. What a template says itself stays: the title,
and each property that names something. Guarantees: what is left is valid, since a time is left out and not
left empty.
"""

from __future__ import annotations

from lxml import etree

from andu.papers.template.package import parse_xml

CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
_BLANK_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_PEOPLE = ("creator", "lastModifiedBy")
_TIMES = ("created", "modified", "lastPrinted", "revision")


def without_traces(part: bytes, kind: str) -> bytes:
    """A part of this content type without traces; as it is, if it holds no properties or no traces."""
    if kind == APP_TYPE:
        return _BLANK_APP
    if kind not in (CORE_TYPE, CUSTOM_TYPE):
        return part
    root = parse_xml(part)
    changed = _core(root) if kind == CORE_TYPE else _custom(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True) if changed else part


def _core(root: etree._Element) -> bool:
    changed = False
    for element in [*root.iter(etree.Element)]:
        name = etree.QName(element).localname
        if name in _PEOPLE and element.text:
            element.text, changed = "", True
        elif name in _TIMES:
            root.remove(element)
            changed = True
    return changed


def _custom(root: etree._Element) -> bool:
    """Programs and offices keep what they like there; only what names something belongs to the paper."""
    gone = [each for each in root if "{" not in "".join(each.itertext())]
    for element in gone:
        root.remove(element)
    return bool(gone)
