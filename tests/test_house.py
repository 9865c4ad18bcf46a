"""What andu/README.md says of the house is so."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from andu.formtypes.kinds import KINDS
from andu.settings import ROOT

ANDU = ROOT / "andu"
README = (ANDU / "README.md").read_text("utf-8")


def acts() -> set[str]:
    """The views that answer routes of their own."""
    return {view.stem for view in (ANDU / "views").glob("*.py") if "= Blueprint(" in view.read_text("utf-8")}


CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_act_on_the_screen_stands_in_the_contract_of_independence() -> None:
    (listed,) = [one["modules"] for one in CONTRACTS if one["type"] == "independence"]
    assert set(listed) == {f"andu.views.{name}" for name in acts()}


def test_the_linter_holds_the_floors_of_the_office_from_its_ground_to_its_desk() -> None:
    (floors,) = [one for one in CONTRACTS if one.get("containers") == ["andu.office"]]
    assert floors["exhaustive"]
    assert not floors.get("ignore_imports")
    floor = {room: at for at, rooms in enumerate(floors["layers"]) for room in re.findall(r"\w+", rooms)}
    down = ["desk", "signing", "writing", "issue", "books", "cases", "records", "scope", "office"]
    assert [floor[room] for room in down] == sorted({floor[room] for room in down})


KEPT_BESIDE = {
    "waiting.refresh", "ledger_keeping.refresh", "record_words.enter", "likeness.enter", "building_on.enter",
    "closed_months.enter", "concerns.enter", "deadlines.unsign", "deadlines.lapse", "deadlines.withdraw",
    "cases.close_by", "sharing.to_signers", "sharing.to_named", "sharing.after_voiding",
}  # fmt: skip


def test_what_is_kept_beside_the_records_is_renewed_by_the_one_list_of_what_follows() -> None:
    calls = {
        path.stem: set(re.findall(r"\b[a-z_]+\.[a-z_]+\b", path.read_text("utf-8")))
        for path in (ANDU / "office").rglob("*.py")
    }
    assert calls.pop("consequences") >= KEPT_BESIDE
    assert {name: said & KEPT_BESIDE for name, said in calls.items() if said & KEPT_BESIDE} == {}


def test_what_the_views_share_is_named_in_the_readme() -> None:
    shared = {view.stem for view in (ANDU / "views").glob("*.py")} - acts() - {"__init__"}
    (said,) = re.findall(r"Within `views/`.*?\n\n", README, re.S)
    assert set(re.findall(r"`(\w+)\.py`", said)) == shared


def classes(folder: str) -> dict[str, list[str]]:
    """Which modules below a folder have a class of each name."""
    where: dict[str, list[str]] = {}
    for module in sorted((ANDU / folder).rglob("*.py")):
        for name in re.findall(r"^class (\w+)", module.read_text("utf-8"), re.M):
            where.setdefault(name, []).append(str(module.relative_to(ANDU)))
    return where


def test_a_thing_of_the_office_has_a_name_of_its_own() -> None:
    assert {name: modules for name, modules in classes("office").items() if len(modules) > 1} == {}


def test_a_name_stands_for_at_most_two_things() -> None:
    """A paper and a form may both have a ``Field``; the third one sends a newcomer to the wrong house.

    What ``papers/blanks`` reads off a blank is called there as in Word (a row, a cell, a line), and nobody
    else sees it; a name that begins with ``_`` is seen in its module alone.
    """
    found = {
        name: [one for one in modules if not one.startswith("papers/blanks/")]
        for name, modules in classes("").items()
        if not name.startswith("_")
    }
    assert {name: modules for name, modules in found.items() if len(modules) > 2} == {}


def test_nothing_outside_of_the_kinds_asks_which_kind_it_has_before_it() -> None:
    names = "|".join(KINDS)
    asked = re.compile(
        rf"""\b(?:field|one|column|known|definition|d)\.kind\s*(?:[!=]=|(?:not )?in)\s.*['"](?:{names})['"]"""
    )
    listed = re.compile(rf"""\bkind\b.*\bin\b.*\[\s*['"](?:{names})['"]""")
    wanted = re.compile(rf"""(?:\b(?:FieldName|Place)\(|\bkinds\s*=\s*)\(\s*['"](?:{names})['"]""")
    found = [
        f"{path.relative_to(ANDU)}: {line.strip()}"
        for path in sorted((*ANDU.rglob("*.py"), *ANDU.rglob("*.html")))
        if "formtypes/kinds" not in str(path)
        for line in path.read_text("utf-8").splitlines()
        if asked.search(line) or listed.search(line) or wanted.search(line)
    ]
    assert found == []


def names_in(tree: ast.AST) -> set[str]:
    """The names a value is made of; what is given to a function is not in its answer, but for ``_``."""
    if isinstance(tree, ast.Name):
        return {tree.id}
    if isinstance(tree, ast.Call):
        return {"_"} & names_in(tree.func)
    return {name for node in ast.iter_child_nodes(tree) for name in names_in(node)}


def rendered_events(function: ast.AST) -> Iterator[int]:
    """The lines where a function keeps an event with a sentence made by ``_()``, directly or by a name."""
    worded = {"_"}
    changes = [node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AugAssign)]
    for _again in changes:
        for change in changes:
            targets = change.targets if isinstance(change, ast.Assign) else [change.target]
            if names_in(change.value) & worded:
                worded |= {one.id for one in targets if isinstance(one, ast.Name)}
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "events.append":
            given = [*call.args[3:], *(one.value for one in call.keywords)]
            if any(names_in(one) & worded for one in given):
                yield call.lineno


def test_an_event_keeps_what_was_typed_and_no_sentence_made_of_it() -> None:
    found = [
        f"{path.relative_to(ANDU)}:{line}"
        for path in sorted((ANDU / "office").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        for line in rendered_events(node)
    ]
    assert found == []


SQLITE_ONLY = re.compile(
    r"json_(?:extract|each|tree|group_array|array|object)\b|->>|\bINSERT OR\b|\browid\b|\bMATCH\b|\bbm25\b"
    r"|\bPRAGMA\b|\bLIMIT -1\b|\bGLOB\b|\bsqlite_\w+|\bIN \(\)|\[\{\w+\}\]|\bIS NOT \?|\bIS \?|\binstr\("
    r"|\bgroup_concat\b|\bstrftime\(|\bINDEXED BY\b|\bCOLLATE\b|\b(?:NOT )?LIKE\b|\bON CONFLICT DO\b"
    r"|\bS[Uu][Mm]\([^)]*[<>=]|CROSS JOIN \w+(?: AS \w+)? ON\b|\bWHERE [01]\b(?! =)"
)
"""Words of SQL that another engine does not know, or reads otherwise: they stand in the store alone."""
STATEMENT = re.compile(r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|FROM|AND|OR|ORDER BY|JOIN)\b")


def sql_in(module: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that are SQL or a piece of it, with their lines; docstrings are none."""
    tree = ast.parse(module.read_text("utf-8"))
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def test_words_of_sqlite_stand_in_the_store_alone() -> None:
    above = [path for path in sorted(ANDU.rglob("*.py")) if path.parent.name != "store"]
    found = [
        f"{path.relative_to(ANDU)}:{line}: {word[0]}"
        for path in above
        for line, text in sql_in(path)
        for word in SQLITE_ONLY.finditer(text)
        if STATEMENT.search(text) or word[0] != "LIKE"
    ]
    assert found == []
