"""Over three editions with records of each: every old record opens, prints, is signed, stands in its ledger.

Labels are changed, a field is added, moved, taken away again, and a choice is renamed meanwhile.
"""

from __future__ import annotations

from typing import Any

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


def test_records_of_three_editions_open_print_are_signed_and_stand_in_their_ledger(
    signed_in: SignedIn, office: Office, people: People, sign: Sign
) -> None:
    records = [handed_in(office, people, urgency="特急")]
    answers: list[dict[str, Any]] = [{"cun_fang_wei_zhi": "柜三", "urgency": "特急"}, {"urgency": "特提"}]
    for change, said in zip((second, third), answers, strict=True):
        now = Live(office).now()
        design = designs.begin_again(now, people.wujiu, FORM)
        tree = design.tree
        change(tree)
        design = designs.change(now, people.wujiu, design.id, design.revision, "changed", tree)
        publishing.publish(now, people.wujiu, design.id, design.revision, change.__name__)
        records.append(handed_in(Live(office).now(), people, **said))
    reader = signed_in("zhaoliu")
    shown = []
    for record in records:
        assert reader.get(f"/records/{record.id}").status_code == 200
        shown.append(reader.text())
        assert reader.get(f"/records/{record.id}/preview.pdf").mimetype == "application/pdf"
    assert "发文单位" not in shown[0] and "发文单位" in shown[1] and "发文单位" in shown[2]
    assert ["柜三" in one for one in shown] == [False, True, False]
    assert ["特急" in shown[0], "特急" in shown[1], "特提" in shown[2]] == [True, True, True]

    here = Live(office).now()
    for record in records:
        signed = record
        for _turn in range(6):
            able = [one for one in people.values() if signatures.signable(here, one, signed)]
            if not able:
                break
            signed = sign(able[0], signed)
        assert signed.state == "filed", signed.state
    reader.get("/ledgers/incoming_documents")
    rows = reader.text()
    assert rows.count("特急") >= 2 and "特提" in rows
    assert reader.get("/figures").status_code == 200
