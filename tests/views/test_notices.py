"""Notices by e-mail and to groups: counts only, nobody twice, off as shipped; a dead server stops nobody."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office.notices import sending, telling, ways
from andu.office.office import Office
from tests.conftest import People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

PAGE = "/settings/notices"
SECRETS = ("强买强卖", "示例举报人", "示例一村", "张三", "李四", "砂场")


class Post(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to get a letter; addresses with ``gone`` are refused."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            verb = line.upper()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.got.append(message_from_bytes(letter, policy=policy.default))  # type: ignore[attr-defined]
            if verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 no such\r\n" if b"gone" in line else b"250 ok\r\n")


class Group(BaseHTTPRequestHandler):
    """The robots of both houses."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.path, body))  # type: ignore[attr-defined]
        refused = b'{"errcode": 310000, "errmsg": "sign not match"}'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(refused if "wrong" in self.path else b'{"errcode": 0}')

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def listening(kind: Any, handler: Any) -> Iterator[Any]:
    with kind(("127.0.0.1", 0), handler) as server:
        server.got = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def post() -> Iterator[Any]:
    with listening(socketserver.ThreadingTCPServer, Post) as server:
        yield server


@pytest.fixture
def group() -> Iterator[Any]:
    with listening(ThreadingHTTPServer, Group) as server:
        yield server


def _press(visitor: Visitor, act: str, **said: str) -> str:
    visitor.get(PAGE)
    visitor.post(f"{PAGE}/{act}", said)
    return visitor.text()


def _mail(visitor: Visitor, post: Any, **more: str) -> str:
    said = {"server": "127.0.0.1", "port": str(post.server_address[1]), "security": "plain"}
    return _press(
        visitor, "mail", **{**said, "sender": "andu@example.cn", "user": "", "password": "", **more}
    )


def _robot(visitor: Visitor, group: Any, path: str, **more: str) -> str:
    url = f"http://127.0.0.1:{group.server_address[1]}/{path}?key=k"
    said = {"label": "工作群", "kind": "wecom", "url": url, "secret": "", "unit": ""}
    return _press(visitor, "robots", **{**said, **more})


def test_only_counts_go_out_and_to_nobody_twice(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, post: Any, group: Any,
    clock: FixedClock,
) -> None:  # fmt: skip
    clock.advance(24 * 3600)  # a Monday, after nine
    sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))
    admin = signed_in("wujiu")
    _mail(admin, post)
    of = {people.lisi.id: "li@example.cn", people.sunqi.id: "gone@example.cn"}
    _press(admin, "people", **{f"of-{one}": address for one, address in of.items()})
    _robot(admin, group, "wecom")
    _robot(admin, group, "dingtalk", kind="dingtalk", secret="SEC1")
    assert telling.tell(office) == 0  # off as shipped
    _press(admin, "plan", is_on="on", at_once="on", digest="08:30")
    assert telling.tell(office) == 3
    (letter,) = post.got
    assert letter["To"] == "li@example.cn" and letter["Subject"].startswith("示例镇 案牍：待签 1 件")
    assert [path.partition("?")[0] for path, _body in group.got] == ["/wecom", "/dingtalk"]
    assert "&sign=" in group.got[1][0] and "timestamp=" in group.got[1][0]
    told = [letter.get_content(), *(body["text"]["content"] for _path, body in group.got)]
    assert all("待签 1 件" in one for one in told)
    assert not [word for word in SECRETS for one in told if word in one]
    assert "gone@example.cn 被拒收" in signed_in("wujiu").get(PAGE).text  # and stopped nobody else
    # nothing new: nobody is told again, today; what is new is told once, a quarter of an hour later
    assert telling.tell(office) == 0
    clock.advance(600)
    sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))
    assert telling.tell(office) == 0
    clock.advance(600)
    assert telling.tell(office) == 3 and "待签 2 件" in post.got[1]["Subject"]
    clock.advance(12 * 3600)
    assert telling.tell(office) == 0  # the night
    clock.advance(12 * 3600)
    assert telling.tell(office) == 3  # the next morning, the digest
    assert len(post.got) == 3


def test_a_server_that_fails_is_told_to_the_admin_and_tried_again_later(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, post: Any, group: Any,
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    clock.advance(24 * 3600)
    sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))
    admin = signed_in("wujiu")
    assert "要用户名和密码的服务器，请选加密的连接" in _mail(admin, post, user="u", password="p4ssw0rd")
    assert "端口是" in _mail(admin, post, port="0")
    assert "发件地址写成" in _mail(admin, post, sender="a\nb@example.cn")
    _mail(admin, post)
    assert "机器人的地址以 https:// 开头" in _press(
        admin, "robots", label="群", kind="wecom", url="file:///x"
    )
    _robot(admin, group, "wrong")
    _press(admin, "people", **{f"of-{people.lisi.id}": "li@example.cn"})
    _press(admin, "plan", is_on="on", digest="08:30")
    monkeypatch.setattr(sending, "TIMEOUT", 1)
    port = ways.mail(office).said["port"]  # type: ignore[union-attr]
    _mail(admin, post, port="1")  # nobody listens there
    assert telling.tell(office) == 0
    text = signed_in("wujiu").get(PAGE).text
    assert "邮件没有发出" in text and "sign not match" in text and "/wrong" not in text
    said = len(group.got)
    assert telling.tell(office) == 0 and len(group.got) == said  # it rests for a while
    _mail(admin, post, port=str(port))
    assert telling.tell(office) == 1 and post.got[0]["To"] == "li@example.cn"
    # tried by hand
    assert "已发出一条" in _press(admin, "mail/try", to="wu@example.cn")
    robot = ways.robots(office)[0]
    assert "sign not match" in _press(admin, f"{robot.id}/try")
    _press(admin, f"{robot.id}/drop")
    assert ways.robots(office) == []
    noted = office.store.rows_where("audit", "event = 'notices_changed'")
    assert len(noted) == 7 and not [one for one in noted if "example.cn" in one["data"]]
