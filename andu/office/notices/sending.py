"""Out of the house: one e-mail over the office's own server, one message to the robot of a group.

Called by ``telling`` and by the button that tries a way. Waits ten seconds at most, follows no redirection,
and raises ``Unsent`` with a Chinese reason for whatever goes wrong outside.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import smtplib
import ssl
import time
from email.message import EmailMessage
from urllib.parse import quote_plus, urlsplit

from flask_babel import gettext as _

from andu.office.notices.ways import DINGTALK, STARTTLS, TLS, NoticeWay

TIMEOUT = 10
LARGEST = 64 * 1024


class Unsent(Exception):
    """It did not go; the message says why."""


class OneRefused(Unsent):
    """The server works, but does not take this one address."""


def mail(way: NoticeWay, to: str, subject: str, text: str) -> None:
    """Send one e-mail."""
    said, letter = way.said, EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = said["sender"], to, subject
    letter.set_content(text)
    try:
        with _server(way) as server:
            if said["security"] == STARTTLS:
                server.starttls(context=ssl.create_default_context())
            if said["user"]:
                server.login(said["user"], said["password"])
            server.send_message(letter)
    except (smtplib.SMTPRecipientsRefused, ValueError) as fault:
        raise OneRefused(_("邮箱 %(to)s 被拒收", to=to)) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise Unsent(_("邮件没有发出：%(why)s", why=_why(fault))) from fault


def _server(way: NoticeWay) -> smtplib.SMTP:
    place = way.said["server"], way.said["port"]
    if way.said["security"] == TLS:
        return smtplib.SMTP_SSL(*place, timeout=TIMEOUT, context=ssl.create_default_context())
    return smtplib.SMTP(*place, timeout=TIMEOUT)


def robot(way: NoticeWay, text: str) -> None:
    """Say something in a group: 企业微信 and 钉钉 take the same message, and answer ``errcode`` 0."""
    url = urlsplit(way.said["url"])
    is_open = url.scheme == "http"
    connection = (http.client.HTTPConnection if is_open else http.client.HTTPSConnection)(
        url.hostname or "", url.port, timeout=TIMEOUT
    )
    query = url.query + (
        _signature(way.said["secret"]) if way.kind == DINGTALK and way.said["secret"] else ""
    )
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    try:
        connection.request(
            "POST", f"{url.path or '/'}?{query}", body, {"Content-Type": "application/json; charset=utf-8"}
        )
        answer = connection.getresponse()
        told = json.loads(answer.read(LARGEST) or b"{}") if answer.status == 200 else {}
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise Unsent(_("群机器人没有收到：%(why)s", why=_why(fault))) from fault
    finally:
        connection.close()
    if answer.status != 200 or not isinstance(told, dict) or told.get("errcode") != 0:
        why = str(told.get("errmsg") if isinstance(told, dict) else "") or str(answer.status)
        raise Unsent(_("群机器人没有收下：%(why)s", why=why[:80]))


def _signature(secret: str) -> str:
    """What 钉钉 asks of a robot with 加签: the time, signed with its secret."""
    at = str(round(time.time() * 1000))
    made = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={at}&sign={quote_plus(base64.b64encode(made))}"


def _why(fault: BaseException) -> str:
    return (str(fault) or type(fault).__name__)[:120]
