"""What is wrong with the text of a YAML file, in the words of whoever wrote it: line and remedy, in Chinese.

Called by ``yamltext`` and ``plain``. What the YAML reader says is told in Chinese with the remedy; the slips
that it calls something else, on another line, are found by ``yamlslips``.
"""

from flask_babel import gettext as _

_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class NotText(Exception):
    """The bytes are no text that could be read; ``line`` says where, the message what to do."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, with or without a mark at its beginning; raises ``NotText``."""
    if data[:2] in _BOMS:
        raise NotText(_("文件是 UTF-16 编码（记事本的“Unicode”），请另存为 UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        raise NotText(_("读不出来，应当是 UTF-8 文本，这里却不是文字"), line) from None
    raise NotText(_("文件是 GBK 编码（记事本的“ANSI”），应当是 UTF-8 文本，请另存为 UTF-8"), line)


def in_words(problem: str) -> str:
    """What the YAML reader says, in Chinese with the remedy."""
    for said, words in (
        ("mapping values are not allowed", _("缩进与上一行不一致，或一行有两个冒号；值里有冒号请整个加引号")),
        ("could not find expected ':'", _("这一行缺少冒号“: ”")),
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
