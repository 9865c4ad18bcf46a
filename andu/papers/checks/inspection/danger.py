"""One thing wrong with a docx, and the plain Chinese name of the place it was found in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_PLACES = (
    (r"(^|/)_rels/", _l("附件关系")),
    (r"^\[Content_Types\]\.xml$", _l("部件类型表")),
    (r"^word/document\d*\.xml$", _l("正文")),
    (r"^word/header[^/]*\.xml$", _l("页眉")),
    (r"^word/footer[^/]*\.xml$", _l("页脚")),
    (r"^word/footnotes\d*\.xml$", _l("脚注")),
    (r"^word/endnotes\d*\.xml$", _l("尾注")),
    (r"^word/(comments|people)[^/]*\.xml$", _l("批注")),
    (r"^word/styles[^/]*\.xml$", _l("样式")),
    (r"^word/(settings|webSettings)\d*\.xml$", _l("文档设置")),
    (r"^word/numbering\d*\.xml$", _l("编号")),
    (r"^word/fonts?(Table)?", _l("字体")),
    (r"^word/theme/", _l("主题")),
    (r"^word/glossary/", _l("文档部件库")),
    (r"^word/media/", _l("图片")),
    (r"/embeddings/", _l("嵌入的文件")),
    (r"^docProps/", _l("文档属性")),
    (r"^customXml/", _l("自定义数据")),
)


@dataclass(frozen=True)
class Danger:
    """What was found, as a Chinese sentence, and in which part (empty: the file as a whole)."""

    what: str
    part: str = ""
    is_size: bool = False
    """Whether there is just too much of it."""

    @property
    def message(self) -> str:
        """The whole sentence for the person who must mend the file: where, and what."""
        if not self.part:
            return self.what
        return _("%(place)s（%(part)s）：%(what)s", place=place_of(self.part), part=self.part, what=self.what)


def place_of(part: str) -> str:
    """What a clerk calls the part of a docx: 正文, 页眉, 附件关系 …"""
    return next((str(word) for pattern, word in _PLACES if re.search(pattern, part)), _("其他部件"))


def quoted(text: str) -> str:
    """Text out of a hostile file, short and without what could upset a screen."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:60].strip())
