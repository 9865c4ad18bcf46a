"""The screens of the sample office, and people sitting in front of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from pypdf import PdfWriter

from andu.office.office import Office
from andu.papers import sheets
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, nothing_wrong
from tests.office.conftest import filed, sign, submit
from tests.views.page import Visitor

__all__ = ["filed", "sign", "submit"]


def blank_pdf(_docx: bytes, asked_by: str | None = None) -> bytes:
    """One empty page, instead of LibreOffice: a PDF that can be marked and drawn."""
    pdf = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(pdf)
    return pdf.getvalue()


_sheets: dict[tuple[str, ...], bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def sheets_printed_once() -> Iterator[None]:
    """The same page, printed by the same command, is the same sheet: tests/papers looks at the printing."""
    printed = sheets._printed

    def print_once(html: str, options: dict[str, str | None]) -> bytes:
        key = (html, *sheets.command(html, options))
        if key not in _sheets:
            _sheets[key] = printed(html, options)
        return _sheets[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "_printed", print_once)
        yield


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The sample office, whose papers are one empty page."""
    office = Office.open(settings, blank_pdf, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture
def app(settings: Settings, office: Office) -> Flask:
    """The screens of the sample office."""
    return create_app(settings, office)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who has not signed in."""
    return Visitor(app)


SignedIn = Callable[[str], Visitor]


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    """``signed_in("zhangsan")``: a visitor at the desk of this account."""

    def act(username: str) -> Visitor:
        visitor = Visitor(app)
        visitor.sign_in(username, PASSWORD)
        assert visitor.path == "/"
        return visitor

    return act
