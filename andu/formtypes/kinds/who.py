"""A person of this office and a unit of this office, chosen from its directory."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import Field
from andu.formtypes.directory import Choice, Directory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds.base import Kind, Start
from andu.formtypes.kinds.inputs import Option, OptionSelect, UnitSelect
from andu.formtypes.language.readers import Flag, Key, Many, OneOf, Pairs, Text
from andu.formtypes.roles import ROLES

WHOSE = ("any", "own")  # what `of_unit` may say besides the key of a unit field


class DirectoryKind(Kind):
    """What units and people share: a select, found by id or by name."""

    needs_directory = True
    widget = OptionSelect()

    def eligible(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Choice]:
        """What may be chosen; `values` may narrow it."""
        raise NotImplementedError

    def find(self, text: str, directory: Directory) -> str | None:
        """The id of what is called so."""
        raise NotImplementedError

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        choices = self.eligible(field, directory, {})
        chosen = self._found(typed[0], choices, directory) if typed else None
        return [Option(one.id, one.label, one.id == chosen) for one in choices]

    def value(self, field: Field, text: str, directory: Directory) -> str:
        choices = self.eligible(field, directory, {})
        found = self._found(text, choices, directory)
        if found is None:
            raise ValueError(self.refusal(field, text, choices, directory))
        return found

    def refusal(self, field: Field, text: str, choices: list[Choice], directory: Directory) -> str:
        """The message for what is none of the choices."""
        labels = [choice.label for choice in choices]
        return _("名单里没有“%(text)s”%(nearest)s", text=text, nearest=nearest(text, labels))

    def _found(self, text: str, choices: list[Choice], directory: Directory) -> str | None:
        text = self.clean(text)
        ids = {choice.id for choice in choices}
        found = text if text in ids else self.find(text, directory)
        if found in ids:
            return found
        named = [choice.id for choice in choices if choice.label == text]
        return named[0] if len(named) == 1 else None

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("这种字段不能有这样的初始值"))

    def missing(self, field: Field) -> str:
        return _("请从名单中选择")

    def written(self, field: Field, directory: Directory) -> Any:
        return self._found(str(field.sample), self.eligible(field, directory, {}), directory)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        choices = self.eligible(field, directory, values)
        return choices[0].id if choices else None

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        choices = self.eligible(field, directory, values)
        return max(choices, key=lambda one: len(one.label)).id if choices else None

    def candidates(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Any]:
        return [choice.id for choice in self.eligible(field, directory, values)]


class PersonKind(DirectoryKind):
    """A person with an account."""

    name = "person"
    title = "人员"
    names_person = True
    doc = "A person with an account in this office, chosen from a list; on paper the name."
    json = "account id; user name and name are understood too"
    starts = {"me": "whoever begins the draft", "only": "the one person it can be, where there is just one"}
    settings = {
        "roles": Key(
            Many(OneOf(lambda: ROLES, "role")),
            "Only people with one of these roles; everybody if left out.",
            "[head]",
            default=(),
        ),
        "of_unit": Key(
            Text(40),
            "`any`; `own`: the unit of whoever fills it; or the key of a unit field: the unit chosen there.",
            "giving_unit",
            default="any",
        ),
    }

    def eligible(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Choice]:
        own = field.settings["of_unit"] == "own"
        unit = directory.own_unit if own else self._unit(field, values)
        return directory.people(unit, field.settings["roles"])

    def _unit(self, field: Field, values: Mapping[str, Any]) -> str | None:
        of_unit = field.settings["of_unit"]
        return None if of_unit in WHOSE else values.get(of_unit)

    def find(self, text: str, directory: Directory) -> str | None:
        return directory.find_person(text)

    def agree(self, field: Field, value: Any, values: Mapping[str, Any], directory: Directory) -> str | None:
        unit = self._unit(field, values)
        if not unit or value in {one.id for one in directory.people(unit, field.settings["roles"])}:
            return None
        return _("请选择“%(unit)s”的人员", unit=directory.unit_label(unit))

    def start_word(self, field: Field, start: Start, directory: Directory) -> str | None:
        if field.default == "me":
            return start.me
        possible = self.eligible(field, directory, {})
        return possible[0].id if len(possible) == 1 else None

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return directory.person_label(value)

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        of_unit = field.settings.get("of_unit")
        units = [key for key, one in fields.items() if one.kind == UnitKind.name]
        if of_unit and of_unit not in (*WHOSE, *units):
            near = nearest(of_unit, [*WHOSE, *units])
            yield (
                "of_unit",
                _("应当是 own、any 或一个单位字段，不是“%(name)s”%(near)s", name=of_unit, near=near),
            )


class UnitKind(DirectoryKind):
    """A unit of the office."""

    name = "unit"
    names_unit = True
    title = "单位"
    is_counted = True
    widget = UnitSelect()
    doc = "A unit of this office, chosen from a list; on paper its name."
    json = "unit id; its name is understood too"
    starts = {
        "own": "the unit of whoever begins the draft",
        "only": "the one unit it can be, where there is just one",
    }
    settings = {
        "only": Key(
            Many(Text(40)),
            "Codes of units: only these; an office that has none of them chooses among all.",
            "[shb]",
            default=(),
        ),
        "only_own": Key(Flag(), "true: only the unit of whoever fills the form.", "true", default=False),
        "follows": Key(
            Text(40),
            "Key of a question of one choice before it, whose answer says the unit: it is chosen by itself "
            "where none is chosen yet.",
            "purpose",
            default="",
        ),
        "by_answer": Key(
            Pairs("mapping: answer to code of a unit"),
            "Which unit follows from which answer.",
            "{报镇扫黑办登记: shb}",
            default={},
        ),
    }

    def eligible(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Choice]:
        own = self._only(field, directory)
        every = [one for one in directory.units() if own in (None, one.id)]
        return [one for one in every if one.id in field.settings["only"]] or every

    def refusal(self, field: Field, text: str, choices: list[Choice], directory: Directory) -> str:
        own = self._only(field, directory)
        if own is None and field.settings["only"] and choices:
            return _("只能选择%(units)s", units="、".join(f"“{one.label}”" for one in choices))
        if own is None:
            return super().refusal(field, text, choices, directory)
        return _("只能选择本单位“%(unit)s”", unit=directory.unit_label(own))

    def _only(self, field: Field, directory: Directory) -> str | None:
        return directory.own_unit if field.settings["only_own"] else None

    def find(self, text: str, directory: Directory) -> str | None:
        return directory.find_unit(text)

    def start_word(self, field: Field, start: Start, directory: Directory) -> str | None:
        if field.default == "own":
            return directory.own_unit
        possible = self.eligible(field, directory, {})
        return possible[0].id if len(possible) == 1 else None

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return directory.unit_label(value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        possible = {one.id for one in self.eligible(field, directory, values)}
        return (
            directory.own_unit if directory.own_unit in possible else super().sample(field, directory, values)
        )

    def following(self, field: Field) -> tuple[str, Mapping[str, str]]:
        return field.settings["follows"], field.settings["by_answer"]

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        followed, units = field.settings.get("follows"), field.settings.get("by_answer") or {}
        if bool(followed) != bool(units):
            yield "by_answer" if followed else "follows", _("follows 和 by_answer 要一起写")
        asked = fields.get(followed or "")
        if asked is None or asked.kind != "choice":
            if followed:
                yield "follows", _("“%(name)s”不是这张表里的单选题", name=followed)
            return
        for answer in units:
            if answer not in asked.settings["choices"]:
                said = {"label": asked.label, "answer": answer}
                near = nearest(answer, asked.settings["choices"])
                yield f"by_answer.{answer}", _("“%(label)s”没有选项“%(answer)s”%(near)s", near=near, **said)

    def of_unit(self, unit_id: str, directory: Directory) -> Any:
        """The unit itself."""
        return unit_id
