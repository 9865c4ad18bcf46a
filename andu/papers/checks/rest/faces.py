"""How a run of text would look, as far as it decides whether anybody can see it: hidden, white, or tiny.

Used by ``hidden``. Looks come from the run itself, its character style, the style of its paragraph and the
defaults, each with the styles it is based on. What stands on a dark ground (shading of run, paragraph, cell,
table, a shape) may be white; text whose ground cannot be told is not accused.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from andu.papers.checks.rest.opened import W

_OFF = ("0", "false", "off", "none")
_TINY = 6
"""Half points: below three points nobody reads anything."""
_NARROW = 10
"""Per cent of a character's width."""
_SAME = 32
"""Steps of brightness, of 255, below which text does not stand out from its ground."""
_WHITE = 255.0
_LIGHT_THEME = ("background1", "light1")
_MOST_STYLES = 20
"""Styles based on each other; more would be a circle."""
_HIGHLIGHTS = {"black": 0, "darkBlue": 15, "darkRed": 38, "darkGreen": 75, "white": 255, "none": 255}
_WORD14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


class Faces:
    """The styles of a document."""

    def __init__(self, styles: etree._Element | None) -> None:
        named = styles.iter(f"{W}style") if styles is not None else ()
        self._styles = {style.get(f"{W}styleId", ""): style for style in named}
        defaults = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if styles is not None else None
        self._defaults = [defaults] if defaults is not None else []
        self._usual = next((each for each in self._styles.values() if _is_usual(each)), None)
        self._known: dict[etree._Element, etree._Element | None] = {}

    def unseen(self, run: etree._Element) -> str:
        """Why nobody can see the text of a run: ``hidden``, ``white``, ``tiny``; empty if it can be seen."""
        looks = [*self._looks(run)]
        if self._is_hidden(looks):
            return "hidden"
        size = _first(looks, f"{W}sz")
        if size is not None and _number(size, "val", 24) < _TINY:
            return "tiny"
        width = _first(looks, f"{W}w")
        if width is not None and _number(width, "val", 100) <= _NARROW:
            return "tiny"
        fill = _first(looks, f"{_WORD14}textFill")
        if fill is not None and fill.find(f"{_WORD14}noFill") is not None:
            return "hidden"
        return "white" if self._melts(run, looks) else ""

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

    def _melts(self, run: etree._Element, looks: list[etree._Element]) -> bool:
        color = _first(looks, f"{W}color")
        if color is None:
            return False
        bright = _brightness(color.get(f"{W}val", "auto"))
        if color.get(f"{W}themeColor") in _LIGHT_THEME and color.get(f"{W}themeShade") is None:
            bright = _WHITE
        ground = self._ground(run, looks)
        return bright is not None and ground is not None and abs(bright - ground) < _SAME

    def _ground(self, run: etree._Element, looks: list[etree._Element]) -> float | None:
        """How bright it is behind a run; None where that cannot be told."""
        if next(run.iterancestors(f"{W}txbxContent"), None) is not None:
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
        return _WHITE

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


def _number(element: etree._Element, key: str, usual: float) -> float:
    try:
        return float(element.get(f"{W}{key}", usual).rstrip("%ptx"))
    except (AttributeError, ValueError):
        return usual


def _is_clear(shade: etree._Element) -> bool:
    said = (shade.get(f"{W}fill", "auto"), shade.get(f"{W}themeFill"), shade.get(f"{W}val", "clear"))
    return said[0] == "auto" and said[1] is None and said[2] in ("clear", "nil")


def _shade(shade: etree._Element) -> float | None:
    """The brightness of a shading; None for a pattern, or a colour of the theme."""
    if shade.get(f"{W}val", "clear") == "solid":
        return _brightness(shade.get(f"{W}color", "auto"))
    return _brightness(shade.get(f"{W}fill", "auto")) if shade.get(f"{W}val", "clear") == "clear" else None


def _brightness(color: str) -> float | None:
    """Of six hexadecimal digits, 0 to 255; None for the colour that stands out by itself."""
    try:
        red, green, blue = bytes.fromhex(color)
    except ValueError:
        return None
    return 0.299 * red + 0.587 * green + 0.114 * blue
