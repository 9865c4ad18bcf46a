"""From a blank Word form to the list of what a person would fill in.

Rules over the text and the grid of the page, and the labels that the office's own forms know.

Called by ``andu paper read``. Reads only; nothing that stands in a filled copy is repeated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from andu.papers.blanks import grids, labels, questions
from andu.papers.blanks.found import Blank, Reading, Spot
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.lines import Around, blanks_in
from andu.papers.blanks.model import BLANK, BOX, Block, Line, Table, blocks, opened

MANY_FILLED = 3
"""So many answers beside well-known labels make a filled copy."""
__all__ = ["Blank", "Reading", "read"]

_TITLE = re.compile(
    r"(?:表|书|单|证明|函|报告|申请|登记|鉴定|回执|票|卡|册|记录|清单|合同|协议|通知|承诺|签署页)[）)A-Z]*$"
)
_NOTES = re.compile(
    r"^\s*(?:注\s*[：:\d　 ]|备\s*注\s*[：:]|"
    r"说\s*明\s*[：:]|填[写表报]、?(?:使用)?说明|使用说明|注意事项|填写要求)"
)


def read(docx: bytes, known: Mapping[str, str] | None = None) -> Reading:
    """What the form asks; ``known`` maps labels of the office's other forms to their kinds.

    Raises ``PaperFault`` for what is no Word document.
    """
    return of_page(blocks(opened(docx)), known or {})


def of_page(page: Sequence[Block], known: Mapping[str, str]) -> Reading:
    """The same of a document already opened: the spots of its blanks lie in that very document."""
    reading = Reading(_title(page))
    for number, block in enumerate(page):
        if isinstance(block, Table):
            reading.fields += grids.blanks_of(block, reading.title, known)
        else:
            reading.fields += _paragraph(page, number, block, reading)
    reading.fields = _with_sections(reading.fields)
    if sum(one.filled for one in reading.fields) >= MANY_FILLED:
        reading.remarks.append(_("这像是一份填过的旧表；里面的内容没有读取，也不会保存。最好换一份空白的。"))
    return reading


# --- the title ------------------------------------------------------------------------------------


def _title(page: Sequence[Block]) -> str:
    """The words that name the form: centred or large, and ending as titles do; else its first words."""
    lines = [one for one in page if isinstance(one, Line) and not one.is_empty]
    first = next((one for one in page if isinstance(one, Table)), None)
    if first is not None and first.rows and len(first.rows[0].cells) == 1:
        text = first.rows[0].cells[0].text
        if _TITLE.search(tidy(text)):
            lines = [*lines, Line(text, centred=True, size=40)]
    scored = [(_weight(line), -at, line) for at, line in enumerate(lines) if _may_be_title(line)]
    if not scored:
        return tidy(lines[0].text)[:40] if lines else ""
    _weight_of, at, best = max(scored, key=lambda one: one[:2])
    above = lines[-at - 1] if at else None
    if above and above.number == best.number - 1 and _is_first_half(above, best):
        return tidy(above.text) + tidy(best.text)
    return tidy(best.text)


def _is_first_half(above: Line, title: Line) -> bool:
    """Whether a title began on the line above: set alike, and not a name that stands by itself."""
    alike = above.centred and title.centred and above.size == title.size
    return alike and _may_be_title(above) and len(tidy(title.text)) <= 6


def _may_be_title(line: Line) -> bool:
    text = tidy(line.text.replace(BLANK, ""))
    return 2 <= len(text) <= 45 and not re.search(r"[：:。；]", text)


def _weight(line: Line) -> float:
    return min(line.size, 44) / 44 + 2 * line.centred + 4 * bool(_TITLE.search(tidy(line.text)))


# --- paragraphs of the body -----------------------------------------------------------------------


def _paragraph(page: Sequence[Block], number: int, line: Line, reading: Reading) -> list[Blank]:
    if line.is_empty or _is_note(page, number, line):
        return []
    asked = questions.of_paragraph(page, number)
    if asked is not None:
        return [one.but(where=_("第 %(n)s 段", n=line.number)) for one in asked]
    lines = _joined(page, number)
    text = "".join(one.text for one in lines)
    around = Around(room_below=_room_below(page, number))
    found = blanks_in(text, around)
    if labels.is_prose(text):
        found = [
            one
            for one in found
            if one.drawn not in ("inlabel", "spaces", "sign", "seal") or one.certainty > 0.95
        ]
        found = [one for one in found if one.drawn in ("underline", "ymd", "paren", "box")]
    if BLANK in text and tidy(text) == reading.title and len(found) == 1:
        found = [found[0].but(label="名称", kind="text")]
    where = _("第 %(n)s 段", n=line.number)
    return [one.but(where=where, spot=Spot(lines, *one.span)) for one in found]


def _joined(page: Sequence[Block], number: int) -> tuple[Line, ...]:
    """A paragraph, and the ones after it that go on with its blank: a date that breaks over a line.

    Empty for one that went with the paragraph before it.
    """
    told = [one for one in page[:number] if not (isinstance(one, Line) and one.is_empty)]
    line = page[number]
    assert isinstance(line, Line)  # noqa: S101
    if told and isinstance(told[-1], Line) and _goes_on(told[-1].text, line.text):
        return ()
    text, lines = line.text, [line]
    for following in page[number + 1 :]:
        if isinstance(following, Table):
            break
        if following.is_empty:
            continue
        if not _goes_on(text, following.text):
            break
        text += following.text
        lines.append(following)
    return tuple(lines)


def _goes_on(text: str, following: str) -> bool:
    return (
        following.lstrip().startswith(BLANK)
        and bool(re.search(r"[\u4e00-\u9fff年月]$", text.rstrip()))
        and "年" in text + following
    )


def _is_note(page: Sequence[Block], number: int, line: Line) -> bool:
    """Whether a paragraph explains the form, or stands under a heading that does."""
    if _NOTES.match(line.text):
        return True
    for block in reversed(page[:number]):
        if isinstance(block, Table):
            return False
        if _NOTES.match(block.text) and BLANK not in line.text:
            return not blanks_in(line.text, Around()) or labels.is_prose(line.text)
    return False


def _room_below(page: Sequence[Block], number: int) -> bool:
    """Whether what follows a paragraph leaves room to write: nothing, a table, or another blank."""
    following = page[number + 1] if number + 1 < len(page) else None
    if following is None or isinstance(following, Table):
        return True
    return following.is_empty or bool(re.search(rf"[{BLANK}{BOX}]|[：:]\s*$|年\s+月", following.text))


# --- fields of one name ---------------------------------------------------------------------------


def _with_sections(found: list[Blank]) -> list[Blank]:
    """Blanks of one name are told apart by whoever signs with them, or by the blank they follow."""
    counted = {one.label for one in found if sum(one.label == other.label for other in found) > 1}
    told: list[Blank] = []
    for number, one in enumerate(found):
        if one.label in counted and not one.section:
            one = one.but(section=_owner(found, number))
        told.append(one)
    return told


def _owner(found: Sequence[Blank], number: int) -> str:
    for other in reversed(found[:number]):
        if other.label != found[number].label:
            owner = re.sub(r"(?:签\s*[名字章]|姓名|（正楷）|[（(].*?[）)])", "", other.label)
            return owner or other.label
    return ""
