"""The keys of one field, and how a field is read: the common keys, then those of its kind.

Used for the fields of a form (`formkeys`) and for the columns of a table (`kinds.table`), which have fewer
keys. What one field says of another is checked later, in `crosschecks`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.definition import EYES, HANDLERS, Field
from andu.formtypes.faults import nearest
from andu.formtypes.language.keys.conditionkeys import Conditional
from andu.formtypes.language.readers import Findings, Flag, Key, Name, OneOf, Plain, Text, pairs, read_mapping

if TYPE_CHECKING:
    from andu.formtypes.kinds.base import Kind

COLUMN_KEYS: dict[str, Key] = {
    "key": Key(
        Name(), "Name of the field for ever: drafts, records and papers know it by this.", "summary", True
    ),
    "kind": Key(Name("name of a kind"), "What kind of answer it takes; see Kinds.", "text", True),
    "label": Key(Text(60), "What people see. May be changed at any time.", "摘要", True),
    "required": Key(Flag(), "Whether it must be answered (while it is shown).", "true", default=False),
    "help": Key(
        Text(400),
        "One or two sentences under the label, on how to answer.",
        "不得出现举报人信息。",
        default="",
    ),
    "example": Key(
        Text(300),
        "An answer to imitate, shown with the help and in messages.",
        "2026-11-22 14:30",
        default="",
    ),
    "sample": Key(
        Plain(),
        'The answer `forms sample` gives, visibly fictitious; made from the kind if left out. `""`: none,'
        " so that only `--worst` fills the field.",
        "张三",
    ),
}

FIELD_KEYS: dict[str, Key] = COLUMN_KEYS | {
    "default": Key(
        Text(300),
        "What stands in a new draft: an answer, or a word of its kind (`me`, `only`, `own`, `now`, `today`).",
        "now",
    ),
    "show_when": Key(
        Conditional(),
        "Shown only while this holds; what is not shown is not stored. Looks at earlier fields only.",
        "{field: method, is: 密封}",
    ),
    "require_when": Key(
        Conditional(),
        "Must be answered while this holds (and it is shown).",
        "{field: check_result, is: 有缺失}",
    ),
    "confidential": Key(
        Flag(), "Kept in the vault, encrypted; on no paper, in no ledger, in no title.", "true", default=False
    ),
    "eyes": Key(
        OneOf(lambda: EYES, "`handlers` or `handlers and second person`"),
        "Whose eyes a confidential field needs; with a second person nobody opens it alone.",
        "handlers and second person",
        default=HANDLERS,
    ),
    "printed": Key(
        Flag(), "false: `forms check` does not ask that the paper prints it.", "false", default=True
    ),
}


@dataclass(frozen=True)
class FieldReader:
    """Reads one field by `keys` and by the settings of its kind, which is one of `kinds`."""

    kinds: Callable[[], Mapping[str, "Kind"]]
    keys: Mapping[str, Key]
    words: str = "field"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Field | None:
        kinds = self.kinds()
        found = dict(pairs(node, path, findings))
        named = found.get("kind")
        kind_name = str(named.value) if isinstance(named, yaml.ScalarNode) else ""
        if "kind" in found and kind_name not in kinds:
            message = _(
                "没有“%(kind)s”这种字段%(nearest)s", kind=kind_name, nearest=nearest(kind_name, kinds)
            )
            findings.add(f"{path}.kind", message)
        if kind_name not in kinds:
            # Which settings are right depends on the kind, so only the common keys can be judged.
            node = _only(node, self.keys)
        settings = kinds[kind_name].settings if kind_name in kinds else {}
        values = read_mapping(node, {**self.keys, **settings}, path, findings)
        if kind_name not in kinds or not values["key"]:
            return None
        own = {name: values.pop(name) for name in settings}
        return Field(**_words(values), settings=own, line=findings.lines.get(path, node.start_mark.line + 1))


def _only(node: yaml.Node, keys: Mapping[str, Key]) -> yaml.Node:
    if not isinstance(node, yaml.MappingNode):
        return node
    kept = [
        (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode) and key.value in keys
    ]
    return yaml.MappingNode(node.tag, kept, node.start_mark, node.end_mark)


def _words(values: dict[str, Any]) -> dict[str, Any]:
    # A faulty word is None here; the fault is noted, and later checks only want text.
    return values | {name: values[name] or "" for name in ("label", "help", "example")}
