"""Faults of form files: where, what, and the nearest right word; collected, never raised one by one.

`reading` and `catalogue` collect them; the command line prints them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from flask_babel import gettext as _

if TYPE_CHECKING:
    from andu.formtypes.definition import FormType


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: file name, line (from 1), path of the key (`sections[0].fields[2].kind`), what is wrong."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}：{self.key}：{self.message}"


class FormFaults(ValueError):
    """A form file, or several, cannot be used; `.faults` names every fault, in the order of the files.

    `.as_far_as_read` is what could be read of one faulty file, only to look for faults between files.
    """

    def __init__(self, faults: Iterable[Fault], as_far_as_read: "FormType | None" = None) -> None:
        self.faults = sorted(faults)
        self.as_far_as_read = as_far_as_read
        super().__init__("\n".join(str(fault) for fault in self.faults))


def nearest(word: str, words: Iterable[str]) -> str:
    """A Chinese clause that offers the nearest right word, or all words if none is near; '' without any."""
    known = [str(one) for one in words]
    close = (
        get_close_matches(word, known, n=1, cutoff=0.5) or [one for one in known if word and word in one][:1]
    )
    if close:
        return _("；是否应为“%(word)s”？", word=close[0])
    if known:
        return _("；可用的有：%(words)s", words="、".join(known))
    return ""
