"""Editions: a form type together with its paper, frozen under one id. Owns table ``form_version``.

A draft follows the newest edition; a record keeps the edition it was submitted with, so that a change
of the form or of the paper never alters what somebody has already signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.definition import FormType
from andu.formtypes.reading import read_text
from andu.office.errors import NotFound, Refused
from andu.office.office import Office


@dataclass(frozen=True)
class Edition:
    """A form type and the hash of the docx template that belongs to it."""

    id: str
    form_type: FormType
    template_sha: str


def current(office: Office, slug: str) -> Edition:
    """The newest edition of a form type; stores it when it is new.

    Raises ``NotFound`` for an unknown slug and ``Refused`` when its paper is missing.
    """
    form_type = office.catalogue.get(slug)
    if form_type is None:
        raise NotFound(slug)
    paper = office.settings.templates / f"{slug}.docx"
    if not paper.exists():
        raise Refused(_("表单“%(title)s”还没有公文模板，请联系管理员。", title=form_type.title))
    template = paper.read_bytes()
    template_sha = hashlib.sha256(template).hexdigest()
    edition_id = hashlib.sha256(f"{form_type.version}:{template_sha}".encode()).hexdigest()
    if office.store.get("form_version", edition_id) is None:
        office.files.put(template)
        _keep(office, edition_id, form_type, template_sha)
    return Edition(edition_id, form_type, template_sha)


def publish(office: Office) -> None:
    """Store the newest edition of every form type, when the service starts."""
    for form_type in office.catalogue.all():
        if (office.settings.templates / f"{form_type.slug}.docx").exists():
            current(office, form_type.slug)


def _keep(office: Office, edition_id: str, form_type: FormType, template_sha: str) -> None:
    with office.store.write():
        if office.store.get("form_version", edition_id) is None:
            office.store.insert(
                "form_version",
                {
                    "id": edition_id,
                    "slug": form_type.slug,
                    "yaml": form_type.source,
                    "template_sha": template_sha,
                    "created_at": stamp(office.clock.now()),
                },
            )


# An id is the hash of what it names, so an edition once read is true for ever and for every office.
_read: dict[str, Edition] = {}


def get(office: Office, edition_id: str) -> Edition:
    """The edition of this id, as it was when it was in force; ``NotFound`` when there is none."""
    if edition_id not in _read:
        _read[edition_id] = _edition(office, edition_id)
    return _read[edition_id]


def _edition(office: Office, edition_id: str) -> Edition:
    row = office.store.get("form_version", edition_id)
    if row is None:
        raise NotFound(edition_id)
    newest = office.catalogue.get(row["slug"])
    if newest is not None and newest.source == row["yaml"]:
        return Edition(edition_id, newest, row["template_sha"])
    return Edition(edition_id, read_text(row["yaml"], row["slug"]), row["template_sha"])
