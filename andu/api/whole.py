"""The OpenAPI document (3.1): made from the operations, the shapes, and the form types offered now."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _

from andu.api.operations import OPERATIONS, ROOT, Answer, Operation, actor, office, operation
from andu.api.shapes import SHAPES, ref
from andu.formtypes.definition import FormType
from andu.formtypes.filling import schemas
from andu.office import access, editions
from andu.office.office import Office

_PART = re.compile(r"<(\w+)>")
BYTES = {"type": "string", "format": "binary"}
_PROBLEMS = {"application/problem+json": {"schema": ref("Problem")}}


@operation("GET", "/openapi.json", "", lambda: _("本说明，OpenAPI 3.1"), "OpenAPI")
def openapi() -> Answer:
    return document(office(), access.shut(office(), actor())), 200


def document(office: Office, shut: Collection[str] = ()) -> dict[str, Any]:
    """The document for whoever meets all form types that are offered but those that are ``shut``."""
    offered = [one for one in editions.offered(office) if one.slug not in shut]
    paths: dict[str, Any] = {}
    for one in OPERATIONS:
        paths.setdefault(_PART.sub(r"{\1}", one.path), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": _("%(name)s 案牍接口", name=office.config.name), "version": "1"},
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**SHAPES, "OpenAPI": {"type": "object"}, **_answers(offered)},
        },
    }


def _answers(offered: Collection[FormType]) -> dict[str, Any]:
    """For each form type the schema of its answers, and what is sent to begin one: one of these."""
    by_form = {f"values_{one.slug}": schemas.of(one) for one in offered}
    new = {
        **SHAPES["NewAnswers"],
        "properties": {
            "form": {"enum": [one.slug for one in offered]},
            "values": {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in by_form]},
        },
    }
    return {**by_form, "NewAnswers": new} if offered else {}


def _operation(one: Operation) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PART.findall(one.path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": name in one.must, "schema": schema}
        for name, schema in one.query.items()
    ]
    if one.once:
        key = {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"}
        parameters.append({"name": "Idempotency-Key", "in": "header", "required": True, "schema": key})
    media = one.gives if "/" in one.gives else "application/json"
    schema = BYTES if "/" in one.gives else ref(one.gives)
    good = {"description": one.summary(), "content": {media: {"schema": schema}}}
    said = {
        "operationId": one.name,
        "summary": one.summary(),
        "parameters": parameters,
        "responses": {
            **{str(status): good for status in one.statuses},
            "4XX": {"description": _("没有办成，说明原因"), "content": _PROBLEMS},
        },
    }
    if one.body or one.takes:
        schema = ref(one.body) if one.body else BYTES
        said["requestBody"] = {
            "required": True,
            "content": {one.takes or "application/json": {"schema": schema}},
        }
    return said
