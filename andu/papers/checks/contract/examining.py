"""The whole examination of a paper by its form: read beside it, then filled with the form's own samples.

``examine`` is the task ``contract`` of a confined child; ``examination`` makes its payload and reads its
answer. What goes in and out is plain JSON.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.language.reading import read_text
from andu.papers.checks.contract.checking import check, tested_names
from andu.papers.checks.contract.finding import ERROR, Finding
from andu.papers.checks.rehearsal import rehearse
from andu.papers.faults import PaperFault
from andu.papers.template import compile_template


def payload(papers: Iterable[tuple[FormType, bytes]]) -> dict[str, Any]:
    """What ``examine`` takes, for several papers with their forms at once."""
    return {
        "papers": [
            {"slug": form_type.slug, "yaml": form_type.source, "docx": base64.b64encode(docx).decode()}
            for form_type, docx in papers
        ]
    }


def examine(payload: dict[str, Any]) -> list[list[dict[str, str]]]:
    """The findings of each paper, as data, in the order of the payload."""
    return [[finding.as_data() for finding in _findings_of(one)] for one in payload["papers"]]


def _findings_of(paper: dict[str, str]) -> list[Finding]:
    return findings(read_text(paper["yaml"], paper["slug"]), base64.b64decode(paper["docx"]))


def findings(form_type: FormType, docx: bytes) -> list[Finding]:
    """Everything wrong between form and paper, errors first.

    The samples are not tried while a name is wrong: each of them would stumble over it again.
    """
    try:
        template = compile_template(docx)
    except PaperFault:
        return check(form_type, docx)
    found = check(form_type, docx)
    if any(finding.severity == ERROR and finding.where for finding in found):
        return found
    stumbles = rehearse(form_type, template, tested_names(docx))
    return sorted({*found, *(Finding(ERROR, str(one), one.where) for one in stumbles)})
