"""Each kind of official document from answers to filed paper, with the real LibreOffice and checker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andu.formtypes.filling import samples
from andu.formtypes.filling.webform import raw_from_values
from andu.office import editions
from andu.office.books import register
from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts, submitting
from andu.papers.checks import layout
from andu.papers.pdf import Converter
from andu.security.accounts import Account
from andu.settings import Settings
from tests.conftest import People

SEEDS = Path(__file__).parents[1] / "papers" / "seeds"
KINDS = ("circular", "joint", "letter", "minutes", "notice", "report", "request")
LONELY = "国" * 28 * 6 + "。"
"""So long a text that 署名 would just not find room below it."""


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    """One LibreOffice, warm, as in an office at work."""
    converter = Converter(Settings().fonts)
    yield converter
    converter.close()


@pytest.fixture
def office(settings: Settings, converter: Converter) -> Iterator[Office]:
    """The sample office as it is served, LibreOffice, checker and all."""
    office = Office.open(settings, converter.to_pdf)
    yield office
    office.store.close()


def submitted(office: Office, actor: Account, slug: str, **changes: Any) -> Record:
    form_type = editions.current(office, slug).form_type
    answers = {**samples.sample(form_type, OfficeDirectory(office, actor)), **changes}
    draft = drafts.start(office, actor, slug, raw_from_values(form_type, answers))
    return submitting.submit(office, actor, draft.id, draft.raw, draft.revision)


def signed_by_all(office: Office, people: People, record: Record) -> Record:
    for name in ("zhaoliu", "sunqi", "zhouba"):
        slot = signatures.signable(office, people[name], record)
        if slot is not None:
            record = signatures.sign(
                office, people[name], record.id, slot.key, 1, "", "", {}, "", at_the_machine=True
            )
    return record


def paper_of(office: Office, people: People, record: Record) -> tuple[bytes, bytes]:
    entry = register.of_record(office, people.sunqi, record.id)
    assert entry is not None and entry.state == "filed"
    docx, _name = register.serve(office, people.sunqi, entry.id, "docx", "view")
    pdf, _name = register.serve(office, people.sunqi, entry.id, "pdf", "view")
    return docx, pdf


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_handed_in_signed_numbered_and_filed_in_the_official_format(
    office: Office, people: People, kind: str
) -> None:
    record = signed_by_all(office, people, submitted(office, people.wangwu, f"official_{kind}"))
    docx, pdf = paper_of(office, people, record)
    paper = editions.get(office, record.form_version).form_type.paper
    assert layout.check(docx, pdf, paper) == []


@pytest.mark.parametrize("seed", ["dunfa_2022_13", "xifa_2019_30"])
def test_the_seeds_as_typed_become_filed_papers(office: Office, people: People, seed: str) -> None:
    typed = json.loads((SEEDS / f"{seed}_raw.json").read_text("utf-8"))
    record = signed_by_all(
        office, people, submitted(office, people.wangwu, typed["form"], **typed["answers"])
    )
    docx, pdf = paper_of(office, people, record)
    assert not layout.has_errors(layout.check(docx, pdf, "通知"))


def test_what_made_a_paper_fit_is_kept_with_its_number(office: Office, people: People) -> None:
    changes = {"body": LONELY, "attachments": [], "cc": "", "title": "关于做好示例工作的通知"}
    record = signed_by_all(office, people, submitted(office, people.wangwu, "official_notice", **changes))
    docx, pdf = paper_of(office, people, record)
    assert not layout.signature_lacks_text(docx, pdf)
    (row,) = office.store.rows_where("register")
    assert json.loads(row["snapshot"])["fit"]["carried"]


def test_what_the_standard_forbids_is_refused_before_anybody_signs(office: Office, people: People) -> None:
    with pytest.raises(Refused, match="(?s)公文格式不合规定.*不再标注“此页无正文”"):
        submitted(office, people.wangwu, "official_notice", body="现通知如下。\n（此页无正文）")
