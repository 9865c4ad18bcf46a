"""Connections as an attacker makes them, to the office as script/server serves it and to a small app."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import close_all, poll2

from andu.serving.front import Front
from tests.service import Service, serve


@pytest.fixture(scope="package")
def service(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The sample office, served by gunicorn."""
    service = serve(founded, tmp_path_factory.mktemp("service"))
    yield service
    service.stop()


def connect(port: int) -> socket.socket:
    """A connection that takes little at a time."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect(("127.0.0.1", port))
    return made


def talk(port: int, said: bytes) -> bytes:
    """All that comes back for these bytes, until the service closes."""
    with connect(port) as made:
        made.sendall(said)
        answer = b""
        while more := made.recv(65536):
            answer += more
        return answer


def status(answer: bytes) -> int:
    """The status of the first answer in it."""
    return int(answer.split(b" ", 2)[1])


class Trickle:
    """Bytes sent one by one down many connections, for as long as the block lasts."""

    def __init__(self, connections: Iterable[tuple[socket.socket, bytes]]) -> None:
        self.left = dict(connections)
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.over.wait(0.1):
            for one, rest in self.left.items():
                try:
                    one.send(rest[:1])
                except OSError:
                    continue
                self.left[one] = rest[1:]

    def __enter__(self) -> Trickle:
        self.thread.start()
        return self

    def __exit__(self, *_any: object) -> None:
        self.over.set()
        self.thread.join()
        for one in self.left:
            one.close()


Answer = Callable[[dict[str, Any]], tuple[str, Iterable[bytes]]]


class SmallApp:
    """A WSGI app behind the front: it answers by path, and remembers the environments it was given."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ)
        if environ["andu.refused"]:
            start(f"{environ['andu.refused']} Refused", [("Content-Length", "7")])
            return [b"refused"]
        body = environ["wsgi.input"].read()
        if environ["PATH_INFO"] == "/much":
            start("200 OK", [("Content-Length", str(6 * 1024 * 1024))])
            return (b"x" * 1024 * 1024 for _part in range(6))
        if environ["PATH_INFO"] == "/slow":
            time.sleep(1)
        start("200 OK", [])
        return [str(len(body)).encode()]


class SmallService:
    """The front with four threads and a loop of its own, in this process."""

    def __init__(self, most_body: int = 4 * 1024 * 1024, behind_proxy: bool = False) -> None:
        self.app = SmallApp()
        listener = socket.create_server(("127.0.0.1", 0), backlog=600)
        self.port = listener.getsockname()[1]
        self.channels: dict[int, Any] = {}
        self.threads = ThreadedTaskDispatcher()
        self.threads.set_thread_count(4)
        self.front = Front(self.app, listener, self.threads, self.channels, most_body, behind_proxy)
        self.over = threading.Event()
        self.loop = threading.Thread(target=self._run)
        self.loop.start()

    def _run(self) -> None:
        while not self.over.is_set():
            poll2(0.05, self.channels)

    def close(self) -> None:
        """End it."""
        self.over.set()
        self.loop.join()
        for connection in list(self.front.active_channels.values()):
            connection.handle_close()
        self.threads.shutdown(timeout=5)
        close_all(self.channels)


@pytest.fixture
def small() -> Iterator[SmallService]:
    """A small service."""
    service = SmallService()
    yield service
    service.close()
