"""The dictionary of every key of a form file above the level of a field, and how each part is read.

Together with `fieldkeys`, the settings of the kinds and the parameters of the rules it is all that YAML may
say; forms/README.md is held to it by a test. Keys without a meaning here are refused.
"""

import yaml
from flask_babel import gettext as _

from andu.formtypes.acts import Case, Deadline, Expected, MissingReturns, Next, Share, Signatures, Urgent
from andu.formtypes.definition import Rule, Section
from andu.formtypes.faults import nearest
from andu.formtypes.kinds import KINDS, RECORDS, UNITS
from andu.formtypes.language.keys.casekeys import CASE_KEYS, NEXT_KEYS, SHARE_KEYS, URGENT_KEYS
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.keys.fieldkeys import FIELD_KEYS, FieldReader
from andu.formtypes.language.keys.parts import ROLE, SLUG, Part, WordOr
from andu.formtypes.language.keys.signkeys import SIGNATURES_KEYS
from andu.formtypes.language.keys.timekeys import DEADLINE_KEYS, EXPECTED_KEYS, MISSING_RETURNS_KEYS
from andu.formtypes.language.readers import (
    FieldName,
    Findings,
    Key,
    Many,
    Name,
    OneOf,
    Pairs,
    Place,
    Text,
    Whole,
    pairs,
    read_mapping,
)
from andu.formtypes.language.rules import RULES

INTERNAL = "internal"
# 《党政机关公文处理工作条例》第八条: the fifteen kinds of official documents.
OFFICIAL = (
    "决议",
    "决定",
    "命令",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
)


class RuleReader:
    """Reads one rule by the parameters of its kind."""

    words = "rule"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Rule | None:
        named = dict(pairs(node, path, findings)).get("rule")
        name = str(named.value) if isinstance(named, yaml.ScalarNode) else ""
        if name not in RULES:
            findings.add(
                f"{path}.rule", _("没有“%(name)s”这种规则%(near)s", name=name, near=nearest(name, RULES))
            )
            return None
        keys = {**RULE_KEYS, **RULES[name].keys}
        values = read_mapping(node, keys, path, findings)
        if any(values[one] in (None, ()) for one, key in keys.items() if key.required):
            return None
        params = {one: values[one] for one in (*RULES[name].keys, "when")}
        return Rule(name, params, values["message"] or "")


RULE_KEYS: dict[str, Key] = {
    "rule": Key(Name("name of a rule"), "Which rule; see Rules.", "equals_sum", True),
    "when": Key(Conditional(), "The rule is asked only while this holds.", "{field: check_result, is: 齐全}"),
    "message": Key(
        Text(200),
        "What the clerk reads when it is broken; each rule has a message of its own.",
        "份数不一致，请重新清点。",
        default="",
    ),
}

SECTION_KEYS: dict[str, Key] = {
    "title": Key(Text(60), "Heading of the section.", "移交内容", True),
    "help": Key(
        Text(400), "A sentence or two under the heading.", "逐件填写，不得出现举报人信息。", default=""
    ),
    "fields": Key(
        Many(FieldReader(lambda: KINDS, FIELD_KEYS), 1, 100), "The fields of the section.", "see Fields", True
    ),
}

FORM_KEYS: dict[str, Key] = {
    "title": Key(Text(60), "Name of the form type.", "线索移交单", True),
    "description": Key(
        Text(300),
        "What it is for, on the page where a form is chosen.",
        "把线索和材料移交给另一单位。",
        default="",
    ),
    "group": Key(Text(30), "Heading it stands under where a form is chosen.", "线索办理", True),
    "order": Key(Whole(0, 9999), "Place within all form types.", "20", default=100),
    "filled_by": Key(Many(ROLE, 1), "Roles whose people may fill it.", "[clerk, head]", True),
    "series": Key(
        Name("key of a number series of the office"), "Number series of its records.", "handover", True
    ),
    "paper": Key(
        OneOf(lambda: (INTERNAL, *OFFICIAL), "`internal` or a kind of official document"),
        "The look of its paper: `internal`, or an official kind under a red heading.",
        "通知",
        default=INTERNAL,
    ),
    "record_title": Key(
        Many(FieldName(), 1, 4),
        "Fields whose answers name a record in lists and in the register.",
        "[clue_number, summary]",
        True,
    ),
    "share_with": Key(
        Many(WordOr(lambda: SHARE_KEYS, Share, Place(UNITS)), 0, 10),
        "Unit fields, or unit columns (`table.column`): the units named there see the record once it has its "
        "number; a unit that signs it sees it before. Or one unit by its code, maybe only while a condition "
        "holds.",
        "[receiver_unit, decisions.unit, {unit: jiwei, when: {field: involves_umbrella, is: 是}}]",
        default=(),
    ),
    "reports_to": Key(
        Many(FieldName(RECORDS), 0, 10),
        "Reference fields: the units whose records are chosen there see the record once it has its number, "
        "since they asked for it.",
        "[assignment]",
        default=(),
    ),
    "next": Key(
        Many(WordOr(lambda: NEXT_KEYS, Next, SLUG), 0, 20),
        "Form types offered after this one, filled from it and from its case; each maybe only while a "
        "condition holds of its answers, or only to people of one unit (`own`, "
        "`any`, `field:<key>` or a code).",
        "[clue_handover, {form: completion_report, when: {field: outcome, is: 属实}, unit: own}]",
        default=(),
    ),
    "sections": Key(
        Many(Part(SECTION_KEYS, Section, "section"), 1, 40), "The parts of the form.", "see Sections", True
    ),
    "rules": Key(Many(RuleReader(), 0, 40), "Rules between fields.", "see Rules", default=()),
    "signatures": Key(
        Part(SIGNATURES_KEYS, Signatures, "mapping"),
        "Who signs. Without it the record gets its number when submitted.",
        "see Signatures",
        default=Signatures(),
    ),
    "case": Key(
        Part(CASE_KEYS, Case, "mapping"),
        "How its records belong together with others. Without it they stand alone.",
        "{by: clue}",
        default=Case(),
    ),
    "deadlines": Key(
        Many(Part(DEADLINE_KEYS, Deadline, "deadline"), 0, 10),
        "What is due because of a record.",
        "see Deadlines",
        default=(),
    ),
    "urgent": Key(
        Part(URGENT_KEYS, Urgent, "mapping"),
        "A record that goes before others: a word before its title, and before the titles of its whole case "
        "where it opens one.",
        "{word: 优先, when: {field: involves_umbrella, is: 是}}",
    ),
    "chases": Key(
        Pairs(
            "mapping: own field to `number`, `title`, `matter`, `label`, `reference`, `ground`, `unit`, "
            "`due`, `days_late`, `times`, `words` or `source` of a deadline"
        ),
        "It can begin from an overdue deadline, filled from it. `matter` is what is due in a row of `each`, "
        "else the title of the record; `reference` its number and the label.",
        "{handling_unit: unit, original_due: due, matter: title}",
        default={},
    ),
    "duplicates": Key(
        Many(Text(80), 0, 10),
        "Text fields (or `table.column`) that are compared with earlier records of this form, to point out "
        "likely duplicates.",
        "[place, summary]",
        default=(),
    ),
    "expected": Key(
        Part(EXPECTED_KEYS, Expected, "mapping"),
        "A return that units owe for each period.",
        "{period: period, category: 村}",
    ),
    "missing_returns": Key(
        Part(MISSING_RETURNS_KEYS, MissingReturns, "mapping"),
        "It can begin from the units that have not handed in a return when its period is over.",
        "{form: halfmonthly_return, fills: {late_units: unit}}",
    ),
}
