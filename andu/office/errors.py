"""What an act says when it does not happen. Each message is Chinese and made for the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from andu.security.refusals import NotAllowed as NotAllowed
from andu.security.refusals import Refused as Refused

if TYPE_CHECKING:
    from andu.formtypes.filling.webform import AnswerForm
    from andu.papers.checks.layout import Finding


class NotFound(Exception):
    """There is no such thing, or not for this person: both look the same from outside."""


class NotYet(Refused):
    """The act is not possible at this moment; the same will be in a little while."""


class NotPrinted(Refused):
    """The paper does not show all that was typed; ``by_key`` says it by the key of the field."""

    def __init__(self, by_key: dict[str, str]) -> None:
        super().__init__("\n".join(by_key.values()))
        self.by_key = by_key


class WrongLayout(Refused):
    """An official document breaks what the standard lays down: its findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(wrong_layout([str(one) for one in findings]))
        self.findings = tuple(findings)


def wrong_layout(told: Sequence[str]) -> str:
    """What is said of a document with these findings."""
    return _("公文格式不合规定，请改正后再办：\n%(what)s", what="\n".join(told))


class InvalidAnswers(Exception):
    """The form has faults; ``form`` carries what was typed and each problem beside its field."""

    def __init__(self, form: AnswerForm) -> None:
        super().__init__("; ".join(problem.message for problem in form.problems))
        self.form = form
