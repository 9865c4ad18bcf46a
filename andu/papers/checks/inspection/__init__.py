"""Inspecting a docx from a stranger before anything opens it, and a filled one before it leaves.

Called by ``examination`` before a paper is published, and by ``reread`` for each filled one. It allows what
honest files of Word, WPS and LibreOffice hold and names everything else, in Chinese, with the part it stands
in (threats S4 to S6). Guarantees: it never raises, takes time linear in the size of the file and little
memory, and reads one part at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.allowed import Kinds
from andu.papers.checks.inspection.danger import Danger
from andu.papers.checks.inspection.fields import judge_fields
from andu.papers.checks.inspection.links import judge_links
from andu.papers.checks.inspection.markup import judge_elements, read_markup
from andu.papers.checks.inspection.pages import judge_pages
from andu.papers.checks.inspection.tables import judge_tables
from andu.papers.checks.inspection.uses import Uses
from andu.papers.template.archive import CONTENT_TYPES, MAX_BYTES, ArchiveFault, read_parts

__all__ = ["Danger", "Inspection", "inspect"]

MAX_FOUND = 50
"""Nobody mends more at once."""


class Inspection:
    """Parts judged one after the other, the table of content types first.

    ``roots``, where it is given, receives the root of each; otherwise only one at a time is in memory.
    """

    def __init__(self, roots: dict[str, etree._Element] | None = None) -> None:
        self.found: dict[Danger, None] = {}
        self._roots = roots
        self._kinds: Kinds | None = None
        self._uses = Uses()

    def take(self, parts: Iterable[tuple[str, bytes]]) -> None:
        """Judge these parts too; nothing more once there is too much to mend."""
        for name, part in parts:
            if name == CONTENT_TYPES:
                self._kinds = Kinds(part)
                dangers = iter(self._kinds.dangers)
            elif self._kinds is None:
                return
            else:
                dangers = self._judge(name, part, self._kinds)
            for danger in dangers:
                if self._is_full:
                    return
                self.found[danger] = None

    def close(self) -> list[Danger]:
        """All that is wrong with the parts taken, now that there are no more."""
        if not self._is_full:
            self.found |= dict.fromkeys(self._uses.judge())
            if self._kinds is None or not self._kinds.has_main:
                self.found[Danger(_("里面没有 Word 文档的正文，这不是普通的 docx 文件。"))] = None
        return list(self.found)

    def branch(self, roots: dict[str, etree._Element]) -> Inspection:
        """As far as this one has come, to go on with other parts; this one stays as it is."""
        branch = Inspection(roots)
        branch.found, branch._kinds, branch._uses = {**self.found}, copy(self._kinds), self._uses.copy()
        return branch

    @property
    def _is_full(self) -> bool:
        return len(self.found) >= MAX_FOUND

    def _judge(self, name: str, part: bytes, kinds: Kinds) -> Iterator[Danger]:
        yield from kinds.judge(name, part)
        if kinds.is_binary(name):
            return
        root, dangers = read_markup(name, part)
        yield from dangers
        if root is None:
            return
        if self._roots is not None:
            self._roots[name] = root
        yield from judge_elements(name, root)
        if name.casefold().endswith(".rels"):
            yield from judge_links(name, root)
            yield from self._uses.add_links(name, root, kinds)
        else:
            yield from self._uses.add_part(name, root)
            yield from judge_pages(name, root)
            yield from judge_tables(name, root)
            yield from judge_fields(name, root)


def inspect(docx: bytes) -> list[Danger]:
    """What is wrong with a docx, as far as it can be read; empty for an honest one. Never raises."""
    inspection = Inspection()
    try:
        inspection.take(read_parts(docx, MAX_BYTES))
        return inspection.close()
    except ArchiveFault as fault:
        inspection.found[Danger(str(fault), fault.part)] = None
    except Exception:
        # what we did not think of is no reason to let a file pass
        inspection.found[Danger(_("文件无法检查，请用 Word 另存后再试。"))] = None
    return list(inspection.found)
