"""The process that serves: gunicorn starts, watches and replaces it, the front of waitress reads and writes.

Named in gunicorn.conf.py. gunicorn's own workers give a thread to each connection from its first byte on:
forty-eight that trickle stopped the office. What it is good at stays: the office opened once before the
processes are made, a dead one replaced, a stop that lets everybody finish.
"""

from __future__ import annotations

import logging
import os
import time
from typing import Any

import pypinyin  # noqa: F401 - dictionaries that a page would wait for: read once, before the workers are made
import rjieba  # noqa: F401
from gunicorn.workers.base import Worker
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import poll2 as turn

from andu.office.writing.attachments import MAX_REQUEST
from andu.serving.front import Front

LAST_BYTES = 5.0  # seconds that a stop waits for a request still on its way in


class BufferingWorker(Worker):
    """One process with its connections and its threads."""

    fronts: tuple[Front, ...] = ()

    def run(self) -> None:
        """Serve until told to stop, or until gunicorn is gone."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        settings = self.wsgi.extensions["andu"].settings
        self.channels: dict[int, Any] = {}
        self.threads = ThreadedTaskDispatcher()
        self.threads.set_thread_count(self.cfg.threads)
        self.fronts = tuple(
            Front(self.wsgi, one.sock, self.threads, self.channels, MAX_REQUEST, settings.https)
            for one in self.sockets
        )
        while self.alive and os.getppid() == self.ppid:
            self._turn(1.0)
        self._finish()

    def _turn(self, seconds: float) -> None:
        self.notify()
        turn(seconds, self.channels)

    def _finish(self) -> None:
        """Answer what is being worked on, and what arrives in full within a few seconds."""
        for front in self.fronts:
            front.stop_listening()
        began = time.monotonic()
        while any(front.is_busy() for front in self.fronts):
            waited = time.monotonic() - began
            at_work = any(one.requests for front in self.fronts for one in front.active_channels.values())
            if waited > (self.cfg.graceful_timeout if at_work else LAST_BYTES):
                break
            self._turn(0.1)
        self.threads.shutdown(timeout=1)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Told to stop: let the loop see it now."""
        super().handle_exit(sig, frame)
        for front in self.fronts[:1]:
            front.pull_trigger()
