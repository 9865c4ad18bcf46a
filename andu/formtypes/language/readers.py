"""Readers: how the value of one YAML key is read, each by its own small class, with faults collected.

The dictionaries of keys (`keys`, each kind's settings, each rule's parameters) are built from them, so that
reading, the faults and forms/README.md come from one place. A reader never raises: it notes the fault and
returns None.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

import yaml
from flask_babel import gettext as _

from andu.formtypes.faults import Fault, nearest

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Findings:
    """What was found while reading one file: the faults, and the line of each path."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, path: str, message: str, line: int | None = None) -> None:
        """Note a fault; without a line, the line where the path, or the part that holds it, begins."""
        fault = Fault(self.file, line or self._line(path), path or "-", message)
        if fault not in self.faults:
            self.faults.append(fault)

    def has_fault_within(self, path: str) -> bool:
        """Whether something in this part of the file is faulty."""
        return any(fault.key.startswith(path) for fault in self.faults)

    def _line(self, path: str) -> int:
        while path:
            if path in self.lines:
                return self.lines[path]
            path = re.sub(r"(\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", path)
        return 1


class Reader(Protocol):
    """Reads one node. `words` says in English what may stand there, for the README."""

    @property
    def words(self) -> str: ...

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Any:
        """The value, or None after noting a fault."""
        ...


@dataclass(frozen=True)
class Key:
    """One key of the dictionary: how it is read, what it means, and whether and what if it is left out."""

    reads: Reader
    doc: str
    example: str
    required: bool = False
    default: Any = None


def scalar(node: yaml.Node, path: str, findings: Findings) -> str | None:
    """The text of a scalar node, trimmed; None after noting a fault."""
    if not isinstance(node, yaml.ScalarNode):
        findings.add(path, _("这里应当是一个值，不是一组"))
    elif not node.value.strip():
        findings.add(path, _("这里是空的"))
    else:
        return str(node.value).strip()
    return None


@dataclass(frozen=True)
class Text:
    """Any text up to a length."""

    longest: int = 300

    @property
    def words(self) -> str:
        return f"text, at most {self.longest} characters"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> str | None:
        text = scalar(node, path, findings)
        if text is not None and len(text) > self.longest:
            findings.add(path, _("最多 %(n)s 个字", n=self.longest))
        return text


@dataclass(frozen=True)
class Name:
    """A key that other things point to: lower case letters, digits and underscores."""

    words: str = "name"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> str | None:
        text = scalar(node, path, findings)
        if text is not None and not KEY.fullmatch(text):
            findings.add(
                path, _("“%(text)s”应当由小写字母开头，只含小写字母、数字和下划线，最多 40 个", text=text)
            )
        return text


@dataclass(frozen=True)
class FieldName:
    """The key of a field of this form, of one of these kinds if any are named; checked when all are read."""

    kinds: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return f"key of a {' or '.join(self.kinds)} field" if self.kinds else "key of a field"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> str | None:
        return scalar(node, path, findings)


@dataclass(frozen=True)
class Place(FieldName):
    """A field, or `table.column`, of one of these kinds; checked when all are read."""

    @property
    def words(self) -> str:
        return f"key of a {' or '.join(self.kinds)} field, or `table.column`"


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds."""

    least: int = 0
    most: int = 1_000_000

    @property
    def words(self) -> str:
        return f"whole number, {self.least} to {self.most}"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> int | None:
        text = scalar(node, path, findings)
        if text is None:
            return None
        if re.fullmatch(r"-?[0-9]{1,9}", text) and self.least <= int(text) <= self.most:
            return int(text)
        findings.add(path, _("应当是 %(a)s 到 %(b)s 的整数", a=self.least, b=self.most))
        return None


@dataclass(frozen=True)
class Number:
    """A number, whole or not."""

    words: str = "number"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> int | float | None:
        text = scalar(node, path, findings)
        if text is None:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            findings.add(path, _("应当是数字"))
            return None
        return int(number) if number == number.to_integral_value() else float(number)


@dataclass(frozen=True)
class Flag:
    """true or false."""

    words: str = "true or false"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> bool | None:
        text = scalar(node, path, findings)
        if text is None:
            return None
        if text in ("true", "false"):
            return text == "true"
        findings.add(path, _("应当是 true 或 false，不是“%(text)s”", text=text))
        return None


@dataclass(frozen=True)
class OneOf:
    """One word of a closed list; the list may be asked for late, when all of it is known."""

    known: Callable[[], Collection[str]]
    what: str

    @property
    def words(self) -> str:
        return self.what

    def read(self, node: yaml.Node, path: str, findings: Findings) -> str | None:
        text = scalar(node, path, findings)
        if text is not None and text not in self.known():
            findings.add(path, _("没有“%(text)s”%(nearest)s", text=text, nearest=nearest(text, self.known())))
            return None
        return text


@dataclass(frozen=True)
class Many:
    """A list, each item read alike."""

    item: Reader
    least: int = 0
    most: int = 200

    @property
    def words(self) -> str:
        return f"list of {self.least} to {self.most}: {self.item.words}"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            findings.add(path, _("这里应当是一个列表"))
            return ()
        if not self.least <= len(node.value) <= self.most:
            findings.add(path, _("应当有 %(a)s 到 %(b)s 项", a=self.least, b=self.most))
        items = []
        for index, item in enumerate(node.value):
            where = f"{path}[{index}]"
            findings.lines[where] = item.start_mark.line + 1
            items.append(self.item.read(item, where, findings))
        return tuple(item for item in items if item is not None)


@dataclass(frozen=True)
class OneOrMany:
    """One item, or a list of them."""

    many: Many

    @property
    def words(self) -> str:
        return f"{self.many.item.words}, or {self.many.words}"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> tuple[Any, ...]:
        if isinstance(node, yaml.ScalarNode):
            one = self.many.item.read(node, path, findings)
            return () if one is None else (one,)
        return self.many.read(node, path, findings)


@dataclass(frozen=True)
class Pairs:
    """A mapping from text to text."""

    words: str = "mapping"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> dict[str, str]:
        found = {}
        for key, value in pairs(node, path, findings):
            text = scalar(value, f"{path}.{key}", findings)
            if text is not None:
                found[key] = text
        return found


@dataclass(frozen=True)
class Plain:
    """Sample data as it stands: text, a list, or a mapping, every scalar as text."""

    words: str = "text, list or rows"

    def read(self, node: yaml.Node, path: str, findings: Findings) -> Any:
        if isinstance(node, yaml.MappingNode):
            return {
                key: self.read(value, f"{path}.{key}", findings) for key, value in pairs(node, path, findings)
            }
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, f"{path}[{index}]", findings) for index, item in enumerate(node.value)]
        return str(node.value)


def pairs(node: yaml.Node, path: str, findings: Findings) -> list[tuple[str, yaml.Node]]:
    """Keys and value nodes of a mapping node, their lines noted; [] after noting a fault."""
    if not isinstance(node, yaml.MappingNode):
        findings.add(path, _("这里应当是“键: 值”"))
        return []
    found = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            findings.add(path, _("键应当是一个词"), line=key.start_mark.line + 1)
            continue
        where = f"{path}.{key.value}" if path else key.value
        findings.lines.setdefault(where, key.start_mark.line + 1)
        found.append((key.value, value))
    return found


def read_mapping(node: yaml.Node, keys: Mapping[str, Key], path: str, findings: Findings) -> dict[str, Any]:
    """The values of a mapping by the dictionary of its keys, with defaults for what is left out."""
    found = pairs(node, path, findings)
    values: dict[str, Any] = {name: key.default for name, key in keys.items()}
    for name, value in found:
        where = f"{path}.{name}" if path else name
        if name not in keys:
            findings.add(where, _("没有“%(name)s”这个键%(nearest)s", name=name, nearest=nearest(name, keys)))
        else:
            values[name] = keys[name].reads.read(value, where, findings)
    given = {name for name, _value in found}
    for name, key in keys.items():
        if key.required and name not in given:
            findings.add(path, _("缺少“%(name)s”", name=name))
    return values
