"""A type of each edition of the form language is kept as it was written: its records open, print and reprint.

``tests/office/kept/language_N.yaml`` and its paper are never changed again, whatever becomes of the language.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from andu.clock import stamp
from andu.formtypes.language.reading import LANGUAGE, read_text
from andu.office import editions
from andu.office.live import Live
from andu.office.office import Office
from andu.office.shelf import publishing
from andu.office.writing import drafts, submitting
from tests.conftest import People
from tests.office.conftest import Sign, raw_sample, sign
from tests.views.conftest import SignedIn

__all__ = ["sign"]
KEPT = Path(__file__).parents[1] / "office" / "kept"
FORM = "completion_report"


def test_each_edition_of_the_language_has_its_type() -> None:
    assert sorted(int(path.stem.rpartition("_")[2]) for path in KEPT.glob("*.yaml")) == [
        *range(1, LANGUAGE + 1)
    ]


@pytest.mark.parametrize("language", range(1, LANGUAGE + 1))
def test_a_record_of_it_opens_prints_is_signed_and_printed_again(
    language: int, signed_in: SignedIn, office: Office, people: People, sign: Sign
) -> None:
    text = (KEPT / f"language_{language}.yaml").read_text("utf-8")
    sha = office.files.put((KEPT / f"language_{language}.docx").read_bytes())
    edition = editions.Edition(editions.id_of(read_text(text, FORM), sha), read_text(text, FORM), sha)
    with office.store.write():
        office.store.bind()
        row = {"id": edition.id, "slug": FORM, "yaml": text, "template_sha": sha, "language": language}
        office.store.insert("form_version", {**row, "created_at": stamp(office.clock.now())})
    publishing.restore(office, people.wujiu, FORM, edition.id, "按旧的写法")
    here = Live(office).now()
    raw = raw_sample(here, people.zhangsan, FORM)
    draft = drafts.start(here, people.zhangsan, FORM, raw)
    record = submitting.submit(here, people.zhangsan, draft.id, raw, draft.revision)
    assert record.form_version == edition.id
    clerk = signed_in("zhangsan")
    clerk.get(f"/records/{record.id}")
    assert "办结报告（第一种写法）" in clerk.text()
    assert clerk.get(f"/records/{record.id}/preview.pdf").mimetype == "application/pdf"
    filed = sign(people.zhaoliu, sign(people.lisi, record))
    assert filed.state == "filed"
    (row,) = office.store.rows_where("register", "record_id = ?", [record.id])
    for _time in range(2):
        assert clerk.get(f"/register/{row['id']}/download/pdf?reason=再取一份").data.startswith(b"%PDF")
