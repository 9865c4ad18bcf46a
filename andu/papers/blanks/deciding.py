"""What a person decided of the proposals of a blank form: taken or not, named, merged, split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from andu.papers.blanks import placing
from andu.papers.blanks.found import Blank, Spot
from andu.papers.blanks.free import ADDED
from andu.papers.faults import PaperFault


@dataclass(frozen=True)
class Decision:
    """What a person says of one proposal: whether it is taken, what it is called, and of which kind it is."""

    taken: bool
    label: str
    kind: str
    same_as: int = 0
    """The number of another proposal that asks the same: one field, printed at both places; 0 for none."""
    split: tuple[str, ...] = ()
    """What it is split into: so many fields, printed one after the other."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Decision:
        """From JSON."""
        return cls(**{**told, "split": tuple(told.get("split", ()))})


@dataclass
class Decided:
    """The blanks that become fields, in the order of the page; those that are split, those that are one."""

    taken: list[Blank] = field(default_factory=list)
    split: dict[int, tuple[str, ...]] = field(default_factory=dict)
    same: list[tuple[Blank, Blank]] = field(default_factory=list)


def decided(found: Sequence[Blank], decisions: Sequence[Decision] | None) -> Decided:
    """The blanks as a person wants them. ``PaperFault`` where that cannot be or the form is another."""
    if decisions is None:
        return Decided(taken=list(found))
    if len(found) != len(decisions):
        raise PaperFault(_("这份表重新读过，和刚才看到的不一样，请重新上传。"))
    wanted = [
        blank.but(label=decision.label, kind=decision.kind)
        for blank, decision in zip(found, decisions, strict=True)
    ]
    made = Decided()
    for number, (blank, decision) in enumerate(zip(wanted, decisions, strict=True), 1):
        if not decision.taken:
            continue
        if decision.same_as:
            made.same.append((blank, _other(wanted, decisions, number)))
            continue
        made.taken.append(blank)
        if len(decision.split) > 1:
            made.split[id(blank)] = decision.split
    if any(one.drawn == ADDED for one in made.taken):
        made.taken.sort(key=_place)
    return made


def _place(blank: Blank) -> tuple[int, int, int]:
    spot = blank.spot or Spot()
    cells = [*filter(None, [spot.cell]), *spot.head]
    if cells and cells[0].lines:
        return cells[0].lines[0].number, 0, 0
    return placing.place_of(spot, 0)


def _other(wanted: Sequence[Blank], decisions: Sequence[Decision], number: int) -> Blank:
    same = decisions[number - 1].same_as
    is_there = 1 <= same <= len(wanted) and same != number
    if not is_there or not decisions[same - 1].taken or decisions[same - 1].same_as:
        raise PaperFault(_("第 %(n)s 处要和第 %(same)s 处合并，可是那一处不能合并。", n=number, same=same))
    return wanted[same - 1]
