"""Numbers, whole or with decimals."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind
from andu.formtypes.kinds.cleaning import half_width, trimmed
from andu.formtypes.language.readers import Flag, Key, Number, Text, Whole

PLAIN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3}){1,4}(\.[0-9]{1,6})?")
LARGEST = 10**12


class NumberKind(Kind):
    """A number; JSON keeps whole numbers whole."""

    name = "number"
    title = "数字"
    adds_up = True
    doc = "A number. Full-width digits, groups of three (1,200) and the unit of measure are understood."
    json = "number"
    settings = {
        "integer": Key(Flag(), "Only whole numbers.", "true", default=False),
        "min": Key(Number(), "Smallest value.", "1"),
        "max": Key(Number(), "Largest value.", "999"),
        "decimals": Key(Whole(0, 6), "Most digits after the point.", "2", default=2),
        "unit": Key(
            Text(10), "Unit of measure, shown after the input; dropped when typed.", "份", default=""
        ),
    }

    def clean(self, raw: str) -> str:
        return half_width(trimmed(raw)).replace(" ", "")

    def attrs(self, field: Field, typed: str) -> dict[str, Any]:
        return {"inputmode": "numeric" if field.settings["integer"] else "decimal", "autocomplete": "off"}

    def value(self, field: Field, text: str, directory: Directory) -> int | float:
        unit = field.settings["unit"]
        text = text.removesuffix(unit) if unit else text
        if GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if not PLAIN.fullmatch(text):
            raise ValueError(self._ask(field))
        number = Decimal(text)
        whole = number == number.to_integral_value()
        if field.settings["integer"] and not whole:
            raise ValueError(self._ask(field))
        if not whole and round(number, field.settings["decimals"]) != number:
            raise ValueError(_("小数点后最多 %(n)s 位", n=field.settings["decimals"]))
        least, most = field.settings["min"], field.settings["max"]
        if number < (-LARGEST if least is None else least):
            raise ValueError(_("不能小于 %(least)s", least=-LARGEST if least is None else least))
        if number > (LARGEST if most is None else most):
            raise ValueError(_("不能大于 %(most)s", most=LARGEST if most is None else most))
        return int(number) if whole else float(number)

    def schema(self, field: Field) -> dict[str, Any]:
        least, most = field.settings["min"], field.settings["max"]
        return {
            "type": "integer" if field.settings["integer"] else "number",
            "minimum": -LARGEST if least is None else least,
            "maximum": LARGEST if most is None else most,
        }

    def missing(self, field: Field) -> str:
        return self._ask(field)

    def _ask(self, field: Field) -> str:
        example = field.example or "3"
        if field.settings["integer"]:
            return _("请填写整数，例如 %(example)s", example=example)
        return _("请填写数字，例如 %(example)s", example=example)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> int | float:
        least, most = field.settings["min"], field.settings["max"]
        number = max(3, least if least is not None else 3)
        return number if most is None else min(number, most)

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> int | float:
        most, least = field.settings["max"], field.settings["min"]
        number = most if most is not None else 888_888
        return max(number, least) if least is not None else number

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        least, most = field.settings.get("min"), field.settings.get("max")
        if least is not None and most is not None and least > most:
            yield "min", _("最小值大于最大值")
        for name in ("min", "max"):
            if field.settings.get("integer") and isinstance(field.settings.get(name), float):
                yield name, _("整数字段的界限应当是整数")

    def of_count(self, count: Any) -> Any:
        """The count itself."""
        return count
