"""Photographs of signature sheets, for tests: a QR code on a page, turned, skewed, dim, blurred."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import segno
from PIL import Image, ImageChops, ImageFilter

from andu.papers import code_reading, codes

Change = Callable[[Image.Image], Image.Image]


def qr_of(docx: bytes) -> Image.Image:
    """The QR code in a docx, as it is printed."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package:
        (name,) = [one for one in package.namelist() if one.startswith("word/media/")]
        return Image.open(io.BytesIO(package.read(name)))


@cache
def _code(text: str) -> Image.Image:
    made = io.BytesIO()
    segno.make_qr(text, error="m").save(made, kind="png", scale=6, border=4)
    return Image.open(made)


def page_with(*codes: str | Image.Image) -> Image.Image:
    """An A4 page of 150 dots an inch, with these QR codes of 22 mm at its head."""
    page = Image.new("RGB", (1240, 1754), "white")
    for number, code in enumerate(codes):
        picture = (code if isinstance(code, Image.Image) else _code(code)).convert("RGB").resize((130, 130))
        page.paste(picture, (1240 - 160 - 200 * number, 60))
    return page


def jpeg(page: Image.Image, *changes: Change) -> bytes:
    """The page as a telephone sends it."""
    for change in changes:
        page = change(page)
    made = io.BytesIO()
    page.convert("RGB").save(made, "JPEG", quality=60)
    return made.getvalue()


def png(page: Image.Image) -> bytes:
    """The page as PNG."""
    made = io.BytesIO()
    page.save(made, "PNG")
    return made.getvalue()


def pdf(*pages: Image.Image) -> bytes:
    """The pages as a scanner sends them."""
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return made.getvalue()


def turned(degrees: float) -> Change:
    """Lying askew on a dark table."""
    return lambda page: page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 80, 70))


def at_an_angle(page: Image.Image) -> Image.Image:
    """Photographed from below: what is far is smaller."""
    wide, high = page.size
    corners = (-wide * 0.18, -high * 0.05, 0, high, wide, high, wide * 1.18, -high * 0.05)
    return page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def dim(page: Image.Image) -> Image.Image:
    """In bad light."""
    return page.point(lambda value: int(value * 0.3))


def grainy(page: Image.Image) -> Image.Image:
    """With the grain of a photograph in bad light."""
    grey = dim(page).convert("L")
    return ImageChops.add(grey, Image.effect_noise(grey.size, 25), 1, -128)


def blurred(page: Image.Image) -> Image.Image:
    """Out of focus."""
    return page.filter(ImageFilter.GaussianBlur(2))


def look_here(run: Callable[..., Any]) -> Callable[..., Any]:
    """``confined.run`` that looks at scans without a child, which takes a second to start."""
    return lambda task, payload: code_reading.examine(payload) if task == codes.TASK else run(task, payload)
