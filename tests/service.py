"""The real thing: gunicorn with two workers on a free port, as script/server starts it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from andu.settings import ROOT, Settings


@dataclass
class Service:
    """A running service: where it is, and how to stop and start it."""

    url: str
    port: int
    settings: Settings
    process: subprocess.Popen[bytes] | None = None
    host: str = "127.0.0.1"
    within: tuple[str, ...] = ()
    """Words before the command, where it runs on a machine of a test."""

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        environment = environment_of(self.settings)
        environment |= {"ANDU_BIND": f"{self.host}:{self.port}", "ANDU_WORKERS": "2"}
        log = (self.settings.instance / "service.log").open("ab")
        self.process = subprocess.Popen(
            [*self.within, sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:create_app()"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        for _try in range(2000):  # the first start prints each paper: on a busy machine that takes minutes
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in", timeout=5):  # noqa: S310 - our own
                    return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        self.stop()
        raise AssertionError(self.log())

    def log(self) -> str:
        """What it said so far."""
        return (self.settings.instance / "service.log").read_text()

    def stop(self) -> None:
        """Stop it as a power cut would."""
        assert self.process is not None
        with suppress(ProcessLookupError):  # it has stopped by itself
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables by which a program of its own finds the office of these settings."""
    found = {**os.environ, "ANDU_INSTANCE": str(settings.instance), "ANDU_STORE": settings.store}
    found["ANDU_FILES"] = settings.files
    return found | ({"ANDU_JOURNAL": settings.journal_store} if settings.journal_store else {})


def serve(founded: Path, folder: Path) -> Service:
    """A copy of the founded office, served."""
    instance = folder / "instance"
    shutil.copytree(founded, instance)
    return served(Settings(instance=instance))


def served(settings: Settings) -> Service:
    """The office of these settings, served on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    service = Service(f"http://127.0.0.1:{port}", port, settings)
    service.start()
    return service
