"""Inspecting a docx from a stranger before anything opens it, and a filled one before it leaves.

Called by ``examination`` before a paper is published, and by ``reread`` for each filled one. It allows what
honest files of Word, WPS and LibreOffice hold and names everything else, in Chinese, with the part it stands
in (threats S4 to S6). Guarantees: it never raises, takes time linear in the size of the file and little
memory, and reads one part at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.allowed import Kinds
from andu.papers.checks.inspection.danger import Danger
from andu.papers.checks.inspection.fields import judge_fields
from andu.papers.checks.inspection.links import judge_links
from andu.papers.checks.inspection.markup import judge_elements, read_markup
from andu.papers.checks.inspection.pages import judge_pages
from andu.papers.checks.inspection.uses import Uses
from andu.papers.template.archive import CONTENT_TYPES, MAX_BYTES, ArchiveFault, read_parts

__all__ = ["Danger", "inspect", "inspect_parts"]

MAX_FOUND = 50
"""Nobody mends more at once."""


def inspect(docx: bytes) -> list[Danger]:
    """What is wrong with a docx, as far as it can be read; empty for an honest one. Never raises."""
    found: dict[Danger, None] = {}
    try:
        _gather(read_parts(docx, MAX_BYTES), found)
    except ArchiveFault as fault:
        found[Danger(str(fault), fault.part)] = None
    except Exception:
        # what we did not think of is no reason to let a file pass
        found[Danger(_("文件无法检查，请用 Word 另存后再试。"))] = None
    return list(found)


def inspect_parts(parts: Mapping[str, bytes]) -> tuple[list[Danger], dict[str, etree._Element]]:
    """The same for parts that ``package.read_package`` has unpacked already, and the root of each."""
    found: dict[Danger, None] = {}
    roots: dict[str, etree._Element] = {}
    _gather(parts.items(), found, roots)
    return list(found), roots


def _gather(
    parts: Iterable[tuple[str, bytes]],
    found: dict[Danger, None],
    roots: dict[str, etree._Element] | None = None,
) -> None:
    """One part at a time; the table of content types comes first (``archive.read_parts``)."""
    kinds: Kinds | None = None
    uses = Uses()
    for name, part in parts:
        if name == CONTENT_TYPES:
            kinds = Kinds(part)
            dangers = iter(kinds.dangers)
        elif kinds is None:
            break
        else:
            dangers = _judge(name, part, kinds, uses, roots)
        for danger in dangers:
            found[danger] = None
            if len(found) >= MAX_FOUND:
                return
    found |= dict.fromkeys(uses.judge())
    if kinds is None or not kinds.has_main:
        found[Danger(_("里面没有 Word 文档的正文，这不是普通的 docx 文件。"))] = None


def _judge(
    name: str, part: bytes, kinds: Kinds, uses: Uses, roots: dict[str, etree._Element] | None
) -> Iterator[Danger]:
    yield from kinds.judge(name, part)
    if kinds.is_binary(name):
        return
    root, dangers = read_markup(name, part)
    yield from dangers
    if root is None:
        return
    if roots is not None:
        roots[name] = root
    yield from judge_elements(name, root)
    if name.casefold().endswith(".rels"):
        yield from judge_links(name, root)
        yield from uses.add_links(name, root, kinds)
    else:
        yield from uses.add_part(name, root)
        yield from judge_pages(name, root)
        yield from judge_fields(name, root)
