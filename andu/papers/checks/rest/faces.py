"""How a run of text would look, as far as it decides whether anybody can read it: hidden, white, tiny, cut.

Used by ``hidden``. Looks come from the run itself, its character style, the style of its paragraph and the
defaults, each with the styles it is based on. What stands on a dark ground (shading of run, paragraph, cell,
table, a shape) may be white; text whose ground cannot be told is not accused.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from lxml import etree

from andu.papers.checks.rest.fills import WHITE, brightness, darkest, is_on_paper, is_transparent
from andu.papers.checks.rest.fills import WORD14 as _WORD14
from andu.papers.checks.rest.opened import W

_OFF = ("0", "false", "off", "none")
_TINY, _USUAL = 10, 20
"""Half points: below five points nobody reads anything on paper; and of a text whose size nobody says."""
_NARROW = 25
"""Per cent of a character's width."""
_CLOSE = 0.4
"""Of a character's width that it loses to the next one."""
_LOW = 0.8
"""Of a character's height that an exact line has: Word cuts off what stands over it."""
_SAME = 32
"""Steps of brightness, of 255, below which text does not stand out from its ground."""
_LIGHT_THEME = ("background1", "light1")
_MOST_STYLES = 20
"""Styles based on each other; more would be a circle."""
_HIGHLIGHTS = {"black": 0, "darkBlue": 15, "darkRed": 38, "darkGreen": 75, "white": 255, "none": 255}


class Faces:
    """The styles of a document."""

    def __init__(self, styles: etree._Element | None) -> None:
        named = styles.iter(f"{W}style") if styles is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in named}
        defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if styles is not None else None
        self._defaults = [defaults] if defaults is not None else []
        self._usual_spacing = (
            styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr/{W}spacing") if styles is not None else None
        )
        self._usual = next((each for each in self._styles.values() if _is_usual(each)), None)
        self._known: dict[etree._Element, etree._Element | None] = {}

    def unseen(self, run: etree._Element) -> str:
        """Why nobody can read the text of a run: a key of ``hidden.WHY``; empty if it can be read."""
        looks = [*self._looks(run)]
        fill = _first(looks, f"{_WORD14}textFill")
        if self._is_hidden(looks) or (fill is not None and is_transparent(fill)):
            return "hidden"
        size = _number(_first(looks, f"{W}sz"), "val", _USUAL)
        if size < _TINY:
            return "tiny"
        # sizes are said in half points, distances in twentieths of a point
        if (
            _number(_first(looks, f"{W}w"), "val", 100) <= _NARROW
            or -_number(_first(looks, f"{W}spacing"), "val", 0) > _CLOSE * size * 10
        ):
            return "squeezed"
        if self._exact_line(run) < _LOW * size * 10:
            return "cut"
        return "white" if self._melts(run, looks, fill) else ""

    def _exact_line(self, run: etree._Element) -> float:
        """How high the line of a run is, whatever stands in it; endless where it grows."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        if paragraph is None:
            return inf
        style = self._said(paragraph, "pStyle")
        said = [self._said(paragraph, "spacing")]
        said += [each.find(f"{W}spacing") for each in self._of_style(style, self._usual, "pPr")]
        said.append(self._usual_spacing)
        spacings = [each for each in said if each is not None]
        rule = next((each.get(f"{W}lineRule") for each in spacings if each.get(f"{W}lineRule")), "auto")
        line = next((each for each in spacings if each.get(f"{W}line")), None)
        return _number(line, "line", inf) if rule == "exact" else inf

    def _looks(self, run: etree._Element) -> Iterator[etree._Element]:
        """The properties that shape a run, the nearest first."""
        own = run.find(f"{W}rPr")
        if own is not None:
            yield own
            yield from self._of_style(own.find(f"{W}rStyle"))
        paragraph = next(run.iterancestors(f"{W}p"), None)
        style = self._said(paragraph, "pStyle") if paragraph is not None else None
        yield from self._of_style(style, self._usual)
        yield from self._defaults

    def _of_style(
        self, name: etree._Element | None, usual: etree._Element | None = None, kind: str = "rPr"
    ) -> Iterator[etree._Element]:
        style = self._styles.get(name.get(f"{W}val", "")) if name is not None else usual
        for _step in range(_MOST_STYLES):
            if style is None:
                return
            properties = style.find(f"{W}{kind}")
            if properties is not None:
                yield properties
            based = style.find(f"{W}basedOn")
            style = self._styles.get(based.get(f"{W}val", "")) if based is not None else None

    def _said(self, holder: etree._Element, what: str) -> etree._Element | None:
        """What the properties of a paragraph, cell or table say; looked for once, it may have many runs."""
        if holder not in self._known:
            self._known[holder] = holder.find(f"{holder.tag}Pr")
        properties = self._known[holder]
        return properties.find(f"{W}{what}") if properties is not None else None

    @staticmethod
    def _is_hidden(looks: list[etree._Element]) -> bool:
        vanish = _first(looks, f"{W}vanish")
        return vanish is not None and vanish.get(f"{W}val", "1") not in _OFF

    def _melts(self, run: etree._Element, looks: list[etree._Element], fill: etree._Element | None) -> bool:
        filled = darkest(fill) if fill is not None else None
        if filled is not None and is_on_paper(run):
            ground = self._ground(run, looks, True)
            if ground is not None and abs(filled - ground) < _SAME:
                return True
        color = _first(looks, f"{W}color")
        if color is None:
            return False
        bright = brightness(color.get(f"{W}val", "auto"))
        if color.get(f"{W}themeColor") in _LIGHT_THEME and color.get(f"{W}themeShade") is None:
            bright = WHITE
        ground = self._ground(run, looks)
        return bright is not None and ground is not None and abs(bright - ground) < _SAME

    def _ground(
        self, run: etree._Element, looks: list[etree._Element], on_paper: bool = False
    ) -> float | None:
        """How bright it is behind a run; None where that cannot be told."""
        if not on_paper and next(run.iterancestors(f"{W}txbxContent"), None) is not None:
            return None
        light = _first(looks, f"{W}highlight")
        if light is not None:
            return _HIGHLIGHTS.get(light.get(f"{W}val", "none"))
        grounds = [_first(looks, f"{W}shd"), *self._around(run)]
        shaded = next((one for one in grounds if one is not None and not _is_clear(one)), None)
        if shaded is not None:
            return _shade(shaded)
        tables = [self._said(table, "tblStyle") for table in run.iterancestors(f"{W}tbl")]
        if any(self._has_shades(style) for style in tables if style is not None):
            return None
        return WHITE

    def _around(self, run: etree._Element) -> Iterator[etree._Element | None]:
        for holder in run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl"):
            yield self._said(holder, "shd")
            if holder.tag == f"{W}p":
                style = self._said(holder, "pStyle")
                yield _first([*self._of_style(style, self._usual, "pPr")], f"{W}shd")

    def _has_shades(self, name: etree._Element) -> bool:
        style = self._styles.get(name.get(f"{W}val", ""))
        for _step in range(_MOST_STYLES):
            if style is None:
                return False
            if next(style.iter(f"{W}shd"), None) is not None:
                return True
            based = style.find(f"{W}basedOn")
            style = self._styles.get(based.get(f"{W}val", "")) if based is not None else None
        return False


def _is_usual(style: etree._Element) -> bool:
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") not in _OFF


def _first(looks: list[etree._Element], name: str) -> etree._Element | None:
    return next((one for one in (look.find(name) for look in looks) if one is not None), None)


def _number(element: etree._Element | None, key: str, usual: float) -> float:
    try:
        return usual if element is None else float(element.get(f"{W}{key}", "").rstrip("%ptx"))
    except ValueError:
        return usual


def _is_clear(shade: etree._Element) -> bool:
    said = (shade.get(f"{W}fill", "auto"), shade.get(f"{W}themeFill"), shade.get(f"{W}val", "clear"))
    return said[0] == "auto" and said[1] is None and said[2] in ("clear", "nil")


def _shade(shade: etree._Element) -> float | None:
    """The brightness of a shading; None for a pattern, or a colour of the theme."""
    if shade.get(f"{W}val", "clear") == "solid":
        return brightness(shade.get(f"{W}color", "auto"))
    return brightness(shade.get(f"{W}fill", "auto")) if shade.get(f"{W}val", "clear") == "clear" else None
