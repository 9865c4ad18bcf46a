"""What a person sees when something does not go: one page per kind of refusal, in plain words.

Registered once by ``andu.views.register``. A refusal that can be mended says how; an unforeseen fault
shows an id that stands in the log as well, and nothing of what happened inside.
"""

from __future__ import annotations

import logging
import secrets

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, SecurityError

from andu.office.books.copies import ReasonNeeded
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.security import denials
from andu.views.asking import asking, office
from andu.views.carrying import from_refused_post
from andu.views.session import ask_to_sign_in

log = logging.getLogger("andu")


def _page(status: int, title: str, message: str) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=message), status
    return render_template("errors/fault.html", title=title, message=message), status


def _note_denied() -> None:
    account = asking()
    if account is not None:
        here = office()
        denials.note(here.store, here.clock, account, request.endpoint or "", request.path)


def not_found(fault: Exception) -> ResponseReturnValue:
    """404: no such thing, or not for this person; both look the same, and a try by id is in the audit log."""
    if isinstance(fault, NotFound):
        _note_denied()
    return _page(404, _("没有找到这一页"), _("这一页不存在，已经删除，或者不归您的单位办理。"))


def not_allowed(fault: NotAllowed) -> ResponseReturnValue:
    """403, with a denied try in the audit log."""
    _note_denied()
    return _page(403, _("您不能办理这一项"), fault.message)


def refused(fault: Refused) -> ResponseReturnValue:
    """409: the act is not possible now, and the message says what to do."""
    return _page(409, _("现在不能这样办"), fault.message)


def reason_needed(fault: ReasonNeeded) -> ResponseReturnValue:
    """422: a copy of this paper is out already, and one more needs a reason; the page asks for it."""
    sent = [(name, one) for name, one in request.args.items(multi=True) if name != "reason"]
    said = request.args.get("reason", "")
    return render_template("register/again.html", fault=fault, sent=sent, said=said), 422


def forbidden(_fault: HTTPException) -> ResponseReturnValue:
    """403: another site tried to act through this browser."""
    return _page(403, _("请求被拒绝"), _("这个请求不是从本系统的页面发出的，没有办理。"))


def too_large(_fault: HTTPException) -> ResponseReturnValue:
    """413: more was sent than one request may hold."""
    return _page(413, _("内容太大"), _("一次上传的文件合计不能超过 60 MB。请返回上一页，压缩或分次上传。"))


def too_many(_fault: HTTPException) -> ResponseReturnValue:
    """429: large requests of this person or address fill the room there is."""
    message = _("同时上传的文件太多，这一次没有收下。请等前面的上传完成，再返回上一页重新提交。")
    return _page(429, _("请稍候"), message)


def stale_page(_fault: CSRFError) -> ResponseReturnValue:
    """The page's token is no longer good: ask to sign in, or to confirm once more; what was typed stays."""
    account = asking()
    if account is None or request.accept_mimetypes.best == "application/json":
        return ask_to_sign_in()
    carried = from_refused_post()
    if carried is None or carried.whose != account.id:
        return _page(400, _("这一页放得太久了"), _("为了安全没有办理。请返回上一页，刷新后再试。"))
    reason = _("这一页放得太久了，为了安全要您再确认一次。")
    return render_template("session/resume.html", carried=carried, reason=reason), 400


def not_called_so(_fault: HTTPException) -> ResponseReturnValue:
    """400: the Host is no address; without one no page of ours can name another."""
    return _("请求的主机名不正确。"), 400, {"Content-Type": "text/plain; charset=utf-8"}


def other_http(fault: HTTPException) -> ResponseReturnValue:
    """Any other answer of the protocol, in the same frame."""
    return _page(
        fault.code or 500,
        _("没有办成"),
        _("请求不正确（%(code)s）。请返回上一页再试。", code=fault.code or 500),
    )


def unforeseen(fault: InternalServerError) -> ResponseReturnValue:
    """500: log the fault under an id, and show the id alone."""
    name = secrets.token_hex(4)
    log.error("fault %s at %s", name, request.endpoint, exc_info=fault.original_exception)
    message = _("没有办成，不是您的问题。请把编号 %(id)s 告诉管理员；已保存的内容还在。", id=name)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=message), 500
    return render_template("errors/broken.html", title=_("系统出错了"), message=message), 500


def _leave_it_to_unforeseen(_fault: object) -> None:
    """Flask logs a fault before it answers; here it is logged once, under the id that is shown."""


def register(app: Flask) -> None:
    """Answer every refusal and fault of ``app`` with these pages."""
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(404, not_found)
    app.register_error_handler(NotAllowed, not_allowed)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(ReasonNeeded, reason_needed)
    app.register_error_handler(403, forbidden)
    app.register_error_handler(413, too_large)
    app.register_error_handler(429, too_many)
    app.register_error_handler(CSRFError, stale_page)
    app.register_error_handler(SecurityError, not_called_so)
    app.register_error_handler(BadHost, not_called_so)
    app.register_error_handler(HTTPException, other_http)
    app.register_error_handler(500, unforeseen)
    app.log_exception = _leave_it_to_unforeseen  # type: ignore[assignment, method-assign]
