"""Which version of a record a scan belongs to, by the check code on it. Called by ``scans`` before it files.

The code is read from the QR code, or typed by the person who holds the paper; a paper that has its number may
also be named by that. Guarantees: a scan of anything else is refused with words that say as much as this
person may know, and the try is in the audit log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from flask_babel import gettext as _

from andu.office.books import register
from andu.office.errors import Refused
from andu.office.issue import snapshot
from andu.office.office import Office
from andu.office.records import Record
from andu.papers.codes import ScannedPage
from andu.security.accounts import Account

MACHINE, PERSON = "machine", "person"
"""Who read the code."""
FILE, CODE = "file", "code"
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}")
_MISTAKEN = str.maketrans("OIL", "011")
"""Signs that check codes do not have, and what is meant by them."""


class ScanRefused(Refused):
    """The upload does not do; ``part`` is what has to be given anew: ``file`` or ``code``."""

    def __init__(self, message: str, part: str = FILE) -> None:
        super().__init__(message)
        self.part = part


def identify(
    office: Office, actor: Account, record: Record, found: Sequence[ScannedPage], typed: str
) -> tuple[str, str]:
    """The code that proves the scan is of this version, and who read it; raises ``ScanRefused``."""
    versions = _versions(office, record)
    seen = {code for sheet in found for code in sheet.codes if _CODE.fullmatch(code)}
    if seen:
        wrong = {code for code in seen if versions.get(code) != record.version}
        if wrong:
            raise _mismatch(office, actor, record, versions, wrong, FILE)
        return seen.pop(), MACHINE
    if not typed.strip():
        raise ScanRefused(_unread(record), CODE)
    number = _number(office, actor, record)
    if number and _plain(typed) == _plain(number):
        return number, PERSON
    code = _as_code(typed)
    if not _CODE.fullmatch(code):
        raise ScanRefused(_("核对码是 12 位数字和字母，例如 K7Q2-9FJM-3X0T，印在二维码旁边。"), CODE)
    if versions.get(code) != record.version:
        raise _mismatch(office, actor, record, versions, {code}, CODE)
    return code, PERSON


def _versions(office: Office, record: Record) -> dict[str, int]:
    """The check code of each version of a record, and which version it is."""
    rows = office.store.rows_where("record_version", "record_id = ?", [record.id])
    return {snapshot.check_code(record.id, row["version"], row["data_hash"]): row["version"] for row in rows}


def _number(office: Office, actor: Account, record: Record) -> str:
    entry = None if record.may_change else register.of_record(office, actor, record.id)
    return entry.number if entry else ""


def _unread(record: Record) -> str:
    if record.may_change:
        return _("没有读出二维码。请把签字页放平、对准、光线亮一些再拍，或者照纸上输入核对码。")
    return _("没有读出二维码。纸上没有二维码的，请照纸上输入编号；有的，输入核对码。")


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())


def _as_code(typed: str) -> str:
    """A check code as it is printed, from what a person typed of it."""
    signs = _plain(typed).translate(_MISTAKEN)
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def _mismatch(
    office: Office,
    actor: Account,
    record: Record,
    versions: dict[str, int],
    wrong: Collection[str],
    part: str,
) -> ScanRefused:
    """Say that the scan is of something else, as far as it is of this record, and note the try."""
    older = sorted(versions[code] for code in wrong if code in versions)
    reason = "other_version" if older else "other_record"
    told = {"record": record.id, "version": record.version, "reason": reason}
    office.note(record.unit_id, actor.id, "scan_refused", **told)
    if older:
        return ScanRefused(
            _(
                "签字页与定稿不一致：这是第 %(n)s 稿的签字页，现在是第 %(now)s 稿。没有归档。"
                "请打印现在这一稿的签字页，重新签字。",
                n=older[0],
                now=record.version,
            ),
            part,
        )
    return ScanRefused(
        _(
            "签字页与定稿不一致：核对码 %(code)s 不是这份材料的。没有归档。请核对是不是拿错了页。",
            code="、".join(sorted(wrong)),
        ),
        part,
    )
