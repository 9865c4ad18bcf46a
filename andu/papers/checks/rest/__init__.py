"""A template at rest: nothing in it is undecided, hidden, bound, or says something else tomorrow.

``examination`` calls ``settle`` for each file that comes in, ``script/andu paper rest``
``bring_to_rest``. What is harmless is done and said: controls become text, a field that is a tag becomes the
tag, left-overs go. What needs a person is refused with its place: revisions, comments, fields that compute,
values in hidden text; or, revisions, comments and fields, decided by the one act that says line by line what
it did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from flask_babel import gettext as _

from andu.papers.checks.contract.finding import ERROR, WARNING, Finding
from andu.papers.checks.rest import comments, controls, freezing, hidden, revisions, traces
from andu.papers.checks.rest.opened import Opened

__all__ = ["bring_to_rest", "settle"]

MOST_PLACES = 10
"""Of one kind; nobody reads more."""


def settle(docx: bytes) -> tuple[bytes, list[str], list[Finding]]:
    """The docx with all done that needs no decision, what was done, and what is left to decide.

    While something is left, the template is not to be used. ``PaperFault`` if it is no docx.
    """
    opened = Opened(docx)
    notes = [*controls.settle(opened), *freezing.settle(opened), *traces.settle(opened)]
    if not any(comments.found_in(opened)):
        comments.remove(opened)
    return opened.written(), [*dict.fromkeys(notes)], _left(opened)


def _left(opened: Opened) -> list[Finding]:
    found = [*_revised(opened), *_commented(opened)]
    fields = [*freezing.found_in(opened)][:MOST_PLACES]
    for place, what in fields:
        words = _("这里有自动变化的域 %(what)s；要留住现在的文字，选中它按 Ctrl+Shift+F9。", what=what)
        found.append(Finding(ERROR, words, place))
    for place, words, prints in [*hidden.found_in(opened)][:MOST_PLACES]:
        found.append(Finding(ERROR if prints else WARNING, words, place))
    return found


def bring_to_rest(docx: bytes) -> tuple[bytes, list[str]]:
    """Revisions accepted, comments and traces gone, controls and fields text; what was done, line by line."""
    opened = Opened(docx)
    said = [*_accepted(opened)]
    count = comments.remove(opened)
    if count:
        said.append(_("已删去 %(count)s 条批注。", count=count))
    said += [*controls.settle(opened), *freezing.freeze(opened), *traces.settle(opened), *traces.wipe(opened)]
    return opened.written(), said


def _revised(opened: Opened) -> Iterator[Finding]:
    places: dict[str, dict[str, None]] = {}
    for name, root in opened.roots.items():
        for element, kind in revisions.found_in(root):
            places.setdefault(opened.where(name, element), {})[kind] = None
    for place, kinds in [*places.items()][:MOST_PLACES]:
        words = _(
            "这里有修订痕迹（%(kinds)s），删去的字也会印出来：请在 Word 的“审阅”里接受或拒绝全部修订，"
            "或用 script/andu paper rest 一次接受。",
            kinds="、".join(kinds),
        )
        yield Finding(ERROR, words, place)


def _commented(opened: Opened) -> Iterator[Finding]:
    for place in [*comments.found_in(opened)][:MOST_PLACES]:
        words = _(
            "这里有批注，会随文书归档：请在 Word 里删除全部批注，或用 script/andu paper rest 一次删去。"
        )
        yield Finding(ERROR, words, place)


def _accepted(opened: Opened) -> Iterator[str]:
    for name, root in opened.roots.items():
        places: dict[str, Counter[str]] = {}
        for element, kind in revisions.found_in(root):
            places.setdefault(opened.where(name, element), Counter())[kind] += 1
        if revisions.accept(root):
            opened.touch(name)
        for place, kinds in places.items():
            told = "、".join(f"{kind} {times}" for kind, times in kinds.items())
            yield _("已接受修订：%(kinds)s 处（%(where)s）。", kinds=told, where=place)
