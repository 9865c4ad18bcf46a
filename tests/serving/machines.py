"""Machines of a test: each a network namespace of its own, with a way to the people and one to the database.

A way that is cut swallows what is sent, in both directions, without a word: its link is down, and nobody
hears of a process that died behind it. Only root may make them; elsewhere the test says so.
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from andu.settings import ROOT, Settings
from tests.service import Service, environment_of

PEOPLE, DATABASE = "p", "d"
NET = "198.18.{}.{}"
"""Addresses for trials between networks (RFC 2544): they lead nowhere else."""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=30)


def refuse_without_namespaces() -> None:
    """Skip the test where no network namespace can be made."""
    name = f"andu-{os.getpid()}-probe"
    try:
        _ip("netns", "add", name)
        _ip("netns", "del", name)
    except (OSError, subprocess.SubprocessError) as fault:
        pytest.skip(f"no network namespaces here (needs root and iproute2): {fault}")


class Machine:
    """A machine with its own network; what runs on it is killed and cut off as by a power cut."""

    def __init__(self, n: int) -> None:
        self.name = f"andu-{os.getpid()}-{n}"
        self.service: Service | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self._n = n
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        for way in (PEOPLE, DATABASE):
            near, far = f"{way}{n}{os.getpid()}"[:14], f"{way}in"
            _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", self.name)
            _ip("addr", "add", f"{self.outside(way)}/24", "dev", near)
            _ip("-n", self.name, "addr", "add", f"{self.inside(way)}/24", "dev", far)
            _ip("link", "set", near, "up")
            _ip("-n", self.name, "link", "set", far, "up")

    def _net(self, way: str) -> int:
        return self._n * 2 + (PEOPLE, DATABASE).index(way)

    def outside(self, way: str) -> str:
        """The address of the other side."""
        return NET.format(self._net(way), 1)

    def inside(self, way: str) -> str:
        """Its own address."""
        return NET.format(self._net(way), 2)

    def cut(self, way: str) -> None:
        """From now on nothing comes through."""
        _ip("link", "set", f"{way}{self._n}{os.getpid()}"[:14], "down")

    def mend(self, way: str) -> None:
        """As before."""
        _ip("link", "set", f"{way}{self._n}{os.getpid()}"[:14], "up")

    def start(self, settings: Settings) -> None:
        """Start the service of two workers, and ``script/andu worker`` beside it."""
        here = ("ip", "netns", "exec", self.name)
        if self.service is None:
            host = self.inside(PEOPLE)
            self.service = Service(f"http://{host}:8000", 8000, settings, host=host, within=here)
        self.service.start()
        with (settings.instance / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [*here, str(ROOT / "script/andu"), "worker"],
                cwd=ROOT, env=environment_of(settings), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def power_off(self) -> None:
        """Nobody hears of it: the network is gone before the processes are."""
        for way in (PEOPLE, DATABASE):
            self.cut(way)
        self.kill()

    def kill(self) -> None:
        """Kill what runs here."""
        if self.service is not None and self.service.process is not None:
            self.service.stop()
        if self.worker is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def remove(self) -> None:
        """Leave nothing of it."""
        self.kill()
        _ip("netns", "del", self.name)

    def log(self) -> str:
        """What its programs said."""
        assert self.service is not None
        return self.service.log() + Path(self.service.settings.instance / "worker.log").read_text()
