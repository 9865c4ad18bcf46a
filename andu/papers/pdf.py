"""docx → PDF by LibreOffice, PDF → pictures by poppler, and the draft mark on previews.

One function each; called by office alone. A converter keeps one LibreOffice profile per process (a new
profile costs a second) and lets one conversion run at a time in it. A filed PDF is made once, from the
very bytes that were filed: LibreOffice's output differs from run to run.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import zipfile
from functools import cache
from pathlib import Path

from flask_babel import gettext as _
from pypdf import PdfReader, PdfWriter

from andu.papers import sheets
from andu.papers.fonts import write_configuration

TIMEOUT = 90.0
RESTART = 81  # soffice on a fresh profile: "start me again"


class PdfFault(Exception):
    """No PDF, or no picture of one, came about; the Chinese message says why."""


class Converter:
    """LibreOffice with the faces in ``fonts``. Safe to use from several threads and after a fork."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._lock = threading.Lock()
        self._homes: dict[int, Path] = {}

    def to_pdf(self, docx: bytes) -> bytes:
        """The PDF of one docx; raises ``PdfFault`` for a broken docx, a crash or a timeout."""
        found = self.many([docx])[0]
        if isinstance(found, PdfFault):
            raise found
        return found

    def many(self, docxs: list[bytes]) -> list[bytes | PdfFault]:
        """The PDF of each docx, from one LibreOffice; a broken one fails alone."""
        good = {n: docx for n, docx in enumerate(docxs) if _is_docx(docx)}
        with self._lock, tempfile.TemporaryDirectory(prefix="andu-pdf-") as folder:
            for n, docx in good.items():
                Path(folder, f"{n}.docx").write_bytes(docx)
            failure = self._run(Path(folder), [f"{n}.docx" for n in good]) if good else ""
            return [_result(Path(folder, f"{n}.pdf"), n in good, failure) for n in range(len(docxs))]

    def _home(self) -> Path:
        """The folder of this process, removed when it ends; a forked child has its own."""
        if os.getpid() not in self._homes:
            home = Path(tempfile.mkdtemp(prefix="andu-soffice-"))
            atexit.register(_remove, home, os.getpid())
            self._homes[os.getpid()] = home
        return self._homes[os.getpid()]

    def _run(self, folder: Path, names: list[str]) -> str:
        """Convert; what went wrong in words, or an empty text."""
        home = self._home()
        environment = {
            "PATH": os.defpath,
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "FONTCONFIG_FILE": str(write_configuration(self._fonts, home)),
        }
        command = [
            "soffice", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "pdf", *names,
        ]  # fmt: skip
        try:
            for _attempt in range(2):
                code = _run_group(command, folder, environment)
                if code != RESTART:
                    break
        except FileNotFoundError:
            return _("没有安装 LibreOffice，不能生成 PDF")
        except subprocess.TimeoutExpired:
            return _("生成 PDF 超时")
        return _("生成 PDF 失败（代码 %(code)s）", code=code) if code else ""


def _remove(home: Path, owner: int) -> None:
    # a child inherits what its parent registered: it must not take the folder from under the parent
    if os.getpid() == owner:
        shutil.rmtree(home, ignore_errors=True)


def _run_group(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    # soffice is a script around soffice.bin: on a timeout the whole group must go
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def _is_docx(data: bytes) -> bool:
    # LibreOffice converts a text file named .docx without a murmur
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "word/document.xml" in package.namelist() and package.testzip() is None
    except (zipfile.BadZipFile, EOFError, OSError):
        return False


def _result(pdf: Path, good: bool, failure: str) -> bytes | PdfFault:
    if not good:
        return PdfFault(_("不是完好的 docx 文件"))
    if not pdf.exists():
        return PdfFault(failure or _("生成 PDF 失败"))
    return pdf.read_bytes()


def pictures(pdf: bytes, dpi: int = 100) -> list[bytes]:
    """The pages of a PDF as PNG, ``dpi`` dots an inch; raises ``PdfFault``."""
    with tempfile.TemporaryDirectory(prefix="andu-png-") as folder:
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


MARK = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><style>
body { margin: 0; font-family: "Noto Serif CJK SC", serif; color: #dcdcdc; text-align: center; }
div { margin-top: 620px; font-size: 96px; -webkit-transform: rotate(-38deg); white-space: nowrap; }
p { font-size: 44px; margin: 30px; }
</style></head><body><div>草　稿<p>未编号　不作正式文件</p></div></body></html>"""


@cache
def _mark() -> bytes:
    return sheets.print_list(MARK)


def mark_draft(pdf: bytes) -> bytes:
    """The same PDF with 草稿 in light grey beneath each page; nothing moves, the text stays text.

    Raises ``PdfFault`` where wkhtmltopdf is not installed.
    """
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    try:
        mark = PdfReader(io.BytesIO(_mark())).pages[0]
    except sheets.SheetFault as fault:
        raise PdfFault(_("没有安装 wkhtmltopdf，不能给预览加上草稿字样")) from fault
    for page in writer.pages:
        page.merge_page(mark, over=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
