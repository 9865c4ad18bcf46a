"""The starting paper of a form that closes a month of a ledger: A4 across, each page a table with its sums.

Called by ``drafting`` for a form with a field of kind ``ledger``. How many columns there are and how wide is
known only when it is filled: the table has a fine grid, and each cell says how many of its steps it takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from andu.formtypes.acts import Slot
from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds.ledger import LedgerKind
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.form_tables import BLANK_DATE
from andu.papers.drawing.ooxml import (
    FANG,
    HEI,
    SONG,
    XIAOBIAO,
    Cell,
    Face,
    PageSetup,
    Shape,
    directive,
    field_run,
    paragraph,
    row,
    run,
    table,
    twips,
)

WIDTH = 14784
SIDE = (16838 - WIDTH) // 2
LABEL = twips(28)
TITLE, META = Face(XIAOBIAO, 18), Face(FANG, 11)
HEAD, VALUE, SMALL = Face(HEI, 10.5), Face(FANG, 10.5), Face(SONG, 9)
CENTRED, TEXT = Shape(align="center", line=300), Shape(line=300)
COLUMN, ENTRY = Face(HEI, 9), Face(FANG, 9)
"""小五: the smallest that is still read with ease; so a clue with all its papers stands in one row."""
OVER, LINE = Shape(align="center", line=250), Shape(line=250)
_MARGINS = {"top": 30, "left": 60, "bottom": 30, "right": 60}
_OPENING = Shape(align="center", line=560)
_ABOUT = Shape(line=380, after=40, tabs=(("center", WIDTH // 2), ("right", WIDTH)))
_TEXT = "{% colspan cell.span %}{{ cell.text }}"
_NUMBER = "编号：{{ number|or_blank('（未编号）') }}"


class Across(PageSetup):
    """A4 with its long side across."""

    def xml(self, references: dict[tuple[str, str], str]) -> str:  # type: ignore[override]
        """The section properties."""
        upright = super().xml(references)
        return upright.replace(
            '<w:pgSz w:w="11906" w:h="16838"/>', '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        )


def draft_ledger(form_type: FormType) -> bytes:
    """The docx to start from."""
    field = next(one for one in form_type.fields if one.kind == LedgerKind.name)
    others = [one for one in form_type.fields if one.printed and not one.confidential and one is not field]
    page = Across(top=twips(17), right=SIDE, bottom=twips(17), left=SIDE, footer=twips(9))
    body = (
        _blank(field.key)
        + _pages(field.key, field.settings["steps"])
        + _closing(others, form_type.signatures.slots)
    )
    end = paragraph("", Face(SONG, 1), Shape(line=20))
    return document(body + end, page, {"default": _footer(field.key)}, "{{ form_title }} {{ number }}")


def _blank(key: str) -> str:
    """What stands above before a ledger is chosen."""
    return (
        directive(f"if not {key}.pages")
        + paragraph("{{ form_title }}", TITLE, _OPENING)
        + paragraph(f"（请选择台账和月份）\t\t{_NUMBER}", META, _ABOUT)
        + directive("endif")
    )


def _pages(key: str, steps: int) -> str:
    rows = (
        _row(_cells("page.heads", COLUMN, OVER), head=True, height=400),
        _tag("for row in page.rows", steps),
        _row(_cells("row.cells", ENTRY, LINE, _ENTRY_TEXT)),
        _tag("else", steps),
        _row([_cell(paragraph("本月无记录", VALUE, CENTRED), steps)], height=500),
        _tag("endfor", steps),
        _row(_cells("page.sums", COLUMN, LINE)),
        _tag("if page.totals", steps),
        _row(_cells("page.totals", COLUMN, LINE)),
        _tag("endif", steps),
    )
    about = f"单位：{{{{ {key}.scope }}}}\t{{{{ {key}.period }}}}\t{_NUMBER}"
    return (
        directive(f"for page in {key}.pages")
        + paragraph(f"{{{{ {key}.title }}}}", TITLE, _OPENING.but(new_page=True))
        + paragraph(about, META, _ABOUT)
        + table([WIDTH // steps] * steps, rows, margins=_MARGINS)
        + paragraph("", Face(SONG, 1), Shape(line=twips(2), keep_next=True))
        + directive("endfor")
    )


_ENTRY_TEXT = (
    run("{% colspan cell.span %}{% if row.voided %}", ENTRY)
    + run("{{ cell.text }}", replace(ENTRY, strike=True))
    + run("{% else %}{{ cell.text }}{% endif %}", ENTRY)
)
"""What stands in an entry, struck through where its number was void."""


def _cells(path: str, face: Face, shape: Shape, text: str = _TEXT) -> list[str]:
    return [
        _cell(paragraph(f"{{%tc for cell in {path} %}}", SMALL)),
        _cell(paragraph(text, face, shape)),
        _cell(paragraph("{%tc endfor %}", SMALL)),
    ]


def _cell(content: str, steps: int = 1) -> str:
    # without a width of its own: the grid alone decides it
    span = f'<w:gridSpan w:val="{steps}"/>' if steps > 1 else ""
    return f'<w:tc><w:tcPr>{span}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def _row(cells: Sequence[str], head: bool = False, height: int = 0) -> str:
    made = row([], height, head)
    return made.replace("</w:tr>", f"{''.join(cells)}</w:tr>")


def _tag(code: str, steps: int) -> str:
    return _row([_cell(paragraph(f"{{%tr {code} %}}", SMALL), steps)])


def _closing(fields: Sequence[Field], slots: Sequence[Slot]) -> str:
    """The other answers, then the signatures, two abreast."""
    half = WIDTH // 2 - LABEL
    rows = [
        row([_label(one.label), Cell(paragraph(f"{{{{ {one.key}|or_blank('无') }}}}", VALUE, TEXT),
                                     WIDTH - LABEL, 3)], 400)
        for one in fields
    ]  # fmt: skip
    for first in range(0, len(slots), 2):
        pair = [
            part for slot in slots[first : first + 2] for part in (_label(slot.label), _signature(slot, half))
        ]
        pair += [] if len(pair) == 4 else [_label(""), Cell(paragraph("", VALUE, TEXT), half)]
        rows.append(row(pair, twips(22)))
    return table((LABEL, half, LABEL, half), rows) if rows else ""


def _label(text: str) -> Cell:
    return Cell(paragraph(text, HEAD, CENTRED), LABEL)


def _signature(slot: Slot, width: int) -> Cell:
    who = f"sign.{slot.key}"
    opinion = paragraph(f"意见：{{{{ {who}.opinion }}}}", VALUE, TEXT)
    name = f"姓名：{{{{ {who}.name }}}}　　{{{{ {who}.unit }}}}　{{{{ {who}.post }}}}"
    ink = run("签名（手写）：", VALUE) + run("　" * 8, Face(FANG, 10.5, underline=True))
    date = run(f"\t{{{{ {who}.date|or_blank('{BLANK_DATE}') }}}}", VALUE)
    line = Shape(line=340, before=160, tabs=(("right", width - 200),))
    return Cell(opinion + paragraph(name, VALUE, TEXT) + paragraph(ink + date, VALUE, line), width)


def _footer(key: str) -> str:
    words = (
        "{{ form_title }}　{{ number }}\t{{ unit_name }}　{{ author_name }}　{{ submitted_at }}　"
        f"共 {{{{ {key}.count }}}} 条\t第 "
    )
    pages = run(" 页　共 ", SMALL).join((field_run("PAGE", SMALL), field_run("NUMPAGES", SMALL)))
    tabs = (("center", WIDTH // 2), ("right", WIDTH))
    return paragraph(run(words, SMALL) + pages + run(" 页", SMALL), SMALL, Shape(line=240, tabs=tabs))
