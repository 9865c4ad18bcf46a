"""From an XLSForm to a design: its questions as fields, and a list of the rows that did not come over.

The file is read in a confined child, never within a write.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.kinds import KINDS
from andu.formtypes.language import writing
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.shelf import beginning, designs
from andu.office.shelf.designs import Design
from andu.papers.checks import confined
from andu.papers.faults import PaperFault
from andu.security.accounts import Account
from andu.security.permissions import require

LARGEST, UNPACKED = 2 * 1024 * 1024, 40 * 1024 * 1024


def take_in(office: Office, actor: Account, data: bytes) -> Design:
    """A design with the questions of an XLSForm, and its paper. Raises ``NotAllowed``, ``Refused``."""
    require(actor, designs.ACT)
    office.store.require_no_write("reading an XLSForm")
    if len(data) > LARGEST:
        raise Refused(_("文件太大，XLSForm 不能超过 2 MB。"))
    if not _is_workbook(data):
        raise Refused(_("这不是能读的 xlsx 文件，请在 Excel 或 WPS 里另存为 xlsx 再上传。"))
    try:
        found = confined.run("xlsform", {"xlsx": base64.b64encode(data).decode()})
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    if not found["sections"]:
        raise Refused(_("这份 XLSForm 里没有能用的栏目。"))
    tree = _tree(office, found)
    told = json.dumps({"told": found["told"]}, ensure_ascii=False)
    design = designs.begin(office, actor, tree["title"], yaml=writing.written(tree), proposals=told)
    try:
        return beginning.redraw(office, actor, design, design.revision)
    except Refused:
        return design  # what is wrong stands on its page; its paper is drawn once that is mended


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(one.file_size for one in packed.infolist()) <= UNPACKED
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False


def _tree(office: Office, found: dict[str, Any]) -> dict[str, Any]:
    fields = [one for section in found["sections"] for one in section["fields"]]
    plain = [one["key"] for one in fields if KINDS[one["kind"]].is_one_word or KINDS[one["kind"]].is_dated]
    return {
        "title": found["title"] or "未命名的表",
        "group": "本单位的表",
        "filled_by": ["clerk"],
        "series": min(office.config.series),
        "record_title": (plain or [fields[0]["key"]])[:1],
        "sections": found["sections"],
    }


def not_brought_over(design: Design) -> list[dict[str, Any]]:
    """The rows of its XLSForm that did not come over as they were, with the reason."""
    told: list[dict[str, Any]] = design.proposals.get("told", []) if design.state != designs.READ else []
    return [one for one in told if isinstance(one, dict)]
