"""Pages, scripts and styles travel compressed where the browser can unpack them.

Registered by ``andu.views``. Pictures and papers are packed already. A style or script is packed once and
kept as long as it stays as it is. What is secret on a page is never written the same way twice
(``page_token``), so that its length tells nothing.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALL = 1000
"""Bytes below which packing saves nothing."""
LEVEL = 5
KINDS = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "image/svg+xml",
    }
)


def pack(response: Response) -> Response:
    """The same answer, compressed, where that is asked for and worth it."""
    is_file = request.endpoint == "static"
    if is_file and response.status_code == 304:
        response.close()  # nothing of the file is sent; whoever hangs up now leaves nothing open
    if response.mimetype not in KINDS or response.status_code in (204, 304):
        return response
    response.vary.add("Accept-Encoding")
    if "gzip" not in request.accept_encodings or response.headers.get("Content-Encoding"):
        return response
    if request.method == "HEAD" or response.headers.get("Content-Range"):
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if is_file:
        response.close()  # read to its end
    if len(data) < SMALL:
        return response
    etag, _is_weak = response.get_etag()
    response.set_data(_kept(data) if is_file else _packed(data))
    response.headers["Content-Encoding"] = "gzip"
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, LEVEL, mtime=0)


@lru_cache(maxsize=64)
def _kept(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def register(app: Flask) -> None:
    """Pack what ``app`` answers, after everything else: whoever registers first runs last."""
    app.after_request(pack)
