"""The dictionary of every key of a form file above the level of a field, and how each part is read.

Together with `fieldkeys`, the settings of the kinds and the parameters of the rules it is all that YAML may
say; forms/README.md is held to it by a test. Keys without a meaning here are refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.conditionkeys import Conditional
from andu.formtypes.definition import (
    DEADLINE_RULES,
    Case,
    Deadline,
    Rule,
    Section,
    Signatures,
    Slot,
)
from andu.formtypes.faults import nearest
from andu.formtypes.fieldkeys import FIELD_KEYS, FieldReader
from andu.formtypes.kinds import KINDS
from andu.formtypes.readers import (
    FieldName,
    Findings,
    Flag,
    Key,
    Many,
    Name,
    OneOf,
    Text,
    Whole,
    pairs,
    read_mapping,
)
from andu.formtypes.roles import ROLES
from andu.formtypes.rules import RULES

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
    "fields": Key(
        Many(FieldName()),
        "Fields that the signer fills when signing; they are not on the clerk's form.",
        "[received_copies, check_result]",
        default=(),
    ),
    "opinion_default": Key(Text(100), "What stands in the opinion box at first.", "同意", default=""),
}

SIGNATURES_KEYS: dict[str, Key] = {
    "distinct": Key(Flag(), "true: nobody signs two slots.", "true", default=True),
    "slots": Key(Many(Part(SLOT_KEYS, Slot, "slot"), 0, 12), "The signatures asked for.", "see Slots", True),
}

DEADLINE_KEYS: dict[str, Key] = {
    "key": Key(Name(), "Name of the deadline for ever.", "handover", True),
    "label": Key(Text(40), "What is due.", "当日移交", True),
    "rule": Key(
        OneOf(lambda: DEADLINE_RULES, ", ".join(f"`{rule}`" for rule in DEADLINE_RULES)),
        "How it is counted; `days` are natural days, `workdays` go by the official calendar.",
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
        FieldName(("date", "datetime")), "For `field`: the answer that is the deadline.", "due_on", default=""
    ),
    "unit": Key(
        Text(60),
        "Whose it is: `own` (the record's unit), `field:<key of a unit field>`, or the code of a unit.",
        "field:receiver_unit",
        default="own",
    ),
    "met_by": Key(
        Many(Name("slug of a form type"), 0, 10),
        "Form types of the same case; the first of them that is numbered meets it. Without any the record's "
        "own number does.",
        "[clue_handover]",
        default=(),
    ),
    "when": Key(Conditional(), "Only while this holds of the record's answers.", "{field: level, is: 上报}"),
    "words": Key(Text(200), "The words it comes from.", "应于当日连同相关线索资料报镇扫黑办", default=""),
    "source": Key(
        Text(80),
        "Where those words stand. Without it the deadline is shown as the office's own custom, never as a "
        "rule.",
        "墩发〔2022〕13号 三（二）2",
        default="",
    ),
}

CASE_KEYS: dict[str, Key] = {
    "opens": Key(Flag(), "true: each record opens a case of its own.", "true", default=False),
    "by": Key(
        FieldName(("reference",)),
        "Its records join the case of the record chosen in this field.",
        "clue",
        default="",
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
        Many(FieldName(("unit",)), 0, 10),
        "Unit fields: the units named there see the record.",
        "[receiver_unit]",
        default=(),
    ),
    "next": Key(
        Many(Name("slug of a form type"), 0, 10),
        "Form types offered after this one, filled from it.",
        "[completion_report]",
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
}
