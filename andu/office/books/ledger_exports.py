"""A ledger as a file for a spreadsheet: the rows a person sees, as text that no spreadsheet will compute.

Called by the view; each export is noted in the audit log. Text that begins like a formula stays text
(CWE-1236): the cells are typed as text and carry the quote prefix, so it stays text when edited too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from andu.clock import chinese_time
from andu.formtypes.ledgers import Ledger
from andu.office.books import ledgers
from andu.office.books.ledger_extracts import scope_of
from andu.office.books.ledgers import Asked
from andu.office.errors import NotAllowed, Refused
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may

MOST = 100_000
LIVE = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


def export(office: Office, actor: Account, ledger: Ledger, asked: Asked) -> bytes:
    """The xlsx of all rows that fit, in the order asked for.

    Raises ``NotAllowed``, and ``Refused`` for more than 100,000 rows.
    """
    if not may(actor, "download"):
        raise NotAllowed(_("您的岗位不能导出台账。"))
    rows = ledgers.all_rows(office, actor, ledger, asked, MOST + 1)
    if len(rows) > MOST:
        raise Refused(_("一次最多导出 %(n)s 条，请按月份或条件分几次导出。", n=MOST))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(INVALID_TITLE_REGEX.sub(" ", ledger.title)[:31])
    sheet.freeze_panes = "A3"
    for at, column in enumerate(ledger.columns, start=2):
        sheet.column_dimensions[get_column_letter(at)].width = column.width * 2
    about = _("%(scope)s　导出于 %(time)s　共 %(n)s 条", scope=scope_of(office, actor),
              time=chinese_time(office.clock.now()), n=len(rows))  # fmt: skip
    sheet.append([_cell(sheet, about)])
    sheet.append(
        [_cell(sheet, label, bold=True) for label in (_("序号"), *(one.label for one in ledger.columns))]
    )
    numbers = ledgers.amounts(office, ledger, rows)
    for at, row in enumerate(rows):
        sums = {column: found[at] for column, found in numbers.items()}
        sheet.append([at + 1, *_cells(sheet, row.cells, sums)])
    file = io.BytesIO()
    book.save(file)
    office.note(
        actor.unit_id, actor.id, "ledger_exported", ledger=ledger.slug, rows=len(rows), filter=_names(asked)
    )
    return file.getvalue()


def _cells(
    sheet: WriteOnlyWorksheet, texts: Sequence[str], sums: dict[int, float | None]
) -> Iterator[object]:
    for at, text in enumerate(texts):
        number = sums.get(at)
        yield number if number is not None else _cell(sheet, text)


def _cell(sheet: WriteOnlyWorksheet, text: str, bold: bool = False) -> object:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if not bold and not text.startswith(LIVE):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    else:
        cell.quotePrefix = True
    return cell


def _names(asked: Asked) -> list[str]:
    """By what was chosen; what somebody typed does not belong into the audit log."""
    names = [*asked.chosen, *(["text"] if asked.text else [])]
    return [*names, *([f"month {asked.month}"] if asked.month else [])]
