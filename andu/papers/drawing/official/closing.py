"""What ends 正文: 署名, 成文日期 and 附注, GB/T 9704—2012, 7.3.5 and 7.3.6.

Called by ``draft_official``. Guarantees: 署名 of any length stands centred over the date, which ends four
characters before the edge, or as many more as the longest 署名 needs to stay within the lines; several
organs beside each other do not touch, nor do their seals; room is left for the seal and none is drawn
(不得出现空白印章), and the lines stay on one page.
"""

from __future__ import annotations

from collections.abc import Callable

from andu.papers.drawing.official.body import optional
from andu.papers.drawing.official.heading import ISSUER, chosen, names_fit
from andu.papers.drawing.official.measures import CHAR, INDENTED, LINE, PAGE, TEXT, WIDE_CHAR
from andu.papers.drawing.ooxml import Shape, directive, paragraph

DATE = "{{ issued_on }}"
_LENGTHS = (9, 10, 11)
"""Characters of a date, from 2026年1月2日 to 2026年11月22日: 署名 is centred over the one that there is."""
_BETWEEN = 70
"""What Word and LibreOffice put between a digit and 汉字: five times in a date. LibreOffice cannot but."""


def _middle(length: int) -> int:
    """The middle of a date of so many characters that ends four characters before the edge."""
    width = 3 * CHAR + (length - 3) * (WIDE_CHAR // 2 + TEXT.spacing) + 5 * _BETWEEN
    return PAGE.width - 4 * CHAR - width // 2


_ROOM = 2 * (PAGE.width - _middle(_LENGTHS[-1])) // CHAR - 1
"""Characters that fit when centred over a date four characters in."""
_LONGER = (_ROOM + 3, _ROOM + 6, _ROOM + 9)
"""A longer 署名 and its date stand over the middle of so many characters at the edge, or of the line."""
_BESIDE = (2 * _middle(_LENGTHS[-1]) - PAGE.width) // CHAR * 2 - 2
"""Characters that two organs beside each other have together, with one of them left between."""
_SEAL = 5 * LINE
"""From one 署名 to the one below it, so that two seals of 42 mm do not touch."""
_SIGNER = Shape(line=LINE, before=2 * LINE, keep_next=True)

Line = Callable[[str, Shape], str]
"""A text and the shape of its paragraph → the line, centred where the lines around it are."""


def closing(signed: bool, joint: bool, noted: bool) -> str:
    """署名 (a record of a meeting has none), the date, and 附注 if the form has one."""
    date = Shape(align="right", line=LINE, indents={"right": 4 * CHAR}, keep_next=noted)
    note = optional("note", paragraph("（{{ note }}）", TEXT, INDENTED)) if noted else ""
    if not signed:
        return paragraph(DATE, TEXT, date.but(before=LINE)) + note
    organs = _organs if joint else _organ
    short = _organs_over_date() if joint else _organ(_over_date)
    below = Shape(line=LINE, keep_next=noted)
    lines = (_at(PAGE.width - room * CHAR // 2) for room in _LONGER)
    blocks = [
        short + paragraph(DATE, TEXT, date),
        *(organs(line) + line(DATE, below) for line in (*lines, _in_the_middle)),
    ]
    return chosen([names_fit(joint, room) for room in (_ROOM, *_LONGER)], blocks) + note


def _organ(line: Line) -> str:
    return line(f"{{{{ {ISSUER} }}}}", _SIGNER)


def _organs(line: Line) -> str:
    """The organs in their order, one below the other, each with room for its seal."""
    return _organ(line) + directive("for p in co_issuers|paragraphs") + _below(line) + directive("endfor")


def _organs_over_date() -> str:
    """The organs in their order, two beside each other if they fit, the last over the date (7.3.5.1)."""
    pair = "\t{{ issuer_name }}\t{{ p.text }}"
    beside = _by_date(pair, _SIGNER, lambda middle: (("center", PAGE.width - middle), ("center", middle)))
    return (
        directive("for p in co_issuers|paragraphs")
        + directive(f"if loop.first and [issuer_name, p.text]|join|length <= {_BESIDE}")
        + beside
        + directive("else")
        + directive("if loop.first")
        + _organ(_over_date)
        + directive("endif")
        + _below(_over_date)
        + directive("endif")
        + directive("endfor")
    )


def _below(line: Line) -> str:
    return line("{{ p.text }}", _SIGNER.but(before=_SEAL - LINE))


def _over_date(text: str, shape: Shape) -> str:
    """A line over the middle of a date four characters in."""
    return _by_date(f"\t{text}", shape, lambda middle: (("center", middle),))


def _by_date(text: str, shape: Shape, tabs: Callable[[int], tuple[tuple[str, int], ...]]) -> str:
    """A line whose tabs depend on how long the date is."""
    lines = [paragraph(text, TEXT, shape.but(tabs=tabs(_middle(length)))) for length in _LENGTHS]
    return chosen([f"issued_on|length <= {length}" for length in _LENGTHS[:-1]], lines)


def _at(middle: int) -> Line:
    """Lines over one place."""
    return lambda text, shape: paragraph(f"\t{text}", TEXT, shape.but(tabs=(("center", middle),)))


def _in_the_middle(text: str, shape: Shape) -> str:
    """A line in the middle of the page, where a name longer than a line goes on below."""
    return paragraph(text, TEXT, shape.but(align="center"))
