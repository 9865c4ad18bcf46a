"""A finding: one thing wrong between a form and its paper, in the words of whoever has to mend it.

Made by every module of ``contract``; shown by ``script/andu paper contract``, ``forms check`` and the page of
the form. ``error`` keeps a paper from being published; ``warning`` is advice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from difflib import get_close_matches

from flask_babel import gettext as _

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong, in Chinese. ``where``: the words of its paragraph, or empty for the whole paper."""

    severity: str
    message: str
    where: str = ""

    def __str__(self) -> str:
        if not self.where:
            return self.message
        return _("%(what)s（在“%(where)s”处）", what=self.message, where=self.where)

    def as_data(self) -> dict[str, str]:
        """Plain data for JSON; ``Finding(**data)`` is the way back."""
        return asdict(self)


def has_errors(findings: Collection[Finding]) -> bool:
    """Whether any of them keeps the paper from being used."""
    return any(finding.severity == ERROR for finding in findings)


def nearest(wrong: str, known: Collection[str]) -> str:
    """The end of a sentence: the nearest right word as a question, or a full stop."""
    near = get_close_matches(wrong, list(known), n=1)
    return _("，是不是“%(near)s”？", near=near[0]) if near else _("。")


def is_near(wrong: str, known: Collection[str]) -> bool:
    """Whether a wrong word looks like a right one."""
    return bool(get_close_matches(wrong, list(known), n=1))
