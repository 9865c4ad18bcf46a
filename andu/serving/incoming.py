"""One request on its way in: read by waitress, bounded here, and refused in words where there is no room.

Made by ``front`` for each request. A body is kept on disk from 64 KB on. A request that is too large, or for
which there is no place, reaches the screens without its body and with ``andu.refused`` in its environment
(413 or 429): the page that says so is theirs, like every other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge, ServerNotImplemented

from andu.serving.uploads import LARGE, UploadPlace
from andu.views.session_cookie import NAMES

if TYPE_CHECKING:
    from andu.serving.front import Connection

TOO_LARGE, TOO_MANY = 413, 429
MOST_BETWEEN_CHUNKS = 8192


class Incoming(HTTPRequestParser):
    """A request being read."""

    def __init__(self, connection: Connection, adj: Any) -> None:
        super().__init__(adj)
        self._connection = connection
        self._place: UploadPlace | None = None
        self.refused = 0

    def received(self, data: bytes) -> int:
        """Take what came; tells how much of it belongs to this request."""
        taken: int = super().received(data)
        if self.chunked and self.body_rcv is not None:
            between = len(self.body_rcv.control_line) + len(self.body_rcv.trailer)
            if between > MOST_BETWEEN_CHUNKS:
                self.error, self.completed = BadRequest("Chunk line too long"), True
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None
            self._refuse(TOO_LARGE)
        elif isinstance(self.error, ServerNotImplemented):
            self.error = BadRequest(self.error.body)
        return len(data) if self.refused else taken  # what follows a refusal is no request

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, and look whether there is room for what they announce."""
        try:
            super().parse_header(header_plus)
        except ValueError as fault:  # a length of five thousand digits
            raise ParsingError(str(fault)) from None
        if not self.chunked and self.content_length <= LARGE:
            return
        if self.content_length >= self.adj.max_request_body_size:
            self._refuse(TOO_LARGE)
            return
        connection = self._connection
        self._place = connection.server.uploads.admit(self._person(), connection.address_of(self.headers))
        if self._place is None:
            self._refuse(TOO_MANY)

    def _person(self) -> str:
        """The token of the session this request belongs to, unproven; nothing without one."""
        for cookie in self.headers.get("COOKIE", "").split(";"):
            name, _equals, value = cookie.strip().partition("=")
            if name in NAMES:
                return str(value)
        return ""

    def _refuse(self, status: int) -> None:
        """Let the screens answer without the body; what is still to come of it is thrown away."""
        self.close()
        self.refused = status
        self.body_rcv, self.chunked, self.content_length = None, False, 0
        self.headers.pop("CONTENT_LENGTH", None)
        self.headers["CONNECTION"] = "close"
        self.completed, self.expect_continue = True, False

    def close(self) -> None:
        """The request is over: its file and its place are free."""
        super().close()
        place, self._place = self._place, None
        if place is not None:
            self._connection.server.uploads.release(place)


class Answering(WSGITask):
    """A request being answered by the screens."""

    def get_environment(self) -> dict[str, Any]:
        """What the screens are told of the request."""
        environ: dict[str, Any] = super().get_environment()
        environ["andu.refused"] = self.request.refused
        return environ
