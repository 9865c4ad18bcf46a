"""Each threat that the service is built against has tests that hold it off, and they are there."""

from __future__ import annotations

import yaml

from andu.settings import ROOT
from tests.named_tests import TESTS, absent

THREATS = yaml.safe_load((TESTS / "security" / "threats.yaml").read_text(encoding="utf-8"))


def test_each_threat_has_a_defence_that_is_there_and_tests_that_hold_it() -> None:
    assert [*THREATS] == [f"S{n}" for n in range(1, 23)]
    for name, row in THREATS.items():
        module = row["defence"].partition(",")[0].partition(" ")[0]
        assert (ROOT / "andu" / module).is_file(), name
        assert row["threat"] and row["tests"], name
        assert absent(row["tests"]) == [], name
