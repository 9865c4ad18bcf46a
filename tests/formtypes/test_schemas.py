"""A form type as JSON Schema: whatever its form accepts fits, and nothing confidential is in it."""

from __future__ import annotations

import jsonschema_rs
import pytest

from andu.formtypes.directory import NoDirectory
from andu.formtypes.filling import schemas
from andu.formtypes.filling.samples import sample
from andu.formtypes.language.catalogue import Catalogue
from andu.settings import ROOT
from tests.formtypes.making import answered, form_of
from tests.formtypes.test_samples import EVERYTHING, RULES

SHIPPED = {one.slug: one for one in Catalogue.load(ROOT / "forms").all()}


@pytest.mark.parametrize("worst", [False, True])
def test_the_sample_of_every_kind_fits_its_schema(worst: bool) -> None:
    form_type = form_of(EVERYTHING, RULES)
    schema = schemas.of(form_type)
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, sample(form_type, NoDirectory(), worst))


@pytest.mark.parametrize("slug", sorted(SHIPPED))
def test_the_open_part_of_every_shipped_sample_fits(slug: str) -> None:
    form_type = SHIPPED[slug]
    schema = schemas.of(form_type)
    for worst in (False, True):
        values = sample(form_type, NoDirectory(), worst)
        open_part = {key: value for key, value in values.items() if key not in form_type.confidential_keys}
        jsonschema_rs.validate(schema, open_part)


@pytest.mark.parametrize("slug", sorted(SHIPPED))
def test_nothing_confidential_is_told(slug: str) -> None:
    form_type = SHIPPED[slug]
    assert not form_type.confidential_keys & schemas.of(form_type)["properties"].keys()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("{key: v, kind: text, label: 文, max_length: 3}", "四个字了"),
        ("{key: v, kind: number, label: 数, max: 5}", 6),
        ("{key: v, kind: choice, label: 选, choices: [甲, 乙]}", "丙"),
        ("{key: v, kind: date, label: 日}", 20261122),
    ],
)
def test_what_the_form_refuses_does_not_fit(field: str, wrong: object) -> None:
    form_type = form_of(f"- {field}")
    assert answered(form_type, v=wrong).problems or not isinstance(wrong, str)
    assert not jsonschema_rs.is_valid(schemas.of(form_type), {"v": wrong})


def test_a_signers_answer_is_read_only_and_a_required_answer_is_required() -> None:
    form_type = form_of(EVERYTHING, RULES)
    schema = schemas.of(form_type)
    assert schema["properties"]["total"]["readOnly"] is True
    assert "t" in schema["required"] and not {"only_yes", "total", "first"} & set(schema["required"])


def test_a_form_that_must_be_told_something_confidential_needs_a_page() -> None:
    secret = "- {key: who, kind: text, label: 举报人, confidential: true, printed: false%s}"
    assert schemas.needs_a_page(form_of(secret % ", required: true"))
    assert not schemas.needs_a_page(form_of(secret % ""))
