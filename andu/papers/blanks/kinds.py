"""Which kind of field a label asks for: the office's own forms, then endings, then the box."""

from __future__ import annotations

import re
from collections.abc import Mapping

from andu.papers.blanks import labels
from andu.papers.blanks.found import PHOTO, SEAL, SIGNATURE

_ENDINGS = (
    (re.compile(r"身份证(?:件)?号码?|公民身份号码|证件号码?"), "idnumber"),
    (re.compile(r"(?:电\s*话|手\s*机|联系方式|手机号码?|传\s*真)(?:号码?)?$"), "phone"),
    (
        re.compile(r"(?:日\s*期|时\s*间|年\s*月|年月日|起止|期\s*限|何时|生\s*日)$|^(?:填报|申请|签收)日"),
        "date",
    ),
    (re.compile(r"^性\s*别$|^是\s*否|^有\s*无"), "choice"),
    (
        re.compile(
            r"(?:金\s*额|数\s*量|人\s*数|件\s*数|份\s*数|次\s*数|总\s*数|面\s*积|年\s*龄|单\s*价|合\s*计|比\s*例|"
            r"薪\s*资|费\s*用|分\s*数|得\s*分|总\s*额|台\s*数|页\s*数|天\s*数|户\s*数|亩\s*数|（元）|（万元）)$"
        ),
        "number",
    ),
    (re.compile(r"附\s*件$|材\s*料\s*附|上\s*传"), "attachments"),
)
_LONG = re.compile(
    r"意\s*见|简\s*介|简\s*历|内\s*容|情\s*况|摘\s*要|原\s*因|事\s*由|理\s*由|评\s*价|评\s*语|描\s*述|措\s*施|结\s*果|"
    r"结\s*论|总\s*结|说\s*明|要\s*求|备\s*注|经\s*过|事\s*迹|建\s*议|方\s*案|计\s*划|依\s*据|过\s*程|事\s*项|经\s*历|要\s*点"
)
_UNITS = re.compile(r"\s*(?:元|万元|个月|个|人|份|件|岁|天|年|次|页|%|％|平方米|㎡|亩|公里|台|套|周|小时|分)")
_TALL = 1100
"""Twips: a row this high has room for several lines of writing."""


def kind_of(label: str, lines: int = 1, height: int = 0, known: Mapping[str, str] | None = None) -> str:
    """The kind of field for a label; ``lines`` and ``height`` (twips) are the size of its box."""
    bare = labels.tidy(label)
    if labels.is_photo(bare):
        return PHOTO
    if labels.is_signature(bare):
        return SIGNATURE
    if labels.is_seal(bare):
        return SEAL
    if known and bare in known:
        return known[bare]
    short = labels.split_note(bare)[0]
    for ending, kind in _ENDINGS:
        if ending.search(short) and not (kind == "number" and re.search("[及和与、]", short)):
            return kind
    has_room = lines >= 3 or height >= _TALL
    return "longtext" if has_room or (_LONG.search(short) and (lines >= 2 or height >= 700)) else "text"


def unit_kind(behind: str) -> str:
    """``number`` where a unit of measure stands right behind a blank, else nothing."""
    return "number" if _UNITS.match(behind) else ""
