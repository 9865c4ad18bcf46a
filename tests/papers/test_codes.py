"""Scans: the QR code is read as people photograph it, and no file does harm or goes without a word."""

from __future__ import annotations

import base64
import io
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from andu.papers import code_reading, codes
from andu.papers.codes import sheets
from andu.papers.faults import PaperFault
from tests import scanning
from tests.scanning import Change, page_with

CODE = "K7Q2-9FJM-3X0T"


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (scanning.turned(90),),
        (scanning.turned(180), scanning.dim),
        (scanning.turned(-8), scanning.at_an_angle),
        (scanning.at_an_angle, scanning.blurred),
        (scanning.turned(33), scanning.grainy),
    ],
    ids=["flat", "on its side", "upside down, dim", "askew at an angle", "at an angle, blurred", "grainy"],
)
def test_code_is_read_from_a_photograph(changes: tuple[Change, ...]) -> None:
    photograph = base64.b64encode(scanning.jpeg(page_with(CODE), *changes)).decode()
    (sheet,) = code_reading.examine(photograph)  # what the child does
    assert sheet["codes"] == [CODE]


def test_picture_of_a_page_is_drawn_anew_and_small() -> None:
    remark = b"GPS: 34.1, 108.9"
    photograph = scanning.jpeg(page_with(CODE).resize((2480, 3508)))
    photograph = photograph[:2] + b"\xff\xfe" + struct.pack(">H", len(remark) + 2) + remark + photograph[2:]
    (sheet,) = sheets(photograph)
    picture = Image.open(io.BytesIO(sheet.picture))
    assert (picture.format, max(picture.size)) == ("JPEG", codes.SHOWN)
    assert remark in photograph
    assert remark not in sheet.picture


def test_telephone_held_upright_is_shown_upright() -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    page_with(CODE).rotate(90, expand=True).save(made, "JPEG", exif=exif)
    (sheet,) = sheets(made.getvalue())
    wide, high = Image.open(io.BytesIO(sheet.picture)).size
    assert wide < high


def test_every_page_of_a_pdf_is_read() -> None:
    found = sheets(scanning.pdf(page_with(CODE), page_with(), page_with("ABCD-EFGH-JKMN")))
    assert [sheet.codes for sheet in found] == [(CODE,), (), ("ABCD-EFGH-JKMN",)]


def test_several_codes_on_one_page_are_all_told() -> None:
    (sheet,) = sheets(scanning.png(page_with(CODE, "ABCD-EFGH-JKMN")))
    assert sorted(sheet.codes) == ["ABCD-EFGH-JKMN", CODE]


def test_clear_ground_of_a_png_is_paper() -> None:
    page = page_with(CODE).convert("L")
    clear = Image.new("LA", page.size)
    clear.putalpha(page.point(lambda value: 255 - value))
    (sheet,) = sheets(scanning.png(clear))
    assert sheet.codes == (CODE,)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(wide: int, high: int, rows: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def long_pdf(pages: int) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def locked_pdf() -> bytes:
    writer, made = PdfWriter(clone_from=PdfReader(io.BytesIO(long_pdf(1)))), io.BytesIO()
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


BOMB = png_of(60_000, 60_000, zlib.compress(bytes(60_001) * 500, 9))
TORN = scanning.jpeg(page_with(CODE))[:3000]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"MZ" + bytes(100), "只收照片或者扫描件"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只收照片或者扫描件"),
        (b"GIF89a" + bytes(100), "只收照片或者扫描件"),
        (b"\xff\xd8\xff\xe0" + bytes(codes.MOST_BYTES), "超过 20 MB"),
        (BOMB, "1 亿像素"),
        (TORN, "照片打不开"),
        (b"\xff\xd8\xff\xe0 no picture at all", "照片打不开"),
        (b"%PDF-1.7\nno pdf at all", "PDF 打不开"),
        (locked_pdf(), "PDF 打不开"),
        (long_pdf(codes.MOST_PAGES + 1), "超过 10 页"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_taken_is_told_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(PaperFault, match=words):
        sheets(data)


def test_page_of_a_pdf_is_never_drawn_larger_than_looked_at() -> None:
    writer, made = PdfWriter(), io.BytesIO()
    writer.add_blank_page(14_000, 14_000)
    writer.write(made)
    (sheet,) = sheets(made.getvalue())
    assert max(Image.open(io.BytesIO(sheet.picture)).size) <= codes.SHOWN


def test_file_that_stops_the_child_is_told_in_words_for_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes.confined, "WALL_SECONDS", 0.01)
    with pytest.raises(PaperFault, match="太费力"):
        sheets(scanning.png(page_with(CODE)))


def test_pictures_are_opened_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may take all the memory that a child is given."""
    at_once, most = [0], []

    def opened(_task: str, _payload: str) -> list[object]:
        at_once[0] += 1
        most.append(at_once[0])
        time.sleep(0.02)
        at_once[0] -= 1
        return []

    monkeypatch.setattr(codes.confined, "run", opened)
    with ThreadPoolExecutor(4) as people:
        list(people.map(sheets, [scanning.png(page_with(CODE))] * 4))
    assert most == [1, 1, 1, 1]
