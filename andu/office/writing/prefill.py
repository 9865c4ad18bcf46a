"""Carrying over: what an earlier record already says is not typed a second time, and goes with that record.

`sources` says what a record gives, `carried` remembers it in the draft; here both are put to work. Whatever a
source brought in leaves with it when another is chosen; what somebody has edited since stays, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.formtypes.filling.webform import Raw, raw_from_values, starting_raw
from andu.formtypes.kinds import KINDS
from andu.office import cases, editions, records
from andu.office.editions import Edition
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.writing import carried, drafts, sources
from andu.office.writing.carried import FromSource
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account


def start_from(
    office: Office,
    actor: Account,
    slug: str,
    source_id: str,
    edition: Edition | None = None,
    told: Raw | None = None,
) -> Draft:
    """Begin form ``slug`` with what the earlier record ``source_id`` and the other papers of its case say.

    Each reference takes the latest paper of its form types in the case; what an earlier reference filled is
    left as it is. ``told`` stands over all of it. Raises ``Refused`` for a case that is closed.
    """
    source = records.get(office, actor, source_id)
    edition = edition or editions.current(office, slug)
    form_type = edition.form_type
    cases.refuse_closed(office, actor, form_type, source)
    known = cases.latest(office, actor, source)
    found: Raw = {}
    memory: dict[str, FromSource] = {}
    for one in form_type.fields:
        record = _latest(known, KINDS[one.kind].source(one)[0], source)
        if record is not None:
            more = sources.inputs_from(office, actor, form_type, one.key, record, found)
            more = {name: texts for name, texts in more.items() if not any(found.get(name, []))}
            found |= more
            memory[one.key] = _memory(one.key, record, more, by_itself=True)
    if source.case_id and form_type.case.lists:  # also where no reference leads into the case
        found |= raw_from_values(form_type, cases.listed(office, actor, form_type, source.case_id))
    return drafts.start(office, actor, slug, found | (told or {}), edition, memory)


def _memory(key: str, record: Record, inputs: Raw, by_itself: bool = False) -> FromSource:
    brought = {name: texts for name, texts in inputs.items() if any(texts) and name != f"f_{key}"}
    return FromSource(record.id, brought, by_itself)


def _latest(known: Mapping[str, Record], forms: Collection[str], source: Record) -> Record | None:
    """Of the latest papers of a case, the latest of these forms; the one it all begins from before others."""
    found = [known[form] for form in forms if form in known]
    own = [one for one in found if one.case_id == source.case_id]  # before what only refers to the case
    if source in found:
        return source
    return max(own or found, key=lambda one: (one.created_at, one.id), default=None)


# --- another source -------------------------------------------------------------------------------


@dataclass
class _Change:
    """The inputs and the memory of a draft while a source changes; ``gone`` are inputs that were emptied."""

    office: Office
    actor: Account
    form_type: FormType
    raw: Raw
    memory: dict[str, FromSource]
    gone: set[str] = field(default_factory=set)

    def let_go(self, key: str) -> None:
        """Take out what the source of a reference brought in and nobody has edited."""
        brought = self.memory.pop(key, None)
        if brought is not None:
            left = carried.standing(brought, self.raw).still
            self.raw = {name: texts for name, texts in self.raw.items() if name not in left}
            self.gone |= set(left)

    def take(self, key: str, source: Record, only: Collection[str] | None = None) -> None:
        """Fill what is empty from a source; ``only`` these inputs."""
        found = sources.inputs_from(self.office, self.actor, self.form_type, key, source, self.raw)
        before = self.memory.get(key)
        inputs = before.inputs if before and before.source == source.id else {}
        if sources.adds(self.form_type.field(key)) and any(any(self.raw.get(name, [])) for name in inputs):
            # its row is there already, whatever became of the words by which it would be known again
            found = {name: texts for name, texts in found.items() if name in inputs}
        empty = {
            name: texts
            for name, texts in found.items()
            if not any(self.raw.get(name, [])) and (only is None or name in only)
        }
        self.raw |= empty
        self.memory[key] = _memory(key, source, {**inputs, **empty})

    def leave_other_cases(self, key: str, source: Record) -> None:
        """Take out the references nobody chose by hand, when they lead into another case than this one."""
        for other, brought in list(self.memory.items()):
            if other == key or not brought.by_itself or other not in self.form_type.case.by:
                continue
            is_as_it_was = self.raw.get(f"f_{other}") == [brought.source] and source.case_id
            if is_as_it_was and records.find(self.office, brought.source).case_id != source.case_id:
                self.let_go(other)
                self.raw.pop(f"f_{other}")

    def refill(self, key: str) -> None:
        """What was emptied may stand in a source that is still chosen, else begin as in a new draft."""
        for one in sources.references(self.form_type):
            source = sources.chosen(self.office, self.actor, one, self.raw) if one.key != key else None
            if source is not None and one.key in self.memory:
                by_itself = self.memory[one.key].by_itself
                self.take(one.key, source, only=self.gone)
                self.memory[one.key] = replace(self.memory[one.key], by_itself=by_itself)
        directory = OfficeDirectory(self.office, self.actor)
        first = starting_raw(self.form_type, directory, self.actor.id, self.office.clock.now())
        self.raw |= {
            n: texts for n, texts in first.items() if n in self.gone and not any(self.raw.get(n, []))
        }


def carry_over(office: Office, actor: Account, draft_id: str, field_key: str) -> Draft:
    """Let the record chosen in a reference field answer what is empty, instead of the one chosen before.

    What that one brought in goes, unless somebody has edited it since; with nothing chosen any more, too.
    Raises ``NotFound``, or ``Refused`` when no record is chosen and none was.
    """
    draft = drafts.get(office, actor, draft_id)
    form_type = drafts.form_type_of(office, draft)
    one = _reference(form_type, field_key)
    source = sources.chosen(office, actor, one, draft.raw)
    change = _Change(office, actor, form_type, dict(draft.raw), dict(draft.carried))
    before = change.memory.get(field_key)
    if source is None and (before is None or any(draft.raw.get(f"f_{field_key}", []))):
        raise Refused(_("请先在“%(label)s”里选定一份已编号的材料。", label=one.label))
    is_another = before is not None and (source is None or before.source != source.id)
    if is_another and not sources.adds(one):
        change.let_go(field_key)
    if source is not None:
        change.leave_other_cases(field_key, source)
        change.take(field_key, source)
    if change.gone:
        change.refill(field_key)
    return drafts.save(office, actor, draft.id, change.raw, draft.revision, change.memory).draft


def keep(office: Office, actor: Account, draft_id: str, field_key: str) -> Draft:
    """Let what an earlier source brought in count as typed, though another one is chosen now."""
    draft = drafts.get(office, actor, draft_id)
    _reference(drafts.form_type_of(office, draft), field_key)
    memory = {key: one for key, one in draft.carried.items() if key != field_key}
    return drafts.save(office, actor, draft.id, draft.raw, draft.revision, memory).draft


def _reference(form_type: FormType, key: str) -> Field:
    found = next((one for one in sources.references(form_type) if one.key == key), None)
    if found is None:
        raise NotFound(key)
    return found
