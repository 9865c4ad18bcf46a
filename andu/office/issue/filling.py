"""Filling papers for the office: the one way from a matter to docx bytes, for previews and for filing.

Before a record is handed in, and again before a number is spent, ``try_out`` makes the whole paper with a
placeholder number, PDF and all, and has an official document judged. ``fill`` needs only a template's hash
and a context, so that a filed paper can be made again, byte for byte, from its frozen snapshot.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import editions, events, records
from andu.office.errors import NotPrinted, NotYet, Refused, WrongLayout
from andu.office.events import Signature
from andu.office.issue import numbering, snapshot
from andu.office.issue.snapshot import Matter
from andu.office.office import Office
from andu.office.records import Record
from andu.office.turns import slots
from andu.papers.checks.contract import INTERNAL
from andu.papers.checks.layout import ERROR, WARNING, Finding
from andu.papers.checks.printed import Lack, Unreadable, label_of
from andu.papers.checks.reread import reread
from andu.papers.faces import dressed, labelled, unprintable
from andu.papers.fitting import Fit, fit, fit_form, fitted
from andu.papers.pdf import PdfFault, mark_draft
from andu.papers.pdf.fonts import faces_gone
from andu.papers.pdf.waiting import TooMany
from andu.papers.template import PaperFault, compile_template
from andu.security.accounts import Account

MOST_ERRORS = 5
FIT = "fit"
"""Where a frozen context keeps how an official document was made to fit its pages."""
ANYBODY = Signature("", 0, "", name="某某某", post="某职务", unit="某单位", opinion="", at="")
"""Who stands in the slots that nobody has signed yet, on a paper made only to be judged."""
log = logging.getLogger(__name__)


def fill(office: Office, template_sha: str, context: Mapping[str, Any]) -> bytes:
    """The docx of a context, read again strictly. The same input gives the same bytes; ``PaperFault``."""
    template = compile_template(office.files.get(template_sha))
    docx = fitted(template.fill(dict(context)), Fit(**context.get(FIT, {})))
    docx = dressed(docx, context.get(snapshot.FACES, {}))
    reread(docx, template, context)
    return docx


def matter_of(office: Office, record: Record) -> Matter:
    """What a record's paper is about, with the signatures that count now."""
    (kept,) = office.store.rows_where(
        "record_version", "record_id = ? AND version = ?", [record.id, record.version]
    )
    happened, form_type = events.of(office, record.id), records.form_type_of(office, record)
    return Matter(
        form_type=form_type,
        values=record.values,
        author_id=record.author_id,
        unit_id=record.unit_id,
        submitted_at=record.updated_at if record.version > 1 else record.created_at,
        signed=[one for one in events.signatures(happened) if one.voided is None],
        code=record.code,
        check_code=snapshot.check_code(record.id, record.version, kept["data_hash"]),
        rule=slots.rule_of(form_type, events.rule(happened)),
    )


def _try(office: Office, matter: Matter, template_sha: str, number: str) -> bytes:
    context = snapshot.context(office, matter, number)
    _refuse_unprintable(office, matter, context)
    try:
        return fill(office, template_sha, context)
    except PaperFault as fault:
        raise Refused(_("公文模板填不出来，请联系管理员：%(why)s", why=str(fault))) from fault


def _refuse_unprintable(office: Office, matter: Matter, context: Mapping[str, Any]) -> None:
    """Raise ``NotPrinted`` for each value with a character that no face of this machine has."""
    found = {}
    for key, said in context.items():
        lost = unprintable(office.settings.fonts, said) if key != snapshot.FACES else ()
        if lost:
            words = {"label": label_of(matter.form_type, (key,)) or key, "lost": labelled(lost)}
            found[key] = _(
                "“%(label)s”里的%(lost)s印不出来：本机没有能印它的字体。请换一个写法，或者请管理员安装含有它的字体。",
                **words,
            )
    if found:
        raise NotPrinted(found)


def _refuse_other_faces(office: Office, matter: Matter) -> None:
    """No official document is numbered in another face than the standard's (GB/T 9704—2012, 5.2.2)."""
    gone = faces_gone(office.settings.fonts) if matter.form_type.paper != INTERNAL else []
    if gone:
        raise Refused(
            _(
                "本机缺少公文字体（%(names)s），公文暂不编号。请管理员重新运行 script/setup。",
                names="、".join(gone),
            )
        )


@dataclass(frozen=True)
class Tried:
    """A paper that was made only to be judged: how it fits its pages, and what the checker advises."""

    way: Fit
    remarks: tuple[Finding, ...] = ()


def try_out(office: Office, matter: Matter, template_sha: str) -> Tried:
    """Make the whole paper as if all had signed: no fault may appear after a number is spent.

    Raises ``Refused`` when it cannot be filled or breaks what the standard lays down, its kind ``NotPrinted``
    when the print does not show every value, and ``PdfFault``.
    """
    _refuse_other_faces(office, matter)
    number = numbering.expected(office, matter.form_type.series)
    signed = _as_if_signed(office, matter)
    return _once(office, _try(office, signed, template_sha, number), signed, template_sha, number)


def _once(office: Office, docx: bytes, matter: Matter, template_sha: str, number: str) -> Tried:
    """The judgement of a paper; that of the same bytes, made a moment ago, holds."""
    key = (
        hashlib.sha256(docx).hexdigest(),
        matter.form_type.paper,
        office.judge,
        office.lacking,
        office.to_pdf,
    )
    if key not in _passed:
        _passed[key] = _judged(office, docx, matter, template_sha, number)
        while len(_passed) > MOST_PASSED:
            _passed.pop(next(iter(_passed)), None)
    return _passed[key]


_passed: dict[tuple[object, ...], Tried] = {}
"""Papers that were judged and passed, by their bytes and by who judged them."""
MOST_PASSED = 32


def _judged(office: Office, docx: bytes, matter: Matter, template_sha: str, number: str) -> Tried:
    as_filled = docx
    docx, pdf, way = _fitting(docx, matter, office.to_pdf)
    shows = _Shows(office, matter, template_sha, number)
    if matter.form_type.paper == INTERNAL:
        return _whole(office, as_filled, (docx, pdf, way), shows)
    shows.refuse(pdf)
    found = office.judge(docx, pdf, matter.form_type.paper)
    errors = [one for one in found if one.severity == ERROR]
    if errors:
        raise WrongLayout(errors[:MOST_ERRORS])
    return Tried(way, tuple(one for one in found if one.severity == WARNING)[:MOST_ERRORS])


def _whole(office: Office, as_filled: bytes, made: tuple[bytes, bytes, Fit], shows: _Shows) -> Tried:
    """An internal paper as it was made to fit; with rows that may break, where a row is lost otherwise."""
    docx, pdf, way = made
    found = _errors(office, docx, pdf)
    if found or shows.lacks(pdf):
        loose = replace(way, loose=True)
        docx = fitted(as_filled, loose)
        its_pdf = office.to_pdf(docx)
        still = _errors(office, docx, its_pdf)
        if (len(shows.lacks(its_pdf)), len(still)) < (len(shows.lacks(pdf)), len(found)):
            found, way, pdf = still, loose, its_pdf
    shows.refuse(pdf)
    return Tried(way, found)


class _Shows:
    """Whether the prints of one paper show all its values."""

    def __init__(self, office: Office, matter: Matter, template_sha: str, number: str) -> None:
        self._office, self._form_type = office, matter.form_type
        self._template = compile_template(office.files.get(template_sha))
        self._context = snapshot.context(office, matter, number)
        self._found: dict[bytes, list[Lack]] = {}

    def lacks(self, pdf: bytes) -> list[Lack]:
        """What this print does not show. Raises ``PdfFault`` where it cannot be read."""
        if pdf not in self._found:
            try:
                self._found[pdf] = self._office.lacking(self._template, self._context, pdf)
            except Unreadable as fault:
                raise PdfFault(_("生成的PDF读不出来，不能核对内容")) from fault
        return self._found[pdf]

    def refuse(self, pdf: bytes) -> None:
        """Raise ``NotPrinted`` with every value that is not wholly there."""
        said: dict[str, list[str]] = {}
        for lack in self.lacks(pdf):
            key = lack.path[0] if lack.path else ""
            said.setdefault(key, []).append(lack.told(label_of(self._form_type, lack.path)))
        if said:
            raise NotPrinted({key: _ending("；".join(each[:MOST_ERRORS])) for key, each in said.items()})


def _ending(words: str) -> str:
    return _("%(what)s。请改短或改写这项内容；改了也不行的，请管理员检查模板。", what=words)


def _errors(office: Office, docx: bytes, pdf: bytes) -> tuple[Finding, ...]:
    found = [one for one in office.judge(docx, pdf, INTERNAL) if one.severity == ERROR]
    return tuple(found[:MOST_ERRORS])


def _as_if_signed(office: Office, matter: Matter) -> Matter:
    done, at = {one.slot for one in matter.signed}, stamp(office.clock.now())
    left = slots.wanted(matter.form_type, matter.rule, done).slots
    anybody = [replace(ANYBODY, slot=slot.key, opinion=slot.opinion_default, at=at) for slot in left]
    return replace(matter, signed=[*matter.signed, *anybody])


def _made(
    office: Office, matter: Matter, template_sha: str, number: str, to_pdf: Callable[[bytes], bytes]
) -> tuple[bytes, bytes, Fit]:
    """A paper with a number that is not given yet, its PDF, and how it fits its pages."""
    return _fitting(_try(office, matter, template_sha, number), matter, to_pdf)


def _fitting(docx: bytes, matter: Matter, to_pdf: Callable[[bytes], bytes]) -> tuple[bytes, bytes, Fit]:
    return (fit_form if matter.form_type.paper == INTERNAL else fit)(docx, to_pdf)


def preview_record(office: Office, actor: Account, record_id: str) -> bytes:
    """The paper of a record that has no number yet, as PDF, marked as a draft.

    Raises ``NotFound``, and ``Refused`` once it has its number.
    """
    record = records.get(office, actor, record_id)
    if not record.may_change:
        raise Refused(_("这份材料已经编号，请打开已归档的文书。"))
    return as_draft(office, actor, record)


def as_draft(office: Office, actor: Account, record: Record) -> bytes:
    """The paper of a record as it now stands, as PDF, marked as a draft.

    Raises ``Refused``, and ``NotYet`` while the actor has too many papers under way.
    """
    edition = editions.get(office, record.form_version)
    return as_draft_pdf(office, actor, matter_of(office, record), edition.template_sha)


def as_draft_pdf(office: Office, actor: Account, matter: Matter, template_sha: str) -> bytes:
    """A matter's paper as PDF, marked as a draft, its number left open; raises as ``as_draft`` does."""
    number, to_pdf = (
        snapshot.placeholder_number(office, matter.form_type),
        partial(office.to_pdf, asked_by=actor.id),
    )
    try:
        _docx, pdf, _way = _made(office, matter, template_sha, number, to_pdf)
        return mark_draft(pdf)
    except TooMany as fault:
        raise NotYet(str(fault)) from fault
    except PdfFault as fault:
        raise Refused(_("预览没有生成：%(why)s", why=str(fault))) from fault
