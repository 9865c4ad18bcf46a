"""The docx around a body of our own: styles, settings, theme, font table, properties, relationships.

Called by ``drafting`` and ``official`` through ``document``. It exists because python-docx's default
template carries parts that Word wants to repair and theme fonts that override the East Asian faces; here
the theme names our faces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from andu.papers.drawing.ooxml import FANG, HEI, KAI, SONG, XIAOBIAO, PageSetup
from andu.papers.template.package import CONTENT_TYPES, MAIN_TYPE, write_package

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."


def document(
    body: str,
    page: PageSetup,
    footers: Mapping[str, str],
    title: str,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The docx. ``footers`` and ``headers`` map ``default``, ``even`` or ``first`` to their paragraphs;
    ``title`` may name things."""
    margins = {("header", kind): content for kind, content in (headers or {}).items()}
    margins |= {("footer", kind): content for kind, content in footers.items()}
    ids = {key: f"rId{number}" for number, key in enumerate(margins, start=10)}
    parts = {
        "word/document.xml": _part("document", f"<w:body>{body}{page.xml(ids)}</w:body>"),
        "word/styles.xml": _part("styles", _STYLES),
        "word/settings.xml": _part("settings", _settings("even" in footers)),
        "word/fontTable.xml": _part("fonts", _FONTS),
        "word/theme/theme1.xml": _THEME,
        "docProps/core.xml": _core(title),
        "docProps/app.xml": f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties"/>',
        "_rels/.rels": _relationships(_ROOT_PARTS),
    }
    roots = {"header": "hdr", "footer": "ftr"}
    parts |= {
        f"word/{part}_{kind}.xml": _part(roots[part], content) for (part, kind), content in margins.items()
    }
    linked = _LINKED | {ids[part, kind]: (part, f"{part}_{kind}.xml") for part, kind in margins}
    links = {id_: (f"{_OFFICE}/relationships/{kind}", target) for id_, (kind, target) in linked.items()}
    parts["word/_rels/document.xml.rels"] = _relationships(links)
    parts[CONTENT_TYPES] = _content_types(parts)
    return write_package({name: text.encode() for name, text in parts.items()})


_ROOT_PARTS = {
    "rId1": (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
    "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    "rId3": (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
}
_LINKED = {
    "rId1": ("styles", "styles.xml"),
    "rId2": ("settings", "settings.xml"),
    "rId3": ("fontTable", "fontTable.xml"),
    "rId4": ("theme", "theme/theme1.xml"),
}
_PART_TYPES = {
    "word/document.xml": MAIN_TYPE,
    "word/styles.xml": f"{_WORD_TYPE}styles+xml",
    "word/settings.xml": f"{_WORD_TYPE}settings+xml",
    "word/fontTable.xml": f"{_WORD_TYPE}fontTable+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_STYLES = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{FANG}" w:eastAsia="{FANG}" w:hAnsi="{FANG}" w:cs="{FANG}"/>'
    '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    # said though it is the default: LibreOffice reads it the other way round, and so no mark hangs out of the
    # text area of its PDF (5.2.3); without it, and with "0", marks do
    "<w:overflowPunct/></w:pPr></w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/><w:qFormat/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    "</w:tblPr></w:style>"
)
_FONTS = "".join(
    f'<w:font w:name="{name}"><w:charset w:val="86"/></w:font>' for name in (SONG, FANG, KAI, HEI, XIAOBIAO)
)
_COLORS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "000000", "lt2": "FFFFFF",
    "accent1": "000000", "accent2": "000000", "accent3": "000000", "accent4": "000000", "accent5": "000000",
    "accent6": "000000", "hlink": "000000", "folHlink": "000000",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'


def _theme() -> str:
    """The smallest theme Word accepts: our faces, black and white."""
    colors = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLORS.items())
    faces = f'<a:latin typeface="{FANG}"/><a:ea typeface="{FANG}"/><a:cs typeface=""/>'
    return (
        f'{_HEAD}<a:theme xmlns:a="{_DRAWING}" name="Andu"><a:themeElements>'
        f'<a:clrScheme name="Andu">{colors}</a:clrScheme>'
        f'<a:fontScheme name="Andu"><a:majorFont>{faces}</a:majorFont>'
        f"<a:minorFont>{faces}</a:minorFont></a:fontScheme>"
        f'<a:fmtScheme name="Andu"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{_FILL}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


_THEME = _theme()


def _settings(even_pages: bool) -> str:
    return (
        ('<w:evenAndOddHeaders w:val="true"/>' if even_pages else "")
        + '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/>'
        "</w:compat>"
    )


def _part(root: str, content: str) -> str:
    return f'{_HEAD}<w:{root} xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}/relationships">{content}</w:{root}>'


def _core(title: str) -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator/><cp:lastModifiedBy/></cp:coreProperties>"
    )


def _relationships(links: Mapping[str, tuple[str, str]]) -> str:
    entries = "".join(
        f"<Relationship Id={quoteattr(id_)} Type={quoteattr(kind)} Target={quoteattr(target)}/>"
        for id_, (kind, target) in links.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _content_types(names: Iterable[str]) -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_part_type(name)}"/>'
        for name in names
        if name.startswith(("word/", "docProps/")) and not name.endswith(".rels")
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _part_type(name: str) -> str:
    margin = "header" if name.startswith("word/header_") else "footer"
    return _PART_TYPES.get(name, f"{_WORD_TYPE}{margin}+xml")
