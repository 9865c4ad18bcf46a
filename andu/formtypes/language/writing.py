"""Writing a form file: the one writer beside the reader (``reading``).

What is written is the tree of a text, every scalar as text, so that whatever a page does not know is kept as
it is. Written, read and written again is the same bytes; comments are not kept.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

from andu.formtypes.language.text import yamlslips

_OTHER_LINE_ENDS = "\r\x85\u2028\u2029"
"""Written as they are, they would be read as \\n or as a blank."""
_NO_FOLD = 1_000_000_000
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def tree(text: str) -> dict[str, Any]:
    """The tree of a text that the reader has accepted, or could: mappings, lists, and text."""
    found = yaml.load(text, Loader=_LOADER)  # noqa: S506 - it makes text, lists and mappings only
    return found if isinstance(found, dict) else {}


def written(found: dict[str, Any]) -> str:
    """The text of a tree; its keys keep their order."""
    return str(
        yaml.dump(
            found,
            Dumper=_Writer,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=False,
            width=_NO_FOLD,
        )
    )


class _Writer(Emitter, Serializer, SafeRepresenter, BaseResolver):
    """As PyYAML's own, but all scalars are text: ``true`` needs no quotation marks, nor does ``10``."""

    def __init__(self, stream: Any, default_flow_style: bool = False, sort_keys: bool = False, **more: Any):
        layout = ("canonical", "indent", "width", "allow_unicode", "line_break")
        ends = ("encoding", "explicit_start", "explicit_end", "version", "tags")
        Emitter.__init__(self, stream, **{name: more.get(name) for name in layout})
        Serializer.__init__(self, **{name: more.get(name) for name in ends})
        SafeRepresenter.__init__(self, default_flow_style=default_flow_style, sort_keys=sort_keys)
        BaseResolver.__init__(self)

    def ignore_aliases(self, _data: Any) -> bool:
        """The reader refuses aliases."""
        return True


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style=_style(value))


def _style(value: str) -> str | None:
    if any(end in value for end in _OTHER_LINE_ENDS):
        return '"'
    if "\n" in value.strip():
        return "|"
    return "'" if yamlslips.in_quotes(value) else None


_Writer.add_representer(str, _text)
