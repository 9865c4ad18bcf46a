"""Tests that a table of proofs names as file::function, held against what stands in the files.

Asked by the tests of ``security/threats.yaml``, ``duties.yaml`` and ``kinds.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable

from andu.settings import ROOT

TESTS = ROOT / "tests"


def absent(named: Iterable[str]) -> list[str]:
    """Those of the named tests that are nowhere."""
    return [one for one in named if not _is_there(*one.split("::"))]


def _is_there(file: str, test: str) -> bool:
    path = TESTS / file
    return path.is_file() and f"\ndef {test}(" in path.read_text(encoding="utf-8")
