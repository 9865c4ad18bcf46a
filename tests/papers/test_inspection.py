"""A docx is inspected before anything opens it: honest files pass, each danger is named with its place."""

from __future__ import annotations

import base64
import io
import random
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import docx as python_docx
import pytest

from andu.formtypes.definition import FormType
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.checks.confined import run
from andu.papers.checks.inspection import inspect
from andu.papers.faults import PaperFault
from andu.papers.template import archive, compile_template
from andu.papers.template.package import read_package
from tests.papers import hostile
from tests.papers.hostile import OFFICE, code, turn
from tests.papers.hostile import run as wordrun
from tests.papers.making import context_of

ROOT = Path(__file__).parents[2]
FORMS = Catalogue.load(ROOT / "forms").all()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
T = "<w:t>{}</w:t>".format


def messages(docx: bytes) -> str:
    """All that is found, one a line."""
    return "\n".join(danger.message for danger in inspect(docx))


def link(name: str) -> zipfile.ZipInfo:
    """An entry that is a symbolic link."""
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize("form_type", FORMS, ids=lambda form_type: form_type.slug)
def test_our_own_papers_are_clean_empty_and_filled(form_type: FormType) -> None:
    paper = (ROOT / "doc_templates" / f"{form_type.slug}.docx").read_bytes()
    assert messages(paper) == ""
    template = compile_template(paper)
    for worst in (False, True):
        assert messages(template.fill(context_of(form_type, worst, "BJ-2026-0001", signed=True))) == ""


def test_document_of_python_docx_with_table_picture_and_comment_is_clean() -> None:
    document = python_docx.Document()
    document.add_heading("示例镇", 1)
    document.add_table(2, 2)
    picture = io.BytesIO(base64.b64decode(_PNG))
    document.add_picture(picture)
    document.add_comment(document.add_paragraph("张三").runs, "请核对", author="李四")
    out = io.BytesIO()
    document.save(out)
    assert messages(out.getvalue()) == ""


_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def test_what_word_and_wps_add_to_an_ordinary_document_is_clean() -> None:
    docx = hostile.PLAIN
    for name in (
        "webSettings",
        "people",
        "comments",
        "commentsExtended",
        "commentsIds",
        "endnotes",
        "numbering",
    ):
        docx = hostile.with_kind(f"word/{name}.xml", f"{WORD}{name}+xml", docx=docx)
    office = "application/vnd.openxmlformats-officedocument."
    custom = (
        "<Properties><property name='KSOProductBuildVer'><lpwstr>2052-12.1.0</lpwstr></property></Properties>"
    )
    docx = hostile.with_kind("docProps/custom.xml", f"{office}custom-properties+xml", custom, docx=docx)
    data = '<s:customData xmlns:s="http://www.wps.cn/officeDocument/2013/wpsCustomData"/>'
    docx = hostile.with_kind("customXml/item1.xml", "application/xml", data, f"{OFFICE}/customXml", docx)
    docx = hostile.with_kind("customXml/itemProps1.xml", f"{office}customXmlProperties+xml", docx=docx)
    docx = hostile.with_link(f"{OFFICE}/hyperlink", "https://example.org/a?b=1&amp;c=2", "External", docx)
    assert messages(docx) == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_custom_data_in_another_lawful_encoding_is_clean(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><a>甲</a>'.encode(encoding)
    assert messages(hostile.with_kind("customXml/item1.xml", "application/xml", xml)) == ""


def test_small_repetitive_part_is_no_bomb() -> None:
    docx = hostile.with_kind("word/people.xml", f"{WORD}people+xml", f"<a>{' ' * 900_000}</a>")
    assert messages(docx) == ""


@pytest.mark.parametrize(
    "field",
    [
        (code(" PAGE "), turn("separate"), T("1")),
        (code("PA"), code("GE \\* MERGEFORMAT"), turn("separate"), T("DDE")),
        (code('TOC \\o "1-3" \\h'), turn("separate"), turn("begin"), code("PAGEREF a \\h"), turn("end")),
        (code("IF "), turn("begin"), code("PAGE"), turn("end"), code(' = 1 "甲" "乙"')),
        (code("= SUM(ABOVE)"),),
        (code('HYPERLINK "https://example.org/a" \\o "提示"'),),
        (code('HYPERLINK \\l "书签"'),),
    ],
)
def test_fields_of_ordinary_documents_are_clean(field: tuple[str, ...]) -> None:
    assert messages(hostile.with_field(*field)) == ""


def _box(text: str) -> str:
    return f"<w:pict><w:txbxContent><w:p>{wordrun(code(text))}</w:p></w:txbxContent></w:pict>"


BAD_FIELDS = {
    "one piece": (code('DDEAUTO c:\\\\windows\\\\cmd.exe "/k"'),),
    "scattered": (code("D"), code("D"), code("E c "), turn("separate"), T("1")),
    "lower case": (code("includeText a"),),
    "picture": (code('INCLUDEPICTURE "http://203.0.113.1/a.png"'),),
    "link": (code("LINK Word.Document.8 a"),),
    "import": (code("IMPORT a.doc"),),
    "macro": (code("MACROBUTTON Run 按此"),),
    "quote": (code("QUOTE 68 68 69"),),
    "nested": (code("IF "), turn("begin"), code("DDE a b"), turn("end"), code(" = 1")),
    "name from a field": (turn("begin"), code("REF a"), turn("end"), code(" c cmd")),
    "name completed by a field": (code("D"), turn("begin"), code("PAGE"), turn("end"), code("E c")),
    "visible text as code": (code("PAGE "), T("DDE c cmd")),
    "text boxes as a screen": (_box("PAGE "), code("DD"), _box("x"), code("E a")),
    "behind a harmless word": (code("PAGE "), code("DDE c cmd")),
    "with visible text between": (code("D"), T("D"), code("E a")),
    "visible text as a screen": (T("PAGE "), code("DD"), T("x"), code("E a")),
    "in the result": (code("PAGE "), turn("separate"), turn("begin"), code("DDE a"), turn("end")),
    "after the result": (code("PAGE "), turn("separate"), code("DDE a")),
    "text box between": (
        code("DD"),
        f"<w:pict><w:txbxContent><w:p>{wordrun(code('PAGE '))}</w:p></w:txbxContent></w:pict>",
        code("E a"),
    ),
    "template as a name": (code("{{ a }} b"),),
    "address of a machine": (code('HYPERLINK "file://server/share/a"'),),
    "address after a switch": (code('HYPERLINK \\h "\\\\\\\\server\\\\a"'),),
}


@pytest.mark.parametrize("pieces", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_dangerous_field_is_found_however_it_is_written(pieces: tuple[str, ...]) -> None:
    found = messages(hostile.with_field(*pieces))
    assert "域" in found
    assert "正文（word/document.xml）" in found


def test_tables_that_nobody_makes_are_found_and_ordinary_ones_are_not() -> None:
    def nested(depth: int) -> str:
        inner = nested(depth - 1) if depth else ""
        return f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"

    def wide(columns: int) -> str:
        return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid></w:tbl>"

    def spanning(columns: str) -> str:
        return (
            f'<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
        )

    assert "套得太深" in messages(hostile.with_body(nested(6)))
    assert messages(hostile.with_body(nested(3))) == ""
    for xml in (wide(3000), spanning("3000"), spanning("9" * 5000)):
        assert "列数异常多" in messages(hostile.with_body(xml))
    for xml in (wide(400), spanning("96"), spanning("{{ n }}")):
        assert messages(hostile.with_body(xml)) == ""


def test_field_whose_name_another_field_makes_is_told_so() -> None:
    found = messages(hostile.with_field(*BAD_FIELDS["name completed by a field"]))
    assert "由另一个域拼成" in found


def test_field_that_is_never_closed_or_never_begun_is_found() -> None:
    open_field = f"<w:p>{wordrun(turn('begin'), code('DDE a b'))}</w:p>"
    assert "域" in messages(hostile.with_body(open_field))
    assert "域" in messages(hostile.with_body(f"<w:p>{wordrun(code('DDE a b'))}</w:p>"))
    simple = '<w:p><w:fldSimple w:instr="DDE a b"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    assert "域" in messages(hostile.with_body(simple))
    deleted = "<w:p><w:del><w:r><w:delInstrText>DDE a</w:delInstrText></w:r></w:del></w:p>"
    assert "域" in messages(hostile.with_body(deleted))


PARTS = {
    "宏": ("word/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
    "宏的": ("word/vbaData.xml", "application/vnd.ms-word.vbaData+xml"),
    "OLE": ("word/embeddings/o.bin", "application/vnd.openxmlformats-officedocument.oleObject"),
    "工作簿": (
        "word/embeddings/o.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "ActiveX": ("word/activeX/a.xml", "application/vnd.ms-office.activeX+xml"),
    "网页，": ("word/a.html", "text/html"),
    "RTF": ("word/a.rtf", "application/rtf"),
    "快捷键": ("word/customizations.xml", "application/vnd.ms-word.keyMapCustomizations+xml"),
    "SVG": ("word/media/a.svg", "image/svg+xml"),
    "字体": ("word/fonts/f.odttf", "application/vnd.openxmlformats-officedocument.obfuscatedFont"),
    "不该有的部件": ("word/a.bin", "application/x-whatever"),
}


@pytest.mark.parametrize(("words", "part"), PARTS.items())
def test_part_of_a_kind_that_no_paper_has_is_found(words: str, part: tuple[str, str]) -> None:
    found = messages(hostile.with_kind(*part))
    assert words.removesuffix("的") in found
    assert part[0] in found


def test_part_without_a_kind_and_document_with_macros_are_found() -> None:
    assert "没有登记类型" in messages(hostile.with_parts({"word/a.exe": b"MZ"}))
    types = read_package(hostile.PLAIN)["[Content_Types].xml"]
    docm = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    zipped = read_package(hostile.PLAIN) | {
        "[Content_Types].xml": types.replace(f"{WORD}document.main+xml".encode(), docm)
    }
    found = messages(hostile.write_package(zipped))
    assert "带宏" in found
    twice = types.replace(b"</Types>", b'<Default Extension="xml" ContentType="text/html"/></Types>')
    assert "登记了两次" in messages(hostile.with_parts({"[Content_Types].xml": twice}))


def test_picture_that_is_none_is_found() -> None:
    found = messages(hostile.with_kind("word/media/a.png", "image/png", b"\xd0\xcf\x11\xe0"))
    assert "图片（word/media/a.png）" in found


LINKS = {
    "附加的模板": (f"{OFFICE}/attachedTemplate", "http://203.0.113.1/a.dotm", "External"),
    "外部图片": (f"{OFFICE}/image", "http://203.0.113.1/a.png", "External"),
    "OLE": (f"{OFFICE}/oleObject", "http://203.0.113.1/a", "External"),
    "嵌入的文件": (f"{OFFICE}/package", "embeddings/a.xlsx", ""),
    "altChunk": (f"{OFFICE}/aFChunk", "a.html", ""),
    "框架": (f"{OFFICE}/frame", "a.htm", "External"),
    "子文档": (f"{OFFICE}/subDocument", "a.docx", "External"),
    "ActiveX": (f"{OFFICE}/control", "activeX/a.xml", ""),
    "宏": ("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", ""),
    "邮件合并": (f"{OFFICE}/mailMergeSource", "file:///c:/a.mdb", "External"),
    "不该有的关系": ("http://example.org/whatever", "a.xml", ""),
    "不是网页": (f"{OFFICE}/hyperlink", "file://server/share", "External"),
    "邮箱地址": (f"{OFFICE}/hyperlink", "javascript:alert(1)", "External"),
    "文件以外": (f"{OFFICE}/image", "http://203.0.113.1/a.png", ""),
    "文件以外的": (f"{OFFICE}/image", "\\\\server\\a.png", "Internal"),
    "请改为嵌入": (f"{OFFICE}/image", "a.png", "external"),
    "严格": ("http://purl.oclc.org/ooxml/officeDocument/relationships/image", "a.png", ""),
}


@pytest.mark.parametrize(("words", "target"), LINKS.items())
def test_link_to_outside_or_of_a_kind_that_no_paper_has_is_found(words: str, target: tuple[str, ...]) -> None:
    found = messages(hostile.with_link(*target))
    assert words in found
    assert "附件关系（word/_rels/document.xml.rels）" in found


ELEMENTS = {
    "altChunk": '<w:altChunk r:id="a"/>',
    "OLE": '<w:p><w:r><w:object><o:OLEObject Type="Link" ProgID="a"/></w:object></w:r></w:p>',
    "ActiveX": "<w:p><w:r><w:control/></w:r></w:p>",
    "子文档": '<w:subDoc r:id="a"/>',
    "窗体域": "<w:p><w:r><w:fldChar><w:ffData><w:entryMacro/></w:ffData></w:fldChar></w:r></w:p>",
    "文件以外": '<w:p><w:r><w:pict><v:imagedata src="http://203.0.113.1/a.png"/></w:pict></w:r></w:p>',
    "图片或对象": '<w:p><w:r><w:pict><v:fill o:href="\\\\server\\a"/></w:pict></w:r></w:p>',
}


@pytest.mark.parametrize(("words", "xml"), ELEMENTS.items())
def test_element_that_brings_in_something_from_outside_is_found(words: str, xml: str) -> None:
    assert words in messages(hostile.with_body(xml))


WEB = (f"{OFFICE}/hyperlink", "https://example.org/a.png", "External")
PICTURE_USES = {
    "r:embed of a hyperlink": '<a:blip r:embed="bad1"/>',
    "r:link": '<a:blip r:link="bad1"/>',
    "r:id of old drawing": '<v:imagedata r:id="bad1"/>',
    "o:relid": '<v:imagedata o:relid="bad1"/>',
    "r:href": '<v:imagedata r:href="bad1"/>',
    "o:href to a page": '<v:imagedata o:href="https://example.org/a.png"/>',
    "header": '<w:headerReference r:id="bad1"/>',
}


def _using(xml: str) -> bytes:
    return hostile.with_body(f'<w:p xmlns:a="urn:a"><w:r><w:pict>{xml}</w:pict></w:r></w:p>')


@pytest.mark.parametrize("xml", PICTURE_USES.values(), ids=PICTURE_USES)
def test_hyperlink_used_as_a_picture_or_part_is_found(xml: str) -> None:
    found = messages(hostile.with_link(*WEB, docx=_using(xml)))
    assert "从网上取内容" in found or "链接的图片或对象" in found
    assert "正文（word/document.xml）" in found


@pytest.mark.parametrize("xml", ['<w:hyperlink r:id="bad1"/>', '<a:hlinkClick r:id="bad1"/>'])
def test_hyperlink_of_a_text_or_of_a_picture_is_clean(xml: str) -> None:
    assert messages(hostile.with_link(*WEB, docx=_using(xml))) == ""


def test_picture_that_leads_to_something_else_is_found() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    as_xml = hostile.with_kind("word/media/a.xml", "application/xml", svg, f"{OFFICE}/image")
    assert "指向的不是图片" in messages(as_xml)
    drawn = _using('<a:blip r:embed="bad1"/>')
    as_data = hostile.with_kind("word/media/a.xml", "application/xml", svg, f"{OFFICE}/customXml", drawn)
    assert "图片用的不是图片关系" in messages(as_data)
    picture = base64.b64decode(_PNG)
    honest = hostile.with_kind("word/media/a.png", "image/png", picture, f"{OFFICE}/image", drawn)
    assert messages(honest) == ""


PAGES = {
    "a stamp": ('<w:pgSz w:w="900" w:h="900"/>', ""),
    "a strip": ('<w:pgSz w:w="5000" w:h="16838"/>', '<w:pgMar w:left="0" w:right="0"/>'),
    "a wall": ('<w:pgSz w:w="11906" w:h="900000"/>', ""),
    "no number": ('<w:pgSz w:w="nan" w:h="16838"/>', ""),
    "chosen by an answer": ('<w:pgSz w:w="{{ a }}" w:h="16838"/>', ""),
    "wide margins": ("", '<w:pgMar w:left="5500" w:right="5500"/>'),
    "high margins": ("", '<w:pgMar w:top="-8000" w:bottom="8000"/>'),
    "gutter": ("", '<w:pgMar w:gutter="9000"/>'),
}


@pytest.mark.parametrize(("size", "margins"), PAGES.values(), ids=PAGES)
def test_page_that_nobody_prints_on_is_found(size: str, margins: str) -> None:
    section = f"<w:p><w:pPr><w:sectPr>{size}{margins}</w:sectPr></w:pPr></w:p>"
    assert "页面小于 A5" in messages(hostile.with_body(section))


@pytest.mark.parametrize(
    "size", ["", '<w:pgSz w:w="8391" w:h="11906"/>', '<w:pgSz w:w="23811" w:h="16838" w:orient="landscape"/>']
)
def test_page_of_a5_to_a3_is_clean(size: str) -> None:
    margins = '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440.0" w:gutter="0"/>'
    section = f"<w:p><w:pPr><w:sectPr>{size}{margins}</w:sectPr></w:pPr></w:p>"
    assert messages(hostile.with_body(section)) == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7", "cp037", "gb18030"])
@pytest.mark.parametrize(
    "part",
    ["word/document.xml", "word/_rels/document.xml.rels", "word/footer_default.xml", "docProps/app.xml"],
)
def test_document_type_is_found_in_any_part_and_any_encoding(part: str, encoding: str) -> None:
    found = messages(hostile.with_dtd(part, encoding))
    assert part in found
    assert "DOCTYPE" in found or "编码" in found


def test_document_type_hidden_by_an_encoding_is_found() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'
    assert "文字编码不正常（utf-7）" in messages(hostile.with_parts({"docProps/app.xml": hidden}))


def test_markup_that_is_too_deep_too_much_or_broken_is_found() -> None:
    assert "嵌套过深" in messages(hostile.with_body("<w:p>" * 1000 + "</w:p>" * 1000))
    assert "异常多" in messages(hostile.with_body("<w:p/>" * 210_000))
    attributes = " ".join(f'a{number}=""' for number in range(210_000))
    assert "异常多" in messages(hostile.with_body(f"<w:p {attributes}/>"))
    assert "损坏" in messages(hostile.with_body("<w:p>"))


NAMES = ["/etc/passwd", "../a.xml", "word/../../a.xml", "word\\a.xml", "c:/a.xml", "word//a.xml", "a\x01.xml"]


@pytest.mark.parametrize("name", [*NAMES, "word/%2e%2e/a.xml"])
def test_name_that_leads_out_of_the_file_is_found(name: str) -> None:
    assert "名称不正常" in messages(hostile.zip_of((name, b"<a/>")))


@pytest.mark.parametrize("name", ["word/Document.xml", "WORD/document.xml", "word/d%6fcument.xml"])
def test_two_parts_of_one_name_are_found(name: str) -> None:
    assert "同名" in messages(hostile.zip_of((name, b"<a/>")))


def test_link_encryption_and_overlap_are_found() -> None:
    assert "链接" in messages(hostile.zip_of((link("word/a.xml"), b"/etc/passwd")))
    assert "加密" in messages(hostile.encrypted())
    assert "密码" in messages(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert "重叠" in messages(hostile.overlapping())


def test_part_that_shrinks_too_well_or_is_not_what_was_written_down_is_found() -> None:
    assert "压缩炸弹" in messages(hostile.bomb(10 * 1024 * 1024))
    docx = hostile.zip_of(("word/people.xml", b"<a/>"))
    for said in (struct.pack("<L", zlib.crc32(b"<a/>")), struct.pack("<LL", 6, 4)):
        assert said in docx
        assert "大小或校验不符" in messages(docx.replace(said, said[:-4] + b"\x05\0\0\0"))


def test_too_many_parts_and_too_large_a_file_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [(f"word/media/{number}.png", b"x") for number in range(2_001)]
    assert "部件过多" in messages(hostile.zip_of(*many))
    monkeypatch.setattr(archive, "MAX_FILE", 1000)
    assert "异常大" in messages(hostile.PLAIN)


BOMBS = {
    "one large part": lambda: hostile.bomb(),
    "lying size": lambda: hostile.lying_bomb(),
    "many parts": lambda: hostile.zip_of(*((f"word/media/{n}.png", b"\0" * 4_000_000) for n in range(20))),
    "overlap": lambda: hostile.overlapping(),
    "elements": lambda: hostile.with_body("<w:p/>x" * 190_000),
    "attributes": lambda: hostile.with_body('<w:p a=""/>x' * 190_000),
    "twenty megabytes of tags": lambda: hostile.with_body("<w:p/>" * 3_300_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_found_within_200_megabytes(name: str) -> None:
    payload = base64.b64encode(BOMBS[name]()).decode()
    found, memory = run("weigh", payload, {"weigh": "tests.papers.confined_tasks:weigh"})
    # as much as is allowed is no bomb, but has to fit all the same
    is_named = any("异常" in one or "重叠" in one for one in found)
    assert is_named == (name not in ("elements", "attributes"))
    assert memory < 200 * 1024 * 1024


@pytest.mark.parametrize("make", [hostile.bomb, hostile.lying_bomb, hostile.overlapping, hostile.encrypted])
def test_nothing_reads_such_a_package_either(make: object) -> None:
    with pytest.raises(PaperFault):
        read_package(make())  # type: ignore[operator]


def test_no_bytes_make_it_raise() -> None:
    chance = random.Random(9704)
    for _attempt in range(300):
        broken = bytearray(hostile.PLAIN)
        for _change in range(chance.randint(1, 20)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        inspect(bytes(broken[: chance.choice([len(broken), chance.randrange(len(broken))])]))
    for data in (b"", b"PK", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\0" * 100):
        assert inspect(data) != []


@pytest.mark.parametrize("name", ["one piece", "scattered"])
def test_a_second_opinion_agrees_about_dde(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(hostile.with_field(*BAD_FIELDS[name]))
    # in a process of its own: the tool warns about what it imports
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "oletools.msodde", str(path)], capture_output=True, text=True
    )
    assert "DDE" in told.stdout.split("DDE Links:")[-1]
