"""What kinds of parts a docx may hold: the closed list of content types, and what each must begin with.

Used by ``inspection``. The list holds what Word, WPS and LibreOffice write into an ordinary document. A
picture must be a picture by its first bytes, so that nothing else travels under its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.inspection.danger import Danger, quoted
from andu.papers.checks.inspection.markup import read_markup
from andu.papers.template.archive import CONTENT_TYPES

_OFFICE = "application/vnd.openxmlformats-officedocument."
_WORD = f"{_OFFICE}wordprocessingml."
MAIN = f"{_WORD}document.main+xml"

_WORD_PARTS = (
    "document.main styles settings webSettings fontTable numbering header footer footnotes endnotes comments "
    "commentsExtended commentsIds commentsExtensible people document.glossary"
)
_DRAWING_PARTS = "diagramData diagramLayout diagramStyle diagramColors"
_MARKUP = {
    *(f"{_WORD}{name}+xml" for name in _WORD_PARTS.split()),
    *(f"{_OFFICE}drawingml.{name}+xml" for name in _DRAWING_PARTS.split()),
    *(f"{_OFFICE}{name}+xml" for name in ("theme", "themeOverride", "extended-properties")),
    *(f"{_OFFICE}{name}+xml" for name in ("custom-properties", "customXmlProperties")),
    "application/vnd.openxmlformats-package.relationships+xml",
    "application/vnd.openxmlformats-package.core-properties+xml",
    "application/vnd.ms-word.stylesWithEffects+xml",
    "application/vnd.ms-office.drawingml.diagramDrawing+xml",
    "application/vnd.ms-office.classificationlabels+xml",
    "application/xml",
    "text/xml",
}
_EMF = (b"\x01\x00\x00\x00",)
_WMF = (b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
_BINARY: dict[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/jpg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/bmp": (b"BM",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "image/x-emf": _EMF,
    "image/emf": _EMF,
    "image/x-wmf": _WMF,
    "image/wmf": _WMF,
    f"{_WORD}printerSettings": (b"",),
}
"""Content type → what such a part begins with."""

_MARKUP_LOWER = {kind.lower() for kind in _MARKUP}
_BINARY_LOWER = {kind.lower(): marks for kind, marks in _BINARY.items()}

_KNOWN_BAD = (
    ("macroenabled", _l("带宏的文档类型，请另存为不带宏的 docx。")),
    ("vba", _l("宏（VBA 工程），请另存为不带宏的 docx。")),
    ("keymapcustomizations", _l("自定义快捷键，可能调用宏，请另存为普通的 docx。")),
    ("attachedtoolbars", _l("自定义工具栏，可能调用宏，请另存为普通的 docx。")),
    ("activex", _l("ActiveX 控件，请删去控件。")),
    ("oleobject", _l("嵌入的 OLE 对象，请删去，或改成图片。")),
    ("chart", _l("图表，请改成图片。")),
    ("spreadsheetml", _l("嵌入的工作簿，请删去，或改成图片。")),
    ("presentationml", _l("嵌入的演示文稿，请删去。")),
    ("template.main", _l("Word 模板类型（dotx），请另存为 docx。")),
    ("wordprocessingml.document", _l("嵌入的另一份文档，请删去。")),
    ("msword", _l("嵌入的另一份文档，请删去。")),
    ("html", _l("嵌入的网页，请删去，只留文字。")),
    ("rtf", _l("嵌入的 RTF 文档，请删去，只留文字。")),
    ("font", _l("嵌入的字体，请在 Word 选项的“保存”里去掉“将字体嵌入文件”后再存。")),
    ("webextension", _l("网页加载项，请删去。")),
    ("digital-signature", _l("数字签名，套用后会失效，请存成没有签名的文件。")),
    ("svg", _l("SVG 图片，请改成 PNG。")),
    ("x-msmetafile", _l("不明格式的图元文件，请改成 PNG 图片。")),
)


class Kinds:
    """The content type of each part, as ``[Content_Types].xml`` declares it; ``dangers`` of that table."""

    def __init__(self, table: bytes) -> None:
        root, self.dangers = read_markup(CONTENT_TYPES, table)
        self._named: dict[str, str] = {}
        self._by_ending: dict[str, str] = {}
        self.has_main = False
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        named, endings = list(root.iter("{*}Override")), list(root.iter("{*}Default"))
        keys = [(entry.get("PartName") or "").lstrip("/").casefold() for entry in named]
        ends = [(entry.get("Extension") or "").casefold() for entry in endings]
        self._named = dict(zip(keys, (_kind(entry) for entry in named), strict=True))
        self._by_ending = dict(zip(ends, (_kind(entry) for entry in endings), strict=True))
        for twice in (
            key for key, times in Counter([*keys, *(f".{end}" for end in ends)]).items() if times > 1
        ):
            self.dangers.append(Danger(_("“%(name)s”登记了两次类型。", name=quoted(twice)), CONTENT_TYPES))

    def of(self, name: str) -> str:
        """The content type of a part, in lower case; empty if it has none."""
        key = name.casefold()
        return self._named.get(key) or self._by_ending.get(key.rpartition(".")[2], "")

    def is_binary(self, name: str) -> bool:
        """Whether a part is rightly not XML."""
        return self.of(name) in _BINARY_LOWER

    def is_picture(self, name: str) -> bool:
        """Whether a part is a picture: by its kind here, by its first bytes in ``judge``."""
        return self.is_binary(name) and self.of(name).startswith("image/")

    def judge(self, name: str, part: bytes) -> Iterator[Danger]:
        """What is wrong with the kind of one part."""
        kind = self.of(name)
        if kind == MAIN.lower():
            if self.has_main:
                yield Danger(_("有两个正文。"), name)
            self.has_main = True
        if kind in _BINARY_LOWER:
            if not part.startswith(_BINARY_LOWER[kind]):
                yield Danger(_("内容不是登记的图片格式，请用 Word 重新插入图片。"), name)
        elif kind not in _MARKUP_LOWER:
            yield Danger(_foreign(kind), name)


def _kind(entry: etree._Element) -> str:
    return (entry.get("ContentType") or "").strip().lower()


def _foreign(kind: str) -> str:
    for word, sentence in _KNOWN_BAD:
        if word in kind:
            return str(sentence)
    if not kind:
        return _("没有登记类型的部件，请用 Word 另存后再试。")
    return _("普通文档里不该有的部件，类型是“%(kind)s”。", kind=quoted(kind))
