"""Many people at once from a table (xlsx): each row an account, each bad row named; what is good is made.

A row whose user name is there already, with the same name and unit, is passed over: so a list that was mended
may be given again.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from openpyxl import Workbook, load_workbook

from andu.formtypes.roles import ROLES
from andu.office.errors import Refused
from andu.office.office import Office
from andu.security import accounts, units
from andu.security.accounts import Account, AccountRefused
from andu.security.passwords import PasswordRefused
from andu.security.permissions import require

ACT = "manage_accounts"
LARGEST, UNPACKED, MOST_ROWS = 2 * 1024 * 1024, 40 * 1024 * 1024, 500
NAME, USERNAME, UNIT, POST, PHONE, ROLE, PASSWORD = (
    "姓名",
    "用户名",
    "单位",
    "职务",
    "联系电话",
    "角色",
    "初始密码",
)
COLUMNS = (NAME, USERNAME, UNIT, POST, PHONE, ROLE, PASSWORD)
NEEDED = (NAME, USERNAME, UNIT, ROLE, PASSWORD)


@dataclass
class Enrolled:
    """What became of a list: who was made, who was there already, and which rows are wrong and why."""

    made: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


def pattern() -> bytes:
    """An empty list with its heads and one example."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.append(COLUMNS)
    sheet.append(("张三", "zhangsan", "示例一村", "村干部", "13800000000", "经办人", ""))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def take_in(office: Office, actor: Account, data: bytes) -> Enrolled:
    """Make an account of each row. Raises ``NotAllowed``, and ``Refused`` for what is no such list."""
    require(actor, ACT)
    told = Enrolled()
    by_name = {one.name: one.id for one in units.all(office.store) if one.state == "active"}
    for number, row in _rows(data):
        try:
            _take(office, actor, row, by_name, told)
        except (AccountRefused, PasswordRefused, Refused) as refusal:
            told.wrong.append((number, row.get(NAME, ""), str(refusal)))
    if not (told.made or told.known or told.wrong):
        raise Refused(_("表里没有人：第一行是列名，从第二行起一行一个人。"))
    return told


def _take(
    office: Office, actor: Account, row: Mapping[str, str], by_name: Mapping[str, str], told: Enrolled
) -> None:
    missing = [name for name in NEEDED if not row.get(name)]
    if missing:
        raise Refused(_("没有写%(what)s", what="、".join(missing)))
    unit = by_name.get(row[UNIT])
    if unit is None:
        raise Refused(_("没有“%(unit)s”这个单位", unit=row[UNIT]))
    there = accounts.by_username(office.store, row[USERNAME])
    if there is not None and (there.name, there.unit_id) == (row[NAME], unit):
        told.known.append(row[NAME])
        return
    accounts.create(
        office.store,
        office.clock,
        actor,
        username=row[USERNAME],
        name=row[NAME],
        unit_id=unit,
        roles=[*_roles(row[ROLE])],
        password=row[PASSWORD],
        post=row.get(POST, ""),
        phone=row.get(PHONE, ""),
    )
    told.made.append(row[NAME])


def _roles(said: str) -> Iterator[str]:
    known = {str(label): key for key, label in ROLES.items()}
    for one in re.split(r"[、,，;；\s]+", said.strip()):
        if one not in known:
            raise Refused(_("没有“%(role)s”这个角色，可以写：%(known)s", role=one, known="、".join(known)))
        yield known[one]


def _rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows below the heads with their numbers in the sheet; empty ones are left out."""
    unreadable = _("这不是能读的 Excel 文件，请另存为 xlsx 再上传。")
    if len(data) > LARGEST:
        raise Refused(_("文件太大，名单不能超过 2 MB。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED:
                raise Refused(unreadable)
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        lines = [
            [_text(cell) for cell in line]
            for line in sheet.iter_rows(max_row=MOST_ROWS + 2, values_only=True)
        ]
    except Refused:
        raise
    except Exception as fault:  # whatever a broken file does to the reader
        raise Refused(unreadable) from fault
    heads = lines[0] if lines else []
    lacking = [name for name in NEEDED if name not in heads]
    if lacking:
        raise Refused(_("第一行里没有这几列：%(what)s", what="、".join(lacking)))
    if len(lines) > MOST_ROWS + 1:
        raise Refused(_("一次最多 %(n)s 人，请分几份。", n=MOST_ROWS))
    rows = [(at, dict(zip(heads, line, strict=False))) for at, line in enumerate(lines[1:], 2)]
    return [(at, row) for at, row in rows if any(row.values())]


def _text(cell: object) -> str:
    """A cell as it was typed: a telephone number that Excel took for a number keeps its digits."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())
