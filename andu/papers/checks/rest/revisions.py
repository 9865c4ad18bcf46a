"""Revisions of every kind (修订): where they stand, and all of them accepted as Word would accept them.

Used by ``rest``. Kinds: text and paragraphs inserted, deleted or moved, rows and cells of tables, and every
change of format. Deleted words are in the file still, and programs print them; so a template with revisions
is refused, or has all of them accepted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.rest.opened import W

_INSERTED, _DELETED, _MOVED = _l("插入"), _l("删除"), _l("移动")
_FORMAT, _TABLE = _l("格式改动"), _l("表格改动")
_CHANGES = (
    "rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tblGridChange trPrChange tcPrChange "
    "numberingChange"
)
_RANGES = tuple(
    f"{kind}Range{end}"
    for kind in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo")
    for end in ("Start", "End")
)
_KINDS = {
    **dict.fromkeys(("ins", "conflictIns"), _INSERTED),
    **dict.fromkeys(("del", "conflictDel", "delText", "delInstrText"), _DELETED),
    **dict.fromkeys(("moveFrom", "moveTo", *_RANGES), _MOVED),
    **dict.fromkeys(_CHANGES.split(), _FORMAT),
    **dict.fromkeys(("cellIns", "cellDel", "cellMerge"), _TABLE),
}
"""Name of an element → what people call the revision."""
_TAGS = tuple(f"{{*}}{name}" for name in _KINDS)
_PROPERTIES = ("rPr", "pPr", "trPr", "tcPr", "tblPr", "numPr", "ctrlPr", "sectPr")
"""Within these a revision is a mark on what they belong to; elsewhere it holds what was changed."""
_WORDS = ("/wordprocessingml/", "/office/word/")
_WHOLE = (f"{W}del", f"{W}moveFrom")
"""What stands in these is told with them."""
_GOING, _COMING = ("del", "moveFrom", "conflictDel"), ("ins", "moveTo", "conflictIns")


def found_in(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Each revision and its kind in Chinese, in the order of the text."""
    for element in _revisions(root):
        if next(element.iterancestors(*_WHOLE), None) is None:
            yield element, str(_KINDS[_name(element)])


def accept(root: etree._Element) -> Counter[str]:
    """Accept all revisions of a part, as Word does; how many there were of each kind."""
    done = Counter(kind for _element, kind in found_in(root))
    if done:
        _cells_and_rows(root)
        _texts(root)
        _paragraphs(root)
        for element in [*_revisions(root)]:
            _remove(element)
        _filled_up(root)
    return done


def _revisions(root: etree._Element) -> Iterator[etree._Element]:
    # Office's own names only: mathematics and other programs have a "del" too
    return (one for one in root.iter(*_TAGS) if any(word in str(one.tag) for word in _WORDS))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _is_mark(element: etree._Element) -> bool:
    holder = element.getparent()
    return holder is not None and _name(holder) in _PROPERTIES


def _marked(root: etree._Element, holder: str, names: tuple[str, ...]) -> list[etree._Element]:
    """What carries one of these marks in its properties: rows, cells."""
    marks = (mark for name in names for mark in root.iter(f"{{*}}{name}"))
    return [
        mark.getparent().getparent()
        for mark in marks
        if _is_mark(mark) and mark.getparent().tag == f"{W}{holder}"
    ]


def _cells_and_rows(root: etree._Element) -> None:
    for gone in (*_marked(root, "trPr", _GOING), *_marked(root, "tcPr", ("cellDel",))):
        _remove(gone)
    for merged in [*root.iter(f"{W}cellMerge")]:
        way = {"cont": "continue", "rest": "restart"}.get(merged.get(f"{W}vMerge", ""))
        properties = merged.getparent()
        for old in properties.findall(f"{W}vMerge"):
            properties.remove(old)
        if way:
            merged.addnext(etree.Element(f"{W}vMerge", {f"{W}val": way}))
    for table in [*root.iter(f"{W}tbl")]:
        for row in table.findall(f"{W}tr"):
            if row.find(f".//{W}tc") is None:
                table.remove(row)
        if table.find(f".//{W}tr") is None:
            _remove(table)


def _texts(root: etree._Element) -> None:
    """Take out what was deleted or moved away, and take what came out of its wrapping."""
    for element in [*_revisions(root)]:
        if _name(element) in _GOING and not _is_mark(element):
            _remove(element)
    for element in [*_revisions(root)]:
        if _name(element) in _COMING and not _is_mark(element):
            unwrap(element)


def _paragraphs(root: etree._Element) -> None:
    """A paragraph whose end was deleted runs on into the next one, which gives it its format."""
    for paragraph in reversed([*root.iter(f"{W}p")]):
        marks = paragraph.find(f"{W}pPr/{W}rPr")
        if marks is None or not any(_name(mark) in _GOING for mark in marks):
            continue
        after = paragraph.getnext()
        while after is not None and _name(after).endswith(("Start", "End")):
            after = after.getnext()
        if after is not None and after.tag == f"{W}p":
            _run_on(paragraph, after)
        elif paragraph.find(f".//{W}r") is None:
            _remove(paragraph)


def _run_on(paragraph: etree._Element, after: etree._Element) -> None:
    place = 1 if after.find(f"{W}pPr") is not None else 0
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        after.insert(place, child)
    _remove(paragraph)


def _filled_up(root: etree._Element) -> None:
    """What Word wants a paragraph in has one."""
    for holder in root.iter(f"{W}tc", f"{W}txbxContent"):
        if len(holder) == 0 or holder[-1].tag not in (f"{W}p", f"{W}sdt"):
            etree.SubElement(holder, f"{W}p")
    if root.tag in (f"{W}hdr", f"{W}ftr") and root.find(f"{W}p") is None:
        etree.SubElement(root, f"{W}p")


def unwrap(element: etree._Element) -> None:
    """Put what an element holds in its place."""
    for child in [*element]:
        element.addprevious(child)
    _remove(element)


def _remove(element: etree._Element) -> None:
    holder = element.getparent()
    if holder is not None:
        holder.remove(element)
