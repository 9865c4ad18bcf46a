"""Where the tags of a template stand: in which paragraph, and between which words.

Called by ``reading``. Every tag of a part gets a line of its own, so that the line number of a node in
Jinja's syntax tree names the tag it came from, and with it the paragraph.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from flask_babel import gettext as _

SHOWN_WORDS = 30
"""Characters of a paragraph that a finding shows."""

_TAG = re.compile(r"({[{%#].*?[}%#]})")
_PARAGRAPHS = re.compile(r"(?=<w:p[ >])|(?<=</w:p>)")
_FIELD_CODE = re.compile(r"<w:instrText[^>]*>[^<]*</w:instrText>")
_BREAK = re.compile(r"<w:(?:tab|br|cr)/>|<w:(?:tab|br|cr) [^>]*>")
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class TagPlace:
    """One tag: its part in Chinese (empty for the body) and the words of its paragraph.

    ``before`` and ``after`` are the paragraph's own words on both sides, without other tags; a tab or a line
    break is a tab.
    """

    part: str
    words: str
    before: str
    after: str

    def __str__(self) -> str:
        return _("%(part)s：%(words)s", part=self.part, words=self.words) if self.part else self.words


def tags_on_lines(source: str, part: str) -> tuple[str, list[TagPlace]]:
    """The source with a line end before each tag, and the tags: the one on line ``n`` is number ``n - 2``."""
    pieces = _PARAGRAPHS.split(re.sub(r"[\r\n]+", " ", source))
    places = [place for piece in pieces for place in _places(piece, part)]
    return "".join(_TAG.sub(r"\n\1", piece) for piece in pieces), places


def _places(piece: str, part: str) -> list[TagPlace]:
    chunks = _TAG.split(piece)
    texts = [chunk if index % 2 else _text(chunk) for index, chunk in enumerate(chunks)]
    whole = re.sub(r"\s+", " ", "".join(texts)).strip()
    return [
        TagPlace(
            part,
            # between paragraphs stand the tags of rows and paragraphs that vanish: each speaks for itself
            (whole if piece.startswith("<w:p") else texts[index])[:SHOWN_WORDS],
            "".join(texts[0:index:2]),
            "".join(texts[index + 1 :: 2]),
        )
        for index in range(1, len(chunks), 2)
    ]


def _text(xml: str) -> str:
    return html.unescape(_MARKUP.sub("", _BREAK.sub("\t", _FIELD_CODE.sub("", xml))))


def part_label(name: str) -> str:
    """The part of a docx in Chinese; empty for the body."""
    labels = {
        "header": _("页眉"),
        "footer": _("页脚"),
        "footnotes": _("脚注"),
        "endnotes": _("尾注"),
        "docProps": _("文档属性"),
    }
    return next((label for word, label in labels.items() if word in name), "")
