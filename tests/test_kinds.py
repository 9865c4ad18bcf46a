"""Each kind of fault that a hard trial found has tests that hold it, and they are there."""

from __future__ import annotations

import yaml

from tests.named_tests import TESTS, absent

KINDS = yaml.safe_load((TESTS / "kinds.yaml").read_text(encoding="utf-8"))


def test_each_kind_of_fault_has_tests_that_hold_it() -> None:
    assert [*KINDS] == ["paper", "data", "stuck", "trust", "speed", "house"]
    for rows in KINDS.values():
        for words, tests in rows.items():
            assert tests, words
            assert absent(tests) == [], words
