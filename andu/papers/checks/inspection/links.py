"""What a docx may point to: the closed list of kinds of relationship, and where each may lead.

Used by ``inspection`` for each part of relationships. Only a hyperlink to a web page or a mail address may
lead outside; everything else stays inside the file (threat S6: a remote template survives filling).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.inspection.danger import Danger, quoted

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
HYPERLINK = f"{_OFFICE}hyperlink"
_ORDINARY = (
    "officeDocument extended-properties custom-properties thumbnail styles settings webSettings fontTable "
    "numbering theme themeOverride header footer footnotes endnotes comments image hyperlink "
    "customXml customXmlProps glossaryDocument printerSettings diagramData diagramLayout diagramQuickStyle "
    "diagramColors"
)
_LATER = (
    "2007/relationships/stylesWithEffects 2007/relationships/diagramDrawing 2011/relationships/people "
    "2011/relationships/commentsExtended 2016/09/relationships/commentsIds "
    "2018/08/relationships/commentsExtensible 2020/02/relationships/classificationlabels"
)
_ALLOWED = {
    *(f"{_OFFICE}{name}" for name in _ORDINARY.split()),
    *(f"{_MICROSOFT}{name}" for name in _LATER.split()),
    f"{_OFFICE}metadata/core-properties",
    f"{_PACKAGE}core-properties",
    f"{_PACKAGE}thumbnail",
}
_KNOWN_BAD = {
    "attachedTemplate": _l("附加的模板，请在“开发工具—文档模板”里清空后再存。"),
    "oleObject": _l("OLE 对象，请删去，或改成图片。"),
    "package": _l("嵌入的文件，请删去，或改成图片。"),
    "control": _l("ActiveX 控件，请删去控件。"),
    "activeXControlBinary": _l("ActiveX 控件，请删去控件。"),
    "aFChunk": _l("从别的文件插入的内容（altChunk），请把内容粘贴进来。"),
    "frame": _l("框架网页，请删去。"),
    "subDocument": _l("主控文档的子文档，请合并成一份。"),
    "vbaProject": _l("宏（VBA 工程），请另存为不带宏的 docx。"),
    "wordVbaData": _l("宏的数据，请另存为不带宏的 docx。"),
    "keyMapCustomizations": _l("自定义快捷键，可能调用宏，请另存为普通的 docx。"),
    "attachedToolbars": _l("自定义工具栏，可能调用宏，请另存为普通的 docx。"),
    "extensibility": _l("自定义功能区，可能调用宏，请另存为普通的 docx。"),
    "mailMergeSource": _l("邮件合并的数据源，请在“邮件”里改为普通文档。"),
    "mailMergeHeaderSource": _l("邮件合并的数据源，请在“邮件”里改为普通文档。"),
    "recipientData": _l("邮件合并的数据源，请在“邮件”里改为普通文档。"),
    "transform": _l("保存时用的外部转换，请去掉。"),
    "chart": _l("图表，请改成图片。"),
    "font": _l("嵌入的字体，请在 Word 选项的“保存”里去掉“将字体嵌入文件”后再存。"),
    "video": _l("视频，请删去。"),
    "audio": _l("音频，请删去。"),
    "media": _l("视频或音频，请删去。"),
}
_MAY_LEAD_OUT = re.compile(r"(https?://|mailto:)", re.I)
_LEAVES = re.compile(r"[\\\x00-\x1f]|^\s*[a-z][a-z0-9+.-]*:|//|^(\.\./){3}|%2e|%5c", re.I)


def judge_links(name: str, root: etree._Element) -> Iterator[Danger]:
    """What is wrong with the relationships of one part."""
    for link in root.iter("{*}Relationship"):
        kind, target = link.get("Type") or "", link.get("Target") or ""
        if kind not in _ALLOWED:
            yield Danger(_foreign(kind), name)
        elif (link.get("TargetMode") or "Internal") == "Internal":
            if _LEAVES.search(target):
                yield Danger(_("指向文件以外的部件：“%(where)s”。", where=quoted(target)), name)
        elif kind != HYPERLINK:
            yield Danger(_("外部图片或外部部件：“%(where)s”，请改为嵌入。", where=quoted(target)), name)
        elif not _MAY_LEAD_OUT.match(target):
            yield Danger(_("超链接不是网页或邮箱地址：“%(where)s”。", where=quoted(target)), name)


def _foreign(kind: str) -> str:
    known = _KNOWN_BAD.get(kind.rpartition("/")[2])
    if known is not None:
        return str(known)
    if kind.startswith("http://purl.oclc.org/ooxml/"):
        return _("“严格”格式的文档，请在 Word 里另存为普通的 docx。")
    return _("普通文档里不该有的关系，类型是“%(kind)s”。", kind=quoted(kind))
