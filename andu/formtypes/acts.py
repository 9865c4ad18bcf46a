"""What a form type says of what is done with a record: sign, join a case, be in time, be counted, go on.

Frozen data that computes nothing; parts of a `definition.FormType`, made only by the reader of form files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from andu.formtypes.conditions import Condition

DEADLINE_RULES = ("same_day", "hours", "days", "workdays", "half_month", "month_end", "field", "day_of_field")
FIELD_RULES = ("field", "day_of_field")
"""Those that go by an answer: its very moment, or the end of its day."""
COUNTING_RULES = ("hours", "days", "workdays")
"""Those that need ``n``."""
SUBMITTED, SIGNED, NUMBERED = "submitted", "signed", "numbered"
SINCE = ("period", "year")
STARTS = (SUBMITTED, NUMBERED)
"""What a deadline may start from, beside an answer."""


@dataclass(frozen=True)
class Slot:
    """A place for one signature. `unit` is 'own', 'any', 'field:<key>' or a unit's code.

    `person` names a person field: only who is chosen there signs, whatever the roles and the unit.
    The number does not wait for a slot `after_number`: it is signed as a receipt once the paper is filed.
    """

    key: str
    label: str
    roles: tuple[str, ...]
    unit: str
    order: int
    author: bool = False
    person: str = ""
    fields: tuple[str, ...] = ()
    opinion_default: str = ""
    after_number: bool = False


@dataclass(frozen=True)
class Enough:
    """A rule of which signatures are enough: any one of `sets` of slots. The slots it names nowhere are
    always asked for. `words` and `source` quote what binds; without a source it is the office's custom.
    """

    key: str
    label: str
    sets: tuple[tuple[str, ...], ...]
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class Signatures:
    """Who signs. `distinct`: no person may sign two slots. `statement` stands above the signatures.

    Without `enough` every slot must be signed; else its first rule counts, or the one the office names.
    `recuse` are fields (or `table.column`) of names or people: who stands there signs nothing of the case.
    `recuse_places` say of which unit or village they are.
    """

    distinct: bool = True
    slots: tuple[Slot, ...] = ()
    enough: tuple[Enough, ...] = ()
    statement: str = ""
    recuse: tuple[str, ...] = ()
    recuse_places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extension:
    """By how much a deadline may be put off: natural `days` each, `times` at most, approved by `roles`."""

    roles: tuple[str, ...]
    days: int
    times: int = 1
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class Meets:
    """A form type whose records meet a deadline, while a condition holds of their answers.

    ``at`` is a field of theirs that says when it was done; without it, it is when they are numbered or
    handed in, or as soon as their slot ``signed`` is. With ``to``, the code of a unit, only what goes there.
    The fields are those of the other form: `catalogue` checks them.
    """

    form: str
    when: Condition | None = None
    at: str = ""
    to: str = ""
    signed: str = ""


@dataclass(frozen=True)
class Deadline:
    """Something due after a record: how it is counted, from what, and the records that meet it.

    ``rule`` is one of ``DEADLINE_RULES``; ``start`` is `submitted`, `numbered` or a field of a date; ``unit``
    says whose it is, as a slot does; ``met_by`` names form types of the same case, met when one of them is
    `numbered` or already when it is `submitted` (``met_when``). With ``each`` there is one
    deadline for every row of that table: ``field``, ``unit`` and ``about`` then name its columns, and only
    records of the row's unit meet it. ``ground`` is why it is chased, in the words of the form that chases.
    It runs for records of the units ``only_of`` alone, for none of ``not_of`` (codes); ``before_closing``: no
    record closes the case before it is met.
    ``by_hand``: a person says that it is done. ``remind`` is hours before the end. ``words`` and ``source``
    quote what binds; without a source it is the office's own custom and is never called a rule.
    """

    key: str
    label: str
    rule: str
    n: int
    start: str
    field: str
    unit: str
    met_by: tuple[Meets, ...]
    when: Condition | None
    words: str
    source: str
    each: str = ""
    about: str = ""
    met_when: str = "numbered"
    by_hand: bool = False
    remind: int = 24
    extend: Extension | None = None
    ground: str = ""
    only_of: tuple[str, ...] = ()
    not_of: tuple[str, ...] = ()
    before_closing: bool = False


@dataclass(frozen=True)
class Branch:
    """A branch of a case: its name or, as ``field:<key>``, a choice that names it; only while ``when``."""

    name: str
    when: Condition | None = None


@dataclass(frozen=True)
class Needs:
    """A form type of which the case must have a numbered record first, while ``when`` holds of answers."""

    form: str
    when: Condition | None = None


@dataclass(frozen=True)
class Verdict:
    """What a record says came of the matter: a choice ``field``, and what its words mean, in common words."""

    field: str
    means: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """How records belong together: each opens a case, or joins the one of a record chosen in ``by``; with
    both, it opens one where nothing is chosen.

    ``also`` is a table's column of numbers (`table.column`) or a reference field: the record belongs to those
    cases as well.
    A numbered record ``closes`` the case, always or while ``closes_when`` holds, as soon as no branch of it
    is open: records open branches (``opens_branch``) and end them (``ends_branch``). A closed case takes only
    forms of ``after_closing``, and one that opens a branch opens it again. ``lists`` fills a table of a new
    draft with the papers of the case. ``needs`` says what the case must have first, ``verdict`` what a
    record says came of the matter, so that papers which contradict each other are told.
    """

    opens: bool = False
    by: tuple[str, ...] = ()
    also: str = ""
    closes: bool = False
    closes_when: Condition | None = None
    outcome: str = ""
    opens_branch: tuple[Branch, ...] = ()
    ends_branch: tuple[Branch, ...] = ()
    after_closing: bool = False
    lists: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[Needs, ...] = ()
    verdict: Verdict | None = None

    @property
    def always_opens(self) -> bool:
        """Whether its records never join what is there already."""
        return self.opens and not self.by

    @property
    def joins(self) -> bool:
        """Whether its records belong to a case at all."""
        return bool(self.opens or self.by or self.also)


@dataclass(frozen=True)
class Next:
    """A form type offered after a record, while a condition holds of its answers, to people of ``unit``.

    ``unit`` is 'any', 'own', 'field:<key>' or a unit's code, as in a slot.
    """

    form: str
    when: Condition | None = None
    unit: str = "any"


@dataclass(frozen=True)
class Share:
    """Who sees a numbered record besides its own unit: the units named at ``place`` (a field or
    ``table.column``), or the ``unit`` of this code; only while ``when`` holds of its answers.
    """

    place: str = ""
    unit: str = ""
    when: Condition | None = None


@dataclass(frozen=True)
class Urgent:
    """A record that goes before others while ``when`` holds, and its whole case with it; ``word`` says so."""

    word: str
    when: Condition


@dataclass(frozen=True)
class Counted:
    """A number of a return that the office can count itself: the unit's records of ``form`` whose day ``at``
    (a field of theirs; without it, the day of their number) lies in the period, or since 1 January for
    ``since`` `year`; with ``rows``, the rows of that table. Where ``nil`` is answered 是 there are none.
    """

    field: str
    form: str
    at: str = ""
    since: str = "period"
    rows: str = ""
    nil: str = ""


@dataclass(frozen=True)
class Expected:
    """A return that every unit of a ``category``, or one ``unit``, owes for each period.

    ``period`` is a period field, or the date of what the return is about: then ``every`` says how long a
    period is, the day decides to which it belongs, and several may lie in one. What is ``counted`` must
    be so, or ``differs`` says why not.
    """

    period: str
    category: str = ""
    unit: str = ""
    every: str = ""
    counted: tuple[Counted, ...] = ()
    differs: str = ""
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class MissingReturns:
    """A form that can begin from the units that owe the return ``form``; ``fills`` says what goes where."""

    form: str
    fills: Mapping[str, str]
