"""Several filed papers taken at once: in one print, or a whole case as one PDF or as its files with a list.

Called by the views. Each paper is read, checked against its hash and noted as if it were taken alone
(``register.serve_several``); what a person may not open is in none of them, and a bundle that cannot be whole
is not given.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from hashlib import sha256

from flask_babel import gettext as _

from andu.clock import chinese_time, parse_stamp
from andu.office import cases
from andu.office.books import register
from andu.office.books.register import Entry, Served
from andu.office.errors import Refused
from andu.office.office import Office
from andu.papers.pdf import PdfFault
from andu.papers.pdf.joining import joined
from andu.security.accounts import Account

MOST = 60
"""So many papers make one print: each is read whole, and held until it is sent."""
LIST = "目录.txt"
MEDIA = ("pdf", "docx")
WHEN = (1980, 1, 1, 0, 0, 0)


def printed(
    office: Office, actor: Account, register_ids: Sequence[str], both_sides: bool = False, reason: str = ""
) -> bytes:
    """One PDF of the filed papers of these lines, in their order; raises as ``register.serve``."""
    chosen = list(dict.fromkeys(register_ids))
    if not chosen:
        raise Refused(_("还没有选要打印的文书：请在前面的方框里打勾。"))
    if len(chosen) > MOST:
        raise Refused(_("一次最多打印 %(n)s 份，请分几次。", n=MOST))
    papers = register.serve_several(office, actor, [(one, "pdf") for one in chosen], "print", reason)
    return _joined(office, papers, both_sides)


def case_pdf(office: Office, actor: Account, case_id: str, reason: str = "") -> tuple[bytes, str]:
    """The filed papers of a case that this person may open as one PDF with bookmarks, and its name."""
    entries = _filed(office, actor, case_id)
    papers = register.serve_several(office, actor, [(one.id, "pdf") for one in entries], "download", reason)
    return _joined(office, papers), f"{_name(entries)}.pdf"


def case_zip(office: Office, actor: Account, case_id: str, reason: str = "") -> tuple[bytes, str]:
    """The filed files of a case that this person may open, with a list of them, and the name of it all."""
    entries = _filed(office, actor, case_id)
    wanted = [(one.id, media) for one in entries for media in MEDIA]
    papers = register.serve_several(office, actor, wanted, "download", reason, as_filed=True)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        _put(bundle, LIST, _list(office, papers).encode("utf-8-sig"))
        for paper in papers:
            _put(bundle, _file_name(paper), paper.data)
    return out.getvalue(), f"{_name(entries)}.zip"


def _filed(office: Office, actor: Account, case_id: str) -> list[Entry]:
    seen = [register.of_record(office, actor, one.id) for one in cases.papers(office, actor, case_id)]
    entries = [one for one in seen if one and one.pdf_sha]
    if not entries:
        raise Refused(_("这个案卷还没有归档的文书。"))
    if len(entries) > MOST:
        raise Refused(_("这个案卷有 %(n)s 份文书，一次拿不走：请在案卷页面上分几次选。", n=len(entries)))
    return entries


def _joined(office: Office, papers: Sequence[Served], both_sides: bool = False) -> bytes:
    named = [(_bookmark(office, one.entry), one.data) for one in papers]
    try:
        return joined(named, both_sides)
    except PdfFault as fault:
        raise Refused(_("合不成一份：%(why)s。请单独打开其余各份。", why=str(fault))) from fault


def _bookmark(office: Office, entry: Entry) -> str:
    voided = "【作废】" if entry.state == "voided" else ""
    return f"{voided}{entry.number} {register.form_title(office, entry)}"


def _name(entries: Sequence[Entry]) -> str:
    return f"案卷 {entries[0].number}"


def _file_name(paper: Served) -> str:
    """As people see it, without what no file of a folder may be called."""
    return "".join("_" if sign in '\\/:*?"<>|' or sign < " " else sign for sign in paper.name)


def _put(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    bundle.writestr(zipfile.ZipInfo(name, WHEN), data, zipfile.ZIP_DEFLATED)


def _list(office: Office, papers: Sequence[Served]) -> str:
    """What is in the bundle, a line for each file, with the hash of its bytes."""
    lines = ["编号\t文书\t标题\t编号时间\t文件\tSHA-256"]
    for paper in papers:
        entry = paper.entry
        when, title = chinese_time(parse_stamp(entry.numbered_at)), " ".join(entry.title.split())
        told = [entry.number, register.form_title(office, entry), title, when, _file_name(paper)]
        lines.append("\t".join([*told, sha256(paper.data).hexdigest()]))
    return "\r\n".join([*lines, ""])
