"""One month of a ledger: chosen, frozen when the form is submitted, printed page by page."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms.widgets import html_params

from andu.formtypes.beside import ledger_pages
from andu.formtypes.beside.ledger_pages import NAMES, SAMPLE_MONTH, Room
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds.base import Kind
from andu.formtypes.kinds.inputs import Option, OptionSelect
from andu.formtypes.language.readers import FieldName, Key, Whole

MONTH = re.compile(r"(20[0-9]{2})-?年?(0?[1-9]|1[0-2])月?")


class LedgerInput:
    """A select of the ledgers and an input for the month; both are sent under the name of the field."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        month = field.typed[1] if len(field.typed) > 1 else ""
        labelled = Markup('<label for="{}">{}</label> {}')
        given = {"id": f"{field.id}-month", "name": field.name, "type": "month", "value": month}
        given |= {"placeholder": "2026-11", "autocomplete": "off"}
        typed = Markup("<input {}>").format(html_params(**given))
        return labelled.format(field.id, _("台账"), OptionSelect()(field, **attributes)) + labelled.format(
            given["id"], _("月份"), typed
        )


class LedgerKind(Kind):
    """A month of a ledger."""

    name = "ledger"
    title = "台账月结"
    draws_ledger = True
    is_for_once = True
    doc = (
        "One past month of a ledger, with the rows that whoever fills it may see, frozen when submitted. "
        "On paper `title`, `period`, `scope`, `count` and `pages`; see doc_templates/README.md."
    )
    json = "the extract: ledger, month, title, period, scope, unit, columns, rows, amounts, voided"
    in_table = False
    needs_directory = True
    nested: ClassVar[Mapping[str, Any]] = NAMES
    blank: ClassVar[Any] = {"title": "", "period": "", "scope": "", "count": "", "pages": []}
    widget = LedgerInput()
    settings = {
        "characters": Key(
            Whole(20, 200), "Characters that a line of the paper's table takes across.", "70", default=70
        ),
        "lines": Key(Whole(5, 100), "Lines of table that a page of the paper takes.", "27", default=27),
        "steps": Key(
            Whole(40, 400),
            "Columns of the fine grid of the paper's table, of which each cell takes some.",
            "96",
            default=96,
        ),
        "correction": Key(
            FieldName(("reference",)),
            "The field that names the earlier closing which this one corrects. A month is closed once: again "
            "only where that closing is named here; without this key, only after it was voided.",
            "replaces",
            default="",
        ),
    }

    def grouped(self, field: Field, in_row: bool) -> bool:
        return True

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        return [Option(one.id, one.label, one.id in typed[:1]) for one in directory.ledgers()]

    def parse(self, field: Field, raws: list[str], directory: Directory) -> dict[str, Any] | None:
        ledger, month = [self.clean(raw) for raw in [*raws, "", ""][:2]]
        if not ledger and not month:
            return None
        found = MONTH.fullmatch(month)
        if not ledger or not found:
            raise ValueError(_("请选择台账，并写明月份，例如 2026-10"))
        return dict(directory.ledger_extract(ledger, f"{found[1]}-{int(found[2]):02}"))

    def raw(self, field: Field, value: Any) -> list[str]:
        return [str(value.get("ledger", "")), str(value.get("month", ""))] if self.fits(value) else []

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "object", "required": ["ledger", "month"]}

    def fits(self, value: Any) -> bool:
        return isinstance(value, Mapping)

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("这种字段不能有这样的初始值"))

    def missing(self, field: Field) -> str:
        return _("请选择台账和月份")

    def paper(self, field: Field, value: Any, directory: Directory) -> dict[str, Any]:
        room = Room(*(field.settings[key] for key in ("characters", "lines", "steps")))
        about = {name: str(value[name]) for name in ("title", "period", "scope")}
        return {**about, "count": str(len(value["rows"])), "pages": ledger_pages.pages(value, room)}

    def ledger(self, field: Field, value: Any, directory: Directory) -> str:
        if not value:
            return ""
        about = {name: value[name] for name in ("title", "period", "scope")}
        return "{title}（{period}，{scope}，{n} 条）".format(n=len(value["rows"]), **about)

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        key = field.settings["correction"]
        fitting = [one.key for one in fields.values() if one.kind == "reference"]
        if key and key not in fitting:
            yield "correction", _("没有“引用”字段“%(key)s”%(near)s", key=key, near=nearest(key, fitting))

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        known = directory.ledgers()
        return dict(directory.ledger_extract(known[0].id, SAMPLE_MONTH)) if known else None

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        known = directory.ledgers()
        return dict(directory.ledger_extract(known[-1].id, SAMPLE_MONTH)) if known else None
