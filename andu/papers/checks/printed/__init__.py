"""What is printed, held against what was typed: every value must stand on the PDF, whole and legible.

Called by ``office.issue`` before a record is handed in and before its number, and by ``examination`` before a
template is published. ``expected`` says which texts the docx holds and where the values are in them,
``glyphs`` which characters the PDF shows and what hides them, ``matching`` brings the two together.
Guarantees: a value of which one character is missing, outside the page, clipped, without ink, printed over
another or too small to be read is named, with its place and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.papers.checks.printed import glyphs
from andu.papers.checks.printed.expected import MARGIN, Path, Text, texts_of
from andu.papers.checks.printed.glyphs import Unreadable, bare, glyphs_of
from andu.papers.checks.printed.matching import Print, located, wanted
from andu.papers.context import COMMON_NAMES, SIGN, SIGN_PARTS
from andu.papers.template import Template
from andu.papers.template.marks import ITEM

__all__ = ["Lack", "Text", "Unreadable", "label_of", "lacking", "lacks_of", "texts_of"]

SHOWN = 30
"""Characters of a value that people are shown."""
MISSING = "missing"
_EXPLAINED = re.compile("[（：；，]")


@dataclass(frozen=True)
class Lack:
    """A value that is not wholly on the print: its path in the context, its paragraph, and why."""

    value: str
    path: Path
    words: str
    reason: str
    piece: str
    """What of it is not there, from the first such character on."""

    def told(self, label: str = "", placed: bool = True) -> str:
        """The finding in Chinese; ``label``: what people call the value; with its place, or without."""
        shown, piece = _short(self.value), _short(self.piece)
        what = _("“%(label)s”的内容“%(value)s”", label=label, value=shown) if label else f"“{shown}”"
        said = _reasons(what, piece)[self.reason]
        return said + _("（在“%(words)s”处）", words=self.words) if placed else said


def _reasons(what: str, piece: str) -> dict[str, str]:
    said = {"what": what, "piece": piece}
    return {
        MISSING: _("%(what)s没有完整地印出来：从“%(piece)s”起纸上没有", **said),
        glyphs.CLIPPED: _(
            "%(what)s没有完整地印出来：“%(piece)s”被文本框、固定行高或单元格的边切掉了", **said
        ),
        glyphs.OUTSIDE: _("%(what)s没有完整地印出来：“%(piece)s”印到了纸外", **said),
        glyphs.UNSEEN: _("%(what)s印出来看不见：“%(piece)s”是隐藏、透明、与底色相同或被遮住的字", **said),
        glyphs.OVERLAPPED: _("%(what)s印出来看不清：“%(piece)s”与别的字叠在一起", **said),
        glyphs.TINY: _("%(what)s印出来看不清：“%(piece)s”的字太小", **said),
    }


def lacking(template: Template, context: Mapping[str, Any], pdf: bytes) -> list[Lack]:
    """The values of this paper that its PDF does not show as they are; [] when it shows all."""
    return lacks_of(texts_of(template, context), pdf)


def lacks_of(texts: Sequence[Text], pdf: bytes) -> list[Lack]:
    """The same from texts that were read before."""
    print_ = Print(glyphs_of(pdf))
    found: list[Lack] = []
    printed_margins: set[tuple[Path, str]] = set()
    for number, each, places, missing in located([wanted(text) for text in texts], print_):
        text = texts[number]
        value = text.values[each]
        said = text.text[value.start : value.end].strip()
        lack = _lack(said, value.path, text.words, [print_.glyphs[at] for at in places], missing)
        if lack is None and text.story == MARGIN:
            printed_margins.add((value.path, said))
        elif lack is not None:
            found.append(lack)
    # headers of first, even and other pages: which of them a paper shows depends on its length
    return [lack for lack in found if (lack.path, lack.value) not in printed_margins]


def label_of(form_type: FormType, path: Path) -> str:
    """What people call the value of this path: its label in the form, its column, or what the office adds."""
    name = path[0] if path else ""
    if name == SIGN and len(path) > 1:
        labels = {slot.key: slot.label for slot in form_type.signatures.slots}
        return labels.get(path[1], "") + _short_name(SIGN_PARTS.get(path[-1], ""))
    field = next((field for field in form_type.fields if field.key == name), None)
    if field is None:
        return _short_name(COMMON_NAMES.get(name, ""))
    inner = path[2] if len(path) > 2 and path[1] == ITEM else ""
    column = next((column.label for column in field.columns if column.key == inner), "")
    return _("%(table)s”的“%(column)s", table=field.label, column=column) if column else str(field.label)


def _short_name(words: str) -> str:
    """A name of every paper without its explanation."""
    return _EXPLAINED.split(words)[0]


def _lack(said: str, path: Path, words: str, shown: Sequence[glyphs.Glyph], missing: str) -> Lack | None:
    flawed = next((glyph for glyph in shown if glyph.flaw), None)
    if flawed is not None:
        piece = "".join(glyph.text for glyph in shown if glyph.flaw == flawed.flaw)
        return Lack(said, path, words, flawed.flaw, piece)
    return Lack(said, path, words, MISSING, missing) if missing and bare(said) else None


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
