"""How well the reader does on whole forms of many kinds (``blank_probes``): what it finds, and makes up.

The measure is that of a person who looks the list over: a blank counts once, by its name, in their order.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from andu.formtypes.language.reading import read_text
from andu.papers import blanks
from andu.papers.blanks import Blank
from andu.papers.blanks.adopting import adopt
from andu.papers.checks import contract
from tests.papers.blank_probes import PROBES, Probe

RECALL, PRECISION, KINDS = 0.95, 0.92, 0.95


def bare(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)


def likeness(asked: str, found: str) -> float:
    one, other = bare(asked), bare(found)
    if not one or not other:
        return 0
    if one == other:
        return 3
    if one in other or other in one:
        return 2 + min(len(one), len(other)) / max(len(one), len(other)) / 2
    shared = sum((Counter(one) & Counter(other)).values()) / max(len(one), len(other))
    return 1 + shared if shared >= 0.6 else 0


def matched(probe: Probe, found: list[Blank]) -> dict[int, int]:
    """Which blank of the page is which of those found, the likest first."""
    pairs = sorted(
        (
            (likeness(label, one.label) + 0.3 * (one.kind in kinds) - 0.02 * abs(i - j), i, j)
            for i, (label, kinds) in enumerate(probe.asks)
            for j, one in enumerate(found)
            if likeness(label, one.label)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for _score, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return taken


def test_forms_of_many_kinds_are_read() -> None:
    count: Counter[str] = Counter()
    told = []
    for probe in PROBES:
        asks, found = probe.asks, blanks.read(probe.docx).fields
        pairs = matched(probe, found)
        right = {i for i, j in pairs.items() if found[j].kind in asks[i][1]}
        count.update(asked=len(asks), found=len(found), hit=len(pairs), kind=len(right))
        told += [f"{probe.name}: missed {label}" for i, (label, _kinds) in enumerate(asks) if i not in pairs]
        told += [
            f"{probe.name}: made up {one.label}" for j, one in enumerate(found) if j not in pairs.values()
        ]
        told += [
            f"{probe.name}: {asks[i][0]} is no {found[j].kind}" for i, j in pairs.items() if i not in right
        ]
    said = "\n".join([str(count), *told])
    assert count["hit"] >= RECALL * count["asked"], said
    assert count["hit"] >= PRECISION * count["found"], said
    assert count["kind"] >= KINDS * count["hit"], said


@pytest.mark.parametrize("probe", PROBES, ids=lambda one: one.name)
def test_the_title_is_found(probe: Probe) -> None:
    assert blanks.read(probe.docx).title == re.sub(r"\s", "", probe.title)


def test_each_of_them_becomes_a_type_whose_paper_agrees_with_it() -> None:
    wrong = []
    for probe in PROBES:
        text, paper, _reading = adopt(probe.docx, {}, "doc")
        found = contract.check(read_text(text, "adopted"), paper)
        wrong += [f"{probe.name}: {one}" for one in found if one.severity == contract.ERROR]
    assert not wrong
