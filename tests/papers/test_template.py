"""Filling a template: values arrive as typed and never run, faults say where, same data gives same bytes."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from andu.papers.drawing.ooxml import Cell, directive, field_run, paragraph, row, run, table
from andu.papers.faults import PaperFault
from andu.papers.template import Template, compile_template, package
from andu.papers.template.package import CONTENT_TYPES, read_package, write_package
from andu.papers.template.qr import relationships_of
from tests.papers.making import FACE, docx_of, part_of, text_of

ROOT = Path(__file__).parents[2]
EVERYWHERE = docx_of(
    paragraph("甲{{ a }}乙", FACE)
    + table([4000], [row([Cell(paragraph("{{ a }}", FACE), 4000)])])
    + directive("for p in a|paragraphs")
    + paragraph("{{ p.text }}", FACE)
    + directive("endfor"),
    footer="{{ a }}",
    title="{{ a }}",
)
NASTY = [
    "A&B <关于> 'x' \"y\" ]]>",
    "{{ 7*7 }} {% if %} {# x #} {_{ }_}",
    "喆玥堃 𠮷 😀👨‍👩‍👧",
    "〔2026〕13号《线索》“引”‘号’——…",
    "第一行\n第二行\n\n第四行",
    "名称\t份数",
    "　首行空两格 ",
    "</w:t></w:r></w:p>",
    "&amp; &#60;",
    "长" * 3000,
]
PAYLOADS = [
    "{{ a.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__ }}",
    "{{ a|attr('__class__') }}",
    "{{ a['__class__'] }}",
    "{{ a.format }}",
    "{{ '{0.__class__}'.format(a) }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum }}",
    "{{ 'a' * 10**9 }}",
    "{{ 2 ** 999999 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ a ~ a }}",
    "{{ a + a }}",
    "{{ [a] + [a] }}",
    "{{ 3 * 3 }}",
    "{% set x %}<w:p>{% endset %}{{ x }}",
    "{% filter or_blank %}x{% endfilter %}",
    "{% with b = a %}{{ b }}{% endwith %}",
    "{% set x = a|rich %}{{ x }}",
    "{{ a|qr|or_blank }}",
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% for i in range(999999999) %}x{% endfor %}",
    "{% for i in range(a) %}x{% endfor %}",
    "{{ range }}",
    "{{ range(0, 9, 0) }}",
    "{% include 'x' %}",
    "{% import 'os' as o %}",
    "{% macro m() %}{% endmacro %}",
    "{% autoescape false %}{{ a }}{% endautoescape %}",
    "{{ a|safe }}",
    "{{ namespace }}",
    "{% if range %}x{% endif %}",
]


def with_part(docx: bytes, name: str, kind: str, xml: str) -> bytes:
    """The docx with one more part of this content type."""
    parts = read_package(docx)
    declared = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    types = parts[CONTENT_TYPES].replace(b"</Types>", declared)
    return write_package({**parts, CONTENT_TYPES: types, name: xml.encode()})


def arrived(value: str) -> None:
    """Assert that the value stands as typed in body, cell, paragraphs, footer and title."""
    filled = compile_template(EVERYWHERE).fill({"a": value})
    assert text_of(filled) == f"甲{value}乙\n{value}\n{value}"
    assert text_of(filled, "word/footer_default.xml") == value
    title = part_of(filled, "docProps/core.xml").findtext("{http://purl.org/dc/elements/1.1/}title")
    assert (title or "") == value


@pytest.mark.parametrize("value", NASTY, ids=lambda value: value[:12])
def test_value_arrives_on_the_paper_as_typed(value: str) -> None:
    arrived(value)


PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=4)
MARKS = st.sampled_from([*"\n\t{}%#&<>_\"'", "</w:t>", "<b>", "&amp;", "]]>", "<!--", "{{ a }}", "{% if"])


@settings(max_examples=60, deadline=None)
@given(st.lists(PLAIN | MARKS, max_size=6).map("".join))
def test_any_text_arrives_on_the_paper_as_typed(value: str) -> None:
    arrived(value)


def test_line_ends_of_windows_are_line_ends() -> None:
    filled = compile_template(docx_of("{{ a }}")).fill({"a": "一\r\n二\r三"})
    assert text_of(filled) == "一\n二\n三"


@pytest.mark.parametrize("value", ["\x00", "\x0b", "\x07", "\x0c", "\ud800", "\ufffe", "\uffff"], ids=ascii)
def test_character_that_no_paper_can_carry_is_refused_and_not_lost(value: str) -> None:
    with pytest.raises(PaperFault, match="控制字符"):
        compile_template(EVERYWHERE).fill({"a": f"前{value}后"})


@pytest.mark.parametrize(
    "value", [None, object(), b"bytes", {"x": {1, 2}}, len], ids=lambda value: type(value).__name__
)
def test_only_plain_data_is_taken(value: object) -> None:
    with pytest.raises(TypeError):
        compile_template(EVERYWHERE).fill({"a": value})


@pytest.mark.parametrize("place", ["body", "footer", "title"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_template_is_refused(payload: str, place: str) -> None:
    docx = docx_of(**{"body": "x", place: payload})
    with pytest.raises(PaperFault):
        compile_template(docx).fill({"a": "x"})


def test_hostile_footnote_is_refused_and_an_honest_one_filled_once() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def noted(text: str) -> bytes:
        note = f'<w:footnote w:id="1">{paragraph(text, FACE)}</w:footnote>'
        xml = f'<w:footnotes xmlns:w="{main}">{note}</w:footnotes>'
        return with_part(docx_of("x"), "word/footnotes.xml", kind, xml)

    filled = compile_template(noted("{{ a }}")).fill({"a": "{{ 7*7 }}"})
    assert text_of(filled, "word/footnotes.xml") == "{{ 7*7 }}"
    with pytest.raises(PaperFault):
        compile_template(noted(PAYLOADS[0])).fill({"a": "x"})


def test_author_property_is_blanked_and_never_rendered() -> None:
    parts = read_package(docx_of("x"))
    core = parts["docProps/core.xml"].replace(b"<dc:creator/>", b"<dc:creator>{{ 7*7 }} Wang</dc:creator>")
    filled = compile_template(write_package({**parts, "docProps/core.xml": core})).fill({})
    assert b"Wang" not in read_package(filled)["docProps/core.xml"]
    assert b"49" not in read_package(filled)["docProps/core.xml"]


def test_company_and_editing_program_are_removed() -> None:
    parts = read_package(docx_of("x"))
    app = parts["docProps/app.xml"].replace(b"/>", b"><Company>ACME</Company></Properties>")
    filled = compile_template(write_package({**parts, "docProps/app.xml": app})).fill({})
    assert b"ACME" not in read_package(filled)["docProps/app.xml"]


def test_missing_name_is_a_fault_that_quotes_its_paragraph() -> None:
    docx = docx_of(paragraph("第一段", FACE) + paragraph("线索编号：{{ nubmer }}", FACE))
    with pytest.raises(PaperFault, match="nubmer.*线索编号："):
        compile_template(docx).fill({"number": "1"})


def test_missing_key_of_a_row_or_signature_is_a_fault() -> None:
    with pytest.raises(PaperFault, match="nmae"):
        compile_template(docx_of("{{ sign.first.nmae }}")).fill({"sign": {"first": {"name": "张三"}}})


def test_column_may_be_called_like_a_method_of_dict() -> None:
    docx = docx_of(
        directive("for r in rows") + paragraph("{{ r.items }}{{ r.keys }}", FACE) + directive("endfor")
    )
    assert text_of(compile_template(docx).fill({"rows": [{"items": "甲", "keys": "乙"}]})) == "甲乙"


def test_table_printed_as_one_value_is_a_fault_and_not_python() -> None:
    with pytest.raises(PaperFault, match="逐行打印"):
        compile_template(docx_of("{{ items }}")).fill({"items": [{"name": "甲"}]})


def test_unknown_filter_and_open_tag_are_named_when_compiling() -> None:
    with pytest.raises(PaperFault, match="nosuch.*过滤器"):
        compile_template(docx_of("{{ a|nosuch }}"))
    with pytest.raises(PaperFault, match="endif"):
        compile_template(docx_of("{% if a %}甲"))


@pytest.mark.parametrize("body", ["{{p a }}", "{{r a }}", "{{ a|rich }}", "{{r a|qr }}"])
def test_value_that_would_stand_where_word_shows_none_is_refused(body: str) -> None:
    with pytest.raises(PaperFault, match="印不出"):
        compile_template(docx_of(body))


@pytest.mark.parametrize(
    "field",
    [field_run("{{ a }}", FACE), f'<w:fldSimple w:instr="{{{{ a }}}}">{run("x", FACE)}</w:fldSimple>'],
)
def test_name_in_the_code_of_a_field_is_refused_since_it_could_make_word_do_things(field: str) -> None:
    with pytest.raises(PaperFault, match="域代码"):
        compile_template(docx_of(f"<w:p>{field}</w:p>"))


@pytest.mark.parametrize("end", ["{% endif %}", "{% else %}{% endif %}"])
def test_condition_around_half_a_table_is_refused_when_compiling(end: str) -> None:
    half = table([4000], [row([Cell(paragraph("甲{% if a %}", FACE), 4000)])]) + paragraph(end, FACE)
    with pytest.raises(PaperFault, match="只包住了半个.*甲"):
        compile_template(docx_of(half))


def test_condition_from_paragraph_to_paragraph_is_well_formed_either_way() -> None:
    docx = docx_of(paragraph("甲{% if a %}有", FACE) + paragraph("乙{% endif %}丙", FACE))
    template = compile_template(docx)
    assert [text_of(template.fill({"a": a})) for a in ("x", "")] == ["甲有\n乙丙", "甲丙"]


def test_endnotes_and_custom_properties_are_filled() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.endnotes+xml"
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = f'<w:endnote w:id="1">{paragraph("{{ a }}", FACE)}</w:endnote>'
    notes = f'<w:endnotes xmlns:w="{main}">{note}</w:endnotes>'
    docx = with_part(docx_of("x"), "word/endnotes.xml", kind, notes)
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    custom = "<P xmlns='x'><property><v>{{ a }}</v></property></P>"
    docx = with_part(docx, "docProps/custom.xml", kind, custom)
    filled = compile_template(docx).fill({"a": "A&B"})
    assert text_of(filled, "word/endnotes.xml") == "A&B"
    assert "".join(part_of(filled, "docProps/custom.xml").itertext()) == "A&B"


@pytest.mark.parametrize("place", ["body", "footer"])
def test_qr_code_is_a_picture_of_the_text_that_the_part_links_to(place: str) -> None:
    template = compile_template(docx_of(**{"body": "x", place: "核对{{ a|qr(25) }}"}))
    filled = template.fill({"a": 'K7Q2 "<'})
    name = "word/document.xml" if place == "body" else "word/footer_default.xml"
    (blip,) = part_of(filled, name).iter("{*}blip")
    link = next(iter(blip.attrib.values()))
    links = {each.get("Id"): each.get("Target") for each in part_of(filled, relationships_of(name))}
    assert read_package(filled)[f"word/{links[link]}"].startswith(b"\x89PNG")
    (number,) = part_of(filled, name).iter("{*}docPr")
    assert number.get("descr") == 'K7Q2 "<'
    (size,) = part_of(filled, name).iter("{*}extent")
    assert size.get("cx") == str(25 * 36_000)
    assert b'Extension="png"' in read_package(filled)[CONTENT_TYPES]
    assert filled == template.fill({"a": 'K7Q2 "<'})
    assert not list(part_of(template.fill({"a": ""}), name).iter("{*}blip"))


def test_same_data_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, '.');"
        "from tests.papers.making import docx_of; from andu.papers.template import Template;"
        "docx = docx_of('{{ a }}{{ b|qr }}{{ c|qr }}', footer='{{ a|qr }}', title='{{ b }}');"
        "print(hashlib.sha256(Template(docx).fill({'a': '甲', 'b': '乙', 'c': '丙'})).hexdigest())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(printed) == 1


def test_tag_that_word_has_split_into_runs_is_one_tag() -> None:
    split = paragraph("{{ a }}", FACE).replace(
        "{{ a }}", '{{ </w:t></w:r><w:r><w:t xml:space="preserve">a }}'
    )
    assert text_of(compile_template(docx_of(split)).fill({"a": "甲"})) == "甲"


def test_rows_repeat_and_an_empty_list_prints_its_else_row() -> None:
    def tag(code: str) -> str:
        return row([Cell(paragraph(f"{{%tr {code} %}}", FACE), 4000)])

    rows = (
        tag("for r in rows"),
        row([Cell(paragraph("{{ r.no }}.{{ r.name }}", FACE), 4000)]),
        tag("else"),
        row([Cell(paragraph("无", FACE), 4000)]),
        tag("endfor"),
    )
    template = compile_template(docx_of(table([4000], rows)))
    assert (
        text_of(template.fill({"rows": [{"no": "1", "name": "甲"}, {"no": "2", "name": "乙"}]}))
        == "1.甲\n2.乙"
    )
    assert text_of(template.fill({"rows": []})) == "无"


def test_changing_number_of_cells_keeps_the_grid_in_step() -> None:
    tags = ("{%tc for c in cells %}", "{{ c }}", "{%tc endfor %}")
    cells = [Cell(paragraph(text, FACE), 1000) for text in tags]
    filled = compile_template(docx_of(table([1000, 1000, 1000], [row(cells)]))).fill(
        {"cells": list("甲乙丙丁")}
    )
    names = [
        etree.QName(element).localname
        for element in part_of(filled, "word/document.xml").iter("{*}tc", "{*}gridCol")
    ]
    assert (names.count("tc"), names.count("gridCol")) == (4, 4)


def test_cell_whose_paragraphs_are_all_left_out_still_has_one() -> None:
    content = directive("if a") + paragraph("有", FACE) + directive("endif")
    filled = compile_template(docx_of(table([4000], [row([Cell(content, 4000)])]))).fill({"a": ""})
    (cell,) = part_of(filled, "word/document.xml").iter("{*}tc")
    assert etree.QName(cell[-1]).localname == "p"


def test_lost_section_is_a_fault() -> None:
    section = '<w:p><w:pPr><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:pPr></w:p>'
    template = compile_template(
        docx_of(directive("if a") + section + directive("endif") + paragraph("x", FACE))
    )
    template.fill({"a": "有"})
    with pytest.raises(PaperFault, match="分节"):
        template.fill({"a": ""})


def test_same_data_gives_the_same_bytes_and_other_data_others() -> None:
    template = Template(EVERYWHERE)
    first = template.fill({"a": "甲"})
    assert first == Template(EVERYWHERE).fill({"a": "甲"})
    assert first != template.fill({"a": "乙"})
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        members = archive.infolist()
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert members[0].filename == CONTENT_TYPES


def test_template_is_compiled_once_for_the_same_bytes() -> None:
    assert compile_template(docx_of("{{ once }}")) is compile_template(docx_of("{{ once }}"))


@pytest.mark.parametrize(
    "data", [b"", b"not a zip", write_package({"a.txt": b"x"})], ids=["empty", "text", "zip"]
)
def test_what_is_no_docx_is_refused(data: bytes) -> None:
    with pytest.raises(PaperFault, match="docx"):
        compile_template(data)


def test_document_type_declaration_is_refused() -> None:
    parts = read_package(docx_of("x"))
    bomb = parts["word/document.xml"].replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY a "b">]><w:document', 1)
    with pytest.raises(PaperFault, match="DOCTYPE"):
        compile_template(write_package({**parts, "word/document.xml": bomb}))


def test_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_BYTES", 10_000)
    with pytest.raises(PaperFault, match="异常大"):
        read_package(write_package({**read_package(EVERYWHERE), "word/media/x.bin": b"\0" * 20_000}))


def test_docxtpl_is_imported_by_two_modules_alone() -> None:
    importing = [
        path.name
        for path in sorted((ROOT / "andu").rglob("*.py"))
        if re.search(r"^\s*(from|import) docxtpl", path.read_text("utf-8"), re.M)
    ]
    assert importing == ["part.py", "rich.py"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{r a|rich(font=a) }}",
        "{{r a|rich(colour='FF0000') }}",
        "{{r a|rich(size=900) }}",
        "{{ a|qr(a) }}",
        "{{ a|qr(5) }}",
        "{{ a|title_lines(a) }}",
        "{{ a|title_lines(300) }}",
        "{{ a|title_lines(per_line=9) }}",
        "{{ a|title_lines(19.0) }}",
        "{{ a|sequence(a) }}",
        "{{ a|sequence(5) }}",
        "{{ a|or_blank(*a) }}",
    ],
)
def test_option_that_an_answer_could_spoil_is_refused_when_compiling(tag: str) -> None:
    # within a condition that no sample meets
    paper = docx_of(
        paragraph("{% if a == '密钥' %}", FACE) + paragraph(tag, FACE) + paragraph("{% endif %}", FACE)
    )
    with pytest.raises(PaperFault, match="括号里的设置"):
        compile_template(paper)


@pytest.mark.parametrize("tag", ["{{ a|qr(25) }}", "{{ a|title_lines(10) }}", "{{ a|sequence('（1）') }}"])
def test_good_option_is_taken(tag: str) -> None:
    assert compile_template(docx_of(paragraph(tag, FACE))).fill({"a": "1"})


@pytest.mark.parametrize("attribute", ["src", "href", "o:href", "r:id", "r:embed", "o:relid", "Target"])
def test_name_in_an_address_is_refused(attribute: str) -> None:
    names = 'xmlns:v="urn:v" xmlns:o="urn:o" xmlns:r="urn:r"'
    picture = f'<w:p><w:r><w:pict><v:imagedata {names} {attribute}="x{{{{ a }}}}"/></w:pict></w:r></w:p>'
    with pytest.raises(PaperFault, match="地址里的名称不能用"):
        compile_template(docx_of(picture))


def test_name_in_the_words_of_a_watermark_is_filled() -> None:
    mark = '<w:p><w:r><w:pict><v:textpath xmlns:v="urn:v" string="{{ a }}号"/></w:pict></w:r></w:p>'
    assert (
        'string="A&amp;B号"'
        in read_package(compile_template(docx_of(mark)).fill({"a": "A&B"}))["word/document.xml"].decode()
    )
