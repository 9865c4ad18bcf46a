"""Mappings of a form file: read by their keys and made into something, or said in one word alone.

Used by the dictionaries of keys beside it, and by the designer, which asks what they read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from andu.formtypes.language.readers import Findings, Key, Name, OneOf, Reader, read_mapping
from andu.formtypes.roles import ROLES

ROLE = OneOf(lambda: ROLES, "role")
SLUG = Name("slug of a form type")


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
