"""One folding of text for everything that is searched: register, ledgers, lists, likely duplicates. Pure.

What people type and what stands on paper differ in width, case, dots, spaces, brackets and dashes without
meaning anything by it: 甲·乙 and 甲•乙, ＤＪ－２０２６ and DJ-2026, 〔2026〕3 号 and [2026]3号. Folded, they
are one text. Signs that say something (%, _, +) stay, and stand for themselves.
``VERSION`` changes with the rules: what is kept of folded texts is then made anew.
"""

from __future__ import annotations

import unicodedata

VERSION = "1"
_SAYING = frozenset("%_&@#/\\§№‰")
_DOTS_AND_DASHES = frozenset("·•‧・∙⋅●○ꞏᐧ-−⎯─")
"""Also such as are no punctuation to Unicode."""


def flat(text: str) -> str:
    """Full width as half width, capitals as small letters; everything else stays."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold(text: str) -> str:
    """What of a text is compared: letters, digits and signs that say something, nothing else."""
    return "".join(runs(text))


def runs(text: str) -> list[str]:
    """The same, cut where brackets or punctuation stand: for comparing how much two texts have in common."""
    marked = "".join(_marked(char) for char in unicodedata.normalize("NFD", flat(text)))
    return marked.split()


def terms(asked: str) -> list[str]:
    """What somebody asks for, folded: every word between blanks is to be found."""
    return [folded for word in asked.split() if (folded := fold(word))]


def fits(asked: str, text: str) -> bool:
    """Whether a text has every word that is asked for; nothing does where nothing is asked."""
    folded, wanted = fold(text), terms(asked)
    return bool(wanted) and all(term in folded for term in wanted)


def _marked(char: str) -> str:
    """The character if it counts, '' if it stands for nothing, a blank where it parts what it is between."""
    kind = unicodedata.category(char)
    if char in _DOTS_AND_DASHES or kind in ("Pd", "Mn", "Cf") or char.isspace():
        return ""
    return char if char.isalnum() or char in _SAYING or kind in ("Sm", "Sc", "So", "Co") else " "
