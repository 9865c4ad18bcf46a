"""What the designer asks of a part of a form type, and what becomes of the answers.

Made from the dictionary of the form language itself: each key that has words (``words``) is asked in the way
its reader reads it; every other key, and every value that the page cannot say, is kept as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.kinds import KINDS
from andu.formtypes.language import writing
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.keys.fieldkeys import COLUMN_KEYS, FIELD_KEYS
from andu.formtypes.language.keys.formkeys import FORM_KEYS, RULE_KEYS, SECTION_KEYS, RuleReader
from andu.formtypes.language.keys.parts import Part, WordOr
from andu.formtypes.language.keys.signkeys import SIGNATURES_KEYS, SLOT_KEYS
from andu.formtypes.language.keys.timekeys import DEADLINE_KEYS
from andu.formtypes.language.readers import (
    FieldName,
    Flag,
    Key,
    Many,
    Name,
    Number,
    OneOf,
    OneOrMany,
    Pairs,
    Place,
    Plain,
    Text,
    Whole,
)
from andu.formtypes.roles import ROLES
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.shelf import act_words, asking_conditions, deeper, parts, words
from andu.office.shelf.asking_options import NONE, Choosing, Options
from andu.office.shelf.deeper import Reached
from andu.office.shelf.parts import Tree
from andu.office.shelf.words import Said

LINE, AREA, LINES, TICK, ONE, MANY, WHEN, KEPT = (
    "line",
    "area",
    "lines",
    "tick",
    "one",
    "many",
    "when",
    "kept",
)
PART, PARTS, PAIRS, SETS = "part", "parts", "pairs", "sets"
"""A part with a page of its own, a list of such, a mapping of two choices, sets of signatures."""
ELSEWHERE = (KEPT, PART, PARTS)
FREE_ROWS = 2
LONG = 200
"""From so many characters on a text has room for several lines on the page."""
_ON_OTHER_PAGES = {"key", "kind", "fields", "columns", "sections", "signatures", "deadlines", "slots"}
Posted = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Question:
    """One question: its key, its words, how it is asked, what stands there, and what can be chosen."""

    name: str
    said: Said
    look: str
    value: Any = ""
    options: Options = field(default_factory=list)
    required: bool = False
    where: str = ""
    """Of a part, or a list of them: its place in the form file."""
    others: Options = field(default_factory=list)
    """The other side of pairs; or the answers that a condition may name."""
    first: str = ""
    """Of a list of parts: what a new one begins with is called."""


@dataclass(frozen=True)
class Sheet:
    """All that is asked of a part: the dictionary of its keys, their words, the part, and its whole tree."""

    office: Office
    tree: Tree
    part: Tree
    keys: Mapping[str, Key]
    said: Mapping[str, Said]
    path: str = ""
    where: str = ""

    @property
    def choosing(self) -> Choosing:
        """What can be chosen."""
        return Choosing(self.office, self.tree, self.part, self.keys, self.path, self.where)

    def asked(self) -> list[Question]:
        """The questions, in the order of their words."""
        return [self._asked(name, said) for name, said in self.said.items() if name in self.keys]

    @property
    def kept(self) -> str:
        """What stands in the part and is not asked, as it is written; it stays."""
        known = {one.name for one in self.asked() if one.look != KEPT} | _ON_OTHER_PAGES | set(self.elsewhere)
        rest = {name: value for name, value in self.part.items() if name not in known}
        return writing.written(rest) if rest else ""

    @property
    def elsewhere(self) -> Mapping[str, Said]:
        """The keys that are asked on the page of the whole design."""
        return act_words.of_more() if self.keys is FORM_KEYS else {}

    def more(self) -> list[Question]:
        """The parts of the whole form type that have pages of their own."""
        return [self._asked(name, said) for name, said in self.elsewhere.items()]

    def take(self, posted: Posted) -> None:
        """Write the answers into the part; what stands at its default is left out."""
        for one in self.asked():
            if one.look in ELSEWHERE:
                continue
            value = self._taken(one, posted)
            if _is_as_asked(value, one):
                continue
            key = self.keys[one.name]
            if value in ("", [], None, {}) or (not key.required and value == _as_text(key.default)):
                self.part.pop(one.name, None)
            else:
                self.part[one.name] = value

    def _asked(self, name: str, said: Said) -> Question:
        key = self.keys[name]
        value = self.part.get(name, _as_text(key.default))
        look, options = self._look(name, key)
        made = Question(name, said, look, value, options, key.required)
        if look == WHEN:
            return self._condition(made)
        if look in (PART, PARTS):
            return self._deeper(made, key.reads)
        if look == PAIRS:
            return self._pairs(made)
        if look == SETS:
            sets = value if isinstance(value, list) and all(isinstance(one, list) for one in value) else []
            return replace(made, value=[*sets, *[[]] * FREE_ROWS])
        if look in (MANY, LINES):
            value = [value] if isinstance(value, str) and value else list(value or [])
            plain = all(isinstance(one, str) for one in value)
            known = look == LINES or set(map(str, value)) <= {one for one, _label in options}
            return replace(made, value=value, look=look if plain and known else KEPT)
        return made if isinstance(value, str) else replace(made, look=KEPT)

    def _condition(self, made: Question) -> Question:
        asked = asking_conditions.asked_of(made.value)
        known = {key for key, _label in made.options}
        if asked is None or not {line.field for line in asked.lines} <= known:
            return replace(made, look=KEPT)
        return replace(made, value=asked, others=self.choosing.answers())

    def _pairs(self, made: Question) -> Question:
        if not isinstance(made.value, dict | str):
            return replace(made, look=KEPT)
        left, right = self.choosing.pairs(made.name)
        pairs = [(str(key), str(said)) for key, said in (made.value or {}).items()]  # type: ignore[union-attr]
        return replace(made, value=[*pairs, *[("", "")] * FREE_ROWS], options=left, others=right)

    def _deeper(self, made: Question, reads: Any) -> Question:
        where = f"{self.where}.{made.name}" if self.where else made.name
        if made.look == PART:
            return replace(made, where=where, value=bool(self.part.get(made.name)))
        items = made.value if isinstance(made.value, list) else []
        told = [(_summary(self, f"{where}.{at}"), f"{where}.{at}") for at in range(1, len(items) + 1)]
        first = deeper.first_of(reads.item)
        choosing = replace(
            self.choosing, where=where, part={}, keys={first: self._first_key(reads.item, first)}
        )
        options = choosing.own(first) or _field_options(choosing, choosing.keys[first])
        said = act_words.of_place(deeper.names_of(where)).get(first, Said(first))
        return replace(made, where=where, value=told, options=options or [], first=said.label)

    def _first_key(self, item: Any, first: str) -> Key:
        if isinstance(item, RuleReader):
            return RULE_KEYS[first]
        keys: Mapping[str, Key] = item.keys() if isinstance(item, WordOr) else item.keys
        return keys[first]

    def _look(self, name: str, key: Key) -> tuple[str, Options]:
        reads = key.reads.many if isinstance(key.reads, OneOrMany) else key.reads
        if isinstance(reads, Part):
            return PART, []
        if deeper.is_list(reads):
            return PARTS, []
        if isinstance(reads, Pairs):
            return PAIRS, []
        if isinstance(reads, Conditional):
            return WHEN, self.choosing.looked_at()
        if isinstance(reads, Flag):
            return TICK, []
        inner = reads.item if isinstance(reads, Many) else reads
        own = self.choosing.own(name) if isinstance(inner, Text | Name) else None
        if isinstance(reads, Many):
            return self._many(reads, own)
        if own is not None:
            open_ = not key.default and not self.part.get(name) and NONE not in own
            return ONE, [NONE, *own] if open_ else own
        if isinstance(reads, OneOf):
            said = words.options()
            none = [NONE] if not key.required and not key.default else []
            return ONE, [*none, *((one, said.get(one, one)) for one in reads.known())]
        if isinstance(reads, FieldName):
            return ONE, [NONE, *self.choosing.fields(reads.kinds)]
        long = isinstance(reads, Text) and reads.longest >= LONG
        plain = isinstance(reads, Text | Whole | Number | Name | Plain)
        return (AREA if long else LINE) if plain else KEPT, []

    def _many(self, reads: Many, own: Options | None) -> tuple[str, Options]:
        if own is not None:
            return MANY, own
        if isinstance(reads.item, Many):
            slots = [
                (str(one.get("key")), str(one.get("label"))) for one in parts.listed(self.tree, parts.SLOTS)
            ]
            return SETS, slots
        if isinstance(reads.item, Place):
            return MANY, self.choosing.places()
        if isinstance(reads.item, FieldName):
            return MANY, self.choosing.fields(reads.item.kinds)
        if isinstance(reads.item, OneOf):
            return MANY, list(ROLES.items())
        return (LINES if isinstance(reads.item, Text) else KEPT), []

    def _taken(self, one: Question, posted: Posted) -> Any:
        if one.look == WHEN:
            return asking_conditions.taken(one.name, posted, {key for key, _label in one.options})
        if one.look == PAIRS:
            sides = (posted(f"{one.name}-left"), posted(f"{one.name}-right"))
            return {
                key.strip(): said.strip() for key, said in zip(*sides, strict=False) if key and said.strip()
            }
        if one.look == SETS:
            sets = [list(posted(f"{one.name}-{number}")) for number in range(1, len(one.value) + 1)]
            return [keys for keys in sets if keys]
        texts = [text.strip() for text in posted(one.name)]
        if one.look == TICK:
            return "true" if texts else "false"
        if one.look == MANY:
            ticked = [text for text in texts if text in {name for name, _label in one.options}]
            return sorted(ticked, key=lambda text: one.value.index(text) if text in one.value else len(texts))
        if one.look == LINES:
            return [line.strip() for text in texts for line in text.splitlines() if line.strip()]
        text = " ".join((texts or [""])[0].split()) if one.look == LINE else (texts or [""])[0]
        return text.replace("\r\n", "\n")


def _field_options(choosing: Choosing, key: Key) -> Options:
    reads = key.reads
    return choosing.fields(reads.kinds) if isinstance(reads, FieldName) else []


def _summary(sheet: Sheet, where: str) -> str:
    """An item of a list in a few words: what it begins with, and whether it has a condition."""
    found = deeper.reach(sheet.tree, where)
    inner = replace(sheet, part=found.part, keys=found.keys, said={}, where=where, path="")
    first = deeper.first_of(found.item)
    said = str(found.part.get(first, ""))
    label = dict(inner.choosing.own(first) or _field_options(inner.choosing, found.keys[first])).get(
        said, said
    )
    return f"{label}（{_('有条件')}）" if found.part.get("when") else label


def _is_as_asked(value: Any, one: Question) -> bool:
    """Whether nobody changed the answer: then the file keeps its own way of writing it."""
    if one.look == WHEN:
        return asking_conditions.asked_of(value) == one.value
    if one.look == PAIRS:
        return bool(list(value.items()) == one.value[:-FREE_ROWS])
    if one.look == SETS:
        return bool(value == one.value[:-FREE_ROWS])
    return bool(value == (one.value.strip() if isinstance(one.value, str) else one.value))


def _as_text(default: Any) -> Any:
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None or default in ((), {}) else str(default)


# --- the sheets there are -------------------------------------------------------------------------


def of_form(office: Office, tree: Tree) -> Sheet:
    """What is asked of the form type as a whole."""
    return Sheet(office, tree, tree, FORM_KEYS, words.of_form())


def of_signatures(office: Office, tree: Tree) -> Sheet:
    """What is asked of all signatures together; raises ``NotFound`` where there are none."""
    if not parts.listed(tree, parts.SLOTS):
        raise NotFound(parts.SLOTS)
    return Sheet(office, tree, tree["signatures"], SIGNATURES_KEYS, words.of_signatures(), where="signatures")


def of_field(office: Office, tree: Tree, path: str) -> Sheet:
    """What is asked of a field or a column; raises ``NotFound``."""
    part = parts.find(tree, path).part
    keys = COLUMN_KEYS if "." in path else FIELD_KEYS
    kind = KINDS.get(str(part.get("kind")))
    settings = kind.settings if kind else {}
    return Sheet(office, tree, part, {**keys, **settings}, words.of_field(), path)


_LISTS: Mapping[str, tuple[Mapping[str, Key], Callable[[], Mapping[str, Said]]]] = {
    parts.SECTIONS: (SECTION_KEYS, words.of_section),
    parts.SLOTS: (SLOT_KEYS, words.of_slot),
    parts.DEADLINES: (DEADLINE_KEYS, words.of_deadline),
}


def lists() -> Iterator[str]:
    """The names of the lists that have pages."""
    yield from _LISTS


def of_item(office: Office, tree: Tree, name: str, at: int) -> Sheet:
    """What is asked of a section, a signature or a deadline; raises ``NotFound``."""
    keys, said = _LISTS[name]
    where = f"{'signatures.' if name == parts.SLOTS else ''}{name}.{at + 1}"
    return Sheet(office, tree, parts.item(tree, name, at), keys, said(), where=where)


def of_place(office: Office, tree: Tree, where: str) -> tuple[Sheet, Reached]:
    """What is asked of any other part, and where it is put back; raises ``NotFound``."""
    names = deeper.names_of(where)
    said = act_words.of_place(names)
    if not said:
        raise NotFound(where)
    found = deeper.reach(tree, where)
    return Sheet(office, tree, found.part, found.keys, said, where=where), found


def heading_of(where: str) -> str:
    """What a part is called, by its place."""
    names = deeper.names_of(where)
    above, _dot, last = names.rpartition(".")
    said: Mapping[str, Said] = {
        "": act_words.of_more(),
        "signatures": words.of_signatures(),
        "deadlines": words.of_deadline(),
    }.get(above) or act_words.of_place(above)
    return said[last].label if last in said else last
