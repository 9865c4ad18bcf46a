"""What the layout checker says: one finding for each fault, with the rule it breaks and how much it weighs.

Made by the modules of ``layout.rules``, shown by ``script/andu paper check`` and before a number is spent.
Guarantees: only what the standard lays down (规) is an error; what it says with 一般, 推荐 or 可以 is a
warning; what offices do without its saying so is practice, and is never called a standard. Findings come in a
fixed order: page, weight, rule, words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

ERROR, WARNING, PRACTICE = "error", "warning", "practice"
_WEIGHTS = {ERROR: 0, WARNING: 1, PRACTICE: 2}
WORDS = 20
"""So many characters of a paragraph are enough to find it again."""


@dataclass(frozen=True)
class Finding:
    """One fault: which rule, how grave, on which page (0: unknown), at which words, what is and should be."""

    rule: str
    clause: str
    severity: str
    page: int
    words: str
    found: str
    expected: str
    message: str

    def __str__(self) -> str:
        where = _("第%(page)s页", page=self.page) if self.page else ""
        where += _("“%(words)s”", words=self.words) if self.words else ""
        values = [_("现为%(found)s", found=self.found)] if self.found else []
        values += [_("应为%(expected)s", expected=self.expected)] if self.expected else []
        values += [self.clause] if self.clause else []
        end = _("（%(values)s）", values=_("；").join(values)) if values else ""
        return f"{where}{_('：') if where else ''}{self.message}{end}"

    def as_data(self) -> dict[str, object]:
        """The finding for ``--json``."""
        return asdict(self)


def told(kept: str | Mapping[str, Any]) -> str:
    """The sentence of a finding that was kept as data; one that was kept as a sentence is it already."""
    return kept if isinstance(kept, str) else str(Finding(**kept))


@dataclass(frozen=True)
class Spot:
    """Where a finding stands: page from 1 (0: unknown) and the words of the paragraph."""

    page: int = 0
    words: str = ""


NOWHERE = Spot()


@dataclass(frozen=True)
class Rule:
    """A rule of the tables in the house's notes: its id, the clause it comes from, its force."""

    id: str
    clause: str
    severity: str

    def broken(self, message: str, spot: Spot = NOWHERE, found: str = "", expected: str = "") -> Finding:
        """The finding that says so."""
        words = " ".join(spot.words.split())
        words = words if len(words) <= WORDS else words[:WORDS] + "…"
        clause = "" if self.severity == PRACTICE else str(self.clause)
        return Finding(self.id, clause, self.severity, spot.page, words, found, expected, message)


def standard(id_: str, clause: str, severity: str = ERROR) -> Rule:
    """A rule of GB/T 9704—2012."""
    return Rule(id_, f"GB/T 9704—2012 {clause}", severity)


def practice(id_: str) -> Rule:
    """A habit of offices."""
    return Rule(id_, "", PRACTICE)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By page, then weight, rule and words; the same finding only once."""
    return sorted(
        dict.fromkeys(findings),
        key=lambda one: (one.page, _WEIGHTS[one.severity], one.rule, one.words, one.message, one.found),
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether the paper must not go out like this."""
    return any(one.severity == ERROR for one in findings)
