"""Canaries: what a reporter said, to be looked for afterwards in everything that an office leaves behind.

``Leavings`` listens while people work; ``check`` then reads papers and their pictures, files, tables, logs,
exports and pages. Only the vault, which is encrypted, and the author's own draft may know a canary.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from andu.office import editions
from andu.office.books import register
from andu.office.desk import ledger_exports
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.office import Office
from andu.office.signing import signature_sheet
from andu.papers import code_reading
from andu.security import accounts
from tests.views.conftest import blank_pdf
from tests.views.page import Visitor

REPORTER: dict[str, Any] = {
    "reporter_name": "金丝雀某某",
    "reporter_sex": "女",
    "reporter_phone": "0555-7654321",
    "reporter_address": "金丝雀路1号",
    "reporter_id_needed": True,
    "reporter_id": "11010519491231002X",
    "reporter_wants_secrecy": True,
    "reporter_wants_feedback": True,
}
"""An answer for every confidential field of a clue with a named reporter."""
CANARY = re.compile("金丝|7654321|76 65 54 43|1949123|19 94 49 91")
"""What betrays one, cut into pairs for a search too."""


class Leavings:
    """Every paper that was made into a PDF, every page that was sent, every line that was logged."""

    def __init__(self, patch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture) -> None:
        self.papers: list[bytes] = []
        self.pages: list[tuple[str, str]] = []
        self._log, look = log, Visitor._look
        log.set_level("DEBUG")

        def heard(visitor: Visitor, response: Any) -> Any:
            headers = f"{response.request.path} {response.headers}"
            is_text = response.mimetype.startswith("text/")
            self.pages.append((response.request.path, headers + (response.text if is_text else "")))
            return look(visitor, response)

        patch.setattr(Visitor, "_look", heard)

    def to_pdf(self, docx: bytes, asked_by: str | None = None) -> bytes:
        """One empty page, instead of LibreOffice."""
        self.papers.append(docx)
        return blank_pdf(docx)

    def check(self, office: Office) -> None:
        """Nothing but the vault knows a canary."""
        form_type = editions.current(office, "clue_registration").form_type
        assert form_type.confidential_keys - {"reporter_code"} == set(REPORTER), "each has its canary"
        assert office.store.count("sealed") and self.papers and self.pages
        found = [where for where, text in self._everything(office) if CANARY.search(text)]
        assert not found

    def _everything(self, office: Office) -> Iterator[tuple[str, str]]:
        yield from ((path, text) for path, text in self.pages if not path.startswith("/drafts/"))
        yield "log", "\n".join(map(self._log.handler.format, self._log.get_records("call")))
        yield from _tables(office)
        yield from _files(office)
        yield from _given_out(office)
        for docx in {*self.papers}:
            yield from _parts("a paper", docx)


def _tables(office: Office) -> Iterator[tuple[str, str]]:
    for name in (one for one in office.store.tables() if one != "sealed"):
        rows = office.store.query(f"SELECT * FROM {name}")
        yield f"table {name}", "\n".join(str([_plain(value) for value in row.values()]) for row in rows)


def _plain(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text.encode().decode("unicode_escape", "ignore") + text if "\\u" in text else text


def _files(office: Office) -> Iterator[tuple[str, str]]:
    for path in (one for one in office.settings.instance.rglob("*") if one.is_file()):
        data = path.read_bytes()
        yield f"file {path.name}", path.name + data.decode("utf-8", "ignore")
        if zipfile.is_zipfile(path):
            yield from _parts(f"file {path.name}", data)


def _given_out(office: Office) -> Iterator[tuple[str, str]]:
    director = accounts.by_username(office.store, "zhaoliu")
    assert director is not None
    for row in office.store.rows_where("register", "state = 'filed'"):
        for media in ("docx", "pdf"):
            data, name = register.serve(office, director, row["id"], media, "download", "核对")
            yield f"name of {row['number']}", name
            if media == "docx":
                yield from _parts(name, data)
    for row in office.store.rows_where("record", "state = 'signing'"):
        signature_sheet.make(office, director, row["id"])
    for ledger in office.ledgers:
        yield from _parts(ledger.slug, ledger_exports.export(office, director, ledger, Asked()))
        assert ledgers.page(office, director, ledger, Asked(text=REPORTER["reporter_name"])).total == 0


def _parts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            content = package.read(part)
            yield f"{name}: {part}", part + re.sub("<[^>]*>", "", content.decode("utf-8", "ignore"))
            yield f"{name}: {part}, with tags", content.decode("utf-8", "ignore")
            if part.endswith(".png"):
                with Image.open(io.BytesIO(content)) as picture:
                    yield f"{name}: the code in {part}", " ".join(code_reading._codes(picture.convert("L")))
