"""Schemathesis asks the interface what its own document allows: no 5xx, and every answer as documented."""

from __future__ import annotations

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from tests.api.conftest import Hire, Program

FORM = "completion_report"
load_all_checks()
HELD = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


@pytest.fixture
def program(hire: Hire, filed: object) -> Program:
    """A program that may do everything a program may, with one form: more would only take longer."""
    return hire("zhangsan", "see", "fill", "fetch", forms=(FORM,))


@pytest.fixture
def described(app: Flask, program: Program) -> schemathesis.BaseSchema:
    """The interface as its document says, asked with invented requests alone, and not with each edge."""
    headers = {"Authorization": f"Bearer {program.secret}"}
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, headers=headers)
    found.config.phases.update(phases=["fuzzing"])
    return found


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=6, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_every_answer_is_as_documented(case: schemathesis.Case, program: Program) -> None:
    # within the process it unpacks no answer itself
    headers = {"Authorization": f"Bearer {program.secret}", "Accept-Encoding": "identity"}
    case.call_and_validate(headers=headers, checks=HELD)
