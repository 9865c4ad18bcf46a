"""Working lists as PDF: what was never a docx is printed from our own HTML through pdfkit.

Filed papers never come this way. The options are fixed and safe: no script, no local file, no network
(a dead proxy), HTML on standard input, and none of the options that pdfkit would read out of meta tags
of the page (CVE-2025-26240). wkhtmltopdf prints at 0.756 of the size asked for; style sheets allow for it.
Its text layer has radicals for characters (⻓ for 长): here it is set right, so that a list can be searched.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import unicodedata

import pdfkit
from flask_babel import gettext as _
from pypdf import PdfWriter
from pypdf.generic import StreamObject

TIMEOUT = 60.0
OPTIONS: dict[str, str | None] = {
    "encoding": "UTF-8",
    "page-size": "A4",
    "margin-top": "15mm",
    "margin-right": "12mm",
    "margin-bottom": "15mm",
    "margin-left": "12mm",
    "disable-javascript": None,
    "javascript-delay": "0",
    "disable-local-file-access": None,
    "disable-plugins": None,
    "disable-external-links": None,
    "disable-internal-links": None,
    "proxy": "http://127.0.0.1:9",
}

# Radicals that share a glyph with a character in Noto and that Unicode itself does not lead back to it; found
# by printing U+4E00–9FEF and reading the PDF. ⼾ leads back to 戶, which is not how it is written here.
_PAIRS = (
    "⺂乛⺃乚⺅亻⺉刂⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺘扌⺙攵⺛旡⺞歺⺠民⺡氵⺣灬⺤爫⺦丬⺨犭⺫罒⺭礻⺯糹⺰纟⺱罓⺹耂⺺肀⺾艹"
    "⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻐钅⻑長⻒镸⻓长⻔门⻖阝⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟"
    "⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⼾户㬵胶"
)
_CHARACTERS = {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)}
_CHARACTERS |= str.maketrans(_PAIRS[::2], _PAIRS[1::2])
# glyphs from–to, then the character of the first, or those of all in an array
_GLYPHS = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]{4})> (?:<([0-9A-F]{4})>|\[([^]]*)])", re.MULTILINE)


class SheetFault(Exception):
    """The list cannot be printed here; the Chinese message says why."""


class _Sheet(pdfkit.PDFKit):  # type: ignore[misc]
    def _find_options_in_meta(self, url_or_file: object) -> dict[str, str]:
        return {}

    def to_pdf(self, path: None = None) -> bytes:
        """As pdfkit does it, but not for ever."""
        page = self.source.to_s().encode()
        done = subprocess.run(self.command(), input=page, capture_output=True, timeout=TIMEOUT, check=False)
        self.handle_error(done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout


def command(html: str) -> list[str]:
    """The command line that prints this page: always the same, whatever the page says."""
    return list(_Sheet(html, "string", options=OPTIONS).command())


def print_list(html: str) -> bytes:
    """The PDF of a page of our own making.

    Raises ``SheetFault`` when wkhtmltopdf is missing or hangs, or the page asks for anything outside itself.
    """
    try:
        return _searchable(_Sheet(html, "string", options=OPTIONS).to_pdf())
    except (OSError, subprocess.TimeoutExpired) as error:
        if shutil.which("wkhtmltopdf") is None:
            raise SheetFault(_("这台机器没有安装打印组件 wkhtmltopdf，请改用浏览器的打印功能。")) from error
        raise SheetFault(_("打印没有成功，请改用浏览器的打印功能。")) from error


def _searchable(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for thing in writer._objects:
        if isinstance(thing, StreamObject) and b"begincmap" in (cmap := thing.get_data()):
            thing.set_data(_GLYPHS.sub(_with_characters, cmap))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_characters(glyphs: re.Match[bytes]) -> bytes:
    first, last, start, array = glyphs.groups()
    if start:
        codes = list(range(int(start, 16), int(start, 16) + int(last, 16) - int(first, 16) + 1))
    else:
        codes = [int(code, 16) for code in re.findall(rb"[0-9A-F]+", array)]
    if _CHARACTERS.keys().isdisjoint(codes):
        return glyphs[0]
    return b"<%s> <%s> [%s]" % (first, last, b" ".join(b"<%04X>" % _CHARACTERS.get(c, c) for c in codes))
