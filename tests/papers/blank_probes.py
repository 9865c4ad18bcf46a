"""The forms of ``blank_probes.yaml``, drawn, with what each asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.papers.drawn_forms import form, table


@dataclass(frozen=True)
class Probe:
    """One blank form, and what a person would fill in: its names, each with the kinds that count as right."""

    name: str
    title: str
    docx: bytes
    asks: list[tuple[str, list[str]]]


def _probe(told: dict[str, Any]) -> Probe:
    page = [one if isinstance(one, str) else table(*one["table"]) for one in told["page"]]
    asks = [line.rsplit(" ", 1) for line in told["asks"].splitlines()]
    title = next(one for one in told["page"] if isinstance(one, str))
    return Probe(told["name"], title, form(*page), [(label, kinds.split("/")) for label, kinds in asks])


PROBES = [_probe(one) for one in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))]
