"""The blanks drawn inside a line: underlines, 年 月 日, boxes, “label：” with room behind it, signatures.

Called for paragraphs of the body and for cells that hold more than a label. Positions in the line decide the
order; the words before a blank are its label, those behind it where there are none before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from andu.papers.blanks import boxes, labels
from andu.papers.blanks.found import OFFICE, SEAL, SIGNATURE, Blank
from andu.papers.blanks.kinds import kind_of, unit_kind
from andu.papers.blanks.labels import tidy
from andu.papers.blanks.model import BLANK
from andu.papers.blanks.scanning import DONE, Around, Scan

_ROOM = rf"[{BLANK}\s*＊xX×]"
_DATE = re.compile(
    rf"(?:20)?{_ROOM}*年{_ROOM}*月(?:{_ROOM}*[日号])?(?:{_ROOM}*[时点])?(?:{_ROOM}*分)?"
    rf"|{_ROOM}{{2,}}月{_ROOM}+[日号](?:{_ROOM}*[时点])?(?:{_ROOM}*分)?"
)
_SHORT_DATE = re.compile(rf"{_ROOM}*月{_ROOM}*[日号]")
_HOURS = re.compile(rf"{_ROOM}+[时点](?:{_ROOM}*分)?")
_RANGE = re.compile(r"\s*起?(?:至|到|—+|-+|－|~|～|–)\s*")
_SIGN_ALONE = re.compile(
    r"[^\s\x00：:，。；;、▁（(]{0,20}[（(]?(?:签\s*[名字章]|盖\s*章|公\s*章|印\s*章|章)[）)]?"
    r"(?:[（(][^（()）]{0,10}[）)])?(?=\s*[：:]|\s{2,}|\s*$|\s*\x00)"
)
_COLON = re.compile(rf"[：:]\s*(?=$|\x00|{BLANK}|\s|[A-Za-z0-9—-]*[XＸ×*]{{2,}})")
_OPEN = re.compile(r"(?<=[\u4e00-\u9fff）)])[ 　]{3,}(?=[\u4e00-\u9fff（(，。；])")
_COUNT = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,6}([ 　]{2,})(?=[张页份件人元天户名](?:\s{2}|\s*$|[）)]))"
)
_YEAR_OF = re.compile(rf"[（(]?((?:20)?[{BLANK} 　]{{2,}})(年度|学年|届|季度)")
_IN_WORDS = re.compile(rf"(?:[{BLANK} 　]+[亿万仟千佰百拾十元圆角分]){{3,}}")
_NUMBER_SIGN = re.compile(rf"N[oO][.．:：]?\s*({BLANK}*)(?=\s*$|\s{{3}}|{BLANK})")
_ANSWER = re.compile(rf"([\u4e00-\u9fff 　]{{2,8}})[：:][ 　]{{0,4}}[^\s：:{BLANK}{DONE}]{{1,20}}(?=\s|$)")
_TAB_IN_BRACKETS = re.compile(r"[（(][ ]*\t[\t ]*[）)]")
_SPREAD = re.compile(
    rf"(?:^|(?<=[\s{BLANK}，。；）)、]))[\u4e00-\u9fff](?:[ 　]{{1,12}}[\u4e00-\u9fff]){{1,3}}"
    rf"(?=[ 　]*(?:[：:]|{BLANK}))"
)
"""Single characters spread over the width of a label: 日  期：."""
_COUNTS, _COUNTED = ("共", "计", "约", "共计", "合计"), re.compile("[件份人户页次台套本张天名]$")
_NOBODYS = ("章", "盖章", "公章", "签章", "签名", "签字")
"""Words for a signature or a seal that do not say whose."""
_WHO = {"兹有": "姓名", "今有": "姓名", "兹证明": "姓名", "本人": "本人姓名", "我": "本人姓名"}
_NOUN = re.compile(
    r"(部门|科室|职务|职位|岗位|工种|专业|学院|班级|学校|项目|工程|小区|社区|街道|事项|地址|产品|品牌|型号)(?:工作|一职)?"
)
"""What a blank stands before and is called by: 现任____职务."""
_SIGNS = re.compile(r"(?:人|员|长|者|师|主任|书记|会计|出纳|审核|复核|审批|批准|经理|代表)$")
"""Whoever stands before a date on a line: they sign there."""


def blanks_in(text: str, around: Around) -> list[Blank]:
    """The blanks of one line, from left to right."""
    scan = Scan(_SPREAD.sub(_closed_up, text), around, [])
    for look in (
        boxes.tick_boxes,
        boxes.bracket_boxes,
        _dates,
        _signatures,
        _amounts,
        _colons,
        _drawn,
        _brackets,
        _left_open,
        _answered,
    ):
        look(scan)
    found = [blank for _at, blank in sorted(scan.found, key=lambda one: one[0])]
    return [_owned(one, found, around) for one in found]


def _closed_up(found: re.Match[str]) -> str:
    """Spread characters side by side, as long as before: places in the line stay what they are."""
    return re.sub(r"[ 　]", "", found[0]).rjust(len(found[0]))


def _owned(blank: Blank, found: Sequence[Blank], around: Around) -> Blank:
    section = blank.section or around.section or (around.label if around.label != blank.label else "")
    signs = next((one for one in found if one.kind == SIGNATURE), None)
    if blank.kind == "date" and blank.label == "日期" and signs is not None:
        section = _owner(signs.label) or section
    told = f"{blank.label} {around.label} {around.section}"
    by = around.by or (OFFICE if labels.is_of_the_office(told) else "")
    return blank.but(section=section, by=blank.by or by)


def _owner(label: str) -> str:
    return re.sub(r"[（(]?签\s*[名字章][）)]?|盖章|人$", "", label).strip("（()）") or label


# --- dates ----------------------------------------------------------------------------------------


def _dates(scan: Scan) -> None:
    at = 0
    while found := _DATE.search(scan.text, at):
        start, end = found.span()
        if not re.search(rf"[{BLANK}\s*＊xX×]", found[0].strip("\n")) and found[0] != scan.text.strip():
            at = end
            continue
        end = _end_of_range(scan.text, end)
        _take_date(scan, start, end)
        at = end


def _end_of_range(text: str, end: int) -> int:
    joint = _RANGE.match(text, end)
    ways = (_DATE, _SHORT_DATE, _HOURS) if joint else ()
    second = next(filter(None, (way.match(text, joint.end()) for way in ways)), None) if joint else None
    return second.end() if second else end


def _take_date(scan: Scan, start: int, end: int) -> None:
    lead = scan.before(start)
    label = tidy(_colon_label(lead))
    if label and (labels.is_signature(label) or labels.is_seal(label)):
        kind = SIGNATURE if labels.is_signature(label) else SEAL
        begins, told = scan.text.rfind(lead.strip()[:1], 0, start), scan.text[:start]
        span = (len(told.rstrip(f" \t　{BLANK}")), start)
        scan.take(begins, start, Blank(label, kind, drawn="sign", span=span))
        label = ""
    elif label and len(label) <= 16:
        scan.strike(start - len(lead), start)
    else:
        label = ""
    section = ""
    if label and not re.search("[日期时间年月起止限]", label):
        label, section = _beside_date(scan, lead, label, start)
    if label == "限" or (scan.around.in_cell and _in_sentence(scan, end)):
        label = scan.around.label or label
    kind = "datetime" if "时" in scan.text[start:end] else "date"
    if not label and scan.around.label and _names_a_day(scan, start, end):
        label = scan.around.label
    blank = Blank(label or "日期", kind, section=section, drawn="ymd", certainty=0.95, span=(start, end))
    scan.take(start, end, blank)


def _beside_date(scan: Scan, lead: str, label: str, start: int) -> tuple[str, str]:
    """经办人：      年  月  日: whoever is named before a date signs there; label and section of the date."""
    room = re.match(rf"[ 　\t{BLANK}]{{6,}}年", scan.text[start:])
    if room and re.search("[：:]", lead) and _SIGNS.search(label):
        span = (start, start)
        scan.take(start - len(lead), start, Blank(label, SIGNATURE, drawn="sign", certainty=0.7, span=span))
        return "", ""
    return ("", label) if not re.search("[：:]", lead) else (label, "")


def _in_sentence(scan: Scan, end: int) -> bool:
    """Whether words go on right behind a date: 限    年  月  日前完成."""
    return bool(re.match(r"[之以]?前[\u4e00-\u9fff]", scan.text[end:]))


def _names_a_day(scan: Scan, start: int, end: int) -> bool:
    """Whether the label of the cell asks for the date: by its words, or since there is nothing else in it."""
    label = scan.around.label
    if re.search("日期|时间|年月", label):
        return True
    alone = not scan.text[:start].strip() and not scan.text[end:].strip()
    is_stretch = bool(re.search("至|到", scan.text[start:end]))
    return alone and is_stretch and not labels.is_of_the_office(label)


def _amounts(scan: Scan) -> None:
    """__万__仟__佰__拾__元: an amount in words is one answer. So is 附件    张, and the year of 20  年度."""
    for found in list(_IN_WORDS.finditer(scan.text)):
        label = tidy(scan.before(found.start())) or scan.around.label or "大写"
        scan.take(*found.span(), Blank(label[-12:], "text", drawn="underline", span=found.span()))
    for found in list(_COUNT.finditer(scan.text)):
        if DONE not in found[0]:
            label = tidy(found[0])
            scan.take(found.start(), found.end(), Blank(label, "number", drawn="spaces", span=found.span(1)))
    for found in list(_YEAR_OF.finditer(scan.text)):
        if DONE not in found[0]:
            blank = Blank(found[2], "text", drawn="spaces", certainty=0.7, span=found.span(1))
            scan.take(found.start(1), found.end(1), blank)
    for found in list(_NUMBER_SIGN.finditer(scan.text)):
        span = found.span(1) if found[1] else (found.end(), found.end())
        scan.take(*found.span(), Blank("编号", "text", drawn="inlabel", certainty=0.7, span=span))


def _colon_label(lead: str) -> str:
    """The label at the end of some words: the last of them, or single characters spread with spaces."""
    lead = lead.rstrip(" \t　：:")
    pieces = [one for one in re.split(r"[ 　\t]+", lead) if one]
    spread: list[str] = []
    while pieces and len(pieces[-1]) == 1 and (len(spread) or len(pieces) > 1):
        spread.insert(0, pieces.pop())
    if len(spread) > 1:
        return "".join(spread)
    if spread:
        pieces.append(spread[0])
    if len(pieces) > 1 and len(pieces[-1]) < 2:
        return "".join(pieces)
    return pieces[-1] if pieces else ""


# --- signatures, colons, drawn blanks -------------------------------------------------------------


def _signatures(scan: Scan) -> None:
    for found in list(_SIGN_ALONE.finditer(scan.text)):
        label = tidy(found[0])
        if not label or DONE in scan.text[found.start() : found.end()] or len(label) > 24:
            continue
        if labels.is_prose(scan.text) and found.end() < len(scan.text.rstrip()) - 30:
            continue
        if label.strip("（）()") in _NOBODYS:
            label = _whose(scan, found.start()) + label.strip("（）")
        behind = re.compile(rf"\s*[：:]?([\s{BLANK}]*)").match(scan.text, found.end())
        start, end = behind.span(1) if behind else (found.end(), found.end())
        kind = SIGNATURE if labels.is_signature(label) else SEAL
        if kind == SEAL and "章" not in label:
            continue
        drawn = "seal" if kind == SEAL else "sign"
        scan.take(found.start(), end, Blank(label, kind, drawn=drawn, span=(start, end)))


def _whose(scan: Scan, at: int) -> str:
    """Whose signature a bare 签名 is: the words before it on the line, else the label of the cell."""
    words = tidy(scan.before(at))
    if words and len(words) <= 12:
        return words
    return re.sub(r"(?:审核|审批|审查)?意见.*$", "", scan.around.label)


def _colons(scan: Scan) -> None:
    for found in list(_COLON.finditer(scan.text)):
        at = found.start()
        if scan.text[at] not in "：:":
            continue
        label = tidy(_colon_label(scan.before(at)))
        label = re.sub(r"^请?填写其?", "", label)
        if not label or len(label) > labels.LONGEST or labels.names_nothing(label):
            continue
        room = re.match(rf"[：:]([ \t　]*)({BLANK}*)", scan.text[at:])
        spaces, drawn = (room[1], room[2]) if room else ("", "")
        rest = scan.text[at + 1 + len(spaces) + len(drawn) :]
        stand_in = re.match(r"[A-Za-z0-9—-]*[XＸ×*]{2,}[A-Za-z0-9XＸ×*—-]*", rest)
        if stand_in:
            end = at + 1 + len(spaces) + stand_in.end()
            blank = Blank(label, kind_of(label), drawn="placeholder", span=(at + 1 + len(spaces), end))
            scan.take(at - len(label), end, blank)
            continue
        if not (drawn or len(spaces) >= 2 or "\t" in spaces or not rest.strip(" \t　" + DONE)):
            continue
        if (
            rest.startswith(DONE)
            and not drawn
            and (_ticks(scan, len(scan.text) - len(rest)) or len(spaces) < 2)
        ):
            continue
        if not drawn and not rest.strip() and not (scan.around.in_cell or scan.around.room_below):
            continue
        start = at - len(scan.before(at))
        if not drawn and rest.strip() and re.match(r"[ \t　]{2,}", spaces) is None and "\t" not in spaces:
            continue
        kind = unit_kind(rest) or kind_of(label)
        how = "underline" if drawn else "spaces" if rest.strip() else "inlabel"
        end = at + 1 + len(spaces) + len(drawn)
        begins = at + 1 + (len(spaces) if drawn else 0)
        scan.take(start, end, Blank(label, kind, drawn=how, span=(begins, end)))


def _answered(scan: Scan) -> None:
    """姓名：张三: what somebody once filled in. Only that there is something is kept."""
    for found in list(_ANSWER.finditer(scan.text)):
        label = tidy(_colon_label(found[1]))
        if labels.is_personal(label) and not labels.is_prose(scan.text):
            blank = Blank(label, kind_of(label), drawn="right", filled=True, certainty=0.5)
            scan.take(*found.span(), blank.but(span=(found.end(1) + 1, found.end())))


def _ticks(scan: Scan, at: int) -> bool:
    """Whether the boxes of a question begin at this place."""
    return any(place == at and blank.drawn in ("box", "paren") for place, blank in scan.found)


def _left_open(scan: Scan) -> None:
    """Spaces left open in the middle of a sentence: 系我单位职工，现任      职务。"""
    if not re.search("[，。；]", scan.text):
        return
    for found in list(_OPEN.finditer(scan.text)):
        label = _sentence_label(scan.before(found.start()), scan.behind(found.end()))
        if label and len(label) <= 12:
            kind = unit_kind(scan.text[found.end() :]) or kind_of(label)
            scan.take(*found.span(), Blank(label, kind, drawn="spaces", certainty=0.4, span=found.span()))


def _drawn(scan: Scan) -> None:
    for found in list(re.finditer(f"{BLANK}+", scan.text)):
        start, end = found.span()
        if DONE in scan.text[start:end] or _counts_copies(scan.text, start, end):
            continue
        lead, behind = scan.before(start), scan.behind(end)
        label = (
            _sentence_label(lead, behind) if tidy(lead) or not _chosen(scan, start) else _chosen(scan, start)
        )
        if not label:
            continue
        kind = unit_kind(scan.text[end:]) or kind_of(label)
        scan.take(start, end, Blank(label, kind, drawn="underline", certainty=0.6, span=(start, end)))


def _counts_copies(text: str, start: int, end: int) -> bool:
    """本表一式____份，各执____份: a note on the paper, which nobody fills in."""
    return bool(re.search("(?:一式|各[执持存]|存)$", text[:start].rstrip())) and text[
        end:
    ].lstrip().startswith("份")


def _sentence_label(lead: str, behind: str) -> str:
    """What a blank in a sentence asks: the words before it, or behind where those say little."""
    before = re.sub(r"^请?填写其?|^请注明", "", tidy(re.split("[：:]", lead.rstrip("：: 　"))[-1]))
    before, after = before.strip("（()）") if len(before) < 8 else before, tidy(behind)
    if before in ("￥", "¥"):
        return "金额"
    if re.fullmatch(".{0,4}因", before):
        return "原因"
    noun = _NOUN.fullmatch(after)
    if noun and not re.search("[：:]", lead):
        return noun[1]
    if before in _WHO or (before.endswith(("因", "为")) and after.startswith(("原因", "理由"))):
        return _WHO.get(before, after[:2])
    before = re.sub(
        r"^(?:并|且|及|和|与|由|在|于|因|以|为|自|至|从|向|如|若|其中|兹有|今有|关于)+", "", before
    )
    if (before in _COUNTS or len(before) < 2) and _COUNTED.match(after):
        return after[0] + "数"
    before = re.sub(r"^(?:需|共|计|约|现)(?=[\u4e00-\u9fff]{2})", "", before)
    if len(before) >= 4 and before.endswith("于") and unit_kind(after):
        return before[-12:]
    if len(before) >= 2 and not before.endswith(("的", "第", "于", "在", "为", "因")):
        return before[-12:]
    if after and len(after) >= 2:
        return after[:10]
    return before or tidy(lead) or after


def _chosen(scan: Scan, at: int) -> str:
    """The option that a blank belongs to: □ 有：____."""
    boxed = [blank for place, blank in scan.found if blank.drawn == "box" and place < at]
    if not boxed or scan.text[:at].rstrip(" ：:，,（(")[-1:] != DONE:
        return ""
    return f"{boxed[-1].label}（{boxed[-1].choices[-1]}）" if boxed[-1].choices else boxed[-1].label


def _brackets(scan: Scan) -> None:
    for found in list(_TAB_IN_BRACKETS.finditer(scan.text)):
        label = tidy(scan.before(found.start()))
        if label:
            blank = Blank(label[-12:], kind_of(label), drawn="paren", certainty=0.5)
            scan.take(*found.span(), blank.but(span=(found.start() + 1, found.end() - 1)))
