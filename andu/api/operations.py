"""One operation of the interface: its address, what it takes, what it gives, and who may ask for it.

``operation`` hangs a function on the blueprint and notes all that in ``OPERATIONS``, from which the OpenAPI
document is made (``document``): what is documented is what there is. Before a function runs, its token is
asked; what writes, or hands out a record, is noted in the audit log with the token.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, cast

from flask import Blueprint, Response, current_app, g, request
from flask_babel import gettext as _

from andu.api import problems
from andu.api.problems import Wrong
from andu.formtypes.filling import json_answers
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.security import programs
from andu.security.accounts import Account
from andu.security.events import Events
from andu.security.permissions import may

ROOT = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=ROOT)
problems.register(blueprint)
Schema = dict[str, Any]
Answer = tuple[Any, int] | Response


@dataclass(frozen=True)
class Operation:
    """``path`` as the blueprint has it; ``act`` of ``permissions``, '' for any good token.

    ``summary`` is told in Chinese. ``query`` maps parameters to schemas; ``body`` and ``gives`` name shapes
    (``shapes``), or ``gives`` is a media type. ``once``: it makes something and wants an Idempotency-Key.
    ``must`` are parameters that cannot be left out; ``takes`` is the media type of what is sent, if no JSON.
    """

    name: str
    method: str
    path: str
    act: str
    summary: Callable[[], str]
    gives: str
    body: str = ""
    query: Mapping[str, Schema] = field(default_factory=dict)
    statuses: Sequence[int] = (200,)
    must: Sequence[str] = ()
    takes: str = ""
    once: bool = False
    is_noted: bool = False


OPERATIONS: list[Operation] = []


def office() -> Office:
    """The office this app serves, as it had been published when the request came in."""
    if "office" not in g:
        g.office = current_app.extensions["live"].now()
    return cast(Office, g.office)


def actor() -> Account:
    """The person whose token it is, held to it; only inside operations."""
    return cast(Account, g.program)


def operation(
    method: str, path: str, act: str, summary: Callable[[], str], gives: str, **more: Any
) -> Callable[[Callable[..., Answer]], Callable[..., Response]]:
    """Make a function an operation; its keywords are those of ``Operation``."""

    def hang(function: Callable[..., Answer]) -> Callable[..., Response]:
        known = Operation(function.__name__, method, path, act, summary, gives, **more)
        OPERATIONS.append(known)

        @wraps(function)
        def guarded(**parts: Any) -> Response:
            g.program = _holder()
            if act and not may(actor(), act):
                raise NotAllowed(_("这个令牌不能办这一项。"))
            if known.is_noted or method != "GET":
                said = {"act": known.name, "target": request.path}
                office().note(actor().unit_id, actor().id, Events.token_used, token=_token(), **said)
            return _as_response(function(**parts))

        blueprint.add_url_rule(path, known.name, guarded, methods=[method])
        return guarded

    return hang


def _holder() -> Account:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Wrong(_("请在 Authorization 头里写 Bearer 和令牌。"), 401)
    found = programs.holder(office().store, office().clock, secret.strip())
    if found is None:
        raise Wrong(_("令牌不存在、已到期或已作废。"), 401)
    return found


def _token() -> str:
    limit = actor().limit
    return limit.token if limit else ""


def _as_response(answer: Answer) -> Response:
    if isinstance(answer, Response):
        return answer
    said, status = answer
    return Response(json.dumps(said, ensure_ascii=False), status, mimetype="application/json")


@blueprint.route("/", defaults={"rest": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@blueprint.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(rest: str) -> Response:
    """Whatever else is asked for is not there, and that too is said as JSON."""
    _holder()
    raise Wrong(_("接口里没有这一项，请看接口说明。"), 404)


# --- what a request says -------------------------------------------------------------------------


def body(**wanted: type) -> list[Any]:
    """The parts of the JSON object sent, in this order, each of its type; raises ``Wrong``."""
    if request.mimetype != "application/json":
        raise Wrong(_("请用 application/json 发送。"), 415)
    try:
        said = json_answers.read(request.get_data())
    except ValueError as error:
        raise Wrong(_("内容%(what)s", what=error)) from error
    found = [said.get(name) for name in wanted]
    for (name, kind), value in zip(wanted.items(), found, strict=True):
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Wrong(_("缺少“%(name)s”，或者类型不对。", name=name))
    if set(said) - set(wanted):
        raise Wrong(_("多了“%(names)s”。", names="、".join(sorted(set(said) - set(wanted)))))
    return found


def sent(media_type: str) -> bytes:
    """What is sent as it is; raises ``Wrong`` where it is not said to be this."""
    if request.mimetype != media_type:
        raise Wrong(_("请用 %(type)s 发送。", type=media_type), 415)
    return request.get_data()


def once_key() -> str:
    """The Idempotency-Key of the request; raises ``Wrong`` without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not (8 <= len(key) <= 200 and key.isprintable()):
        raise Wrong(_("请在 Idempotency-Key 头里写 8 到 200 个字符，同一件事重发时写同一个。"))
    return key


def asked(name: str, most: int = 80) -> str:
    """A parameter of the address; '' without it. Raises ``Wrong`` for one that is too long or no text."""
    text = request.args.get(name, "")
    if len(text) > most or not _is_text(text):
        raise Wrong(_("参数“%(name)s”不正确。", name=name))
    return text


def _is_text(text: str) -> bool:
    return "\0" not in text and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def number_asked(name: str, otherwise: int, most: int) -> int:
    """A whole number of the address, from 1 to ``most``; raises ``Wrong``."""
    text = asked(name)
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Wrong(_("参数“%(name)s”要写 1 到 %(most)s 的整数。", name=name, most=most))
    return int(text)
