"""Reading a stranger's XLSForm in a confined child: ``read`` is the task ``xlsform`` of ``confined``."""

from __future__ import annotations

import base64
import io
from typing import Any

from flask_babel import gettext as _
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import get_xlsform

from andu.papers.faults import PaperFault
from andu.papers.xlsform.rows import Rows, preorder

LONGEST_TITLE = 60
MOST_ROWS = 1000


def read(payload: dict[str, Any]) -> dict[str, Any]:
    """``{"xlsx"}`` as ``{"title", "sections", "told"}``. ``PaperFault`` for what is no XLSForm."""
    try:
        sheets = get_xlsform(io.BytesIO(base64.b64decode(payload["xlsx"])), file_type=".xlsx")
        if len(sheets.survey or ()) > MOST_ROWS:
            raise PaperFault(_("XLSForm 太长，最多 %(n)s 行。", n=MOST_ROWS))
        form = workbook_to_json(workbook_dict=sheets, fallback_form_name="form")
    except PyXFormError as fault:
        raise PaperFault(_("这份 XLSForm 有错，读表的程序说：%(what)s", what=_said(fault))) from fault
    except (PaperFault, MemoryError):
        raise
    except Exception as fault:  # whatever a broken file does to the reader
        raise PaperFault(_("这不是能读的 XLSForm：要有 survey 一张表，存成 xlsx。")) from fault
    children = form.get("children") or []
    rows = Rows(_numbers(list(sheets.survey or ()), children))
    rows.take(children)
    title = str(form.get("title") or "")[:LONGEST_TITLE]
    return {"title": title, "sections": rows.filled(), "told": rows.told}


def _numbers(survey: list[dict[str, Any]], children: list[dict[str, Any]]) -> dict[int, int]:
    """The row of the sheet of each node, as far as both go the same way."""
    found, at = {}, 0
    for node in preorder(children):
        for further in range(at, len(survey)):
            if survey[further].get("name") == node.get("name"):
                found[id(node)] = further + 2
                at = further + 1
                break
    return found


def _said(fault: PyXFormError) -> str:
    return " ".join(str(fault).split())[:300]
