"""A bucket of the tests' own (moto), and what stands before it: it can go away, or forget what was asked."""

from __future__ import annotations

import http.client
import logging
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from moto.server import ThreadedMotoServer

KEY, SECRET = "AKIACANARYOFANDU", "canary-secret-of-andu"
_HOP = ("host", "connection", "transfer-encoding", "content-length")


@dataclass
class Bucket:
    """``address`` as ANDU_FILES takes it; below, what goes wrong on the way.

    ``is_away``: nothing answers; ``forgets``: If-None-Match is not heard; ``refuses``: whoever comes is sent
    away, with their key named in the answer, as servers do. ``writes`` counts what was sent to be kept; from
    ``lasts`` of them on it is away.
    """

    port: int = 0
    address: str = ""
    is_away: bool = False
    forgets: bool = False
    refuses: bool = False
    writes: int = 0
    lasts: int | None = None

    def at(self, prefix: str) -> str:
        """The same bucket, below another prefix."""
        start, _question, asked = self.address.partition("?")
        return f"{start.rpartition('/')[0]}/{prefix}?{asked}"


@pytest.fixture(scope="session")
def server() -> Iterator[int]:
    """The port of a server that is started once for all tests of a run."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    port = moto.get_host_and_port()[1]
    _put(f"http://127.0.0.1:{port}/office")
    yield port
    moto.stop()


def _put(url: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=20).close()  # noqa: S310


@pytest.fixture
def bucket(server: int, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Bucket]:
    """A fresh place in that bucket, and what stands between it and the office."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    found = Bucket(server)

    class Between(_Between):
        state = found

    with ThreadingHTTPServer(("127.0.0.1", 0), Between) as between:
        between.daemon_threads = True
        threading.Thread(target=between.serve_forever, args=(0.02,), daemon=True).start()
        name = "".join(sign if sign.isalnum() else "-" for sign in request.node.name)
        endpoint = f"http://127.0.0.1:{between.server_port}"
        found.address = f"s3://office/{name[:80]}?endpoint={endpoint}&region=us-east-1"
        yield found
        between.shutdown()


class _Between(BaseHTTPRequestHandler):
    """Hands each request on to the bucket behind it."""

    protocol_version = "HTTP/1.1"
    state: Bucket

    def _hand_on(self) -> None:
        state, sent = self.state, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "PUT":
            state.writes += 1
            state.is_away = state.is_away or (state.lasts is not None and state.writes > state.lasts)
        if state.is_away:
            self.close_connection = True
            self.connection.close()
            return
        if state.refuses:
            said = f"<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>{KEY}</AWSAccessKeyId></Error>"
            return self._answer(403, [], said.encode())
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        if state.forgets:
            headers = {name: value for name, value in headers.items() if name.lower() != "if-none-match"}
        behind = http.client.HTTPConnection("127.0.0.1", state.port, timeout=20)
        behind.request(self.command, self.path, sent, headers)
        got = behind.getresponse()
        self._answer(got.status, got.getheaders(), got.read())
        behind.close()
        return None

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_DELETE = do_POST = do_HEAD = _hand_on

    def log_message(self, *_words: object) -> None:
        """Nothing: a test run is quiet."""
