"""The keys of a form file that say what is due, what is owed for each period, and what is counted.

Part of the dictionary in `formkeys`; forms/README.md is held to it by a test.
"""

from andu.formtypes.acts import DEADLINE_RULES, SINCE, STARTS, Counted, Extension, Meets
from andu.formtypes.kinds import DATED, NUMBERS, PERIODS, PROSE, TABLES, TICKS
from andu.formtypes.kinds.period import EVERY
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.keys.parts import ROLE, SLUG, Part, WordOr
from andu.formtypes.language.readers import FieldName, Flag, Key, Many, Name, OneOf, Pairs, Text, Whole

EXTENSION_KEYS: dict[str, Key] = {
    "roles": Key(Many(ROLE, 1), "Who may approve it.", "[director]", True),
    "days": Key(Whole(1, 3650), "Most natural days that one extension adds.", "30", True),
    "times": Key(Whole(1, 20), "How often it may be extended.", "1", default=1),
    "words": Key(Text(200), "The words it comes from.", "延长期限不得超过三十日", default=""),
    "source": Key(Text(80), "Where those words stand.", "《信访工作条例》第三十四条", default=""),
}

MEETS_KEYS: dict[str, Key] = {
    "form": Key(Name("slug of a form type"), "Which form type.", "rectification_reply", True),
    "when": Key(
        Conditional(), "Met only while this holds of that record's answers.", "{field: conclusion, is: 办结}"
    ),
    "at": Key(
        Name("key of a date or datetime field of that form type"),
        "The answer that says when it was done; without it, it is met when the record is.",
        "held_at",
        default="",
    ),
    "to": Key(
        Text(40),
        "Code of a unit: only a record that goes there, since its `share_with` names that unit.",
        "shb",
        default="",
    ),
    "signed": Key(
        Name("key of a slot of that form type"),
        "Met as soon as this slot is signed: the giver is done when the giver has given.",
        "giver",
        default="",
    ),
}

DEADLINE_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the deadline for ever.", "handover", True),
    "label": Key(Text(40), "What is due.", "当日移交", True),
    "rule": Key(
        OneOf(lambda: DEADLINE_RULES, ", ".join(f"`{rule}`" for rule in DEADLINE_RULES)),
        "How it is counted; `days` are natural days, `workdays` go by the official calendar; `field` is the "
        "moment that was answered, `day_of_field` the end of its day.",
        "same_day",
        True,
    ),
    "n": Key(Whole(1, 3650), "How many, for `hours`, `days` and `workdays`.", "24", default=0),
    "start": Key(
        Text(40),
        "From when: `submitted`, `numbered`, or a date or datetime field.",
        "received_at",
        default="numbered",
    ),
    "field": Key(
        FieldName(DATED),
        "For `field` and `day_of_field`: the answer that is the deadline; with `each` a column, or a "
        "field for all rows.",
        "due_on",
        default="",
    ),
    "unit": Key(
        Text(60),
        "Whose it is: `own` (the record's unit), `field:<key of a unit field>` (with `each` a unit column), "
        "or the code of a unit.",
        "field:receiver_unit",
        default="own",
    ),
    "each": Key(FieldName(TABLES), "One deadline for every row of this table.", "decisions", default=""),
    "about": Key(
        Name("key of a column"), "With `each`: the column that says what is due.", "matter", default=""
    ),
    "met_by": Key(
        Many(WordOr(lambda: MEETS_KEYS, Meets, SLUG), 0, 10),
        "Form types of the same case; the first of them that is numbered meets it, each maybe only while a "
        "condition holds of its answers, or at a moment it names. With `each` only records of the row's unit "
        "do. Without any the record's own number does.",
        "[{form: rectification_reply, when: {field: conclusion, is: 办结}}]",
        default=(),
    ),
    "met_when": Key(
        OneOf(lambda: STARTS, "`submitted` or `numbered`"),
        "Whether a record of `met_by` meets it when it is handed in, or when it has its number.",
        "submitted",
        default="numbered",
    ),
    "by_hand": Key(
        Flag(), "true: the unit or the office says that it is done, with a few words.", "true", default=False
    ),
    "ground": Key(
        Text(60),
        "What a form that chases it says is its ground (`ground` under `chases`): one of its choices.",
        "会议议定事项",
        default="",
    ),
    "remind": Key(
        Whole(0, 8760), "Hours before its end that a reminder is written; 0: none.", "24", default=24
    ),
    "extend": Key(Part(EXTENSION_KEYS, Extension, "mapping"), "How it may be put off.", "see Extension"),
    "when": Key(Conditional(), "Only while this holds of the record's answers.", "{field: level, is: 上报}"),
    "only_of": Key(Many(Text(40), 0, 20), "Codes of units: only for records of these.", "[shb]", default=()),
    "not_of": Key(
        Many(Text(40), 0, 20), "Codes of units: for records of all but these.", "[shb]", default=()
    ),
    "before_closing": Key(
        Flag(),
        "true: a record that would close the case is refused until it is met.",
        "true",
        default=False,
    ),
    "words": Key(Text(200), "The words it comes from.", "应于当日连同相关线索资料报镇扫黑办", default=""),
    "source": Key(
        Text(80),
        "Where those words stand. Without it the deadline is shown as the office's own custom, never as a "
        "rule.",
        "墩发〔2022〕13号 三（二）2",
        default="",
    ),
}

COUNTED_KEYS: dict[str, Key] = {
    "field": Key(FieldName(NUMBERS), "The number that is answered.", "new_clues", True),
    "form": Key(SLUG, "Whose records of the reporting unit are counted.", "clue_registration", True),
    "at": Key(
        Name("key of a date or datetime field of that form type"),
        "The answer whose day decides; without it, that of the number.",
        "registered_at",
        default="",
    ),
    "since": Key(
        OneOf(lambda: SINCE, ", ".join(f"`{one}`" for one in SINCE)),
        "`period`: within the period; `year`: from 1 January to its end.",
        "year",
        default="period",
    ),
    "rows": Key(
        Name("key of a table field of that form type"),
        "Its rows are counted, not the records.",
        "clues",
        default="",
    ),
    "nil": Key(
        FieldName(TICKS),
        "是 here says that there are none: refused while there is any.",
        "is_nil",
        default="",
    ),
}

EXPECTED_KEYS: dict[str, Key] = {
    "period": Key(
        FieldName((*PERIODS, *DATED)),
        "The field that says for which period it is; or the day of what it is about, which then may happen "
        "more than once in a period.",
        "period",
        True,
    ),
    "every": Key(
        OneOf(lambda: EVERY, "`half_month` or `month`"),
        "With a day: how long a period is.",
        "month",
        default="",
    ),
    "category": Key(Text(20), "The units of this category owe it.", "村", default=""),
    "unit": Key(Name("code of a unit"), "Or this one unit does.", "shb", default=""),
    "counted": Key(
        Many(Part(COUNTED_KEYS, Counted, "mapping"), 0, 10),
        "Numbers that the office counts itself; another number is refused.",
        "[{field: new_clues, form: clue_registration, at: registered_at, nil: is_nil}]",
        default=(),
    ),
    "differs": Key(
        FieldName(PROSE),
        "Where a reason is written here, another number is accepted.",
        "difference",
        default="",
    ),
    "words": Key(Text(200), "The words it comes from.", "各村每月两报", default=""),
    "source": Key(Text(80), "Where those words stand.", "墩发〔2022〕13号 三（二）1", default=""),
}

MISSING_RETURNS_KEYS: dict[str, Key] = {
    "form": Key(Name("slug of a form type with `expected`"), "The return.", "halfmonthly_return", True),
    "fills": Key(
        Pairs(
            "mapping: own field (or `table.column`) to `unit`, `sentence`, `count`, `period`, `due`, "
            "`title`, `words` or `source`"
        ),
        "What goes where. `unit` in a column makes a row for each unit, in a field it names them all; "
        "`sentence` says which return for which period is missing.",
        "{units.unit: unit, units.situation: sentence}",
        True,
    ),
}
