"""标题, 主送机关, 正文, 附件说明, who attended, and the 附件: GB/T 9704—2012, 7.3 and 10.3.

A field that is no element of the format follows 正文: a short one as “label：answer”, a text or a table under
a heading of the first level, each row a paragraph. What may be left out, or is the only one, has a sentence
that introduces it instead: headings are numbered without gaps.

Called by ``draft_official``. Guarantees: each level of the text stands in its face, the last paragraph stays
on the page of what follows it, names wrap under their first character, each 附件 begins a new page.
"""

from __future__ import annotations

from collections.abc import Sequence

from andu.formtypes.definition import Field
from andu.formtypes.kinds import KINDS
from andu.formtypes.kinds.moments import DateTimeKind
from andu.papers.drawing.official.measures import (
    CHAR,
    FLOW,
    HEI_TEXT,
    INDENTED,
    KAI_TEXT,
    LABEL,
    LINE,
    TEXT,
    TITLE,
    TITLE_SHAPE,
)
from andu.papers.drawing.ooxml import Shape, directive, paragraph, run
from andu.papers.template.filters import sequence

ADDRESSEES, ISSUED = "addressees", "issued"
MEETING = {"held_at": "时间", "place": "地点", "chair": "主持"}
"""Key of a field → its label above the text of 纪要: when and where they met, and who led."""
ATTENDANCE = {"present": "出席", "absent": "请假", "guests": "列席", "recorder": "记录"}
"""Key of a field → its label on the paper of a meeting (10.3)."""
_ORGANS = (
    "{{ issuer_name|title_lines }}\n"
    "{% for p in co_issuers|paragraphs %}{{ p.text|title_lines }}\n{% endfor %}"
)


def title(joint: bool = False) -> str:
    """标题 two lines below the rule, broken between words (7.3.1); that of several organs names them all."""
    words = (_ORGANS if joint else "") + "{{ title|title_lines }}"
    return paragraph(words, TITLE, TITLE_SHAPE.but(before=2 * LINE))


def addressees(field: Field | None) -> str:
    """主送机关 one line below the title, a colon after the last name (7.3.2); without it, that line."""
    words, gap = paragraph("{{ addressees }}：", TEXT, FLOW.but(before=LINE)), paragraph("", TEXT, FLOW)
    if field is None:
        return gap
    return words if field.required else optional(ADDRESSEES, words, directive("else") + gap)


def optional(key: str, words: str, otherwise: str = "") -> str:
    """Paragraphs that are printed only where the field is answered."""
    return directive(f"if {key}") + words + otherwise + directive("endif")


def levels(name: str, ends: bool = False) -> str:
    """A text as paragraphs of 正文, each level in its face: 一、黑体, （一）楷体, the others 仿宋 (7.3.3).

    ``ends`` keeps its last paragraph with what follows, so that 署名 is not alone on a page; but not an only
    one, since the first page must show 正文.
    """
    last = directive("if loop.last and not loop.first") + _faces(True) + directive("else")
    text = last + _faces() + directive("endif") if ends else _faces()
    return directive(f"for p in {name}|paragraphs") + text + directive("endfor")


def _faces(keep: bool = False) -> str:
    shape = INDENTED.but(keep_next=keep)
    rest = run("{{ p.rest }}", TEXT)
    return (
        directive("if p.level == 1")
        + paragraph(run("{{ p.head }}", HEI_TEXT) + rest, TEXT, INDENTED.but(keep_next=True))
        + directive("elif p.level == 2 and not p.rest")
        + paragraph("{{ p.head }}", KAI_TEXT, INDENTED.but(keep_next=True))
        + directive("elif p.level == 2")
        + paragraph(run("{{ p.head }}", KAI_TEXT) + rest, TEXT, shape)
        + directive("elif p.leads")
        + paragraph("{{ p.text }}", TEXT, INDENTED.but(keep_next=True))
        + directive("else")
        + paragraph("{{ p.text }}", TEXT, shape)
        + directive("endif")
    )


def others(fields: Sequence[Field], ends: bool = False) -> str:
    """The fields that are no element of the format, below 正文. ``ends``: 署名 follows the last of them."""
    headed = [field for field in fields if field.columns or KINDS[field.kind].has_paragraphs]
    counted = [field for field in headed if field.required]
    lines = [field for field in fields if field.required and field not in headed]
    if counted and len(lines) > 1:  # the parts of one text are numbered alike
        counted = [field for field in fields if field.required]
    last = fields[-1] if ends and fields else None

    def drawn(field: Field) -> str:
        number = sequence(counted.index(field) + 1, "一、") if field in counted and len(counted) > 1 else ""
        return _headed(field, number, field is last) if field in headed else _line(field, number)

    return "".join(map(drawn, fields))


def _line(field: Field, number: str) -> str:
    """“label：answer”; an hour without a nought before it, beside its day."""
    hour = "|replace(' 0', '')|replace(' ', '')" if field.kind == DateTimeKind.name else ""
    words = f"：{{{{ {field.key}{hour} }}}}"
    if number:
        return paragraph(run(f"{number}{field.label}", HEI_TEXT) + run(words, TEXT), TEXT, INDENTED)
    line = paragraph(f"{field.label}{words}", TEXT, INDENTED)
    return line if field.required else optional(field.key, line)


def _headed(field: Field, number: str, ends: bool) -> str:
    """The text or rows of a field, under a heading of the first level, or a sentence that introduces them."""
    words = (f"{number}{field.label}", HEI_TEXT) if number else (f"{field.label}：", TEXT)
    heading = paragraph(*words, INDENTED.but(keep_next=True))
    matter = _items(field, "（一）" if number else "一、") if field.columns else levels(field.key, ends)
    return heading + matter if field.required else optional(field.key, heading + matter)


def _items(field: Field, level: str) -> str:
    """Each row as a paragraph of this level: “一、first（label：second；label：third）。”"""
    face = HEI_TEXT if level == "一、" else KAI_TEXT
    first, *more = field.columns
    head = run(f"{{{{ row.no|sequence('{level}') }}}}{{{{ row.{first.key} }}}}", face)
    if len(more) == 1:
        rest = f"：{{{{ row.{more[0].key} }}}}。"
    else:
        rest = f"（{'；'.join(f'{column.label}：{{{{ row.{column.key} }}}}' for column in more)}）。"
    line = paragraph(head + run(rest, TEXT), TEXT, INDENTED)
    return directive(f"for row in {field.key}") + line + directive("endfor")


def attachment_list() -> str:
    """附件说明 one line below 正文, names aligned under each other, no punctuation after them (7.3.4)."""
    first = FLOW.but(before=LINE, align="left", keep_next=True)
    one = first.but(indents={"left": 5 * CHAR, "hanging": 3 * CHAR})
    start = 6 * CHAR + 60
    many = first.but(indents={"left": start, "hanging": 4 * CHAR + 60}, tabs=(("left", start),))
    number = "{{ loop.index }}.\t{{ a.title|one_line }}"
    return (
        directive("if attachments|length == 1")
        + paragraph("附件：{{ attachments[0].title|one_line }}", TEXT, one)
        + directive("elif attachments")
        + directive("for a in attachments")
        + directive("if loop.first")
        + paragraph(f"附件：{number}", TEXT, many)
        + directive("else")
        + paragraph(number, TEXT, many.but(before=0, indents={"left": start, "hanging": CHAR + 60}))
        + directive("endif")
        + directive("endfor")
        + directive("endif")
    )


def labelled(key: str, label: str, before: int = 0) -> str:
    """出席 and the like: label in 黑体, names wrapping to the character after the colon (10.3)."""
    hanging = {"left": 5 * CHAR, "hanging": 3 * CHAR}
    shape = FLOW.but(indents=hanging, before=before, keep_next=True)
    return optional(key, paragraph(run(label, HEI_TEXT) + run(f"：{{{{ {key} }}}}", TEXT), TEXT, shape))


def issued_pages() -> str:
    """What a 通知 issues (印发): on a new page, its title where that of a 附件 is, which it is not called."""
    return directive(f"for a in {ISSUED}") + _own_pages("") + directive("endfor")


def attachment_pages() -> str:
    """Each 附件 on a new page: “附件1” in 黑体 on line 1, its title on line 3, then its text (7.3.7)."""
    number = "附件{% if attachments|length > 1 %}{{ loop.index }}{% endif %}"
    return directive("for a in attachments") + _own_pages(number) + directive("endfor")


def _own_pages(mark: str) -> str:
    title_shape = Shape(align="center", line=LINE, before=LINE, after=LINE)
    return (
        paragraph(mark, LABEL, Shape(line=LINE, new_page=True))
        + paragraph("{{ a.title|title_lines }}", TITLE, title_shape)
        + levels("a.text")
    )
