"""The keys of a form file that say what people do with a record: sign, join a case, be in time, go on.

Part of the dictionary in `formkeys`; forms/README.md is held to it by a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from andu.formtypes.conditionkeys import Conditional
from andu.formtypes.definition import (
    DEADLINE_RULES,
    SINCE,
    STARTS,
    Branch,
    Counted,
    Enough,
    Extension,
    Meets,
    Needs,
    Slot,
    Verdict,
)
from andu.formtypes.kinds import DATED, NUMBERS, PEOPLE, PERIODS, PROSE, RECORDS, TABLES, TICKS, WORDS
from andu.formtypes.kinds.period import EVERY
from andu.formtypes.readers import (
    FieldName,
    Findings,
    Flag,
    Key,
    Many,
    Name,
    OneOf,
    OneOrMany,
    Pairs,
    Reader,
    Text,
    Whole,
    read_mapping,
)
from andu.formtypes.roles import ROLES

ROLE = OneOf(lambda: ROLES, "role")


@dataclass(frozen=True)
class Part:
    """Reads a mapping by its keys and makes something of it; None where a required key is not right."""

    keys: Mapping[str, Key]
    make: Callable[..., Any]
    words: str

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Any:
        values = read_mapping(node, self.keys, path, findings)
        if any(values[name] in (None, ()) for name, key in self.keys.items() if key.required):
            return None
        return self.make(**values)


@dataclass(frozen=True)
class WordOr:
    """Reads one word alone, the first thing that is ``made`` of it, or a mapping that says more."""

    keys: Callable[[], Mapping[str, Key]]
    make: Callable[..., Any]
    word: Reader

    @property
    def words(self) -> str:
        return f"{self.word.words}, or {{{', '.join(self.keys())}}}"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Any:
        if isinstance(node, yaml.ScalarNode):
            word = self.word.read(node, path, findings)
            return self.make(word) if word else None
        return Part(self.keys(), self.make, "mapping").read(node, path, findings)


SLUG = Name("slug of a form type")


NEXT_KEYS: dict[str, Key] = {
    "form": Key(Name("slug of a form type"), "Which form type.", "completion_report", True),
    "when": Key(Conditional(), "Offered only while this holds.", "{field: outcome, is: 属实}"),
    "unit": Key(
        Text(60),
        "To people of which unit: `own` (the record's), `any`, `field:<key of a unit field>`, or the code of "
        "a unit.",
        "own",
        default="any",
    ),
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

BRANCH_KEYS: dict[str, Key] = {
    "name": Key(
        Text(60),
        "What the branch is called, or `field:<key of a choice field>`: as it is answered there.",
        "field:organ_kind",
        True,
    ),
    "when": Key(Conditional(), "Only while this holds.", "{field: stage, is: 办理结果}"),
}

SHARE_KEYS: dict[str, Key] = {
    "unit": Key(Text(40), "The code of a unit.", "jiwei", True),
    "when": Key(Conditional(), "Only while this holds.", "{field: involves_umbrella, is: 是}"),
}

URGENT_KEYS: dict[str, Key] = {
    "word": Key(Text(6), "What stands before the title of each record of the case.", "优先", True),
    "when": Key(Conditional(), "While this holds.", "{field: involves_umbrella, is: 是}", True),
}

SLOT_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the slot for ever; papers know it as `sign.<key>`.", "receiver", True),
    "label": Key(Text(40), "What the signature is called.", "接收人", True),
    "roles": Key(Many(ROLE, 1), "Who may sign: people with one of these roles.", "[head, director]", True),
    "unit": Key(
        Text(60),
        "Of which unit: `own` (the record's), `any`, `field:<key of a unit field>`, or the code of a unit.",
        "field:receiver_unit",
        default="own",
    ),
    "order": Key(Whole(1, 99), "Slots are signed in this order; equal numbers in any order.", "2", default=1),
    "author": Key(Flag(), "true: only the clerk who submitted signs here.", "true", default=False),
    "person": Key(
        FieldName(PEOPLE),
        "Only the person chosen in this field signs, whatever `roles` and `unit` say. Where they can no "
        "longer, it may be given to somebody who holds one of the roles.",
        "reviewer",
        default="",
    ),
    "fields": Key(
        Many(FieldName()),
        "Fields that the signer fills when signing; they are not on the clerk's form.",
        "[received_copies, check_result]",
        default=(),
    ),
    "opinion_default": Key(Text(100), "What stands in the opinion box at first.", "同意", default=""),
    "after_number": Key(
        Flag(),
        "true: the number does not wait for it. It is signed once the record has its number, as a receipt; "
        "it comes after all others, asks for no `fields`, and stands in no set of `enough`.",
        "true",
        default=False,
    ),
}

ENOUGH_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the rule; an office chooses it under `signature_rules`.", "literal", True),
    "label": Key(Text(80), "The rule in a few words.", "任何一人背书", True),
    "sets": Key(
        Many(Many(Name("key of a slot"), 1, 12), 1, 12),
        "Sets of slots: all of any one set are enough. Slots that stand in no set must all be signed.",
        "[[township], [member], [director]]",
        True,
    ),
    "words": Key(
        Text(200), "The words it comes from.", "必须有镇、成员单位负责同志或扫黑办主任签字", default=""
    ),
    "source": Key(Text(80), "Where those words stand.", "西发〔2019〕30号 三（四）", default=""),
}

SIGNATURES_KEYS: dict[str, Key] = {
    "distinct": Key(Flag(), "true: nobody signs two slots.", "true", default=True),
    "slots": Key(Many(Part(SLOT_KEYS, Slot, "slot"), 0, 12), "The signatures asked for.", "see Slots", True),
    "enough": Key(
        Many(Part(ENOUGH_KEYS, Enough, "rule"), 0, 6),
        "Rules of which signatures are enough; the first counts unless the office names another. Without "
        "any, every slot must be signed.",
        "see Enough",
        default=(),
    ),
    "statement": Key(
        Text(200),
        "What the signers answer for, above their names on the signature sheet.",
        "本人对本报告的真实性、完整性及结论负责",
        default="",
    ),
    "recuse": Key(
        Many(Text(81), 0, 6),
        "Text or person fields (or `table.column`): whoever is named there signs neither this record nor, "
        "once it has its number, another of its case; who signs instead the office says (`recusal` in its "
        "file; without it nobody stands aside).",
        "[reported.name]",
        default=(),
    ),
}

EXTENSION_KEYS: dict[str, Key] = {
    "roles": Key(Many(ROLE, 1), "Who may approve it.", "[director]", True),
    "days": Key(Whole(1, 3650), "Most natural days that one extension adds.", "30", True),
    "times": Key(Whole(1, 20), "How often it may be extended.", "1", default=1),
    "words": Key(Text(200), "The words it comes from.", "延长期限不得超过三十日", default=""),
    "source": Key(Text(80), "Where those words stand.", "《信访工作条例》第三十四条", default=""),
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

NEEDS_KEYS: dict[str, Key] = {
    "form": Key(SLUG, "Which form type.", "clue_review", True),
    "when": Key(Conditional(), "Only while this holds.", "{field: conclusion, is: 不属实}"),
}

VERDICT_KEYS: dict[str, Key] = {
    "field": Key(FieldName(WORDS), "The answer that says it.", "conclusion", True),
    "means": Key(
        Pairs("mapping: choice to a word"),
        "What its choices mean, in words that other forms use too; papers of one case whose words differ are "
        "told on its page. What is left out says nothing.",
        "{属实: 查实, 部分属实: 查实, 不属实: 查否}",
        True,
    ),
}

CASE_KEYS: dict[str, Key] = {
    "opens": Key(
        Flag(),
        "true: each record opens a case of its own; with `by`, where it joins none.",
        "true",
        default=False,
    ),
    "by": Key(
        OneOrMany(Many(FieldName(RECORDS), 1, 6)),
        "Its records join the case of the record chosen in this field; of several, in the first answered.",
        "[clue, assignment]",
        default=(),
    ),
    "also": Key(
        Text(81),
        "A table's column of numbers, or a reference field: the record belongs to those cases as well.",
        "clues.number",
        default="",
    ),
    "closes": Key(Flag(), "true: its number closes the case.", "true", default=False),
    "closes_when": Key(
        Conditional(),
        "Its number closes the case while this holds of its answers.",
        "{field: may_close, is: 是}",
    ),
    "outcome": Key(
        Text(60),
        "What came of a case that its number closes: one of its choice fields, or a few words. Ledgers and "
        "figures show it (`outcome`).",
        "denial_kind",
        default="",
    ),
    "opens_branch": Key(
        Many(WordOr(lambda: BRANCH_KEYS, Branch, Text(60)), 0, 6),
        "Branches of the case that its number opens. The case is not closed while one is open; a closed case "
        "is open again.",
        "[{name: 镇纪委, when: {field: involves_umbrella, is: 是}}]",
        default=(),
    ),
    "ends_branch": Key(
        Many(WordOr(lambda: BRANCH_KEYS, Branch, Text(60)), 0, 6),
        "Branches of the case that its number ends.",
        "[{name: field:organ_kind, when: {field: stage, is: 办理结果}}]",
        default=(),
    ),
    "after_closing": Key(Flag(), "true: may still be added to a closed case.", "true", default=False),
    "needs": Key(
        Many(WordOr(lambda: NEEDS_KEYS, Needs, SLUG), 0, 6),
        "Form types of which the case must have a numbered record first; else it is refused.",
        "[clue_review, {form: denial_report, when: {field: conclusion, is: 不属实}}]",
        default=(),
    ),
    "verdict": Key(
        Part(VERDICT_KEYS, Verdict, "mapping"), "What a record says came of the matter.", "see Verdict"
    ),
    "lists": Key(
        Pairs("mapping: own `table.column` to `number`, `title`, `form`, `unit`, `date` or `pages`"),
        "A table that begins with the papers of the case, one row each.",
        "{items.number: number, items.title: title}",
        default={},
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
