"""Writing a filled docx fast: what no value changes is compressed once and copied as it is.

Called by ``template`` for each filled paper; ``package.write_package`` writes whole packages. A zip written
here has content types first, a fixed order, fixed times and attributes: equal parts give equal bytes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from andu.papers.template.package import CONTENT_TYPES

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SAID, _MORE, _CLOSE = struct.Struct("<HHHHHIIIHH"), struct.Struct("<HHHII"), struct.Struct("<HHHHIIH")
_VERSION, _UTF8, _STORED, _DEFLATED = 20, 0x800, 0, 8
_MADE_BY = bytes((_VERSION, 3))
_TIME, _DATE = 0, (1 << 5) | 1
"""00:00 of 1 January 1980, the first moment a zip can name."""
_FAST, _SMALL = 1, 9
"""Levels of compression: for what is made anew with each paper, and for what is compressed once."""
_TINY = 1000
"""Bytes below which compressing costs more time than it saves room."""


class Packing:
    """The parts of a template that are the same on each paper, compressed and laid out."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        names = sorted(parts, key=lambda name: (name != CONTENT_TYPES, name))
        self._still = _Archive().with_parts({name: parts[name] for name in names}, _SMALL)

    def pack(self, filled: Mapping[str, bytes]) -> bytes:
        """The docx of the parts that stand, then those just filled; no name may be in both."""
        return self._still.with_parts(filled, _FAST).closed()


class _Archive:
    """A zip being written: its members, their directory, its length."""

    def __init__(self, members: bytes = b"", directory: bytes = b"", count: int = 0) -> None:
        self._members, self._directory, self._count = members, directory, count

    def with_parts(self, parts: Mapping[str, bytes], level: int) -> _Archive:
        """This archive and these members after its own."""
        members, directory = [self._members], [self._directory]
        place = len(self._members)
        for part, data in parts.items():
            name = part.encode()
            method, body = _packed(data, level)
            said = _SAID.pack(
                _VERSION, _UTF8, method, _TIME, _DATE, zlib.crc32(data), len(body), len(data), len(name), 0
            )
            members += (_LOCAL, said, name, body)
            # made on Unix; no comment, disk 0, no inner attributes, a file that its owner may write
            directory += (_CENTRAL, _MADE_BY, said, _MORE.pack(0, 0, 0, 0o600 << 16, place), name)
            place += len(_LOCAL) + len(said) + len(name) + len(body)
        return _Archive(b"".join(members), b"".join(directory), self._count + len(parts))

    def closed(self) -> bytes:
        """The whole file."""
        end = _CLOSE.pack(0, 0, self._count, self._count, len(self._directory), len(self._members), 0)
        return b"".join((self._members, self._directory, _END, end))


def _packed(data: bytes, level: int) -> tuple[int, bytes]:
    """How a member is stored, and its stored bytes."""
    if len(data) < _TINY:
        return _STORED, data
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
    return _DEFLATED, squeeze.compress(data) + squeeze.flush()
