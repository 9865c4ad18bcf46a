"""A repeating table of simple kinds: a WTForms FieldList of small forms, names like f_items-0-copies.

Rows left wholly blank do not count. Rows beyond the most are kept on the screen, and refused with a message,
rather than silently cut; how many are read at all is bounded.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from wtforms.fields import FieldList, FormField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from andu.formtypes.conditions import is_filled
from andu.formtypes.definition import Field
from andu.formtypes.directory import Directory
from andu.formtypes.kinds.base import Kind, Raw
from andu.formtypes.kinds.pasted import MOST_SHOWN
from andu.formtypes.language.keys.fieldkeys import COLUMN_KEYS, FieldReader
from andu.formtypes.language.readers import Key, Many, Whole

SPARE_ROWS = 20  # rows beyond the most that are still read, so that a long paste is refused and not cut
BLANK_INDEX = "__n__"

Kinds = Mapping[str, Kind]


class RowForm(BaseForm):
    """One row: a small form of the columns."""

    def __init__(
        self,
        kinds: Kinds,
        table: Field,
        directory: Directory,
        formdata: Any = None,
        prefix: str = "",
        **_wtforms: Any,
    ) -> None:
        asked = [
            (column.key, kinds[column.kind].form_field(column, directory, in_row=True))
            for column in table.columns
        ]
        super().__init__(asked, prefix=prefix)
        self.process(formdata)

    def validate(self, extra_validators: Any = None) -> bool:
        """Errors of the cells; a blank row has none."""
        if self.is_blank:
            return True
        super().validate()
        for cell in self:
            if cell.definition.required and not is_filled(cell.data) and not cell.errors:
                cell.errors.append(cell.missing())
        return not any(cell.errors for cell in self)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into any cell."""
        return not any(cell.kind.clean(raw) for cell in self for raw in cell.typed)

    @property
    def answers(self) -> dict[str, Any]:
        """The values of the cells that have one."""
        return {key: cell.data for key, cell in self._fields.items() if is_filled(cell.data)}


class TableField(FieldList):
    """The table as a field. Iterating gives rows, iterating a row gives cells (`ValueField`)."""

    def __init__(self, definition: Field, kind: "TableKind", directory: Directory, **bound: Any) -> None:
        self.definition = definition
        self.kind = kind
        self.directory = directory
        self.group = True
        self.most: int = definition.settings["max_rows"]
        self._row = partial(RowForm, kind.columns_of(), definition, directory)
        super().__init__(
            FormField(self._row),
            label=definition.label,
            min_entries=max(definition.settings["min_rows"], 1),
            max_entries=self.most + SPARE_ROWS,
            **bound,
        )
        self.errors: list[str] = []

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns, for the head of the table."""
        return self.definition.columns

    @property
    def rows(self) -> list[RowForm]:
        """The rows, blank ones too."""
        return [entry.form for entry in self.entries]

    @property
    def data(self) -> list[dict[str, Any]] | None:
        """The answers of the rows that are not blank; None without any."""
        return [row.answers for row in self.rows if not row.is_blank] or None

    @property
    def typed(self) -> list[str]:
        """Everything typed into any cell."""
        return [raw for row in self.rows for cell in row for raw in cell.typed]

    @property
    def notes(self) -> list[str]:
        """What will be changed in its cells, each with the number of its row."""
        told = ((n, note) for n, row in enumerate(self.rows, start=1) for cell in row for note in cell.notes)
        return [_("第 %(n)s 行：%(note)s", n=n, note=note) for n, note in told]

    @property
    def pasted(self) -> list[str]:
        """What pasting from Word left in its cells, as it would be mended."""
        raw = {cell.name: cell.typed for row in self.rows for cell in row}
        return self.kind.mended(self.definition, self.name, raw, MOST_SHOWN)[1]

    def blank_row(self) -> RowForm:
        """A row for the browser to copy; its names hold `__n__` for the row's index."""
        return self._row(prefix=f"{self.name}-{BLANK_INDEX}-")

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Errors of cells lie with the cells; those of the whole table with the field."""
        self.errors = []
        right = [row.validate() for row in self.rows]
        count = len(self.data or [])
        least = self.definition.settings["min_rows"]
        if count > self.most:
            self.errors.append(_("最多 %(most)s 行，现在有 %(n)s 行", most=self.most, n=count))
        if 0 < count < least:
            self.errors.append(_("至少 %(least)s 行，现在有 %(n)s 行", least=least, n=count))
        return all(right) and not self.errors

    def missing(self) -> str:
        """The message when it must be answered and is not."""
        return self.kind.missing(self.definition)

    def clear(self) -> None:
        """Forget all errors: it is not shown."""
        self.errors = []
        for row in self.rows:
            for cell in row:
                cell.clear()

    def problems(self) -> Iterator[tuple[str, str, str]]:
        """Errors of the table, then of its cells, as (id to jump to, label, message)."""
        first = next((cell.id for row in self.rows for cell in row), self.id)
        yield from ((first, self.definition.label, error) for error in self.errors)
        for number, row in enumerate(self.rows, start=1):
            for cell in row:
                where = _(
                    "%(table)s 第 %(n)s 行 %(column)s",
                    table=self.definition.label,
                    n=number,
                    column=cell.label.text,
                )
                yield from ((cell.id, where, error) for error in cell.errors)


class TableKind(Kind):
    """A repeating table. `columns_of` gives the kinds its columns may have."""

    name = "table"
    holds_rows = True
    title = "表格"
    is_wide = True
    doc = "Rows of simple answers. On paper a list of rows, each with `no` (its number) and its columns."
    json = "list of objects"
    in_table = False
    holds_many = False
    blank: ClassVar[Any] = []

    def __init__(self, columns_of: Callable[[], Kinds]) -> None:
        self.columns_of = columns_of
        self.settings = {
            "columns": Key(
                Many(FieldReader(columns_of, COLUMN_KEYS), 1, 12),
                "Its columns: fields with fewer keys, see Columns.",
                "[{key: name, kind: text, label: 名称, required: true}]",
                True,
            ),
            "min_rows": Key(Whole(0, 200), "Fewest rows, if any is filled.", "1", default=0),
            "max_rows": Key(Whole(1, 200), "Most rows.", "40", default=20),
        }

    def form_field(self, field: Field, directory: Directory, in_row: bool = False) -> UnboundField:
        return TableField(definition=field, kind=self, directory=directory)

    def missing(self, field: Field) -> str:
        return _("请至少填写一行")

    def is_noted(self, field: Field) -> bool:
        return any(self.columns_of()[column.kind].is_noted(column) for column in field.columns)

    def mended(
        self, field: Field, name: str, raw: Mapping[str, list[str]], most: int
    ) -> tuple[Raw, list[str]]:
        columns = {column.key: column for column in field.columns}
        better: Raw = {}
        told = []
        places = [key.removeprefix(f"{name}-").split("-", 1) for key in self.keep(field, name, raw)]
        rows = sorted({int(index) for index, _column in places})
        for n, index in enumerate(rows, start=1):
            for column in columns.values():
                own = f"{name}-{index}-{column.key}"
                more, said = self.columns_of()[column.kind].mended(column, own, raw, most)
                better |= more
                told += [_("第 %(n)s 行：%(note)s", n=n, note=one) for one in said]
        return better, told

    def keep(self, field: Field, name: str, raw: Mapping[str, list[str]]) -> Raw:
        columns = "|".join(column.key for column in field.columns)
        pattern = re.compile(rf"{re.escape(name)}-(0|[1-9][0-9]{{0,3}})-({columns})")
        found = {key: match for key in raw if (match := pattern.fullmatch(key))}
        rows = sorted({int(match[1]) for match in found.values()})[: field.settings["max_rows"] + SPARE_ROWS]
        return {key: list(raw[key]) for key, match in found.items() if int(match[1]) in rows}

    def spread(self, field: Field, name: str, value: Any) -> Raw:
        rows = value if isinstance(value, (list, tuple)) else []
        spread: Raw = {}
        for index, row in enumerate(rows):
            for column in field.columns:
                if isinstance(row, Mapping) and column.key in row:
                    kind = self.columns_of()[column.kind]
                    spread |= kind.spread(column, f"{name}-{index}-{column.key}", row[column.key])
        return spread

    def schema(self, field: Field) -> dict[str, Any]:
        columns = {
            column.key: {"title": column.label, **self.columns_of()[column.kind].schema(column)}
            for column in field.columns
        }
        row = {"type": "object", "properties": columns, "additionalProperties": False}
        return {"type": "array", "items": row, "minItems": 1, "maxItems": field.settings["max_rows"]}

    def fits(self, value: Any) -> bool:
        return isinstance(value, (list, tuple)) and all(isinstance(row, Mapping) for row in value)

    def parts(self, field: Field, value: Any) -> Iterator[tuple[str, Mapping[str, Field], Mapping[str, Any]]]:
        columns = {column.key: column for column in field.columns}
        for number, row in enumerate(value, start=1):
            yield _("%(table)s 第 %(n)s 行", table=field.label, n=number), columns, row

    def gather(self, field: Field, name: str, raw: Mapping[str, list[str]], directory: Directory) -> Any:
        return self._gathered(field, name, raw, directory, "gather")

    def gather_loosely(
        self, field: Field, name: str, raw: Mapping[str, list[str]], directory: Directory
    ) -> Any:
        return self._gathered(field, name, raw, directory, "gather_loosely")

    def _gathered(
        self, field: Field, name: str, raw: Mapping[str, list[str]], directory: Directory, how: str
    ) -> Any:
        rows: dict[int, dict[str, Any]] = {}
        for key in self.keep(field, name, raw):
            index, column_key = key.removeprefix(f"{name}-").split("-", 1)
            column = next(column for column in field.columns if column.key == column_key)
            value = getattr(self.columns_of()[column.kind], how)(column, key, raw, directory)
            if is_filled(value):
                rows.setdefault(int(index), {})[column_key] = value
        return [rows[index] for index in sorted(rows)] or None

    def paper(self, field: Field, value: Any, directory: Directory) -> list[dict[str, Any]]:
        return [self._row(field, number, row, directory) for number, row in enumerate(value, start=1)]

    def _row(self, field: Field, number: int, row: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
        faces = {
            column.key: self.columns_of()[column.kind].printed(column, row.get(column.key), directory)
            for column in field.columns
        }
        return {"no": str(number), **faces}

    def ledger(self, field: Field, value: Any, directory: Directory) -> str:
        rows = []
        for row in value or []:
            faces = (self.columns_of()[c.kind].ledger(c, row.get(c.key), directory) for c in field.columns)
            rows.append(" ".join(face for face in faces if face))
        return "；".join(rows)

    def sample(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        return [self._sampled(field, "sample", directory, values)] * max(1, field.settings["min_rows"])

    def worst(self, field: Field, directory: Directory, values: Mapping[str, Any]) -> Any:
        return [self._sampled(field, "worst", directory, values)] * field.settings["max_rows"]

    def _sampled(
        self, field: Field, how: str, directory: Directory, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        row = {}
        for column in field.columns:
            plain = how == "sample"
            if plain and column.left_out:
                continue
            kind = self.columns_of()[column.kind]
            written = kind.written(column, directory) if plain and column.sample is not None else None
            row[column.key] = written if is_filled(written) else getattr(kind, how)(column, directory, values)
        return row

    def literal(self, field: Field, text: str) -> Any:
        raise ValueError(_("表格不能有初始值"))

    def faults(self, field: Field, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        if (field.settings.get("min_rows") or 0) > (field.settings.get("max_rows") or 0):
            yield "min_rows", _("最少行数大于最多行数")
        seen: set[str] = set()
        for index, column in enumerate(field.columns):
            if column.key in seen or column.key == "no":
                yield f"columns[{index}].key", _("列名“%(key)s”重复或已被占用", key=column.key)
            seen.add(column.key)
