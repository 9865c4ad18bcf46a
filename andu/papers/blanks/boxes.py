"""Boxes to tick in a line: □ before its word or behind it, and empty brackets behind words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from andu.papers.blanks.found import Blank
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.model import BLANK, BOX
from andu.papers.blanks.scanning import Scan

_OPTION_ENDS = re.compile(r"[;；、,，。.\s]*$")
_PAREN_BOX = re.compile(r"([^\s（()）：:，。；？?、]{1,12})\s*[（(]\s{0,6}[）)]")


def tick_boxes(scan: Scan) -> None:
    places = [found.start() for found in re.finditer(BOX, scan.text)]
    if not places:
        return
    first, last = places[0], places[-1]
    tail = scan.text[last + 1 :]
    before_word = bool(re.match(r"\s{0,3}[^\s；;，,。、）)]", tail)) and not re.match(r"\s*[（(]?$", tail)
    lead = scan.text[:first]
    if before_word:
        choices, end = _options_after(scan.text, places)
        label, start = _last_label(lead), first
        rest = re.match(r"\s+([^\s：:▁\x00]{4,40})\s*$", scan.text[end:])
        if rest and set(choices) <= {"是", "否", "有", "无"}:
            label = choices[0] + choices[-1] + rest[1]
            scan.strike(end, len(scan.text))
    else:
        choices, label, start, end = _options_before(scan.text, places)
    label = label or scan.around.label
    if not label:
        label = tidy(lead) or tidy(" ".join(choices))[:20]
    kind = "choices" if len(places) == 1 or _many(label) else "choice"
    blank = Blank(tidy(label), kind, drawn="box", choices=tuple(choices), certainty=0.8, span=(start, end))
    scan.take(start, end, blank)


def _many(label: str) -> bool:
    return bool(re.search(r"可多选|多选|类型.*可|材料|事项|领域", label))


def _last_label(lead: str) -> str:
    piece = re.split(r"[。；;！!]", lead.rstrip(" ：:\t　"))[-1]
    return tidy(re.split(rf"[{BLANK}\x00\t]|\s{{3,}}", piece)[-1])


def _options_after(text: str, places: Sequence[int]) -> tuple[list[str], int]:
    """□ 甲 □ 乙: each box stands before its word. The options, and where the last one ends."""
    choices, end = [], places[-1] + 1
    for at, place in enumerate(places):
        until = places[at + 1] if at + 1 < len(places) else len(text)
        piece = text[place + 1 : until]
        word = re.match(rf"\s*[^\s；;，,。：:▁\x00]*(?:[（(][^（()）{BLANK}]*[）)])?", piece)
        said = word[0] if word else ""
        choices.append(tidy(_OPTION_ENDS.sub("", said)))
        end = place + 1 + len(said)
    return [one for one in choices if one], end


def _options_before(text: str, places: Sequence[int]) -> tuple[list[str], str, int, int]:
    """甲 □ 乙 □: each box stands behind its word; what comes before the first word is the label."""
    choices, at, label, start = [], 0, "", places[0]
    for number, place in enumerate(places):
        piece = text[at:place].rstrip()
        if number == 0:
            words = re.split(r"\s+|[：:？?。；;]", piece.strip())
            word = words[-1] if len(words) > 1 else piece.strip()
            head = piece[: len(piece) - len(word)] if len(words) > 1 else ""
            label, start = _last_label(re.sub(r"[？?]\s*$", "", head.rstrip())), len(head)
            choices.append(word)
        else:
            choices.append(piece.strip(" 、，,；;\t"))
        at = place + 1
    return [tidy(one) for one in choices if one.strip()], label, start, places[-1] + 1


_BOX_PAREN = re.compile(
    r"[（(]\s{0,8}[）)]\s*(?:\d[.．、])?\s*([^\s（()）：:，。；？?、]{1,12})(?=\s|$|[；;，,。])"
)


def bracket_boxes(scan: Scan) -> None:
    """有（  ） 没有（  ）, or （  ）有 （  ）没有: empty brackets with two or more words."""
    before = list(_BOX_PAREN.finditer(scan.text))
    if (
        len(before) > 1
        and before[0].start() == len(scan.text) - len(scan.text.lstrip())
        and scan.around.label
    ):
        start, end = before[0].start(), before[-1].end()
        choices = tuple(tidy(one[1]) for one in before)
        scan.take(
            start, end, Blank(scan.around.label, "choice", drawn="paren", choices=choices, span=(start, end))
        )
        return
    found = list(_PAREN_BOX.finditer(scan.text))
    if len(found) < 2:
        return
    lead = re.sub(r"[？?：:\s]+$", "", scan.text[: found[0].start()])
    label = _last_label(re.split(r"[：:]", lead)[-1]) or scan.around.label
    choices = tuple(tidy(one[1]) for one in found)
    start, end = found[0].start(), found[-1].end()
    blank = Blank(label or choices[0], "choice", drawn="paren", choices=choices, certainty=0.8)
    scan.take(start, end, blank.but(span=(start, end)))
