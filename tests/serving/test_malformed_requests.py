"""What is no request at all is answered with 400 or the like, never with a fault of ours."""

from __future__ import annotations

import pytest

from tests.service import Service
from tests.serving.conftest import SmallService, status, talk

pytestmark = pytest.mark.xdist_group("serving")  # one start of the service for all

CHUNKED = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "said",
    [
        CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n",
        CHUNKED + b"3;" + b"x" * 20_000,
        CHUNKED + b"3\r\nabc\r\n0\r\nX: " + b"y" * 20_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1e3\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_malformed_requests_are_refused(small: SmallService, said: bytes) -> None:
    assert 400 <= status(talk(small.port, said)) < 500
    assert small.app.seen == []


def test_a_chunked_body_arrives_whole(small: SmallService) -> None:
    answer = talk(small.port, CHUNKED + b"3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
    assert answer.endswith(b"7")


def test_a_chunked_body_that_does_not_end_is_refused_at_the_bound(small: SmallService) -> None:
    answer = talk(small.port, CHUNKED + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 80 + b"0\r\n\r\n")
    assert status(answer) == 413


def test_a_broken_body_is_a_fault_of_the_sender(service: Service) -> None:
    assert status(talk(service.port, CHUNKED + b"zz\r\n")) == 400
    for host in (b"\xff\xfe", b"[", b"a" * 9000, b"x:99999999"):
        answer = talk(
            service.port, b"GET /sign-in HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        )
        assert status(answer) < 500
