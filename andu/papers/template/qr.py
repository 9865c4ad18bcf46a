"""A QR code as a value: ``{{ check_code|qr }}`` prints the picture of a text, ``qr(25)`` 25 mm wide.

Called by ``filters`` while a part is filled and by ``template``, which puts the pictures collected in the
context under ``PICTURES`` into the docx. Guarantees: the same text gives the same bytes and names; nothing is
fetched; the picture carries its text as its description.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
from collections.abc import Mapping
from functools import lru_cache

import segno
from flask_babel import gettext as _
from jinja2 import pass_context
from jinja2.exceptions import FilterArgumentError
from jinja2.runtime import Context
from lxml import etree
from markupsafe import Markup, escape

from andu.papers.template.borrowed import text_of
from andu.papers.template.package import parse_xml

PICTURES = " pictures"
"""The key under which a filling collects its pictures: relationship id → PNG. No template can name it."""

SMALLEST, LARGEST = 10, 80
"""Millimetres."""
_EMU = 36_000
"""English metric units in a millimetre."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


@pass_context
def qr(context: Context, text: str | int | float, size: float = 20) -> Markup:
    """The picture of a text, ``size`` millimetres wide with its quiet zone; nothing for an empty text."""
    if not isinstance(size, int | float) or not SMALLEST <= size <= LARGEST:
        raise FilterArgumentError(
            _("二维码的边长要在 %(least)s 到 %(most)s 毫米之间", least=SMALLEST, most=LARGEST)
        )
    words = text_of(text)
    if not words:
        return Markup("")
    png = _png(words)
    picture = f"qr{hashlib.sha256(png).hexdigest()[:16]}"
    context[PICTURES][picture] = png
    # in the run of the braces, so that what follows in it keeps its face
    return Markup('</w:t>{}<w:t xml:space="preserve">').format(_drawing(picture, words, round(size * _EMU)))


@lru_cache(maxsize=256)
def _png(text: str) -> bytes:
    try:
        code = segno.make_qr(text, error="m", encoding="utf-8")
    except segno.DataOverflowError as error:
        raise FilterArgumentError(_("文字太长，放不进一个二维码")) from error
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def _drawing(picture: str, words: str, side: int) -> Markup:
    return Markup(  # noqa: S704 - the one value in it is escaped
        f'<w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"'
        ' distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{side}" cy="{side}"/><wp:docPr id="0" name="{picture}" descr="{escape(words)}"/>'
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="{picture}.png"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{_OFFICE}" r:embed="{picture}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>"
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{side}" cy="{side}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


def relationships_of(part: str) -> str:
    """The name of the part that holds the relationships of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def with_pictures(relationships: bytes | None, part: str, pictures: Mapping[str, bytes]) -> bytes:
    """The relationships of a part with its pictures added to them."""
    root = parse_xml(relationships or f'<Relationships xmlns="{_PACKAGE}/relationships"/>'.encode())
    folder = posixpath.relpath("word/media", posixpath.dirname(part))
    for picture in sorted(pictures):
        target = f"{folder}/{picture}.png"
        etree.SubElement(root, f"{{{_PACKAGE}/relationships}}Relationship").attrib.update(
            {"Id": picture, "Type": f"{_OFFICE}/image", "Target": target}
        )
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def media(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts of these pictures."""
    return {f"word/media/{picture}.png": png for picture, png in pictures.items()}


def declaring_png(content_types: bytes) -> bytes:
    """The content types of a package that has PNG in it."""
    root = parse_xml(content_types)
    name = f"{{{_PACKAGE}/content-types}}Default"
    if not any(each.get("Extension", "").lower() == "png" for each in root.iter(name)):
        root.insert(0, root.makeelement(name, {"Extension": "png", "ContentType": "image/png"}))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
