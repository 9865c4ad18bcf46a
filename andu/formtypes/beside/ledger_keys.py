"""The dictionary of every key of a ledger file; ledgers/README.md is held to it by a test."""

from andu.formtypes.acts import NUMBERED
from andu.formtypes.beside.ledgers import INCLUDED, PLAIN, SHOWN, Column
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.keys.parts import Part
from andu.formtypes.language.readers import Flag, Key, Many, Name, OneOf, Text, Whole

MOST_COLUMNS = 40

COLUMN_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the column for ever: links and figures know it by this.", "source", True),
    "label": Key(Text(20), "Its head.", "来源", True),
    "value": Key(Text(120), "What stands in it; see Values.", "case.clue_handover.number", True),
    "width": Key(
        Whole(2, 40),
        "How wide it should be on paper, in characters; see Closing a month.",
        "12",
        default=8,
    ),
    "max": Key(
        Whole(2, 300), "Most characters of a cell; a longer text ends with an ellipsis.", "60", default=60
    ),
    "show": Key(
        OneOf(lambda: SHOWN, ", ".join(f"`{one}`" for one in SHOWN)),
        "`masked`: of each name only the first character; `day`: of a moment only the day.",
        "masked",
        default=PLAIN,
    ),
    "filter": Key(Flag(), "true: people can choose one of its texts.", "true", default=False),
    "total": Key(Flag(), "true: its numbers are added up; a number field.", "true", default=False),
    "under": Key(
        Name("key of a column"),
        "On paper it stands below this column, in the same cell; not with `total`.",
        "number",
        default="",
    ),
}

LEDGER_KEYS: dict[str, Key] = {
    "title": Key(Text(40), "Name of the ledger.", "线索登记台账", True),
    "group": Key(Text(20), "Heading it stands under.", "按来源", True),
    "order": Key(Whole(0, 9999), "Place within all ledgers.", "20", default=100),
    "description": Key(
        Text(300), "What it is for, and where the division comes from.", "一条线索一行。", default=""
    ),
    "forms": Key(
        Many(Text(41), 1, 40),
        "Form types whose records are its rows; `*` at the end stands for any ending, and `series:` with the "
        "key of a number series for every form type that draws from it.",
        "[official_*, series:doc]",
        True,
    ),
    "include": Key(
        OneOf(lambda: INCLUDED, ", ".join(f"`{one}`" for one in INCLUDED)),
        "`numbered`: records with a number, voided ones too; `submitted`: also those still being signed.",
        "numbered",
        default=NUMBERED,
    ),
    "where": Key(
        Conditional(),
        "Only records of whose answers this holds; see Conditions in forms/README.md.",
        "{field: source, in: [上级交办, 上级督办]}",
    ),
    "period": Key(
        Text(41),
        "What decides the month of a row: `submitted_at`, `numbered_at`, `filed_at` or a date or datetime "
        "field.",
        "registered_at",
        default="numbered_at",
    ),
    "columns": Key(
        Many(Part(COLUMN_KEYS, Column, "column"), 1, MOST_COLUMNS), "Its columns.", "see Columns", True
    ),
    "sort": Key(
        Name("key of a column"), "Column it is sorted by; the first if left out.", "number", default=""
    ),
    "descending": Key(Flag(), "true: the latest or largest first.", "true", default=False),
    "seen_by": Key(
        Many(Text(40), 0, 20),
        "Codes of units that see all its rows, with what stands there of those records themselves, whatever "
        "else of them they may see. Everybody else sees the rows of what is theirs to see.",
        "[shb]",
        default=(),
    ),
}
