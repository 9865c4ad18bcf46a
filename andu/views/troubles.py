"""What a person sees when the machine does not go: a full disk, a read-only folder, a lost key.

Registered by ``andu.views.register`` beside ``faults``. The page says what it is and whom to call; what was
typed stays in it, to be sent again when the machine has been mended. Nothing here writes.
"""

from __future__ import annotations

import logging

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.security.vault import VaultFault
from andu.store import AWAY, FILES, READ_ONLY, Unwritable
from andu.views.carrying import from_refused_post

log = logging.getLogger("andu")


def _page(status: int, title: str, message: str) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=message), status
    said = {"title": title, "message": message, "carried": from_refused_post()}
    return render_template("errors/trouble.html", **said), status


def unwritable(fault: Unwritable) -> ResponseReturnValue:
    """507: nothing can be stored; 503 while the database server, or the bucket of the files, is away."""
    log.error("nothing can be stored (%s) at %s: %s", fault.why, request.endpoint, fault.__cause__ or fault)
    if fault.why == FILES:
        why = _("存放文书和附件的地方（存储桶）现在连不上。请稍后再试；一直不行请告诉管理员。")
        return _page(503, _("没有存下来") if request.method == "POST" else _("文件现在取不出来"), why)
    if fault.why == AWAY:
        why = _("数据库服务器连不上或正在重启，现在什么都存不下来。请稍后再试；一直不行请告诉管理员。")
        return _page(503, _("没有存下来"), why)
    if fault.why == READ_ONLY:
        why = _("存放数据的文件夹现在只读，什么都存不下来。请告诉管理员检查磁盘和文件夹的权限。")
    else:
        why = _("存放数据的磁盘满了或写不进去，什么都存不下来。请告诉管理员清理磁盘。")
    return _page(507, _("没有存下来"), why)


def locked_away(fault: VaultFault) -> ResponseReturnValue:
    """503: what is sealed cannot be opened, or nothing can be sealed."""
    log.error("the vault at %s: %s", request.endpoint, fault)
    why = _("%(why)s请告诉管理员：在服务器上运行 script/andu doctor 可以看到原因和办法。", why=fault)
    return _page(503, _("保密信息现在用不了"), why)


def register(app: Flask) -> None:
    """Answer every trouble of the machine with these pages."""
    app.register_error_handler(Unwritable, unwritable)
    app.register_error_handler(VaultFault, locked_away)
