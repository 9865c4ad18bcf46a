"""The tables of forms/README.md, made from the very dictionaries that reading uses.

`python -m tests.formtypes.dictionary` writes them into the README anew after a key was added or changed; the
test only compares.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from andu.formtypes.acts import Case, Signatures
from andu.formtypes.definition import PAPER_NAMES
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.keys.casekeys import (
    BRANCH_KEYS,
    CASE_KEYS,
    NEEDS_KEYS,
    SHARE_KEYS,
    URGENT_KEYS,
    VERDICT_KEYS,
)
from andu.formtypes.language.keys.fieldkeys import COLUMN_KEYS, FIELD_KEYS
from andu.formtypes.language.keys.formkeys import FORM_KEYS, RULE_KEYS, SECTION_KEYS
from andu.formtypes.language.keys.signkeys import ENOUGH_KEYS, SIGNATURES_KEYS, SLOT_KEYS
from andu.formtypes.language.keys.timekeys import (
    COUNTED_KEYS,
    DEADLINE_KEYS,
    EXPECTED_KEYS,
    EXTENSION_KEYS,
    MEETS_KEYS,
    MISSING_RETURNS_KEYS,
)
from andu.formtypes.language.readers import Key
from andu.formtypes.language.rules import RULES
from andu.formtypes.roles import ROLES

README = Path(__file__).parents[2] / "forms" / "README.md"
MARK = re.compile(r"<!-- table: (?P<name>[a-z_ ]+) -->\n.*?<!-- end -->", re.S)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default in (None, "", (), {}) or isinstance(default, Case | Signatures):
        return "none"
    return f"`{default}`"


def _keys(keys: Mapping[str, Key]) -> str:
    rows = [
        "| key | required | default | what stands there | what it means | example |",
        "|---|---|---|---|---|---|",
    ]
    for name, key in keys.items():
        required, default = ("**yes**", "") if key.required else ("no", _shown(key.default))
        example = key.example if key.example.startswith("see ") else f"`{key.example}`"
        rows.append(f"| `{name}` | {required} | {default} | {key.reads.words} | {key.doc} | {example} |")
    return "\n".join(rows)


def _kinds() -> str:
    parts = []
    for kind in KINDS.values():
        starts = "".join(f" `default: {word}` is {meaning}." for word, meaning in kind.starts.items())
        place = "" if kind.in_table else " Not within a table."
        settings = _keys(kind.settings) if kind.settings else "No settings of its own."
        parts.append(
            f"### `{kind.name}` {kind.title}\n\n{kind.doc} In JSON: {kind.json}.{starts}{place}\n\n{settings}"
        )
    return "\n\n".join(parts)


def _rules() -> str:
    return "\n\n".join(f"### `{rule.name}`\n\n{rule.doc}\n\n{_keys(rule.keys)}" for rule in RULES.values())


def _words(words: Mapping[str, str], head: str) -> str:
    return "\n".join(
        [
            f"| {head} | meaning |",
            "|---|---|",
            *(f"| `{word}` | {meaning} |" for word, meaning in words.items()),
        ]
    )


def tables() -> dict[str, str]:
    """Every table of the README by its name."""
    return {
        "form": _keys(FORM_KEYS),
        "sections": _keys(SECTION_KEYS),
        "fields": _keys(FIELD_KEYS),
        "columns": "A column has only these keys: "
        + ", ".join(f"`{key}`" for key in COLUMN_KEYS)
        + ", and the settings of its kind.",
        "kinds": _kinds(),
        "rule keys": _keys(RULE_KEYS),
        "rules": _rules(),
        "signatures": _keys(SIGNATURES_KEYS),
        "slots": _keys(SLOT_KEYS),
        "enough": _keys(ENOUGH_KEYS),
        "shares": _keys(SHARE_KEYS),
        "urgent": _keys(URGENT_KEYS),
        "case": _keys(CASE_KEYS),
        "branches": _keys(BRANCH_KEYS),
        "needs": _keys(NEEDS_KEYS),
        "verdict": _keys(VERDICT_KEYS),
        "deadlines": _keys(DEADLINE_KEYS),
        "extension": _keys(EXTENSION_KEYS),
        "meets": _keys(MEETS_KEYS),
        "expected": _keys(EXPECTED_KEYS),
        "counted": _keys(COUNTED_KEYS),
        "missing returns": _keys(MISSING_RETURNS_KEYS),
        "roles": _words(ROLES, "role"),
        "paper names": _words(PAPER_NAMES, "name"),
    }


def renewed(text: str) -> str:
    """The README's text with every table as it should be."""
    made = tables()
    return MARK.sub(
        lambda found: f"<!-- table: {found['name']} -->\n{made[found['name']]}\n<!-- end -->", text
    )


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
