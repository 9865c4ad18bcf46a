"""Whether this machine draws papers as the office does: the same LibreOffice, the same faces.

Where several machines work on one database (``ANDU_JOURNAL`` names a second one), lines would break otherwise
on another build. The first machine that draws is the reference, until ``script/andu worker --reference`` says
another; whoever differs draws nothing, and leaves it to the others. Called by ``issuing``, and told by
``deployment``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from flask_babel import gettext as _

from andu.office.office import Office
from andu.papers.pdf.fonts import fingerprint
from andu.papers.pdf.soffice import engine
from andu.security import marks

REFERENCE = "drawn with"


@lru_cache(maxsize=4)
def _here(fonts: Path) -> dict[str, str]:
    return {"libreoffice": engine(), "faces": fingerprint(fonts)}


def be_the_reference(office: Office) -> dict[str, str]:
    """From now on all draw as this machine does; what that is."""
    with office.store.write():
        marks.note(office.store, REFERENCE, **_here(office.settings.fonts))
    return _here(office.settings.fonts)


def why_not(office: Office) -> str | None:
    """Why no paper is drawn here; ``None`` where it is, as on the only machine of an office."""
    if not office.settings.journal_store:
        return None
    mine = _here(office.settings.fonts)
    reference = marks.facts(office.store, REFERENCE) or be_the_reference(office)
    if mine == reference:
        return None
    parts = {"libreoffice": "LibreOffice", "faces": _("字体")}
    other = "、".join(words for name, words in parts.items() if mine[name] != reference.get(name))
    return _("这台机器的%(other)s与本单位约定的不同，不在这里生成文书，换行会不一样。", other=other)
