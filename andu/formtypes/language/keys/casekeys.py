"""The keys of a form file that say how records belong together, who sees them, and what comes next.

Part of the dictionary in `formkeys`; forms/README.md is held to it by a test.
"""

from andu.formtypes.acts import Branch, Needs, Verdict
from andu.formtypes.kinds import RECORDS, WORDS
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.keys.parts import SLUG, Part, WordOr
from andu.formtypes.language.readers import FieldName, Flag, Key, Many, Name, OneOrMany, Pairs, Text

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

SHARE_KEYS: dict[str, Key] = {
    "unit": Key(Text(40), "The code of a unit.", "jiwei", True),
    "when": Key(Conditional(), "Only while this holds.", "{field: involves_umbrella, is: 是}"),
}

URGENT_KEYS: dict[str, Key] = {
    "word": Key(Text(6), "What stands before the title of each record of the case.", "优先", True),
    "when": Key(Conditional(), "While this holds.", "{field: involves_umbrella, is: 是}", True),
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
