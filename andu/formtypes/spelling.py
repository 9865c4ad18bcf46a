"""How a Chinese name is spelt in letters, so that a form is found without switching the keyboard. Pure."""

from __future__ import annotations

from functools import lru_cache

from andu import folding


@lru_cache(maxsize=2048)
def spelt(name: str) -> tuple[str, str]:
    """The initials and the whole spelling: 线索登记表 → ``xsdjb`` and ``xiansuodengjibiao``.

    What is no Chinese character stays, folded.
    """
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a fifth of a second: not for every command

    initials = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return folding.fold("".join(initials)), folding.fold("".join(lazy_pinyin(name)))


def searched(name: str, *more: str) -> tuple[str, ...]:
    """The folded texts that a name is found in: with ``more``, as initials, and spelt out."""
    return folding.fold(" ".join((name, *more))), *spelt(name)


def fits(asked: str, name: str, *more: str) -> bool:
    """Whether every word asked for is in one of these texts; everything fits where nothing is asked."""
    return all(any(term in text for text in searched(name, *more)) for term in folding.terms(asked))
