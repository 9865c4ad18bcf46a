"""Files on their way to a person: the one place that writes Content-Disposition.

Chinese names travel as RFC 5987 ``filename*``; the plain ``filename`` beside it is ASCII for old clients.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def disposition(kind: str, name: str) -> str:
    """The header value; ``kind`` is attachment or inline."""
    ending = re.sub(r"[^A-Za-z0-9.]", "", name[name.rfind(".") :]) if "." in name else ""
    return f"{kind}; filename=\"file{ending}\"; filename*=UTF-8''{quote(name, safe='')}"


def send_file(data: bytes, name: str, media_type: str, inline: bool = False) -> Response:
    """An answer that hands over a file under its name; ``inline`` shows it in the browser instead."""
    header = disposition("inline" if inline else "attachment", name)
    return Response(data, mimetype=media_type, headers={"Content-Disposition": header})
