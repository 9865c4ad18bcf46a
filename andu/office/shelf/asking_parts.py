"""What the designer asks of a part of a form type, and what becomes of the answers.

Made from the dictionary of the form language itself: each key that has words (``words``) is asked in the way
its reader reads it; every other key, and every value that the page cannot say, is kept as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from andu.formtypes import writing
from andu.formtypes.actkeys import DEADLINE_KEYS, SIGNATURES_KEYS, SLOT_KEYS
from andu.formtypes.conditionkeys import Conditional
from andu.formtypes.fieldkeys import COLUMN_KEYS, FIELD_KEYS
from andu.formtypes.formkeys import FORM_KEYS, SECTION_KEYS
from andu.formtypes.kinds import KINDS
from andu.formtypes.readers import FieldName, Flag, Key, Many, Name, Number, OneOf, OneOrMany, Text, Whole
from andu.formtypes.roles import ROLES
from andu.office.errors import NotFound
from andu.office.office import Office
from andu.office.shelf import parts, words
from andu.office.shelf.parts import Tree
from andu.office.shelf.words import Said
from andu.security import units

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
LONG = 200
"""From so many characters on a text has room for several lines on the page."""
_ON_OTHER_PAGES = {"key", "kind", "fields", "columns", "sections", "signatures", "deadlines", "slots"}
WAYS = ("", "is", "in", "contains", "filled")
Options = list[tuple[str, str]]
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


@dataclass(frozen=True)
class Sheet:
    """All that is asked of a part: the dictionary of its keys, their words, the part, and its whole tree."""

    office: Office
    tree: Tree
    part: Tree
    keys: Mapping[str, Key]
    said: Mapping[str, Said]
    path: str = ""

    def asked(self) -> list[Question]:
        """The questions, in the order of their words."""
        return [self._asked(name) for name in self.said if name in self.keys]

    @property
    def kept(self) -> str:
        """What stands in the part and is not asked, as it is written; it stays."""
        known = {one.name for one in self.asked() if one.look != KEPT} | _ON_OTHER_PAGES
        rest = {name: value for name, value in self.part.items() if name not in known}
        return writing.written(rest) if rest else ""

    def take(self, posted: Posted) -> None:
        """Write the answers into the part; what stands at its default is left out."""
        for one in self.asked():
            if one.look == KEPT:
                continue
            value = self._taken(one, posted)
            if _is_as_asked(value, one):
                continue
            key = self.keys[one.name]
            if value in ("", [], None) or (not key.required and value == _as_text(key.default)):
                self.part.pop(one.name, None)
            else:
                self.part[one.name] = value

    def _asked(self, name: str) -> Question:
        key, said = self.keys[name], self.said[name]
        value = self.part.get(name, _as_text(key.default))
        look, options = self._look(name, key)
        if look == WHEN:
            value = _condition(value)
            look = KEPT if value is None else look
        elif look in (MANY, LINES):
            value = [value] if isinstance(value, str) and value else list(value or [])
            plain = all(isinstance(one, str) for one in value)
            known = look == LINES or set(map(str, value)) <= {one for one, _label in options}
            look = look if plain and known else KEPT
        elif not isinstance(value, str):
            look = KEPT
        return Question(name, said, look, value, options, key.required)

    def _look(self, name: str, key: Key) -> tuple[str, Options]:
        own = self._own_options(name)
        reads = key.reads.many if isinstance(key.reads, OneOrMany) else key.reads
        if isinstance(reads, Conditional):
            return WHEN, self._fields_before()
        if isinstance(reads, Flag):
            return TICK, []
        if isinstance(reads, Many):
            return self._many(name, reads, own)
        if own is not None:
            return ONE, own
        if isinstance(reads, OneOf):
            said = words.options()
            return ONE, [(one, said.get(one, one)) for one in reads.known()]
        if isinstance(reads, FieldName):
            return ONE, [("", "—"), *self._fields(reads.kinds)]
        long = isinstance(reads, Text) and reads.longest >= LONG
        return (AREA if long else LINE) if isinstance(reads, Text | Whole | Number | Name) else KEPT, []

    def _many(self, name: str, reads: Many, own: Options | None) -> tuple[str, Options]:
        if own is not None:
            return MANY, own
        if isinstance(reads.item, FieldName):
            return MANY, self._fields(reads.item.kinds)
        if isinstance(reads.item, OneOf):
            return MANY, list(ROLES.items())
        return (LINES if isinstance(reads.item, Text) and name != "duplicates" else KEPT), []

    def _own_options(self, name: str) -> Options | None:
        """The choices of keys that the language reads as any text."""
        if name == "series":
            return [(one.key, f"{one.label}（{one.key}）") for one in self.office.config.series.values()]
        if name in ("form", "met_by"):
            return [(one.slug, one.title) for one in self.office.catalogue.all()]
        if name == "unit" and "roles" in self.keys:
            return self._units(words.options(), anybody=True)
        if name == "unit" and "rule" in self.keys:
            return self._units(words.options(), anybody=False)
        if name == "start":
            said = words.options()
            dated = self._fields(tuple(kind for kind, one in KINDS.items() if one.is_dated))
            return [*((one, said[one]) for one in ("submitted", "numbered")), *dated]
        return None

    def _units(self, said: Mapping[str, str], anybody: bool) -> Options:
        chosen = self._fields(tuple(kind for kind, one in KINDS.items() if one.names_unit))
        known = [(one.id, one.name) for one in units.all(self.office.store)]
        general = [(one, said[one]) for one in ("own", *(("any",) if anybody else ()))]
        return [*general, *((f"field:{key}", label) for key, label in chosen), *known]

    def _fields(self, kinds: Sequence[str] = ()) -> Options:
        return [
            (str(one.get("key")), str(one.get("label")))
            for one in parts.fields(self.tree)
            if not kinds or one.get("kind") in kinds
        ]

    def _fields_before(self) -> Options:
        """The fields that a condition of this part may look at."""
        found: Options = []
        for one in parts.fields(self.tree):
            if one.get("key") == self.path.partition(".")[0]:
                break
            found.append((str(one.get("key")), str(one.get("label"))))
        return found

    def _taken(self, one: Question, posted: Posted) -> Any:
        texts = [text.strip() for text in posted(one.name)]
        if one.look == TICK:
            return "true" if texts else "false"
        if one.look == MANY:
            ticked = [text for text in texts if text in {name for name, _label in one.options}]
            return sorted(ticked, key=lambda text: one.value.index(text) if text in one.value else len(texts))
        if one.look == LINES:
            return [line.strip() for text in texts for line in text.splitlines() if line.strip()]
        if one.look == WHEN:
            return _condition_of(one, posted)
        text = " ".join((texts or [""])[0].split()) if one.look == LINE else (texts or [""])[0]
        return text.replace("\r\n", "\n")


def _is_as_asked(value: Any, one: Question) -> bool:
    """Whether nobody changed the answer: then the file keeps its own way of writing it."""
    if one.look == WHEN:
        return _condition(value) == one.value
    return bool(value == (one.value.strip() if isinstance(one.value, str) else one.value))


def _as_text(default: Any) -> Any:
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None or default == () else str(default)


def _condition(value: Any) -> dict[str, str] | None:
    """A plain condition as the page asks it: field, way, words; None for one that only a file can say."""
    if not value:
        return {"field": "", "way": "", "words": ""}
    if not isinstance(value, dict) or "field" not in value or len(value) != 2:
        return None
    way = next(name for name in value if name != "field")
    said = value[way]
    return {
        "field": str(value["field"]),
        "way": way,
        "words": "\n".join(said) if isinstance(said, list) else str(said),
    }


def _condition_of(one: Question, posted: Posted) -> Any:
    def first(name: str) -> str:
        return next(iter(posted(f"{one.name}-{name}")), "").strip()

    key, way = first("field"), first("way")
    lines = [line.strip() for line in first("words").splitlines() if line.strip()]
    if not key or key not in {name for name, _label in one.options} or way not in WAYS:
        return None
    if way in ("", "filled"):
        return {"field": key, "filled": "false" if lines and lines[0] == "false" else "true"}
    if not lines:
        return None
    return {"field": key, "in": lines} if way == "in" or len(lines) > 1 else {"field": key, way: lines[0]}


# --- the sheets there are -------------------------------------------------------------------------


def of_form(office: Office, tree: Tree) -> Sheet:
    """What is asked of the form type as a whole."""
    return Sheet(office, tree, tree, FORM_KEYS, words.of_form())


def of_signatures(office: Office, tree: Tree) -> Sheet:
    """What is asked of all signatures together; raises ``NotFound`` where there are none."""
    if not parts.listed(tree, parts.SLOTS):
        raise NotFound(parts.SLOTS)
    return Sheet(office, tree, tree["signatures"], SIGNATURES_KEYS, words.of_signatures())


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
    return Sheet(office, tree, parts.item(tree, name, at), keys, said())
