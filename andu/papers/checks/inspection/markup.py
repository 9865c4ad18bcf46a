"""Reading one XML part with distrust, and the elements no paper may hold.

Used by ``inspection``. Before the parser sees a part, its encoding, its declarations, and the number of its
elements and attributes are checked on the bytes; the parser itself stops at 256 levels (threat S5).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.inspection.danger import Danger, quoted

MAX_ELEMENTS = 200_000
MAX_ATTRIBUTES = 200_000
"""Of one part: a table of 1,000 rows and ten columns has fewer, and more would not fit into memory."""

_DECLARED = re.compile(rb"""encoding\s*=\s*["']([^"']*)""", re.I)
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.I)
_ATTRIBUTE = re.compile(rb"""=\s{0,9}["']""")
_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"", "utf-8-sig"),
)
_SAME = {"utf-16": ("utf-16", "utf-16le", "utf-16be"), "utf-8-": ("utf-8", "utf8", "us-ascii", "ascii")}

_FORBIDDEN = {
    "altChunk": _l("从别的文件插入的内容（altChunk），请把内容粘贴进来。"),
    "OLEObject": _l("OLE 对象，请删去，或改成图片。"),
    "objectEmbed": _l("OLE 对象，请删去，或改成图片。"),
    "objectLink": _l("链接的 OLE 对象，请删去，或改成图片。"),
    "control": _l("ActiveX 控件，请删去控件。"),
    "ocx": _l("ActiveX 控件，请删去控件。"),
    "subDoc": _l("主控文档的子文档，请合并成一份。"),
    "frameset": _l("框架网页，请删去。"),
    "attachedTemplate": _l("附加的模板，请在“开发工具—文档模板”里清空后再存。"),
    "mailMerge": _l("邮件合并的数据源，请在“邮件”里改为普通文档。"),
    "saveThroughXslt": _l("保存时用的外部转换，请去掉。"),
    "entryMacro": _l("窗体域里的宏，请删去。"),
    "exitMacro": _l("窗体域里的宏，请删去。"),
    "webVideoPr": _l("联机视频，请删去。"),
    "videoFile": _l("视频，请删去。"),
    "audioFile": _l("音频，请删去。"),
    "movie": _l("影片，请删去。"),
    "delInstrText": _l("修订痕迹里的域，请先接受全部修订。"),
}
_OFFICE = (
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/",
    "http://schemas.microsoft.com/",
    "urn:",
)
_FORBIDDEN_TAGS = tuple(f"{{*}}{name}" for name in _FORBIDDEN)
_OLD_DRAWING = ("{urn:schemas-microsoft-com:vml}*", "{urn:schemas-microsoft-com:office:office}*")
"""VML names its pictures by address; everything newer goes through relationships (``links``)."""
_ADDRESSES = ("src", "althref", "href")
_REMOTE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|[/\\])", re.I)
_PAGE = re.compile(r"\s*(https?:|mailto:)", re.I)


def read_markup(name: str, part: bytes) -> tuple[etree._Element | None, list[Danger]]:
    """The root of a part, or None and why it is not parsed."""
    text, encoding = _as_utf8(part)
    if text is None:
        return None, [Danger(_("文字编码不正常（%(name)s），只能是 UTF-8。", name=quoted(encoding)), name)]
    if _DTD.search(text):
        return None, [Danger(_("有不允许的文档类型声明（DOCTYPE）或实体。"), name)]
    if text.count(b"<") - text.count(b"</") > MAX_ELEMENTS or _attributes(text) > MAX_ATTRIBUTES:
        return None, [Danger(_("内容异常多，请拆小后再试。"), name, is_size=True)]
    try:
        return etree.fromstring(part, _parser()), []
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error):
            return None, [Danger(_("结构嵌套过深。"), name)]
        return None, [Danger(_("内部结构已损坏，请用 Word 另存后再试。"), name)]


def judge_elements(name: str, root: etree._Element) -> Iterator[Danger]:
    """Elements and attributes that bring in something from outside the text."""
    for element in root.iter(*_FORBIDDEN_TAGS):
        if _is_office(element):
            yield Danger(str(_FORBIDDEN[etree.QName(element).localname]), name)
    for element in root.iter(*_OLD_DRAWING):
        for key, address in element.attrib.items():
            if _leads_out(etree.QName(key).localname, str(address)):
                what = _("指向文件以外的图片或对象：“%(where)s”。", where=quoted(str(address)))
                yield Danger(what, name)


def _leads_out(attribute: str, address: str) -> bool:
    if attribute not in _ADDRESSES or not _REMOTE.match(address):
        return False
    return attribute != "href" or not _PAGE.match(address)


def _is_office(element: etree._Element) -> bool:
    """Custom data of other programs may name its elements as it likes."""
    return (etree.QName(element).namespace or "").startswith(_OFFICE)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _attributes(text: bytes) -> int:
    if text.count(b"=") <= MAX_ATTRIBUTES:
        return 0
    return sum(1 for _match in _ATTRIBUTE.finditer(text))


def _as_utf8(part: bytes) -> tuple[bytes | None, str]:
    """The part in UTF-8, or None, and its encoding: only UTF-8 and UTF-16 are allowed (ISO/IEC 29500-2)."""
    encoding = next(name for mark, name in _MARKS if part.startswith(mark))
    try:
        text = part.decode(encoding).encode()
    except UnicodeError:
        return None, encoding
    head = text[: text.find(b"?>")] if text.lstrip().startswith(b"<?xml") else b""
    said = [word.decode("ascii", "replace").lower() for word in _DECLARED.findall(head)]
    if b"\0" in text or any(word not in _SAME[encoding[:6]] for word in said):
        return None, " ".join(said)
    return text, encoding
