"""What is wrong with the text of a YAML file, in the words of whoever wrote it: line and remedy, in Chinese.

Called by ``yamltext`` and, for the office's own files, by ``andu.office.config`` and ``workdays``. The slips
that a clerk makes (a tab, a full-width colon, no blank after a colon, a file saved as GBK) are looked for in
the text itself: what the YAML reader says of them names another line, and in English.
"""

import re

from flask_babel import gettext as _

_TAB = re.compile(r"^ *\t")
_WIDE_COLON = re.compile(r"^\s*(?:- +)?[\"']?[A-Za-z_][\w.]*[\"']?\s*：")
_NO_BLANK = re.compile(r"^\s*(?:- +)?[A-Za-z_]\w*:[^\s/]")
_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class Unreadable(Exception):
    """The bytes are no text that could be read; ``line`` says where, the message what to do."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark at its beginning; raises ``Unreadable``."""
    if data[:2] in _BOMS:
        raise Unreadable(_("文件是 UTF-16 编码（记事本的“Unicode”），请另存为 UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        raise Unreadable(_("读不出来，应当是 UTF-8 文本，这里却不是文字"), line) from None
    raise Unreadable(_("文件是 GBK 编码（记事本的“ANSI”），应当是 UTF-8 文本，请另存为 UTF-8"), line)


def slip(text: str) -> tuple[int, str] | None:
    """The first slip of the pen in the text that the YAML reader would call something else."""
    looks = (
        (_TAB, _("缩进里有制表符（Tab），请改成空格")),
        (_WIDE_COLON, _("用了全角冒号“：”，请改成半角冒号加一个空格“: ”")),
        (_NO_BLANK, _("冒号后面少一个空格")),
    )
    for pattern, words in looks:
        for number, line in enumerate(text.splitlines(), start=1):
            if pattern.match(line):
                return number, words
    return None


def in_words(problem: str) -> str:
    """What the YAML reader says, in Chinese with the remedy."""
    for said, words in (
        ("mapping values are not allowed", _("缩进与上一行不一致，或一行有两个冒号；值里有冒号请整个加引号")),
        ("could not find expected ':'", _("上一行缺少冒号“: ”")),
        ("expected ',' or ']'", _("方括号没有配对，缺“]”或逗号")),
        ("expected ',' or '}'", _("花括号没有配对，缺“}”或逗号")),
        ("unexpected end of stream", _("引号没有配对")),
        ("cannot start any token", _("值不能以这个符号开头，请整个加引号")),
        ("expected <block end>", _("缩进与上面的行不一致")),
        ("expected '<document start>'", _("缩进与上面的行不一致")),
        ("unknown escape character", _("双引号里的反斜杠写法不对，请改用单引号")),
        ("special characters are not allowed", _("有看不见的控制字符，请删去")),
    ):
        if said in problem:
            return words
    return problem
