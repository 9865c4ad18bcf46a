"""In the confined child: the pages of a scan as pictures, and the QR codes on them.

The task ``codes`` of ``papers.checks.confined``, asked for by ``papers.codes``; nothing else imports it, so
that what opens a stranger's pictures is never loaded by the service itself.
"""

from __future__ import annotations

import base64
import io
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import zxingcpp
from flask_babel import gettext as _
from PIL import Image, ImageFilter, ImageOps

from andu.papers.codes import KINDS, MOST_PAGES, SHOWN, media_type
from andu.papers.faults import PaperFault
from andu.papers.file_kinds import MOST_PIXELS

SIDE, SCANNED_SIDE = 3200, 2400
"""Pixels of the longer side in which codes are looked for: a photograph has more around its page."""
MOST_CODES, LONGEST = 20, 200
"""What is told of the codes on a page: so many, of so many signs."""
MOST_HARD = 3
"""Pages that are looked at again and again where no code is to be read: the sheet lies on top."""
_QUALITY = 70
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SHARPER = ImageFilter.UnsharpMask(4, 300, 0)
_PAST_THE_END = 99
"""What pdftoppm answers for a page that a PDF has not."""


def examine(payload: str) -> list[dict[str, Any]]:
    """In the child: every page of the file, with its codes."""
    pages = list(_pages(base64.b64decode(payload)))
    found = [_codes(grey) for grey, _picture in pages]
    if not any(found):
        found[:MOST_HARD] = [_hard_to_read(grey) for grey, _picture in pages[:MOST_HARD]]
    pictures = [base64.b64encode(picture).decode() for _grey, picture in pages]
    return [{"codes": each, "picture": one} for each, one in zip(found, pictures, strict=True)]


Page = tuple[Image.Image, bytes]
"""A page in grey, as large as codes are looked for; and a JPEG of it to be shown."""


def _pages(data: bytes) -> Iterator[Page]:
    if media_type(data) == KINDS["pdf"]:
        yield from _pages_of_pdf(data)
    else:
        picture = _photograph(data)
        yield picture.convert("L"), _small(picture)


def _photograph(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # judged here, with a message
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if picture.width * picture.height > MOST_PIXELS:
            raise PaperFault(_("照片太大（超过 1 亿像素），请用低一些的清晰度重新拍照。"))
        picture.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded no larger than need be
        picture.thumbnail((SIDE, SIDE))
        return _on_white(ImageOps.exif_transpose(picture))
    except (OSError, ValueError, SyntaxError) as fault:
        raise PaperFault(_("照片打不开，可能没有传完整，请重新拍照或者扫描。")) from fault


def _on_white(picture: Image.Image) -> Image.Image:
    """The picture as RGB; what is transparent shows paper."""
    clear = picture.convert("RGBA")
    page = Image.new("RGB", picture.size, "white")
    page.paste(clear, mask=clear.getchannel("A"))
    return page


def _pages_of_pdf(data: bytes) -> Iterator[Page]:
    if _drawn(data, MOST_PAGES + 1, 10).returncode == 0:
        raise PaperFault(_("扫描件超过 %(n)s 页，请只扫描签过字的页。", n=MOST_PAGES))
    for number in range(1, MOST_PAGES + 1):
        drawn = _drawn(data, number, SCANNED_SIDE, "-gray")
        if drawn.returncode == _PAST_THE_END and number > 1:
            return
        try:
            grey = Image.open(io.BytesIO(drawn.stdout), formats=("PPM",)).convert("L")
        except (OSError, ValueError, SyntaxError) as fault:
            raise PaperFault(_("PDF 打不开，可能加了密码或者没有传完整，请重新扫描。")) from fault
        yield grey, _drawn(data, number, SHOWN, "-jpeg").stdout


def _drawn(data: bytes, number: int, side: int, *how: str) -> subprocess.CompletedProcess[bytes]:
    """One page, one at a time, so that only one lies in memory."""
    page = str(number)
    return subprocess.run(
        ["pdftoppm", "-f", page, "-l", page, "-scale-to", str(side), *how, "-"],
        input=data,
        env={"PATH": os.defpath},
        capture_output=True,
        check=False,
    )


def _codes(grey: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(grey, formats=_QR)
    return [code.text[:LONGEST] for code in found[:MOST_CODES]]


def _hard_to_read(grey: Image.Image) -> list[str]:
    """What the first of these ways of looking finds on a page where nothing is to be read as it is."""
    return next((found for look in _LOOKS if (found := _codes(look(grey)))), [])


_LOOKS: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda grey: ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(1))),
    lambda grey: ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(2))),
    lambda grey: grey.resize((grey.width * 3 // 2, grey.height * 3 // 2)).filter(_SHARPER),
)
"""Without the grain of a dim photograph; of a very dim one; sharper, where it was out of focus."""


def _small(page: Image.Image) -> bytes:
    page.thumbnail((SHOWN, SHOWN))
    made = io.BytesIO()
    page.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
