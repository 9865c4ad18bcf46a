"""Word's numbered lists within loops: each copy of a list starts again, rows that are its items count on.

Called by ``part`` for body, headers and footers. A list is what shares one ``numId``. A loop repeats a list
if all of the list stands in it and it is there more than once in a pass, and with something else between the
copies; it makes the items of a list if a pass has one of them. Of several loops that repeat a list the
innermost starts it again. Guarantees: where nothing is repeated the paper is what docxtpl makes; the first
copy keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jinja2 import nodes

from andu.papers.template.list_places import Item, Places
from andu.papers.template.numbering import Numbering, Restart

_NUMBER_IN_TEXT = re.compile(r'(<w:numId w:val=")[^"]*("/>)')
_MARKS = re.compile(rb'<\?list (\d+)\?>|<w:numId w:val="list(\d+)"/>')


class Lists:
    """The lists of a template that start again; ``restarted`` makes it so in what was filled."""

    def __init__(self, numbering: Numbering, tree: nodes.Template) -> None:
        self.numbering = numbering
        self._again: list[str] = []
        reader = Places(numbering)
        reader.block(tree.body)
        for number in dict.fromkeys(item.number for item in reader.items if numbering.counts(item.number)):
            loop = _repeating(number, reader)
            if loop is not None:
                self._mark(number, reader.loops[loop])
        self._write(reader.items)

    def __bool__(self) -> bool:
        return bool(self._again)

    def restarted(self, xml: bytes, restarts: list[Restart]) -> bytes:
        """The filled part with a number of its own for each copy; ``restarts`` receives these."""
        numbers = {str(key): number for key, number in enumerate(self._again)}
        used: set[str] = set()
        waiting: set[str] = set()

        def number_of(found: re.Match[bytes]) -> bytes:
            if found.group(1):
                key = found.group(1).decode()
                waiting.update({key} & used)
                return b""
            key = found.group(2).decode()
            if key in waiting:
                new = Restart(self.numbering.last + len(restarts) + 1, self._again[int(key)])
                restarts.append(new)
                numbers[key] = str(new.number)
                waiting.remove(key)
            used.add(key)
            return f'<w:numId w:val="{numbers[key]}"/>'.encode()

        return _MARKS.sub(number_of, xml)

    def _mark(self, number: str, loop: nodes.For) -> None:
        start = nodes.TemplateData(f"<?list {len(self._again)}?>", lineno=loop.lineno)
        loop.body.insert(0, nodes.Output([start], lineno=loop.lineno))
        self._again.append(number)

    def _write(self, items: Sequence[Item]) -> None:
        """Say in each paragraph of a list that starts again which one it is; from the last to the first."""
        for item in reversed(items):
            if item.number not in self._again or item.node is None:
                continue
            name, (start, end) = f"list{self._again.index(item.number)}", item.span
            said = item.node.data[start:end]
            if said.startswith("<w:numId"):
                now = _NUMBER_IN_TEXT.sub(rf"\g<1>{name}\g<2>", said)
            elif said.startswith("<w:ilvl"):
                now = f'{said}<w:numId w:val="{name}"/>'
            else:
                now = f'{said}<w:numPr><w:ilvl w:val="{item.level}"/><w:numId w:val="{name}"/></w:numPr>'
            item.node.data = item.node.data[:start] + now + item.node.data[end:]


def _repeating(number: str, reader: Places) -> int | None:
    """The innermost loop that repeats this list."""
    own = [item for item in reader.items if item.number == number]
    common = [loop for loop in own[0].loops if all(loop in item.loops for item in own)]
    return next((loop for loop in reversed(common) if _repeats(loop, number, reader)), None)


def _repeats(loop: int, number: str, reader: Places) -> bool:
    within = [item for item in reader.items if loop in item.loops]
    own = [item for item in within if item.number == number]
    tops = [item for item in own if item.level == min(each.level for each in own)]
    depth = tops[0].loops.index(loop) + 1
    several = any(len(item.loops) > depth for item in tops) or _at_once(tops) > 1
    is_copy = isinstance(reader.loops[loop].iter, nodes.List | nodes.Tuple)
    if loop in reader.of_rows:
        return several and len({item.cells for item in own}) == 1
    return (several or is_copy) and _is_apart(within, number, tops, depth)


def _is_apart(within: Sequence[Item], number: str, tops: Sequence[Item], depth: int) -> bool:
    """Whether something else stands before the first or after the last item of a pass."""
    inner = {item.loops[depth] for item in tops if len(item.loops) > depth}
    places = [place for place, item in enumerate(within) if item.number == number]
    around = (*within[: places[0]], *within[places[-1] + 1 :])
    return any(len(item.loops) == depth or item.loops[depth] not in inner for item in around)


def _at_once(items: Sequence[Item]) -> int:
    """How many of these a pass prints at most, since only one branch of a choice is taken."""
    chosen = {item.choices for item in items}
    return max(sum(1 for item in items if not _excludes(item.choices, one)) for one in chosen)


def _excludes(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    return any(choice == its and branch != taken for choice, branch in one for its, taken in other)


def lists_in(tree: nodes.Template, numbering: Numbering | None) -> Lists | None:
    """The lists of a template that start again, marked in its tree; None if there are none."""
    found = Lists(numbering, tree) if numbering is not None and tree.find(nodes.For) else None
    return found if found else None
