"""Values that nobody would read: in hidden, white, tiny or cut text, hidden rows and shapes, formulas.

Used by ``rest``. ``faces`` says how a run looks. What stands in a formula, WordArt, SmartArt or the own text
of a drawing no program prints as a value. Tags that print nothing (``{% if … %}``) may stand in hidden text,
as many do it. Hidden words of the template itself are told, since they are in every filed file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.inspection.danger import place_of
from andu.papers.checks.rest.faces import Faces
from andu.papers.checks.rest.opened import WORD_TYPE, Opened, W
from andu.papers.template.package import parse_xml

_SILENT = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\{.*", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ELSEWHERE = {
    "oMath": _l("公式"),
    "txBody": _l("图形自己的文字"),
    "textpath": _l("艺术字"),
}
"""Element → what people call the place whose text no program prints as a value."""
_DIAGRAM = ("drawingml.diagramData+xml", "drawingml.diagramDrawing+xml")
_OFF = ("0", "false", "off")
WHY = {
    "hidden": _l("是隐藏文字"),
    "white": _l("与底色分不清（如白字）"),
    "tiny": _l("小得看不见"),
    "squeezed": _l("挤得叠在一起（字符间距、字符缩放）"),
    "cut": _l("比固定行高高得多，在 Word 里会被切掉"),
    "row": _l("在隐藏的表格行里"),
    "shape": _l("在隐藏的图形里"),
}


def found_in(opened: Opened) -> Iterator[tuple[str, str, bool]]:
    """Each paragraph with text that is not seen: where, what, and whether a value would be printed there."""
    styles = next((name for name, kind in opened.kinds.items() if kind == f"{WORD_TYPE}styles+xml"), "")
    faces = Faces(opened.beside.get(styles))
    for name, root in opened.stories.items():
        for paragraph in root.iter(f"{W}p"):
            letters = [*_letters(paragraph, faces)]
            if any(why for _letter, why in letters):
                yield from _judge(opened.where(name, paragraph), letters)
        for element in root.iter(*(f"{{*}}{kind}" for kind in _ELSEWHERE)):
            yield from _elsewhere(opened.where(name, element), element)
    for name, kind in opened.kinds.items():
        if kind.endswith(_DIAGRAM):
            yield from _elsewhere(place_of(name), parse_xml(opened.parts[name]))


def _elsewhere(place: str, element: etree._Element) -> Iterator[tuple[str, str, bool]]:
    """A tag in a formula and the like."""
    words = element.get("string", "") or "".join(element.itertext())
    tag = _TAG.search(words)
    if tag:
        what = {"tag": tag[0], "where": _ELSEWHERE.get(etree.QName(element).localname, _l("SmartArt 图"))}
        yield (
            place,
            _("“%(tag)s”写在%(where)s里，印不出来：请写成普通文字，或放进普通的文本框。", **what),
            True,
        )


def _letters(paragraph: etree._Element, faces: Faces) -> Iterator[tuple[str, str]]:
    """The letters of a paragraph, each with why it is not seen."""
    known: dict[etree._Element, str] = {}
    for text in paragraph.iter(f"{W}t"):
        run = text.getparent()
        if next(text.iterancestors(f"{W}p"), None) is paragraph and run.tag == f"{W}r":
            if run not in known:
                known[run] = _around(run) or faces.unseen(run)
            yield from ((letter, known[run]) for letter in text.text or "")


def _around(run: etree._Element) -> str:
    for row in run.iterancestors(f"{W}tr"):
        properties = row.find(f"{W}trPr")
        hidden = properties.find(f"{W}hidden") if properties is not None else None
        if hidden is not None and hidden.get(f"{W}val", "1") not in _OFF:
            return "row"
    for box in run.iterancestors(f"{W}txbxContent"):
        for shape in box.iterancestors("{*}anchor", "{*}inline", "{*}shape", "{*}rect"):
            properties = shape.find("{*}docPr")
            is_hidden = properties is not None and properties.get("hidden", "0") not in _OFF
            if is_hidden or "visibility:hidden" in (shape.get("style") or "").replace(" ", ""):
                return "shape"
    return ""


def _judge(place: str, letters: list[tuple[str, str]]) -> Iterator[tuple[str, str, bool]]:
    text = "".join(letter for letter, _why in letters)
    silent = {at for found in _SILENT.finditer(text) for at in range(*found.span())}
    values = [found.span() for found in _VALUE.finditer(text)]
    inside = {at for span in values for at in range(*span)}
    for start, end in values:
        if letters[start][1]:
            what = {"tag": text[start:end], "why": WHY[letters[start][1]]}
            yield place, _("“%(tag)s”%(why)s，印出来看不到：请改成看得见的文字，或删去。", **what), True
            return
    others = [at for at in range(len(text)) if at not in silent | inside and text[at].strip()]
    unseen = [at for at in others if letters[at][1]]
    if unseen:
        what = {"words": "".join(text[at] for at in unseen)[:20], "why": WHY[letters[unseen[0]][1]]}
        yield place, _("“%(words)s”%(why)s，印不出来，但会留在归档的文件里。", **what), False
