"""What the writer writes, the reader reads as equal; written again it is the same bytes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from andu.formtypes.definition import FormType
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.reading import read_text
from andu.formtypes.language.writing import tree, written
from tests.formtypes.making import yaml_of

FORMS = sorted((Path(__file__).parents[2] / "forms").glob("*.yaml"))
TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("“”‘’「」：:#- \n\t'\"|>%@`{}[]&*!?~，"),
    max_size=40,
)
TREE = st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


def said(one: Any) -> Any:
    """A form type without the places and the bytes of its file."""
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return {name: said(getattr(one, name)) for name in names if name not in ("line", "version", "source")}
    if isinstance(one, dict):
        return {key: said(value) for key, value in one.items()}
    return [said(each) for each in one] if isinstance(one, tuple | list) else one


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_shipped_type_is_read_written_and_read_as_equal(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    again = written(tree(text))
    assert said(read_text(again, path.stem)) == said(read_text(text, path.stem))
    assert written(tree(again)) == again


@given(st.dictionaries(TEXT, TREE, min_size=1))
@settings(deadline=None, max_examples=300)
def test_any_tree_is_read_as_it_was_written(found: dict[str, Any]) -> None:
    again = written(found)
    assert tree(again) == found
    assert written(tree(again)) == again


WORDS = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("“”：#-%a1 "), min_size=1
)
FIELD = st.fixed_dictionaries(
    {"kind": st.sampled_from(["text", "longtext", "number", "date", "phone", "yesno"]), "label": WORDS},
    optional={"help": WORDS, "required": st.sampled_from(["true", "false"]), "sample": st.just("")},
).filter(
    lambda one: one.get("required") != "true" or "sample" not in one
)  # a sample that is required is not empty


@given(st.lists(FIELD, min_size=1, max_size=6), WORDS)
@settings(deadline=None, max_examples=100)
def test_a_generated_type_is_read_as_it_was_written(fields: list[dict[str, str]], title: str) -> None:
    found = tree(yaml_of())
    found["title"] = title
    found["sections"][0]["fields"] += [{"key": f"k{n}", **one} for n, one in enumerate(fields)]
    try:
        form_type: FormType = read_text(written(found), "example")
    except FormFaults as faults:
        assert "这里是空的" in str(faults.faults) or "最多" in str(faults.faults)
        return
    assert form_type.title == title.strip()
    assert [one.label for one in form_type.fields[1:]] == [one["label"].strip() for one in fields]
