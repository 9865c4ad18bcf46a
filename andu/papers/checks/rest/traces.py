"""Traces of people and times in a docx that no paper needs: properties, numbers of editing sessions, labels.

Used by ``rest``. Filling takes author, company, editor and times out of every paper anyhow (``template``);
here they go out of a template that is brought to rest. Data that only programs read (custom XML, labels,
settings of a printer, the thumbnail) goes from every template that comes in.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _

from andu.papers.checks.rest.opened import Opened, W
from andu.papers.template.properties import without_traces

_ATTACHED = ("customXml/", "docProps/thumbnail", "docMetadata/", "word/printerSettings", "word/glossary/")
_SETTINGS = ("rsids", "trackRevisions", "doNotTrackMoves", "doNotTrackFormatting", "docVars")
_PATH = re.compile(r"(?:[A-Za-z]:|\\|/|file:).*[\\/]")
_SESSIONS = ("rsidR", "rsidRPr", "rsidP", "rsidRDefault", "rsidTr", "rsidSect", "rsidDel")


def settle(opened: Opened) -> list[str]:
    """Leave out what only programs read; a sentence, if there was any."""
    names = [name for name in opened.parts if name.startswith(_ATTACHED) and not name.endswith(".rels")]
    opened.drop(names)
    _settings(opened)
    _marks(opened)
    return (
        [_("已去掉文件里附带的数据（自定义 XML、文档部件库、标签、打印机设置、缩略图）。")] if names else []
    )


def wipe(opened: Opened) -> list[str]:
    """Take people and times out of the properties, and the numbers of sessions out of the text."""
    changed = False
    for name, kind in opened.kinds.items():
        part = without_traces(opened.parts[name], kind)
        if part != opened.parts[name]:
            opened.replace(name, part)
            changed = True
    for name, root in opened.stories.items():
        for element in root.iter():
            for session in _SESSIONS:
                if element.attrib.pop(f"{W}{session}", None) is not None:
                    opened.touch(name)
    return [_("已清除作者、修改人、单位、时间等文档属性。")] if changed else []


def _marks(opened: Opened) -> None:
    """Who may edit what, and where on somebody's computer a picture came from."""
    for name, root in opened.stories.items():
        for mark in [*root.iter(f"{W}permStart", f"{W}permEnd")]:
            mark.getparent().remove(mark)
            opened.touch(name)
        for shape in root.iter("{*}docPr", "{*}cNvPr"):
            for key in ("name", "descr", "title"):
                words = shape.get(key, "")
                if _PATH.match(words):
                    shape.set(key, re.split(r"[\\/]", words)[-1])
                    opened.touch(name)


def _settings(opened: Opened) -> None:
    for name, root in opened.beside.items():
        for kind in _SETTINGS:
            for element in [*root.iter(f"{W}{kind}")]:
                element.getparent().remove(element)
                opened.touch(name)
