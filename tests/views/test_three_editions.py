"""Over three editions with records of each: every old record opens, prints, is signed, stands and counts.

Labels are changed, a field is added, moved, taken away again, and a choice is renamed meanwhile.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from andu.formtypes.beside import figure_reading
from andu.office.books import ledger_keeping
from andu.office.desk import figures, spans
from andu.office.ledger import ledgers
from andu.office.ledger.ledger_finding import Asked
from andu.office.live import Live
from andu.office.office import Office
from andu.office.records import Record
from andu.office.shelf import designs, lost_choices, parts, publishing
from andu.office.signing import signatures
from andu.office.writing import drafts, submitting
from tests.conftest import People
from tests.office.conftest import Sign, raw_sample, sign
from tests.views.conftest import SignedIn

__all__ = ["sign"]
FORM = "incoming_document"


def second(tree: dict[str, Any]) -> None:
    """A label is changed, a field is added, another is moved."""
    parts.find(tree, "source_unit").part["label"] = "发文单位"
    key = parts.add_field(tree, "text", "存放位置", 0)
    parts.find(tree, key).part["printed"] = "false"
    parts.move(tree, "document_date", parts.UP)


def third(tree: dict[str, Any]) -> None:
    """The field is taken away again, and a choice gets another name."""
    parts.remove(tree, "cun_fang_wei_zhi")
    urgency = parts.find(tree, "urgency").part
    new = ["特提" if one == "特急" else one for one in urgency["choices"]]
    lost_choices.rename(tree, "urgency", {"特急": "特提"})
    urgency["choices"] = new


def handed_in(office: Office, people: People, **answers: Any) -> Record:
    raw = raw_sample(office, people.zhaoliu, FORM, **answers)
    draft = drafts.start(office, people.zhaoliu, FORM, raw)
    return submitting.submit(office, people.zhaoliu, draft.id, raw, draft.revision)


SHEET = """
title: 来文情况
numbers:
  - {label: 来文, ledger: incoming_documents}
charts:
  - {label: 按紧急程度, kind: bar, ledger: incoming_documents, by: urgency}
"""


def filed(office: Office, people: People, sign: Sign, record: Record) -> Record:
    """Signed by all who must, and filed."""
    for _turn in range(6):
        able = [one for one in people.values() if signatures.signable(office, one, record)]
        if not able:
            break
        record = sign(able[0], record)
    assert record.state == "filed", record.state
    return record


def rows_of(office: Office, people: People) -> dict[str, list[str]]:
    """What stands in the ledger, by record."""
    ledger = office.ledgers.get("incoming_documents")
    assert ledger
    page = ledgers.page(office, people.zhaoliu, ledger, Asked())
    assert page.is_built
    return {one.record_id: list(one.cells) for one in page.rows}


def counted(office: Office, people: People) -> tuple[list[int], dict[str, int]]:
    """What the figures count of it: the number at the top, and the chart by urgency."""
    sheet = figure_reading.read_sheet(SHEET, "incoming", office.ledgers, office.catalogue)
    span = spans.of_days(date(2024, 1, 1), date(2027, 12, 31))
    found = figures.count(office, people.zhaoliu, sheet, span, spans.BEFORE)
    (chart,) = found.charts
    return [one.now for one in found.numbers], {row.label: row.now[0] for row in chart.rows}


def test_records_of_three_editions_open_print_are_signed_and_stand_in_their_ledger(
    signed_in: SignedIn, office: Office, people: People, sign: Sign
) -> None:
    records = [filed(office, people, sign, handed_in(office, people, urgency="特急"))]
    ledger_keeping.keep_up(office)
    stood, told = rows_of(office, people), counted(office, people)
    assert [*stood] == [records[0].id] and told == ([1], {"特急": 1})
    answers: list[dict[str, Any]] = [{"cun_fang_wei_zhi": "柜三", "urgency": "特急"}, {"urgency": "特提"}]
    for change, said in zip((second, third), answers, strict=True):
        now = Live(office).now()
        design = designs.begin_again(now, people.wujiu, FORM)
        tree = design.tree
        change(tree)
        design = designs.change(now, people.wujiu, design.id, design.revision, "changed", tree)
        publishing.publish(now, people.wujiu, design.id, design.revision, change.__name__)
        ledger_keeping.keep_up(now := Live(office).now())
        assert (rows_of(now, people), counted(now, people)) == (stood, told), "as it was before"
        records.append(handed_in(now, people, **said))
    reader = signed_in("zhaoliu")
    shown = []
    for record in records:
        assert reader.get(f"/records/{record.id}").status_code == 200
        shown.append(reader.text())
        (pdf, *_more) = reader.page.xpath(
            "//a[contains(@href, '/download/pdf') or contains(@href, 'preview.pdf')]/@href"
        )
        assert reader.get(pdf).mimetype == "application/pdf"
    assert "发文单位" not in shown[0] and "发文单位" in shown[1] and "发文单位" in shown[2]
    assert ["柜三" in one for one in shown] == [False, True, False]
    assert ["特急" in shown[0], "特急" in shown[1], "特提" in shown[2]] == [True, True, True]

    here = Live(office).now()
    for record in records[1:]:
        filed(here, people, sign, record)
    rows = rows_of(here, people)
    assert rows[records[0].id] == stood[records[0].id] and len(rows) == 3
    assert counted(here, people) == ([3], {"特急": 2, "特提": 1})
    reader.get("/ledgers/incoming_documents")
    assert reader.text().count("特急") >= 2 and "特提" in reader.text()
