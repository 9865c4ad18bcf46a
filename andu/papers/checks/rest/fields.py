"""Word's fields (域): how each is taken apart, and how one is made the text it shows.

Used by ``freezing``, which decides about them. A field may be one element or pieces scattered over runs and
paragraphs, others may stand in its instruction or in its result; text boxes and notes are stories of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.rest.opened import W
from andu.papers.checks.rest.revisions import unwrap
from andu.papers.faults import PaperFault

MOST_NESTED = 20
"""Word itself takes no more."""
_OWN = tuple(f"{W}{name}" for name in ("txbxContent", "footnote", "endnote"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(eq=False)
class Field:
    """One field. ``begin``: where it starts; for a field in one piece, the whole of it."""

    begin: etree._Element
    outer: Field | None
    code: str = ""
    result: list[etree._Element] = field(default_factory=list)
    """The texts that it shows."""
    pieces: list[etree._Element] = field(default_factory=list)
    """What goes when only its result shall stay."""
    in_result: bool = False
    is_inner: bool = False
    """It is a part of the instruction of the field around it."""

    @property
    def name(self) -> str:
        """DATE, PAGE …; ``=`` for a formula; empty for none."""
        if self.code.lstrip().startswith("="):
            return "="
        return (self.code.split() or [""])[0].partition("\\")[0].upper()

    @property
    def argument(self) -> str:
        """The first word after the name."""
        words = self.code.replace('"', " ").split()
        return words[1] if len(words) > 1 else ""

    @property
    def shown(self) -> str:
        """The text it shows."""
        return "".join(text.text or "" for text in self.result)

    def freeze(self, words: str | None = None) -> None:
        """Make it the text that it shows, or these words."""
        if words is not None:
            self._say(words)
        if self.begin.tag == f"{W}fldSimple":
            for data in self.begin.findall(f"{W}fldData"):
                self.begin.remove(data)
            unwrap(self.begin)
        for piece in self.pieces:
            _take(piece)

    def _say(self, words: str) -> None:
        if not self.result:
            text = etree.Element(f"{W}t")
            if self.begin.tag == f"{W}fldSimple":
                etree.SubElement(self.begin, f"{W}r").append(text)
            else:
                self.begin.addprevious(text)
            self.result.append(text)
        first, *others = self.result
        first.text = words
        first.set(_SPACE, "preserve")
        for other in others:
            other.text = ""


def fields_of(root: etree._Element) -> list[Field]:
    """All fields of a part, each before those within it."""
    if next(root.iter(f"{W}fldChar", f"{W}fldSimple"), None) is None:
        return []
    found: list[Field] = []
    opened: dict[etree._Element | None, list[Field]] = {}
    for element in _pieces(root):
        story = next(element.iterancestors(*_OWN), None)
        _take_up(element, opened.setdefault(story, []), found)
    return found


def _pieces(root: etree._Element) -> Iterator[etree._Element]:
    """Everything of runs, and fields in one piece, in the order of the text."""
    for element in root.iter(f"{W}r", f"{W}fldSimple"):
        if element.tag == f"{W}fldSimple":
            yield element
        else:
            yield from (child for child in element if child.tag != f"{W}rPr")


def _take_up(element: etree._Element, opened: list[Field], found: list[Field]) -> None:
    kind = element.get(f"{W}fldCharType") if element.tag == f"{W}fldChar" else ""
    outer = opened[-1] if opened else None
    if element.tag == f"{W}fldSimple" or kind == "begin":
        inner = Field(element, outer, element.get(f"{W}instr", ""))
        inner.is_inner = outer is not None and not outer.in_result
        if element.tag == f"{W}fldSimple":
            inner.result = [*element.iter(f"{W}t")]
        found.append(inner)
        _add(element, opened)
        if kind:
            inner.pieces.append(element)
            opened.append(inner)
        if len(opened) > MOST_NESTED:
            raise PaperFault(_("域里套域，套得太深，请在 Word 里选中它按 Ctrl+Shift+F9 变成文字。"))
        return
    _add(element, opened)
    if outer is not None and kind == "separate":
        outer.in_result = True
        outer.pieces.append(element)
    elif outer is not None and kind == "end":
        outer.pieces.append(element)
        opened.pop()


def _add(element: etree._Element, opened: list[Field]) -> None:
    """What an element is to the fields that are open where it stands."""
    for one in opened:
        if one.in_result and element.tag == f"{W}t":
            one.result.append(element)
        elif not one.in_result:
            one.pieces.append(element)
            if element.tag == f"{W}instrText" and one is opened[-1]:
                one.code += element.text or ""


def _take(piece: etree._Element) -> None:
    run = piece.getparent()
    if run is None:
        return
    run.remove(piece)
    if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run) and run.getparent() is not None:
        run.getparent().remove(run)
