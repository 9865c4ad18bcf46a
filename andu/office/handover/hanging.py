"""What hangs on a person: everything that would stand still if they left, moved, or had other roles.

Called by ``handing_over``, which lets nobody go before each of it has been taken over. ``becoming`` is the
account as it will be; what it still can do then does not hang on it. Titles stay out of it: the admin keeps
the keys of the house and reads nothing in it. Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from flask_babel import gettext as _

from andu.formtypes.acts import Slot
from andu.formtypes.definition import FormType
from andu.office import editions, offering, records
from andu.office.errors import NotFound
from andu.office.followup import extensions
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import giving, queues
from andu.office.timing import answering, deadlines
from andu.office.turns import deputies
from andu.office.turns.deputies import Deputyship
from andu.office.turns.signatories import People
from andu.security import accounts, naming, office_halves
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import verbs

DRAFT, RECORD, SLOT, DEPUTY, DEADLINE, DECISION, KEY = (
    "draft", "record", "slot", "deputy", "deadline", "decision", "key",
)  # fmt: skip
MOST = 100
LOOKED_AT = 10
"""Of each kind so many times more are looked at than a page shows: not everything that is theirs hangs."""
_OPEN = "state IN ('signing', 'returned', 'complete')"
GROUPS = (DRAFT, RECORD, SLOT, DEADLINE, DECISION, DEPUTY, KEY)


@dataclass(frozen=True)
class HangingLine:
    """One thing that hangs on somebody. ``key`` is for ever: its kind and what it is about.

    ``about`` says in words what it is, ``at`` (stored UTC text) from when; ``takers`` may take it over, and
    where there is none ``remedy`` says what to do first. ``is_sealed``: with answers that stay sealed.
    """

    kind: str
    key: str
    unit_id: str
    about: str
    at: str
    takers: Sequence[Account]
    remedy: str = ""
    is_sealed: bool = False

    @property
    def item(self) -> str:
        """What it is about, without its kind."""
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Hanging:
    """All that hangs on ``person``, when they are to be as ``becoming``.

    ``ends`` are the authorisations to sign for them that end with that, and that nobody need take over.
    """

    person: Account
    becoming: Account
    lines: Sequence[HangingLine]
    ends: Sequence[Deputyship] = ()

    def of(self, kind: str) -> list[HangingLine]:
        """The lines of one kind."""
        return [line for line in self.lines if line.kind == kind]


def on(office: Office, person: Account, becoming: Account, most: int | None = None) -> Hanging:
    """What hangs on this person and would stand still once they are as ``becoming``.

    ``most``: of each kind so many lines at most are looked for, for a page; an act asks for all.
    """
    others = [one for one in accounts.all(office.store) if one.is_active and one.id != person.id]
    finder = _Finder(office, person, becoming, others, most and most * LOOKED_AT)
    found = (
        finder.drafts,
        finder.records,
        finder.slots,
        finder.deadlines,
        finder.decisions,
        finder.deputies,
        finder.keys,
    )
    given = deputies.of_principal(office, person.id)
    ends = [one for one in given if not deputies.can_hold(becoming, one.deputy)]
    return Hanging(person, becoming, [line for each in found for line in islice(each(), most)], ends)


def records_kept(office: Office, account_id: str, most: int | None = None) -> list[Record]:
    """The records without a number that this account answers for; the oldest, at most so many."""
    rows = office.store.rows_where(
        "record",
        "state IN ('signing', 'returned', 'complete') AND coalesce(taken_by, author_id) = ?",
        [account_id],
        order_by="created_at, id",
        limit=most,
    )
    return [records.record_of(row) for row in rows]


def left_behind(office: Office, actor: Account) -> list[tuple[Account, int]]:
    """Disabled accounts that still have drafts, or records without a number, and how many; for the admin.

    So it is where an account was shut by hand in the database, or before work had to be handed over.
    """
    if not may(actor, "manage_accounts"):
        return []
    gone = [one for one in accounts.all(office.store) if not one.is_active]
    counted = [(one, _count_kept(office, one.id)) for one in gone]
    return [(one, n) for one, n in counted if n]


def _count_kept(office: Office, account_id: str) -> int:
    """How many drafts, and records without a number, this account answers for; counted up to so many."""
    rows = office.store.query(
        "SELECT (SELECT count(*) FROM (SELECT 1 FROM draft WHERE author_id = ? LIMIT ?) AS a)"
        f" + (SELECT count(*) FROM (SELECT 1 FROM record WHERE author_id = ? AND taken_by IS NULL AND {_OPEN}"
        " LIMIT ?) AS b)"
        f" + (SELECT count(*) FROM (SELECT 1 FROM record WHERE taken_by = ? AND {_OPEN} LIMIT ?) AS c) AS n",
        [account_id, MOST] * 3,
    )
    return int(rows[0]["n"])


@dataclass(frozen=True)
class _Finder:
    office: Office
    person: Account
    becoming: Account
    others: Sequence[Account]
    looked_at: int | None

    def _fills(self, account: Account, form_type: FormType, unit_id: str) -> bool:
        return account.is_of(unit_id) and offering.may_fill(account, form_type)

    def _fillers(self, form_type: FormType, unit_id: str) -> tuple[list[Account], str]:
        found = [one for one in self.others if self._fills(one, form_type, unit_id)]
        return found, "" if found else _(
            "这个单位没有别人能填“%(title)s”：请先在这个单位建立账号，或者调一位同志过来。",
            title=form_type.title,
        )

    def drafts(self) -> Iterator[HangingLine]:
        """What they have begun to fill in, where they will no longer get at it."""
        rows = self.office.store.rows_where(
            "draft", "author_id = ?", [self.person.id], order_by="created_at, id", limit=self.looked_at
        )
        for row in rows:
            form_type, unit_id = editions.get(self.office, row["form_version"]).form_type, row["unit_id"]
            if not self._fills(self.becoming, form_type, unit_id):
                takers, remedy = self._fillers(form_type, unit_id)
                about, sealed = _("草稿“%(title)s”", title=form_type.title), row["sealed_id"] is not None
                key, at = f"{DRAFT}:{row['id']}", row["updated_at"]
                yield HangingLine(DRAFT, key, unit_id, about, at, takers, remedy, sealed)

    def records(self) -> Iterator[HangingLine]:
        """What they have handed in and is not through: sent back, it has to be mended by somebody."""
        for record in records_kept(self.office, self.person.id, self.looked_at):
            form_type = records.form_type_of(self.office, record)
            if not self._fills(self.becoming, form_type, record.unit_id):
                takers, remedy = self._fillers(form_type, record.unit_id)
                about, sealed = _("在办的“%(title)s”", title=form_type.title), record.sealed_id is not None
                key, at = f"{RECORD}:{record.id}", record.created_at
                yield HangingLine(RECORD, key, record.unit_id, about, at, takers, remedy, sealed)

    def slots(self) -> Iterator[HangingLine]:
        """The signatures that nobody else can give."""
        now, then = People(self.office), People(self.office, instead=(self.becoming,))
        for signing in queues.of_person(self.office, self.person, self.looked_at):
            record = signing.record
            mine = [slot for slot in signing.wanted.slots if signing.turn_at(slot, self.person)]
            if not mine or self._goes_with_the_record(record):
                mine = [slot for slot in mine if not slot.author]
            stuck = then.stuck(signing) if mine else ()
            before = now.stuck(signing) if stuck else ()
            for slot in mine:
                is_named = slot.person or slot.author or signing.given_to.get(slot.key)
                is_theirs_alone = is_named and not then.of_slot(signing, slot, pledged=False)
                if slot not in before and (is_theirs_alone or slot in stuck):
                    yield self._slot(record, signing.form_type, slot, giving.able(self.office, signing, slot))

    def _goes_with_the_record(self, record: Record) -> bool:
        return record.may_change and record.keeper == self.person.id

    def _slot(self, record: Record, form_type: FormType, slot: Slot, able: Sequence[Account]) -> HangingLine:
        takers = [one for one in able if one.id != self.person.id]
        remedy = "" if takers else giving.remedy(slot)
        about = _("“%(title)s”的“%(slot)s”签字", title=form_type.title, slot=slot.label)
        key = f"{SLOT}:{record.id}/{slot.key}"
        return HangingLine(SLOT, key, record.unit_id, about, record.updated_at, takers, remedy)

    def deadlines(self) -> Iterator[HangingLine]:
        """What is due and names them, such as something borrowed and not given back."""
        limit = " LIMIT ?" if self.looked_at else ""
        rows = self.office.store.query(
            "SELECT deadline.id, deadline.unit_id, deadline.due, record.form_version,"
            f" {verbs.member('deadline.terms', 'label')} AS label FROM deadline"
            " JOIN deadline_named AS named ON named.deadline_id = deadline.id"
            f" JOIN record ON record.id = deadline.record_id WHERE named.account_id = ? AND {deadlines.OPEN}"
            f" AND record.state IN ('numbered', 'filed') ORDER BY named.deadline_id{limit}",
            [self.person.id, *([self.looked_at] if self.looked_at else [])],
        )
        for row in rows:
            if answering.answers_in(self.becoming, row["unit_id"]):
                continue
            form_type = editions.get(self.office, row["form_version"]).form_type
            takers = [one for one in self.others if answering.answers_in(one, row["unit_id"])]
            remedy = "" if takers else _("承办单位没有别人：请先在这个单位建立账号。")
            about = _("“%(title)s”：%(label)s", title=form_type.title, label=row["label"])
            key = f"{DEADLINE}:{row['id']}"
            yield HangingLine(DEADLINE, key, row["unit_id"], about, row["due"], takers, remedy)

    def decisions(self) -> Iterator[HangingLine]:
        """Extensions asked for that nobody else decides: a decision is not handed over, the role is."""
        if not may(self.person, "sign"):
            return
        for asked, running in extensions.to_decide(self.office, self.person):
            had = [asked]
            able = [one for one in [*self.others, self.becoming] if extensions.may_decide(one, running, had)]
            if not able:
                remedy = _("没有别人能批这次延期：请先批了，或者先让一位同志担任规定的岗位。")
                about = _("“%(label)s”的延期申请", label=running.label)
                key = f"{DECISION}:{asked.id}"
                yield HangingLine(DECISION, key, running.unit_id, about, asked.asked_at, (), remedy)

    def deputies(self) -> Iterator[HangingLine]:
        """For whom they are to sign: somebody else may go on with it, or it ends."""
        names = naming.in_office(self.office.store)
        for one in deputies.of_deputy(self.office, self.person.id):
            if deputies.can_hold(one.principal, self.becoming):
                continue
            takers = [each for each in self.others if deputies.can_hold(one.principal, each)]
            about = _("代%(name)s签字", name=names[one.principal.id])
            yield HangingLine(DEPUTY, f"{DEPUTY}:{one.id}", one.principal.unit_id, about, one.made_at, takers)

    def keys(self) -> Iterator[HangingLine]:
        """Their half of the office's own key: nobody takes it over, it is set up anew with somebody else."""
        now = office_halves.pair(self.office.store)
        if self.becoming.is_active or now is None:
            return
        if self.person.id in office_halves.officers(self.office.store):
            remedy = _("请办公室主任先在“保密权限”的“办公室恢复钥匙”里另定两位保管人，重新设立。")
            about = _("办公室恢复钥匙的一半")
            key, unit_id = f"{KEY}:{now.generation}", self.person.unit_id
            yield HangingLine(KEY, key, unit_id, about, now.made_at, (), remedy)


def known(office: Office, account_id: str) -> Account:
    """The account; raises ``NotFound``."""
    found = accounts.get(office.store, account_id)
    if found is None:
        raise NotFound(account_id)
    return found
