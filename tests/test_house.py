"""What andu/README.md says of the house is so."""

from __future__ import annotations

import re
import tomllib

from andu.formtypes.kinds import KINDS
from andu.settings import ROOT

ANDU = ROOT / "andu"
README = (ANDU / "README.md").read_text("utf-8")


def acts() -> set[str]:
    """The views that answer routes of their own."""
    return {view.stem for view in (ANDU / "views").glob("*.py") if "= Blueprint(" in view.read_text("utf-8")}


def test_every_act_on_the_screen_stands_in_the_contract_of_independence() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (listed,) = [one["modules"] for one in contracts if one["type"] == "independence"]
    assert set(listed) == {f"andu.views.{name}" for name in acts()}


def test_what_the_views_share_is_named_in_the_readme() -> None:
    shared = {view.stem for view in (ANDU / "views").glob("*.py")} - acts() - {"__init__"}
    (said,) = re.findall(r"Within `views/`.*?\n\n", README, re.S)
    assert set(re.findall(r"`(\w+)\.py`", said)) == shared


def test_a_thing_of_the_office_has_a_name_of_its_own() -> None:
    where: dict[str, list[str]] = {}
    for module in sorted((ANDU / "office").rglob("*.py")):
        for name in re.findall(r"^class (\w+)", module.read_text("utf-8"), re.M):
            where.setdefault(name, []).append(str(module.relative_to(ANDU)))
    assert {name: modules for name, modules in where.items() if len(modules) > 1} == {}


def test_nothing_outside_of_the_kinds_asks_which_kind_it_has_before_it() -> None:
    names = "|".join(KINDS)
    asked = re.compile(
        rf"""\b(?:field|one|column|known|definition|d)\.kind\s*(?:[!=]=|(?:not )?in)\s.*['"](?:{names})['"]"""
    )
    listed = re.compile(rf"""\bkind\b.*\bin\b.*\[\s*['"](?:{names})['"]""")
    found = [
        f"{path.relative_to(ANDU)}: {line.strip()}"
        for path in sorted((*ANDU.rglob("*.py"), *ANDU.rglob("*.html")))
        if "formtypes/kinds" not in str(path)
        for line in path.read_text("utf-8").splitlines()
        if asked.search(line) or listed.search(line)
    ]
    assert found == []
