"""Text of a face of its own, as a value: docxtpl's rich text, made from plain text by the filter ``rich``.

Called by ``filters``. Rich text as such is XML and thus no data; what a form gives is text, and how it looks
is said in the template. Guarantees: the text is escaped, and no option can carry anything but a face.
"""

from __future__ import annotations

import re

from docxtpl import RichText
from flask_babel import gettext as _
from jinja2.exceptions import FilterArgumentError
from markupsafe import Markup

from andu.papers.template.borrowed import text_of

_COLOR = re.compile(r"[0-9A-Fa-f]{6}")
_FONT = re.compile(r"[\w\- ]{1,40}")
LARGEST = 72
"""Points."""


def rich(
    text: str | int | float,
    *,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    strike: bool = False,
    color: str = "",
    size: float = 0,
    font: str = "",
) -> Markup:
    """``{{r note|rich(bold=true, color='FF0000', size=16, font='黑体') }}``; ``size`` in points."""
    if color and not _COLOR.fullmatch(str(color)):
        raise FilterArgumentError(_("颜色要写成六位，如 'FF0000'"))
    if font and not _FONT.fullmatch(str(font)):
        raise FilterArgumentError(_("字体名称不对"))
    if not isinstance(size, int | float) or not 0 <= size <= LARGEST:
        raise FilterArgumentError(_("字号要在 1 到 %(most)s 磅之间", most=LARGEST))
    written = RichText(
        text_of(text),
        bold=bool(bold),
        italic=bool(italic),
        underline=bool(underline),
        strike=bool(strike),
        color=color or None,
        size=round(size * 2) or None,
        # without a region Word would take the face for Latin letters only
        font=f"eastAsia:{font}" if font else None,
    )
    return Markup(written.xml)  # noqa: S704 - docxtpl escapes the text, the options were checked above
