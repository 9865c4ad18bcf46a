"""What a docx says of its numbered lists (``numbering.xml``), and the same with more copies of some.

Used by ``lists`` and ``template``. Guarantees: a copy starts where the list itself starts, on every level,
and looks like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


class Restart(NamedTuple):
    """A copy of a list: its new number, and the number of the list it is a copy of."""

    number: int
    of: str


class Numbering:
    """What a document says of its lists: ``numbering`` and ``styles`` are the roots of these parts."""

    def __init__(self, numbering: etree._Element, styles: etree._Element | None) -> None:
        self._root = numbering
        self._lists = {each.get(f"{W}numId", ""): each for each in numbering.iter(f"{W}num")}
        self._kinds = {each.get(f"{W}abstractNumId", ""): each for each in numbering.iter(f"{W}abstractNum")}
        named = styles.iter(f"{W}style") if styles is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in named}
        self.last = max((int(number) for number in self._lists if number.isdecimal()), default=0)

    def counts(self, number: str) -> bool:
        """Whether this list has numbers; bullets need not start again."""
        if number not in self._lists:
            return False
        kinds = [level.find(f"{W}numFmt") for level in self._levels(number)]
        # a list that only points to a style says nothing of its levels here
        return not kinds or any(
            kind is None or kind.get(f"{W}val") not in ("bullet", "none") for kind in kinds
        )

    def of_style(self, style: str) -> tuple[str, int]:
        """The number and level a style of paragraphs gives; no number for most."""
        level = 0
        for _step in range(_LEVELS):
            element = self._styles.get(style)
            if element is None:
                break
            number, said = element.find(f"{W}pPr/{W}numPr/{W}numId"), element.find(f"{W}pPr/{W}numPr/{W}ilvl")
            level = level or _whole(said, 0)
            if number is not None:
                return number.get(f"{W}val", ""), level
            based = element.find(f"{W}basedOn")
            style = based.get(f"{W}val", "") if based is not None else ""
        return "", 0

    def with_restarts(self, restarts: Sequence[Restart]) -> bytes:
        """The part with a list for each copy, which starts where the list itself starts."""
        root = etree.fromstring(etree.tostring(self._root))
        after = [*root.iter(f"{W}num")][-1]
        for restart in reversed(restarts):
            after.addnext(self._copy(restart))
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)

    def _copy(self, restart: Restart) -> etree._Element:
        copied = etree.fromstring(etree.tostring(self._lists[restart.of]))
        copied.attrib.clear()
        copied.set(f"{W}numId", str(restart.number))
        starts = {
            _whole_of(level, "ilvl", 0): _whole(level.find(f"{W}start"), 1)
            for level in self._levels(restart.of)
        }
        for number in range(_LEVELS):
            own = f"{W}lvlOverride[@{W}ilvl='{number}']"
            override = copied.find(own)
            if override is None:
                override = etree.SubElement(copied, f"{W}lvlOverride", {f"{W}ilvl": str(number)})
            if override.find(f"{W}startOverride") is None:
                start = starts.get(number, 1)
                override.insert(0, etree.Element(f"{W}startOverride", {f"{W}val": str(start)}))
        return copied

    def _levels(self, number: str) -> list[etree._Element]:
        kind = self._lists[number].find(f"{W}abstractNumId")
        found = self._kinds.get(kind.get(f"{W}val", "")) if kind is not None else None
        overridden = [*self._lists[number].iter(f"{W}lvl")]
        return [*(found.findall(f"{W}lvl") if found is not None else ()), *overridden]


def _whole(element: etree._Element | None, usual: int) -> int:
    return _whole_of(element, "val", usual) if element is not None else usual


def _whole_of(element: etree._Element, key: str, usual: int) -> int:
    said = element.get(f"{W}{key}", "")
    return int(said) if said.isdecimal() else usual
