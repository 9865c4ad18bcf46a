"""The examination of papers before they are published: inspected, repaired, held against forms, printed.

Called by ``office.issue.editions``, ``script/andu paper contract`` and ``forms check``: one way for all. The
file of a stranger is inspected first; only then are its tags repaired, and whatever compiles or fills it runs
in a confined child, several papers to one. Guarantees: no fault of a paper raises, each is a finding.
"""

from __future__ import annotations

import contextvars
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.papers.checks import confined, contract, proof, rest
from andu.papers.checks.contract import ERROR, WARNING, Finding, has_errors
from andu.papers.checks.inspection import inspect
from andu.papers.checks.proof import Many
from andu.papers.checks.repair import repair
from andu.papers.faults import PaperFault

log = logging.getLogger("andu")
TASK = "contract"
TOGETHER = 4
"""Papers that share one child: it takes a second to start, and has only so much time."""


@dataclass(frozen=True)
class Paper:
    """A docx with its tags repaired, and what is to be said of it. ``passed``: it may be used."""

    docx: bytes
    findings: tuple[Finding, ...] = ()
    is_proven: bool = True
    """False: nothing is known to be wrong with it, but it could not be printed to be looked at."""

    @property
    def passed(self) -> bool:
        return not has_errors(self.findings)


def received(docx: bytes) -> Paper:
    """A file as it came in: inspected, repaired and brought to rest. Nothing of it is run."""
    dangers = inspect(docx)
    if dangers:
        return Paper(docx, tuple(Finding(ERROR, danger.message) for danger in dangers))
    try:
        repaired, notes = repair(docx)
        settled, done, found = rest.settle(repaired)
    except PaperFault as fault:
        return Paper(docx, (Finding(ERROR, str(fault)),))
    except Exception:
        # what we did not think of is no reason to stop the office, nor to let a file pass
        log.exception("a template could not be brought to rest")
        return Paper(docx, (Finding(ERROR, _("文件无法检查，请用 Word 另存后再试。")),))
    found += [Finding(WARNING, _("已自动改正：%(what)s", what=note)) for note in (*notes, *done)]
    return Paper(settled, tuple(sorted(found)))


def examined(papers: Sequence[tuple[FormType, Paper]], many: Many | None = None) -> list[Paper]:
    """The papers with everything that is wrong between them and their forms, in the same order.

    With ``many`` (docx → PDF), what passes is printed too (``printed``).
    """
    judged = _with(papers, _in_children)
    forms = [form_type for form_type, _paper in papers]
    return printed(list(zip(forms, judged, strict=True)), many) if many else judged


def printed(papers: Sequence[tuple[FormType, Paper]], many: Many) -> list[Paper]:
    """The papers with what their prints do not show; not ``is_proven`` where nothing can be printed."""
    try:
        return _with(papers, lambda sound: proof.proven([(form, one.docx) for form, one in sound], many))
    except proof.Unproven as fault:
        said = Finding(ERROR, _("模板还没有试印，暂不启用：%(why)s", why=str(fault)))
        return [
            Paper(paper.docx, (*paper.findings, said), is_proven=False) if paper.passed else paper
            for _form_type, paper in papers
        ]


def _with(
    papers: Sequence[tuple[FormType, Paper]],
    judge: Callable[[Sequence[tuple[FormType, Paper]]], list[list[Finding]]],
) -> list[Paper]:
    """The papers with the findings of this judge, who sees only what has passed so far."""
    found = iter(judge([(form_type, paper) for form_type, paper in papers if paper.passed]))
    return [
        Paper(paper.docx, tuple(sorted({*paper.findings, *next(found)}))) if paper.passed else paper
        for _form_type, paper in papers
    ]


def _in_children(papers: Sequence[tuple[FormType, Paper]]) -> list[list[Finding]]:
    """As many children at a time as there are processors; their words in the language of who asked."""
    with ThreadPoolExecutor(os.cpu_count()) as starting:
        groups = (papers[start : start + TOGETHER] for start in range(0, len(papers), TOGETHER))
        running = [starting.submit(contextvars.copy_context().run, _in_child, group) for group in groups]
    return [findings for group in running for findings in group.result()]


def _in_child(papers: Sequence[tuple[FormType, Paper]]) -> list[list[Finding]]:
    try:
        found = confined.run(TASK, contract.payload((form_type, paper.docx) for form_type, paper in papers))
    except PaperFault as fault:
        if len(papers) == 1:
            return [[Finding(ERROR, str(fault))]]
        # one of them took the child down: each alone, so that only that one is blamed
        return [_in_child([one])[0] for one in papers]
    return [[Finding(**one) for one in each] for each in found]
