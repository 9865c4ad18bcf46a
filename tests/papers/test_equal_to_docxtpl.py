"""What we fill is what docxtpl fills: part by part, after C14N, for our papers and for every kind of tag.

docxtpl renders under our own environment with autoescape, as it should be used. On purpose we differ in three
things, each shown by a test of its own: docxtpl escapes properties twice, prints ``{_{`` that a clerk typed
as ``{{``, and runs footnotes once for each section, the second time with what the clerk typed in them.
"""

from __future__ import annotations

import html
import io
import random
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docxtpl import DocxTemplate, RichText
from lxml import etree

from andu.papers.checks.contract.reading import LOOPED, read
from andu.papers.checks.contract.steps import ITEM, PARAGRAPHS
from andu.papers.drawing.ooxml import Cell, directive, paragraph, row, run, table
from andu.papers.template import Template, compile_template
from andu.papers.template.package import CONTENT_TYPES, read_package, write_package
from andu.papers.template.qr import PICTURES
from andu.papers.template.sandbox import ENVIRONMENT, plain
from tests.papers.making import FACE, docx_of, text_of

ROOT = Path(__file__).parents[2]
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
BITS = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{{ 7*7 }}", "&", "<", ">", '"', "'", "]]>", "&amp;",
    "</w:t></w:r></w:p>",
    "\n", "\t", "线索", "〔2026〕13号", "喆玥堃𠮷", "😀👨‍👩‍👧", "　", " ", "a", "0", "一、", "。", "、",
)  # fmt: skip
BOUNDED = {
    # a form bounds its titles, and their lines are sought among all there could be
    "title": 60,
    # printed as a QR code, which holds no 3,000 signs
    "check_code": 60,
}
Words = random.Random


def value(words: Words) -> str:
    """A text of up to eight bits; seldom a long one, or none."""
    if words.random() < 0.01:
        return "长" * 3000
    return "".join(words.choices(BITS, k=words.randrange(9)))


def linked(docx: bytes, name: str, kind: str, content: str) -> bytes:
    """The docx with one more part, tied to its body."""
    parts = read_package(docx)
    links, types = "word/_rels/document.xml.rels", f"{WORD_TYPE}{kind}+xml"
    link = f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{name}.xml"/></Relationships>'
    declared = f'<Override PartName="/word/{name}.xml" ContentType="{types}"/></Types>'
    parts[links] = parts[links].replace(b"</Relationships>", link.encode())
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(b"</Types>", declared.encode())
    root = {"header": "hdr", "footnotes": "footnotes"}[kind]
    parts[f"word/{name}.xml"] = f'<w:{root} xmlns:w="{MAIN}" xmlns:r="{OFFICE}">{content}</w:{root}>'.encode()
    return write_package(parts)


def noted(docx: bytes, words: str) -> bytes:
    note = f'<w:footnote w:id="1">{paragraph(words, FACE)}</w:footnote>'
    return linked(docx, "footnotes", "footnotes", note)


def grid(*texts: str) -> str:
    """A table of one row with these cells."""
    return table([1000] * len(texts), [row([Cell(paragraph(text, FACE), 1000) for text in texts])])


def rows(*lines: tuple[str, ...]) -> str:
    """A table with these rows; the first one makes its columns."""
    width = max(map(len, lines))
    cells = [[Cell(paragraph(text, FACE), 500, width // len(line)) for text in line] for line in lines]
    return table([500] * width, [row(line) for line in cells])


def text_box(words: str) -> str:
    content = f"<w:txbxContent>{paragraph(words, FACE)}</w:txbxContent>"
    shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{content}</v:textbox></v:shape>'
    return f"<w:p>{run('框', FACE)}<w:r><w:pict>{shape}</w:pict></w:r></w:p>"


CORE = "docProps/core.xml"
COLUMNS = [f"c{number}" for number in range(12)]
TEMPLATES = {path.stem: path.read_bytes() for path in sorted((ROOT / "doc_templates").glob("*.docx"))} | {
    "header": linked(docx_of("{{ a }}"), "header1", "header", paragraph("{{ a }}甲{{ b }}", FACE)),
    "footer and title": docx_of("{{ a }}", footer="{{ b }}", title="{{ c }}"),
    "footnote": noted(docx_of("{{ a }}"), "{{ a }}甲{{ b }}"),
    "text box": docx_of(text_box("{{ a }}甲{{ b }}")),
    "rich text": docx_of(
        paragraph("甲{{r a|rich(bold=true) }}乙{{r b|rich(color='FF0000', size=16, font='黑体') }}", FACE)
    ),
    "tr": docx_of(
        rows(
            tuple(COLUMNS),
            ("{%tr for r in items %}",),
            tuple(f"{{{{ r.{name} }}}}" for name in COLUMNS),
            ("{%tr else %}",),
            ("{{ a }}",),
            ("{%tr endfor %}",),
        )
    ),
    "only row in a loop": docx_of(
        rows(("{%tr for r in items %}",), ("{{ r.a }}", "{{ r.b }}"), ("{%tr endfor %}",))
    ),
    "p": docx_of(
        directive("for r in items") + paragraph("{{ r.a }}", FACE) + directive("if r.b")
        + paragraph("{{ r.b }}", FACE) + directive("endif") + directive("endfor") + paragraph("末", FACE)
    ),
    "if across paragraphs": docx_of(
        paragraph("甲{% if a %}{{ a }}", FACE) + paragraph("乙{% endif %}{{ b }}", FACE)
    ),
    "tc": docx_of(grid("{%tc for r in items %}", "{{ r.a }}", "{%tc endfor %}")),
    "colspan": docx_of(grid("{% colspan 2 %}{{ a }}", "{{ b }}", "{{ c }}")),
    "colspan that narrows": docx_of(
        table(
            [500] * 3,
            [
                row(
                    [
                        Cell(paragraph("{% colspan 1 %}{{ a }}", FACE), 1000, 2),
                        Cell(paragraph("{{ b }}", FACE), 500),
                    ]
                )
            ],
        )
    ),
    "hm": docx_of(grid("{%tc for r in items %}", "{% hm %}{{ a }}", "{%tc endfor %}")),
    "vm": docx_of(
        rows(("{%tr for r in items %}",),
            ("{% vm %}{{ a }}", "{{ r.b }}"),
            ("{%tr endfor %}",),
            ("末", "{{ c }}"),
        )
    ),
    "cellbg": docx_of(grid("{% cellbg a %}{{ b }}", "{{ c }}")),
}  # fmt: skip
ROUNDS = 4


def names_of(sources: Mapping[str, str]) -> set[tuple[str, ...]]:
    """The path of every value these parts take from their context."""
    found = set()
    for one in read(sources):
        is_text = PARAGRAPHS in one.path
        path = one.path[: one.path.index(PARAGRAPHS)] if is_text else one.path
        found.add((*path, ITEM) if one.how == LOOPED and not is_text else path)
    return found


def context_for(names: Collection[tuple[str, ...]], words: Words) -> tuple[dict[str, Any], int]:
    """A context with every name of a template, and how many texts are in it."""
    tree: dict[str, Any] = {}
    for path in sorted(names):
        below = tree
        for key in path:
            below = below.setdefault(key, {})
    counted: list[str] = []

    def grown(below: dict[str, Any], key: str = "", rows: tuple[int, ...] = (0, 1, 3, 120)) -> Any:
        if key == "span":
            return words.choice((1, 2, 3))
        if not below:
            counted.append(value(words)[: BOUNDED.get(key)])
            return counted[-1]
        if ITEM in below:
            # 120 rows of 120 rows would be more than a package may hold
            return [grown(below[ITEM], rows=(0, 1, 3)) for _row in range(words.choice(rows))]
        return {key: grown(inner, key, rows) for key, inner in below.items()}

    return {key: grown(inner, key) for key, inner in tree.items()}, len(counted)


@cache
def contexts(name: str) -> list[tuple[dict[str, Any], int]]:
    """The contexts in which a template is compared, the same in every run."""
    words = random.Random(name)
    template = compile_template(TEMPLATES[name])
    names = names_of(template.sources)
    made = [context_for(names, words) for _round in range(ROUNDS)]
    for name, *_keys in names_of({CORE: template.sources[CORE]}):
        for context, _count in made:
            # docxtpl fails on a property of more than 255 signs
            context[name] = context[name][:30]
    return made


def by_docxtpl(docx: bytes, context: dict[str, Any]) -> dict[str, bytes]:
    template = DocxTemplate(io.BytesIO(docx))
    # a QR code leaves its picture in the context; docxtpl has no use for it
    template.render({**plain(context), PICTURES: {}}, ENVIRONMENT, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return read_package(out.getvalue())


def canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")


def properties(xml: bytes) -> dict[str, str]:
    """The properties that say something: docxtpl adds empty ones."""
    return {str(element.tag): element.text for element in etree.fromstring(xml) if element.text}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_part_is_what_docxtpl_makes_of_it(name: str) -> None:
    for context, _count in contexts(name):
        ours = read_package(compile_template(TEMPLATES[name]).fill(context))
        theirs = by_docxtpl(TEMPLATES[name], context)
        parts = [part for part in ours if part.startswith("word/") and part.endswith(".xml")]
        assert "word/document.xml" in parts
        assert [part for part in parts if canonical(ours[part]) != canonical(theirs[part])] == []
        # docxtpl escapes what the environment has escaped already; unescaped once, it is the same
        expected = {tag: html.unescape(text) for tag, text in properties(theirs[CORE]).items()}
        assert properties(ours[CORE]) == expected


def test_the_comparison_is_made_over_ten_thousand_values() -> None:
    assert sum(count for name in TEMPLATES for _context, count in contexts(name)) >= 10_000


def test_rich_text_is_that_of_docxtpl() -> None:
    options: dict[str, Any] = {
        "bold": True,
        "italic": True,
        "underline": True,
        "strike": True,
        "color": "FF0000",
    }
    filter_ = "rich(bold=true, italic=true, underline=true, strike=true, color='FF0000')"
    words = random.Random(1)
    for text in ("甲", *(value(words) or "空" for _round in range(50))):
        ours = compile_template(docx_of(f"甲{{{{r a|{filter_} }}}}乙")).fill({"a": text})
        template = DocxTemplate(io.BytesIO(docx_of("甲{{r a }}乙")))
        template.render({"a": RichText(text, **options)}, autoescape=True)
        out = io.BytesIO()
        template.save(out)
        part = "word/document.xml"
        assert canonical(read_package(ours)[part]) == canonical(read_package(out.getvalue())[part])


def test_title_is_escaped_once_where_docxtpl_escapes_twice() -> None:
    docx = docx_of("x", title="{{ a }}")
    assert b"<dc:title>A&amp;B</dc:title>" in read_package(Template(docx).fill({"a": "A&B"}))[CORE]
    assert b"A&amp;amp;B" in by_docxtpl(docx, {"a": "A&B"})[CORE]


def test_footnote_is_run_once_where_docxtpl_runs_what_was_typed_in_it() -> None:
    section = f"<w:p><w:pPr><w:sectPr/></w:pPr>{run('甲', FACE)}</w:p>"
    docx = noted(docx_of(section + paragraph("乙", FACE)), "{{ a }}")
    typed = {"a": "{{ 'run' }}"}
    assert text_of(Template(docx).fill(typed), "word/footnotes.xml") == "{{ 'run' }}"
    assert "{{" not in by_docxtpl(docx, {"a": "{{ 5 }}"})["word/footnotes.xml"].decode()


def test_braces_typed_with_lines_between_stay_where_docxtpl_takes_the_lines_away() -> None:
    docx = docx_of("{{ a }}和{_{ b }_}")
    assert text_of(Template(docx).fill({"a": "{_{"})) == "{_{和{{ b }}"
    assert b"{_{" not in by_docxtpl(docx, {"a": "{_{"})["word/document.xml"]
