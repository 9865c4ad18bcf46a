"""What can be chosen on the pages of the designer: fields, forms, units, series, the words of the language.

The lists of keys that the language itself reads as any text: what may stand there is known only here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.kinds import DATED, KINDS, PEOPLE, TABLES, UNITS, WORDS
from andu.formtypes.language.readers import Key
from andu.formtypes.language.rules import RULES
from andu.office.office import Office
from andu.office.shelf import act_words, parts, words
from andu.office.shelf.deeper import names_of
from andu.office.shelf.parts import Tree
from andu.security import units

Options = list[tuple[str, str]]
NONE = ("", "—")


@dataclass(frozen=True)
class Choosing:
    """A part, and what can be chosen in it."""

    office: Office
    tree: Tree
    part: Tree
    keys: Mapping[str, Key]
    path: str = ""
    where: str = ""

    def own(self, name: str) -> Options | None:
        """The choices of a key that the language reads as any text; None where there are none."""
        made = {
            "series": self._series,
            "form": self._forms,
            "rule": self._rules,
            "start": self._starts,
            "unit": self._whose,
            "of_unit": lambda: [*self._general(anybody=True), *self._codes()],
            "to": lambda: [NONE, *self._codes()],
            "only_of": self._codes,
            "not_of": self._codes,
            "only": self._codes,
            "follows": lambda: [NONE, *self.fields(("choice",))],
            "category": self._categories,
            "at": lambda: [NONE, *self._others(DATED)],
            "rows": lambda: [NONE, *self._others(TABLES)],
            "signed": self._signed,
            "column": lambda: self._columns("table"),
            "about": lambda: [NONE, *self._columns("each")],
            "duplicates": lambda: self._texts(WORDS),
            "recuse": lambda: self._texts((*WORDS, *PEOPLE)),
            "recuse_places": lambda: self._texts((*WORDS, *UNITS)),
        }.get(name)
        is_measure = name == "unit" and "kind" in self.keys
        return made() if made and not is_measure else None

    def fields(self, kinds: Sequence[str] = ()) -> Options:
        """The fields of the form, of some kinds."""
        return [
            (str(one.get("key")), str(one.get("label")))
            for one in parts.fields(self.tree)
            if not kinds or one.get("kind") in kinds
        ]

    def looked_at(self) -> Options:
        """The fields that a condition of this part may look at."""
        if names_of(self.where) == "deadlines.met_by":
            return self._others()
        found: Options = []
        for one in parts.fields(self.tree):
            if one.get("key") == self.path.partition(".")[0]:
                break
            found.append((str(one.get("key")), str(one.get("label"))))
        return found

    def answers(self) -> list[tuple[str, str]]:
        """What the fields that a condition may look at can be answered with: label and choices."""
        if names_of(self.where) == "deadlines.met_by":
            return []
        known = dict(self.looked_at())
        return [
            (str(one.get("label")), "、".join(map(str, one.get("choices") or ["是", "否"])))
            for one in parts.fields(self.tree)
            if one.get("key") in known and one.get("kind") in ("choice", "choices", "yesno")
        ]

    def places(self) -> Options:
        """The fields of the form, and the columns of its tables."""
        found: Options = []
        for one in parts.fields(self.tree):
            key, label = str(one.get("key")), str(one.get("label"))
            found.append((key, label))
            for column in one.get("columns") or []:
                found.append((f"{key}.{column.get('key')}", f"{label}：{column.get('label')}"))
        return found

    def pairs(self, name: str) -> tuple[Options, Options]:
        """Both sides of a mapping: what is filled, and what it is filled with ([]: any words)."""
        if name == "means":
            field = next(
                (one for one in parts.fields(self.tree) if one.get("key") == self.part.get("field")), {}
            )
            return [(str(one), str(one)) for one in field.get("choices") or []], []
        if name == "by_answer":
            asked = (one for one in parts.fields(self.tree) if one.get("key") == self.part.get("follows"))
            return [(str(one), str(one)) for one in next(asked, {}).get("choices") or []], self._codes()
        if name == "prefill":
            return self.places(), [("number", act_words.sources()["number"]), *self._others()]
        allowed = {"lists": act_words.LISTED, "fills": act_words.MISSING, "chases": act_words.OVERDUE}[name]
        return self.places(), [(one, act_words.sources()[one]) for one in allowed]

    # --- one list each --------------------------------------------------------------------------

    def _series(self) -> Options:
        return [(one.key, f"{one.label}（{one.key}）") for one in self.office.config.series.values()]

    def _forms(self) -> Options:
        return [(one.slug, one.title) for one in self.office.catalogue.all()]

    def _rules(self) -> Options:
        said = act_words.rules()
        return [(name, said[name]) for name in RULES if name in said]

    def _starts(self) -> Options:
        said = words.options()
        dated = self.fields([kind for kind, one in KINDS.items() if one.is_dated])
        return [*((one, said[one]) for one in ("submitted", "numbered")), *dated]

    def _whose(self) -> Options:
        inside = names_of(self.where)
        if inside == "share_with":
            chosen = [(place, label) for place, label in self.places() if place in self._unit_places()]
            return [*chosen, *self._codes()]
        if inside == "expected":
            return [NONE, *self._codes()]
        chosen = self.fields([kind for kind, one in KINDS.items() if one.names_unit])
        asked = [(f"field:{key}", label) for key, label in chosen]
        return [*self._general(anybody="rule" not in self.keys), *asked, *self._codes()]

    def _unit_places(self) -> set[str]:
        found = set()
        for one in parts.fields(self.tree):
            for place, each in [(one.get("key"), one)] + [
                (f"{one.get('key')}.{column.get('key')}", column) for column in one.get("columns") or []
            ]:
                kind = KINDS.get(str(each.get("kind")))
                if kind and kind.names_unit:
                    found.add(str(place))
        return found

    def _general(self, *, anybody: bool) -> Options:
        said = words.options()
        return [(one, said[one]) for one in ("own", *(("any",) if anybody else ()))]

    def _codes(self) -> Options:
        return [(one.id, one.name) for one in units.all(self.office.store)]

    def _categories(self) -> Options:
        known = dict.fromkeys(one.category for one in units.all(self.office.store) if one.category)
        return [NONE, *((one, one) for one in known)]

    def _others(self, kinds: Sequence[str] = ()) -> Options:
        """The fields of the other form types that this part names."""
        found: dict[str, str] = {}
        for form in self._named_forms():
            for one in form.fields:
                if not kinds or one.kind in kinds:
                    found.setdefault(one.key, one.label)
        return [*found.items()]

    def _named_forms(self) -> list[FormType]:
        said: Any = self.part.get("form") or []
        slugs = [said] if isinstance(said, str) else said
        return [one for one in map(self.office.catalogue.get, map(str, slugs)) if one]

    def _signed(self) -> Options:
        slots = [slot for form in self._named_forms() for slot in form.signatures.slots]
        return [NONE, *((slot.key, slot.label) for slot in slots)]

    def _columns(self, of: str) -> Options:
        table = next((one for one in parts.fields(self.tree) if one.get("key") == self.part.get(of)), {})
        return [(str(one.get("key")), str(one.get("label"))) for one in table.get("columns") or []]

    def _texts(self, kinds: Sequence[str]) -> Options:
        found = []
        for one in parts.fields(self.tree):
            rows = [(one.get("key"), one.get("label"), one)]
            rows += [
                (
                    f"{one.get('key')}.{column.get('key')}",
                    f"{one.get('label')}：{column.get('label')}",
                    column,
                )
                for column in one.get("columns") or []
            ]
            found += [(str(place), str(label)) for place, label, each in rows if each.get("kind") in kinds]
        return found
