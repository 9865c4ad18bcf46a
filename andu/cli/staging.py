"""A living example: an office that has worked for a while, played from a script through its own acts.

The script (``offices/demo.yaml``) is data: ways, each a list of steps, and matters that go one of the ways on
a XX a ``FixedClock``; each goes through the same functions as the screens. Used by ``script/andu demo``.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from andu.cli.opening import at_the_machine
from andu.clock import OFFICE_ZONE, FixedClock, office_day
from andu.formtypes.acts import Slot
from andu.formtypes.definition import FormType
from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values, read_loosely
from andu.formtypes.kinds import KINDS
from andu.office import editions, records
from andu.office.books import register
from andu.office.errors import InvalidAnswers
from andu.office.followup import chasing, extensions, finishing
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.timing import deadlines
from andu.office.writing import drafts, prefill, revising, submitting
from andu.office.writing.drafts import Draft, Raw
from andu.security import accounts
from andu.security.accounts import Account

OR = "=or "
ADDRESS = "127.0.0.1"
WORKING = timedelta(hours=3)
"""The most that one step takes, with all its signatures."""
_SPAN = re.compile(r"([+-]?)([0-9]+)([mhd])")
_WORD = re.compile(r"\{([a-z_]+)\}")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class ScriptFault(Exception):
    """The script asks for what the office does not do; the message says at which step, and why."""


@dataclass(frozen=True)
class ScriptedMatter:
    """One matter of the script: its way, the day (counted from the first) and time, and what is special."""

    way: str
    start: timedelta
    answers: Mapping[str, Mapping[str, Any]]
    people: Mapping[str, str]
    words: Mapping[str, str]


@dataclass
class _Course:
    """A matter under way: its records by form type, and the one the next step goes on from."""

    matter: ScriptedMatter
    words: dict[str, str]
    common: Mapping[str, Mapping[str, Any]]
    records: dict[str, Record] = field(default_factory=dict)
    last: str | None = None


@dataclass(frozen=True)
class Script:
    """How many days it lasts, the ways by name, the matters, and what all of them answer, by form type."""

    days: int
    ways: Mapping[str, Sequence[Mapping[str, Any]]]
    matters: Sequence[ScriptedMatter]
    answers: Mapping[str, Mapping[str, Any]]

    @property
    def steps(self) -> int:
        """How many steps there are together."""
        return sum(len(self.ways[matter.way]) for matter in self.matters)


def span(text: str) -> timedelta:
    """``3h``, ``2d``, ``-15m`` as a span of time; raises ``ScriptFault``."""
    found = _SPAN.fullmatch(text.strip())
    if not found:
        raise ScriptFault(text)
    length = timedelta(**{_UNITS[found[3]]: int(found[2])})
    return -length if found[1] == "-" else length


def read_script(path: Path) -> Script:
    """The script in a YAML file of ours."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    matters = []
    for one in data["matters"]:
        for day in one["days"] if "days" in one else [one["day"]]:
            hour, minute = str(one.get("time", "9:00")).split(":")
            start = timedelta(days=day, hours=int(hour), minutes=int(minute))
            own = [one.get(key) or {} for key in ("answers", "people", "words")]
            matters.append(ScriptedMatter(one["way"], start, *own))
    return Script(data["days"], data["ways"], matters, data.get("answers") or {})


def play(office: Office, script: Script, clock: FixedClock, first: datetime) -> Iterator[None]:
    """Play the script from the day of ``first`` (aware); yields after every step, none beyond its last day.

    Raises ``ScriptFault`` where the office refuses a step.
    """
    midnight = datetime.combine(office_day(first), datetime.min.time(), OFFICE_ZONE)
    end = midnight + timedelta(days=script.days)
    waiting: list[tuple[datetime, int, int, _Course]] = []
    for n, matter in enumerate(script.matters):
        at = midnight + matter.start + span(str(script.ways[matter.way][0].get("after", "0m")))
        course = _Course(matter, {**_words_of(at), **matter.words}, script.answers)
        heapq.heappush(waiting, (at, n, 0, course))
    while waiting:
        at, n, index, course = heapq.heappop(waiting)
        steps = script.ways[course.matter.way]
        clock.advance(max(0.0, (at - clock.now()).total_seconds()))
        _Step(office, clock, course, steps[index]).take()
        yield
        if index + 1 < len(steps):
            later = clock.now() + span(str(steps[index + 1].get("after", "30m")))
            if later + WORKING > end:  # it is not that day yet: the matter is where it is
                continue
            heapq.heappush(waiting, (later, n, index + 1, course))


def _words_of(at: datetime) -> dict[str, str]:
    """The words of time that every matter knows: those of the day on which it begins."""
    day = office_day(at)
    before = day.replace(day=1) - timedelta(days=1)
    return {
        "year": str(day.year),
        "week": str(day.isocalendar().week),
        "this_month": f"{day.year}年{day.month}月",
        "last_month": f"{before.year}年{before.month}月",
    }


class _Step:
    """One step of one matter."""

    def __init__(self, office: Office, clock: FixedClock, course: _Course, step: Mapping[str, Any]) -> None:
        self.office, self.clock, self.course, self.step = office, clock, course, step

    def take(self) -> None:
        """Do what the step says."""
        if self.course.matter.people.get("clerk") in self.step.get("skip_for", ()):
            return
        try:
            self._act()
        except InvalidAnswers as invalid:
            why = " ".join(problem.message for problem in invalid.form.problems)
            raise ScriptFault(f"{self.course.matter.way}: {dict(self.step)}: {why}") from invalid
        except Exception as fault:
            raise ScriptFault(f"{self.course.matter.way}: {dict(self.step)}: {fault!r}") from fault

    def _act(self) -> None:
        acts = {"void": self._void, "extend": self._extend, "done": self._finish}
        act = next((one for name, one in acts.items() if name in self.step), self._fill)
        act()

    # --- people and times

    def _person(self, name: str) -> Account:
        username = self.course.matter.people.get(name, name)
        found = accounts.by_username(self.office.store, username)
        if found is None:
            raise ScriptFault(username)
        return at_the_machine(found)

    def _settled(self, value: Any) -> Any:
        """An answer of the script: ``=now``, ``=today``, ``=+10d`` are times, ``=@zhangsan`` is a person."""
        if isinstance(value, list):
            return [self._settled(one) for one in value]
        if isinstance(value, dict):
            return {key: self._settled(one) for key, one in value.items()}
        if not isinstance(value, str):
            return value
        if not value.startswith("="):
            return _WORD.sub(lambda found: self.course.words[found[1]], value)
        value = value.replace(OR, "=", 1)
        if value.startswith("=@"):
            return self._person(value[2:]).id
        local = self.clock.now().astimezone(OFFICE_ZONE)
        if value == "=now":
            return local.strftime("%Y-%m-%dT%H:%M")
        if value.endswith("T"):
            return (local + span(value[1:-1])).strftime("%Y-%m-%dT%H:%M")
        return (local if value == "=today" else local + span(value[1:])).strftime("%Y-%m-%d")

    def _answers(self, slug: str, known: Mapping[str, Any]) -> dict[str, Any]:
        """What the script says; what begins with ``=or`` only where nothing is known yet."""
        said = {
            **self.course.common.get(slug, {}),
            **(self.step.get("answers") or {}),
            **self.course.matter.answers.get(slug, {}),
        }
        return {
            key: self._settled(value)
            for key, value in said.items()
            if not (str(value).startswith(OR) and known.get(key))
        }

    # --- acts

    def _fill(self) -> None:
        slug, clerk = str(self.step.get("form", self.step.get("chase"))), self._person(str(self.step["by"]))
        draft = self._draft(slug, clerk)
        form_type = editions.current(self.office, slug).form_type
        raw = self._raw(form_type, clerk, draft)
        if self.step.get("draft"):
            drafts.save(self.office, clerk, draft.id, raw, draft.revision)
            return
        record = submitting.submit(self.office, clerk, draft.id, raw, draft.revision)
        record = self._decline(clerk, record)
        self.course.records[slug] = self._sign(record)
        self.course.last = slug
        self._learn_number(record)

    def _learn_number(self, record: Record) -> None:
        """The first number of a matter is what its later papers call it by."""
        entry = register.of_record(self.office, self._person(str(self.step["by"])), record.id)
        if entry is not None:
            self.course.words.setdefault("number", entry.number)
            self.course.words.setdefault("serial", str(entry.seq))

    def _draft(self, slug: str, clerk: Account) -> Draft:
        if "chase" in self.step:
            deadline_id = self._deadline(str(self.step["deadline"]), clerk)
            return chasing.chase(self.office, clerk, deadline_id, slug)
        source = self.step.get("from")
        source = source if source in self.course.records else self.course.last
        if source is None:
            return drafts.start(self.office, clerk, slug)
        return prefill.start_from(self.office, clerk, slug, self.course.records[source].id)

    def _raw(self, form_type: FormType, clerk: Account, draft: Draft) -> Raw:
        """The form's own sample, what the draft began with over it, the script's answers over both."""
        begun = {name: typed for name, typed in draft.raw.items() if any(typed)}
        directory = OfficeDirectory(self.office, clerk)
        known = read_loosely(form_type, begun, directory)
        said = self._answers(form_type.slug, known)
        # what is asked only because of what the script says is carried over too
        known = read_loosely(form_type, {**begun, **raw_from_values(form_type, said)}, directory)
        values = samples.sample(form_type, directory, given={**known, **said})
        references = {one.key for one in form_type.fields if KINDS[one.kind].names_record}
        values = {key: value for key, value in values.items() if key not in references - said.keys()}
        return raw_from_values(form_type, {**values, **said}) | {
            name: typed for name, typed in begun.items() if name.removeprefix("f_") in references
        }

    def _decline(self, clerk: Account, record: Record) -> Record:
        declined = self.step.get("decline")
        if not declined:
            return record
        for slot_signer in declined.get("after", []):
            record = self._sign_as(self._person(slot_signer), record)
        self.clock.advance(1800)
        person, password = self._person(declined["by"]), self.office.config.sample_password
        signatures.decline(self.office, person, record.id, record.version, declined["why"], password, ADDRESS)
        self.clock.advance(3600)
        draft = revising.revise(self.office, clerk, record.id)
        return submitting.submit(self.office, clerk, draft.id, draft.raw, draft.revision)

    def _sign(self, record: Record) -> Record:
        """Sign what waits, receipts too, until nothing does or to the slot the step says to stop before."""
        stop, named = self.step.get("stop_before"), self.step.get("sign") or {}
        while slots := signatures.open_slots(self.office, record):
            slot = next((one for one in slots if one.key in named), slots[0])
            if slot.key == stop:
                break
            person = self._person(named[slot.key]) if slot.key in named else self._fitting(record, slot)
            self.clock.advance(600)
            record = self._sign_as(person, record, slot)
        return record

    def _fitting(self, record: Record, slot: Slot) -> Account:
        for turn in signatures.candidates(self.office, record):
            chosen = signatures.signable(self.office, turn.person, record)
            if chosen and chosen.key == slot.key:
                return turn.person
        raise ScriptFault(f"nobody for {record.form}.{slot.key}")

    def _sign_as(self, person: Account, record: Record, slot: Slot | None = None) -> Record:
        form_type = records.form_type_of(self.office, record)
        chosen = slot or signatures.signable(self.office, person, record)
        if chosen is None:
            raise ScriptFault(signatures.why_not(self.office, person, record))
        said = self._answers(form_type.slug, record.values)
        directory = OfficeDirectory(self.office, person)
        whole = samples.sample(form_type, directory, given={**record.values, **said})
        raw = raw_from_values(form_type, {key: whole.get(key) for key in chosen.fields if key in whole})
        return signatures.sign(
            self.office, person, record.id, chosen.key, record.version,
            str((self.step.get("opinions") or {}).get(chosen.key, "")), "", raw, "", at_the_machine=True,
        )  # fmt: skip

    def _void(self) -> None:
        record = self.course.records[str(self.step["void"])]
        person = self._person(str(self.step["by"]))
        entry = register.of_record(self.office, person, record.id)
        if entry is None:
            raise ScriptFault("no number")
        password = self.office.config.sample_password
        voiding.void(self.office, person, entry.id, str(self.step["why"]), password, ADDRESS)

    def _deadline(self, name: str, person: Account) -> str:
        """The id of a deadline that the script calls ``form.key``; of several one of the person's unit."""
        slug, _dot, key = name.partition(".")
        rows = self.office.store.rows_where(
            "deadline", "record_id = ? AND key = ? AND met_at IS NULL", [self.course.records[slug].id, key],
            order_by="due",
        )  # fmt: skip
        if not rows:
            raise ScriptFault(name)
        return str(max(rows, key=lambda row: row["unit_id"] == person.unit_id)["id"])

    def _extend(self) -> None:
        asker, judge = self._person(str(self.step["by"])), self._person(str(self.step["granted_by"]))
        deadline_id = self._deadline(str(self.step["extend"]), asker)
        running = deadlines.get(self.office, asker, deadline_id)
        until = office_day(running.at) + timedelta(days=int(self.step["days"]))
        extensions.ask(self.office, asker, deadline_id, until, str(self.step["why"]))
        self.clock.advance(3600)
        ((asked, _running),) = extensions.to_decide(self.office, judge)
        password = self.office.config.sample_password
        extensions.decide(self.office, judge, deadline_id, asked.id, True, "", password, ADDRESS)

    def _finish(self) -> None:
        person = self._person(str(self.step["by"]))
        deadline_id = self._deadline(str(self.step["done"]), person)
        finishing.finish(self.office, person, deadline_id, str(self.step["words"]))
