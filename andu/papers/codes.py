"""What lies on a scan: its pages as small pictures, and their QR codes, turned, skewed or dim as they are.

Called by ``office.signing.scans`` with the file of a stranger. Its kind is told by its content, and whatever
opens it runs in a confined child (``code_reading``) with limits on size, pages, memory and time. Guarantees:
a fault is one Chinese sentence, and the pictures are drawn anew: nothing of the file reaches a browser.
"""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.papers import file_kinds
from andu.papers.checks import confined
from andu.papers.checks.confined import ConfinedFault
from andu.papers.faults import PaperFault

TASK = "codes"
KINDS = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}
MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 10
_ONE_AT_A_TIME = threading.Lock()
"""A picture that needs all the memory a child may have is never opened beside another."""
SHOWN = 1400
"""Pixels of the longer side in which a page is shown."""


@dataclass(frozen=True)
class ScannedPage:
    """One page of a scan: the texts of its QR codes, and a JPEG of it."""

    codes: tuple[str, ...]
    picture: bytes


def media_type(data: bytes) -> str:
    """What a scan is by its content; raises ``PaperFault`` for anything that is no JPEG, PNG or PDF."""
    if not data:
        raise PaperFault(_("这个文件是空的，请重新选择。"))
    if len(data) > MOST_BYTES:
        raise PaperFault(_("文件超过 20 MB，请用低一些的清晰度重新拍照或者扫描。"))
    kind = KINDS.get(file_kinds.kind_of(data))
    if kind is None:
        raise PaperFault(_("只收照片或者扫描件：JPG、PNG 或 PDF。"))
    return kind


def sheets(data: bytes) -> list[ScannedPage]:
    """The pages of a scan; raises ``PaperFault`` when it cannot be opened, or is too large."""
    media_type(data)
    try:
        with _ONE_AT_A_TIME:
            found = confined.run(TASK, base64.b64encode(data).decode())
    except ConfinedFault as fault:
        raise PaperFault(_("打开这份扫描件太费力，已停止。请用低一些的清晰度重新拍照或者扫描。")) from fault
    return [ScannedPage(tuple(one["codes"]), base64.b64decode(one["picture"])) for one in found]
