"""docx → PDF by LibreOffice, PDF → pictures by poppler, and the draft mark on previews.

One function each; called by ``andu.office`` and the commands. A converter keeps LibreOffice open, as many of
them as its process may have, and lets papers wait in one line before them (``andu.papers.pdf.waiting``). A
filed PDF is made once, from the very bytes that were filed: LibreOffice's output differs from run to run.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import threading
import time
import weakref
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from typing import cast

from flask_babel import gettext as _
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from andu.papers import sheets
from andu.papers.pdf.soffice import TIMEOUT, Office, PdfFault, TooSlow, engine
from andu.papers.pdf.waiting import Line

__all__ = ["Converter", "PdfFault", "TooSlow", "engine", "mark_copy", "mark_draft", "mark_void", "pictures"]

PAPER, STALE = "paper-", 600.0
LARGEST = 256 * 1024 * 1024  # of all parts of a docx, unpacked
_DRAWING = threading.BoundedSemaphore(os.cpu_count() or 1)


class Converter:
    """LibreOffice with the faces in ``fonts``. Safe to use from several threads and after a fork.

    ``at_once`` papers are made side by side in one process; each has a LibreOffice of its own that is
    opened when first needed. ``folder`` is where all processes of one office see who waits.
    """

    def __init__(self, fonts: Path, at_once: int = 1, folder: Path | None = None) -> None:
        self._fonts = fonts
        self._at_once = at_once
        self._folder = folder or Path(tempfile.mkdtemp(prefix="andu-line-"))
        self._rooms: dict[int, _Room] = {}
        weakref.finalize(self, _close, self._rooms, os.getpid(), None if folder else self._folder)

    def to_pdf(self, docx: bytes, asked_by: str | None = None) -> bytes:
        """The PDF of one docx. A preview says who asked for it; a paper to be filed goes before previews.

        Raises ``PdfFault`` for a broken docx, a crash or a timeout, and its kind ``TooMany`` when the
        one who asks has four papers under way already.
        """
        if not _is_docx(docx):
            raise PdfFault(_("不是完好的 docx 文件"))
        folder = tempfile.TemporaryDirectory(prefix=PAPER, dir=self._room.papers)
        with self._room.line.turn(asked_by) as office, folder as at:
            paper, pdf = Path(at, "paper.docx"), Path(at, "paper.pdf")
            paper.write_bytes(docx)
            office.to_pdf(paper, pdf)
            return pdf.read_bytes()

    def many(self, docxs: list[bytes]) -> list[bytes | PdfFault]:
        """The PDF of each docx; a broken one fails alone."""
        with ThreadPoolExecutor(self._at_once) as threads:
            return list(threads.map(self._pdf_or_fault, docxs))

    def _pdf_or_fault(self, docx: bytes) -> bytes | PdfFault:
        try:
            return self.to_pdf(docx)
        except PdfFault as fault:
            return fault

    def ahead(self, asked_by: str) -> int:
        """How many papers will be made before the one this person waits for; 0 when it is being made."""
        return self._room.line.ahead(asked_by)

    def close(self) -> None:
        """End every LibreOffice of this process; the next paper opens one again."""
        for office in self._room.offices:
            office.close()

    @property
    def _room(self) -> _Room:
        # by process: after a fork the parent's LibreOffices and locks are not for us
        here = os.getpid()
        return self._rooms.get(here) or self._rooms.setdefault(
            here, _Room(self._fonts, self._at_once, self._folder)
        )


class _Room:
    """The LibreOffices of one process, and the line before them."""

    def __init__(self, fonts: Path, at_once: int, folder: Path) -> None:
        self.papers = folder / "papers"
        self.papers.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(self.papers)
        self.offices = [Office(fonts) for _place in range(at_once)]
        self.line = Line(folder, list(self.offices))


def _sweep(folder: Path) -> None:
    """Remove the papers that killed processes left behind: they hold what was written."""
    for left in folder.glob(f"{PAPER}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)


def _close(rooms: dict[int, _Room], owner: int, folder: Path | None) -> None:
    if (room := rooms.get(os.getpid())) is not None:
        for office in room.offices:
            office.close()
    if folder is not None and os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _is_docx(data: bytes) -> bool:
    # LibreOffice converts a text file named .docx without a murmur
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return (
                "word/document.xml" in package.namelist()
                and sum(part.file_size for part in package.infolist()) <= LARGEST
                and package.testzip() is None
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return False


def pictures(pdf: bytes, dpi: int = 100) -> list[bytes]:
    """The pages of a PDF as PNG, ``dpi`` dots an inch; raises ``PdfFault``."""
    with _DRAWING, tempfile.TemporaryDirectory(prefix="andu-png-") as folder:
        try:
            subprocess.run(
                ["pdftoppm", "-png", "-r", str(dpi), "-", "page"],
                cwd=folder,
                input=pdf,
                env={"PATH": os.defpath},
                capture_output=True,
                check=True,
                timeout=TIMEOUT,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PdfFault(_("PDF 不能显示为图片")) from error
        return [page.read_bytes() for page in sorted(Path(folder).glob("page*.png"))]


_STYLE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><style>
body { margin: 0; font-family: "Noto Serif CJK SC", serif; color: %(colour)s; text-align: center; }
div { margin-top: 400px; font-size: 74px; -webkit-transform: rotate(-38deg); white-space: nowrap; }
p { font-size: 34px; margin: 23px; }
h1 { position: absolute; top: 12px; left: 0; right: 0; color: #c00000;
  font-size: 17px; font-weight: normal; }
</style></head><body>"""
DRAFT = _STYLE % {"colour": "#dcdcdc"} + "<div>草　稿<p>未编号　不作正式文件</p></div></body></html>"
COPY = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><style>'
    'body { margin: 0; font-family: "Noto Serif CJK SC", serif; color: #555; text-align: center;'
    " font-size: 10px; white-space: nowrap; }</style></head><body>%s</body></html>"
)
VOID = (
    _STYLE % {"colour": "#f0b4b4"}
    + "<h1>【作废】编号已作废，本件不得使用</h1>"
    + "<div>作　废<p>编号已作废　不作正式文件</p></div></body></html>"
)


@cache
def pages_of(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


HEAD = 46
"""So much higher, in points, stands the head of a mark: above what the page says."""


@lru_cache(maxsize=8)
def _mark(html: str) -> bytes:
    return sheets.print_list(html)


def mark_draft(pdf: bytes) -> bytes:
    """The same PDF with 草稿 in light grey beneath each page; nothing moves, the text stays text.

    Raises ``PdfFault`` where wkhtmltopdf is not installed.
    """
    return _marked(pdf, DRAFT, over=False)


def mark_void(pdf: bytes) -> bytes:
    """The same PDF with 作废 in red across each page and in its head: nothing on the page hides it, and it
    hides nothing. Raises as ``mark_draft``.
    """
    return _marked(pdf, VOID, over=True)


FOOT = 76
"""So high above the foot of the page, in points, stands what a copy says of itself."""


def mark_copy(pdf: bytes, words: str) -> bytes:
    """The same PDF with these words small in the foot of each page. Raises as ``mark_draft``."""
    return _marked(pdf, COPY % escape(words), over=True, at_foot=True)


def _marked(pdf: bytes, html: str, over: bool, at_foot: bool = False) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    try:
        mark = PdfReader(io.BytesIO(_mark(html))).pages[0]
    except sheets.SheetFault as fault:
        raise PdfFault(_("不能给文书加上“草稿”“作废”或第几份的字样：%(why)s", why=str(fault))) from fault
    if over:
        _let_through(mark)
    for page in writer.pages:
        higher = FOOT - float(page.mediabox.height) if at_foot else HEAD if over else 0
        page.merge_transformed_page(mark, _placed(mark, page, higher), over=over)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _let_through(mark: PageObject) -> None:
    """Have a page multiplied with what lies beneath it: white leaves it as it is."""
    resources = cast(DictionaryObject, mark["/Resources"])
    states = resources.setdefault(NameObject("/ExtGState"), DictionaryObject()).get_object()
    states[NameObject("/Through")] = DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})
    drawn, stream = mark.get_contents(), DecodedStreamObject()
    stream.set_data(b"/Through gs\n" + (drawn.get_data() if drawn is not None else b""))
    mark[NameObject("/Contents")] = stream


def _placed(mark: PageObject, page: PageObject, higher: float) -> Transformation:
    """In the middle across, its head ``higher`` above the head of the page, in points."""
    across = (float(page.mediabox.width) - float(mark.mediabox.width)) / 2
    up = float(page.mediabox.height) - float(mark.mediabox.height)
    return Transformation().translate(across, up + higher)
