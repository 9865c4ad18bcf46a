"""Making a report: the papers numbered on some days, as their maker may see and download them.

Open answers alone go into it, and the papers as they were filed; of a voided one the PDF says so. It is an
export like every other: each paper and the whole stand in the audit log.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import events, records
from andu.office.books import register
from andu.office.books.register import Entry, RegisterFilter
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.reports import key as keys
from andu.office.reports import package
from andu.office.reports.package import Report, ReportedPaper
from andu.security.accounts import Account
from andu.security.permissions import require


def pack(
    office: Office, actor: Account, since: date, until: date, forms: Collection[str] = ()
) -> tuple[bytes, int]:
    """The signed package of the papers numbered from ``since`` to ``until``, and how many they are.

    ``forms``: of these form types only. Raises ``NotAllowed``, and ``Refused`` when there is none, there are
    too many, or one of them is not filed.
    """
    require(actor, "download")
    wanted = [RegisterFilter(form=form, since=since, until=until) for form in forms or ("",)]
    found = [one for what in wanted for one in _entries(office, actor, what)]
    if not found:
        raise Refused(_("这段时间里没有可以报送的文书。"))
    papers = [_paper(office, actor, one) for one in sorted(found, key=lambda one: (one.numbered_at, one.id))]
    days = {"since": since.isoformat(), "until": until.isoformat()}
    key = keys.load(office.settings.instance / "keys")
    made_at = stamp(office.clock.now())
    report = Report(office.config.name, keys.public(key), made_at, **days, papers=papers)
    office.note(actor.unit_id, actor.id, "report_packed", papers=len(papers), **days)
    return package.written(report, key), len(papers)


def _entries(office: Office, actor: Account, what: RegisterFilter) -> list[Entry]:
    page = register.search(office, actor, what, size=package.MOST_PAPERS + 1)
    if page.is_more or len(page.entries) > package.MOST_PAPERS:
        raise Refused(_("文书太多，一次最多 %(most)s 份，请缩短时间。", most=register.MOST))
    return page.entries


def _paper(office: Office, actor: Account, entry: Entry) -> ReportedPaper:
    record = records.get(office, actor, entry.record_id)
    about = {name: str(getattr(entry, name) or "") for name in ("number", "title", "unit", "state")}
    about |= {"record": record.id, "form": record.form, "numbered_at": entry.numbered_at}
    about |= {"void_reason": entry.void_reason or ""}
    docx, pdf = (register.serve(office, actor, entry.id, media, "send")[0] for media in ("docx", "pdf"))
    secret = records.form_type_of(office, record).confidential_keys
    said = events.answers(office, record.id, record.values)
    return ReportedPaper(about, {key: value for key, value in said.items() if key not in secret}, docx, pdf)
