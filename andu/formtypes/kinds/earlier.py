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
from andu.formtypes.readers import Key, Name, Pairs, Whole

SAMPLE = "sample"  # the file that NoDirectory has


class AttachmentsKind(Kind):
    """Files attached to the draft."""

    name = "attachments"
    title = "附件"
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
    doc = "An earlier record of another form type, chosen by its number, from which fields can be filled."
    json = "record id; its number is understood too"
    in_table = False
    needs_directory = True
    widget = OptionSelect()
    settings = {
        "form": Key(Name("slug of a form type"), "Which form type's records.", "clue_registration", True),
        "prefill": Key(
            Pairs(
                "mapping: own field (or `table.column`, first free row) to source field, `number` or `title`"
            ),
            "What is carried over into fields that are still empty.",
            "{clue_number: number, clues.summary: summary}",
            default={},
        ),
    }

    def options(self, field: Field, typed: list[str], directory: Directory) -> list[Option]:
        chosen = self._found(field, typed[0], directory) if typed else None
        return [
            Option(one.id, one.label, one.id == chosen) for one in directory.records(field.settings["form"])
        ]

    def value(self, field: Field, text: str, directory: Directory) -> str:
        found = self._found(field, text, directory)
        if found is None:
            raise ValueError(_("没有编号为“%(text)s”的材料，或者您不能查看", text=text))
        return found

    def _found(self, field: Field, text: str, directory: Directory) -> str | None:
        return directory.find_record(field.settings["form"], self.clean(text))

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("这种字段不能有这样的初始值"))

    def missing(self, field: Field) -> str:
        return _("请选择一份已登记的材料")

    def paper(self, field: Field, value: Any, directory: Directory) -> str:
        return directory.record_label(value)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        records = directory.records(field.settings["form"])
        return records[0].id if records else None

    def source(self, field: Field) -> tuple[str, Mapping[str, str]] | None:
        return field.settings["form"] or "", field.settings["prefill"] or {}

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        for target in field.settings.get("prefill") or {}:
            key, _dot, column = target.partition(".")
            known = [name for name in fields if name != field.key]
            if key not in known:
                yield f"prefill.{target}", _("没有字段“%(key)s”%(near)s", key=key, near=nearest(key, known))
                continue
            columns = [one.key for one in fields[key].columns]
            if bool(column) is not bool(columns) or (column and column not in columns):
                near = nearest(target, [f"{key}.{one}" for one in columns] or [key])
                yield f"prefill.{target}", _("带入的目标不对%(near)s", near=near)
