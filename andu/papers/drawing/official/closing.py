"""What ends 正文: 署名, 成文日期 and 附注, GB/T 9704—2012, 7.3.5 and 7.3.6.

Called by ``draft_official``. Guarantees: the date ends four characters before the edge with 署名 centred over
it, room is left for the seal and none is drawn (不得出现空白印章), and the lines stay on one page.
"""

from __future__ import annotations

from andu.papers.drawing.official.body import optional
from andu.papers.drawing.official.measures import CHAR, INDENTED, LINE, PAGE, TEXT
from andu.papers.drawing.ooxml import Shape, directive, paragraph

ISSUER = "issuer_name"
_DATE_WIDTH = 2160
"""A date such as 2026年11月2日 in 三号: 署名 is centred over the middle of this."""
_MIDDLE = PAGE.width - 4 * CHAR - _DATE_WIDTH // 2
_ROOM = 2 * (PAGE.width - _MIDDLE) // CHAR
"""Characters that fit when centred over the date; a longer 署名 ends at the edge."""
_SEAL = 5 * LINE
"""From one 署名 to the one below it, so that two seals of 42 mm do not touch."""
_NOTE = paragraph("（{{ note }}）", TEXT, INDENTED)
_SIGNER = Shape(line=LINE, before=2 * LINE, tabs=(("center", _MIDDLE),), keep_next=True)


def closing(signed: bool, joint: bool, noted: bool) -> str:
    """署名 (a record of a meeting has none), the date, and 附注 if the form has one."""
    signers = (_organs() if joint else _organ(ISSUER)) if signed else ""
    before = 0 if signed else LINE
    date = Shape(align="right", line=LINE, before=before, indents={"right": 4 * CHAR}, keep_next=noted)
    return signers + paragraph("{{ issued_on }}", TEXT, date) + (optional("note", _NOTE) if noted else "")


def _organ(name: str, before: int = 2 * LINE) -> str:
    return (
        directive(f"if {name}|length <= {_ROOM}")
        + paragraph(f"\t{{{{ {name} }}}}", TEXT, _SIGNER.but(before=before))
        + directive("else")
        + paragraph(f"{{{{ {name} }}}}", TEXT, _SIGNER.but(before=before, align="right", tabs=()))
        + directive("endif")
    )


def _organs() -> str:
    """The organs in their order, two beside each other if they fit, the last over the date (7.3.5.1)."""
    pair = _SIGNER.but(tabs=(("center", PAGE.width - _MIDDLE), ("center", _MIDDLE)))
    below = _organ("p.text", _SEAL - LINE)
    return (
        directive("for p in co_issuers|paragraphs")
        + directive(f"if loop.first and issuer_name|length <= {_ROOM} and p.text|length <= {_ROOM}")
        + paragraph("\t{{ issuer_name }}\t{{ p.text }}", TEXT, pair)
        + directive("elif loop.first")
        + _organ(ISSUER)
        + below
        + directive("else")
        + below
        + directive("endif")
        + directive("endfor")
    )
