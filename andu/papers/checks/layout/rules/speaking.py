"""How rules put measures and faces into words, and how one fault in many paragraphs becomes one finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import Paper
from andu.papers.checks.layout.findings import Finding, Rule, Spot
from andu.papers.checks.layout.measures import is_face
from andu.papers.checks.layout.reading_docx import Paragraph
from andu.papers.checks.layout.styles import Look

_SIZES = {
    42: "初号", 36: "小初", 26: "一号", 24: "小一", 22: "二号", 18: "小二", 16: "三号", 15: "小三",
    14: "四号", 12: "小四", 10.5: "五号",
}  # fmt: skip


def mm(length: float) -> str:
    """A length for a person: ``37.0毫米``."""
    return _("%(length)s毫米", length=f"{length:.1f}")


def size_name(points: float) -> str:
    """A size as clerks call it."""
    return _SIZES.get(points) or _("%(points)s磅", points=f"{points:g}")


def look_name(look: Look) -> str:
    """A size and a face."""
    return f"{size_name(look.size)}{look.east or _('未指定字体')}"


def has_look(look: Look, face: str, size: float) -> bool:
    """Whether Chinese characters are in this face and size."""
    return is_face(look.east, face) and abs(look.size - size) < 0.1


def marks_of(look: Look) -> list[str]:
    """What a run is set with beside face and size: thickened, slanted, lined."""
    marks = ((look.bold, _("加粗")), (look.slanted, _("倾斜")), (look.lined, _("加线")))
    return [name for is_so, name in marks if is_so]


def marked(paper: Paper, paragraphs: Iterable[Paragraph]) -> list[tuple[Spot, str]]:
    """Where something in these paragraphs is thickened, slanted or lined, and how."""
    found = [
        (paper.spot(each), mark)
        for each in paragraphs
        for run in each.runs
        if run.text.strip()
        for mark in marks_of(run.look)
    ]
    return list(dict.fromkeys(found))


def once(
    rule: Rule, message: str, faults: Iterable[tuple[Spot, str]], expected: str = ""
) -> Iterator[Finding]:
    """One finding for each value found, at the first paragraph that has it, with the number of the others."""
    found: dict[str, list[Spot]] = {}
    for spot, value in faults:
        found.setdefault(value, []).append(spot)
    for value, spots in found.items():
        more = _("（共%(n)s处）", n=len(spots)) if len(spots) > 1 else ""
        yield rule.broken(message + more, spots[0], value, expected)
