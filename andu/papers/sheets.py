"""Working lists as PDF: what was never a docx is printed from our own HTML through pdfkit.

Filed papers never come this way. The options are fixed and safe: no script, no local file, no network
(a dead proxy), HTML on standard input, and none of the options that pdfkit would read out of meta tags
of the page (CVE-2025-26240). wkhtmltopdf prints at 0.756 of the size asked for; style sheets allow for it.
"""

from __future__ import annotations

import shutil

import pdfkit
from flask_babel import gettext as _

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


class SheetFault(Exception):
    """The list cannot be printed here; the Chinese message says why."""


class _Sheet(pdfkit.PDFKit):  # type: ignore[misc]
    def _find_options_in_meta(self, url_or_file: object) -> dict[str, str]:
        return {}


def command(html: str) -> list[str]:
    """The command line that prints this page: always the same, whatever the page says."""
    return list(_Sheet(html, "string", options=OPTIONS).command())


def print_list(html: str) -> bytes:
    """The PDF of a page of our own making.

    Raises ``SheetFault`` when wkhtmltopdf is missing, or when the page asks for anything outside itself.
    """
    try:
        pdf: bytes = _Sheet(html, "string", options=OPTIONS).to_pdf()
    except OSError as error:
        if shutil.which("wkhtmltopdf") is None:
            raise SheetFault(_("这台机器没有安装打印组件 wkhtmltopdf，请改用浏览器的打印功能。")) from error
        raise SheetFault(_("打印没有成功，请改用浏览器的打印功能。")) from error
    return pdf
