"""Which fields may live on a paper: those that the paper itself decides (pages, numbers), and no others.

Used by ``rest``. A field that says the day, a name, a property or a sum says something else each time the
paper is opened. One that quotes a part of the paper is judged by ``quoting``. One that shows a tag, or a
property that is a tag, becomes that tag; one that shows a fixed property becomes its text; of all others
nobody can know what was meant, so they are refused, or frozen as they are by the one act that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from lxml import etree

from andu.papers.checks.rest.fields import Field, fields_of
from andu.papers.checks.rest.opened import SHOWN_WORDS, Opened, W
from andu.papers.checks.rest.quoting import QUOTING, Quoted, counts
from andu.papers.template.package import parse_xml

_LIVING = (
    "PAGE NUMPAGES SECTIONPAGES SECTION PAGEREF NOTEREF TC TA XE HYPERLINK EQ "
    "SYMBOL ADVANCE AUTONUM AUTONUMLGL AUTONUMOUT LISTNUM SEQ SHAPE DISPLAYBARCODE"
)
"""The document itself decides what these show."""
_SAYING = (
    "TITLE SUBJECT KEYWORDS COMMENTS DOCPROPERTY INFO DOCVARIABLE CITATION BIBLIOGRAPHY QUOTE AUTOTEXTLIST"
)
"""They show a text that stands in the file."""
_FORMS = "FORMTEXT FORMCHECKBOX FORMDROPDOWN"
_DAY = _l("日期和时间，每次打开都会变：成文日期请写成 {{ issued_on }}")
_NAME = _l("人的姓名，会随打开的人改变：填报人请写成 {{ author_name }}")
_MERGED = _l("邮件合并的内容：请写成 {{ 名称 }}")
_COUNTED = _l("由 Word 计算的内容：请由表单来算，或写成 {% if … %}")
_FILE = _l("文件自身的情况，会随文件改变：请删去")
_REASONS = (
    ("DATE TIME SAVEDATE PRINTDATE CREATEDATE EDITTIME", _DAY),
    ("AUTHOR LASTSAVEDBY USERNAME USERINITIALS USERADDRESS", _NAME),
    ("MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF SKIPIF ADDRESSBLOCK GREETINGLINE", _MERGED),
    ("= IF COMPARE SET ASK FILLIN", _COUNTED),
)
_WHY = {name: why for names, why in _REASONS for name in names.split()}
_DAYS = ("createtime", "lastsavedtime", "lastprinted", "totaleditingtime", "edittime", "createdate")
_NAMES = ("author", "lastsavedby", "manager", "company")
_COUNTS = "pages words characters paragraphs lines bytes revisionnumber revnum template"
_TAG = re.compile(r"\{\{|\{%")
_SHORT_DATES = tuple(f"{W}{part}{size}" for part in ("day", "month", "year") for size in ("Long", "Short"))
_BOXES = {True: "☑", False: "☐"}


def settle(opened: Opened) -> Iterator[str]:
    """Make text of each field that can only mean one thing; a sentence for each."""
    yield from _frozen(opened, False)


def freeze(opened: Opened) -> Iterator[str]:
    """Make text of every field that may not live on; a sentence for each."""
    yield from _frozen(opened, True)
    for name, root in opened.stories.items():
        for date in [*root.iter(*_SHORT_DATES)]:
            yield _("已删去自动变化的日期（%(where)s）。", where=opened.where(name, date))
            date.getparent().remove(date)
            opened.touch(name)


def found_in(opened: Opened) -> Iterator[tuple[str, str]]:
    """Where each field stands that may not live on, and why not."""
    quoted = Quoted(opened)
    for name, root in opened.stories.items():
        for one in fields_of(root):
            if not _lives(one):
                why = quoted.why(one) if one.name in QUOTING else _why(one)
                yield opened.where(name, one.begin), f"{one.name}（{why}）"
        for date in root.iter(*_SHORT_DATES):
            yield opened.where(name, date), str(_DAY)


def _frozen(opened: Opened, all_of_them: bool) -> Iterator[str]:
    properties, quoted = _properties(opened), Quoted(opened)
    for name, root in opened.stories.items():
        # the inner ones first; one within an instruction goes with it
        for one in reversed(fields_of(root)):
            words = None if _lives(one) or _stays_inner(one) else _meant(one, properties, quoted)
            if words is None and (not all_of_them or _lives(one)):
                continue
            place = opened.where(name, one.begin)
            one.freeze(words)
            opened.touch(name)
            said = " ".join((one.shown if words is None else words).split())[:SHOWN_WORDS]
            yield _(
                "域 %(name)s 已固定成文字“%(words)s”（%(where)s）。", name=one.name, words=said, where=place
            )


def _lives(one: Field) -> bool:
    inner = one.outer is not None and one.is_inner and _stays_inner(one)
    return not one.name or ((one.name in _LIVING.split() or counts(one)) and not inner)


def _stays_inner(one: Field) -> bool:
    """It is a part of an instruction, which a text cannot be."""
    return one.is_inner and one.begin.tag != f"{W}fldSimple"


def _meant(one: Field, properties: Mapping[str, str], quoted: Quoted) -> str | None:
    """The text that a field can only mean; None where nobody knows."""
    if one.name in QUOTING:
        return quoted.meant(one)
    if _TAG.search(one.shown):
        return one.shown
    if one.name in _FORMS.split():
        return _form(one)
    if one.name not in _SAYING.split():
        return None
    key = _property(one)
    said = properties.get(key, "")
    if _TAG.search(said):
        return said
    return None if key in (*_DAYS, *_NAMES, *_COUNTS.split()) else one.shown or said


def _property(one: Field) -> str:
    named = one.argument if one.name in ("DOCPROPERTY", "INFO") else one.name
    return named.lower()


def _form(one: Field) -> str:
    """What a form field of the old kind shows: its text, its box, the entry that was chosen."""
    data = one.begin.find(f"{W}ffData")
    box = data.find(f"{W}checkBox") if data is not None else None
    if one.name == "FORMCHECKBOX":
        marks = [] if box is None else box.findall(f"{W}checked") or box.findall(f"{W}default")
        return _BOXES[bool(marks) and marks[0].get(f"{W}val", "1") not in ("0", "false", "off")]
    if one.name == "FORMDROPDOWN" and data is not None:
        entries = [each.get(f"{W}val", "") for each in data.iter(f"{W}listEntry")]
        chosen = data.find(f"{W}ddList/{W}result")
        number = chosen.get(f"{W}val", "0") if chosen is not None else "0"
        places = {str(place): entry for place, entry in enumerate(entries)}
        return one.shown or places.get(number, "")
    return one.shown


def _why(one: Field) -> str:
    key = _property(one)
    if key in _DAYS:
        return str(_DAY)
    return str(_NAME if key in _NAMES else _WHY.get(one.name, _FILE))


def _properties(opened: Opened) -> dict[str, str]:
    """The properties of the document, by the names that fields use."""
    found: dict[str, str] = {}
    for name in opened.parts:
        if name.startswith("docProps/") and name.endswith(".xml"):
            for element in parse_xml(opened.parts[name]):
                key = (element.get("name") or str(etree.QName(element).localname)).lower()
                found[{"description": "comments"}.get(key, key)] = "".join(element.itertext())
    return found
