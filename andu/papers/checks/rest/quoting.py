"""Fields that quote the document itself (REF, STYLEREF, TOC …): what each can only mean, and when none knows.

Used by ``freezing``. Word looks their text up again when a paper is printed, LibreOffice some of them when it
opens it; in between the file shows what was there when the template was saved. A reference becomes the words
of its bookmark, a tag too; a list of headings and a running title become the text they show, unless a value
is filled in where they look: then only the tag itself, written there, prints it. What shows a number stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.rest.fields import Field
from andu.papers.checks.rest.opened import WORD_TYPE, Opened, W

QUOTING = ("REF", "STYLEREF", "TOC", "TOA", "INDEX")
_NUMBERS = re.compile(r"\\[nrwpft]\b", re.I)
"""Switches of REF by which it shows the number or the side of a paragraph."""
_FORMATS = re.compile(r"\\\*\s*(?!MERGEFORMAT|CHARFORMAT)\w+", re.I)
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_HEADING = re.compile(r"(?:标题|heading)?\s*([1-9])", re.I)
_NAMED = re.compile(r'STYLEREF\s+(?:"([^"]*)"|(\S+))', re.I)
_LONGEST = 200
_LISTED = "_toc"


def counts(one: Field) -> bool:
    """It shows where something stands, not what: that the document decides."""
    return one.name == "REF" and bool(_NUMBERS.search(one.code))


class Quoted:
    """The places of a document that such fields quote."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._styles = _styles(opened)
        self._bookmarks: dict[str, str] = {}
        for root in opened.stories.values():
            self._bookmarks |= {name.lower(): words for name, words in _bookmarks(root)}

    def meant(self, one: Field) -> str | None:
        """The words that the field can only mean; None where a value is filled in where it looks."""
        if one.name != "REF":
            return None if self._hidden(one) else one.shown
        words = self._bookmarks.get(one.argument.lower(), "")
        if not words or _TAG.search(one.shown):
            return one.shown
        if _TAG.search(words) and (_FORMATS.search(one.code) or "{%" in words or "\n" in words):
            return None
        return one.shown if "\n" in words or _FORMATS.search(one.code) else words

    def why(self, one: Field) -> str:
        """Why nobody knows what it means, and what to write."""
        words = self._bookmarks.get(one.argument.lower(), "") if one.name == "REF" else self._hidden(one)
        tags = _TAG.findall(words)
        what = {"tag": tags[0] if tags else "{{ 名称 }}", "shown": one.shown.strip()[:20]}
        return _("引用的地方要填 %(tag)s，这里留着旧的文字“%(shown)s”：请在这里直接写 %(tag)s", **what)

    def _hidden(self, one: Field) -> str:
        """The words with a tag that a field looks at and does not show."""
        seen = self._listed() if one.name != "STYLEREF" else self._styled(one.code)
        return next((words for words in seen if _TAG.search(words) and words not in one.shown), "")

    def _listed(self) -> Iterator[str]:
        """The headings: what a list of contents has marked, or would take up."""
        yield from (words for name, words in self._bookmarks.items() if name.startswith(_LISTED))
        for paragraph, style in self._paragraphs():
            level = paragraph.find(f"{W}pPr/{W}outlineLvl")
            if level is None and style is not None:
                level = style.find(f"{W}pPr/{W}outlineLvl")
            if level is not None and level.get(f"{W}val") != "9":
                yield _words(paragraph)

    def _styled(self, code: str) -> Iterator[str]:
        found = _NAMED.search(code)
        named = (found[1] or found[2]).strip() if found else ""
        heading = _HEADING.fullmatch(named)
        wanted = f"heading {heading[1]}" if heading else named.lower()
        for paragraph, style in self._paragraphs():
            name = style.find(f"{W}name") if style is not None else None
            known = name.get(f"{W}val", "").lower() if name is not None else ""
            if style is not None and wanted in (known, style.get(f"{W}styleId", "").lower()):
                yield _words(paragraph)

    def _paragraphs(self) -> Iterator[tuple[etree._Element, etree._Element | None]]:
        for root in self._opened.stories.values():
            for paragraph in root.iter(f"{W}p"):
                style = paragraph.find(f"{W}pPr/{W}pStyle")
                yield paragraph, self._styles.get(style.get(f"{W}val", "")) if style is not None else None


def _styles(opened: Opened) -> dict[str, etree._Element]:
    part = next((name for name, kind in opened.kinds.items() if kind == f"{WORD_TYPE}styles+xml"), "")
    root = opened.beside.get(part)
    named = root.iter(f"{W}style") if root is not None else ()
    return {style.get(f"{W}styleId", ""): style for style in named}


def _words(paragraph: etree._Element) -> str:
    return "".join(paragraph.itertext(f"{W}t"))


def _bookmarks(root: etree._Element) -> Iterator[tuple[str, str]]:
    """The name and the words of each bookmark; a line end where it goes on in another paragraph."""
    opened: dict[str, tuple[str, list[str]]] = {}
    for element in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}t", f"{W}p"):
        number = element.get(f"{W}id", "")
        if element.tag == f"{W}bookmarkStart":
            opened[number] = element.get(f"{W}name", ""), []
        elif element.tag == f"{W}bookmarkEnd" and number in opened:
            name, words = opened.pop(number)
            yield name, "".join(words).strip("\n")[:_LONGEST]
        else:
            word = "\n" if element.tag == f"{W}p" else element.text or ""
            for _name, words in opened.values():
                words.append(word)
