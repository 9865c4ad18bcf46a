"""A zip file from a stranger: its parts one by one, each unpacked under limits, none of its claims believed.

Called by ``package.read_package`` and ``checks.inspection``. Guarantees (threat S4): nothing is unpacked
beyond the limits, whatever the headers say; names are plain, unlike each other and inside the package;
entries do not overlap; nothing is encrypted or a link. It knows zip and no XML.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote
from zipfile import ZipInfo

from flask_babel import gettext as _

from andu.papers.faults import PaperFault

MAX_FILE = 20 * 1024 * 1024
MAX_PARTS = 2_000
MAX_BYTES = 50 * 1024 * 1024
"""What all parts together may unpack to."""
MAX_PART = 20 * 1024 * 1024
MAX_RATIO = 100
RATIO_FLOOR = 4 * 1024 * 1024
"""A part up to this size may be as repetitive as it likes: a long table of blank rows is."""

CONTENT_TYPES = "[Content_Types].xml"

_LOCAL = struct.Struct("<4s22xHH")
_LOCAL_MARK, _CENTRAL_MARK, _OLE_MARK = b"PK\x03\x04", b"PK\x01\x02", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UNSAFE_NAME = re.compile(r"^/|\\|:|[\x00-\x1f\x7f]|(^|/)\.{0,2}(/|$)")
_BROKEN = (zipfile.BadZipFile, NotImplementedError, zlib.error, struct.error, ValueError, OSError, EOFError)


class ArchiveFault(PaperFault):
    """Why a file is not unpacked; ``part`` is the name of the part at fault, empty for the file itself.

    ``is_size``: there is just too much of it.
    """

    def __init__(self, message: str, part: str = "", is_size: bool = False) -> None:
        super().__init__(message)
        self.part = part
        self.is_size = is_size


def read_parts(docx: bytes, max_bytes: int = MAX_BYTES) -> Iterator[tuple[str, bytes]]:
    """Each part's name and bytes, the table of content types first; ``ArchiveFault`` at the first flaw."""
    try:
        members = _members(docx)
        room = max_bytes
        for member in members:
            part = _unpack(docx, member, room)
            room -= len(part)
            yield member.filename, part
    except _BROKEN as error:
        raise ArchiveFault(_("这不是完好的 docx 文件，请用 Word 另存后再试。")) from error


def _members(docx: bytes) -> list[ZipInfo]:
    if docx.startswith(_OLE_MARK):
        raise ArchiveFault(_("文件设了打开密码，或是旧式的 doc，请去掉密码、另存为 docx 后再试。"))
    if len(docx) > MAX_FILE or docx.count(_CENTRAL_MARK) > MAX_PARTS:
        raise ArchiveFault(_("文件异常大或内含部件过多，请另存为普通的 docx 后再试。"), is_size=True)
    if not docx.startswith(_LOCAL_MARK):
        raise ArchiveFault(_("这不是完好的 docx 文件，请用 Word 另存为 docx 后再试。"))
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        members, end = archive.infolist(), archive.start_dir
    seen: set[str] = set()
    for member in members:
        _check_name(member, seen)
        _check_kind(member)
    _check_overlap(docx, members, end)
    files = [member for member in members if not member.is_dir()]
    return sorted(files, key=lambda member: member.filename != CONTENT_TYPES)


def _check_name(member: ZipInfo, seen: set[str]) -> None:
    name = member.filename.rstrip("/") if member.is_dir() else member.filename
    plain = unicodedata.normalize("NFC", unquote(name)).casefold()
    if member.orig_filename != member.filename or _UNSAFE_NAME.search(name) or _UNSAFE_NAME.search(plain):
        raise ArchiveFault(_("部件的名称不正常，可能指向文件以外的位置。"), ascii(member.orig_filename))
    if plain in seen:
        raise ArchiveFault(_("有两个同名的部件（只差大小写也算同名）。"), member.filename)
    seen.add(plain)


def _check_kind(member: ZipInfo) -> None:
    mode = stat.S_IFMT(member.external_attr >> 16)
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveFault(_("部件是一个链接，不是文件。"), member.filename)
    if member.flag_bits & _ENCRYPTED:
        raise ArchiveFault(_("部件是加密的，无法检查。"), member.filename)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveFault(_("部件用了 docx 不允许的压缩方法。"), member.filename)


def _check_overlap(docx: bytes, members: list[ZipInfo], end: int) -> None:
    """Entries that share bytes are how a small file unpacks to a huge one."""
    for member in sorted(members, key=lambda member: member.header_offset, reverse=True):
        if _body(docx, member)[1] > end:
            raise ArchiveFault(_("部件的数据互相重叠。"), member.filename)
        end = member.header_offset


def _body(docx: bytes, member: ZipInfo) -> tuple[int, int]:
    """Where the packed bytes of an entry start and end, by its local header."""
    mark, name, extra = _LOCAL.unpack_from(docx, member.header_offset)
    if mark != _LOCAL_MARK:
        raise zipfile.BadZipFile(member.filename)
    start = member.header_offset + _LOCAL.size + name + extra
    return start, start + member.compress_size


def _unpack(docx: bytes, member: ZipInfo, room: int) -> bytes:
    start, end = _body(docx, member)
    packed = memoryview(docx)[start:end]
    limit = min(MAX_PART, room, max(RATIO_FLOOR, MAX_RATIO * len(packed)))
    part, whole = _inflate(packed, limit) if member.compress_type else (bytes(packed[: limit + 1]), True)
    if len(part) > limit:
        raise ArchiveFault(_("部件解压后异常大，可能是压缩炸弹。"), member.filename, is_size=True)
    if not whole or len(part) != member.file_size or zlib.crc32(part) != member.CRC:
        raise ArchiveFault(_("部件的实际内容与文件里登记的大小或校验不符。"), member.filename)
    return part


def _inflate(packed: memoryview, limit: int) -> tuple[bytes, bool]:
    """At most ``limit + 1`` bytes, and whether the stream ended where its entry ends."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    part = stream.decompress(packed, limit + 1)
    return part, stream.eof and not stream.unused_data
