"""What an act says when it does not happen. Each message is Chinese and made for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from andu.security.refusals import NotAllowed as NotAllowed
from andu.security.refusals import Refused as Refused

if TYPE_CHECKING:
    from andu.formtypes.webform import AnswerForm


class NotFound(Exception):
    """There is no such thing, or not for this person: both look the same from outside."""


class NotYet(Refused):
    """The act is not possible at this moment; the same will be in a little while."""


class NotPrinted(Refused):
    """The paper does not show all that was typed; ``by_key`` says it by the key of the field."""

    def __init__(self, by_key: dict[str, str]) -> None:
        super().__init__("\n".join(by_key.values()))
        self.by_key = by_key


class InvalidAnswers(Exception):
    """The form has faults; ``form`` carries what was typed and each problem beside its field."""

    def __init__(self, form: AnswerForm) -> None:
        super().__init__("; ".join(problem.message for problem in form.problems))
        self.form = form
