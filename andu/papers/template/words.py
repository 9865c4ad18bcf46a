"""Chinese text cut into words, for ``title_shape`` and ``papers.holding``; no other module knows rjieba.

Its dictionary is read with the first text: most commands, and most papers examined apart, cut none.
"""

from __future__ import annotations


def cut(text: str) -> list[str]:
    """The words of a text in their order; together they are the text."""
    import rjieba

    return list(rjieba.cut(text))


def tagged(text: str) -> list[tuple[str, str]]:
    """The same, each with the kind of word that it is by the dictionary, such as ``nr`` for a name."""
    import rjieba

    return [(word, kind) for word, kind in rjieba.tag(text)]


def learn(word: str) -> None:
    """Keep this word whole from now on, in this process."""
    import rjieba

    rjieba.add_word(word, rjieba.suggest_freq(word), "n")
