"""Whoever is slow or silent costs nobody else anything."""

from __future__ import annotations

import re
import socket
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest

from andu.serving import front
from tests.conftest import PASSWORD
from tests.service import Service
from tests.serving.conftest import SmallService, Trickle, connect, status, talk

pytestmark = pytest.mark.xdist_group("serving")  # one start of the service for all

QUICK = 3.0  # seconds; a busy machine needs one


class Browser:
    """Somebody at work while the others are slow."""

    def __init__(self, service: Service) -> None:
        self.url = service.url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.slowest = 0.0

    def get(self, path: str, form: dict[str, str] | None = None) -> str:
        """A page; its time is kept."""
        began = time.monotonic()
        data = urlencode(form).encode() if form is not None else None
        with self.opener.open(self.url + path, data, timeout=20) as answer:
            page: str = answer.read().decode()
        self.slowest = max(self.slowest, time.monotonic() - began)
        return page

    def token(self, page: str) -> str:
        """The token that stands in a page."""
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert found is not None
        return found[1]

    def sign_in(self, username: str) -> None:
        """Through the page, as everybody."""
        form = {"username": username, "password": PASSWORD, "csrf_token": self.token(self.get("/sign-in"))}
        assert "工作台" in self.get("/sign-in", form)

    @property
    def cookie(self) -> str:
        """The header a browser sends."""
        return "; ".join(f"{one.name}={one.value}" for one in self.cookies)


HEADERS = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500))
BODY = (
    b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 900000\r\n\r\nusername="
)
CHUNKS = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"


@contextmanager
def a_hundred(service: Service) -> Iterator[list[socket.socket]]:
    """Silent ones, ones that trickle headers, bodies or chunks, and ones that do not read."""
    with ExitStack() as stack:
        all_of_them = [stack.enter_context(connect(service.port)) for _each in range(100)]
        trickling = []
        for number, one in enumerate(all_of_them):
            kind = number % 5
            if kind == 1:
                trickling.append((one, HEADERS))
            elif kind == 2:
                one.sendall(BODY)
                trickling.append((one, b"x" * 5000))
            elif kind == 3:
                one.sendall(CHUNKS)
                trickling.append((one, b"x" * 5000))
            elif kind == 4:
                one.sendall(b"GET /static/css/andu.css HTTP/1.1\r\nHost: x\r\n\r\n" * 8)
        with Trickle(trickling):
            yield all_of_them


def test_a_hundred_slow_connections_are_not_noticed(service: Service) -> None:
    people = [Browser(service) for _each in range(6)]  # so that each of the two processes is asked
    with a_hundred(service), ThreadPoolExecutor(6) as at_once:
        people[0].sign_in("zhangsan")
        for _probe in range(10):
            list(at_once.map(lambda one: one.get("/"), people))
        page = people[0].get("/password")
        people[0].get("/sign-out", {"csrf_token": people[0].token(page)})
    assert max(one.slowest for one in people) < QUICK


def upload(cookie: str, size: int = 40_000_000) -> bytes:
    """The beginning of a large upload, by whoever has this cookie."""
    return (
        f"POST /drafts/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {cookie}\r\n"
        f"Content-Length: {size}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    ).encode()


def test_thirty_four_slow_uploads_leave_the_forms_of_the_same_person_answered(service: Service) -> None:
    person = Browser(service)
    person.sign_in("lisi")
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(service.port)) for _each in range(34)]
        for one in slow:
            one.sendall(upload(person.cookie))
        with Trickle((one, b"x" * 5000) for one in slow):
            for _probe in range(20):
                person.get("/")
            page = person.get("/password")
            assert "已退出" in person.get("/sign-out", {"csrf_token": person.token(page)})
    assert person.slowest < QUICK


def test_more_large_uploads_than_one_person_may_have_are_refused_in_words(service: Service) -> None:
    person = Browser(service)
    person.sign_in("wangwu")
    with ExitStack() as stack:
        for _each in range(8):  # four for each of the two processes
            stack.enter_context(connect(service.port)).sendall(upload(person.cookie))
        refused = []
        for _each in range(8):
            one = stack.enter_context(connect(service.port))
            one.sendall(upload(person.cookie))
            one.settimeout(3)
            try:
                refused.append(one.recv(100_000).decode())
            except TimeoutError:
                continue  # the other process had room
    assert refused
    assert all("429" in answer.split("\r\n")[0] for answer in refused)


def test_an_upload_beyond_what_fits_is_answered_with_the_page_that_says_so(service: Service) -> None:
    person = Browser(service)
    person.sign_in("zhaoliu")
    with connect(service.port) as made:
        made.sendall(upload(person.cookie, 70_000_000))
        for _part in range(200):
            made.sendall(b"x" * 65536)  # nobody resets the connection of a browser that still sends
        answer = b""
        while b"</html>" not in answer and (more := made.recv(65536)):
            answer += more
    assert status(answer) == 413
    assert "60 MB" in answer.decode()


def test_a_person_has_four_large_uploads_at_a_time_and_small_ones_always(small: SmallService) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(connect(small.port)) for _each in range(4)]
        for one in held:
            one.sendall(upload("andu=mine", 2_000_000))
        wait_until(lambda: len(small.front.active_channels) == 4)
        time.sleep(0.2)
        assert status(talk(small.port, upload("andu=mine", 2_000_000))) == 429
        assert status(talk(small.port, upload("andu=mine", 10).replace(b"--b\r\n", b"0123456789"))) == 200
        assert status(talk(small.port, upload("andu=yours", 9_000_000))) == 413
        others = [stack.enter_context(connect(small.port)) for _each in range(4)]
        for one in others:
            one.sendall(upload("andu=yours", 2_000_000))
        time.sleep(0.2)
        assert status(talk(small.port, upload("andu=a third", 2_000_000))) == 429  # one address
        held[0].close()
        time.sleep(0.3)
        whole = upload("andu=mine", 2_000_000)
        assert talk(small.port, whole + b"x" * (2_000_000 - 5)).endswith(b"2000000")


def wait_until(fact: object) -> None:
    """Until it is so, at most five seconds."""
    assert callable(fact)
    for _try in range(100):
        if fact():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be")


def test_behind_a_proxy_uploads_are_counted_by_the_address_it_saw() -> None:
    service = SmallService(behind_proxy=True)
    try:
        with ExitStack() as stack:
            for number in range(8):
                start = upload(f"andu=p{number}", 2_000_000)
                one = stack.enter_context(connect(service.port))
                one.sendall(start.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: 10.0.0.9, 10.0.0.5"))
            time.sleep(0.3)
            late = upload("andu=late", 2_000_000)
            same = late.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: 10.0.0.5")
            other = late.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: 10.0.0.6")
            assert status(talk(service.port, same)) == 429
            with connect(service.port) as made:
                made.sendall(other + b"x" * (2_000_000 - 5))
                assert status(made.recv(4096)) == 200
    finally:
        service.close()


def test_answers_that_nobody_reads_keep_no_thread(small: SmallService) -> None:
    with ExitStack() as stack:
        for _each in range(12):
            one = stack.enter_context(connect(small.port))
            one.sendall(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status(talk(small.port, b"GET / HTTP/1.0\r\n\r\n")) == 200
        wait_until(lambda: len(small.app.seen) == 13)


def test_the_newest_connection_always_finds_room(
    small: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "OF_ONE_ADDRESS", 20)
    with ExitStack() as stack:
        silent = [stack.enter_context(connect(small.port)) for _each in range(60)]
        assert status(talk(small.port, b"GET / HTTP/1.0\r\n\r\n")) == 200
        wait_until(lambda: len(small.front.active_channels) <= 20)
        assert silent[0].recv(1) == b""  # the oldest went
        silent[-1].sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert status(silent[-1].recv(4096)) == 200


def test_whoever_trickles_for_too_long_is_dropped(
    small: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.5)
    monkeypatch.setattr(front, "SILENT", 0.5)
    small.front.adj.cleanup_interval = 0
    with connect(small.port) as headers, connect(small.port) as silent, connect(small.port) as body:
        body.sendall(BODY)
        with Trickle([(headers, HEADERS), (body, b"x" * 5000)]):
            for one in (headers, silent, body):
                with suppress(ConnectionResetError):
                    assert one.recv(1) == b""


def test_a_request_that_takes_long_is_not_taken_for_a_slow_one(
    small: SmallService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.2)
    monkeypatch.setattr(front, "SILENT", 0.2)
    small.front.adj.cleanup_interval = 0
    assert status(talk(small.port, b"GET /slow HTTP/1.0\r\n\r\n")) == 200


def test_pipelines_without_end_are_cut(small: SmallService) -> None:
    with connect(small.port) as made:
        made.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        with pytest.raises((ConnectionResetError, EOFError)):
            while made.recv(65536):
                pass
            raise EOFError
    assert len(small.app.seen) < 10
