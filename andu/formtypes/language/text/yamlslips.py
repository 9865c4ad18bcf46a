"""Slips of somebody who types Chinese: full-width marks and blanks where YAML wants half-width ones.

Called by ``yamltext`` and ``plain`` for every fault of a file, whoever found it. Looks only at what YAML
reads as its own: quoted text, comments and blocks of text are blanked first. A sure slip is told wherever
it stands; a doubtful one (it may be part of a text) only on a line that is known to be faulty.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

_TYPED = {
    **dict.fromkeys("：﹕∶", ("冒号", ": ")),
    **dict.fromkeys("；，、", ("逗号", ", ")),
    **dict.fromkeys("【［", ("方括号", "[")),
    **dict.fromkeys("】］", ("方括号", "]")),
    "｛": ("花括号", "{"),
    "｝": ("花括号", "}"),
    **dict.fromkeys("“”＂", ("引号", '"')),
    **dict.fromkeys("‘’＇", ("引号", "'")),
}
"""What is typed: what is meant, and how YAML wants it."""
_CALLED = {"；": "分号", "、": "顿号"}
_BLANKS = {
    "\t": "制表符（Tab）",
    "\u3000": "全角空格",
    "\u00a0": "不间断空格",
    "\u200b": "零宽空格",
    "\ufeff": "看不见的字符",
}
_QUOTES = "“”‘’＂＇"
_BLANK = "[" + "".join(_BLANKS) + "\u2000-\u200a\u202f]"
_KEY = r"""(?:[A-Za-z_][A-Za-z0-9_.]*|[0-9]{4}|"x+"|'x+')"""

_INDENT = re.compile(rf"^[ ]*(?:- +)*(?P<c>{_BLANK})")
_DASH = re.compile(r"^[ ]*(?:- +)*(?P<c>[－—–﹣−•])")
_DASH_ALONE = re.compile(rf"^[ ]*-(?:{_BLANK}|[^\s\-])")
_COLON = re.compile(rf"^[ ]*{_KEY} *(?P<c>[：﹕∶；])")
_NO_BLANK = re.compile(rf"^[ ]*(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]{{4}}):(?:{_BLANK}|[^\s/:])")
_OPENS = re.compile(rf"^[ ]*(?:{_KEY}: *)?(?P<c>[｛［])")
_OPENS_LIST = re.compile(rf"^[ ]*(?:{_KEY}: *)?(?P<c>【)[^】]*$")
_CLOSES = re.compile(r"^[^【［｛]*(?P<c>[】］｝])")
_COMMA = re.compile(rf"(?P<c>[，；、]) *{_KEY} *[:：]|^ *(?P<d>[，；、])")
_COMMA_IN_LIST = re.compile(r"""^ *["'A-Za-z0-9_.-]+ *(?P<c>[，、；]) *["'A-Za-z0-9_]""")
_QUOTED = re.compile(rf"""^[ ]*(?:{_KEY}: *)?(?P<c>[{_QUOTES}])[^{_QUOTES}]*[{_QUOTES}"'] *(?:$|:)""")
_BRACKETED = re.compile(rf"^[ ]*(?:{_KEY}: *)?(?P<c>【)[^】]*[】\]]? *$")
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ－＿．／]+")
_ANY_BLANK = re.compile(rf"(?P<c>{_BLANK})")

_BLOCK = re.compile(r"(?:^|[:\-] +)[|>][+\-0-9]* *$")
_MARK = re.compile(r"""(?:^|(?<=\s))#.*|(?:^|(?<=[\s\[{,，:：]))["']""")
_ENDS = {'"': re.compile(r'(?:[^"\\]|\\.)*"'), "'": re.compile(r"(?:[^']|'')*'(?!')")}
_LINE_OF_ITS_OWN = re.compile(rf"^ *(?:- +)?{_KEY}:(?: |$)")
_GAP = "\0"
"""Stands in a blanked line for a quotation mark that is never closed."""


@dataclass(frozen=True)
class _Piece:
    """An entry of a line: what stands between two marks of YAML, and the bracket it stands in."""

    line: int
    text: str
    inside: str = ""


def slip(text: str, faulty: Collection[int] = (), until: int | None = None) -> tuple[int, str] | None:
    """Line and remedy of the first sure slip down to ``until``; else of a doubtful one on a faulty line."""
    lines = _blanked(text)
    sure = [(number, words) for number, line in enumerate(lines, start=1) if (words := _of_line(line))]
    sure += [(piece.line, words) for piece in _pieces(lines) if (words := _of_piece(piece))]
    above = [one for one in sure if until is None or one[0] <= until]
    return min(above, key=lambda one: one[0]) if above else _doubtful(lines, faulty)


def in_quotes(value: str) -> str:
    """What to say of a value that stands whole in quotation marks unknown to YAML; empty for any other."""
    return _typed(match["c"]) if (match := _QUOTED.match(value)) else ""


def _of_line(line: str) -> str:
    if match := _INDENT.match(line) if line.strip() else None:
        name = _BLANKS.get(match["c"], _BLANKS["\ufeff"])
        return _("缩进里有%(name)s，请改成半角空格", name=name)
    if match := _DASH.match(line):
        return _("行首用了“%(char)s”，请改成半角减号加一个空格“- ”", char=match["c"])
    if _DASH_ALONE.match(line):
        return _("行首的减号后面少一个空格，请写成半角的“- ”")
    if _GAP in line:
        wide = next((char for char in line.partition(_GAP)[2] if char in _QUOTES), "")
        return _typed(wide) if wide else _("引号没有配对：这一行的引号只有一半")
    return ""


def _of_piece(piece: _Piece) -> str:
    looks = [_OPENS, _OPENS_LIST, _QUOTED] if piece.inside else [_OPENS]
    looks += [_CLOSES, _COMMA] if piece.inside else []
    looks += [_COMMA_IN_LIST] if piece.inside == "[" else [_COLON]
    for look in looks:
        if match := look.match(piece.text) if look is not _COMMA else look.search(piece.text):
            return _typed(match["c"] or match["d"])
    if piece.inside != "[" and _NO_BLANK.match(piece.text):
        return _("冒号后面少一个空格，请写成半角的“: ”")
    return ""


def _doubtful(lines: list[str], faulty: Collection[int]) -> tuple[int, str] | None:
    for piece in _pieces(lines):
        if piece.line not in faulty:
            continue
        comma = re.search("(?P<c>[，、；])", piece.text) if piece.inside else None
        if match := _QUOTED.match(piece.text) or _BRACKETED.match(piece.text) or comma:
            return piece.line, _typed(match["c"])
        if match := _WIDE.search(piece.text):
            return piece.line, _("“%(text)s”是全角字符，请改成半角", text=match[0])
        if match := _ANY_BLANK.search(piece.text.strip(" ")):
            name = _BLANKS.get(match["c"], _BLANKS["\ufeff"])
            return piece.line, _("有%(name)s，请改成半角空格", name=name)
    return None


def _typed(char: str) -> str:
    wanted, right = _TYPED[char]
    if char in _QUOTES:
        said = {"char": char, "right": right}
        return _("用了中文引号 %(char)s ，请改成半角引号 %(right)s ；要印出来的，外面再加半角单引号", **said)
    more = _("加一个空格") if right.endswith(" ") else ""
    said = {"name": _CALLED.get(char, wanted), "char": char, "wanted": wanted, "more": more, "right": right}
    return _("用了全角%(name)s“%(char)s”，请改成半角%(wanted)s%(more)s“%(right)s”", **said)


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    """The entries of all lines, of flow brackets one by one; a bracket never closed ends with its part."""
    inside: list[str] = []
    depth = 0
    for number, line in enumerate(lines, start=1):
        indent = len(line) - len(line.lstrip(" "))
        if inside and line.strip() and indent <= depth and line.strip()[0] not in "]}】］｝":
            inside = []
        start = 0 if inside else len(re.match(r"^[ ]*(?:- +)*", line)[0])  # type: ignore[index]
        for at, char in enumerate(line):
            opens = char in "[{" and bool(inside or at == start or re.search(r": +$", line[:at]))
            if not opens and not (inside and char in ",]}"):
                continue
            yield _Piece(number, line[start:at], inside[-1] if inside else "")
            start, depth = at + 1, depth if inside else indent
            inside = [*inside, char] if opens else inside[:-1] if char in "]}" else inside
        yield _Piece(number, line[start:], inside[-1] if inside else "")


def _blanked(text: str) -> list[str]:
    """The lines of a text: quoted text as ``x``, comments and blocks of text empty."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    found: list[str] = []
    block: int | None = None
    open_quote = ""
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            found.append("")
            continue
        block = None
        line, open_quote = _without_quoted(line, open_quote, lines[index + 1 :])
        found.append(line)
        if _BLOCK.search(line):
            block = len(re.match(r"^[ ]*(?:- +)*", line)[0])  # type: ignore[index]
            block = block if ":" in line else indent
    return found


def _without_quoted(line: str, open_quote: str, below: list[str]) -> tuple[str, str]:
    """The line with quoted text as ``x`` and without its comment; the quote that goes on below, if any."""
    done = ""
    while True:
        if open_quote:
            match = _ENDS[open_quote].match(line)
            if match is None:
                return done + "x" * len(line), open_quote
            done, line = done + "x" * (match.end() - 1) + open_quote, line[match.end() :]
        mark = _MARK.search(line) if not done else _MARK.search(" " + line)
        if mark is None:
            return done + line, ""
        at = mark.start() - (1 if done else 0)
        if "#" in mark[0]:
            return done + line[: max(at, 0)], ""
        open_quote, rest = mark[0], line[at + 1 :]
        if not _ENDS[open_quote].match(rest) and not _goes_on(open_quote, below):
            return done + line[:at] + _GAP + rest, ""
        done, line = done + line[: at + 1], rest


def _goes_on(quote: str, below: list[str]) -> bool:
    """Whether a quoted text that does not end on its line ends further down as it must."""
    for line in below:
        if _LINE_OF_ITS_OWN.match(line):
            return False
        if match := _ENDS[quote].match(line):
            return bool(re.match(r"[\s,\]}:#]*$", line[match.end() :].partition(" #")[0]))
    return False
