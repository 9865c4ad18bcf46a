"""One of several, several of several, and yes or no. What is chosen is the very word that is shown."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms.widgets import CheckboxInput

from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds.base import Kind
from andu.formtypes.kinds.cleaning import half_width
from andu.formtypes.kinds.inputs import Option, OptionList, OptionSelect
from andu.formtypes.language.readers import Flag, Key, Many, Text

FEW = 5  # up to so many choices stand open as radio buttons, more fold into a select
YES = ("是", "true", "yes", "1", "on", "y")
NO = ("否", "false", "no", "0", "off", "n")


class Open:
    """Renders few choices as radio buttons, many as a select."""

    def __call__(self, field: Any, **attributes: Any) -> Any:
        return (OptionList() if field.group else OptionSelect())(field, **attributes)


class ChoiceKind(Kind):
    """One word of a list."""

    name = "choice"
    is_one_word = True
    title = "单项选择"
    is_counted = True
    doc = f"One of several. Up to {FEW} choices are radio buttons, more (and always in a table) a select."
    json = "text, one of the choices"
    compared: ClassVar[tuple[str, ...]] = ("is", "in")
    widget: ClassVar[Any] = Open()
    settings = {
        "choices": Key(
            Many(Text(60), 1, 80),
            "What can be chosen, in this order. The words are what is stored.",
            "[当面, 机要, 密封]",
            True,
        ),
    }

    def grouped(self, field: Field, in_row: bool) -> bool:
        return not in_row and len(field.settings["choices"]) <= FEW

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        chosen = {self.clean(one) for one in typed}
        return [Option(one, one, one in chosen) for one in field.settings["choices"]]

    def value(self, field: Field, text: str, directory: Directory) -> str:
        choices = field.settings["choices"] or ()  # none, where the list itself was refused
        if text not in choices:
            known = {half_width(one): one for one in choices}
            if half_width(text) in known:
                return str(known[half_width(text)])
            raise ValueError(_("没有“%(text)s”这一项%(nearest)s", text=text, nearest=nearest(text, choices)))
        return text

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "enum": list(field.settings["choices"])}

    def missing(self, field: Field) -> str:
        return _("请选择一项")

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return str(field.settings["choices"][0])

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> str:
        return max(field.settings["choices"], key=len)

    def candidates(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Any]:
        return list(field.settings["choices"])

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        choices = field.settings.get("choices") or ()
        for one in dict.fromkeys(one for one in choices if choices.count(one) > 1):
            yield "choices", _("“%(one)s”写了两次", one=one)


class ChoicesKind(ChoiceKind):
    """Several words of a list."""

    name = "choices"
    is_one_word = False
    title = "多项选择"
    is_counted = True
    is_wide = True
    doc = "Several of several, as tick boxes; on paper joined with 、 in the order of the choices."
    json = "list of text"
    widget = OptionList()
    holds_many = True
    compared = ("contains",)
    in_table = False

    def grouped(self, field: Field, in_row: bool) -> bool:
        return True

    def option_input(self, field: Field) -> Any:
        return CheckboxInput()

    def parse(self, field: Field, raws: list[str], directory: Directory) -> list[str] | None:
        chosen = {self.value(field, self.clean(raw), directory) for raw in raws if self.clean(raw)}
        return [one for one in field.settings["choices"] if one in chosen] or None

    def raw(self, field: Field, value: Any) -> list[str]:
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else super().raw(field, value)

    def fits(self, value: Any) -> bool:
        return isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(field), "minItems": 1, "uniqueItems": True}

    def start(self, field: Field, start: Any, directory: Directory) -> Any:
        return None if field.default is None else [self.literal(field, field.default)]

    def missing(self, field: Field) -> str:
        return _("请至少选择一项")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return "、".join(value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        return list(field.settings["choices"][:2])

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        return list(field.settings["choices"])

    def candidates(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Any]:
        return [list(field.settings["choices"])]


class YesNoKind(Kind):
    """Yes or no; both are answers."""

    name = "yesno"
    is_yes_or_no = True
    title = "是否"
    is_counted = True
    doc = "Yes or no, as 是 and 否. With `must_be: true` it is one tick box, and only 是 is accepted."
    json = "true or false"
    compared = ("is", "in")
    widget = Open()
    settings = {
        "must_be": Key(Flag(), "true: the clerk must confirm; 否 is refused.", "true", default=False),
    }

    def grouped(self, field: Field, in_row: bool) -> bool:
        return not in_row

    def option_input(self, field: Field) -> Any:
        return CheckboxInput() if field.settings["must_be"] else super().option_input(field)

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        text = self.clean(typed[0]).lower() if typed else ""
        yes = Option("是", "是", text in YES)
        return [yes] if field.settings["must_be"] else [yes, Option("否", "否", text in NO)]

    def value(self, field: Field, text: str, directory: Directory) -> bool:
        if text.lower() not in YES + NO:
            raise ValueError(_("请选择“是”或“否”"))
        if text.lower() in NO and field.settings["must_be"]:
            raise ValueError(self.missing(field))
        return text.lower() in YES

    def raw(self, field: Field, value: Any) -> list[str]:
        return ["是" if value else "否"] if isinstance(value, bool) else super().raw(field, value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}

    def fits(self, value: Any) -> bool:
        return isinstance(value, (bool, str))

    def missing(self, field: Field) -> str:
        return _("请确认后勾选“是”") if field.settings["must_be"] else _("请选择“是”或“否”")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return "是" if value else "否"

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> bool:
        return True

    def candidates(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> list[Any]:
        return [True] if field.settings["must_be"] else [True, False]
