"""A page in each official face, printed and read back: whether each comes out in the face meant for it.

``script/andu doctor`` calls it. fontconfig may promise a face (``fonts.fonts_missing``) that the PDF then
does not show; here the PDF itself is asked, and its text is read as a person would copy it.
"""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable

from docx import Document
from docx.oxml.ns import qn
from flask_babel import gettext as _

from andu.papers.pdf import PdfFault
from andu.papers.pdf.fonts import OFFICIAL, RARE

WORDS = "关于做好〔2026〕13号文件的通知"
RARE_CHARACTERS = "喆玥堃昇瑄彧"
RARE_FACE = "NotoSerifCJKjp-Regular-VKana"  # all languages of Noto's file bear the name of the first


def trial_page(name: str, words: str) -> bytes:
    """These words in this face, as docx."""
    paper = Document()
    run = paper.add_paragraph().add_run(words)
    run.font.name = name
    run.font.element.rPr.rFonts.set(qn("w:eastAsia"), name)
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()


def faces_wrong(many: Callable[[list[bytes]], list[bytes | PdfFault]]) -> list[str]:
    """Print a page in each face and say in Chinese what is wrong with it; [] when nothing is.

    A page of its own each: LibreOffice names the faces of all pages on every page. Raises ``PdfFault`` when
    there is no PDF, or poppler is missing.
    """
    pages = [(name, WORDS, face) for name, face in OFFICIAL.items() if name != RARE]
    pages.append(("仿宋_GB2312", RARE_CHARACTERS, RARE_FACE))
    made = many([trial_page(name, words) for name, words, _face in pages])
    found = []
    for pdf, (name, words, face) in zip(made, pages, strict=True):
        if isinstance(pdf, PdfFault):
            raise pdf
        printed = _faces(pdf)
        if printed != {face}:
            found.append(
                _(
                    "%(name)s 的“%(words)s”应印成 %(face)s，实际是 %(printed)s",
                    name=name, words=words, face=face, printed="、".join(sorted(printed)) or _("没有字体"),
                )
            )  # fmt: skip
        if "".join(_asked(["pdftotext", "-", "-"], pdf).split()) != words:
            found.append(_("%(name)s 的“%(words)s”在 PDF 里不能原样复制", name=name, words=words))
    return found


def _faces(pdf: bytes) -> set[str]:
    """The faces of a PDF; one that is not embedded says so in its name."""
    # name, type (of several words), encoding, emb, sub, uni, object number and generation
    rows = [row.split() for row in _asked(["pdffonts", "-"], pdf).splitlines()[2:]]
    return {row[0].rpartition("+")[2] + ("" if row[-5] == "yes" else _("（未嵌入）")) for row in rows}


def _asked(command: list[str], pdf: bytes) -> str:
    try:
        done = subprocess.run(
            command, input=pdf, env={"PATH": os.defpath}, capture_output=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise PdfFault(_("%(tool)s 读不了生成的 PDF", tool=command[0])) from error
    return done.stdout.decode()
