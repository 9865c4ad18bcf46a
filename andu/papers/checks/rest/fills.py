"""The fill of letters (文本填充, ``w14:textFill``): how bright Word draws them, whatever their colour says.

Used by ``faces``. Word takes the fill before the colour, LibreOffice 7.4 does not read it: no print would
show that such a text is white, or that one can see through it. A colour that cannot be told counts as seen.
"""

from __future__ import annotations

from lxml import etree

from andu.papers.checks.rest.opened import W

WORD14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
WHITE = 255.0
_WHOLE = 100_000
_SEEN_THROUGH = 60_000
"""Of a hundred thousand: what lets through more of its ground is hardly seen."""
_LIGHT, _DARK = ("bg1", "lt1", "bg2", "lt2"), ("tx1", "dk1", "tx2", "dk2")
_SHAPES = ("{*}wsp", "{*}shape", "{*}rect", "{*}roundrect", "{*}oval")
_FILLS = ("solidFill", "gradFill", "pattFill", "blipFill")


def brightness(color: str) -> float | None:
    """Of six hexadecimal digits, 0 to 255; None for the colour that stands out by itself."""
    try:
        red, green, blue = bytes.fromhex(color)
    except ValueError:
        return None
    return 0.299 * red + 0.587 * green + 0.114 * blue


def is_transparent(fill: etree._Element) -> bool:
    """There is nothing in the letters, or one sees through all of it."""
    if fill.find(f"{WORD14}noFill") is not None:
        return True
    colors = _colors(fill)
    return bool(colors) and all(_is_clear(color) for color in colors)


def darkest(fill: etree._Element) -> float | None:
    """How bright the darkest colour of the fill is; None where one of them cannot be told."""
    told = [_bright(color) for color in _colors(fill)]
    known = [one for one in told if one is not None]
    return min(known) if known and len(known) == len(told) else None


def is_on_paper(run: etree._Element) -> bool:
    """Nothing is drawn behind the text: it stands in no box, or in one that has no fill but white."""
    box = next(run.iterancestors(f"{W}txbxContent"), None)
    shape = next(box.iterancestors(*_SHAPES), None) if box is not None else None
    if shape is None:
        return True
    if not str(shape.tag).endswith("}wsp"):
        filled = shape.get("filled", "t") not in ("f", "false") and shape.get("fillcolor", "white")
        return filled in (False, "white", "#fff", "#ffffff", "window [65]")
    properties, style = shape.find("{*}spPr"), shape.find("{*}style/{*}fillRef")
    own = [each for name in _FILLS if properties is not None for each in properties.findall(f"{{*}}{name}")]
    if own:
        color = own[0].find("{*}srgbClr")
        return color is not None and brightness(color.get("val", "")) == WHITE
    bare = properties is not None and properties.find("{*}noFill") is not None
    return bare or style is None or style.get("idx", "0") == "0"


def _colors(fill: etree._Element) -> list[etree._Element]:
    return [*fill.iter(f"{WORD14}srgbClr", f"{WORD14}schemeClr", f"{WORD14}sysClr")]


def _is_clear(color: etree._Element) -> bool:
    alpha = _of(color, "alpha")
    # Word says how much it lets through, and nothing where it lets through nothing; others how much it covers
    return alpha is not None and (alpha >= _SEEN_THROUGH or alpha == 0)


def _bright(color: etree._Element) -> float | None:
    named = color.get(f"{WORD14}val", "")
    if color.tag == f"{WORD14}schemeClr":
        bright = WHITE if named in _LIGHT else 0.0 if named in _DARK else None
    elif color.tag == f"{WORD14}sysClr":
        bright = brightness(color.get(f"{WORD14}lastClr", "")) or (WHITE if named == "window" else 0.0)
    else:
        bright = brightness(named)
    if bright is None:
        return None
    # more or less of its lightness, as much as Word's own palette makes of a colour
    times, more = _of(color, "lumMod"), _of(color, "lumOff")
    bright = bright * (_WHOLE if times is None else times) / _WHOLE + WHITE * (more or 0) / _WHOLE
    clear = _of(color, "alpha") or 0
    return min(WHITE, bright + (WHITE - bright) * min(clear, _WHOLE) / _WHOLE)


def _of(color: etree._Element, what: str) -> float | None:
    found = color.find(f"{WORD14}{what}")
    try:
        return None if found is None else float(found.get(f"{WORD14}val", ""))
    except ValueError:
        return None
