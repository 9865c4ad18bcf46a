"""Proof, made once when a template is compiled, that it gives well-formed XML whatever the values are.

Called by ``part``. It follows the tags of the XML through every branch and loop of the template:
each branch must end inside the same elements, and each value must stand where text can stand. Together with
the escaping of values this is why a filled part need not be parsed again. It also says what filling must
still look after: cells that may lose their last paragraph, section breaks that a condition may drop.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from jinja2 import nodes

from andu.papers.faults import PaperFault

PARAGRAPH, RUN, TEXT = "w:p", "w:r", "w:t"
CELL, SECTION = "w:tc", "w:sectPr"
IN_TEXT, IN_RUN, IN_PARAGRAPH = "text", "run", "paragraph"
"""Where a value may stand: any value as text; XML of a filter in a run of text, or between the runs."""

_TAG = re.compile(r"<([/?]?)([^\s/>]+)[^>]*?(/?)>")
_QUOTED = re.compile(r'"[^"]*"')
_FIELD = re.compile(r"<w:fldSimple\b")
_ATTRIBUTE = re.compile(r'\s([^\s="]+)\s*=\s*"[^"]*$')
_WORDS = ("descr", "title", "alt", "string")
"""Attributes that hold words, beside those of Word (``w:``): any other may lead to a picture or a page."""


class Frame(NamedTuple):
    """An open element, and what its last child so far may be ("" for none)."""

    name: str
    last: frozenset[str]


class XmlPlace(NamedTuple):
    """A place in the XML: the open elements, and the tag that is not yet finished."""

    frames: tuple[Frame, ...]
    tag: str

    @property
    def names(self) -> tuple[str, ...]:
        """The open elements by name, and the unfinished tag without its values."""
        tag = _QUOTED.sub('""', self.tag)
        return (*(frame.name for frame in self.frames), tag[: tag.rfind('"') + 1] if self.in_value else tag)

    @property
    def in_value(self) -> bool:
        """It is between the quotes of an attribute."""
        return self.tag.count('"') % 2 == 1


_START = XmlPlace((), "")
_NOTHING = frozenset({""})


@dataclass
class Structure:
    """What filling has to look after, since values may change it."""

    loses_paragraph: bool = False
    changes_sections: bool = False


def prove(tree: nodes.Template, markup: dict[str, str]) -> Structure:
    """The proof; ``PaperFault`` where there is none. ``markup`` maps filters that give XML to their place."""
    walk = _Walk(markup)
    end = walk.block(tree.body, _START)
    if end.names != _START.names:
        raise walk.fault()
    return walk.found


class _Walk:
    def __init__(self, markup: dict[str, str]) -> None:
        self.found = Structure()
        self._markup = markup
        self._depth = 0
        self._words = ""

    def fault(self) -> PaperFault:
        return PaperFault(
            _(
                "模板里的条件或循环只包住了半个段落或半张表，请检查 if、for 的起止位置。在“%(where)s”处。",
                where=self._words.strip()[-80:],
            )
        )

    def block(self, children: Sequence[nodes.Node], place: XmlPlace) -> XmlPlace:
        for node in children:
            if isinstance(node, nodes.Output):
                place = self._output(node, place)
            elif isinstance(node, nodes.If):
                place = self._choice(node, place)
            elif isinstance(node, nodes.For):
                place = self._loop(node, place)
            else:
                self._no_markup(node)
        return place

    def _output(self, node: nodes.Output, place: XmlPlace) -> XmlPlace:
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                place = self._text(child.data, place)
            else:
                self._value(child, place)
        return place

    def _inner(self, children: Sequence[nodes.Node], place: XmlPlace) -> XmlPlace:
        self._depth += 1
        end = self.block(children, place)
        self._depth -= 1
        return end

    def _choice(self, node: nodes.If, place: XmlPlace) -> XmlPlace:
        self._no_markup(node.test)
        ends = [self._inner(node.body, place), self._inner(node.else_, place)]
        for other in node.elif_:
            self._no_markup(other.test)
            ends.append(self._inner(other.body, place))
        return self._join(ends)

    def _loop(self, node: nodes.For, place: XmlPlace) -> XmlPlace:
        self._no_markup(node.iter)
        if node.test:
            self._no_markup(node.test)
        without = self._inner(node.else_, place)
        while True:
            after = self._join([place, self._inner(node.body, place)])
            if after == place:
                # a loop without rows prints its else, one with rows ends as its body ends
                return self._join([after, without])
            place = after

    def _join(self, ends: Sequence[XmlPlace]) -> XmlPlace:
        first, *others = ends
        for other in others:
            if first.names != other.names:
                raise self.fault()
            pairs = zip(first.frames, other.frames, strict=True)
            frames = tuple(Frame(one.name, one.last | two.last) for one, two in pairs)
            first = XmlPlace(frames, first.tag)
        return first

    def _text(self, data: str, place: XmlPlace) -> XmlPlace:
        self._words = (self._words + re.sub(r"<[^>]*>?", "", place.tag + data))[-200:]
        text = place.tag + data
        frames = list(place.frames)
        end = 0
        for found in _TAG.finditer(text):
            self._tag(found, frames)
            end = found.end()
        start = text.find("<", end)
        return XmlPlace(tuple(frames), text[start:] if start >= 0 else "")

    def _tag(self, found: re.Match[str], frames: list[Frame]) -> None:
        mark, name, closed = found.groups()
        if mark == "?":
            return
        if name == SECTION and not mark and self._depth:
            self.found.changes_sections = True
        if not mark:
            frames.append(Frame(name, _NOTHING))
        if mark or closed:
            self._close(name, frames)

    def _close(self, name: str, frames: list[Frame]) -> None:
        if not frames or frames[-1].name != name:
            raise self.fault()
        done = frames.pop()
        if name == CELL and done.last != {PARAGRAPH}:
            self.found.loses_paragraph = True
        if frames:
            frames[-1] = Frame(frames[-1].name, frozenset({name}))

    def _value(self, node: nodes.Node, place: XmlPlace) -> None:
        """A value must stand where it will be seen; a filter that gives XML, where that XML belongs."""
        wanted = IN_TEXT
        if isinstance(node, nodes.Filter) and node.name in self._markup:
            wanted = self._markup[node.name]
            self._no_markup(*node.iter_child_nodes())
        else:
            self._no_markup(node)
            if place.tag:
                self._attribute(place)
                return
        if place.tag or not _fits(wanted, place):
            raise self._bare(node, place) if wanted == IN_TEXT and not place.tag else self._misplaced(wanted)

    def _attribute(self, place: XmlPlace) -> None:
        attribute = _ATTRIBUTE.search(place.tag)
        if not place.in_value or attribute is None or _FIELD.match(place.tag):
            raise self._misplaced(IN_TEXT)
        name = attribute.group(1)
        if name not in _WORDS and not name.startswith("w:"):
            raise self._misplaced(IN_TEXT)

    def _bare(self, node: nodes.Node, place: XmlPlace) -> PaperFault:
        """For a text between runs or paragraphs, which no program shows: ``{{r …}}`` and ``{{p …}}``."""
        kinds = {PARAGRAPH: "r", **dict.fromkeys(("w:body", CELL, "w:hdr", "w:ftr", "w:txbxContent"), "p")}
        kind = kinds.get(place.frames[-1].name if place.frames else "")
        if kind is None:
            return self._misplaced(IN_TEXT)
        words = {"name": _said(node), "kind": kind, "where": self._words.strip()[-80:]}
        if kind == "r":
            what = _(
                "“{{r %(name)s }}”印不出普通文字：请写成 {{ %(name)s }}；要带字体、颜色的，"
                "写成 {{r %(name)s|rich(bold=true) }}。在“%(where)s”处。",
                **words,
            )
        else:
            what = _(
                "“{{p %(name)s }}”放的是子文档，印不出普通文字：请在单独的一段里写 {{ %(name)s }}；"
                "要分成几段的，用 {%%p for q in %(name)s|paragraphs %%}。在“%(where)s”处。",
                **words,
            )
        return PaperFault(_("模板里有一处印不出内容：%(what)s", what=what))

    def _misplaced(self, wanted: str) -> PaperFault:
        ways = {
            IN_TEXT: _(
                "普通内容写成“{{ 名称 }}”，放在文字里；“{{p …}}”、域代码和图片、链接的地址里的名称不能用"
            ),
            IN_RUN: _("二维码写成“{{ 名称|qr }}”，放在正文或表格的文字里"),
            IN_PARAGRAPH: _("带格式的文字写成“{{r 名称|rich }}”"),
        }
        words = {"where": self._words.strip()[-80:], "way": ways[wanted]}
        return PaperFault(_("模板里有一处印不出内容：%(way)s。在“%(where)s”处。", **words))

    def _no_markup(self, *where: nodes.Node) -> None:
        for node in where:
            filters = [node] if isinstance(node, nodes.Filter) else []
            for one in (*filters, *node.find_all(nodes.Filter)):
                if one.name in self._markup:
                    raise PaperFault(
                        _(
                            "过滤器“%(name)s”只能放在“{{ … }}”的最后，不能用在条件、循环或别的过滤器里。",
                            name=one.name,
                        )
                    )


def _said(node: nodes.Node) -> str:
    """The name that a tag prints, as it is written; 名称 for what is more than a name."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_said(node.node)}.{node.attr}"
    return _said(node.node) if isinstance(node, nodes.Filter) and node.node else _("名称")


def _fits(wanted: str, place: XmlPlace) -> bool:
    names = [frame.name for frame in place.frames[-2:]]
    if wanted == IN_PARAGRAPH:
        return names[-1:] == [PARAGRAPH]
    if wanted == IN_RUN:
        return names == [RUN, TEXT]
    # beside Word's own text: titles, positions, formulas; never the code of a field
    return len(names) == 2 and (names[-1] == TEXT or not names[-1].startswith("w:"))
