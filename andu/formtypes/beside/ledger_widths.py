"""How wide the columns of a printed ledger are, and how many lines a text takes in them: counting alone.

Called by ``ledger_pages`` for the filed paper and by the working list. Widths are in characters, one Chinese
sign each. Guarantees: a date, a number, a short word is not broken while all columns can have what they need;
room beyond that goes to the columns whose texts are long; together they take exactly the whole.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import ceil
from unicodedata import east_asian_width

PADDING = 0.7
"""Characters that the margins of a cell take."""
KEPT = 12
"""Up to so many characters a number with its words, 示发〔2026〕12号, stays on one line."""
WORD = 4
"""The longest Chinese word that stays on one line: 示例一村, 乡村治理."""
_RUNS = re.compile(r"[\x21-\x7e]+|[^\W\x00-\x7f]+")
_TAKEN = re.compile(r"[\x21-\x7e]+|.", re.DOTALL)
_BESIDE = re.compile(r"(?<=[0-9A-Za-z])(?=[^\W\x00-\x7f])|(?<=[^\W\x00-\x7f])(?=[0-9A-Za-z])")


def wide(text: str) -> float:
    """How many characters a text takes on one line, with the white between Chinese and other letters."""
    return sum(map(_sign, text)) + 0.25 * len(_BESIDE.findall(text))


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width, its margins taken off."""
    return sum(_wrapped(line, max(1.0, width - PADDING)) for line in text.split("\n"))


def broken(text: str, width: float) -> str:
    """The text with a line end for the white before a number that would be broken at its hyphens."""
    room = max(1.0, width - PADDING)
    return "\n".join(_broken(line, room) if wide(line) > room else line for line in text.split("\n"))


def steps(
    heads: Sequence[str], rows: Sequence[Sequence[str]], wished: Sequence[float], room: float, whole: int
) -> list[int]:
    """The widths of the columns in steps, ``whole`` together; there is ``room`` for so many characters.

    First what each needs, then what its ledger wishes as far as there is text for it, then its longest text.
    Where they need more than there is, each has room for a sign and the rest goes as the ledger wishes.
    """
    in_columns = [[head, *(row[at] for row in rows)] for at, head in enumerate(heads)]
    needs = [
        max(_head(head), *map(_unbroken, texts[1:]), 1.0)
        for head, texts in zip(heads, in_columns, strict=True)
    ]
    longest = [
        max(need, *(wide(line) for text in texts for line in text.split("\n")))
        for need, texts in zip(needs, in_columns, strict=True)
    ]
    wants = [max(need, min(wish, full)) for need, wish, full in zip(needs, wished, longest, strict=True)]
    one = room / whole
    least = [ceil((need + PADDING) / one) for need in needs]
    if sum(least) > whole:
        sign = min(ceil((1 + PADDING) / one), whole // len(least))
        return _shared([sign] * len(least), wished, whole)
    for targets in (wants, longest):
        wider = [max(now, ceil((to + PADDING) / one)) for now, to in zip(least, targets, strict=True)]
        gaps = [to - now for now, to in zip(least, wider, strict=True)]
        least = wider if sum(wider) <= whole else _shared(least, gaps, whole)
    return _shared(least, least, whole)


def _shared(now: Sequence[int], gaps: Sequence[float], whole: int) -> list[int]:
    """What is there, with all that is left shared out in proportion to the gaps."""
    left, gap = whole - sum(now), sum(gaps)
    if not left or not gap:
        return list(now)
    ends = [round(left * end / gap) for end in accumulate(gaps, initial=0)]
    return [have + end - start for have, (start, end) in zip(now, pairwise(ends), strict=True)]


def _sign(sign: str) -> float:
    if east_asian_width(sign) in "WFA":
        return 1.0
    return 0.76 if sign.isupper() else 0.5


def _head(label: str) -> float:
    """A head of up to three signs stays on one line, a longer one takes two."""
    return max(wide(line) if len(line) <= 3 else ceil(wide(line) / 2) for line in label.split("\n"))


def _unbroken(text: str) -> float:
    """The widest part of a text that had better not be broken."""
    return max(map(_part, text.split()), default=0.0)


def _part(text: str) -> float:
    whole = wide(text)
    if whole <= KEPT and any(sign.isdigit() for sign in text):
        return whole
    return max((_run(run) for run in _RUNS.findall(text)), default=1.0)


def _run(run: str) -> float:
    if run.isascii():
        return min(wide(run), KEPT)
    return float(len(run)) if len(run) <= WORD else float(min(WORD, ceil(len(run) / 2)))


def _broken(line: str, room: float) -> str:
    first, *others = line.split(" ")
    told, taken = first, wide(first) % room
    for piece in others:
        more = wide(piece)
        ends = "-" in piece and taken + 0.5 + more > room
        told, taken = f"{told}{chr(10) if ends else ' '}{piece}", (0.0 if ends else taken + 0.5) + more
    return told


def _wrapped(line: str, width: float) -> int:
    """Lines of a text without line ends: signs one by one, other letters and digits together."""
    found, taken = 1, 0.0
    for piece in _fitting(_TAKEN.findall(line), width):
        more = wide(piece)
        if taken and taken + more > width:
            found, taken = found + 1, 0.0
        taken += more
    return found


def _fitting(pieces: Iterable[str], width: float) -> Iterable[str]:
    """The pieces, those too wide for a line sign by sign."""
    for piece in pieces:
        yield from [piece] if wide(piece) <= width else piece
