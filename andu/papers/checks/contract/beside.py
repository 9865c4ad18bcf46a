"""What stands beside a tag that takes its whole paragraph, row or cell away, and so would vanish unseen.

Called by ``checking``, and for ``paper fill``. ``{%p … %}`` takes its paragraph, ``{%tr … %}`` its row,
``{%tc … %}`` its cell, ``{#p … #}`` and the like too: each must stand there alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.contract.finding import ERROR, Finding
from andu.papers.checks.contract.places import SHOWN_WORDS, part_label
from andu.papers.template import FILLED_TYPES, W
from andu.papers.template.package import content_types, parse_xml, read_package

_TAG = re.compile(r"\{[%#](p|tr|tc)\s.*?[%#]\}", re.DOTALL)
_SEEN = ("drawing", "pict", "object")


def lost_words(docx: bytes) -> Iterator[Finding]:
    """Whatever would vanish with a tag, with its words; ``PaperFault`` if this is no docx."""
    parts = read_package(docx)
    for name, kind in content_types(parts).items():
        if kind in FILLED_TYPES and name.startswith("word/"):
            yield from _lost(parse_xml(parts[name]), part_label(name))


def _lost(root: etree._Element, part: str) -> Iterator[Finding]:
    for paragraph in root.iter(f"{W}p"):
        own = "".join(text.text or "" for text in paragraph.iter(f"{W}t") if _holder(text) is paragraph)
        for found in _TAG.finditer(own):
            holder = _taken(paragraph, found.group(1))
            message = _message(found, holder)
            if message:
                words = " ".join("".join(holder.itertext(f"{W}t")).split() if holder is not None else [own])
                yield Finding(
                    ERROR, message, f"{part}：{words[:SHOWN_WORDS]}" if part else words[:SHOWN_WORDS]
                )
                break


def _holder(text: etree._Element) -> etree._Element | None:
    return next(text.iterancestors(f"{W}p"), None)


def _taken(paragraph: etree._Element, kind: str) -> etree._Element | None:
    """The paragraph, row or cell that goes with a tag."""
    return paragraph if kind == "p" else next(paragraph.iterancestors(f"{W}{kind}"), None)


def _message(found: re.Match[str], holder: etree._Element | None) -> str:
    tag, kind = found.group(), found.group(1)
    if holder is None:
        return _("“%(tag)s”不在表格里：整段的写成 {%%p … %%}，句子里的写成 {%% … %%}。", tag=tag)
    whole = "".join(holder.itertext(f"{W}t"))
    others = whole.replace(tag, "", 1).strip()
    is_seen = any(next(holder.iter(f"{{*}}{name}"), None) is not None for name in _SEEN)
    if not others and not is_seen:
        return ""
    taken = {"p": _("整段"), "tr": _("整行"), "tc": _("整个单元格")}[kind]
    what = others[:SHOWN_WORDS] or _("图片")
    return _(
        "“%(tag)s”所在的%(taken)s套用后都会消失，“%(what)s”也印不出来：让它单独占%(taken)s，"
        "或在句子里写成 {%% … %%}。",
        tag=tag,
        taken=taken,
        what=what,
    )
