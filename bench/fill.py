"""``python -m bench.fill``: how many times faster we fill a paper than docxtpl as everyone uses it.

The yardstick is ``DocxTemplate(path).render(context, autoescape=True)`` and ``.save(BytesIO())``. Both ways
run in this one process on one core, one after the other, again and again; each such pair gives a ratio of
processor time, and the median of the ratios is printed, not the best. ``parsed`` adds a strict parse of
every filled part, which filling does not need: that it is well-formed is proved when compiling
(``andu/papers/template/structure.py``).
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.parsers import expat

from docxtpl import DocxTemplate
from jinja2 import Environment

from andu.papers.template import Template
from andu.papers.template.filters import FILTERS
from andu.papers.template.qr import PICTURES
from bench import papers

PAIRS = 25
OURS_FOR_ONE = 20
"""Ours is so short that one clock reading would measure the clock: the mean of this many fillings."""
_LINE = "{:<20}{:>11}{:>9}{:>11}{:>7}{:>8}{:>8}"
TARGETS = {"notice": 100, "registration": 100, "ledger": 15}


def main() -> int:
    """Print the table; 1 if a target is missed."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    print(_LINE.format("paper", "docxtpl ms", "ours ms", "and parsed", "ratio", "parsed", "target"))
    made = {"notice": papers.notice(), "registration": papers.registration(), "ledger": papers.ledger()}
    ratios = {name: _line(name, *paper) for name, paper in made.items()}
    # ours name our filters, which docxtpl has to be given
    for name, paper in papers.shipped().items():
        _line(name, *paper, environment=_with_filters())
    missed = [name for name, target in TARGETS.items() if ratios[name] < target]
    for name in missed:
        print(f"{name}: {ratios[name]:.0f} times, not {TARGETS[name]}")
    return 1 if missed else 0


def _with_filters() -> Environment:
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    return environment


def _line(name: str, docx: bytes, values: dict[str, Any], environment: Environment | None = None) -> float:
    template = Template(docx)
    parts = _filled_parts(template, values)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.docx"
        path.write_bytes(docx)
        rounds = [
            (
                _seconds(lambda: _docxtpl(path, values, environment)),
                _seconds(lambda: template.fill(values), OURS_FOR_ONE),
                _seconds(lambda: _parse(parts), OURS_FOR_ONE),
            )
            for _pair in range(PAIRS)
        ]
    theirs, ours, parsing = (statistics.median(times) * 1000 for times in zip(*rounds, strict=True))
    ratio = statistics.median(one / two for one, two, _three in rounds)
    parsed = statistics.median(one / (two + three) for one, two, three in rounds)
    target = f"≥{TARGETS[name]}" if name in TARGETS else ""
    times = (f"{theirs:.2f}", f"{ours:.3f}", f"{ours + parsing:.3f}")
    print(_LINE.format(name, *times, f"{ratio:.0f}", f"{parsed:.0f}", target))
    return ratio


def _seconds(act: Callable[[], object], times: int = 1) -> float:
    start = time.process_time()
    for _time in range(times):
        act()
    return (time.process_time() - start) / times


def _docxtpl(path: Path, values: dict[str, Any], environment: Environment | None) -> bytes:
    document = DocxTemplate(path)
    document.render({**values, PICTURES: {}}, environment, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _filled_parts(template: Template, values: dict[str, Any]) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(template.fill(values))) as archive:
        return [archive.read(name) for name in template.sources]


def _parse(parts: list[bytes]) -> None:
    for part in parts:
        expat.ParserCreate().Parse(part, True)


if __name__ == "__main__":
    sys.exit(main())
