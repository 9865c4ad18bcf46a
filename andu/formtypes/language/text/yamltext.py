"""From the bytes of a form file to a tree of YAML nodes that still know their lines.

Called by `reading` only. Refused before anything is built from it: files over 256 KB, aliases and anchors
(an alias bomb of 271 bytes explodes when walked), tags, a key given twice, deep nesting, several documents.
Nodes stay text: `no` is not False and `010` is not 8 unless the dictionary of keys says a key is a number.
"""

from typing import Any

import yaml
from flask_babel import gettext as _

from andu.formtypes.language.readers import Findings
from andu.formtypes.language.text import yamlslips, yamlwords

LARGEST = 256 * 1024
DEEPEST = 20
_QUOTED = ("'", '"', "|", ">")
FAST_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same tree in a tenth of the time, where PyYAML was built with libyaml."""


def compose(text: str, findings: Findings) -> yaml.Node | None:
    """The root node, or None when the text cannot be read at all; every reason goes to `findings`."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        findings.add("", _("文件超过 256 KB"), line=1)
        return None
    try:
        loader = _loader_for(text)
        if not _safe(text, findings, loader):
            return None
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        line, problem = _place_of(error, text)
        findings.add("", _("不是正确的 YAML：%(problem)s", problem=problem), line=line)
        return None
    if root is None:
        findings.add("", _("文件是空的"), line=1)
        return None
    _refuse_twice(root, "", findings)
    _refuse_quotes(root, "", findings)
    return root


def hint(text: str, findings: Findings) -> None:
    """Add the slip that may be behind the faults of a file; nothing where there are none."""
    lines = {fault.line for fault in findings.faults}
    found = yamlslips.slip(text, lines) if lines else None
    if found and found not in [(fault.line, fault.message) for fault in findings.faults]:
        findings.add("", found[1], line=found[0])


def _place_of(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Line and remedy of what the YAML reader stumbled over; of a bracket left open, where it was opened."""
    problem = getattr(error, "problem", None) or str(error)
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    there, began = [mark.line + 1 if mark else 1 for mark in marks]
    end = max(1, len(text.rstrip().split("\n")))
    found = yamlslips.slip(text, {began, there - 1, there}, until=there)
    is_open = marks[1] is not None and problem.startswith(("expected ',' or", "could not find expected"))
    return found or (began if is_open else min(there, end), yamlwords.in_words(problem))


def _loader_for(text: str) -> Any:
    """PyYAML's own loader for what libyaml cannot read: it says better what is wrong."""
    try:
        for _event in yaml.parse(text, Loader=FAST_LOADER):
            pass
    except yaml.YAMLError:
        return yaml.SafeLoader
    return FAST_LOADER


def _safe(text: str, findings: Findings, loader: Any) -> bool:
    depth = documents = 0
    before = len(findings.faults)
    for event in yaml.parse(text, Loader=loader):
        mark = event.start_mark
        line = mark.line + 1 if mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            findings.add("", _("不能使用 YAML 的 & 和 * 引用"), line=line)
        tag = getattr(event, "tag", None)
        if tag:
            findings.add("", _("不能使用 YAML 的 ! 标记：%(tag)s", tag=tag), line=line)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or documents > 1:
            findings.add("", _("嵌套太深") if depth > DEEPEST else _("一个文件只能写一种表单"), line=line)
            break
    return len(findings.faults) == before


def _refuse_twice(node: yaml.Node, path: str, findings: Findings) -> None:
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _refuse_twice(item, f"{path}[{index}]", findings)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            where = f"{path}.{name}" if path else name
            if name in seen:
                findings.add(where, _("这个键写了两次"), line=key.start_mark.line + 1)
            seen.add(name)
            _refuse_twice(value, where, findings)


def _refuse_quotes(node: yaml.Node, path: str, findings: Findings) -> None:
    """A value that stands whole in Chinese quotation marks would be printed with them."""
    if isinstance(node, yaml.ScalarNode):
        words = yamlslips.in_quotes(node.value) if node.style not in _QUOTED else ""
        if words:
            findings.add(path, words, line=node.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _refuse_quotes(item, f"{path}[{index}]", findings)
    else:
        for key, value in node.value:
            _refuse_quotes(value, f"{path}.{key.value}".lstrip("."), findings)
