"""The last prints of this process, by the hash of their docx: the same bytes are not printed twice.

``office.Office`` puts it before LibreOffice. A paper is printed when it is tried out before its number; the
paper that gets the number that was expected is the same to the byte, and its print is there already.
Guarantees: a PDF was made from exactly these bytes; at most ``MOST`` are kept, in memory alone.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps

MOST = 8
LARGEST = 4 * 1024 * 1024
"""Bytes of a PDF that is worth keeping."""


def remembering(to_pdf: Callable[..., bytes]) -> Callable[..., bytes]:
    """The same, without printing anew what it printed a moment ago. Raises what it raises."""
    kept: OrderedDict[str, bytes] = OrderedDict()
    lock = threading.Lock()

    @wraps(to_pdf)
    def printed(docx: bytes, asked_by: str | None = None) -> bytes:
        key = hashlib.sha256(docx).hexdigest()
        with lock:
            known = kept.get(key)
        if known is not None:
            return known
        pdf = to_pdf(docx, asked_by=asked_by)
        with lock:
            if len(pdf) <= LARGEST:
                kept[key] = pdf
            while len(kept) > MOST:
                kept.popitem(last=False)
        return pdf

    return printed
