"""What a filled paper should show: its texts, paragraph by paragraph, and where in them each value stands.

Called by ``printed``, in the office and in the confined child of an examination. It reads the paper with the
marks of ``template.marks``. All of it is plain data, so that a child can hand it on. A text ends where a
field, a picture or hidden words of the template stand, since what is printed there is not in the docx.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from andu.papers.template import Template, W
from andu.papers.template.marks import CLOSE, MARK, OPEN, Path

BODY, NOTES, MARGIN = "body", "notes", "margin"
"""Where a text stands: in the order of the pages, at their foot, or in headers and footers."""
WORDS = 30

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = {
    f"{W}instrText",
    f"{W}delText",
    f"{W}del",
    f"{W}rt",
    f"{W}txbxContent",
    f"{_MC}Fallback",
    f"{W}pPr",
}
_BREAKS = {
    f"{W}fldChar", f"{W}fldSimple", f"{W}sym", f"{W}drawing", f"{W}pict", f"{W}footnoteReference",
    f"{W}endnoteReference", f"{W}object", f"{_MC}AlternateContent", f"{W}softHyphen",
}  # fmt: skip
_MARKED = re.compile(f"[\U000f0000-\U000ffffc][^{CLOSE}]*{CLOSE}")
_NUMBERED = re.compile(r' (?:id|name|r:embed)="[^"]*"')
"""What tells one picture from the next, and nothing of its look."""
_OFF = ("0", "false", "off")


@dataclass(frozen=True)
class Value:
    """A value within a text: from where to where, and its path in the context."""

    start: int
    end: int
    path: Path


@dataclass(frozen=True)
class Text:
    """Some words that stand together, and the values among them; ``words``: its paragraph, for people."""

    text: str
    values: tuple[Value, ...]
    story: str = BODY
    words: str = ""

    def as_data(self) -> dict[str, Any]:
        """As JSON can say it."""
        return asdict(self)


def from_data(data: Mapping[str, Any]) -> Text:
    """The text that ``as_data`` said."""
    values = tuple(Value(one["start"], one["end"], tuple(one["path"])) for one in data["values"])
    return Text(data["text"], values, data["story"], data["words"])


def texts_of(template: Template, context: Mapping[str, Any]) -> list[Text]:
    """All texts of the paper of this context, in the order of the docx. ``PaperFault`` as when filling."""
    found: list[Text] = []
    for name, (xml, names) in template.marked(context).items():
        story = _story(name)
        if story:
            root = etree.fromstring(xml)
            repeated = _repeated(root)
            for paragraph in root.iter(f"{W}p"):
                if (
                    paragraph not in repeated
                    and next(paragraph.iterancestors(f"{_MC}Fallback"), None) is None
                ):
                    found += _Reader(names, story).texts(paragraph)
            for text in root.iter("{*}t"):
                if text.tag != f"{W}t" and MARK.search(text.text or ""):
                    found += _Reader(names, story).apart(text)
    return found


def _repeated(root: etree._Element) -> set[etree._Element]:
    """The paragraphs of cells merged into one above that says the same: it is printed there, and once."""
    found: set[etree._Element] = set()
    for merge in root.iter(f"{W}vMerge"):
        cell = next(merge.iterancestors(f"{W}tc"), None)
        if cell is not None and merge.get(f"{W}val") != "restart":
            above = _merged_into(cell)
            if above is not None and _said(above) == _said(cell):
                found.update(cell.iter(f"{W}p"))
    return found


def _merged_into(cell: etree._Element) -> etree._Element | None:
    """The cell with which this one begins, in an earlier row over the same columns."""
    row, column = cell.getparent(), sum(map(_width, cell.itersiblings(f"{W}tc", preceding=True)))
    for earlier in row.itersiblings(f"{W}tr", preceding=True) if row is not None else ():
        at = 0
        for each in earlier.iterchildren(f"{W}tc"):
            if at == column:
                break
            at += _width(each)
        else:
            return None
        merge = each.find(f"{W}tcPr/{W}vMerge")
        if merge is None or merge.get(f"{W}val") == "restart":
            return each if merge is not None else None
    return None


def _width(cell: etree._Element) -> int:
    """Over how many columns a cell goes."""
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    return int(span.get(f"{W}val", "1")) if span is not None else 1


def _said(cell: etree._Element) -> list[str]:
    return [MARK.sub("", "".join(one.itertext(f"{W}t"))) for one in cell.iter(f"{W}p")]


def shapes_of(template: Template, context: Mapping[str, Any]) -> set[int]:
    """What this paper is made of but for its values: each paragraph with its format, as a number."""
    found = set()
    for name, (xml, _names) in template.marked(context).items():
        blank = _MARKED.sub(lambda value: value[0][0], xml.decode())
        found |= {hash((name, _NUMBERED.sub("", piece))) for piece in blank.split("</w:p>")}
    return found


def _story(part: str) -> str:
    if part == "word/document.xml":
        return BODY
    stem = part.rpartition("/")[2]
    if stem.startswith(("header", "footer")):
        return MARGIN
    return NOTES if stem.startswith(("footnotes", "endnotes")) else BODY if part.startswith("word/") else ""


class _Reader:
    """Reads one paragraph; marks become places."""

    def __init__(self, names: list[Path], story: str) -> None:
        self.names, self.story = names, story
        self.pieces: list[tuple[str, list[Value]]] = [("", [])]
        self.open: Path | None = None
        self.since = 0

    def texts(self, paragraph: etree._Element) -> Iterator[Text]:
        """The texts of the paragraph that have anything to print."""
        self._read(paragraph)
        return self._found(" ".join("".join(_own_words(*piece) for piece in self.pieces).split())[:WORDS])

    def apart(self, text: etree._Element) -> Iterator[Text]:
        """The same of a text that is no run of a paragraph: of a formula, or of a drawing."""
        self._take(text.text or "", False)
        around = next(text.iterancestors(f"{W}p"), text)
        return self._found("".join(MARK.sub("", words) for words in around.itertext(f"{W}t"))[:WORDS] + "……")

    def _found(self, words: str) -> Iterator[Text]:
        for text, values in self.pieces:
            if text.strip():
                yield Text(text, tuple(values), self.story, words)

    def _read(self, element: etree._Element) -> None:
        for child in element:
            if child.tag == f"{W}t":
                self._take(child.text or "", _is_hidden(child.getparent()))
            elif child.tag in _BREAKS:
                self._break()
            elif child.tag not in _UNSEEN:
                self._read(child)

    def _take(self, text: str, is_hidden: bool) -> None:
        at = 0
        for mark in MARK.finditer(text):
            self._put(text[at : mark.start()], is_hidden)
            at = mark.end()
            if mark[0] == CLOSE:
                self._close()
            else:
                self.open, self.since = self.names[ord(mark[0]) - OPEN], len(self.pieces[-1][0])
        self._put(text[at:], is_hidden)

    def _put(self, text: str, is_hidden: bool) -> None:
        if is_hidden and self.open is None:
            self._break()  # the template's own hidden words are meant to be hidden
        elif text:
            whole, values = self.pieces[-1]
            self.pieces[-1] = (whole + text, values)

    def _close(self) -> None:
        text, values = self.pieces[-1]
        if self.open is not None and text[self.since :].strip():
            values.append(Value(self.since, len(text), self.open))
        self.open = None

    def _break(self) -> None:
        if self.open is None and self.pieces[-1][0]:
            self.pieces.append(("", []))


def _own_words(text: str, values: list[Value]) -> str:
    """The words of the template, and a gap for each value."""
    for value in reversed(values):
        text = f"{text[: value.start]}……{text[value.end :]}"
    return text


def _is_hidden(run: etree._Element | None) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish") if run is not None else None
    return vanish is not None and vanish.get(f"{W}val") not in _OFF
