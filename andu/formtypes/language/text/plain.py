"""The office's own YAML files (``office.yaml``, ``holidays.yaml``) as plain values that know their lines.

Called by ``andu.office.config`` and ``andu.office.workdays``. As strict as for form files: no key twice, no
anchors, no day that does not exist; each fault says file, line and remedy.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _

from andu.disk import why_not
from andu.formtypes.language.readers import Findings
from andu.formtypes.language.text import yamlslips, yamltext
from andu.formtypes.language.text.yamlwords import NotText, decoded

_DAY = "tag:yaml.org,2002:timestamp"


class PlainFault(Exception):
    """The file cannot be used; the message says file, line, and what to do."""


def text_of(path: Path) -> str:
    """The text of a file; raises ``PlainFault`` when it is not there, or not UTF-8."""
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        why = _("打不开：%(why)s", why=why_not(error))
        raise PlainFault(f"{path.name}:1：{why}") from error
    except NotText as error:
        raise PlainFault(f"{path.name}:{error.line}：{error}") from error


def read(text: str, file: str) -> tuple[Any, dict[str, int]]:
    """The values of a text, and the line of each key (``units[0].name``); raises ``PlainFault``."""
    findings = Findings(file)
    root = yamltext.compose(text, findings)
    lines: dict[str, int] = {}
    if root is not None:
        for path, node in _walk("", root):
            lines.setdefault(path, node.start_mark.line + 1)
            if isinstance(node, yaml.ScalarNode) and node.tag == _DAY and not _is_day(node):
                findings.add(path, _("没有“%(day)s”这一天", day=node.value), line=node.start_mark.line + 1)
    if findings.faults or root is None:
        raise PlainFault(_told(findings))
    return yaml.load(text, yamltext.FAST_LOADER), lines  # noqa: S506 - a safe one


def with_slip(message: str, text: str, file: str) -> str:
    """The message of a fault, and before it the slip of the pen that may be behind it."""
    found = yamlslips.slip(text, {int(line) for line in re.findall(rf"{re.escape(file)}:(\d+)", message)})
    return f"{file}:{found[0]}：{found[1]}；{message}" if found else message


def _told(findings: Findings) -> str:
    return "；".join(
        f"{one.file}:{one.line}：{one.message if one.key == '-' else f'{one.key}：{one.message}'}"
        for one in sorted(findings.faults)
    )


def _walk(path: str, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    yield path, node
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(f"{path}[{index}]", item)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = f"{path}.{key.value}" if path else str(key.value)
            yield name, key
            yield from _walk(name, value)


def _is_day(node: yaml.ScalarNode) -> bool:
    try:
        yaml.SafeLoader("").construct_yaml_timestamp(node)
    except ValueError:
        return False
    return True
