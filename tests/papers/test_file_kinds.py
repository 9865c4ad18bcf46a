"""What an uploaded file is, by its content: office files of any writer, bombs, macros, photographs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from docx import Document
from PIL import Image

from andu.papers.faults import PaperFault
from andu.papers.file_kinds import kind_of

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PACKED = "\x01Ole10Native".encode("utf-16-le")
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


def docx() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def xlsx() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def rezipped(data: bytes, types_at: str = "first", folders: bool = False, **more: bytes) -> bytes:
    """The same parts in another order, with entries for folders before them, and with parts more."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()} | more
    names = sorted(parts, key=lambda name: (name == "[Content_Types].xml") is (types_at == "last"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for folder in ("_rels/", "docProps/", "word/", "xl/") if folders else ():
            package.writestr(folder, b"")
        for name in names:
            package.writestr(name, parts[name])
    return out.getvalue()


def renamed_type(data: bytes, was: str, now: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml").decode()
    return rezipped(data, **{"[Content_Types].xml": types.replace(was, now).encode()})


@pytest.mark.parametrize("types_at", ["first", "last"])
@pytest.mark.parametrize("folders", [False, True])
def test_an_office_file_is_known_whatever_the_order_of_its_parts(types_at: str, folders: bool) -> None:
    assert kind_of(rezipped(docx(), types_at, folders)) == "docx"
    assert kind_of(rezipped(xlsx(), types_at, folders)) == "xlsx"


def test_a_macro_under_another_name_is_refused_and_so_is_what_carries_its_parts() -> None:
    for data in (
        renamed_type(docx(), DOCX_TYPE, MACRO_TYPE),
        rezipped(docx(), **{"word/vbaProject.bin": b"x"}),
        rezipped(xlsx(), **{"xl/VBAPROJECT.BIN": b"x"}),
        renamed_type(xlsx(), SHEET_TYPE, "application/vnd.ms-excel.macrosheet+xml"),
        renamed_type(xlsx(), SHEET_TYPE, "application/vnd.ms-excel.intlmacrosheet+xml"),
        renamed_type(xlsx(), SHEET_TYPE, SHEET_TYPE.replace("worksheet", "dialogsheet")),
        rezipped(xlsx(), **{"xl/macrosheets/sheet1.xml": b"<x/>"}),
        rezipped(
            docx(), **{"word/embeddings/oleObject1.bin": rezipped(docx(), **{"word/vbaProject.bin": b"x"})}
        ),
    ):
        with pytest.raises(PaperFault, match="宏"):
            kind_of(data)


@pytest.mark.parametrize(
    "inside",
    [
        b"MZ\x90\x00" + bytes(99),
        b"\x7fELF" + bytes(99),
        b"#!/bin/sh\n",
        OLE + b"\x02\x00a.exe\0C:\\a.exe\0MZ\x90" + bytes(99) + PACKED,
        OLE + PACKED + bytes((1 << 20) - len(OLE) - len(PACKED) - 3) + b"\x02\0run.vbs\0",
        OLE + b"MZ\x90\0" + bytes(70) + b"!This program cannot be run in DOS mode.",
        rezipped(docx(), **{"a.bat": b"@echo off"}),
    ],
    ids=["exe", "elf", "script", "packed exe", "packed script", "program in an object", "zip with a script"],
)
def test_a_program_in_an_office_file_is_refused(inside: bytes) -> None:
    for data, place in ((docx(), "word/embeddings/oleObject1.bin"), (xlsx(), "xl/embeddings/a.bin")):
        with pytest.raises(PaperFault, match="程序"):
            kind_of(rezipped(data, **{place: inside}))


@pytest.mark.parametrize(
    "inside",
    [OLE + bytes(999), OLE + PACKED + b"report.pdf\0", xlsx(), b"BM" + bytes(99)],
    ids=["object", "packed report", "xlsx", "picture"],
)
def test_an_object_that_is_no_program_is_no_harm(inside: bytes) -> None:
    assert kind_of(rezipped(docx(), **{"word/embeddings/oleObject1.bin": inside})) == "docx"


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04", rezipped(docx())[:-40], rezipped(docx())[:900]],
    ids=["head", "no end", "beginning"],
)
def test_half_a_file_is_told_to_be_damaged(data: bytes) -> None:
    with pytest.raises(PaperFault, match="损坏"):
        kind_of(data)


def test_a_zip_that_is_no_office_file_is_none() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", b"<x/>")
    assert kind_of(out.getvalue()) == ""
    without = renamed_type(docx(), DOCX_TYPE, "application/xml")
    assert kind_of(without) == ""


def test_a_bomb_is_refused_whether_it_says_its_size_or_not() -> None:
    told = rezipped(docx(), **{"word/media/a.bin": bytes(301 * 1024 * 1024)})
    assert len(told) < 1_000_000
    with pytest.raises(PaperFault, match="大得不正常"):
        kind_of(told)
    many = rezipped(docx(), **{f"word/{n}.xml": b"" for n in range(5001)})
    with pytest.raises(PaperFault, match="大得不正常"):
        kind_of(many)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(rezipped(docx(), **{"word/media/a.bin": bytes(30 * 1024 * 1024)}))
    real = struct.pack("<I", 30 * 1024 * 1024)
    while (at := bytes(data).find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(PaperFault):
        kind_of(bytes(data))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xef\xbb\xbf\r\n" + b" " * 900 + b"%PDF-1.4\n", "pdf"),
        (b" " * 1100 + b"%PDF-1.4\n", ""),
        (b"MZ\x90\x00%PDF-1.4", ""),
        (b"<html>%PDF-1.4", ""),
        (b"@echo off\r\nstart calc\r\n%PDF-1.4", ""),
        (b"\r\n\r\n<script>x()</script>\n%PDF-1.4", ""),
        (b"GIF89a%PDF-1.4", ""),
        (b"% from the scanner\n%PDF-1.4\n", "pdf"),
        (b"\x1b%-12345X@PJL SET RESOLUTION=600\r\n%PDF-1.4\n", "pdf"),
        (b"scanned 2026-11-02\n%PDF-1.4\n", "pdf"),
        (b"plain text", ""),
    ],
)
def test_a_pdf_is_known_by_its_header_within_the_first_kilobyte(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


def test_a_picture_is_known_and_a_picture_bomb_refused_without_decoding_it() -> None:
    for name in ("JPEG", "PNG"):
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "white").save(out, name)
        assert kind_of(out.getvalue()) == {"JPEG": "jpg", "PNG": "png"}[name]
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    with pytest.raises(PaperFault, match="60000"):
        kind_of(b"\x89PNG\r\n\x1a\n" + chunk)
    frame = (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
        + b"\0" * 9
        + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03"
        + b"\0" * 9
    )
    with pytest.raises(PaperFault, match="65535"):
        kind_of(frame)


def test_what_an_iphone_and_an_old_office_write_is_refused_with_the_way_out() -> None:
    for brands in (
        b"heic\0\0\0\0mif1heic",
        b"isom\0\0\0\0miafheic",
        b"msf1\0\0\0\0hevc",
        b"avis\0\0\0\0avif",
    ):
        with pytest.raises(PaperFault, match="HEIC.*兼容性最佳.*JPG"):
            kind_of(struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + bytes(40))
    with pytest.raises(PaperFault, match="另存为 DOCX"):
        kind_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, kind)
    return out.getvalue()


PROGRAM = b"MZ" + bytes(60) + b"This program cannot be run in DOS mode" + bytes(200)


@pytest.mark.parametrize(
    "first", [picture("JPEG"), picture("PNG"), b"%PDF-1.4\n%%EOF\n"], ids=["jpg", "png", "pdf"]
)
@pytest.mark.parametrize("behind", [docx(), zipped(a=b"x"), PROGRAM], ids=["docx", "zip", "program"])
def test_two_files_in_one_are_refused(first: bytes, behind: bytes) -> None:
    assert kind_of(first + b"PK\x03\x04 is no zip") in ("jpg", "png", "pdf")
    with pytest.raises(PaperFault, match="后面还接着另一个文件"):
        kind_of(first + behind)


def test_what_lies_within_an_office_file_is_judged_like_it() -> None:
    inner = renamed_type(docx(), DOCX_TYPE, MACRO_TYPE)
    with pytest.raises(PaperFault, match="宏"):
        kind_of(rezipped(docx(), **{"word/embeddings/a.docx": inner}))
    with pytest.raises(PaperFault, match="程序或脚本"):
        kind_of(rezipped(docx(), **{"word/start.js": b"alert(1)"}))
    bomb = zipped(**{str(number): bytes(50 * 2**20) for number in range(7)})
    with pytest.raises(PaperFault, match="大得不正常"):
        kind_of(rezipped(docx(), **{"word/embeddings/a.zip": bomb}))


def test_a_photograph_with_a_long_size_is_known() -> None:
    start = struct.pack(">I", 1) + b"ftyp" + struct.pack(">Q", 32) + b"mp42" + bytes(4) + b"mp42heic"
    with pytest.raises(PaperFault, match="HEIC"):
        kind_of(start + bytes(40))
