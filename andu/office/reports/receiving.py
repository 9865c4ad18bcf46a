"""Taking in what other offices report. Owns tables ``report_source`` and ``received_paper``.

Only what a known office signed is taken, whole or not at all, and again as often as one likes: what is here
already stays. A paper that was voided since says so from then on; one that came with other bytes than before
is refused. What was received is kept beside the own papers and is none of them: it has no number of ours.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.reports import package
from andu.office.reports.package import Report, ReportedPaper
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import Altered, Missing, new_id

_KEY = re.compile(r"[0-9a-f]{64}")
PAGE = 50


@dataclass(frozen=True)
class Taken:
    """How many papers of a report are ``new``, ``voided`` since, and ``known`` already."""

    new: int
    voided: int
    known: int


def trust(office: Office, actor: Account, key: str, name: str) -> None:
    """Enter the public key of another office under its name; again, to change the name. ``Refused``."""
    require(actor, "manage_accounts")
    key = key.strip().lower()
    if not _KEY.fullmatch(key) or not 2 <= len(name.strip()) <= 60:
        raise Refused(_("公钥是 64 位的十六进制数，名称 2 到 60 个字。"))
    row = {"name": name.strip(), "at": stamp(office.clock.now())}
    with office.store.write():
        if office.store.get("report_source", key):
            office.store.update("report_source", key, row)
        else:
            office.store.insert("report_source", {"id": key, **row})
        office.note(actor.unit_id, actor.id, "report_source_trusted", key=key, name=name.strip())


def source_of(office: Office, report: Report) -> str:
    """The name under which whoever signed it is known here; '' for a stranger."""
    row = office.store.get("report_source", report.key)
    return str(row["name"]) if row else ""


def take(office: Office, actor: Account, data: bytes) -> Taken:
    """Take a package in. Raises ``NotAllowed``, ``package.Altered``, and ``Refused`` for a stranger's."""
    require(actor, "see_all")
    require(actor, "download")
    report = package.read(data)
    if not source_of(office, report):
        raise Refused(_("不认识“%(name)s”的公钥，没有收下：请先核对公钥，再登记。", name=report.office))
    for paper in report.papers:  # before the rows that name them; writing the same bytes twice is harmless
        office.files.put(paper.docx)
        office.files.put(paper.pdf)
    counts = {"new": 0, "voided": 0, "known": 0}
    with office.store.write():
        for paper in report.papers:
            counts[_enter(office, report, paper)] += 1
        said = {"key": report.key, "made_at": report.made_at, **counts}
        office.note(actor.unit_id, actor.id, "report_taken", **said)
    return Taken(**counts)


def _enter(office: Office, report: Report, paper: ReportedPaper) -> str:
    """One paper; which count it belongs to. Raises ``Refused`` for one that contradicts what is here."""
    about = paper.about
    shas = {"docx_sha": package.digest(paper.docx), "pdf_sha": package.digest(paper.pdf)}
    data = json.dumps(paper.values, ensure_ascii=False, sort_keys=True)
    mark = {"state": about["state"], "void_reason": about["void_reason"], **shas}
    rows = office.store.rows_where(
        "received_paper", "source = ? AND record_id = ?", [report.key, about["record"]]
    )
    if not rows:
        said = {name: about[name] for name in ("number", "form", "title", "unit", "numbered_at")}
        row: dict[str, Any] = {
            "id": new_id(),
            "source": report.key,
            "record_id": about["record"],
            "data": data,
        }
        office.store.insert("received_paper", {**row, **said, **mark, "taken_at": stamp(office.clock.now())})
        return "new"
    known = rows[0]
    same = (known["number"], known["data"], known["docx_sha"]) == (about["number"], data, shas["docx_sha"])
    if about["state"] == known["state"] == "filed":  # a voided one is marked anew whenever it is handed out
        same = same and known["pdf_sha"] == shas["pdf_sha"]
    if not same:
        raise Refused(
            _("“%(number)s”和以前收到的不同，整包没有收下，请向报送单位核实。", number=about["number"])
        )
    if known["state"] != "voided" and about["state"] == "voided":
        office.store.update("received_paper", known["id"], mark)
        return "voided"
    return "known"


def paper(office: Office, actor: Account, paper_id: str, media: str) -> tuple[bytes, str]:
    """The bytes of a received paper and the name of its file; ``media`` docx or pdf. Notes the download.

    Raises ``NotAllowed``, ``NotFound``, and ``Refused`` where its file is not as it came.
    """
    require(actor, "see_all")
    require(actor, "download")
    row = office.store.get("received_paper", paper_id)
    if row is None or media not in ("docx", "pdf"):
        raise NotFound(paper_id)
    try:
        data = office.files.get(row[f"{media}_sha"])
    except (Missing, Altered) as fault:
        raise Refused(_("文件不见了或与收到时不符，已停止提供。请联系管理员从备份恢复。")) from fault
    office.note(actor.unit_id, actor.id, "received_paper_downloaded", paper=paper_id, kind=media)
    return data, f"{row['number']} {row['title']}.{media}"


def received(office: Office, actor: Account, before: str = "") -> list[dict[str, Any]]:
    """What was received, the latest first, behind the row of this id; with the name of its office."""
    require(actor, "see_all")
    where, params = ("received_paper.id < ?", [before]) if before else ("1=1", [])
    return office.store.query(
        "SELECT received_paper.*, report_source.name AS office FROM received_paper"
        f" JOIN report_source ON report_source.id = received_paper.source WHERE {where}"
        " ORDER BY received_paper.id DESC LIMIT ?",
        [*params, PAGE],
    )
