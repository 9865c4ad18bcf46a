"""The sample office with its interface, and programs that ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andu.formtypes.filling import samples
from andu.office import editions
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.security import programs
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People
from tests.views.conftest import app, filed, office, sign, submit

__all__ = ["app", "filed", "office", "sign", "submit"]


class Program:
    """Somebody's program, with its token and without a cookie."""

    def __init__(self, app: Flask, secret: str) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.secret = secret
        self.keys = 0

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> TestResponse:
        """One request; ``headers`` with _ for -."""
        given = {"Authorization": f"Bearer {self.secret}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/api/v1{path}", method=method, json=said, headers=given)

    def get(self, path: str, **query: Any) -> Any:
        """What a reading gives."""
        answer = self.client.get(
            f"/api/v1{path}", query_string=query, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    def make(self, path: str, said: Any, key: str = "") -> TestResponse:
        """Ask for something new, under a key of its own unless one is given."""
        self.keys += 1
        return self.ask("POST", path, said, Idempotency_Key=key or f"key-{id(self)}-{self.keys}")


Hire = Callable[..., Program]


@pytest.fixture
def hire(app: Flask, office: Office, people: People) -> Hire:
    """``hire("zhangsan", "see", "fill", forms=[…])``: a program with a token of this person."""

    def hire(username: str, *uses: str, forms: tuple[str, ...] = ()) -> Program:
        proof = (PASSWORD, "10.0.0.1")
        made = programs.make(office.store, office.clock, people[username], "取数", uses, forms, 30, *proof)
        return Program(app, made[1])

    return hire


def values_of(office: Office, actor: Account, slug: str, **changes: Any) -> dict[str, Any]:
    """The open answers of a form type's own sample."""
    form_type = editions.current(office, slug).form_type
    values = {**samples.sample(form_type, OfficeDirectory(office, actor)), **changes}
    asked = {field.key for field in form_type.clerk_fields} - form_type.confidential_keys
    return {key: value for key, value in values.items() if key in asked}
