"""Comments (批注): where they stand, and all of them taken away with everything that belongs to them.

Used by ``rest``. A comment is what somebody said about a template; it travels with every filled paper, and
LibreOffice 7.4 may break down over it. What is left behind when comments were deleted before (an empty part,
the list of people) goes without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from andu.papers.checks.rest.opened import WORD_TYPE, Opened, W
from andu.papers.template.package import parse_xml

_PARTS = tuple(
    f"{WORD_TYPE}{kind}+xml"
    for kind in ("comments", "commentsExtended", "commentsIds", "commentsExtensible", "people")
)
_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
_TAGS = tuple(f"{W}{name}" for name in _MARKS)


def found_in(opened: Opened) -> Iterator[str]:
    """Where each comment stands that says something."""
    ids = _said(opened)
    for name, root in opened.stories.items():
        for mark in root.iter(f"{W}commentRangeStart", f"{W}commentReference"):
            one = mark.get(f"{W}id", "")
            if one in ids:
                ids.remove(one)
                yield opened.where(name, mark)
    yield from ("" for _one in ids)


def remove(opened: Opened) -> int:
    """Take all comments out; how many there were."""
    count = len(_said(opened))
    opened.drop([name for name in opened.parts if _is_of_comments(name, opened)])
    for name, root in opened.stories.items():
        marks = [*root.iter(*_TAGS)]
        for mark in marks:
            _take(mark)
        if marks:
            opened.touch(name)
    return count


def _said(opened: Opened) -> set[str]:
    """The ids of the comments in their part."""
    parts = [name for name in opened.parts if _is_of_comments(name, opened)]
    return {
        comment.get(f"{W}id", "")
        for name in parts
        for comment in parse_xml(opened.parts[name]).iter(f"{W}comment")
    }


def _is_of_comments(name: str, opened: Opened) -> bool:
    """By its content type, or, where that is missing, by the name that programs give it."""
    named = name.startswith(("word/comments", "word/people")) and name.endswith(".xml")
    return named or opened.kinds.get(name) in _PARTS


def _take(mark: etree._Element) -> None:
    run = mark.getparent()
    run.remove(mark)
    if run.tag == f"{W}r" and all(child.tag == f"{W}rPr" for child in run) and run.getparent() is not None:
        run.getparent().remove(run)
