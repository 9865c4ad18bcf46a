"""Chinese figures: numbers, dates and amounts of money in Chinese characters, and running numbers.

Called by ``filters``. Pure functions; what is no day, amount or number they can write raises ``ValueError``.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_PLAIN = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_FORMAL_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_DAY = re.compile(r"\s*(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?(?:[\sT].*)?", re.S)
MOST = Decimal("9999999999999999.99")
"""The largest amount that can be written: 仟万亿 is the highest place."""


def counted(number: int) -> str:
    """1 to 99 as one counts: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        raise ValueError(f"{number} is not between 1 and 99")
    head = "" if tens == 0 else "十" if tens == 1 else f"{_PLAIN[tens]}十"
    return head + (_PLAIN[ones] if ones else "")


def read_day(text: str) -> date:
    """The day in 2026年11月22日, 2026-11-22 or 2026/11/22, with or without a time after it."""
    found = _DAY.fullmatch(text)
    if not found:
        raise ValueError(f"no day: {text!r}")
    return date(*map(int, found.groups()))


def day_in_figures(day: date) -> str:
    """2026年11月22日 (GB/T 9704—2012, 7.3.5.4: year in full, no zero before month and day)."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_in_hanzi(day: date) -> str:
    """二〇二六年十一月二十二日: the year digit by digit, with 〇 (GB/T 15835—2011)."""
    year = "".join(_PLAIN[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{counted(day.month)}月{counted(day.day)}日"


def money_in_words(text: str) -> str:
    """人民币壹万贰仟叁佰肆拾伍元陆角柒分: as on bills (《正确填写票据和结算凭证的基本规定》).

    整 after 元 and 角, never after 分; one 零 for any zeros between figures; half a fen is rounded up.
    """
    amount = _amount(text)
    yuan, fen = divmod(int(abs(amount) * 100), 100)
    sign = "负" if amount < 0 else ""
    return f"人民币{sign}{_yuan(yuan)}{_small_change(yuan, fen)}"


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(re.sub(r"[,，\s¥￥元]", "", text))
    except InvalidOperation as error:
        raise ValueError(f"no amount: {text!r}") from error
    if not amount.is_finite() or abs(amount) > MOST:
        raise ValueError(f"no amount that can be written: {text!r}")
    return amount.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def _yuan(yuan: int) -> str:
    words = ""
    skipped = False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = yuan // 10_000**place % 10_000
        if group:
            words += ("零" if words and (skipped or group < 1000) else "") + _group(group) + _GROUPS[place]
        skipped = not group
    # 亿 stands once: 壹万亿零伍亿 is read 壹万零伍亿
    words = re.sub("万亿(?=.*亿)", "万", words)
    return f"{words}元" if words else ""


def _group(group: int) -> str:
    words = ""
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += _FORMAL[digit] + _FORMAL_UNITS[place]
        elif words and group % 10**place:
            words += "" if words.endswith("零") else "零"
    return words


def _small_change(yuan: int, fen: int) -> str:
    jiao, rest = divmod(fen, 10)
    if not fen:
        return "整" if yuan else "零元整"
    words = f"{_FORMAL[jiao]}角" if jiao else ("零" if yuan else "")
    return words + (f"{_FORMAL[rest]}分" if rest else "整")
