"""Paragraphs whose blank belongs to the one before, or whose answers to the one after.

A question with empty brackets over lettered answers, rows of underscores under a question, the name at the
head of a letter. Called for each paragraph of the body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from andu.papers.blanks import labels
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.kinds import kind_of
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.model import BLANK, Block, Line

_ASKED = re.compile(rf"[（(]([\s{BLANK}]*)[）)]\s*[。.？?：:]?\s*$|({BLANK}+)\s*$")
_ROW = re.compile(rf"\s*{BLANK}{{2,}}\s*[。.]?\s*")
_LETTERED = re.compile(r"(?:^|\s)([A-H])\s*[.．、:：]?\s*(?=\S)")
_MANY = re.compile(r"多选|可选多项|哪些")


def of_paragraph(page: Sequence[Block], number: int) -> list[Blank] | None:
    """The blanks of a paragraph that only its neighbours explain; None where it speaks for itself."""
    line = page[number]
    assert isinstance(line, Line)  # noqa: S101
    if _ROW.fullmatch(line.text):
        return _under_a_question(page, number, line)
    if re.fullmatch(rf"\s*{BLANK}{{4,}}\s*[：:]\s*", line.text):
        start = line.text.index(BLANK)
        spot = Spot((line,), start, line.text.rindex(BLANK) + 1)
        return [Blank("抬头", "text", drawn="underline", certainty=0.5, spot=spot)]
    if _is_answered_below(page, number, line):
        return []
    if _letters(line.text):
        return [] if _asks_before(page, number) else None
    return _lettered(page, number, line)


def _is_answered_below(page: Sequence[Block], number: int, line: Line) -> bool:
    below = page[number + 1] if number + 1 < len(page) else None
    asks = re.search(r"[\u4e00-\u9fff）)][？?：:]\s*$", line.text) and not labels.names_nothing(line.text)
    return (
        bool(asks)
        and isinstance(below, Line)
        and bool(_ROW.fullmatch(below.text))
        and line.text.count("：") < 2
    )


def _lettered(page: Sequence[Block], number: int, line: Line) -> list[Blank] | None:
    """1. 您的性别（  ） over A. 男  B. 女."""
    asked = _ASKED.search(line.text)
    choices: list[str] = []
    for below in page[number + 1 :]:
        found = _letters(below.text) if isinstance(below, Line) else []
        if not found:
            break
        choices += found
    if asked is None or len(choices) < 2:
        return None
    label = re.sub(r"[？?]", "", tidy(line.text[: asked.start()]))[: labels.LONGEST]
    kind = "choices" if _MANY.search(line.text) else "choice"
    span = asked.span(1) if asked[1] is not None else asked.span(2)
    return [
        Blank(label, kind, drawn="letter", choices=tuple(choices), certainty=0.8, spot=Spot((line,), *span))
    ]


def _letters(text: str) -> list[str]:
    """The answers of a line of lettered ones: A. 男  B. 女."""
    places = list(_LETTERED.finditer(text))
    if not places or text[: places[0].start()].strip() or places[0][1] not in "ACEG":
        return []
    ends = [one.start() for one in places[1:]] + [len(text)]
    return [tidy(text[one.end() : end]) for one, end in zip(places, ends, strict=True)]


def _asks_before(page: Sequence[Block], number: int) -> bool:
    for above in reversed(page[:number]):
        if not isinstance(above, Line):
            return False
        if not _letters(above.text):
            return bool(_ASKED.search(above.text))
    return False


def _under_a_question(page: Sequence[Block], number: int, line: Line) -> list[Blank] | None:
    """A row of underscores under a question is its answer; the rows after it are the same answer."""
    told = [one for one in page[:number] if not (isinstance(one, Line) and one.is_empty)]
    above = told[-1] if told else None
    if not isinstance(above, Line):
        return None
    if _ROW.fullmatch(above.text) or above.text.rstrip().endswith(BLANK):
        return []
    asks = re.search(r"[？?：:]\s*$", above.text) and not labels.names_nothing(above.text)
    if not asks:
        return None
    label = re.sub(r"[？?]", "", tidy(above.text))[-labels.LONGEST :]
    kind = kind_of(label)
    spot = Spot((line,), 0, len(line.text))
    return [Blank(label, "longtext" if kind == "text" else kind, drawn="underline", certainty=0.8, spot=spot)]
