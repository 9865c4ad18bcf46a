"""The heading of an official document (版头): everything down to the red rule, GB/T 9704—2012, 7.2.

Called by ``draft_official``. Guarantees, measured in the PDF by the tests: the red ink begins 72 mm below
the edge of the paper, the number stands two lines below it, the rule 4 mm below the number and as wide as
the text. A long name is set smaller rather than broken.
"""

from __future__ import annotations

from collections.abc import Sequence

from andu.papers.drawing.official.measures import LABEL, LINE, NAME, PAGE, PLAIN, WIDE_CHAR, red
from andu.papers.drawing.ooxml import RED, Cell, Shape, directive, paragraph, row, run, table

_SIZES = ((36, 800), (26, 600), (22, 540), (18, 480), (16, 450))
"""Size in points, and the line in which its ink begins ``INK`` below the top."""
_IN_LINES = "|title_lines(22)"
"""A name that no size brings onto one line stands in several, broken between words, in the size before the
last."""
_WORDS, _LARGE = 50, 3
"""Twips that “文件” takes for each point of its size; how many organs join the first in the largest size."""
INK = 94
_TOP = 1984
"""35 mm: the ink of the heading begins this far below the top of the text area (7.2.4)."""
_RULE_GAP = 8
"""Points between the number's line and the red rule, so that 4 mm are left below its ink (7.2.7)."""
_RULE = f'<w:bottom w:val="single" w:sz="8" w:space="{_RULE_GAP}" w:color="{RED}"/>'
_NUMBER = Shape(line=LINE, before=2 * LINE, border=_RULE)
ISSUER = "issuer_name"
URGENCY_WORDS = "{% if urgency and urgency != '无' %}{{ urgency }}{% endif %}"


def names_fit(joint: bool, room: int) -> str:
    """The condition that no organ's name has more characters than that; ``joint``: those of all."""
    others = f" and co_issuers|paragraphs|map(attribute='text')|map('length')|max <= {room}" if joint else ""
    return f"{ISSUER}|length <= {room}{others}"


def chosen(tests: Sequence[str], blocks: Sequence[str]) -> str:
    """The block of the first test that is met; there is one block more than tests."""
    heads = ("if " + tests[0], *(f"elif {test}" for test in tests[1:]), "else")
    return "".join(directive(head) + block for head, block in zip(heads, blocks, strict=True)) + directive(
        "endif"
    )


def urgency(asked: bool) -> str:
    """紧急程度 at the left of the first line (7.2.3); the line is there without it, too."""
    return paragraph(URGENCY_WORDS if asked else "", LABEL, Shape(line=LINE))


def mark(name: str, words: str = "") -> str:
    """发文机关标志: what ``name`` stands for, followed by ``words``."""
    return sized(name, words, Shape(align="center", before=_TOP - LINE - INK))


def sized(name: str, words: str, shape: Shape) -> str:
    """A red line in the largest size in which it is not broken, else lines broken between words."""
    text = f"{{{{ {name} }}}}{words}"
    parts = [paragraph(text, red(size), shape.but(line=line)) for size, line in _SIZES]
    size, line = _SIZES[-2]
    broken = paragraph(f"{{{{ {name}{_IN_LINES} }}}}{words}", red(size), shape.but(line=line))
    rooms = [PAGE.width // (size * 20) - len(words) for size, _line in _SIZES]
    return chosen([f"{name}|length <= {room}" for room in rooms], [*parts, broken])


def joint_mark() -> str:
    """The heading of several organs, one below the other and equally wide, “文件” beside their middle."""
    rooms = [(PAGE.width - _WORDS * size) // (size * 20) for size, _line in _SIZES]
    fits = [names_fit(True, room) for room in rooms]
    few = f"co_issuers|paragraphs|length <= {_LARGE}"
    marks = [_joint(*each, room) for each, room in zip(_SIZES, rooms, strict=True)]
    broken = _joint(*_SIZES[-2], rooms[-2], "center", _IN_LINES)
    return chosen([f"{few} and {fits[0]}", *fits[1:]], [*marks, broken])


def _joint(size: int, line: int, characters: int, align: str = "distribute", lines: str = "") -> str:
    organ = Shape(align=align, line=line)
    organs = (
        paragraph(f"{{{{ issuer_name{lines} }}}}", red(size), organ)
        + directive("for p in co_issuers|paragraphs")
        + paragraph(f"{{{{ p.text{lines} }}}}", red(size), organ)
        + directive("endfor")
    )
    words = paragraph("文件", red(size), Shape(align="right", line=line))
    widths = (characters * size * 20, _WORDS * size)
    cells = (Cell(content, width) for content, width in zip((organs, words), widths, strict=True))
    margins = dict.fromkeys(("top", "left", "bottom", "right"), 0)
    return paragraph("", PLAIN, Shape(line=_TOP - LINE - INK)) + table(widths, [row(cells)], {}, margins)


def number_line() -> str:
    """发文字号 centred two lines below the heading, and the red rule (7.2.5, 7.2.7)."""
    return paragraph("{{ number }}", PLAIN, _NUMBER.but(align="center"))


def upward_line(slot: str) -> str:
    """发文字号 one character in at the left, 签发人 one in at the right, the name in 楷体 (7.2.5, 7.2.6)."""
    signer = f"{{{{ sign.{slot}.name|or_blank('　　　') }}}}"
    # tabs, not indents: the rule below is as wide as its paragraph
    shape = _NUMBER.but(tabs=(("left", WIDE_CHAR), ("right", PAGE.width - WIDE_CHAR)))
    return paragraph(run("\t{{ number }}\t签发人：", PLAIN) + run(signer, NAME), PLAIN, shape)
