"""Docx that no honest person makes: bad zips, bad XML, bad parts, bad links, bad fields."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from andu.papers.drawing.ooxml import paragraph
from andu.papers.template.package import CONTENT_TYPES, read_package, write_package
from tests.papers.making import FACE, docx_of

BODY, BODY_LINKS, SETTINGS = "word/document.xml", "word/_rels/document.xml.rels", "word/settings.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAIN = docx_of("示例镇")


def with_parts(more: dict[str, bytes | str], docx: bytes = PLAIN) -> bytes:
    """The docx with these parts added or replaced."""
    parts: dict[str, bytes] = dict(read_package(docx))
    parts |= {name: part.encode() if isinstance(part, str) else part for name, part in more.items()}
    return write_package(parts)


def with_kind(name: str, kind: str, part: bytes | str = "<a/>", link: str = "", docx: bytes = PLAIN) -> bytes:
    """The docx with a part of this content type, and a relationship of the body to it."""
    types = read_package(docx)[CONTENT_TYPES].decode()
    types = types.replace("</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')
    made = with_parts({CONTENT_TYPES: types, name: part}, docx)
    return with_link(link, f"/{name}", docx=made) if link else made


def with_link(kind: str, target: str, mode: str = "", docx: bytes = PLAIN) -> bytes:
    """The docx with one more relationship of its body."""
    said = f' TargetMode="{mode}"' if mode else ""
    link = f'<Relationship Id="bad1" Type="{kind}" Target="{target}"{said}/></Relationships>'
    links = read_package(docx)[BODY_LINKS].decode().replace("</Relationships>", link)
    return with_parts({BODY_LINKS: links}, docx)


def with_body(xml: str) -> bytes:
    """A docx with this XML before what its body holds."""
    body = read_package(PLAIN)[BODY].decode()
    start = body.index("<w:body>") + len("<w:body>")
    names = (
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    )
    return with_parts({BODY: body[:start].replace("<w:body>", f"<w:body {names}>") + xml + body[start:]})


def run(*inner: str) -> str:
    """A run of text with this inside."""
    return "".join(f"<w:r>{each}</w:r>" for each in inner)


def code(text: str) -> str:
    """A piece of a field's instruction."""
    return f'<w:instrText xml:space="preserve">{text}</w:instrText>'


def turn(kind: str) -> str:
    """The begin, the separation or the end of a field."""
    return f'<w:fldChar w:fldCharType="{kind}"/>'


def with_field(*pieces: str) -> bytes:
    """A docx with a field of these pieces, each in a run of its own."""
    return with_body(f"<w:p>{run(turn('begin'), *pieces, turn('end'))}</w:p>")


def zip_of(*entries: tuple[zipfile.ZipInfo | str, bytes], docx: bytes = PLAIN) -> bytes:
    """The docx with more entries, as they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in read_package(docx).items():
            archive.writestr(name, part)
        for entry, part in entries:
            archive.writestr(entry, part)
    return buffer.getvalue()


def bomb(size: int = 60 * 1024 * 1024, name: str = "word/media/image1.png") -> bytes:
    """A docx with a part that is small packed and huge unpacked."""
    return zip_of((name, b"\0" * size))


def lying_bomb(size: int = 50 * 1024 * 1024) -> bytes:
    """The same, with headers that claim ten bytes."""
    docx = bomb(size)
    said = struct.pack("<L", size)
    return docx.replace(said, struct.pack("<L", 10))


def overlapping(times: int = 500, size: int = 900 * 1024) -> bytes:
    """Many names in the directory, all for the bytes of one entry."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"\0" * size
    body = squeeze.compress(data) + squeeze.flush()
    said = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, zlib.crc32(data), len(body), size, 5, 0)
    local = b"PK\x03\x04" + said + b"a0000" + body
    central = b"".join(
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + said
        + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
        + b"a%04d" % number
        for number in range(times)
    )
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, times, times, len(central), len(local), 0)
    return local + central + end


def encrypted() -> bytes:
    """A docx one part of which is marked as encrypted."""
    return PLAIN.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00", 1)


def with_dtd(part: str, encoding: str = "utf-8") -> bytes:
    """A docx with a document type declaration in this part, in this encoding."""
    parts = read_package(PLAIN)
    old = parts.get(part, b"<a/>").decode()
    inner = old[old.index("?>") + 2 :] if "?>" in old else old
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]>{inner}'
    return with_parts({part: xml.encode(encoding, "xmlcharrefreplace")})


def template_attacks() -> dict[str, bytes]:
    """Templates that try to keep the machine busy when compiled or filled."""
    nest = "{% for i in rows %}" * 19 + "x" + "{% endfor %}" * 19
    return {
        "many open braces": docx_of(paragraph("{{ " * 60_000, FACE)),
        "deep loops": docx_of(paragraph("{% for a in rows %}" * 3000 + "{% endfor %}" * 3000, FACE)),
        "loops in loops": docx_of(paragraph(nest, FACE)),
        "range": docx_of(paragraph("{% for i in range(999999999) %}x{% endfor %}", FACE)),
        "long chain": docx_of(paragraph("{{ " + " ~ ".join(["a"] * 20_000) + " }}", FACE)),
    }
