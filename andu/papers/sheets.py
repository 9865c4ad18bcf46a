"""Working lists as PDF: what was never a docx is printed from our own HTML through pdfkit.

``office.books.lists`` calls ``print_list``, and ``papers.pdf`` for the draft mark under previews. Filed
papers never come this way. The command line is always the same, whatever the page says: no script, no local
file, none of the options that pdfkit would read out of meta tags (CVE-2025-26240). wkhtmltopdf runs without a
network where the machine permits, behind a dead proxy everywhere, in an empty folder, with an empty
environment and limits on memory, time and output; whatever goes wrong, there is a ``SheetFault`` and no PDF.

Debian's wkhtmltopdf shrinks a page, repeats no table head and numbers no pages. So it prints on a page that
is smaller by the same measure, which is then enlarged to A4; and when there are several pages, a second
print of heads and page numbers is laid under them: it shows in the margins, which a print leaves clear.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import cast

import pdfkit
from flask_babel import gettext as _
from lxml import html as lxml_html
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, RectangleObject, StreamObject

from andu.papers import radicals

TIMEOUT = 60.0  # seconds for one print
LIMITS = ("--as=2147483648", "--cpu=50", "--fsize=67108864", "--core=0")  # bytes, seconds, bytes, bytes
SHRINK = 1.302  # Qt prints a CSS millimetre as 1/1.302 mm: measured, and held by a test
TOP, SIDE, BOTTOM = 20.0, 15.0, 18.0  # margins on the paper, mm
UPRIGHT, ACROSS = (210.0, 297.0), (297.0, 210.0)  # A4, mm
_OUT = "sheet.pdf"


def _before_enlarging(length: float) -> str:
    return f"{length / SHRINK:.2f}mm"


OPTIONS: dict[str, str | None] = {
    "encoding": "UTF-8",
    "page-width": _before_enlarging(UPRIGHT[0]),
    "page-height": _before_enlarging(UPRIGHT[1]),
    "margin-top": _before_enlarging(TOP),
    "margin-right": _before_enlarging(SIDE),
    "margin-bottom": _before_enlarging(BOTTOM),
    "margin-left": _before_enlarging(SIDE),
    "disable-javascript": None,
    "javascript-delay": "0",
    "disable-local-file-access": None,
    "disable-plugins": None,
    "disable-external-links": None,
    "disable-internal-links": None,
    "proxy": "http://127.0.0.1:9",
}
_WHOLE_PAGE: dict[str, str | None] = {f"margin-{side}": "0" for side in ("top", "right", "bottom", "left")}
_FRAME = """
body { margin: 0; }
.frame { position: relative; width: %(width)gmm; height: %(height)gmm; margin: 0; overflow: hidden;
  page-break-after: always; }
.frame .head { position: absolute; left: %(side)gmm; right: %(side)gmm; bottom: %(above)gmm;
  margin: 0 0 -1px; }
.frame .number { position: absolute; left: 0; right: 0; bottom: 9mm; margin: 0; text-align: center; }
"""


class SheetFault(Exception):
    """The list cannot be printed here; the Chinese message says why."""


class _Sheet(pdfkit.PDFKit):  # type: ignore[misc]
    def _find_options_in_meta(self, url_or_file: object) -> dict[str, str]:
        return {}


@cache
def _walls() -> tuple[str, ...]:
    """The command that takes the network away, or nothing where the machine does not permit it."""
    walls = ("unshare", "--net", "--map-root-user", "--")
    try:
        subprocess.run(
            [*walls, "true"], env={"PATH": os.defpath}, capture_output=True, check=True, timeout=TIMEOUT
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return walls


def command(html: str, options: dict[str, str | None] = OPTIONS) -> list[str]:
    """The command line that prints this page: always the same, whatever the page says.

    Raises ``OSError`` when wkhtmltopdf is missing.
    """
    binary = pdfkit.configuration(wkhtmltopdf=shutil.which("wkhtmltopdf") or "wkhtmltopdf: none")
    sheet = _Sheet(html, "string", options=options, configuration=binary)
    return ["prlimit", *LIMITS, "--", *_walls(), *sheet.command(_OUT)]


def print_list(html: str) -> bytes:
    """The A4 PDF of a page of our own making; CSS lengths come out as they are written.

    With more than one page, each has its number, and each after the first the ``<thead class="running">``
    of the page. Raises ``SheetFault`` when wkhtmltopdf is missing, fails or hangs, or the page asks for
    anything outside itself.
    """
    return _made(html, UPRIGHT)


def print_across(html: str) -> bytes:
    """The same with the long side of A4 across, for lists of many columns."""
    return _made(html, ACROSS)


def _made(html: str, size: tuple[float, float]) -> bytes:
    options = OPTIONS | {
        "page-width": _before_enlarging(size[0]),
        "page-height": _before_enlarging(size[1]),
    }
    try:
        writer = PdfWriter(clone_from=io.BytesIO(_printed(html, options)))
        pages = list(writer.pages)
        if len(pages) > 1:
            frames = _printed(_frames(html, len(pages), size), options | _WHOLE_PAGE)
            for page, frame in zip(pages, PdfReader(io.BytesIO(frames)).pages, strict=True):
                _lay_under(writer, page, frame)
        for page in pages:
            _enlarge(writer, page, size)
        radicals.mend(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
    except (OSError, subprocess.TimeoutExpired, PyPdfError, ValueError) as error:
        if shutil.which("wkhtmltopdf") is None:
            raise SheetFault(_("这台机器没有安装打印组件 wkhtmltopdf，请改用浏览器的打印功能。")) from error
        raise SheetFault(_("打印没有成功，请改用浏览器的打印功能。")) from error


def _printed(html: str, options: dict[str, str | None]) -> bytes:
    """What wkhtmltopdf makes of a page; raises ``OSError`` or ``TimeoutExpired``."""
    with tempfile.TemporaryDirectory(prefix="andu-sheet-") as folder:
        process = subprocess.Popen(
            command(html, options),
            cwd=folder,
            env={
                "PATH": os.defpath,
                "LC_ALL": "C.UTF-8",
                "HOME": folder,
                "TMPDIR": folder,
                "XDG_RUNTIME_DIR": folder,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.communicate(html.encode(), timeout=TIMEOUT)
        finally:
            _end(process)
        if process.returncode != 0:
            raise OSError(process.returncode, "wkhtmltopdf")
        return Path(folder, _OUT).read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing that was started for a print outlives it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _frames(html: str, pages: int, size: tuple[float, float]) -> str:
    """As many pages with nothing on them but number and running head, in the styles of ``html``."""
    page = lxml_html.document_fromstring(html)
    heads = page.xpath("//table[thead[@class = 'running']]")
    table = ""
    if heads:
        for body in heads[0].findall("tbody"):
            heads[0].remove(body)
        table = f'<div class="head">{lxml_html.tostring(heads[0], encoding="unicode", with_tail=False)}</div>'
    style = "".join(one.text or "" for one in page.iterfind(".//style"))
    width, height = size[0], size[1] - 1
    style += _FRAME % {"width": width, "height": height, "side": SIDE, "above": height - TOP}
    frames = [
        f'<div class="frame">{table if n > 1 else ""}'
        f'<p class="number">{_("第 %(n)s 页，共 %(pages)s 页", n=n, pages=pages)}</p></div>'
        for n in range(1, pages + 1)
    ]
    head = f'<!doctype html><html><head><meta charset="utf-8"><style>{style}</style></head>'
    return f"{head}<body>{''.join(frames)}</body></html>"


# Pages are put together without reading what is drawn on them: pypdf's own merging takes a second for five.


def _lay_under(writer: PdfWriter, page: PageObject, frame: PageObject) -> None:
    form = cast(StreamObject, frame["/Contents"].clone(writer))
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): frame.mediabox,
            NameObject("/Resources"): frame["/Resources"].clone(writer),
        }
    )
    resources = cast(DictionaryObject, page["/Resources"])
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Frame"): form.indirect_reference})
    _wrap(writer, page, b"/Frame Do\nq\n", b"\nQ\n")


def _enlarge(writer: PdfWriter, page: PageObject, size: tuple[float, float]) -> None:
    _wrap(writer, page, b"q %.3f 0 0 %.3f 0 0 cm\n" % (SHRINK, SHRINK), b"\nQ\n")
    for box in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
        page.pop(box, None)
    page.mediabox = RectangleObject((0, 0, *(round(length * 72 / 25.4, 2) for length in size)))


def _wrap(writer: PdfWriter, page: PageObject, before: bytes, after: bytes) -> None:
    inner = page.raw_get("/Contents")
    drawn = list(inner) if isinstance(inner, ArrayObject) else [inner]
    streams = [StreamObject(), StreamObject()]
    for stream, operators in zip(streams, (before, after), strict=True):
        stream.set_data(operators)
    first, last = (writer._add_object(stream) for stream in streams)
    page[NameObject("/Contents")] = ArrayObject([first, *drawn, last])
