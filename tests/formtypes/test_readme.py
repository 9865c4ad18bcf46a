"""forms/README.md is the dictionary of the form language: every key stands in it, as reading knows it."""

import re

from andu.formtypes.conditions import COMPARISONS
from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling.samples import sample
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.keys.conditionkeys import PARTS
from andu.formtypes.language.keys.fieldkeys import FIELD_KEYS
from andu.formtypes.language.keys.formkeys import FORM_KEYS, OFFICIAL, RULE_KEYS, SECTION_KEYS
from andu.formtypes.language.keys.signkeys import SIGNATURES_KEYS, SLOT_KEYS
from andu.formtypes.language.reading import read_text
from andu.formtypes.language.rules import RULES
from tests.formtypes.dictionary import MARK, README, renewed, tables

TEXT = README.read_text("utf-8")


def test_every_table_of_the_readme_is_what_reading_knows() -> None:
    assert {found["name"] for found in MARK.finditer(TEXT)} == set(tables())
    assert renewed(TEXT) == TEXT, "run: python -m tests.formtypes.dictionary"


def test_every_key_setting_kind_rule_and_comparison_stands_in_the_readme() -> None:
    dictionaries = [FORM_KEYS, SECTION_KEYS, FIELD_KEYS, RULE_KEYS, SIGNATURES_KEYS, SLOT_KEYS]
    dictionaries += [kind.settings for kind in KINDS.values()] + [dict(rule.keys) for rule in RULES.values()]
    for name in {key for keys in dictionaries for key in keys}:
        assert re.search(rf"^\| `{name}` \| ", TEXT, re.M), name
    for name in (*KINDS, *RULES):
        assert f"### `{name}`" in TEXT
    for name in COMPARISONS:
        assert f"{name}: " in TEXT
    for name in PARTS:
        assert f"`{{{name}: " in TEXT
    assert all(kind in TEXT for kind in OFFICIAL)


def test_every_key_has_a_meaning_and_an_example() -> None:
    for row in re.findall(r"^\| `.*", TEXT, re.M):
        assert all(cell.strip() for at, cell in enumerate(row.strip("|").split("|")) if at != 2), row


def test_example_of_the_readme_is_a_good_form() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    form_type = read_text(example, "my_form", series=["doc"])
    assert sample(form_type, NoDirectory())["received"] == 3
