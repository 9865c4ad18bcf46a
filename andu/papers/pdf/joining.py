"""Several filed PDFs as one, to be printed or taken along at once: every page stays as it was filed."""

from __future__ import annotations

import io
from collections.abc import Iterable

from flask_babel import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from andu.papers.pdf.soffice import PdfFault


def joined(papers: Iterable[tuple[str, bytes]], each_on_a_sheet: bool = False) -> bytes:
    """One PDF of all these, in their order, with a bookmark under its name for each.

    ``each_on_a_sheet`` puts an empty page behind a paper of an odd number of pages, so that none begins on
    the back of another where both sides are printed. Raises ``PdfFault`` where one cannot be read.
    """
    writer = PdfWriter()
    for name, pdf in papers:
        try:
            paper = PdfReader(io.BytesIO(pdf))
            writer.append(paper, outline_item=name, import_outline=False)
            is_odd = len(paper.pages) % 2 == 1
        except PyPdfError as error:
            raise PdfFault(_("%(name)s 的 PDF 读不出来", name=name)) from error
        if each_on_a_sheet and is_odd:
            writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
