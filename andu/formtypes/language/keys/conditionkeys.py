"""Reading conditions: first their shape, then, when all fields are known, the fields and values they name.

Called by the dictionary of keys (`Conditional`) and by `crosschecks`. A condition that survives both
compares values that its field can really have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.conditions import COMPARISONS, Condition
from andu.formtypes.definition import Field
from andu.formtypes.faults import nearest
from andu.formtypes.language.readers import Findings, Flag, Plain, pairs, scalar

if TYPE_CHECKING:
    from andu.formtypes.kinds.base import Kind

PARTS = ("all", "any", "not")
WORDS = ("field", *COMPARISONS, *PARTS)


@dataclass(frozen=True)
class Conditional:
    """Reads the shape of a condition; its values stay text until its fields are known."""

    words: str = "condition"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Condition | None:
        data = _shape(node, path, findings)
        return Condition(data) if data else None


def _shape(node: yaml.Node, path: str, findings: Findings) -> dict[str, Any] | None:
    found = dict(pairs(node, path, findings))
    for name in found:
        if name not in WORDS:
            message = _("条件里没有“%(name)s”%(nearest)s", name=name, nearest=nearest(name, WORDS))
            findings.add(f"{path}.{name}", message)
            return None
    if len(found) == 1 and next(iter(found)) in PARTS:
        return _parts(*next(iter(found.items())), path, findings)
    compared = [name for name in COMPARISONS if name in found]
    if "field" not in found or len(compared) != 1 or len(found) != 2:
        findings.add(path, _("条件应当写成 field 加 is、in、contains、filled 之一，或单独一个 all、any、not"))
        return None
    key = scalar(found["field"], f"{path}.field", findings)
    name = compared[0]
    reader = Flag() if name == "filled" else Plain()
    value = reader.read(found[name], f"{path}.{name}", findings)
    if key is None or value is None:
        return None
    if isinstance(value, list) is not (name == "in") or isinstance(value, dict) or value == []:
        findings.add(f"{path}.{name}", _("in 后面应当是一个列表，其余的应当是一个值"))
        return None
    return {"field": key, name: value}


def _parts(name: str, node: yaml.Node, path: str, findings: Findings) -> dict[str, Any] | None:
    where = f"{path}.{name}"
    if name == "not":
        inner = _shape(node, where, findings)
        return {"not": inner} if inner else None
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        findings.add(where, _("%(name)s 后面应当是一列条件", name=name))
        return None
    parts = [_shape(part, f"{where}[{index}]", findings) for index, part in enumerate(node.value)]
    return {name: parts} if all(parts) else None


def settled(
    condition: Condition | None,
    fields: Mapping[str, Field],
    kinds: Mapping[str, "Kind"],
    path: str,
    findings: Findings,
) -> Condition | None:
    """The condition with its values as its fields' kinds hold them; faults for what no field can be."""
    if condition is None:
        return None

    def settle(data: Mapping[str, Any]) -> dict[str, Any]:
        for name in ("all", "any"):
            if name in data:
                return {name: [settle(part) for part in data[name]]}
        if "not" in data:
            return {"not": settle(data["not"])}
        return _compared(data, fields, kinds, path, findings)

    return Condition(settle(condition.data))


def _compared(
    data: Mapping[str, Any],
    fields: Mapping[str, Field],
    kinds: Mapping[str, "Kind"],
    path: str,
    findings: Findings,
) -> dict[str, Any]:
    key = data["field"]
    if key not in fields:
        findings.add(
            path, _("条件里的字段“%(key)s”不存在或写在后面%(nearest)s", key=key, nearest=nearest(key, fields))
        )
        return dict(data)
    field, (name, wanted) = fields[key], next(item for item in data.items() if item[0] != "field")
    kind = kinds[field.kind]
    if name == "filled":
        return dict(data)
    if name not in kind.compared:
        fitting = "、".join((*kind.compared, "filled"))
        about = {"key": key, "kind": kind.name, "name": name, "fitting": fitting}
        findings.add(path, _("“%(key)s”是 %(kind)s 字段，不能用 %(name)s 比较，只能用 %(fitting)s", **about))
        return dict(data)
    try:
        value = [kind.literal(field, one) for one in wanted] if name == "in" else kind.literal(field, wanted)
    except ValueError as error:
        findings.add(path, _("字段“%(key)s”不会有这个值：%(why)s", key=key, why=error))
        return dict(data)
    return {"field": key, name: value}
