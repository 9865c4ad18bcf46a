"""What the standard measures and how far a paper may be from it: the one table of millimetres.

Read by every module of ``layout.rules``. Sizes are those of GB/T 9704—2012; the tolerances say why they are
as wide as they are. All lengths are millimetres, sizes of type points.
"""

from __future__ import annotations

from andu.papers.faces import SANS, SERIF, SIGNS
from andu.papers.pdf.fonts import BOLD_FACES, FACES, FANG, HEI, KAI, SONG

A4 = (210.0, 297.0)
TOP, LEFT, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0
CHAR = WIDTH / 28
"""One 字 of 三号 in the text: 28 fill the line (5.2.3)."""
SMALL_CHAR = 14 / 72 * 25.4
"""One 字 of 四号, the size of 版记 and page numbers."""
LINE = HEIGHT / 22
"""One 行 (5.2.3)."""
HEADING_TOP, ORDER_TOP, LETTER_TOP = 35.0, 20.0, 30.0
"""Where the ink of 发文机关标志 begins: below 版心's upper edge (7.2.4, 10.2), below the paper's (10.1)."""
RULE_BELOW_NUMBER, LETTER_RULES, LETTER_FOOT, FOLIO_BELOW = 4.0, 170.0, 20.0, 7.0

TWO, THREE, FOUR = 22.0, 16.0, 14.0
"""二号, 三号, 四号."""
FACE_NAMES = {
    "仿宋": frozenset(FACES[FANG]),
    "楷体": frozenset(FACES[KAI]),
    "黑体": frozenset(FACES[HEI][:8]),
    "宋体": frozenset(FACES[SONG]),
    "小标宋": frozenset(BOLD_FACES),
}
"""The names under which offices have each face; 黑体 without the screen faces that only stand in for it."""
RARE_FACES = frozenset((*SANS, *SERIF, *SIGNS))
KNOWN_FACES = frozenset(BOLD_FACES).union(RARE_FACES, *FACES.values())

TOLERANCE: dict[str, float] = {
    "paper": 0.5,  # sizes of paper are rounded to the twip, pages to the point
    "margin": 1.0,  # 5.2.1 itself: 37 mm ± 1 mm, 28 mm ± 1 mm
    "area": 1.0,  # a text area is what two margins leave over
    "heading": 1.5,  # where ink begins within its line differs by the face that stands in for 小标宋
    "centre": 1.5,  # brackets and digits at an end carry white on one side
    "rule": 1.0,  # measured from the ink of the number, whose digits reach less low than 汉字
    "width": 1.0,  # Word draws a paragraph's line a point outside it on each side
    "foot": 1.5,  # the last line of a table stands half its width and Word's last paragraph higher
    "indent": 1.6,  # two characters are 11.3 mm at 16 pt and 11.1 mm at 28 to the line
    "edge": 1.0,  # Word lets a line of text begin half a point beside the margin
    "hanging": 6.5,  # one closing mark may hang in the margin
    "opening": 3.0,  # Word narrows an opening bracket at the start of a line to half a character
    "gap": 0.45 * LINE,  # “空一行” is told from none and from two
    "side": 2.2,  # four characters of 16 pt are 0.3 mm wider than of 15.75 pt; digits are half as wide
    "over": 3.2,  # a date is 6 mm wider with the white that LibreOffice puts beside digits, Word may not
    "folio": 1.5,  # the dash stands in the middle of its face's height, which differs by face
    "pitch": 0.25,  # 22 lines: 21 would be 0.49 mm more, 23 0.44 mm less
}
"""How far a measure may be from what the standard says, in millimetres."""


def near(found: float, expected: float, kind: str) -> bool:
    """Whether a measure is as good as the one expected."""
    return abs(found - expected) <= TOLERANCE[kind]


def is_face(name: str, kind: str) -> bool:
    """Whether a name is one under which offices have this face."""
    return name.strip() in FACE_NAMES[kind]
