"""Scans of papers signed or sealed by hand, filed beside the version they belong to. Owns table ``scan``.

Called by the scan views. A scan is filed only if the check code on it, read from its QR code or typed by the
person who holds the paper, is that of the record's present version; a paper that was filed may also be named
by its number. Guarantees: what does not agree leaves nothing but an audit event; a filed scan is never
changed, stays with its version, and is checked against its hash at each reading. It proves what the sheet
claims, not who held the pen; its signatures are entered by ``andu.office.signing.ink``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import events, records
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signature_sheet
from andu.office.signing.check_codes import ScanRefused, identify
from andu.papers import codes
from andu.papers.codes import ScannedPage
from andu.papers.faults import PaperFault
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import Altered, Missing, new_id
from andu.store.cache import Cache

SIGNATURES, SEALED = "signatures", "sealed"
"""A page to enter signatures from; the numbered paper, printed, signed and sealed."""


@dataclass(frozen=True)
class Scan:
    """One filed scan. ``code``: the check code or number it was known by; ``size`` in bytes."""

    id: str
    record_id: str
    version: int
    kind: str
    code: str
    read_by: str
    sha: str
    media_type: str
    size: int
    pages: int
    uploaded_by: str
    uploaded_at: str


# --- who may, and when ----------------------------------------------------------------------------


def may_file(actor: Account, record: Record) -> bool:
    """Whether this person may file scans of this record and enter what they show."""
    own = actor.is_of(record.unit_id) or may(actor, "see_all")
    return own and may(actor, "confirm_ink")


def record_for(office: Office, actor: Account, record_id: str) -> Record:
    """The record, for whoever may file its scans; raises ``NotFound`` or ``NotAllowed``."""
    record = records.get(office, actor, record_id)
    if not may_file(actor, record):
        raise NotAllowed(_("纸面签署由填报单位的同志或者能看全部单位材料的同志核对录入。"))
    return record


def why_closed(record: Record) -> str:
    """Why this record takes no scans now, in one sentence; empty when it does."""
    if record.state == "returned":
        return _("这份材料已退回修改，原来的签字页不再有效。改好重新提交后，请打印新的签字页。")
    if record.state == "voided":
        return _("这份材料的编号已经作废，不再收扫描件。")
    return ""


# --- filing ---------------------------------------------------------------------------------------


def file(office: Office, actor: Account, record_id: str, data: bytes, typed: str = "") -> Scan:
    """File a photograph or scan; the same one twice is filed once.

    ``typed``: the code as a person read it, for a page whose QR code cannot be read. Raises ``NotFound``,
    ``NotAllowed``, ``Refused`` and ``ScanRefused``; nothing is filed then.
    """
    record = record_for(office, actor, record_id)
    if why := why_closed(record):
        raise Refused(why)
    try:
        media_type, found = codes.media_type(data), codes.sheets(data)
    except PaperFault as fault:
        raise ScanRefused(str(fault)) from fault
    code, read_by = identify(office, actor, record, found, typed)
    scan = Scan(
        id=new_id(),
        record_id=record.id,
        version=record.version,
        kind=SIGNATURES if record.may_change else SEALED,
        code=code,
        read_by=read_by,
        sha=office.files.put(data),
        media_type=media_type,
        size=len(data),
        pages=len(found),
        uploaded_by=actor.id,
        uploaded_at=stamp(office.clock.now()),
    )
    _keep_pictures(office, scan, found)
    return _insert(office, actor, record, scan)


def _insert(office: Office, actor: Account, record: Record, scan: Scan) -> Scan:
    with office.store.write():
        now = records.find(office, record.id)
        if now.version != record.version or why_closed(now):
            raise Refused(_("上传的同时有人改了内容，没有归档。请看过新稿再办。"))
        known = [one for one in of_record(office, record.id) if one.sha == scan.sha]
        if known and known[-1].version == scan.version:
            return known[-1]
        office.store.insert("scan", scan.__dict__)
        told = {"version": scan.version, "scan": scan.id}
        events.append(office, record.id, actor, "scan_filed", **told, kind=scan.kind)
        office.note(record.unit_id, actor.id, "scan_filed", record=record.id, **told, sha=scan.sha)
    return scan


def hold(office: Office, actor: Account, record: Record, data: bytes) -> str:
    """Keep an upload for a while, until its code is typed; the word under which this person gets it back."""
    word = secrets.token_hex(16)
    _cache(office).put(_held_name(actor, record, word), data)
    return word


def held(office: Office, actor: Account, record: Record, word: str) -> bytes:
    """What this person uploaded for this record under that word; nothing when it is gone."""
    if not re.fullmatch(r"[0-9a-f]{32}", word):
        return b""
    return _cache(office).get(_held_name(actor, record, word)) or b""


def _held_name(actor: Account, record: Record, word: str) -> str:
    return f"held-{record.id}-{actor.id}-{word}"


# --- reading --------------------------------------------------------------------------------------


def of_record(office: Office, record_id: str) -> list[Scan]:
    """The scans of a record, oldest first, those of earlier versions too."""
    rows = office.store.rows_where("scan", "record_id = ?", [record_id], order_by="uploaded_at, id")
    return [Scan(**row) for row in rows]


def get(office: Office, record: Record, scan_id: str) -> Scan:
    """A scan of this record; raises ``NotFound``."""
    row = office.store.get("scan", scan_id)
    if row is None or row["record_id"] != record.id:
        raise NotFound(scan_id)
    return Scan(**row)


def download(office: Office, actor: Account, record_id: str, scan_id: str) -> tuple[bytes, Scan]:
    """The file as it was uploaded; notes the download.

    Raises ``NotFound``, ``NotAllowed``, and ``Refused`` when the file is missing or was altered.
    """
    record = records.get(office, actor, record_id)
    if not may(actor, "download"):
        raise NotAllowed(_("您的岗位不能下载或打印文书。"))
    scan = get(office, record, scan_id)
    data = _data(office, scan)
    office.note(record.unit_id, actor.id, "scan_downloaded", record=record.id, scan=scan.id)
    return data, scan


def picture(office: Office, actor: Account, record_id: str, scan_id: str, number: int) -> bytes:
    """One page of a scan as JPEG, drawn anew, counted from 1; raises ``NotFound`` or ``Refused``."""
    scan = get(office, records.get(office, actor, record_id), scan_id)
    if not 1 <= number <= scan.pages:
        raise NotFound(number)
    kept = _cache(office).get(_name(scan, number))
    if kept is not None:
        return kept
    try:
        found = codes.sheets(_data(office, scan))
    except PaperFault as fault:
        raise Refused(str(fault)) from fault
    _keep_pictures(office, scan, found)
    return found[number - 1].picture


def _data(office: Office, scan: Scan) -> bytes:
    try:
        return office.files.get(scan.sha)
    except Missing as error:
        raise Refused(_("扫描件不见了，已停止提供。请联系管理员从备份恢复。")) from error
    except Altered as error:
        raise Refused(_("扫描件与上传时不符，可能被改动过，已停止提供。请联系管理员。")) from error


def _cache(office: Office) -> Cache:
    return Cache(office.settings.instance / "cache")


def _name(scan: Scan, number: int) -> str:
    return f"{scan.sha}-scan-{number}.jpg"


def _keep_pictures(office: Office, scan: Scan, found: Sequence[ScannedPage]) -> None:
    for number, sheet in enumerate(found, 1):
        _cache(office).put(_name(scan, number), sheet.picture)


# --- for a record's page --------------------------------------------------------------------------


@dataclass(frozen=True)
class ScansOfRecord:
    """What a record's page says of signing on paper: the scans, and what this person may do now."""

    filed: list[Scan]
    may_file: bool
    may_print: bool


def beside(office: Office, actor: Account, record: Record) -> ScansOfRecord:
    """What stands beside the paper of a record this person sees."""
    no_sheet = signature_sheet.why_none(record, records.form_type_of(office, record))
    return ScansOfRecord(
        of_record(office, record.id),
        may_file(actor, record) and not why_closed(record),
        may(actor, "print") and not no_sheet,
    )
