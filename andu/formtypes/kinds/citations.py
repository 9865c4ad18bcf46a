"""Brackets as official documents want them: 〔2019〕 in document numbers, （一） and （1） before paragraphs.

Called by the text kinds for fields with `official: true`. GB/T 9704—2012, 7.2.5 and 7.3.3; such a number
carries neither 第 nor zeros in front (不编虚位). What is changed is told, so that nothing is
altered in silence.
"""

import re

# A court's “（2019）鲁01民初5号” has its bracket first and is no number of a document: it stays.
_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff])\s*[【［\[（(〈<〔]\s*(?P<year>(?:19|20)\d{2})\s*年?\s*[】］\])）〉>〕]"
    r"\s*第?\s*0*(?P<n>[1-9]\d*)\s*号"
)
_LEVEL = re.compile(
    r"^(?P<indent>[^\S\n]*)(?!（\S+）)[（(]\s*(?P<n>[一二三四五六七八九十百]+|\d{1,2})\s*[)）][^\S\n]*",
    re.MULTILINE,
)


def official_marks(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with official brackets, and what was changed as (was, is), in order of appearance."""
    changes: list[tuple[str, str]] = []

    def changed(found: re.Match[str], now: str) -> str:
        if found[0] != now:
            changes.append((found[0].strip(), now.strip()))
        return now

    text = _NUMBER.sub(lambda found: changed(found, f"〔{found['year']}〕{found['n']}号"), text)
    text = _LEVEL.sub(lambda found: changed(found, f"{found['indent']}（{found['n']}）"), text)
    return text, changes
