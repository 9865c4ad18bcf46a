"""What ends 正文: 署名, 成文日期 and 附注, GB/T 9704—2012, 7.3.5 and 7.3.6.

Called by ``draft_official``. Guarantees: the date ends four characters before the edge with 署名 centred over
it, room is left for the seal and none is drawn (不得出现空白印章), and the lines stay on one page.
"""

from __future__ import annotations

from collections.abc import Callable

from andu.papers.drawing.official.body import optional
from andu.papers.drawing.official.measures import CHAR, INDENTED, LINE, PAGE, TEXT, WIDE_CHAR
from andu.papers.drawing.ooxml import Shape, directive, paragraph

ISSUER = "issuer_name"
_LENGTHS = (9, 10, 11)
"""Characters of a date, from 2026年1月2日 to 2026年11月22日: 署名 is centred over the one that there is."""
_BETWEEN = 70
"""What Word and LibreOffice put between a digit and 汉字: five times in a date. LibreOffice cannot but."""


def _middle(length: int) -> int:
    """The middle of a date of so many characters that ends four characters before the edge."""
    width = 3 * CHAR + (length - 3) * (WIDE_CHAR // 2 + TEXT.spacing) + 5 * _BETWEEN
    return PAGE.width - 4 * CHAR - width // 2


_ROOM = 2 * (PAGE.width - _middle(_LENGTHS[-1])) // CHAR - 1
"""Characters that fit when centred over the date; a longer 署名 ends at the edge."""
_SEAL = 5 * LINE
"""From one 署名 to the one below it, so that two seals of 42 mm do not touch."""
_NOTE = paragraph("（{{ note }}）", TEXT, INDENTED)
_SIGNER = Shape(line=LINE, before=2 * LINE, keep_next=True)


def closing(signed: bool, joint: bool, noted: bool) -> str:
    """署名 (a record of a meeting has none), the date, and 附注 if the form has one."""
    signers = (_organs() if joint else _organ(ISSUER)) if signed else ""
    before = 0 if signed else LINE
    date = Shape(align="right", line=LINE, before=before, indents={"right": 4 * CHAR}, keep_next=noted)
    return signers + paragraph("{{ issued_on }}", TEXT, date) + (optional("note", _NOTE) if noted else "")


def _over_date(text: str, shape: Shape, tabs: Callable[[int], tuple[tuple[str, int], ...]]) -> str:
    """A line whose tabs depend on how long the date is."""
    conditions = [f"if issued_on|length <= {_LENGTHS[0]}", f"elif issued_on|length == {_LENGTHS[1]}", "else"]
    lines = zip(conditions, _LENGTHS, strict=True)
    return "".join(
        directive(condition) + paragraph(text, TEXT, shape.but(tabs=tabs(_middle(length))))
        for condition, length in lines
    ) + directive("endif")


def _organ(name: str, before: int = 2 * LINE) -> str:
    shape = _SIGNER.but(before=before)
    return (
        directive(f"if {name}|length <= {_ROOM}")
        + _over_date(f"\t{{{{ {name} }}}}", shape, lambda middle: (("center", middle),))
        + directive("else")
        + paragraph(f"{{{{ {name} }}}}", TEXT, shape.but(align="right"))
        + directive("endif")
    )


def _organs() -> str:
    """The organs in their order, two beside each other if they fit, the last over the date (7.3.5.1)."""
    pair = "\t{{ issuer_name }}\t{{ p.text }}"
    below = _organ("p.text", _SEAL - LINE)
    return (
        directive("for p in co_issuers|paragraphs")
        + directive(f"if loop.first and issuer_name|length <= {_ROOM} and p.text|length <= {_ROOM}")
        + _over_date(pair, _SIGNER, lambda middle: (("center", PAGE.width - middle), ("center", middle)))
        + directive("elif loop.first")
        + _organ(ISSUER)
        + below
        + directive("else")
        + below
        + directive("endif")
        + directive("endfor")
    )
