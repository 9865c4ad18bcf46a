"""Cleaning of typed and pasted text: what nobody meant to type goes, what she meant stays as it is.

Called by kinds before parsing. Never touches `&`, `<`, quotes, emoji, rare characters or braces; removes what
XML 1.0 forbids, so that a paper can always hold what was typed.
"""

import re

SPACES = " \t\n\u3000"

# Word and web pages leave these: NBSP and its kin, separators, vertical tab (Word's manual line break).
_PASTED = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u202f": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\x0b": "\n",
        "\x0c": "\n",
        "\x85": "\n",
        "\r": "\n",
    }
)
# Zero-width and direction marks, soft hyphen, embedded-object marks; ZWJ and ZWNJ stay: emoji need them.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc]"
)
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PLANE_ENDS = re.compile(
    "[" + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(1, 17)) + "]"
)
_HALF = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HALF_WORDS = {full: half for full, half in _HALF.items() if chr(half).isascii() and chr(half).isalnum()}


def readable(raw: str) -> str:
    """Without characters that cannot be seen or that XML forbids; line breaks as \\n."""
    text = raw.replace("\r\n", "\n").translate(_PASTED)
    return _PLANE_ENDS.sub("", _FORBIDDEN.sub("", _UNSEEN.sub("", text)))


def trimmed(raw: str) -> str:
    """One line: readable, line breaks and tabs as one space, no spaces (U+3000 neither) at the ends."""
    return re.sub(r"[\t\n]+", " ", readable(raw).strip(SPACES)).strip(SPACES)


def trimmed_lines(raw: str) -> str:
    """Many lines: readable, no spaces at line ends, no U+3000 as indent, no empty lines at either end."""
    lines = (
        re.sub(r"^[ \t]*\u3000[ \t\u3000]*", "", line).rstrip(SPACES) for line in readable(raw).split("\n")
    )
    return "\n".join(lines).strip(SPACES)


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as the half-width ones."""
    return text.translate(_HALF)


def half_width_words(text: str) -> str:
    """Full-width digits and letters as half-width ones; Chinese punctuation stays."""
    return text.translate(_HALF_WORDS)
