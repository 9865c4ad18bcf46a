"""The starting paper of a form type: a docx that prints all it asks, in the one hand of our internal forms.

Called by ``script/andu paper draft``; an administrator then edits the result in Word. Official kinds are
drafted by ``official``. Guarantees: every printed field, every signature slot and the number stand on the
paper, so the draft passes ``contract``; labels keep a fixed width, long answers wrap, rows stay whole,
table heads repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from andu.formtypes.acts import Signatures
from andu.formtypes.definition import Field, FormType, Section
from andu.formtypes.kinds.ledger import LedgerKind
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.form_tables import (
    GRID,
    PAGE,
    SMALL,
    answer_rows,
    code_row,
    endorsements,
    heading_row,
    items_table,
    signature_row,
)
from andu.papers.drawing.ledger_paper import draft_ledger
from andu.papers.drawing.official import draft_official
from andu.papers.drawing.ooxml import (
    FANG,
    SONG,
    XIAOBIAO,
    Cell,
    Face,
    Shape,
    directive,
    field_run,
    paragraph,
    row,
    run,
    table,
    twips,
)

INTERNAL = "internal"
"""The ``paper`` of a form type that is printed as a table of our own, not as an official document."""
CODE_SIZE = 12
"""Millimetres of the check code's picture: a dot of it is 0.4 mm, which any scanner reads."""
_FOOT = (twips(68), twips(32), twips(46), PAGE.width - twips(146))
_NO_MARGINS = dict.fromkeys(("top", "left", "bottom", "right"), 0)
TITLE, META = Face(XIAOBIAO, 22), Face(FANG, 12)


def draft_paper(form_type: FormType, copies: Sequence[str] = ()) -> bytes:
    """The docx to start from. ``copies`` prints an internal form once for each name, say 第一联."""
    if form_type.paper != INTERNAL:
        return draft_official(form_type)
    if any(field.kind == LedgerKind.name for field in form_type.fields):
        return draft_ledger(form_type)
    body = f"{title_lines('{{ office_name }}{{ form_title }}')}{_blocks(form_type)}{end()}"
    if copies:
        body = copy_loop(copies, body)
    return document(body, PAGE, {"default": coded_footer()}, "{{ form_title }} {{ number }}")


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
    words = run("{{ form_title }}　{{ number }}\t{{ submitted_at }}\t", SMALL)
    tabs = (("center", PAGE.width // 2), ("right", PAGE.width))
    return paragraph(words + _page_of_pages(), SMALL, Shape(line=240, tabs=tabs))


def coded_footer() -> str:
    """The foot of a form: as ``footer``, and the check code of this version, in signs and for a scanner."""
    line = Shape(line=240)
    cells = (
        paragraph("{{ form_title }}", SMALL, line)
        + paragraph("{{ number }}　{{ submitted_at }}", SMALL, line),
        paragraph(_page_of_pages(), SMALL, line.but(align="center")),
        paragraph("{% if check_code %}核对码　{{ check_code }}{% endif %}", SMALL, line.but(align="right")),
        paragraph(f"{{{{ check_code|qr({CODE_SIZE}) }}}}", SMALL, Shape(align="right")),
    )
    line_of_cells = (Cell(content, width) for content, width in zip(cells, _FOOT, strict=True))
    return table(_FOOT, [row(line_of_cells, twips(CODE_SIZE))], lines={}, margins=_NO_MARGINS) + end()


def _page_of_pages() -> str:
    page, pages = field_run("PAGE", SMALL), field_run("NUMPAGES", SMALL)
    return run("第 ", SMALL) + page + run(" 页　共 ", SMALL) + pages + run(" 页", SMALL)


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
    signed = {key for slot in form_type.signatures.slots for key in slot.fields}
    tables = [block for section in form_type.sections for block in _section_tables(section, signed)]
    if not form_type.signatures.slots:
        return gap().join(tables)
    matter = [*tables[:-1], kept(tables[-1] + gap())] if tables else [""]
    return gap().join(matter) + _signing(form_type.signatures)


def _signing(signatures: Signatures) -> str:
    """A block for each signature; where people answer for a report together, one table of them all."""
    if signatures.statement or signatures.enough:
        return endorsements(signatures.slots, signatures.statement)
    return table(GRID, map(signature_row, signatures.slots))


def _section_tables(section: Section, signed: Collection[str]) -> Iterator[str]:
    """A section's tables, its heading on the first: a repeating table stands alone."""
    heading, groups = section.title, list(_groups(section))
    for group in groups:
        if group[0].columns:
            own = group[0].label if len(groups) > 1 or not heading else ""
            yield items_table(group[0], *dict.fromkeys((heading, own)))
        else:
            yield table(GRID, (*heading_row(heading, 4), *answer_rows(group, signed)))
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
