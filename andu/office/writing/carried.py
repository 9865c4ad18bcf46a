"""What a draft remembers of its sources: which inputs came from which record, and what they said then.

Kept in the column ``draft.carried``, written by the office alone and never read from a browser. By it an
answer goes with the record it came from, unless somebody has edited it since. Pure but for ``derived``, which
finds the memory again for a draft made of a record; `prefill` acts on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import Raw
from andu.office.office import Office
from andu.office.writing import sources
from andu.security.accounts import Account

_CELL = re.compile(r"(f_\w+)-(\d+)-(\w+)")


@dataclass(frozen=True)
class FromSource:
    """What one reference brought in: the record, the inputs, and whether nobody chose it by hand."""

    source: str
    inputs: Raw = field(default_factory=dict)
    by_itself: bool = False


Carried = Mapping[str, FromSource]
"""By the key of the reference field."""


def to_text(carried: Carried) -> str:
    """As the column keeps it."""
    return json.dumps({key: asdict(one) for key, one in carried.items()}, ensure_ascii=False)


def from_text(text: str) -> Carried:
    """What the column says."""
    return {key: FromSource(**one) for key, one in json.loads(text).items()}


@dataclass(frozen=True)
class SourceStanding:
    """Of what a source brought in: the inputs that still say so, and those edited, with what it said."""

    still: tuple[str, ...]
    edited: Mapping[str, list[str]]


def standing(brought: FromSource, raw: Raw) -> SourceStanding:
    """How what a source brought in stands in the draft now. Rows of a table are found by what they say."""
    flat = {name: texts for name, texts in brought.inputs.items() if not _CELL.fullmatch(name)}
    pairs = [(name, name, texts) for name, texts in flat.items()]
    pairs += list(_cells(brought.inputs, raw))
    filled = [(now, texts) for _was, now, texts in pairs if any(raw.get(now, []))]
    still = tuple(now for now, texts in filled if _same(raw[now], texts))
    return SourceStanding(still, {now: texts for now, texts in filled if now not in still})


def _cells(inputs: Raw, raw: Raw) -> Iterator[tuple[str, str, list[str]]]:
    """Each carried cell with the cell it is now: rows move when one above them is taken out."""
    now, taken = _rows(raw), set()
    for (table, row), cells in _rows(inputs).items():
        rows = [n for (other, n) in now if other == table and (table, n) not in taken]
        best = max(rows, key=lambda n: (_likeness(cells, now[table, n]), n == row), default=None)
        if best is None or not _likeness(cells, now[table, best]):
            continue
        taken.add((table, best))
        for column, texts in cells.items():
            yield f"{table}-{row}-{column}", f"{table}-{best}-{column}", texts


def _rows(raw: Raw) -> dict[tuple[str, str], Raw]:
    found: dict[tuple[str, str], Raw] = {}
    for name, texts in raw.items():
        if cell := _CELL.fullmatch(name):
            found.setdefault((cell[1], cell[2]), {})[cell[3]] = texts
    return found


def _likeness(cells: Raw, row: Raw) -> int:
    return sum(_same(row.get(column, []), texts) for column, texts in cells.items() if any(texts))


def _same(typed: list[str], carried: list[str]) -> bool:
    """Whether nobody has edited it: a browser writes line ends of its own, or leaves them out of one line."""
    now, then = _plain(typed), _plain(carried)
    return now == then or now == [text.replace("\n", "") for text in then]


def _plain(texts: list[str]) -> list[str]:
    return [text.replace("\r\n", "\n").strip() for text in texts if text.strip()]


def derived(office: Office, actor: Account, form_type: FormType, raw: Raw) -> Carried:
    """What a draft made of a record would remember: whatever says what the record chosen says."""
    found: dict[str, FromSource] = {}
    known: set[str] = set()
    for one in sources.references(form_type):
        source = None if sources.adds(one) else sources.chosen(office, actor, one, raw)
        if source is None:
            continue
        given = sources.inputs_from(office, actor, form_type, one.key, source, {})
        brought = FromSource(source.id, {name: texts for name, texts in given.items() if any(texts)})
        inputs = {name: raw[name] for name in standing(brought, raw).still if name not in known}
        inputs.pop(f"f_{one.key}", None)
        known |= inputs.keys()
        found[one.key] = FromSource(source.id, inputs)
    return found
