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
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from andu.clock import chinese_time
from andu.formtypes.beside.ledgers import Column, Ledger
from andu.office.errors import NotAllowed, Refused
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_extracts import scope_of
from andu.office.ledger.ledger_finding import Asked
from andu.office.office import Office
from andu.security.accounts import Account
from andu.security.permissions import may

MOST = 100_000
HEADS_END, NUMBERS = "A3", 6
"""Below what is asked and the heads; and half signs for 序号."""
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
    _set_up(sheet, ledger)
    about = _("%(scope)s　导出于 %(time)s　共 %(n)s 条", scope=scope_of(office, actor, ledger),
              time=chinese_time(office.clock.now()), n=len(rows))  # fmt: skip
    sheet.append([_cell(sheet, about)])
    labels = [_("序号"), *(one.label for one in ledger.columns)]
    sheet.append([_cell(sheet, label, Alignment(horizontal="center"), Font(bold=True)) for label in labels])
    numbers = ledgers.amounts(office, ledger, rows)
    for at, row in enumerate(rows):
        sums = {column: found[at] for column, found in numbers.items()}
        sheet.append([at + 1, *_cells(sheet, ledger, row.cells, sums)])
    file = io.BytesIO()
    book.save(file)
    office.note(
        actor.unit_id, actor.id, "ledger_exported", ledger=ledger.slug, rows=len(rows), filter=_names(asked)
    )
    return file.getvalue()


def _set_up(sheet: WriteOnlyWorksheet, ledger: Ledger) -> None:
    """Widths; heads that stay in sight, and on each sheet of A4 across when somebody prints it."""
    sheet.freeze_panes = HEADS_END
    sheet.column_dimensions["A"].width = NUMBERS
    for at, column in enumerate(ledger.columns, start=2):
        sheet.column_dimensions[get_column_letter(at)].width = _width(column)
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.center.text = _("第 %(n)s 页，共 %(pages)s 页", n="&P", pages="&N")


def _width(column: Column) -> int:
    """In half signs, as spreadsheets measure; its head on one line."""
    return 2 * max(column.width, len(column.label) + 1)


def _cells(
    sheet: WriteOnlyWorksheet, ledger: Ledger, texts: Sequence[str], sums: dict[int, float | None]
) -> Iterator[object]:
    for at, text in enumerate(texts):
        number = sums.get(at)
        laid = Alignment(wrap_text=True) if 2 * len(text) > _width(ledger.columns[at]) else None
        yield number if number is not None else _cell(sheet, text, laid)


def _cell(
    sheet: WriteOnlyWorksheet, text: str, laid: Alignment | None = None, font: Font | None = None
) -> object:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if not (laid or font or text.startswith(LIVE)):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(LIVE)
    if laid:
        cell.alignment = laid
    if font:
        cell.font = font
    return cell


def _names(asked: Asked) -> list[str]:
    """By what was chosen; what somebody typed does not belong into the audit log."""
    names = [*asked.chosen, *(["text"] if asked.text else [])]
    return [*names, *([f"month {asked.month}"] if asked.month else [])]
