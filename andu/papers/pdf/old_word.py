"""Old Word files (.doc), made into docx by LibreOffice before anything reads them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask_babel import gettext as _

from andu.papers.faults import PaperFault
from andu.papers.pdf.soffice import PdfFault, cold

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a .doc begins, and everything else in Microsoft's old container."""

WORD = "WordDocument".encode("utf-16-le")
"""The name of the part that makes it Word's."""


def as_docx(data: bytes, fonts: Path) -> bytes:
    """The docx of an old Word file; anything else comes back as it is. Raises ``PaperFault``."""
    if not data.startswith(OLD_WORD):
        return data
    if WORD not in data:
        raise PaperFault(_("这不是 Word 文件，请用 Word 另存为 docx 后再试。"))
    with tempfile.TemporaryDirectory(prefix="andu-doc-") as folder:
        source, made = Path(folder, "form.doc"), Path(folder, "form.docx")
        source.write_bytes(data)
        try:
            cold(fonts, source, made)
        except PdfFault as fault:
            said = _("这份旧式的 doc 打不开（可能设了密码），请用 Word 另存为 docx 后再试。")
            raise PaperFault(said) from fault
        return made.read_bytes()
