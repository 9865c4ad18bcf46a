"""Texts that say something: pure; called by the kinds of text, and by ``office.reasons`` for every act.

A full stop, a number or one letter held down tells nothing to whoever asks later.
"""

import unicodedata

from flask_babel import gettext as _

LEAST = 4
"""What a reason must weigh: a Chinese character weighs two, any other letter one."""

SAY_NOTHING = frozenset(
    """
    同上 同前 如上 如前 见上 如题 暂无 没有 不要 不需要 没什么 没理由 没有理由 无理由 无原因 没有原因
    不知道 不清楚 不详 未知 随便 随便写 随便填 其他 其它 不填 不写 不用填
    测试 测试一下 测试用 试试 试一下 试用 test testing none null nothing okay
    """.split()  # noqa: SIM905 - read more easily so
)
"""What people write where something must be written and they have nothing to say."""
KEYS_IN_A_ROW = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def is_reason(text: str) -> bool:
    """Whether a text says anything: words of at least two Chinese characters or four letters."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    letters = _once("".join(char for char in normal if unicodedata.category(char)[0] == "L"))
    weight = sum(2 if unicodedata.category(char) == "Lo" else 1 for char in letters)
    in_a_row = any(letters in keys or letters[::-1] in keys for keys in KEYS_IN_A_ROW)
    return weight >= LEAST and len(set(letters)) > 1 and letters not in SAY_NOTHING and not in_a_row


def _once(letters: str) -> str:
    """What is said over and over, once: 测试 for 测试测试."""
    length = (letters + letters).find(letters, 1)
    return letters[:length] if letters else ""


def too_little() -> str:
    """What to say of a text that is no reason."""
    return _("请用文字写清楚，至少两个字，不能只写标点、数字、同一个字或“同上”“暂无”“测试”一类的话")
