"""What ships with the program, offered to an office that has gone its own way with a form type.

The office's edition stays in force; what the files would change is shown, and becomes a design when an admin
wants it. What has been an edition here before is offered no more.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from andu.formtypes.faults import FormFaults
from andu.formtypes.language import writing
from andu.formtypes.language.reading import read_form
from andu.office import editions
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.shelf import designs
from andu.office.shelf.designs import Design
from andu.security.accounts import Account
from andu.security.permissions import require


@dataclass(frozen=True)
class Offer:
    """A form type as it lies in its files, its paper, and the lines that differ from what is in force."""

    text: str
    paper: bytes
    changes: Sequence[str]
    is_other_paper: bool


def offer(office: Office, slug: str) -> Offer | None:
    """What the files say of a form type that the office published itself; None where it is nothing new."""
    published = office.published.editions.get(slug)
    path = office.settings.forms / f"{slug}.yaml"
    if published is None or not path.exists():
        return None
    try:
        form_type = read_form(path, set(office.config.series))
    except FormFaults:
        return None
    found = editions.on_disk(office, form_type)
    if found is None or not found[1].passed or office.store.get("form_version", found[0].id):
        return None
    now = editions.get(office, published)
    was, new = (writing.written(writing.tree(one.source)) for one in (now.form_type, form_type))
    lines = difflib.unified_diff(was.splitlines(), new.splitlines(), lineterm="", n=1)
    changes = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    return Offer(form_type.source, found[1].docx, changes, found[0].template_sha != now.template_sha)


def take(office: Office, actor: Account, slug: str) -> Design:
    """A design of what is offered; raises ``NotAllowed``, ``NotFound``."""
    require(actor, designs.ACT)
    found, form_type = offer(office, slug), office.catalogue.get(slug)
    if found is None or form_type is None:
        raise NotFound(slug)
    paper = office.files.put(found.paper)
    based_on = office.published.editions[slug]
    return designs.begin(
        office, actor, form_type.title, slug, yaml=found.text, paper_sha=paper, based_on=based_on
    )
