"""From a blank Word form to a design: read, looked over by a person, adopted.

The file of a stranger is inspected first; whatever reads or changes it runs in a confined child, and never
within a write. A copy that somebody has filled is not kept.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.language import writing
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.shelf import designs
from andu.office.shelf.designs import READ, Design
from andu.papers.blanks.deciding import Decision
from andu.papers.blanks.memory import remembered
from andu.papers.checks import confined
from andu.papers.checks.inspection import inspect
from andu.papers.faults import PaperFault
from andu.papers.pdf.old_word import as_docx
from andu.security.accounts import Account
from andu.security.permissions import require

LARGEST = 10 * 1024 * 1024
LONGEST_TITLE = 60


def take_in(office: Office, actor: Account, data: bytes) -> Design:
    """Read a blank form (docx or doc) into a design of proposals. Raises ``NotAllowed``, ``Refused``."""
    require(actor, designs.ACT)
    office.store.require_no_write("reading a blank form")
    found = _read(office, data)
    if not found["fields"]:
        raise Refused(
            _("这份文件里没有找到要填写的地方。请确认上传的是空白表；也可以不用 Word 表，从空白做起。")
        )
    if any(one.get("filled") for one in found["fields"]) and found["remarks"]:
        raise Refused(_("这像是一份填过的旧表，里面有别人填的内容，没有保存。请换一份空白的再上传。"))
    blank, marked = (office.files.put(base64.b64decode(found.pop(name))) for name in ("docx", "marked"))
    title = found["title"][:LONGEST_TITLE] or "未命名的表"
    kept = {"blank_sha": blank, "marked_sha": marked, "proposals": json.dumps(found, ensure_ascii=False)}
    return designs.begin(office, actor, title, state=READ, **kept)


def accept(
    office: Office,
    actor: Account,
    design: Design,
    revision: int,
    title: str,
    series: str,
    decisions: Sequence[Decision],
) -> Design:
    """Make form type and paper of what a person decided; raises as ``designs.change``, and ``Refused``."""
    require(actor, designs.ACT)
    office.store.require_no_write("adopting a blank form")
    payload = {
        "docx": base64.b64encode(office.files.get(design.blank_sha)).decode(),
        "known": remembered(office.catalogue.all()),
        "series": series,
        "title": title,
        "decisions": [asdict(one) for one in decisions],
        "added": design.proposals.get("added", []),
    }
    try:
        made = confined.run("adopt", payload)
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    paper = office.files.put(base64.b64decode(made["docx"]))
    return designs.change(
        office, actor, design.id, revision, "adopted", writing.tree(made["yaml"]), paper_sha=paper
    )


def add(office: Office, actor: Account, design: Design, revision: int, place: str) -> Design:
    """One more proposal, at a place where there was none; raises as ``designs.change``, and ``Refused``."""
    require(actor, designs.ACT)
    office.store.require_no_write("reading a blank form")
    added = [*design.proposals.get("added", []), place]
    payload = {
        "docx": base64.b64encode(office.files.get(design.blank_sha)).decode(),
        "known": remembered(office.catalogue.all()),
        "added": added,
    }
    try:
        found = confined.run("blank", payload)
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    found["told"] = design.proposals["told"]
    found.pop("docx")
    marked = office.files.put(base64.b64decode(found.pop("marked")))
    kept = {"marked_sha": marked, "proposals": json.dumps(found, ensure_ascii=False)}
    return designs.propose(office, actor, design.id, revision, kept)


def _read(office: Office, data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise Refused(_("文件太大，空白表不能超过 10 MB。"))
    try:
        docx = as_docx(data, office.settings.fonts)
        dangers = inspect(docx)
        if dangers:
            raise Refused("；".join(dict.fromkeys(one.message for one in dangers[:3])))
        payload = {"docx": base64.b64encode(docx).decode(), "known": remembered(office.catalogue.all())}
        found: dict[str, Any] = confined.run("blank", payload)
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    return found
