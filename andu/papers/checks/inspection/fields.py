"""Word fields: what each field's instruction is, however its pieces are scattered, and whether it may stand.

Used by ``inspection``. Only fields that compute from the document itself are allowed. Text boxes and notes
are stories of their own; an instruction is read both with and without the visible text between its pieces,
since programs differ; a name that another field would make is refused (threat S6: DDE, INCLUDETEXT …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.danger import Danger, quoted

_ALLOWED = (
    "ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT AUTOTEXTLIST BIBLIOGRAPHY CITATION COMMENTS COMPARE "
    "CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX "
    "FORMDROPDOWN FORMTEXT HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM MERGEFIELD NOTEREF NUMCHARS "
    "NUMPAGES NUMWORDS PAGE PAGEREF PRINTDATE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SHAPE STYLEREF "
    "SUBJECT SYMBOL TA TC TIME TITLE TOA TOC XE ="
)
_NEVER = "DDE DDEAUTO INCLUDE INCLUDETEXT INCLUDEPICTURE MACROBUTTON IMPORT DATABASE EMBED"
_TAGS = ("{*}fldChar", "{*}instrText", "{*}fldSimple", "{*}t")
_STORIES = ("{*}txbxContent", "{*}footnote", "{*}endnote", "{*}comment")
_NESTED = "\ufffc"
_WORD = re.compile(r"[A-Za-z]+")
_QUOTED = re.compile(r'"[^"]*"')
_FORMULA = re.compile(r"\s*=")
_ARGUMENT = re.compile(r'"\s*([^"]*)"?|(\S+)')
_LEADS_OUT = re.compile(r"(?!https?://|mailto:)([a-z][a-z0-9+.-]*:|[/\\]{2})", re.I)


@dataclass
class _Field:
    """The pieces of an instruction, and the same mixed with the visible text between them."""

    code: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    is_result: bool = False


def judge_fields(name: str, root: etree._Element) -> Iterator[Danger]:
    """Fields of one part that may not stand."""
    if next(root.iter(*_TAGS[:3]), None) is not None:
        for found in _fields(root):
            yield from _judge(name, found)


def _fields(root: etree._Element) -> Iterator[_Field]:
    # of each story the open fields, the innermost last; the first one takes what no field has begun
    stories: dict[etree._Element | None, list[_Field]] = {}
    for element in root.iter(*_TAGS):
        story = next(element.iterancestors(*_STORIES), None)
        yield from _step(element, stories.setdefault(story, [_Field(is_result=True)]))
    for opened in stories.values():
        yield from opened


def _step(element: etree._Element, opened: list[_Field]) -> Iterator[_Field]:
    """One element of a story; gives the field that it completes."""
    kind = etree.QName(element).localname
    if kind == "instrText":
        _add(opened[-1], "".join(element.itertext()))
    elif kind == "fldSimple":
        _nest(opened[-1])
        yield _Field(code=[_attribute(element, "instr")])
    elif kind == "fldChar":
        yield from _turn(_attribute(element, "fldCharType"), opened)
    elif not opened[-1].is_result:
        opened[-1].mixed.append("".join(element.itertext()))


def _turn(way: str, opened: list[_Field]) -> Iterator[_Field]:
    if way == "begin":
        _nest(opened[-1])
        opened.append(_Field())
    elif way == "separate":
        opened[-1].is_result = True
    elif len(opened) > 1:
        yield opened.pop()


def _attribute(element: etree._Element, name: str) -> str:
    values = (value for key, value in element.attrib.items() if etree.QName(key).localname == name)
    return "".join(map(str, values))


def _add(place: _Field, text: str) -> None:
    place.code.append(text)
    place.mixed.append(text)


def _nest(place: _Field) -> None:
    if not place.is_result:
        _add(place, _NESTED)


def _judge(name: str, found: _Field) -> Iterator[Danger]:
    for pieces in (found.code, found.mixed):
        what = _wrong("".join(pieces))
        if what:
            yield Danger(what, name)
            return


def _wrong(code: str) -> str:
    first = "=" if _FORMULA.match(code) else (code.split() or [""])[0].partition("\\")[0].upper()
    if _NESTED in first:
        return _("域的名称由另一个域拼成，不能使用：“%(code)s”。", code=quoted(code.replace(_NESTED, "{…}")))
    never = set(_NEVER.split()) & {word.upper() for word in _WORD.findall(_QUOTED.sub("", code))}
    if never or (first and first not in _ALLOWED.split()):
        word = ", ".join(sorted(never)) or first
        return _("不允许的域 %(word)s：“%(code)s”，请删去。", word=quoted(word), code=quoted(code))
    if first == "HYPERLINK" and any(_LEADS_OUT.match("".join(found)) for found in _ARGUMENT.findall(code)):
        return _("超链接域不是网页或邮箱地址：“%(code)s”。", code=quoted(code))
    return ""
