"""What a run of text looks like in the end: document defaults, styles and their parents, theme, direct marks.

Called by ``reading_docx``. It follows w:basedOn from the style of the paragraph and of the run, and the names
that a theme stands for. Guarantees: a style that is missing, or is its own ancestor, ends the chain and
raises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OFF = {"0", "false", "off", "none"}
_AUTO = {"auto", "000000", ""}


@dataclass(frozen=True)
class Look:
    """Faces for Chinese and for Latin characters, size in points, bold, colour (empty: black), hidden.

    ``slanted``: italic; ``lined``: underlined or struck through.
    """

    east: str = ""
    latin: str = ""
    size: float = 10
    bold: bool = False
    color: str = ""
    hidden: bool = False
    slanted: bool = False
    lined: bool = False

    @property
    def is_red(self) -> bool:
        """Whether this is the red of an official heading."""
        red, green, blue = (channel(self.color, at) for at in (0, 2, 4))
        return red > 150 and green < 90 and blue < 90


@dataclass(frozen=True)
class Pitch:
    """The lines of a paragraph: height and rule as Word has them, white above and below; twips."""

    line: float = 240
    rule: str = "auto"
    before: float = 0
    after: float = 0


def channel(color: str, at: int) -> int:
    """One channel of a colour in hexadecimal; 0 where it is none."""
    try:
        return int(color[at : at + 2], 16)
    except ValueError:
        return 0


def value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute in Word's namespace; empty where the element or the attribute is missing."""
    return "" if element is None else element.get(f"{W}{name}", "")


def number(text: str, otherwise: float = 0) -> float:
    """A number as it stands in an attribute."""
    try:
        return float(text)
    except ValueError:
        return otherwise


class Styles:
    """The styles and the theme of one docx."""

    def __init__(self, styles: etree._Element | None, theme: etree._Element | None) -> None:
        self._theme = _theme_faces(theme)
        self._styles: dict[str, etree._Element] = {}
        self._defaults: dict[str, str] = {}
        self._base = Look()
        self._spacing: etree._Element | None = None
        if styles is None:
            return
        for style in styles.iter(f"{W}style"):
            self._styles[value(style, "styleId")] = style
            if value(style, "default") in {"1", "true"}:
                self._defaults[value(style, "type")] = value(style, "styleId")
        self._base = self._with(Look(), styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._spacing = styles.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr/{W}spacing")
        self.paragraph = lru_cache(maxsize=None)(self.paragraph)  # type: ignore[method-assign]

    def paragraph(self, style: str, table_style: str = "") -> Look:
        """How text looks in a paragraph of this style."""
        look = self._base
        for each in (*self._chain(table_style), *self._chain(style or self._defaults.get("paragraph", ""))):
            look = self._with(look, each.find(f"{W}rPr"))
        return look

    def run(self, look: Look, properties: etree._Element | None) -> Look:
        """How a run looks that stands in a paragraph with this look."""
        if properties is None:
            return look
        for style in self._chain(value(properties.find(f"{W}rStyle"))):
            look = self._with(look, style.find(f"{W}rPr"))
        return self._with(look, properties)

    def pitch(self, style: str, direct: etree._Element | None) -> Pitch:
        """How far apart the lines of a paragraph stand, by its style and by what it says itself."""
        spacings = [each.find(f"{W}pPr/{W}spacing") for each in self._chain(style or self._usual)]
        given: dict[str, str] = {}
        for spacing in (self._spacing, *spacings, direct):
            for key, each in () if spacing is None else spacing.items():
                given[etree.QName(key).localname] = each
        rule = given.get("lineRule", "auto")
        before, after = (
            0.0 if given.get(f"{side}Autospacing") in ("1", "true", "on") else number(given.get(side, ""))
            for side in ("before", "after")
        )
        return Pitch(number(given.get("line", ""), 240), rule, before, after)

    @property
    def _usual(self) -> str:
        return self._defaults.get("paragraph", "")

    def numbering(self, style: str) -> etree._Element | None:
        """The w:numPr that a paragraph style brings along."""
        chain = self._chain(style or self._defaults.get("paragraph", ""))
        found = (each.find(f"{W}pPr/{W}numPr") for each in reversed(chain))
        return next((each for each in found if each is not None), None)

    def _chain(self, style: str) -> list[etree._Element]:
        """The style and its ancestors, the eldest first."""
        found: dict[str, etree._Element] = {}
        while style in self._styles and style not in found:
            found[style] = self._styles[style]
            style = value(found[style].find(f"{W}basedOn"))
        return list(found.values())[::-1]

    def _with(self, look: Look, properties: etree._Element | None) -> Look:
        if properties is None:
            return look
        changes: dict[str, object] = {}
        for child in properties:
            tag = etree.QName(child).localname
            if tag == "rFonts":
                changes |= self._faces(child)
            elif tag in _READERS:
                name, read = _READERS[tag]
                changes[name] = read(value(child))
        return replace(look, **changes)  # type: ignore[arg-type]

    def _faces(self, fonts: etree._Element) -> dict[str, str]:
        found = {}
        for name, script in (("east", "eastAsia"), ("latin", "ascii")):
            # where both are given, the theme wins
            face = self._theme.get(value(fonts, f"{script}Theme")) or value(fonts, script)
            if face:
                found[name] = face
        return found


def _is_on(text: str) -> bool:
    return text.lower() not in _OFF


_READERS = {
    "sz": ("size", lambda text: number(text, 20) / 2),
    "b": ("bold", _is_on),
    "color": ("color", lambda text: "" if text in _AUTO else text),
    "vanish": ("hidden", _is_on),
    "i": ("slanted", _is_on),
    "u": ("lined", _is_on),
    "strike": ("lined", _is_on),
    "dstrike": ("lined", _is_on),
}


def _theme_faces(theme: etree._Element | None) -> Mapping[str, str]:
    """``minorEastAsia`` and its like → the face."""
    found: dict[str, str] = {}
    for size in ("major", "minor"):
        fonts = None if theme is None else next(theme.iter(f"{_A}{size}Font"), None)
        if fonts is None:
            continue
        latin, east = fonts.find(f"{_A}latin"), fonts.find(f"{_A}ea")
        simplified = next((f for f in fonts.iter(f"{_A}font") if f.get("script") == "Hans"), None)
        chinese = ("" if east is None else east.get("typeface", "")) or (
            "" if simplified is None else simplified.get("typeface", "")
        )
        western = "" if latin is None else latin.get("typeface", "")
        found |= {f"{size}EastAsia": chinese, f"{size}Ascii": western, f"{size}HAnsi": western}
    return found
