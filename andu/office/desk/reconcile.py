"""Reconciling: whether the numbers, the register and the files on disk still tell the same story.

Called by ``andu series check``; reads everything, changes nothing. Each row that somebody altered from
outside is named once: by what is wrong with it where that can be said, else by its table and key.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from flask_babel import gettext as _

from andu.office import sharing
from andu.office.books import building_on, concerns, ledger_keeping
from andu.office.desk import kept_counts, soundness
from andu.office.issue import issuing, numbering
from andu.office.office import Office
from andu.office.turns import waiting
from andu.security import audit, bindings
from andu.store.lines import lines_of

MEDIA = {"docx": "docx_sha", "pdf": "pdf_sha"}


@dataclass(frozen=True)
class Disagreement:
    """One thing wrong with the numbers or their files; ``number`` is the written number or the series."""

    number: str
    message: str


@dataclass
class _Findings:
    """``rows`` are those already named, as (table, key)."""

    faults: list[Disagreement] = field(default_factory=list)
    rows: set[tuple[str, str]] = field(default_factory=set)

    def add(self, number: str, message: str, *rows: tuple[str, str]) -> None:
        self.faults.append(Disagreement(number, message))
        self.rows.update(rows)


def check(office: Office) -> list[Disagreement]:
    """Gaps, duplicates, counters that disagree, unfiled numbers, altered answers or files."""
    found = _Findings()
    for key, year in numbering.opened(office):
        _check_series(office, key, year, found)
    for row in office.store.rows_where("register", order_by="series, year, seq"):
        if not row["docx_sha"]:
            found.add(row["number"], _("已取号，文书还没有归档"))
        for media, column in MEDIA.items():
            fault = office.files.check(row[column]) if row[column] else None
            if fault:
                words = {
                    "missing": _("%(media)s 文件不见了", media=media),
                    "altered": _("%(media)s 文件被改动过", media=media),
                }
                found.add(row["number"], words[fault])
    _check_files(office, found)
    _check_versions(office, found)
    _check_lists(office, found)
    _check_rows(office, found)
    _check_parts(office, found)
    return found.faults


def _check_lists(office: Office, found: _Findings) -> None:
    """What is kept only to be found fast, against the records it was made of."""
    for record_id in waiting.wrong(office):
        found.add(_("待签"), _("轮到谁签的记录与材料不一致（材料 %(record)s）", record=record_id))
    for record_id in sharing.wrong_sight(office):
        found.add(_("登记簿"), _("哪些单位看得到的记录与材料不一致（材料 %(record)s）", record=record_id))
    for record_id in building_on.wrong(office):
        found.add(_("材料"), _("引用了哪些材料的记录与内容不一致（材料 %(record)s）", record=record_id))
    for record_id in concerns.wrong(office):
        found.add(_("回避"), _("材料写到了谁的记录与内容不一致（材料 %(record)s）", record=record_id))
    for record_id in issuing.abandoned(office):
        found.add(_("文书"), _("待归档文书的清单与登记簿不一致（材料 %(record)s）", record=record_id))
    for ledger, record_id in ledger_keeping.missing(office):
        found.add(ledger, _("台账里的这一行与材料不一致（材料 %(record)s）", record=record_id))
    for what, day in kept_counts.wrong(office):
        found.add(what, _("%(day)s 的统计数与材料不一致", day=day))


def _check_rows(office: Office, found: _Findings) -> None:
    """Every row against what the application bound when it wrote it, and the chains of that."""
    for one in bindings.problems(office.store):
        if (one.table, one.key) not in found.rows:
            found.add(one.subject, one.message)
    heads = None if lines_of(office.heads).is_empty() else office.heads
    for problem in audit.verify_chains(office.store, heads):
        found.add(_("审计日志"), problem)


def _check_parts(office: Office, found: _Findings) -> None:
    """The database, what is sealed, and what lies beside it."""
    for said in soundness.missing(office):
        found.add(_("数据目录"), said)
    for fault in office.vault.faults():
        found.add(_("保密信息"), fault)
    for damage in office.store.integrity():
        found.add(_("数据库"), damage)


def _check_files(office: Office, found: _Findings) -> None:
    for row in office.store.rows_where("attachment", "record_id IS NOT NULL", order_by="id"):
        if office.files.check(row["sha"]):
            found.add(row["name"], _("附件不见了或被改动过（材料 %(record)s）", record=row["record_id"]))
    for row in office.store.rows_where("scan", order_by="id"):
        if office.files.check(row["sha"]):
            found.add(row["code"], _("扫描件不见了或被改动过（材料 %(record)s）", record=row["record_id"]))
    for row in office.store.query("SELECT DISTINCT slug, template_sha FROM form_version"):
        if office.files.check(row["template_sha"]):
            found.add(row["slug"], _("存档的公文模板不见了或被改动过"))


def _check_versions(office: Office, found: _Findings) -> None:
    """What was submitted against its hash, and that against the audit log, which nobody can rewrite."""
    rows = office.store.query(
        "SELECT data FROM audit WHERE event IN ('record_submitted', 'record_revised') ORDER BY at"
    )
    told = (json.loads(row["data"]) for row in rows)
    noted = {(one["record"], one["version"]): one.get("data_hash") for one in told}
    for row in office.store.query("SELECT id, record_id, version, data, data_hash FROM record_version"):
        is_hash = hashlib.sha256(row["data"].encode()).hexdigest()
        was_noted = noted.get((row["record_id"], row["version"]))
        if is_hash != row["data_hash"] or was_noted not in (None, is_hash):
            words = {"record": row["record_id"], "n": row["version"]}
            message = _("第 %(n)s 稿的内容与提交时不一致（材料 %(record)s）", **words)
            found.add(words["record"], message, ("record_version", row["id"]), ("record", row["record_id"]))
    for row in office.store.query(
        "SELECT record.id FROM record JOIN record_version AS kept"
        " ON kept.record_id = record.id AND kept.version = record.version WHERE kept.data <> record.data"
    ):
        message = _("现在的内容与最后一稿不一致（材料 %(record)s）", record=row["id"])
        found.add(row["id"], message, ("record", row["id"]))


def _check_series(office: Office, key: str, year: int, found: _Findings) -> None:
    name, last = f"{key} {year}", numbering.counter(office, key, year)
    row = ("series", f"{key}:{year}")
    given = [
        row["seq"]
        for row in office.store.query("SELECT seq FROM register WHERE series = ? AND year = ?", [key, year])
    ]
    gaps = office.store.rows_where("gap", "series = ? AND year = ?", [key, year])
    explained = {n for gap in gaps for n in range(gap["first"], gap["last"] + 1)}
    for n in sorted(set(range(1, last + 1)) - set(given) - explained):
        found.add(name, _("缺第 %(n)s 号，没有说明", n=n), row)
    for n in sorted({n for n in given if given.count(n) > 1}):
        found.add(name, _("第 %(n)s 号重复", n=n))
    if max(given, default=0) > last:
        found.add(name, _("计数器停在 %(last)s，登记簿已到 %(max)s", last=last, max=max(given)), row)
    seen = numbering.journalled(office, key, year)
    if seen > last:
        found.add(
            name,
            _(
                "取号流水已到 %(seen)s，数据库只到 %(last)s：可能恢复过旧备份，已暂停取号",
                seen=seen,
                last=last,
            ),
        )
