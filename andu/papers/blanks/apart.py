"""Reading and adopting a stranger's blank form in a confined child: what goes in and out is plain JSON.

``read`` and ``adopt`` are the tasks ``blank`` and ``adopt`` of ``papers.checks.confined``.
"""

from __future__ import annotations

import base64
from typing import Any

from lxml import etree

from andu.papers.blanks import adopting, free, marking, of_page
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.model import BLANK, blocks, opened
from andu.papers.checks import rest
from andu.papers.template.package import read_package, write_package


def read(payload: dict[str, Any]) -> dict[str, Any]:
    """What a form asks: ``{"docx", "known", "added"}`` to the reading, the docx at rest and the same with its
    places numbered. ``PaperFault`` for what is no Word document.
    """
    docx, told = rest.bring_to_rest(base64.b64decode(payload["docx"]))
    root = opened(docx)
    page = blocks(root)
    reading = of_page(page, payload["known"])
    reading.fields += [free.blank_at(page, name) for name in payload.get("added", ())]
    open_places = free.places(page, reading.fields)
    beside = [{"choices": adopting.choices_of(one), "replaces": _replaced(one)} for one in reading.fields]
    marking.mark(root, reading.fields, [one.blank for one in open_places])
    parts = read_package(docx)
    parts[adopting.DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    found = reading.as_data()
    for one, more in zip(found["fields"], beside, strict=True):
        one |= more
    return found | {
        "free": [{"name": one.name, "words": one.words} for one in open_places],
        "added": list(payload.get("added", ())),
        "told": told,
        "docx": base64.b64encode(docx).decode(),
        "marked": base64.b64encode(write_package(parts)).decode(),
    }


def _replaced(blank: Blank) -> str:
    """The words of the page that an answer takes the place of."""
    spot = blank.spot or Spot()
    text = "".join(line.text for line in spot.lines)[spot.start : spot.end]
    if spot.cell is not None and blank.drawn not in ("box", "list"):
        text = spot.cell.text
    return "" if blank.filled else text.replace(BLANK, "＿").strip()[:60]


def adopt(payload: dict[str, Any]) -> dict[str, str]:
    """The form type and its paper of ``{"docx", "known", "series", "title", "decisions"}``."""
    decisions = [adopting.Decision.of(one) for one in payload["decisions"]]
    text, docx, _reading = adopting.adopt(
        base64.b64decode(payload["docx"]),
        payload["known"],
        payload["series"],
        decisions,
        payload["title"],
        payload.get("added", ()),
    )
    return {"yaml": text, "docx": base64.b64encode(docx).decode()}
