"""What of a text no line may break: numbers, dates, names; and, where lines need not be even, every word.

Used by ``fitting.tears``, which mends the page that was made, by ``drawing`` for labels, and by the tests
that read pages. A line of 正文 is as wide as the page: were each word kept whole there, the characters of
the line above would drift apart, so that words are kept in cells, labels and headings alone. Guarantees:
pieces come in order and do not overlap; one character alone is never a piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from andu.papers.template.words import cut, tagged

Span = tuple[int, int]

_UNITS = "年月日时分秒号页人次名件份条个只起户天周岁期项元万亿%％℃度米里亩吨斤"
_NUMBER = re.compile(
    rf"[A-Za-z0-9]+(?:[-‐–./:,][A-Za-z0-9]+)*(?:[多余]?[{_UNITS}]{{1,2}})?|第[〇零一二三四五六七八九十百]+[{_UNITS}]"
)
_DATE = re.compile(r"\d{2,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日")
_OF_DOCUMENT = re.compile(r"[\u4e00-\u9fff]{0,8}[〔\[［【]\d{2,4}[〕\]］】]\s?第?\d+号")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
    "姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤褚卫尤"
)
_LISTED = re.compile(
    rf"(?<=[办所委村组院局站社科室队部府会厂校行司任长记、，：])[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
    r"(?=[、，。；：（(\s]|$)"
)
"""A name at the end of a piece of a list, after who it belongs to: 镇纪委郑十，综治办王十五。"""
_BETWEEN = re.compile(r"[\s、，。；：:;,（）()“”‘’《》〔〕\[\]【】/／]+")
_BRACKET = re.compile(r"（[^（）]*）(?:[\u4e00-\u9fff]$)?")
"""A bracket, with the one character that may end the text after it: 督办（约谈、通报）号."""
_LOOSE = frozenset(
    "的了和与及或并在由被将对从向于为以把给是不有也都就还又再很我你他她它这那各每其之所而且但因"
)
"""One character that stands for itself; any other goes with the word before it: 洗煤场, 扫黑办."""
_DENYING = frozenset("不未")
"""One character that goes with the word after it: 不一致, 未办理."""
NAME = 4
"""Characters between two signs that are a name or one thing, whatever a dictionary takes them for."""
LONGEST = 14
"""Half a line of 正文: what is longer is not kept from the end of a line."""


@lru_cache(maxsize=4096)
def brackets(text: str) -> tuple[Span, ...]:
    """The brackets of a label: 签发（扫黑办主任） breaks before its bracket, not within it."""
    return tuple(_matches(_BRACKET, text))


@lru_cache(maxsize=4096)
def held(text: str, words: bool = False) -> tuple[Span, ...]:
    """The stretches of the text that hold together; ``words``: every word, too."""
    spans = [*_matches(_NUMBER, text), *_matches(_DATE, text), *_numbers_of_documents(text)]
    spans += _words(text) if words else _names(text)
    return tuple(span for span in _joined(spans) if span[1] - span[0] > 1)


def folded(text: str, room: int) -> list[str]:
    """The text in lines of at most ``room`` characters, as even as its words and brackets let them be.

    A bracket longer than a line breaks between its words, a word longer than a line where the line ends.
    """
    pieces = _pieces(text, room)
    least = -(-len(text) // room)
    for count in range(least, len(pieces) + 1):
        lines = _evenly(pieces, count, room)
        if lines:
            return lines
    return pieces


def _evenly(pieces: Sequence[str], count: int, room: int) -> list[str]:
    """The pieces in so many lines, the longest of them as short as may be; nothing where they do not fit."""
    for width in range(-(-sum(map(len, pieces)) // count), room + 1):
        lines = [""]
        for piece in pieces:
            if lines[-1] and len(lines[-1]) + len(piece) > width:
                lines.append("")
            lines[-1] += piece
        if len(lines) <= count and max(map(len, lines)) <= room:
            return lines
    return []


def _pieces(text: str, room: int) -> list[str]:
    """The words and brackets of a text with the signs beside them, none longer than a line."""
    found: list[str] = []
    at = 0
    whole = [span for span in brackets(text) if span[1] - span[0] <= room]
    for start, end in (*_joined([*whole, *held(text, True)]), (len(text), len(text))):
        found += [text[one : one + 1] for one in range(at, start)]
        found += [text[one : min(one + room, end)] for one in range(start, end, room)]
        at = end
    joined: list[str] = []
    for piece in found:
        closes = piece[0] in "）”’》〕】、，。；：/／）"
        leans = joined and (closes or piece == "的" or joined[-1][-1] in "（“‘《〔【(")
        if leans and len(joined[-1]) + len(piece) <= room:
            joined[-1] += piece
        elif leans and closes and len(joined[-1]) > 2:  # no line begins with such a sign
            joined[-1:] = [joined[-1][:-1], joined[-1][-1] + piece]
        else:
            joined.append(piece)
    return joined


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


def _numbers_of_documents(text: str) -> Iterator[Span]:
    """示发〔2026〕14号, with the word before its bracket."""
    for match in _OF_DOCUMENT.finditer(text):
        words = re.match(r"[\u4e00-\u9fff]*", match[0])
        before = words[0] if words else ""
        kept = before if len(before) <= NAME else cut(before)[-1]
        yield match.start() + len(before) - len(kept), match.end()


def _names(text: str) -> Iterator[Span]:
    """The names of people, as the dictionary knows them by their shape, and those of a list."""
    yield from _matches(_LISTED, text)
    at = 0
    for word, kind in tagged(text):
        if kind == "nr" and 1 < len(word) <= NAME:
            yield at, at + len(word)
        at += len(word)


def _words(text: str) -> Iterator[Span]:
    at = 0
    for part in (*_BETWEEN.finditer(text), None):
        end = part.start() if part else len(text)
        if 0 < end - at <= NAME:
            yield at, end
        elif end > at:
            yield from _words_of(text[at:end], at)
        at = part.end() if part else end


def _words_of(text: str, at: int) -> Iterator[Span]:
    """The words of a text without signs; one character alone goes with what is before it."""
    start = at
    end = at
    for word in cut(text):
        leans = len(word) == 1 and word not in _LOOSE and end > start and end - start > 1
        if not leans and end > start and text[start:end] not in _DENYING:
            yield start, end
            start = end
        end += len(word)
    yield start, end


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """In order; what overlaps is one."""
    last: Span | None = None
    for span in sorted(spans):
        if last is not None and span[0] < last[1]:
            last = last[0], max(last[1], span[1])
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last
