"""The paper of a record as pictures, one a page, so that it can be read where no PDF viewer is.

Made from the filed PDF, or while there is none from the preview; kept in a cache under the hash of what
they show, so that each paper is drawn once whichever worker is asked.
"""

from __future__ import annotations

import hashlib
import json
import logging

from andu.office import editions
from andu.office.books import register
from andu.office.errors import NotFound, NotYet, Refused
from andu.office.issue import filling, snapshot
from andu.office.office import Office
from andu.office.records import Record
from andu.papers.pdf import PdfFault, mark_void, pictures
from andu.security.accounts import Account
from andu.store import Altered, Missing
from andu.store.cache import Cache

DPI = 110
log = logging.getLogger(__name__)


def _cache(office: Office) -> Cache:
    return Cache(office.settings.instance / "cache")


def _key(office: Office, actor: Account, record: Record) -> tuple[str, str | None]:
    """The name of the pictures in the cache, and the hash of the filed PDF if there is one."""
    entry = register.of_record(office, actor, record.id)
    if entry is not None and entry.pdf_sha:
        return f"{entry.pdf_sha}-void" if entry.state == "voided" else entry.pdf_sha, entry.pdf_sha
    matter = filling.matter_of(office, record)
    context = snapshot.context(office, matter, snapshot.placeholder_number(office, matter.form_type))
    template_sha = editions.get(office, record.form_version).template_sha
    said = json.dumps([record.id, template_sha, context], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest(), None


def _draw(office: Office, actor: Account, record: Record, pdf_sha: str | None) -> list[bytes]:
    pdf = office.files.get(pdf_sha) if pdf_sha else filling.as_draft(office, actor, record)
    return pictures(mark_void(pdf) if pdf_sha and record.state == "voided" else pdf, DPI)


def known(office: Office, actor: Account, record: Record) -> int:
    """How many pages are drawn already; 0 while they are not. Draws nothing."""
    found = _cache(office).get(f"{_key(office, actor, record)[0]}.pages")
    return int(found) if found is not None else 0


def count(office: Office, actor: Account, record: Record) -> int:
    """How many pages the paper has; draws them if need be. 0 when it cannot be drawn.

    Raises ``NotYet`` while the actor has too many papers under way.
    """
    key, pdf_sha = _key(office, actor, record)
    known = _cache(office).get(f"{key}.pages")
    if known is not None:
        return int(known)
    try:
        drawn = _draw(office, actor, record, pdf_sha)
    except NotYet:
        raise
    except (PdfFault, Refused, Missing, Altered) as fault:
        log.warning("the paper of %s cannot be drawn: %s", record.id, fault)
        return 0
    for number, picture in enumerate(drawn, 1):
        _cache(office).put(f"{key}-{number}.png", picture)
    _cache(office).put(f"{key}.pages", str(len(drawn)).encode())
    return len(drawn)


def page(office: Office, actor: Account, record: Record, number: int) -> bytes:
    """One page as PNG, counted from 1; raises ``NotFound``."""
    if not 1 <= number <= count(office, actor, record):
        raise NotFound(number)
    key, pdf_sha = _key(office, actor, record)
    found = _cache(office).get(f"{key}-{number}.png")
    return found if found is not None else _draw(office, actor, record, pdf_sha)[number - 1]
