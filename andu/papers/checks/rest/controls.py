"""Content controls (内容控件) made plain text: a bound one prints what it is bound to, not what it holds.

Used by ``rest``. A control bound to custom data or to the title shows that data again wherever the paper is
opened; a list, a date or a prompt offers itself to be changed. All become what they hold. Where the tag
stands in the bound data and not in the control, the tag is what was meant, and is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.rest.opened import Opened, W
from andu.papers.checks.rest.revisions import unwrap
from andu.papers.template.package import parse_xml

_WRAPPING = (f"{W}customXml", f"{W}smartTag")
_PATH = re.compile(r"(/[\w.-]+(:[\w.-]+)?(\[\d+\])?)+(/@[\w.:-]+|/text\(\))?")
_PREFIX = re.compile(r"xmlns:([\w.-]+)\s*=\s*['\"]([^'\"]*)['\"]")
_TAG = re.compile(r"\{\{|\{%")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def settle(opened: Opened) -> Iterator[str]:
    """Make all controls plain text; a sentence for each."""
    stores = [*_stores(opened)]
    for name, root in opened.stories.items():
        # the inner ones first: what they hold is still where it was
        for control in reversed([*root.iter(f"{W}sdt")]):
            yield _settled(opened, name, control, stores)
            opened.touch(name)
        for element in reversed([*root.iter(*_WRAPPING)]):
            for properties in element.findall(f"{W}customXmlPr") + element.findall(f"{W}smartTagPr"):
                element.remove(properties)
            unwrap(element)
            opened.touch(name)


def _settled(opened: Opened, name: str, control: etree._Element, stores: list[etree._Element]) -> str:
    content = control.find(f"{W}sdtContent")
    place = opened.where(name, content if content is not None else control)
    binding = control.find(f"{W}sdtPr/{{*}}dataBinding")
    bound = _bound(binding, stores) if binding is not None else ""
    if content is not None and _TAG.search(bound) and not _TAG.search("".join(content.itertext(f"{W}t"))):
        _say(content, bound)
    if content is not None:
        control.addnext(content)
        unwrap(content)
    control.getparent().remove(control)
    if binding is not None:
        return _("内容控件已解除绑定，改成了普通文字（%(where)s）。", where=place)
    return _("内容控件已改成普通文字（%(where)s）。", where=place)


def _say(content: etree._Element, words: str) -> None:
    """Put these words in the place of those of a control, in the face of its first run."""
    texts = [*content.iter(f"{W}t")]
    if texts:
        texts[0].text = words
        texts[0].set(_SPACE, "preserve")
    for other in texts[1:]:
        other.text = ""


def _stores(opened: Opened) -> Iterator[etree._Element]:
    """What controls may be bound to: properties and custom data."""
    for name, part in opened.parts.items():
        if name.startswith(("docProps/", "customXml/item")) and name.endswith(".xml"):
            yield parse_xml(part)


def _bound(binding: etree._Element, stores: list[etree._Element]) -> str:
    """What the data says that a control is bound to; nothing where it cannot be told."""
    path = binding.get(f"{W}xpath", "")
    if not _PATH.fullmatch(path):
        return ""
    names = dict(_PREFIX.findall(binding.get(f"{W}prefixMappings", "")))
    for store in stores:
        try:
            found = store.xpath(path, namespaces=names)
        except etree.XPathError:
            continue
        if found:
            return str(found[0]) if isinstance(found[0], str) else "".join(found[0].itertext())
    return ""
