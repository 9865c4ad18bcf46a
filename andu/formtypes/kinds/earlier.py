"""What is already there: files attached to the draft, and an earlier record of another form."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms.widgets import CheckboxInput

from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds.base import Kind
from andu.formtypes.kinds.inputs import Option, OptionList, OptionSelect
from andu.formtypes.language.readers import Flag, Key, Many, Name, OneOrMany, Pairs, Whole

SAMPLE = "sample"  # the file that NoDirectory has


class AttachmentsKind(Kind):
    """Files attached to the draft."""

    name = "attachments"
    title = "附件"
    is_wide = True
    holds_files = True
    is_for_once = True
    doc = "Files attached to the draft; the form posts the ids to keep. On paper their names, joined with 、."
    json = "list of attachment ids"
    in_table = False
    holds_many = True
    needs_directory = True
    widget = OptionList()
    settings = {"max_files": Key(Whole(1, 50), "Most files.", "10", default=10)}

    def grouped(self, field: Field, in_row: bool) -> bool:
        return True

    def option_input(self, field: Field) -> Any:
        return CheckboxInput()

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        named = ((one, directory.attachment_label(one)) for one in dict.fromkeys(typed))
        return [Option(one, label, True) for one, label in named if label is not None]

    def parse(self, field: Field, raws: list[str], directory: Directory) -> list[str] | None:
        ids = [one for one in dict.fromkeys(self.clean(raw) for raw in raws) if one]
        if any(directory.attachment_label(one) is None for one in ids):
            raise ValueError(_("有一个附件已经不在，请重新上传"))
        if len(ids) > field.settings["max_files"]:
            raise ValueError(
                _("最多 %(most)s 个附件，现在有 %(n)s 个", most=field.settings["max_files"], n=len(ids))
            )
        return ids or None

    def raw(self, field: Field, value: Any) -> list[str]:
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else super().raw(field, value)

    def schema(self, field: Field) -> dict[str, Any]:
        names = {"type": "string", "minLength": 1}
        return {"type": "array", "items": names, "minItems": 1, "maxItems": field.settings["max_files"]}

    def fits(self, value: Any) -> bool:
        return isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("这种字段不能有这样的初始值"))

    def missing(self, field: Field) -> str:
        return _("请上传附件")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return "、".join(directory.attachment_label(one) or one for one in value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        # A sample should be good data in an office too, where no file lies ready.
        return [SAMPLE] if field.required and directory.attachment_label(SAMPLE) is not None else None


class ReferenceKind(Kind):
    """An earlier record, whose answers can be carried over."""

    name = "reference"
    title = "引用已登记的材料"
    is_wide = True
    names_record = True
    is_for_once = True
    doc = (
        "An earlier record of another form type, or of one of several, chosen by its number, from which "
        "fields can be filled."
    )
    json = "record id; its number is understood too"
    in_table = False
    needs_directory = True
    widget = OptionSelect()
    settings = {
        "form": Key(
            OneOrMany(Many(Name("slug of a form type"), 1, 20)),
            "Which form type's records; of several, they are listed form by form.",
            "[official_notice, official_letter]",
            True,
        ),
        "prefill": Key(
            Pairs(
                "mapping: own field (or `table.column`, first free row) to source field, or `number`, "
                "`title`, `unit` or `code` of the source; own `table.column` to source `table.column`"
            ),
            "What is carried over into fields that are still empty; row by row from one table into another "
            "that nobody has begun. Of several forms each gives what it has.",
            "{clue_number: number, clues.summary: summary, grounds.issue: findings.issue}",
            default={},
        ),
        "shared": Key(
            Flag(),
            "false: the units that come to see this record do not thereby see the one chosen here.",
            "false",
            default=True,
        ),
    }

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        chosen = self._found(field, typed[0], directory) if typed else None
        forms = field.settings["form"]
        return [
            Option(one.id, one.label, one.id == chosen, one.group if len(forms) > 1 else "")
            for form in forms
            for one in directory.records(form)
        ]

    def value(self, field: Field, text: str, directory: Directory) -> str:
        found = self._found(field, text, directory)
        if found is None:
            raise ValueError(_("没有编号为“%(text)s”的材料，或者您不能查看", text=text))
        return found

    def _found(self, field: Field, text: str, directory: Directory) -> str | None:
        found = (directory.find_record(form, self.clean(text)) for form in field.settings["form"])
        return next(filter(None, found), None)

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("这种字段不能有这样的初始值"))

    def missing(self, field: Field) -> str:
        return _("请选择一份已登记的材料")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return directory.record_label(value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        # None where none is asked for: the sample's own numbers name other records than one that is here.
        records = (one.id for form in field.settings["form"] for one in directory.records(form))
        return next(records, None) if field.required else None

    def source(self, field: Field) -> tuple[tuple[str, ...], Mapping[str, str]]:
        return field.settings["form"] or (), field.settings["prefill"] or {}

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        forms, prefill = self.source(field)
        if len(set(forms)) < len(forms):
            yield "form", _("同一种表单写了两次")
        known = {key: one for key, one in fields.items() if key != field.key}
        for target, taken in prefill.items():
            message = _no_place(target, known) or _no_rows(target, taken, prefill)
            if message:
                yield f"prefill.{target}", message


def _no_place(target: str, known: Mapping[str, Field]) -> str:
    """Why nothing can be carried into this field or column; '' if it can."""
    key, _dot, column = target.partition(".")
    if key not in known:
        return _("没有字段“%(key)s”%(near)s", key=key, near=nearest(key, known))
    columns = [one.key for one in known[key].columns]
    if bool(column) is not bool(columns) or (column and column not in columns):
        near = nearest(target, [f"{key}.{one}" for one in columns] or [key])
        return _("带入的目标不对%(near)s", near=near)
    return ""


def _no_rows(target: str, taken: str, prefill: Mapping[str, str]) -> str:
    """Why rows of a table cannot be carried into this place, or not beside its others; '' if they can."""
    key, dot, _column = target.partition(".")
    if "." in taken and not dot:
        return _("“%(taken)s”是表格的一列，只能带入自己表格的一列（表格.列）", taken=taken)
    tables = {_table(from_) for to, from_ in prefill.items() if dot and to.startswith(f"{key}.")}
    if len(tables) > 1:
        return _("表格“%(key)s”的各列应当都从同一张来源表逐行带入，或者都只带入一行", key=key)
    return ""


def _table(taken: str) -> str:
    table, dot, _column = taken.partition(".")
    return table if dot else ""
