"""What a program gets when something does not go: problem+json (RFC 9457), in the words of the screens.

``title`` and ``detail`` are Chinese sentences for the person behind the program; ``errors`` names each field
by its key. A fault nobody foresaw shows an id that stands in the log as well, and nothing else.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, InternalServerError

from andu.formtypes.filling.webform import Problem
from andu.office.errors import InvalidAnswers, NotAllowed, NotFound, Refused
from andu.office.writing.drafts import EditedMeanwhile
from andu.office.writing.handing_in import InvalidValues
from andu.office.writing.late import HandedInMeanwhile
from andu.security.vault import VaultFault
from andu.store import AWAY, FILES, Unwritable

log = logging.getLogger("andu")
TYPE = "application/problem+json"


class Wrong(Exception):
    """The request itself is wrong, with this status; ``message`` says how."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def problem(status: int, title: str, detail: str = "", errors: Sequence[Problem] = ()) -> Response:
    """One problem as an answer."""
    said: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    said |= {"detail": detail} if detail else {}
    said |= {"errors": [{"key": one.key, "message": one.message} for one in errors]} if errors else {}
    return Response(json.dumps(said, ensure_ascii=False), status, mimetype=TYPE)


def _wrong(fault: Wrong) -> Response:
    answer = problem(fault.status, _("请求不正确"), fault.message)
    if fault.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _not_found(_fault: Exception) -> Response:
    return problem(404, _("没有找到"), _("没有这一项，已经删除，或者不归令牌的主人办理。"))


def _not_allowed(fault: NotAllowed) -> Response:
    return problem(403, _("不能办理这一项"), fault.message)


def _refused(fault: Refused) -> Response:
    return problem(409, _("现在不能这样办"), fault.message)


def _invalid_values(fault: InvalidValues) -> Response:
    return problem(422, _("数据不符合表单"), errors=fault.problems)


def _invalid_answers(fault: InvalidAnswers) -> Response:
    return problem(422, _("填写的内容有误，没有提交"), errors=fault.form.problems)


def _meanwhile(_fault: Exception) -> Response:
    return problem(409, _("内容已经有人改过"), _("请重新读取草稿，核对后再办。"))


def _unwritable(fault: Unwritable) -> Response:
    log.error("nothing can be stored (%s) at %s: %s", fault.why, request.endpoint, fault.__cause__ or fault)
    if fault.why == FILES:  # what the bucket said is for the log alone
        return problem(503, _("文件现在存不下也取不出"), _("存放文书和附件的存储桶连不上，请稍后再试。"))
    return problem(503 if fault.why == AWAY else 507, _("没有存下来"), str(fault))


def _locked_away(fault: VaultFault) -> Response:
    log.error("the vault at %s: %s", request.endpoint, fault)
    return problem(503, _("保密信息现在用不了"), str(fault))


def _http(fault: HTTPException) -> Response:
    words = {413: _("内容太大"), 403: _("请求被拒绝"), 404: _("没有找到"), 429: _("请稍候再试")}
    status = fault.code or 500
    return problem(status, words.get(status, _("请求不正确")))


def _unforeseen(fault: InternalServerError) -> Response:
    name = secrets.token_hex(4)
    log.error("fault %s at %s", name, request.endpoint, exc_info=fault.original_exception)
    return problem(500, _("系统出错了"), _("没有办成。请把编号 %(id)s 告诉管理员。", id=name))


def register(blueprint: Blueprint) -> None:
    """Answer every refusal and fault within the interface like this."""
    for kind, handler in (
        (Wrong, _wrong),
        (NotFound, _not_found),
        (NotAllowed, _not_allowed),
        (Refused, _refused),
        (InvalidValues, _invalid_values),
        (InvalidAnswers, _invalid_answers),
        (EditedMeanwhile, _meanwhile),
        (HandedInMeanwhile, _meanwhile),
        (Unwritable, _unwritable),
        (VaultFault, _locked_away),
        (HTTPException, _http),
        (500, _unforeseen),
    ):
        blueprint.register_error_handler(kind, handler)  # type: ignore[arg-type]
