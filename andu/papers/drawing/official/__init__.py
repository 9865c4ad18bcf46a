"""The starting paper of an official document (公文): GB/T 9704—2012, of which each part names its clause.

Called by ``drafting`` for every form type whose paper is not internal. It lays out the elements whose
fields the form has, by their keys (``ELEMENTS``), in the manner of the form's kind: 报告 and 请示 go upward
and name who signed, 函 is a letter, 纪要 the record of a meeting, and a form with ``co_issuers`` is issued by
several organs. What is guaranteed about positions stands in the modules beside this one; the tests measure
it in the PDF.
"""

from __future__ import annotations

from collections.abc import Mapping

from andu.formtypes.definition import Field, FormType
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.official import body, heading, letter
from andu.papers.drawing.official.body import ADDRESSEES, ISSUED
from andu.papers.drawing.official.closing import closing
from andu.papers.drawing.official.imprint import folio, imprint, letter_imprint
from andu.papers.drawing.official.measures import LINE, PAGE
from andu.papers.drawing.ooxml import PageSetup

URGENCY, MASTHEAD, CO_ISSUERS = "urgency", "masthead", "co_issuers"
TITLE, BODY, ATTACHMENTS = "title", "body", "attachments"
NOTE, CC, PRINT_ORGAN, PRINTED_ON = "note", "cc", "print_organ", "printed_on"
ELEMENTS = (
    *(URGENCY, MASTHEAD, CO_ISSUERS, TITLE, ADDRESSEES, *body.MEETING, BODY, *body.ATTENDANCE, ISSUED),
    *(ATTACHMENTS, NOTE, CC, PRINT_ORGAN, PRINTED_ON),
)
"""Keys by which an official form names the elements of clause 7; ``issued`` and ``attachments`` are tables
with the columns title and text."""

UPWARD, LETTER, MINUTES = ("报告", "请示"), "函", "纪要"
SIGNER = "approve"
"""The signature slot whose name is printed as 签发人 on a document that goes upward."""

Fields = Mapping[str, Field]


def draft_official(form_type: FormType) -> bytes:
    """The docx to start from, with those elements for which the form has a field."""
    fields = {field.key: field for field in form_type.fields if field.printed and not field.confidential}
    text = _opening(form_type, fields) + _text(form_type, fields) + _foot(form_type, fields)
    title = "{{ title|one_line }}" if TITLE in fields else "{{ form_title }} {{ number }}"
    page, headers, footers = _page(form_type)
    return document(text, page, footers, title, headers)


def _page(form_type: FormType) -> tuple[PageSetup, Mapping[str, str], Mapping[str, str]]:
    if form_type.paper == LETTER:
        return letter.LETTER_PAGE, letter.letter_headers(), letter.letter_footers()
    return PAGE, {}, {"default": folio("right"), "even": folio("left")}


def _opening(form_type: FormType, fields: Fields) -> str:
    """Everything above the title."""
    if form_type.paper == LETTER:
        return letter.letter_number(URGENCY in fields)
    upward = form_type.paper in UPWARD and SIGNER in {slot.key for slot in form_type.signatures.slots}
    line = heading.upward_line(SIGNER) if upward else heading.number_line()
    return heading.urgency(URGENCY in fields) + _mark(fields) + line


def _mark(fields: Fields) -> str:
    if CO_ISSUERS in fields:
        return heading.joint_mark()
    return heading.mark(MASTHEAD) if MASTHEAD in fields else heading.mark("issuer_name", "文件")


def _text(form_type: FormType, fields: Fields) -> str:
    """标题 to 附注. Fields that are no elements follow the text."""
    minutes = form_type.paper == MINUTES
    elements = set(ELEMENTS) - (set() if minutes else {*body.MEETING, *body.ATTENDANCE})
    others = [field for key, field in fields.items() if key not in elements]
    return (
        (body.title(CO_ISSUERS in fields) if TITLE in fields else "")
        + body.addressees(fields.get(ADDRESSEES))
        + (_labelled(body.MEETING, fields) if minutes else "")
        + (body.levels(BODY, ends=not minutes and not others) if BODY in fields else "")
        + body.others(others, ends=not minutes)
        + (body.attachment_list() if ATTACHMENTS in fields else "")
        + (_labelled(body.ATTENDANCE, fields, LINE) if minutes else "")
        + closing(not minutes, CO_ISSUERS in fields, NOTE in fields)
    )


def _labelled(labels: Mapping[str, str], fields: Fields, before: int = 0) -> str:
    """Those of the elements that the form has, the first this far below what is above."""
    there = [key for key in labels if key in fields]
    return "".join(body.labelled(key, labels[key], before if key == there[0] else 0) for key in there)


def _foot(form_type: FormType, fields: Fields) -> str:
    """What the document issues, the 附件 and 版记."""
    pages = body.issued_pages() if ISSUED in fields else ""
    pages += body.attachment_pages() if ATTACHMENTS in fields else ""
    if form_type.paper == LETTER:
        return pages + letter_imprint(CC in fields)
    return pages + imprint(CC in fields, PRINT_ORGAN in fields, PRINTED_ON in fields)
