"""The audit log in words: what each event was about, as people call it, and not by ids.

Called by the screen of the log. A record is named to whom may see it; hashes and the like stay in the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.roles import ROLES
from andu.office import conflicts, record_words, records
from andu.office.office import Office
from andu.office.records import Record
from andu.security import naming, units
from andu.security.accounts import Account
from andu.security.audit import Entry
from andu.store import verbs

NOT_TOLD = frozenset({
    "attachment", "case", "data_hash", "deadline", "deputyship", "design", "docx_sha", "draft", "edition",
    "extension", "fingerprint", "look", "paper", "pdf_sha", "publication", "register", "scan", "sha", "token",
})  # fmt: skip
"""Parts of events that say nothing to people: ids of rows that have no name, and hashes."""


@dataclass(frozen=True)
class Mention:
    """One thing an event says: what it is, which, and the record it leads to, '' for none."""

    label: str
    text: str
    record_id: str = ""


def told(office: Office, actor: Account, entries: Sequence[Entry]) -> list[list[Mention]]:
    """What each of these events says, in a few readings for all."""
    ids = sorted({str(one.data["record"]) for one in entries if one.data.get("record")})
    marks = ", ".join("?" * len(ids))
    seen = {one.id: one for one in records.select(office, actor, f"record.id IN ({marks})", list(ids))}
    rows = office.store.rows_where("register", f"record_id IN ({marks})", ids)
    words = _Words(
        naming.in_office(office.store),
        {unit.id: unit.name for unit in units.all(office.store)},
        {form_type.slug: form_type.title for form_type in office.catalogue.all()},
        seen,
        {row["record_id"]: row["number"] for row in rows},
        {one.id: _slots(office, one) for one in seen.values()},
        parts_told(),
    )
    withheld = _withheld(office, actor, entries)
    return [
        [Mention(_("材料"), _("（您应当回避的一份）"))] if said else words.parts(one)
        for one, said in zip(entries, withheld, strict=True)
    ]


def _withheld(office: Office, actor: Account, entries: Sequence[Entry]) -> list[bool]:
    """Which of these events are about what is shut to this person: the log shows that there is one."""
    if not conflicts.is_anything_shut(office, actor):
        return [False] * len(entries)
    is_open, params = conflicts.condition(office, actor)
    said = [{*_texts(one.data)} for one in entries]
    listed = json.dumps(sorted({text for texts in said for text in texts}))
    rows = office.store.query(
        "SELECT record.id, register.id AS line, register.number FROM record"
        " LEFT JOIN register ON register.record_id = record.id"
        f" WHERE ({verbs.among('record.id')}"
        f" OR record.id IN (SELECT record_id FROM register WHERE {verbs.among('register.id')})"
        f" OR record.id IN (SELECT record_id FROM register WHERE {verbs.among('number')})"
        f" OR record.id IN (SELECT record_id FROM deadline WHERE {verbs.among('deadline.id')}))"
        f" AND NOT {is_open}",
        [*[listed] * 4, *params],
    )
    shut = {text for row in rows for text in row.values() if text}
    return [not shut.isdisjoint(texts) or _is_within(shut, texts) for texts in said]


def _is_within(shut: set[str], texts: set[str]) -> bool:
    """Whether one of these texts has something of a shut record in its middle, as a reason may."""
    return any(one in text for one in shut for text in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


def about_case(office: Office, actor: Account, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The records of the case that a number belongs to, as far as this person sees them, and their lines."""
    found = _named(office, actor, number)
    cases = {one.case_id for one in found if one.case_id}
    marks = ", ".join("?" * len(cases))
    more = records.select(office, actor, f"record.case_id IN ({marks})", sorted(cases)) if cases else []
    ids = sorted({one.id for one in (*found, *more)})
    marks = ", ".join("?" * len(ids))
    lines = office.store.rows_where("register", f"record_id IN ({marks})", ids)
    return tuple(ids), tuple(row["id"] for row in lines)


def _slots(office: Office, record: Record) -> dict[str, str]:
    return {one.key: one.label for one in records.form_type_of(office, record).signatures.slots}


def _named(office: Office, actor: Account, number: str) -> list[Record]:
    ids = record_words.numbered(office, number)
    return records.select(office, actor, f"record.id IN ({', '.join('?' * len(ids))})", list(ids))


def parts_told() -> dict[str, str]:
    """What each part of an event is called."""
    return {
        "cases": _("案卷数"),
        "copy": _("第几份"),
        "rotation": _("第几次更换"),
        "generation": _("第几代"),
        "keys": _("密钥数"),
        "of": _("谁的"),
        "officers": _("保管人"),
        "other": _("另一位"),
        "people": _("人员"),
        "recused": _("回避的人"),
        "slots": _("签字处"),
        "account": _("账号"),
        "act": _("动作"),
        "address": _("地址"),
        "changes": _("变更"),
        "deputy": _("代签人"),
        "fields": _("栏目"),
        "file": _("文件"),
        "files": _("文件数"),
        "filter": _("条件"),
        "first": _("从"),
        "form": _("表单"),
        "forms": _("表单"),
        "into": _("并入"),
        "item": _("事项"),
        "items": _("事项"),
        "key": _("密钥"),
        "kind": _("格式"),
        "known": _("已有的"),
        "last": _("到"),
        "ledger": _("台账"),
        "list": _("清单"),
        "made_at": _("制作时间"),
        "moved": _("移交"),
        "name": _("名称"),
        "new": _("新的"),
        "now": _("现在"),
        "number": _("编号"),
        "papers": _("份数"),
        "part": _("哪一部分"),
        "period": _("期"),
        "principal": _("委托人"),
        "problems": _("问题"),
        "purpose": _("环节"),
        "reason": _("原因"),
        "record": _("材料"),
        "roles": _("角色"),
        "rows": _("行数"),
        "series": _("序列"),
        "signer": _("签字人"),
        "since": _("从"),
        "slot": _("签字处"),
        "stage": _("阶段"),
        "state": _("状态"),
        "target": _("对象"),
        "tables": _("数据表"),
        "to": _("交给"),
        "tries": _("次数"),
        "unit": _("单位"),
        "until": _("到"),
        "uses": _("用途"),
        "version": _("第几稿"),
        "voided": _("作废的"),
        "was": _("原来"),
        "way": _("途径"),
        "year": _("年度"),
    }


@dataclass(frozen=True)
class _Words:
    people: Mapping[str, str]
    units: Mapping[str, str]
    forms: Mapping[str, str]
    records: Mapping[str, Record]
    numbers: Mapping[str, str]
    slots: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, str]

    def parts(self, entry: Entry) -> list[Mention]:
        found = []
        for key, value in entry.data.items():
            if value and key not in NOT_TOLD:
                found.append(
                    Mention(self.labels.get(key, key), self._text(key, value, entry), self._leads(key, value))
                )
        return found

    def _leads(self, key: str, value: Any) -> str:
        return str(value) if key == "record" and value in self.records else ""

    def _text(self, key: str, value: Any, entry: Entry) -> str:
        if isinstance(value, list):
            return "、".join(
                self._one(key, one) if isinstance(one, str) else self._pair(one) for one in value
            )
        if isinstance(value, dict):
            return "、".join(f"{name}={self._one(name, one)}" for name, one in value.items())
        if key == "record":
            return self._record(str(value))
        if key == "slot":
            return self.slots.get(str(entry.data.get("record", "")), {}).get(value, value)
        return self._one(key, value)

    def _record(self, record_id: str) -> str:
        record = self.records.get(record_id)
        if record is None:
            return _("（您不能打开的一份）")
        form = self.forms.get(record.form, record.form)
        return f"{form} {self.numbers.get(record_id) or record.title}"

    def _one(self, key: str, value: Any) -> str:
        known = {"form": self.forms, "forms": self.forms, "unit": self.units, "into": self.units}.get(key)
        text = str(value)
        if key == "roles":
            return ROLES.get(text, text)
        return (known or {}).get(text) or self.people.get(text) or self.units.get(text, text)

    def _pair(self, value: Any) -> str:
        """A pair, as of a thing and who took it over."""
        return (
            " → ".join(self._one("", one) for one in value if one) if isinstance(value, list) else str(value)
        )
