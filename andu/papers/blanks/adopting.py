"""From a blank Word form to a form type with its paper, everything proposed accepted.

What is asked becomes fields, where somebody signs becomes a slot, the opinion and the day beside a signature
are the slot's own. The number goes where the form has a place for it, else into the foot of the page. Called
by ``andu form adopt``; whoever does that looks at both files afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from lxml import etree

from andu.formtypes.language import writing
from andu.papers.blanks import deciding, foot, free, matrices, of_page, placing, room
from andu.papers.blanks.deciding import Decision
from andu.papers.blanks.found import OFFICE, SEAL, SIGNATURE, TABLE, Blank, Reading, Spot
from andu.papers.blanks.keys import Keys
from andu.papers.blanks.model import BOX, Cell, blocks, opened
from andu.papers.checks import rest
from andu.papers.context import ROW_NUMBER
from andu.papers.faults import PaperFault
from andu.papers.template.package import read_package, write_package

DOCUMENT = "word/document.xml"
LABEL, CHOICE = 60, 60
IN_A_LINE = 40
"""Characters of an answer that stands within a line of the paper."""
MOST_ROWS, MOST_COLUMNS = 10, 12
_NUMBER = re.compile(r".{0,4}编\s*号|文\s*号|单\s*号|No\.?")
_WIDE = re.compile(r"至|到|~|～|—|－")


@dataclass
class Adopted:
    """A form type on its way: what its YAML will say, and what is to be written where."""

    reading: Reading
    keys: Keys = field(default_factory=Keys)
    fields: list[dict[str, Any]] = field(default_factory=list)
    slots: list[dict[str, Any]] = field(default_factory=list)
    tags: list[tuple[Blank, str, str]] = field(default_factory=list)
    """What is written where: the blank, the key of its field ("" for none), and the tag."""
    has_number: bool = False


def adopt(
    docx: bytes,
    known: Mapping[str, str],
    series: str,
    decisions: Sequence[Decision] | None = None,
    title: str = "",
    added: Sequence[str] = (),
) -> tuple[str, bytes, Reading]:
    """The YAML of the form type, its paper, and the reading. Raises ``PaperFault`` where nothing is asked.

    ``decisions``: one for each blank in the order of the reading, then one for each of the ``added`` places
    (``free``); without them every proposal is accepted.
    """
    docx, told = rest.bring_to_rest(docx)
    root = opened(docx)
    page = blocks(root)
    adopted = Adopted(of_page(page, known))
    adopted.reading.fields += [free.blank_at(page, name) for name in added]
    decided = deciding.decided(adopted.reading.fields, decisions)
    adopted.reading.title = title or adopted.reading.title
    adopted.reading.fields = [each for one in decided.taken for each in _row_by_row(one)]
    for number, blank in enumerate(adopted.reading.fields):
        if id(blank) in decided.split:
            _take_split(adopted, blank, decided.split[id(blank)])
        else:
            _take(adopted, number, blank)
    for blank, same in decided.same:
        _take_same(adopted, blank, same)
    if not adopted.fields:
        raise PaperFault(_("这份表里没有找到要填写的地方，做不成表单。"))
    placed = [(placing.place_of(one[0].spot or Spot(), n), *one) for n, one in enumerate(adopted.tags)]
    for _at, blank, key, tag in sorted(placed, key=lambda one: one[0], reverse=True):
        _write(blank, key, tag)
    parts = read_package(docx)
    parts[DOCUMENT] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if not adopted.has_number:
        parts = foot.with_number(parts)
    adopted.reading.remarks += told
    return _as_yaml(adopted, series), write_package(parts), adopted.reading


def _row_by_row(blank: Blank) -> list[Blank]:
    """A table whose rows are printed with names keeps them: a field for each cell they leave open."""
    is_named = blank.kind == TABLE and blank.drawn == matrices.MATRIX
    return matrices.open_cells(blank) if is_named else [blank]


# --- from blanks to fields and slots --------------------------------------------------------------


def _take(adopted: Adopted, number: int, blank: Blank) -> None:
    if blank.kind == SIGNATURE:
        _take_signature(adopted, blank)
    elif blank.kind == SEAL or (blank.kind == TABLE and blank.spot and not blank.spot.rows):
        return  # ink goes there
    elif _NUMBER.fullmatch(blank.label) and not adopted.has_number and blank.kind == "text":
        adopted.has_number = True
        adopted.tags.append((blank, "", "{{ number }}"))
    elif blank.label == "日期" and (slot := _signed_before(adopted, number)):
        adopted.tags.append((blank, "", f"{{{{ sign.{slot}.date|or_blank('　年　月　日') }}}}"))
    elif blank.by == OFFICE and blank.kind == "longtext" and (slot := _signs_after(adopted, number)):
        adopted.tags.append((blank, "", f"{{{{ sign.{slot}.opinion }}}}"))
    else:
        _take_field(adopted, blank)


def _take_signature(adopted: Adopted, blank: Blank) -> None:
    key = _slot_key(adopted, blank)
    is_author = not any(slot.get("author") for slot in adopted.slots) and blank.by != OFFICE
    slot: dict[str, Any] = {"key": key, "label": _label(blank, [one["label"] for one in adopted.slots])}
    if is_author:
        slot |= {"roles": ["clerk"], "author": True}
    else:
        slot |= {"roles": ["head", "director", "leader"], "order": len(adopted.slots) + 1}
    adopted.slots.append(slot)
    adopted.tags.append((blank, "", f"{{{{ sign.{key}.name }}}}"))


def _slot_key(adopted: Adopted, blank: Blank) -> str:
    """The key of a signature's slot; the same whenever it is asked for."""
    place = next(n for n, one in enumerate(adopted.reading.fields) if one is blank)
    return f"signer_{1 + sum(one.kind == SIGNATURE for one in adopted.reading.fields[:place])}"


def _signed_before(adopted: Adopted, number: int) -> str:
    """The slot of the signature just before a date, in the same cell or paragraph or the next."""
    for other in reversed(adopted.reading.fields[max(0, number - 2) : number]):
        if other.kind == SIGNATURE:
            return _slot_key(adopted, other)
        if other.kind != SEAL:
            return ""
    return ""


def _signs_after(adopted: Adopted, number: int) -> str:
    """The slot of the signature that belongs to an opinion: next in the same cell."""
    blank = adopted.reading.fields[number]
    for other in adopted.reading.fields[number + 1 : number + 3]:
        if other.kind == SIGNATURE and other.where == blank.where:
            return _slot_key(adopted, other)
    return ""


def _take_field(adopted: Adopted, blank: Blank) -> None:
    key = adopted.keys.of(blank.label)
    kind = _kind(blank)
    made: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "label": _label(blank, [one["label"] for one in adopted.fields]),
    }
    if blank.help:
        made["help"] = blank.help[:200]
    if kind in ("choice", "choices"):
        made["choices"] = choices_of(blank)
    elif kind in ("text", "longtext") and blank.spot and blank.spot.cell:
        made["max_length"] = room.of_cell(
            blank.spot.cell, lines=1 if kind == "text" else len(blank.spot.cell.lines)
        )
    elif kind == "text":
        made["max_length"] = IN_A_LINE
    tag = f"{{{{ {key} }}}}"
    if kind == TABLE:
        made |= _columns(blank)
    elif kind in ("choice", "choices") and blank.drawn in ("box", "paren"):
        tag = _ticks(key, made["choices"])
        if blank.spot and blank.spot.cell:  # each box is ticked by a condition of its own
            made["printed"] = False
    elif blank.drawn == "underline":
        tag = f"{{{{ {key}|or_blank('{'　' * 4}') }}}}"
    adopted.fields.append(made)
    adopted.tags.append((blank, key, tag))


def _take_split(adopted: Adopted, blank: Blank, labels: Sequence[str]) -> None:
    """Several fields in one place, printed one after the other."""
    kind = blank.kind if blank.kind in ("text", "longtext", "date", "number") else "text"
    before = len(adopted.tags)
    for label in labels:
        _take_field(adopted, blank.but(label=label, kind=kind, drawn="", choices=(), columns=()))
    tags = [tag for _blank, _key, tag in adopted.tags[before:]]
    adopted.tags[before:] = [(blank, "", "　".join(tags))]


def _take_same(adopted: Adopted, blank: Blank, same: Blank) -> None:
    """The answer of another place, printed here too."""
    told = [(key, tag) for one, key, tag in adopted.tags if one is same]
    if not told or (same.spot and same.spot.rows):
        raise PaperFault(_("“%(label)s”不能和别处合并：那一处没有要填的栏目，或是表格。", label=blank.label))
    adopted.tags.append((blank.but(drawn=same.drawn if blank.drawn == "list" else blank.drawn), *told[0]))


def _kind(blank: Blank) -> str:
    spot = blank.spot or Spot()
    drawn = "".join(line.text for line in spot.lines)[spot.start : spot.end]
    if blank.kind == "date" and (_WIDE.search(drawn) or "起止" in blank.label):
        return "text"
    if blank.kind in ("choice", "choices") and len(choices_of(blank)) < (2 if blank.kind == "choice" else 1):
        return "text"
    return blank.kind


def choices_of(blank: Blank) -> list[str]:
    """The options drawn at a blank, without what a tag could not say."""
    plain = (re.sub(r"[\\'\"{}%、]", "", one)[:CHOICE] for one in blank.choices)
    return list(dict.fromkeys(one for one in plain if one.strip()))


def _ticks(key: str, choices: list[str]) -> str:
    return f"{{{{ {key}|tick({', '.join(repr(one) for one in choices)}) }}}}"


def _columns(blank: Blank) -> dict[str, Any]:
    keys, columns, spot = Keys(), [], blank.spot or Spot()
    under = {cell.columns: cell for cell in spot.rows[0].cells} if spot.rows else {}
    for label, head in zip(blank.columns, spot.head, strict=True):
        if not _counts(label):
            column = {"key": keys.of(label or "列"), "kind": "text", "label": (label or "列")[:LABEL]}
            longest = room.of_cell(under.get(head.columns, head), 1, is_listed=True)
            columns.append({**column, "max_length": longest})
    rows = len(spot.rows)
    return {"columns": columns[:MOST_COLUMNS], "max_rows": rows if rows >= 3 else MOST_ROWS}


def _counts(label: str) -> bool:
    return bool(re.fullmatch(r"序号?|编号|No\.?", label))


def _label(blank: Blank, taken: list[str]) -> str:
    label = blank.label
    if label in taken and blank.section:
        label = f"{blank.section}：{label}"
    label, count = label[: LABEL - 4], 1
    name = label
    while name in taken:
        count += 1
        name = f"{label}（{count}）"
    return name


# --- writing --------------------------------------------------------------------------------------


def _write(blank: Blank, key: str, tag: str) -> None:
    spot = blank.spot
    if spot is None:
        return
    if spot.rows:
        columns = iter([one["key"] for one in _columns(blank)["columns"]])
        placing.loop(spot, key, [ROW_NUMBER if _counts(one) else next(columns, "") for one in blank.columns])
    elif spot.cell is not None and blank.drawn == "box":
        _tick_lines(spot.cell, key, choices_of(blank))
    elif spot.cell is not None and blank.drawn == "list":
        placing.add_line(spot.cell, tag)
    else:
        placing.put(spot, f"{tag}　　" if blank.drawn == "spaces" else tag)


def _tick_lines(cell: Cell, key: str, choices: list[str]) -> None:
    """A list of sentences with a box each: every box is ticked by itself."""
    boxed = [line for line in cell.lines if line.text.count(BOX) == 1]
    for line, choice in zip(boxed, choices, strict=False):
        at = line.offset + line.text.index(BOX)
        mark = f"{{% if {choice!r} in {key} %}}☑{{% else %}}{BOX}{{% endif %}}"
        placing.replace(line.element, at, at + 1, mark)


def _as_yaml(adopted: Adopted, series: str) -> str:
    in_words = [one for one in adopted.fields if one["kind"] in ("text", "longtext", "person", "unit")]
    named = in_words or adopted.fields
    named[0]["required"] = True
    made: dict[str, Any] = {
        "title": adopted.reading.title[:LABEL] or "未命名的表",
        "group": "由纸质表而来",
        "filled_by": ["clerk"],
        "series": series,
        "record_title": [named[0]["key"]],
        "sections": [{"title": "填写内容", "fields": adopted.fields}],
    }
    if adopted.slots:
        made["signatures"] = {"slots": adopted.slots}
    return writing.written(_texts(made))


def _texts(one: Any) -> Any:
    """As a form file says it: every scalar is text."""
    if isinstance(one, dict):
        return {key: _texts(value) for key, value in one.items()}
    if isinstance(one, list):
        return [_texts(each) for each in one]
    return str(one).lower() if isinstance(one, bool) else str(one)
