"""Cases: the records about one matter. Owns ``case_record`` and ``record.case_id``.

A form type says how its records join a case (``case`` in its YAML), ``branches`` what closes it;
``submitting``, ``issuing`` and ``register`` tell what happened, inside their own transactions. The page of a
case shows each reader only the records that are theirs to see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from andu.clock import chinese_date, office_day, parse_stamp
from andu.formtypes.conditions import holds
from andu.formtypes.definition import FormType
from andu.office import branches, events, offering, record_words, records
from andu.office.branches import BranchState
from andu.office.branches import Closing as Closing
from andu.office.branches import closing as closing
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.papers.pdf import pages_of
from andu.security import units
from andu.security.accounts import Account
from andu.store import verbs

IN_CASE = "record.id IN (SELECT case_record.record_id FROM case_record WHERE case_record.case_id = ?)"
"""An SQL condition on table ``record``: belongs to this case."""
HAS_NUMBER = ("numbered", "filed")


# --- joining --------------------------------------------------------------------------------------


def main_case(office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str) -> str | None:
    """The case that a record of this form type with these answers belongs to; None if to none."""
    chosen = next((values[key] for key in form_type.case.by if values.get(key)), None)
    joined = records.find(office, str(chosen)).case_id if chosen else None
    return joined or (record_id if form_type.case.opens else None)


def urgent_word(office: Office, form_type: FormType, values: Mapping[str, Any], record_id: str) -> str:
    """The word of a record that goes before others, by itself or since its case does; else empty."""
    if form_type.urgent and holds(form_type.urgent.when, values):
        return form_type.urgent.word
    case_id = main_case(office, form_type, values, record_id)
    first = records.find(office, case_id) if case_id and case_id != record_id else None
    opened_by = records.form_type_of(office, first).urgent if first else None
    return opened_by.word if first and opened_by and holds(opened_by.when, first.values) else ""


def _other_cases(office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any]) -> list[str]:
    """The cases of what ``also`` names, records or their numbers, as far as this person may see them."""
    named = [str(one) for one in form_type.named_at(form_type.case.also, values)]
    found = [
        record
        for one in named
        for record in records.select(
            office,
            actor,
            f"record.id IN (SELECT record_id FROM register WHERE {verbs.among('record_id')})",
            [json.dumps([one, *record_words.numbered(office, one)])],
        )
    ]
    return [record.case_id for record in found if record.case_id]


def faults(office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any]) -> dict[str, str]:
    """Why these answers cannot join a case, by the key of the field it stands at; {} if they can."""
    found: dict[str, str] = {}
    cases: dict[str, str] = {}
    for key in form_type.case.by:
        if values.get(key):
            case_id = records.find(office, str(values[key])).case_id
            cases |= {case_id: key} if case_id and case_id not in cases else {}
    if len(cases) > 1:
        found[list(cases.values())[1]] = _("与前面所选的材料不是同一案卷，请重新选择。")
    named = dict.fromkeys(_other_cases(office, actor, form_type, values), form_type.case.also.split(".")[0])
    for case_id, key in (named | cases).items():
        if missing := _missing(office, form_type, values, case_id):
            found[key] = missing
    if (
        form_type.case.after_closing or form_type.case.always_opens
    ):  # a repeated report may name a closed case
        return found
    for case_id, key in (named | cases).items():
        closed = closing(office, case_id)
        if closed:
            found[key] = _closed_words(office, actor, closed)
    return found


def _missing(office: Office, form_type: FormType, values: Mapping[str, Any], case_id: str) -> str:
    """What this case has not, and must have before such a record comes in; empty when it has all."""
    wanted = [one.form for one in form_type.case.needs if holds(one.when, values)]
    there = {one.form for one in members(office, case_id) if one.state in HAS_NUMBER} if wanted else set()
    titles = [office.catalogue.get(slug) for slug in wanted if slug not in there]
    if not titles:
        return ""
    named = "、".join(f"“{one.title}”" for one in titles if one)
    return _("这个案卷还没有%(named)s（签完、有编号），先办了才能办这一项。", named=named)


def contradicting(office: Office, papers: Sequence[Record]) -> list[tuple[Record, str]]:
    """Of these papers those that say what came of the matter, and what, where they do not agree.

    Of each form type the latest numbered one counts.
    """
    said: dict[str, tuple[Record, str, str]] = {}
    for record in papers:
        verdict = records.form_type_of(office, record).case.verdict
        if verdict is not None and record.state in HAS_NUMBER:
            word = str(events.answers(office, record.id, record.values).get(verdict.field) or "")
            if word in verdict.means:
                said[record.form] = record, word, verdict.means[word]
    differ = len({meaning for _record, _word, meaning in said.values()}) > 1
    return [(record, word) for record, word, _meaning in said.values()] if differ else []


def _closed_words(office: Office, actor: Account, closed: Closing) -> str:
    if not _may_open(office, actor, closed):
        return _(
            "这个案卷已于%(day)s办结，不能再办这一项；确需继续的，请与主办单位联系。", **_said(office, closed)
        )
    return _(
        "这个案卷已于%(day)s由“%(form)s”%(number)s 办结，不能再办这一项；确需继续的，请先作废该材料的编号。",
        **_said(office, closed),
    )


def _may_open(office: Office, actor: Account | None, closed: Closing) -> bool:
    """Whether this person may know by which paper a case was closed."""
    return actor is not None and bool(records.select(office, actor, "record.id = ?", [closed.record_id]))


def _said(office: Office, closed: Closing) -> dict[str, str]:
    form_type = office.catalogue.get(closed.form)
    return {
        "day": chinese_date(office_day(parse_stamp(closed.at))),
        "form": form_type.title if form_type else closed.form,
        "number": closed.number,
    }


def why_late(office: Office, actor: Account | None, record: Record) -> str:
    """Why a record under way can go no further: its case was closed meanwhile. Empty when it can.

    Which paper closed it is said to whoever may see that; None is whoever reads the record's history.
    """
    rules = records.form_type_of(office, record).case
    if rules.after_closing or rules.always_opens or not record.may_change:
        return ""
    found = [closed for case_id in cases_of(office, record) if (closed := closing(office, case_id))]
    if not found:
        return ""
    is_signing = record.state == "signing"
    way = _("可以由签字人退回，或者由填报单位收回修改") if is_signing else _("可以由填报单位收回修改")
    said = _said(office, found[0])
    if not _may_open(office, actor, found[0]):
        return _(
            "这份材料还没有取号，所在案卷已于%(day)s办结，不能再签字、取号。%(way)s；确需继续的，请与主办单位联系。",
            way=way,
            **said,
        )
    return _(
        "这份材料还没有取号，所在案卷已于%(day)s由“%(form)s”%(number)s 办结，不能再签字、取号。"
        "%(way)s；确需继续的，请先作废 %(number)s 这个编号。",
        way=way,
        **said,
    )


def refuse_late(office: Office, actor: Account | None, record: Record) -> None:
    """Raise ``Refused`` when a record that has no number yet belongs to a case closed meanwhile."""
    if why := why_late(office, actor, record):
        raise Refused(why)


def of_answers(
    office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any], record_id: str
) -> list[str]:
    """The cases that a record with these answers belongs to, the main one first."""
    main = main_case(office, form_type, values, record_id)
    return list(dict.fromkeys([*([main] if main else []), *_other_cases(office, actor, form_type, values)]))


def enter(
    office: Office, actor: Account, form_type: FormType, values: Mapping[str, Any], record_id: str
) -> None:
    """Keep which cases a record belongs to, anew for each version. Within the caller's transaction."""
    main = main_case(office, form_type, values, record_id)
    office.store.update("record", record_id, {"case_id": main})
    office.store.execute("DELETE FROM case_record WHERE record_id = ?", [record_id])
    for case_id in of_answers(office, actor, form_type, values, record_id):
        office.store.insert("case_record", {"case_id": case_id, "record_id": record_id})


# --- closing --------------------------------------------------------------------------------------


def close_by(office: Office, record: Record) -> None:
    """A record has its number: what that opens and ends in its cases. Within the caller's transaction."""
    for case_id in cases_of(office, record):
        branches.enter(office, case_id, record)


# --- looking --------------------------------------------------------------------------------------


def papers(office: Office, actor: Account, case_id: str) -> list[Record]:
    """The records of a case that this person may see, the earliest first; raises ``NotFound`` for none."""
    found = records.select(office, actor, IN_CASE, [case_id])
    if not found:
        raise NotFound(case_id)
    return sorted(found, key=lambda record: (record.created_at, record.id))


def hidden(office: Office, case_id: str, papers: Sequence[Record]) -> int:
    """How many more records a case has than these; what they are is told to nobody who may not open them."""
    return office.store.count("case_record", "case_id = ?", [case_id]) - len(papers)


def closed(office: Office, actor: Account, case_id: str) -> Closing | None:
    """What closed a case, as this person may know it: form and number only of a record they may open."""
    found = closing(office, case_id)
    if found is None or records.select(office, actor, "record.id = ?", [found.record_id]):
        return found
    return replace(found, record_id="", number="", form="")


def branches_seen(office: Office, case_id: str, papers: Sequence[Record]) -> list[BranchState]:
    """The branches of a case that these papers opened, where there is more than one in the case."""
    every, seen = branches.of_case(office, case_id), {record.id for record in papers}
    return [one for one in every if one.opened_by in seen] if len(every) > 1 else []


def members(office: Office, case_id: str) -> list[Record]:
    """Every record of a case, whoever may see it, the earliest first: for acts of the office itself."""
    rows = office.store.rows_where("record", IN_CASE, [case_id], order_by="created_at, id")
    return [records.record_of(row) for row in rows]


def cases_of(office: Office, record: Record) -> list[str]:
    """The cases a record belongs to; none for one that stands alone."""
    rows = office.store.rows_where("case_record", "record_id = ?", [record.id])
    return [row["case_id"] for row in rows]


def latest(office: Office, actor: Account, record: Record) -> dict[str, Record]:
    """Of the case of a record, the latest numbered paper of each form type that this person may see.

    The record itself counts before all others of its form type.
    """
    found = papers(office, actor, record.case_id) if record.case_id else []
    found.sort(key=lambda one: one.case_id == record.case_id)  # what only refers to the case comes second
    return {one.form: one for one in found if one.state in HAS_NUMBER} | {record.form: record}


def next_forms(office: Office, actor: Account, record: Record) -> list[FormType]:
    """The forms this person may go on with from a record, unless its case is closed for them."""
    found = _named_next(office, actor, record)
    return [form_type for form_type in found if _closed_for(office, form_type, record) is None]


def _named_next(office: Office, actor: Account, record: Record) -> list[FormType]:
    """The forms this person may fill that the form type of a numbered record names as next."""
    if record.state not in ("numbered", "filed"):
        return []
    answers = events.answers(office, record.id, record.values)
    following = records.form_type_of(office, record).next
    wanted = {
        one.form
        for one in following
        if holds(one.when, answers) and record.unit_at(one.unit) in (None, *actor.units)
    }
    return [form_type for form_type in offering.fillable(office, actor) if form_type.slug in wanted]


def following(office: Office, actor: Account, papers: Sequence[Record]) -> list[tuple[Record, FormType]]:
    """The forms not there yet that this person may go on with, each with the latest paper it follows."""
    there = {record.form for record in papers if record.state != "voided"}
    found: dict[str, tuple[Record, FormType]] = {}
    for record in papers:
        for form_type in next_forms(office, actor, record):
            if form_type.slug not in there:
                found[form_type.slug] = record, form_type
    return list(found.values())


def _closed_for(office: Office, form_type: FormType, record: Record) -> Closing | None:
    if form_type.case.after_closing or record.case_id is None:
        return None
    return closing(office, record.case_id)


def refuse_closed(office: Office, actor: Account, form_type: FormType, record: Record) -> None:
    """Raise ``Refused`` when this form cannot be added to the case of a record, since that is closed."""
    closed = _closed_for(office, form_type, record)
    if closed:
        raise Refused(_closed_words(office, actor, closed))


def holder(office: Office, papers: Sequence[Record]) -> str:
    """The unit that has the matter: the one the latest numbered paper went to, else the one it is from."""
    done = [record for record in papers if record.state in HAS_NUMBER]
    if not done:
        return ""
    # What names a unit in each row of a table went to all of them, and stays with whoever wrote it.
    shares = records.form_type_of(office, done[-1]).share_with
    keys = [share.place for share in shares if share.place and "." not in share.place]
    went_to = next((str(done[-1].values[key]) for key in keys if done[-1].values.get(key)), done[-1].unit_id)
    unit = units.get(office.store, units.now(office.store, went_to))
    return unit.name if unit else ""


def others(office: Office, actor: Account, case_id: str, papers: Sequence[Record]) -> list[Record]:
    """The first records of other cases that share a record with this one, as far as this person sees them."""
    linked = dict.fromkeys(other for record in papers for other in cases_of(office, record))
    found = [records.select(office, actor, "record.id = ?", [one]) for one in linked if one != case_id]
    return [record for one in found for record in one]


def listed(
    office: Office, actor: Account, form_type: FormType, case_id: str
) -> dict[str, list[dict[str, str]]]:
    """The rows that ``lists`` of a form type fills with the numbered papers of a case, by table."""
    tables: dict[str, list[dict[str, str]]] = {}
    done = [record for record in papers(office, actor, case_id) if record.state in HAS_NUMBER]
    known = [_of_paper(office, record) for record in done]
    for target, taken in form_type.case.lists.items():
        table, _dot, column = target.partition(".")
        rows = tables.setdefault(table, [{} for _record in done])
        for row, said in zip(rows, known, strict=True):
            row[column] = said[taken]
    return tables


def _of_paper(office: Office, record: Record) -> dict[str, str]:
    """What ``lists`` may take from a numbered paper; its pages are known once it is filed."""
    (entry,) = office.store.rows_where("register", "record_id = ?", [record.id])
    form_type, unit = office.catalogue.get(record.form), units.get(office.store, record.unit_id)
    return {
        "number": entry["number"],
        "title": record.title,
        "form": form_type.title if form_type else record.form,
        "unit": unit.name if unit else "",
        "date": office_day(parse_stamp(entry["numbered_at"])).isoformat(),
        "pages": str(pages_of(office.files.get(entry["pdf_sha"]))) if entry["pdf_sha"] else "",
    }
