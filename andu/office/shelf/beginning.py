"""The paper of a design: drawn, given out to be edited in Word, taken in again; and a form from nothing.

A paper that comes in is inspected and brought to rest before it is kept; never within a write.
"""

from __future__ import annotations

from flask_babel import gettext as _

from andu.formtypes.faults import FormFaults
from andu.formtypes.language import writing
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.shelf import checking, designs
from andu.office.shelf.designs import Design
from andu.papers.checks.contract import ERROR
from andu.papers.checks.examination import received
from andu.papers.drawing.drafting import draft_paper
from andu.papers.faults import PaperFault
from andu.papers.pdf.old_word import as_docx
from andu.security.accounts import Account
from andu.security.permissions import require

LARGEST = 10 * 1024 * 1024


def from_nothing(office: Office, actor: Account, title: str) -> Design:
    """A design with one field, and its paper; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    first = {"key": "matter", "kind": "text", "label": "事项", "required": "true"}
    tree = {
        "title": title,
        "group": "本单位的表",
        "filled_by": ["clerk"],
        "series": min(office.config.series),
        "record_title": ["matter"],
        "sections": [{"title": "填写内容", "fields": [first]}],
    }
    design = designs.begin(office, actor, title, yaml=writing.written(tree))
    return redraw(office, actor, design, design.revision)


def paper(office: Office, actor: Account, design: Design) -> bytes:
    """The docx of a design; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    return office.files.get(design.paper_sha)


def replace_paper(office: Office, actor: Account, design: Design, revision: int, data: bytes) -> Design:
    """Another paper for a design; raises as ``designs.change``, ``Refused`` for what may not be opened."""
    require(actor, designs.ACT)
    office.store.require_no_write("receiving a paper")
    if len(data) > LARGEST:
        raise Refused(_("文件太大，模板不能超过 10 MB。"))
    try:
        came = received(as_docx(data, office.settings.fonts))
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    if not came.passed:
        wrong = dict.fromkeys(str(one) for one in came.findings if one.severity == ERROR)
        raise Refused("；".join([*wrong][:3]))
    sha = office.files.put(came.docx)
    return designs.change(office, actor, design.id, revision, "paper_replaced", paper_sha=sha)


def redraw(office: Office, actor: Account, design: Design, revision: int) -> Design:
    """A paper drawn from the form as it is; raises as ``designs.change``, ``Refused`` for a faulty form."""
    require(actor, designs.ACT)
    try:
        docx = draft_paper(checking.form_type_of(office, design))
    except FormFaults as faults:
        raise Refused(_("表单还有错，先改好再画模板：%(what)s", what=faults.faults[0].message)) from faults
    sha = office.files.put(docx)
    return designs.change(office, actor, design.id, revision, "paper_drawn", paper_sha=sha)
