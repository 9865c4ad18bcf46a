"""What the file of a stranger is, told by its content alone, without opening what it holds.

Called for attachments and for scans. Office files are judged by their ``[Content_Types].xml``, wherever
their writer put it in the zip; a PDF by its header within the first kilobyte; pictures by their first bytes
and the size they say they have. Nothing is unpacked beyond ``MOST_UNPACKED``, no picture is decoded. Refused
with the reason: macros (those of Excel 4 too), and programs that ride in an office file or before a PDF.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.faults import PaperFault

MOST_PIXELS = 100_000_000
"""More than any telephone takes; decoded, the memory a child has."""
MOST_UNPACKED, MOST_PARTS, MOST_TYPES = 300 * 1024 * 1024, 5000, 1024 * 1024
"""Bytes and parts of an office file, and bytes of its list of types: far more than any has."""
PDF_HEADER = 1024
_OOXML = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    f"{_OOXML}wordprocessingml.document.main+xml": "docx",
    f"{_OOXML}spreadsheetml.sheet.main+xml": "xlsx",
}
_TYPES = "[content_types].xml"
_MACROS = ("macroenabled", "vba", "macrosheet", "dialogsheet")
"""In the type of a part: what programs run, the sheets of Excel 4 included."""
_MACRO_PARTS = ("vbaproject.bin", "macrosheets/", "dialogsheets/")
_PHOTOS = frozenset(
    b"heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf MiHB MiHE MiHA avif avis avci avcs".split()
)
"""The brands of HEIF, of which a photograph names one or more."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"L\x00\x00\x00\x01\x14\x02\x00")
_OLE, _PACKED = b"\xd0\xcf\x11\xe0", "Ole10Native".encode("utf-16-le")
_ENDINGS = "exe com scr pif cpl dll msi bat cmd ps1 vbs vbe js jse wsf wsh hta lnk jar reg"
_PROGRAM_NAME = re.compile(rf"\.(?:{'|'.join(_ENDINGS.split())})\Z", re.I)
_PROGRAM_PACKED = re.compile(rb"\x02\0[^\0]{1,260}\.(?:%b)\0" % _ENDINGS.replace(" ", "|").encode(), re.I)
"""How an object of Windows says the name of the file in it."""
_DOS = b"This program cannot be run in DOS mode"
_OVERLAP = 300
_CODE = re.compile(
    rb"<[a-z!?/%]|^\s*@?echo\b|^\s*(?:@|rem\b|::|start\b|set\b)|^(?:PK\x03\x04|Rar!|7z\xbc|GIF8|\{\\rtf|\xd0\xcf)|"
    rb"powershell|wscript|cscript|cmd(?:\.exe)?\s*/|createobject|mshta|certutil|eval\s*\(|function\s*\(|javascript:",
    re.I | re.M,
)
"""Before the header of a PDF: another program would take the file for something else, and run it."""
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def kind_of(data: bytes) -> str:
    """pdf, jpg, png, docx or xlsx; '' for anything else.

    Raises ``PaperFault`` where it can be said why the file does not do, and what to do instead.
    """
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        _refuse_bomb(data)
        _refuse_two_in_one(data)
        return "jpg" if data.startswith(b"\xff") else "png"
    if _is_photo(data):
        raise PaperFault(
            _(
                "这是手机拍的 HEIC（HEIF、AVIF）照片，多数电脑打不开。苹果手机请在“设置 → 相机 → 格式”中选"
                "“兼容性最佳”，重新拍摄；或者把照片转存为 JPG 再传。"
            )
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise PaperFault(
            _(
                "这是旧版 Office、WPS 的格式（.doc、.xls、.wps、.et），或者设了密码。"
                "请去掉密码，另存为 DOCX、XLSX 或 PDF 再传。"
            )
        )
    if not _is_pdf(data):
        return ""
    _refuse_two_in_one(data)
    return "pdf"


def _refuse_two_in_one(data: bytes) -> None:
    """A picture or a PDF that is a zip or a program as well shows one thing and opens as another."""
    if _DOS in data or _is_zip(data):
        raise PaperFault(
            _("这个文件后面还接着另一个文件（压缩包或程序），不能收。请重新导出或者拍照，再传。")
        )


def _is_zip(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return bool(package.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error):
        return False


def _is_pdf(data: bytes) -> bool:
    """Readers take a header within the first kilobyte; what stands before it must be of no other program."""
    lead, header, _rest = data[:PDF_HEADER].partition(b"%PDF-")
    return bool(header) and not lead.startswith(_PROGRAMS) and not _CODE.search(lead)


def _is_photo(data: bytes) -> bool:
    """By the first brand, or any of those that the file says it is compatible with."""
    if data[4:8] != b"ftyp":
        return False
    size = int.from_bytes(data[:4])
    # a size of 1 stands for a longer one, behind the name; 0 for the rest of the file
    start, size = (16, int.from_bytes(data[8:16])) if size == 1 else (8, size or 16)
    brands = data[start : min(size, PDF_HEADER)]
    return any(brands[at : at + 4] in _PHOTOS for at in range(0, max(len(brands), 4), 4))


# --- office files ---------------------------------------------------------------------------------


def _office_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_too_much(package)
            names = {one.filename.lower(): one for one in package.infolist()}
            if _TYPES not in names:
                return ""
            kind = _by_types(_read(package, names[_TYPES], MOST_TYPES), names)
            _judge_names(names)
            _unpack(package)
            return kind
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error) as fault:
        raise PaperFault(_("这个文件已经损坏，打不开。请在电脑上打开确认，另存一份再传。")) from fault


def _refuse_too_much(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise PaperFault(_("这个文件解开后大得不正常，不能收。请另存为 PDF 再传。"))


def _read(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    with package.open(part) as source:
        found = source.read(most + 1)
    if len(found) > most:
        raise PaperFault(_("这个文件解开后大得不正常，不能收。请另存为 PDF 再传。"))
    return found


def _unpack(package: zipfile.ZipFile) -> None:
    """Read every part through, so that what is damaged, larger than it says, or a program is found now."""
    left = MOST_UNPACKED
    for part in package.infolist():
        with package.open(part) as source:
            start, end, found = b"", b"", set()
            while piece := source.read(1 << 20):
                left -= len(piece)
                if left < 0:
                    raise PaperFault(_("这个文件解开后大得不正常，不能收。请另存为 PDF 再传。"))
                start = start or piece[:_OVERLAP]
                found |= _hints(end + piece) if start.startswith(_OLE) else set()
                end = piece[-_OVERLAP:]
        if start.startswith(_PROGRAMS) or found >= {"name", "packed"} or "itself" in found:
            raise _carries_program()
        if start.startswith(b"PK\x03\x04"):
            with package.open(part) as source, zipfile.ZipFile(source) as inner:
                _judge_inner(inner)


def _hints(piece: bytes) -> set[str]:
    """What a piece of an object tells: a file is packed in it, it has a program's name, it is a program."""
    told = {"name": _PROGRAM_PACKED.search(piece), "packed": _PACKED in piece, "itself": _DOS in piece}
    return {hint for hint, is_told in told.items() if is_told}


def _judge_inner(package: zipfile.ZipFile) -> None:
    """A file within the file: its size, the names of its parts and their types; nothing else is unpacked."""
    _refuse_too_much(package)
    names = {one.filename.lower(): one for one in package.infolist()}
    _judge_names(names)
    if _TYPES in names:
        _by_types(_read(package, names[_TYPES], MOST_TYPES), names)


def _judge_names(names: Iterable[str]) -> None:
    if any(word in name for word in _MACRO_PARTS for name in names):
        raise _has_macros()
    if any(_PROGRAM_NAME.search(name) for name in names):
        raise _carries_program()


def _carries_program() -> PaperFault:
    return PaperFault(_("这个文件里嵌着程序或脚本，不能收。请删去嵌入的对象，另存一份再传。"))


def _has_macros() -> PaperFault:
    return PaperFault(_("这个文件里有宏，不能收。请另存为不带宏的 DOCX、XLSX，或者 PDF，再传。"))


def _by_types(types: bytes, names: dict[str, zipfile.ZipInfo]) -> str:
    told = [*_told(types)]
    if any(word in kind for word in _MACROS for _part, kind in told):
        raise _has_macros()
    found = {_MAIN[kind] for part, kind in told if kind in _MAIN and (not part or part in names)}
    return found.pop() if len(found) == 1 else ""


def _told(types: bytes) -> Iterator[tuple[str, str]]:
    """Of each entry the part it is about ('' for a kind of parts) and the type, in small letters."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(types, parser)
    except etree.XMLSyntaxError as fault:
        raise PaperFault(_("这个文件已经损坏，打不开。请在电脑上打开确认，另存一份再传。")) from fault
    for entry in root.iter("{*}Override", "{*}Default"):
        part = str(entry.get("PartName") or "").lower().lstrip("/")
        yield part, str(entry.get("ContentType") or "").strip().lower()


# --- pictures -------------------------------------------------------------------------------------


def _refuse_bomb(data: bytes) -> None:
    width, height = _png_size(data) if data.startswith(b"\x89") else _jpeg_size(data)
    if width * height > MOST_PIXELS:
        raise PaperFault(
            _("这张图片有 %(w)s × %(h)s 点，超过 1 亿像素，不能收。请缩小后再传。", w=width, h=height)
        )


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """The largest that any of its frames says."""
    at, largest = 2, (0, 0)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            largest = max(largest, (int(width), int(height)), key=lambda size: size[0] * size[1])
        if marker == 0xDA:
            break
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return largest
