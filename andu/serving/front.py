"""All connections of one process, in one loop: waitress, with bounds on how many and how slow.

Started by ``worker``. Headers and bodies are read here and answers written here; a thread works on a request
only once it is whole, and leaves its answer behind in memory or on disk. So connections that trickle, keep
silent or do not read cost no thread. They are bounded as well: whoever is slower than ``RATE`` beyond
``PATIENCE`` is dropped, and where there are too many, of one address or in all, the one that has
gone longest without an answer makes room for the newest.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from andu.serving.incoming import Answering, Incoming
from andu.serving.uploads import Uploads

CONNECTIONS = 400
OF_ONE_ADDRESS = 200
PATIENCE = 60.0  # seconds for a request to arrive or an answer to leave, beyond what RATE allows
RATE = 4096  # bytes a second
SILENT = 30.0  # before the first request
IDLE = 75.0  # between two requests
PIPELINED = 8  # requests sent on without waiting for an answer: no browser does
LINGER = 30.0  # while the rest of a refused request is thrown away


class Connection(HTTPChannel):
    """One connection."""

    task_class = Answering
    request: Any = None  # what is on its way in
    close_when_flushed: bool = False

    def __init__(self, server: Front, sock: socket.socket, addr: Any, adj: Any, map: Any = None) -> None:
        self.parser_class = partial(Incoming, self)
        self.since = self.last_answer = time.monotonic()
        self.moved = self.served = 0
        self.phase: tuple[str, int] = ("idle", 0)
        self.refuses = self.lingers = False
        super().__init__(server, sock, addr, adj, map=map)
        server.make_room(self)

    def address_of(self, headers: dict[str, str]) -> str:
        """Who is at the other end: the peer, or whom the proxy in front saw."""
        forwarded = headers.get("X_FORWARDED_FOR", "") if self.server.behind_proxy else ""
        return forwarded.rpartition(",")[2].strip() or str(self.addr[0])

    def readable(self) -> bool:
        """Whether to look for more of a request, or of what is thrown away."""
        return self.lingers or bool(super().readable())

    def recv(self, buffer_size: int) -> bytes:
        """Read, and count it."""
        data: bytes = super().recv(buffer_size)
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Write, and count it."""
        sent: int = super().send(data, do_close)
        self.moved += sent or 0
        return sent

    def handle_read(self) -> None:
        """Take what came."""
        if self.lingers:
            with contextlib.suppress(OSError):
                self.recv(65536)
            return
        super().handle_read()

    def received(self, data: bytes) -> bool:
        """Read on, but not without end while nothing is answered."""
        taken = bool(super().received(data))
        if len(self.requests) > PIPELINED:
            self.will_close = True
        return taken

    def handle_write(self) -> None:
        """Write what waits; after a refusal wait until the sender has seen it, then close."""
        refused = self.close_when_flushed and self.refuses and not self.will_close
        if not refused:
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed, self.lingers = False, True
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)

    def service(self) -> None:
        """Work on the oldest request; called in a thread."""
        request = self.requests[0]
        self.refuses = bool(request.refused or request.error)
        super().service()
        self.served += 1
        self.last_answer = time.monotonic()

    def handle_close(self) -> None:
        """The connection is over, and with it the request that was on its way in."""
        request, self.request = self.request, None
        if request is not None:
            request.close()
        super().handle_close()

    def is_busy(self) -> bool:
        """Whether there is something to finish before the process may end."""
        return bool(self.requests or self.total_outbufs_len or self.request)

    def is_overdue(self, now: float) -> bool:
        """Whether it has been too slow, or idle too long; asked every few seconds."""
        phase = (self._doing(), self.served)
        if phase != self.phase:
            self.phase, self.since, self.moved = phase, now, 0
        patience = {
            "working": float("inf"),
            "lingering": LINGER,
            "idle": IDLE if self.served else SILENT,
        }.get(phase[0], PATIENCE + self.moved / RATE)
        return now - self.since > patience

    def _doing(self) -> str:
        if self.lingers:
            return "lingering"
        if self.requests:
            return "working"
        if self.total_outbufs_len:
            return "answering"
        return "idle" if self.request is None else "reading"


class Front(TcpWSGIServer):
    """The connections of one listening socket."""

    channel_class = Connection

    def __init__(
        self,
        application: Any,
        listener: socket.socket,
        threads: Any,
        channels: dict[int, Any],
        most_body: int,
        behind_proxy: bool,
    ) -> None:
        self.uploads = Uploads()
        self.behind_proxy = behind_proxy
        adj = Adjustments(
            sockets=[listener],
            ident=None,
            connection_limit=CONNECTIONS + 64,  # waitress would stop to accept; here the oldest makes room
            cleanup_interval=5,
            asyncore_use_poll=True,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=not behind_proxy,
            max_request_header_size=32 * 1024,
            max_request_body_size=most_body + 1,
            inbuf_overflow=64 * 1024,
            outbuf_overflow=256 * 1024,
            outbuf_high_watermark=1 << 40,  # a thread never waits for somebody who does not read
        )
        info = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            application,
            channels,
            True,
            listener,
            dispatcher=threads,
            adj=adj,
            sockinfo=info,
            bind_socket=False,
        )

    def make_room(self, newest: Connection) -> None:
        """Let the oldest go where there are too many with the newest."""
        here = [one for one in self.active_channels.values() if not one.will_close]
        if len(here) > CONNECTIONS:
            _drop_oldest(here, newest)
        theirs = [one for one in here if one.addr[0] == newest.addr[0]]
        if len(theirs) > OF_ONE_ADDRESS and not self.behind_proxy:
            _drop_oldest(theirs, newest)

    def maintenance(self, now: float) -> None:
        """Drop whoever is overdue; waitress calls it every few seconds."""
        moment = time.monotonic()
        for connection in list(self.active_channels.values()):
            if connection.is_overdue(moment):
                connection.will_close = True

    def stop_listening(self) -> None:
        """Take no new connection; those that are open go on."""
        self.accepting = False
        self.del_channel()
        self.socket.close()

    def is_busy(self) -> bool:
        """Whether some connection has something to finish."""
        return any(one.is_busy() for one in self.active_channels.values())


def _drop_oldest(connections: Iterable[Connection], newest: Connection) -> None:
    """Close the one that has gone longest without an answer, of those nobody is working for."""
    waiting = [one for one in connections if one is not newest and not one.requests]
    if waiting:
        min(waiting, key=lambda one: one.last_answer).will_close = True
