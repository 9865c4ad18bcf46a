"""Editions: a form type with its paper, frozen under one id. Owns tables ``form_version``, ``paper_proof``.

What was published in the browser (``published``) is in force as it was published. A form type that never
was comes from its files, and follows them. A draft follows the edition in force; a record keeps the edition
it was submitted with, so that a change of the form or of the paper never alters what somebody has already
signed. Guarantees: an edition is stored only after its paper was repaired, passed the examination and was
printed with the samples of its form (``papers.checks.examination``), so no clerk ever meets a fault of a
template. That it was printed, and by which LibreOffice, is kept: the next start prints nothing. While the
newest fails, the latest that passed stays in force; without one, the form is not offered.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from andu.clock import stamp
from andu.formtypes.definition import FormType
from andu.formtypes.language.reading import LANGUAGE, read_text
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.papers.checks import contract, proof
from andu.papers.checks.contract import ERROR, WARNING, Finding
from andu.papers.checks.examination import Paper, examined, printed, received
from andu.papers.pdf import engine
from andu.store import verbs

log = logging.getLogger("andu")


@dataclass(frozen=True)
class Edition:
    """A form type and the hash of the docx template that belongs to it."""

    id: str
    form_type: FormType
    template_sha: str


@dataclass(frozen=True)
class FormStanding:
    """How a form stands: the edition in force (None: not offered), whether it is the newest, the findings.

    ``is_retired``: its file is gone; the edition is the last there was.
    """

    edition: Edition | None
    is_newest: bool
    findings: tuple[Finding, ...]
    is_retired: bool = False


# --- what is known of papers, in this process -----------------------------------------------------

_papers: dict[Path, tuple[tuple[int, int, int], Paper, str]] = {}
"""The papers on disk as they came in, each with its hash, until the file changes (its inode, size, time)."""

_verdicts: dict[str, Paper] = {}
"""Edition id → its examined paper. An id is the hash of form and paper: the verdict is every office's."""

_again: dict[str, float] = {}
"""Edition id → when its paper may be tried again: nothing could be printed the last time."""
REST = 60.0

_read: dict[str, Edition] = {}
"""Editions by id: an id is the hash of what it names, so an edition once read is true for ever."""


# --- acts -----------------------------------------------------------------------------------------


def current(office: Office, slug: str) -> Edition:
    """The edition of a form type in force: the newest whose paper passed; stores it when it is new.

    Raises ``NotFound`` for an unknown slug and ``Refused`` when no paper of it ever passed.
    """
    edition = standing(office, slug).edition
    if edition is not None and not _is_stored(office, edition):
        office.files.put(_verdicts[edition.id].docx)
        keep(office, edition)
    if edition is None:
        title = office.catalogue.get(slug).title  # type: ignore[union-attr]  # standing() found it
        raise Refused(_("表单“%(title)s”的公文模板没有通过检查，暂时不能填写，请联系管理员。", title=title))
    return edition


def offered(office: Office) -> list[FormType]:
    """The form types that can be filled now, in the order of the catalogue."""
    there = [one.slug for one in office.catalogue.all() if one.slug not in office.catalogue.retired]
    found = [standing(office, slug).edition for slug in there]
    return [edition.form_type for edition in found if edition is not None]


def publish(office: Office) -> None:
    """Examine and store the newest edition of every form type, when the service starts; log every fault."""
    for form_type in office.catalogue.all():
        found = standing(office, form_type.slug)
        if found.edition is not None:
            current(office, form_type.slug)
        for finding in found.findings:
            level = logging.ERROR if finding.severity == ERROR else logging.WARNING
            log.log(level, _("%(slug)s.docx：%(what)s", slug=form_type.slug, what=finding))
        if found.edition is None:
            log.error(_("表单“%(title)s”没有可用的模板，暂不提供。", title=form_type.title))
        elif not found.is_newest and form_type.slug not in office.catalogue.retired:
            log.error(_("表单“%(title)s”的新版没有通过检查，仍用原来的版本。", title=form_type.title))


def standing(office: Office, slug: str) -> FormStanding:
    """How a form type stands with its paper on disk; stores nothing. ``NotFound`` for an unknown slug."""
    form_type = office.catalogue.get(slug)
    if form_type is None:
        raise NotFound(slug)
    published = office.published.editions.get(slug)
    if slug in office.catalogue.retired:
        last = get(office, published) if published else _latest(office, slug)
        return FormStanding(last, False, (Finding(WARNING, why_retired(office, slug)),), True)
    if published:
        return FormStanding(get(office, published), True, ())
    found = on_disk(office, form_type)
    if found is None:
        missing = Finding(ERROR, _("没有公文模板 %(name)s。", name=f"{slug}.docx"))
        return FormStanding(_latest(office, slug), False, (missing,))
    newest, paper = found[0], _verdict(office, *found)
    # what was mended in this file is told too, where another came to the same paper without it
    findings = tuple(dict.fromkeys((*found[1].findings, *paper.findings)))
    if not paper.passed:
        return FormStanding(_latest(office, slug), False, findings)
    return FormStanding(newest, True, findings)


def why_retired(office: Office, slug: str) -> str:
    """Why no new draft of a form type is begun or handed in: its file is gone. Empty where it is there."""
    if slug not in office.catalogue.retired:
        return ""
    title = office.catalogue.get(slug).title  # type: ignore[union-attr]  # what is retired is known
    return _(
        "“%(title)s”这种表单已经停用，不再新填、提交。已提交的材料照旧签字、取号、查看；草稿可以打印校对单留存，或者删除。",
        title=title,
    )


def get(office: Office, edition_id: str) -> Edition:
    """The edition of this id, as it was when it was in force; ``NotFound`` when there is none."""
    if edition_id not in _read:
        _read[edition_id] = _edition(office, edition_id)
    return _read[edition_id]


# --- papers and verdicts --------------------------------------------------------------------------


def on_disk(office: Office, form_type: FormType) -> tuple[Edition, Paper] | None:
    """A form type with its paper as it lies in the folder of papers now; None where there is none."""
    path = office.settings.templates / f"{form_type.slug}.docx"
    try:
        state = path.stat()
        key = (state.st_ino, state.st_size, state.st_mtime_ns)
        if path not in _papers or _papers[path][0] != key:
            paper = received(path.read_bytes())
            _papers[path] = (key, paper, hashlib.sha256(paper.docx).hexdigest())
    except OSError:
        return None
    _key, paper, template_sha = _papers[path]
    return Edition(id_of(form_type, template_sha), form_type, template_sha), paper


def id_of(form_type: FormType, template_sha: str) -> str:
    """The id of an edition: the hash of what it names."""
    return hashlib.sha256(f"{form_type.version}:{template_sha}".encode()).hexdigest()


def _verdict(office: Office, edition: Edition, paper: Paper) -> Paper:
    if edition.id in _again and _again[edition.id] < time.monotonic():
        del _verdicts[edition.id], _again[edition.id]
    if edition.id not in _verdicts:
        if _is_stored(office, edition) and _is_proven(office, edition):
            # it passed when it was stored; only its warnings are still to be told
            found = contract.check(edition.form_type, paper.docx)
            _verdicts[edition.id] = Paper(paper.docx, (*paper.findings, *found))
        else:
            _examine_all(office)
    return _verdicts[edition.id]


def _examine_all(office: Office) -> None:
    """Examine every paper nobody has examined yet, together: a child process takes a second to start."""
    office.store.require_no_write("examining papers")
    waiting: dict[str, tuple[Edition, FormType, Paper]] = {}
    for form_type in office.catalogue.all():
        found = None if form_type.slug in office.published.editions else on_disk(office, form_type)
        if found is not None:
            edition, paper = found
            if edition.id not in _verdicts:
                waiting[edition.id] = (edition, form_type, paper)
    new = {key: one[1:] for key, one in waiting.items() if not _is_stored(office, one[0])}
    # an edition of before its paper was printed, or of another LibreOffice: it passed all but that
    old = {key: one[1:] for key, one in waiting.items() if key not in new and not _is_proven(office, one[0])}
    judged = dict(zip(new, examined(list(new.values()), office.many), strict=True))
    if office.many:
        judged |= zip(old, printed(list(old.values()), office.many), strict=True)
    for key, paper in judged.items():
        if not paper.is_proven:
            _again[key] = time.monotonic() + REST
            judged[key] = Paper(paper.docx, _as_advice(paper.findings)) if key in old else paper
        elif paper.passed and office.many:
            _note_proof(office, key)
    _verdicts.update(judged)


def _as_advice(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """What keeps a new edition out is only said of one that has been in force."""
    return tuple(replace(one, severity=WARNING) for one in findings)


def _is_proven(office: Office, edition: Edition) -> bool:
    """Its paper was printed and looked through by this LibreOffice, or papers are not printed here."""
    row = office.store.get("paper_proof", edition.id)
    return office.many is None or (row is not None and row["by"] == _prover())


def _prover() -> str:
    return f"{proof.VERSION} {engine()}"


def _note_proof(office: Office, edition_id: str) -> None:
    with office.store.write():
        office.store.bind()
        row = {"by": _prover(), "at": stamp(office.clock.now())}
        if office.store.get("paper_proof", edition_id):
            office.store.update("paper_proof", edition_id, row)
        else:
            office.store.insert("paper_proof", {"id": edition_id, **row})


# --- rows -----------------------------------------------------------------------------------------


def _is_stored(office: Office, edition: Edition) -> bool:
    return office.store.get("form_version", edition.id) is not None


def _latest(office: Office, slug: str) -> Edition | None:
    """The newest edition of a form type that was ever stored: it passed then."""
    newest_first = f"created_at DESC, {verbs.row_order('form_version')} DESC"
    rows = office.store.rows_where("form_version", "slug = ?", [slug], order_by=newest_first, limit=1)
    return get(office, rows[0]["id"]) if rows else None


def keep(office: Office, edition: Edition) -> None:
    """Store an edition that has passed, if it is new; its docx lies among the files already."""
    with office.store.write():
        if not _is_stored(office, edition):
            office.store.bind()
            office.store.insert(
                "form_version",
                {
                    "id": edition.id,
                    "slug": edition.form_type.slug,
                    "yaml": edition.form_type.source,
                    "template_sha": edition.template_sha,
                    "created_at": stamp(office.clock.now()),
                    "language": LANGUAGE,
                },
            )


def _edition(office: Office, edition_id: str) -> Edition:
    row = office.store.get("form_version", edition_id)
    if row is None:
        raise NotFound(edition_id)
    if row["language"] > LANGUAGE:
        raise Refused(_("这份表单是用更新版本的案牍做的，请先升级再打开。"))
    newest = office.catalogue.get(row["slug"])
    if newest is not None and newest.source == row["yaml"]:
        return Edition(edition_id, newest, row["template_sha"])
    return Edition(edition_id, read_text(row["yaml"], row["slug"]), row["template_sha"])
