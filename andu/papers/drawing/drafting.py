"""The starting paper of a form type: a docx that prints all it asks, in the one hand of our internal forms.

Called by ``script/andu paper draft``; an administrator then edits the result in Word. Official kinds are
drafted by ``official``. Guarantees: every printed field, every signature slot and the number stand on the
paper, so the draft passes ``contract``; labels keep a fixed width, long answers wrap, rows stay whole,
table heads repeat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from andu.formtypes.definition import Field, FormType, Section
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.form_tables import (
    GRID,
    PAGE,
    SMALL,
    answer_rows,
    code_row,
    heading_row,
    items_table,
    signature_row,
)
from andu.papers.drawing.official import draft_official
from andu.papers.drawing.ooxml import (
    FANG,
    SONG,
    XIAOBIAO,
    Face,
    Shape,
    directive,
    field_run,
    paragraph,
    run,
    table,
    twips,
)

INTERNAL = "internal"
"""The ``paper`` of a form type that is printed as a table of our own, not as an official document."""
TITLE, META = Face(XIAOBIAO, 22), Face(FANG, 12)


def draft_paper(form_type: FormType, copies: Sequence[str] = ()) -> bytes:
    """The docx to start from. ``copies`` prints an internal form once for each name, say 第一联."""
    if form_type.paper != INTERNAL:
        return draft_official(form_type)
    body = f"{title_lines('{{ office_name }}{{ form_title }}')}{_blocks(form_type)}{end()}"
    if copies:
        body = copy_loop(copies, body)
    return document(body, PAGE, {"default": footer()}, "{{ form_title }} {{ number }}")


def copy_loop(copies: Sequence[str], body: str) -> str:
    """The body once for each copy, each on a new page, the copy's name above at the right."""
    names = ", ".join(f"'{name}'" for name in copies)
    label = paragraph("{{ copy }}", META, Shape(align="right", line=360, new_page=True))
    return f"{directive(f'for copy in [{names}]')}{label}{body}{directive('endfor')}"


def title_lines(title: str) -> str:
    """The title of a form, and below it who filled it and its number."""
    line = Shape(line=400, before=160, after=60, tabs=(("right", PAGE.width),))
    meta = "填报单位：{{ unit_name }}　填报人：{{ author_name }}\t编号：{{ number|or_blank('（未编号）') }}"
    return paragraph(title, TITLE, Shape(align="center", line=640)) + paragraph(meta, META, line)


def footer() -> str:
    """The foot of each page: which paper this is, when it was submitted, and which of its pages."""
    pages = (
        run("第 ", SMALL),
        field_run("PAGE", SMALL),
        run(" 页　共 ", SMALL),
        field_run("NUMPAGES", SMALL),
    )
    words = run("{{ form_title }}　{{ number }}\t{{ submitted_at }}\t", SMALL)
    tabs = (("center", PAGE.width // 2), ("right", PAGE.width))
    return paragraph(words + "".join(pages) + run(" 页", SMALL), SMALL, Shape(line=240, tabs=tabs))


def gap() -> str:
    """The space that keeps two tables apart; without it Word joins them and a head no longer repeats."""
    return paragraph("", Face(SONG, 1), Shape(line=twips(2)))


def kept(block: str) -> str:
    """The same block, on the page of what follows: a signature without its matter proves nothing."""
    return block.replace("<w:pPr><w:keepNext/>", "<w:pPr>").replace("<w:pPr>", "<w:pPr><w:keepNext/>")


def end() -> str:
    """The paragraph that Word wants after a table: of no height, so that it never opens a page of its own."""
    return paragraph("", Face(SONG, 1), Shape(line=20))


def _blocks(form_type: FormType) -> str:
    """The tables of the form, one after another: the answers section by section, then the signatures."""
    tables = [block for section in form_type.sections for block in _section_tables(section)]
    slots = form_type.signatures.slots
    if not slots:
        return gap().join(tables)
    matter = [*tables[:-1], kept(tables[-1] + gap())] if tables else [""]
    return gap().join(matter) + table(GRID, map(signature_row, slots))


def _section_tables(section: Section) -> Iterator[str]:
    """A section's tables, its heading on the first: a repeating table stands alone."""
    heading, groups = section.title, list(_groups(section))
    for group in groups:
        if group[0].columns:
            own = group[0].label if len(groups) > 1 or not heading else ""
            yield items_table(group[0], *dict.fromkeys((heading, own)))
        else:
            yield table(GRID, (*heading_row(heading, 4), *answer_rows(group)))
        heading = ""
    if any(field.confidential for field in section.fields):
        yield table(GRID, (*heading_row(heading, 4), code_row()))


def _printed(section: Section) -> list[Field]:
    return [field for field in section.fields if field.printed and not field.confidential]


def _groups(section: Section) -> Iterator[list[Field]]:
    """The printed fields of a section, cut so that a repeating table stands alone."""
    group: list[Field] = []
    for field in _printed(section):
        if field.columns:
            yield from ([group] if group else [])
            yield [field]
            group = []
        else:
            group.append(field)
    yield from ([group] if group else [])
