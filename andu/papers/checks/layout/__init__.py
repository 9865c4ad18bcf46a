"""The layout checker: whether a paper keeps GB/T 9704—2012, read from its docx and measured in its PDF.

``script/andu paper check`` calls it, and ``andu.office`` before a number is spent. It knows nothing of our
own templates, so it judges papers made elsewhere by the same measure. Guarantees: the findings come in a
fixed order, and no file, however odd, makes it raise: what cannot be read is itself a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import KINDS, Paper
from andu.papers.checks.layout.findings import (
    ERROR,
    PRACTICE,
    WARNING,
    Finding,
    Rule,
    has_errors,
    in_order,
    told,
)
from andu.papers.checks.layout.identifying import identified
from andu.papers.checks.layout.measures import LINE
from andu.papers.checks.layout.reading_docx import Docx, read_docx
from andu.papers.checks.layout.reading_pdf import Pdf, read_pdf
from andu.papers.checks.layout.rules import closing, heading, imprint, internal, main, page, special

__all__ = [
    "ERROR", "INTERNAL", "KINDS", "PRACTICE", "WARNING", "Checked", "Finding", "check", "check_internal",
    "checked", "has_errors", "told",
]  # fmt: skip
INTERNAL = "internal"
UNREADABLE, UNJUDGED = Rule("F0", "", ERROR), Rule("F1", "", WARNING)
Judge = Callable[[Paper], Iterator[Finding]]
OFFICIAL_RULES: Sequence[Judge] = (
    *page.RULES, *heading.RULES, *main.RULES, *closing.RULES, *imprint.RULES, *special.RULES,
    *internal.ALWAYS,
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """What was found, and as which kind it was judged (``internal``: as a form of the office's own)."""

    kind: str
    findings: list[Finding]


def check(docx: bytes, pdf: bytes, kind: str) -> list[Finding]:
    """The findings for an official document of this kind; an unknown kind is judged by the general rules.

    ``internal`` is a form of the office's own.
    """
    if kind == INTERNAL:
        return check_internal(docx, pdf)
    return checked(docx, pdf, kind if kind in KINDS else "", official=True).findings


def check_internal(docx: bytes, pdf: bytes) -> list[Finding]:
    """The findings for a form of the office's own."""
    return checked(docx, pdf, INTERNAL).findings


def last_lines(docx: bytes, pdf: bytes) -> list[str]:
    """The lines of the last paragraph of 正文 as they stand on the page; none where nobody can tell."""
    read = _read(docx, pdf, with_ink=False)
    paper = None if isinstance(read, Finding) else identified(*read)
    return [line.text for line in paper.lines(paper.body[-1])] if paper and paper.body else []


@dataclass(frozen=True)
class Signed:
    """Where 署名 stands: on which page (0: nobody can tell), how many lines the page before it left empty,
    and whether its own page, or that of the date, shows no 正文 (7.3.5.5).
    """

    page: int = 0
    left: int = 0
    lacks_text: bool = False


def signed(docx: bytes, pdf: bytes) -> Signed:
    """Where 署名 of an official document stands."""
    read = _read(docx, pdf, with_ink=False)
    if isinstance(read, Finding):
        return Signed()
    paper = identified(*read)
    pages = [line.page for each in (*paper.organs, paper.date) for line in paper.lines(each)]
    written = {line.page for each in paper.body for line in paper.lines(each)}
    lacks = bool(pages and written) and not {*pages} <= written
    return Signed(pages[0] if pages else 0, _left(paper, pages[0] - 1) if pages else 0, lacks)


def _left(paper: Paper, page: int) -> int:
    """How many lines of the text area a page has left empty at its foot."""
    shown = paper.sheet(page).lines if page else []
    foot = max((line.bottom for line in shown if line.middle < paper.bottom), default=paper.bottom)
    return int((paper.bottom - foot) / LINE)


def signature_lacks_text(docx: bytes, pdf: bytes) -> bool:
    """Whether 署名 and date stand on a page that shows no 正文 (7.3.5.5); False where nobody can tell."""
    return signed(docx, pdf).lacks_text


def checked(docx: bytes, pdf: bytes, kind: str = "", official: bool = False) -> Checked:
    """The findings, and the kind by which they were made: without one, what heading and title say.

    A paper without any heading of an official document is judged as internal, unless it is said to be one.
    """
    read = _read(docx, pdf, with_ink=kind != INTERNAL)
    if isinstance(read, Finding):
        return Checked(kind, [read])
    paper = identified(*read, "" if kind == INTERNAL else kind)
    if kind == INTERNAL or not (official or kind or paper.is_official):
        return Checked(INTERNAL, _judged(paper, internal.RULES))
    return Checked(paper.kind, _judged(paper, OFFICIAL_RULES))


def _read(docx: bytes, pdf: bytes, with_ink: bool) -> tuple[Docx, Pdf] | Finding:
    # a stranger's file can be broken in more ways than can be listed: the clerk gets an answer to each
    try:
        read = read_docx(docx)
    except Exception:
        return UNREADABLE.broken(_("文件不是完好的docx，读不出来"))
    try:
        return read, read_pdf(pdf, with_ink)
    except Exception:
        return UNREADABLE.broken(_("PDF读不出来，不能核对版式"))


def _judged(paper: Paper, rules: Sequence[Judge]) -> list[Finding]:
    return in_order(finding for rule in rules for finding in _by(rule, paper))


def _by(rule: Judge, paper: Paper) -> list[Finding]:
    try:
        return list(rule(paper))
    except Exception as error:
        # the other rules still speak; what this one could not judge is said, not passed over
        name = f"{rule.__name__}: {type(error).__name__}"
        return [UNJUDGED.broken(_("有一项没有核对成，请人工核对"), found=name)]
