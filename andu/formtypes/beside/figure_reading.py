"""Reading the figure files of a folder: the dictionary of their keys, and what they say of ledgers and forms.

Office opens them with `load`, once the ledgers are read. A file with a fault is left out, the others are not.
figures/README.md is held to the dictionary by a test.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.beside.figures import (
    BAR,
    KINDS,
    LINE,
    MOST_CHARTS,
    MOST_NUMBERS,
    TIMELINESS,
    UNITS,
    Chart,
    Figures,
    FigureSheet,
    Number,
    UnitColumn,
)
from andu.formtypes.beside.folders import NONE, read_all
from andu.formtypes.beside.ledgers import DEADLINE, Ledger, Ledgers, Value
from andu.formtypes.faults import Fault, FormFaults, nearest
from andu.formtypes.kinds import KINDS as FIELD_KINDS
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.keys.parts import Part
from andu.formtypes.language.readers import (
    KEY,
    Findings,
    Flag,
    Key,
    Many,
    Name,
    OneOf,
    Text,
    Whole,
    read_mapping,
)
from andu.formtypes.language.text import yamltext

MOST_UNIT_COLUMNS = 10
WORDS_OF_A_RECORD = ("form", "unit", "state", "outcome")
LEDGER, COLUMN = Name("slug of a ledger"), Name("key of a column")

NUMBER_KEYS: dict[str, Key] = {
    "label": Key(Text(12), "What it is called.", "登记线索", True),
    "ledger": Key(LEDGER, "Counts the rows of this ledger.", "clue_registration", default=""),
    "filled": Key(
        COLUMN, "With `ledger`: only rows where this column is not empty.", "closed_at", default=""
    ),
    "deadline": Key(
        Name("key of a deadline"),
        "Counts the deadlines of this key that were met in time, of those that ended.",
        "handover",
        default="",
    ),
    "returns": Key(
        Name("slug of a return"),
        "Counts the periods of this return that were reported in time, of those that ended.",
        "halfmonthly_return",
        default="",
    ),
    "overdue": Key(Flag(), "true: counts what is past its deadline and not done.", "true", default=False),
}

UNIT_COLUMN_KEYS: dict[str, Key] = {
    "label": Key(Text(12), "Its head.", "当日移交", True),
    "ledger": Key(LEDGER, "Counts the rows of this ledger.", "clue_registration", default=""),
    "by": Key(COLUMN, "With `ledger`: the column that names the unit.", "unit", default=""),
    "deadline": NUMBER_KEYS["deadline"],
    "returns": NUMBER_KEYS["returns"],
}

CHART_KEYS: dict[str, Key] = {
    "label": Key(Text(16), "What it shows.", "按来源", True),
    "kind": Key(
        OneOf(lambda: KINDS, ", ".join(f"`{one}`" for one in KINDS)),
        "`bar`: rows by the texts of a column; `line`: rows by week; `timeliness`: how units kept their "
        "deadlines; `units`: a table with a line for each unit.",
        "bar",
        True,
    ),
    "ledger": Key(
        LEDGER, "For `bar` and `line`: the ledger that is counted.", "clue_registration", default=""
    ),
    "by": Key(
        COLUMN,
        "For `bar`: the column; of a choice or a unit, so that no chart shows what was typed.",
        "source",
        default="",
    ),
    "empty": Key(Text(12), "What an empty cell is called; 未填 if left out.", "在办", default=""),
    "columns": Key(
        Many(Part(UNIT_COLUMN_KEYS, UnitColumn, "column"), 0, MOST_UNIT_COLUMNS),
        "For `units`: its columns, each `ledger` and `by`, `deadline` or `returns`.",
        "[{label: 每月两报, returns: halfmonthly_return}]",
        default=(),
    ),
}

SHEET_KEYS: dict[str, Key] = {
    "title": Key(Text(30), "Heading of the page.", "线索办理情况", True),
    "order": Key(Whole(0, 9999), "Place within all sheets.", "20", default=100),
    "description": Key(Text(200), "What is counted, in a sentence.", "按登记日期统计。", default=""),
    "numbers": Key(
        Many(Part(NUMBER_KEYS, Number, "number"), 1, MOST_NUMBERS), "Numbers at the top.", "see Numbers", True
    ),
    "charts": Key(Many(Part(CHART_KEYS, Chart, "chart"), 1, MOST_CHARTS), "The charts.", "see Charts", True),
}


def load(
    folder: Path,
    ledgers: Ledgers,
    catalogue: Catalogue,
    kept: Mapping[str, str] = NONE,
    made: Mapping[str, str] = NONE,
) -> tuple[Figures, list[Fault]]:
    """The sheets of a folder that are right, and every fault of the others; a folder may be missing.

    ``kept`` and ``made`` as for ledgers.
    """
    found, faults = read_all(
        folder, made, kept, lambda text, slug: read_sheet(text, slug, ledgers, catalogue)
    )
    return Figures(found), sorted(faults)


def read_sheet(text: str, slug: str, ledgers: Ledgers, catalogue: Catalogue) -> FigureSheet:
    """The sheet of a YAML text; raises `FormFaults` with all its faults."""
    findings = Findings(f"{slug}.yaml")
    if not KEY.fullmatch(slug):
        findings.add("", _("文件名应当只含小写字母、数字和下划线：%(slug)s", slug=slug), line=1)
    root = yamltext.compose(text, findings)
    if root is None:
        raise FormFaults(findings.faults)
    values: dict[str, Any] = read_mapping(root, SHEET_KEYS, "", findings)
    keys = {deadline.key for form in catalogue for deadline in form.deadlines}
    returned = {form.slug for form in catalogue if form.expected}
    for index, number in enumerate(values["numbers"] or ()):
        _check_number(number, ledgers, f"numbers[{index}]", findings)
        _check_due(number, keys, returned, f"numbers[{index}]", findings)
    for index, chart in enumerate(values["charts"] or ()):
        _check_chart(chart, ledgers, f"charts[{index}]", findings)
        _check_words(chart, ledgers, catalogue, f"charts[{index}].by", findings)
        for at, column in enumerate(chart.columns):
            path = f"charts[{index}].columns[{at}]"
            _check_column(column, ledgers, path, findings)
            _check_due(column, keys, returned, path, findings)
            _check_words(column, ledgers, catalogue, f"{path}.by", findings)
    if sum(chart.kind == LINE for chart in values["charts"] or ()) > 1:
        findings.add("charts", _("最多一张折线图，否则两页纸放不下"))
    yamltext.hint(text, findings)
    if findings.faults:
        raise FormFaults(findings.faults)
    return FigureSheet(slug=slug, **values)


def _check_number(number: Number, ledgers: Ledgers, path: str, findings: Findings) -> None:
    if sum(map(bool, (number.ledger, number.deadline, number.returns, number.overdue))) != 1:
        findings.add(path, _("ledger、deadline、returns、overdue 四项要写一项，只写一项"))
    _check_place(number.ledger, number.filled, ledgers, f"{path}.filled", findings)


def _check_due(
    counted: Number | UnitColumn, keys: set[str], returned: set[str], path: str, findings: Findings
) -> None:
    """Whether there is such a deadline, or such a return, where one is named."""
    if counted.deadline and counted.deadline not in keys:
        near = nearest(counted.deadline, keys)
        findings.add(f"{path}.deadline", _("没有期限“%(key)s”%(near)s", key=counted.deadline, near=near))
    if counted.returns and counted.returns not in returned:
        near = nearest(counted.returns, returned)
        message = _("没有按期报送的表“%(slug)s”%(near)s", slug=counted.returns, near=near)
        findings.add(f"{path}.returns", message)


def _check_column(column: UnitColumn, ledgers: Ledgers, path: str, findings: Findings) -> None:
    named = sum(map(bool, (column.ledger, column.deadline, column.returns)))
    if named != 1 or bool(column.ledger) != bool(column.by):
        findings.add(path, _("要写 ledger 和 by，或者 deadline，或者 returns，只写一样"))
    _check_place(column.ledger, column.by, ledgers, f"{path}.by", findings)


def _check_chart(chart: Chart, ledgers: Ledgers, path: str, findings: Findings) -> None:
    if (chart.kind in (TIMELINESS, UNITS)) == bool(chart.ledger):
        findings.add(f"{path}.ledger", _("bar 和 line 要写明台账 ledger，units 和 timeliness 不写"))
    if (chart.kind == UNITS) != bool(chart.columns):
        findings.add(f"{path}.columns", _("units 要写明各列 columns，别的不写"))
    if (chart.kind == BAR) != bool(chart.by):
        findings.add(f"{path}.by", _("bar 要写明哪一列 by，别的不写"))
    _check_place(chart.ledger, chart.by, ledgers, f"{path}.by", findings)


def _check_words(
    chart: Chart | UnitColumn, ledgers: Ledgers, catalogue: Catalogue, path: str, findings: Findings
) -> None:
    """A chart shows the words of a list and the names of units: never what somebody typed, nor a person."""
    ledger = ledgers.get(chart.ledger)
    place = ledger.place(chart.by) if ledger else None
    if ledger is None or place is None:
        return
    if not may_be_drawn(ledger.columns[place].value, ledger, catalogue):
        findings.add(path, _("“%(key)s”不是选择项或单位，不能画成图，以免露出内容或个人", key=chart.by))


def may_be_drawn(value: Value, ledger: Ledger, catalogue: Catalogue) -> bool:
    """Whether a column has the words of a list, or names of units, in every row."""
    forms = [catalogue.get(slug) for slug in ([value.form] if value.form else ledger.forms)]
    named = [field for form in forms if form for field in form.fields if field.key == value.name]
    if value.part and value.of != DEADLINE:
        named = [column for field in named for column in field.columns if column.key == value.part]
    if value.of == DEADLINE or not all(FIELD_KINDS[field.kind].is_counted for field in named):
        return False
    return bool(named) or value.name in WORDS_OF_A_RECORD


def _check_place(slug: str, column: str, ledgers: Ledgers, path: str, findings: Findings) -> None:
    """Whether there is such a ledger, with such a column, where these are named."""
    ledger = ledgers.get(slug)
    if slug and ledger is None:
        near = nearest(slug, [one.slug for one in ledgers])
        place = path.rpartition(".")[0]
        findings.add(f"{place}.ledger", _("没有台账“%(slug)s”%(near)s", slug=slug, near=near))
    elif column and ledger is None:
        findings.add(path, _("要写明台账 ledger"))
    elif ledger is not None and column and ledger.place(column) is None:
        near = nearest(column, [one.key for one in ledger.columns])
        findings.add(path, _("台账没有“%(key)s”这一列%(near)s", key=column, near=near))
