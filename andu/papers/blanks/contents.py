"""The blanks of one cell that holds more than a label: lines, lists to tick off, numbers with room."""

from __future__ import annotations

import re

from andu.papers.blanks import labels
from andu.papers.blanks.found import OFFICE, SIGNATURE, Blank, Spot
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.lines import Around, blanks_in
from andu.papers.blanks.model import BOX, Cell


def in_cell(cell: Cell, around: Around) -> list[Blank]:
    """The blanks of a cell, each with its spot."""
    texts = [line.text for line in cell.lines]
    whole = checklist(texts, around) or _numbered_room(texts, around)
    if whole:
        return [whole.but(spot=Spot(cell=cell))]
    found: list[Blank] = []
    for number, text in enumerate(texts):
        below = [one for one in texts[number + 1 :] if one.strip()]
        following = below[0] if below else ""
        if found and labels.is_stand_in(text) and not labels.is_seal(text):
            continue
        room = number + 1 >= len(texts) or not texts[number + 1].strip()
        if (
            re.search(r"[：:]\s*$", text)
            and (labels.is_prose(following) or not room)
            and _opens(text, following)
        ):
            new = [one for one in blanks_in(text.rstrip(" ：:\u3000"), around)]
        else:
            new = blanks_in(text, around)
        new = [one.but(spot=Spot((cell.lines[number],), *one.span)) for one in new]
        new = new or _heading_over_room(cell, number, around)
        room = number + 1 < len(texts) and room
        found += [one.but(kind="longtext") if _is_roomy(one, text, room) else one for one in new]
    return _joined_options(_told_apart(found, around))


def _opens(text: str, following: str) -> bool:
    """Whether the colon at the end of a line opens what follows, rather than asking for a name or a seal."""
    if re.fullmatch(r"[\s▁]*年[\s▁]*月[\s▁]*日\s*", following):
        return False
    last = tidy(re.split(r"\s{3,}", text.rstrip(" ：:"))[-1])
    return not (labels.is_signature(last) or labels.is_seal(last))


def _heading_over_room(cell: Cell, number: int, around: Around) -> list[Blank]:
    """A short line with empty lines, or bare numbers, under it asks for what goes there."""
    text, below = cell.lines[number].text, [line.text for line in cell.lines[number + 1 :]]
    label = tidy(text)
    if not 2 <= len(label) <= 24 or re.search(r"[：:]", text) or labels.is_prose(text) or BOX in text:
        return []
    if labels.is_stand_in(text):
        return []
    empty = next((n for n, line in enumerate(below) if line.strip()), len(below))
    after = below[empty] if empty < len(below) else ""
    bare = [line for line in below[:3] if re.fullmatch(r"\s*\d{1,2}[.．、]\s*", line)]
    if empty < 2 and len(bare) < 3 and not (empty and labels.is_stand_in(after)):
        return []
    by = around.by or (OFFICE if labels.is_of_the_office(label) else "")
    spot = Spot((cell.lines[number + 1],), 0, len(below[0]))
    return [Blank(label, "longtext", section=around.section, by=by, drawn="list", certainty=0.5, spot=spot)]


def _is_roomy(blank: Blank, text: str, room: bool) -> bool:
    return blank.kind == "text" and room and blank.drawn == "inlabel" and bool(re.search(r"[：:]\s*$", text))


def _told_apart(found: list[Blank], around: Around) -> list[Blank]:
    """A date beside a signature belongs to whoever signs."""
    signs = [one for one in found if one.kind == SIGNATURE]
    if len(signs) == 1 and not around.label:
        owner = re.sub(r"[（(]?签\s*[名字章][）)]?", "", signs[0].label)
        found = [one.but(section=owner) if one.label == "日期" and not one.section else one for one in found]
    return found


def _joined_options(found: list[Blank]) -> list[Blank]:
    """Boxes on several lines under one label are one question."""
    out: list[Blank] = []
    for one in found:
        last = out[-1] if out else None
        if last and one.drawn == last.drawn == "box" and one.label == last.label:
            out[-1] = last.but(
                choices=last.choices + one.choices,
                kind="choices" if "choices" in (one.kind, last.kind) else "choice",
            )
        else:
            out.append(one)
    return out


def checklist(texts: list[str], around: Around) -> Blank | None:
    """Sentences with one box each, before or behind: a list to tick off."""
    told = [text for text in texts if text.strip()]
    boxed = [text for text in told if text.count(BOX) == 1]
    ends = [text for text in boxed if text.rstrip().endswith(BOX) or text.lstrip().startswith(BOX)]
    if not ends or (len(ends) == 1 and (len(told) > 1 or len(tidy(ends[0])) < 8)):
        return None
    if len(ends) > 1 and len(ends) < 0.6 * len(told):
        return None
    if not around.label:
        return None
    choices = tuple(tidy(re.sub(r"^\s*\d+[.．、]", "", text)) for text in ends)
    return Blank(around.label, "choices", section=around.section, by=around.by, drawn="box", choices=choices)


def _numbered_room(texts: list[str], around: Around) -> Blank | None:
    """1. 2. 3. with names or nothing behind the numbers: one answer in several lines."""
    told = [text for text in texts if text.strip()]
    numbered = [text for text in told if re.match(r"\s*\d{1,2}[.．、]\s*\S{0,10}\s*$", text)]
    if len(numbered) < 3 or len(numbered) < len(told) - 2 or not around.label:
        return None
    return Blank(around.label, "longtext", section=around.section, by=around.by, drawn="list", certainty=0.6)
