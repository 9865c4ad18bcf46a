"""The processes behind the service: a dead one is replaced, and a stop lets everybody finish."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.service import Service
from tests.serving.conftest import connect, status, talk

pytestmark = pytest.mark.xdist_group("serving")  # one start of the service for all

PAGE = b"GET /sign-in HTTP/1.0\r\nHost: x\r\n\r\n"


def children(service: Service) -> set[int]:
    """The processes of gunicorn that serve."""
    assert service.process is not None
    pid = service.process.pid
    return {int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_a_killed_process_is_replaced_while_the_other_serves(service: Service) -> None:
    before = children(service)
    gone = min(before)
    os.kill(gone, signal.SIGKILL)
    for _probe in range(10):
        assert status(talk(service.port, PAGE)) == 200
    for _try in range(100):
        if len(children(service) - {gone}) == 2:
            break
        time.sleep(0.2)
    assert len(children(service) - {gone}) == 2
    assert status(talk(service.port, PAGE)) == 200


def test_a_stop_waits_for_the_request_that_is_on_its_way(service: Service) -> None:
    """The last test of the package: it ends the service."""
    assert service.process is not None
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
    with connect(service.port) as made, connect(service.port) as silent:
        made.sendall(head + b"01234")
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        made.sendall(b"56789")
        assert 200 <= status(made.recv(65536)) < 500
        assert silent.recv(1) == b""
    assert service.process.wait(timeout=20) == 0
