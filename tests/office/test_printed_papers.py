"""Nothing comes into force, is handed in or numbered whose print does not show what was typed."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from andu.clock import FixedClock
from andu.office import editions
from andu.office.errors import InvalidAnswers, Refused
from andu.office.issue import filling, issuing, numbering, snapshot
from andu.office.office import Office
from andu.office.writing import drafts, submitting
from andu.papers.checks import proof
from andu.papers.checks.printed import Lack
from andu.papers.pdf import Converter, PdfFault
from andu.papers.pdf.remembering import remembering
from andu.papers.pdf.soffice import NoOffice
from andu.papers.template import Template
from andu.papers.template.package import read_package, write_package
from andu.settings import ROOT, Settings
from tests.conftest import People
from tests.office import small

FORM = """
title: 领取单
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, max_length: 60, example: 领取资料}
      - {key: note, kind: longtext, label: 说明, max_length: 200, example: 无}
"""
HEAD, BODY = "word/document.xml", "{{ subject }}"


@pytest.fixture(scope="module")
def founded_small(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Settings:
    folder = tmp_path_factory.mktemp("slips")
    return small.found(Settings(instance=folder / "instance"), folder, {"slip": FORM})


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter(ROOT / ".fonts", 2)
    yield made
    made.close()


@pytest.fixture
def slips(founded_small: Settings, tmp_path: Path, clock: object) -> Iterator[Office]:
    office = small.opened(small.copied(founded_small, tmp_path / "instance", clock))
    yield office
    office.store.close()


def changed(office: Office, right: str, wrong: str) -> None:
    path = office.settings.templates / "slip.docx"
    parts = read_package(path.read_bytes())
    assert right in parts[HEAD].decode()
    body = parts[HEAD].decode().replace(right, wrong, 1)
    path.write_bytes(write_package({**parts, HEAD: body.encode()}))


@pytest.fixture
def own(slips: Office, tmp_path: Path) -> Office:
    """With a paper of its own, which may be changed."""
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "slip.docx").write_bytes((slips.settings.templates / "slip.docx").read_bytes())
    return dataclasses.replace(slips, settings=dataclasses.replace(slips.settings, templates=papers))


def test_paper_that_clips_the_longest_answer_does_not_come_into_force(
    own: Office, converter: Converter
) -> None:
    office = dataclasses.replace(own, many=converter.many)
    editions._verdicts.clear()
    before = editions.standing(office, "slip")
    assert before.is_newest and office.store.get("paper_proof", before.edition.id)  # type: ignore[union-attr]
    path = office.settings.templates / "slip.docx"
    xml = read_package(path.read_bytes())[HEAD].decode()
    row = (
        xml[: xml.index(BODY)].rindex("<w:tr>")
        if "<w:tr>" in xml
        else xml[: xml.index(BODY)].rindex("<w:tr ")
    )
    end = xml.index("</w:tr>", row)
    low = re.sub("<w:trHeight[^>]*/>", "", xml[row:end])
    low = low.replace("<w:trPr>", '<w:trPr><w:trHeight w:val="400" w:hRule="exact"/>', 1)
    body = xml[:row] + low + xml[end:]
    path.write_bytes(write_package({**read_package(path.read_bytes()), HEAD: body.encode()}))
    after = editions.standing(office, "slip")
    assert (after.edition, after.is_newest) == (before.edition, False)
    assert any("事由" in str(one) and "最长样例" in str(one) for one in after.findings), after.findings


def test_proof_is_kept_and_nothing_is_printed_again(own: Office) -> None:
    printed: list[int] = []

    def many(docxs: list[bytes]) -> list[bytes | PdfFault]:
        printed.append(len(docxs))
        raise AssertionError

    edition = editions.current(own, "slip")
    editions._verdicts.pop(edition.id)
    with own.store.write():
        row = {"by": editions._prover(), "at": "2026-11-22T01:02:03Z"}
        own.store.insert("paper_proof", {"id": edition.id, **row})
    assert editions.standing(dataclasses.replace(own, many=many), "slip").is_newest
    assert not printed


def test_paper_is_not_published_unproven_and_is_tried_again(
    own: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    there = False

    def many(docxs: list[bytes]) -> list[bytes | PdfFault]:
        return [b"%PDF" if there else NoOffice("没有安装 LibreOffice，不能生成 PDF") for _docx in docxs]

    monkeypatch.setattr(proof, "lacks_of", lambda _texts, _pdf: [])
    monkeypatch.setattr(editions, "REST", 0.0)
    office = dataclasses.replace(own, many=many)
    good = editions.current(own, "slip")
    changed(office, BODY, f"关于{BODY}")
    with caplog.at_level(logging.ERROR):
        editions.publish(office)
    assert "没有安装 LibreOffice" in caplog.text
    assert editions.standing(office, "slip").edition == good
    there = True
    assert editions.standing(office, "slip").is_newest


def lacking_the_note(template: Template, context: Mapping[str, Any], pdf: bytes) -> list[Lack]:
    return [Lack(context["note"], ("note",), "说明：……", "clipped", "资料")] if context["note"] else []


def begun(office: Office, people: People, **answers: list[str]) -> tuple[str, dict[str, list[str]], int]:
    draft = drafts.start(office, people.zhangsan, "slip")
    return draft.id, {"f_subject": ["领取资料"], **answers}, draft.revision


@pytest.fixture
def clerks(slips: Office) -> People:
    from andu.security import accounts

    return People({one.username: one for one in accounts.all(slips.store)})


def test_what_is_not_printed_is_said_at_its_field_and_spends_no_number(slips: Office, clerks: People) -> None:
    office = dataclasses.replace(slips, lacking=lacking_the_note)
    with pytest.raises(InvalidAnswers) as caught:
        submitting.submit(office, clerks.zhangsan, *begun(office, clerks, f_note=["很多资料"]))
    (problem,) = caught.value.form.problems
    assert problem.key == "note" and "说明" in problem.message and "切掉" in problem.message
    assert not office.store.rows_where("series") and not office.store.rows_where("record")


def test_what_is_lost_only_before_the_number_keeps_it_unspent(
    slips: Office, clerks: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(issuing, "issue_when_complete", lambda _office, _record: None)
        record = submitting.submit(slips, clerks.zhangsan, *begun(slips, clerks, f_note=["很多资料"]))
    before = [dict(row) for row in slips.store.rows_where("series")]
    with pytest.raises(Refused, match="切掉"):
        issuing.issue(dataclasses.replace(slips, lacking=lacking_the_note), record.id)
    assert [dict(row) for row in slips.store.rows_where("series")] == before


def test_character_that_no_face_has_is_said_at_its_field_before_anything_is_filled(
    slips: Office, clerks: People
) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        submitting.submit(slips, clerks.zhangsan, *begun(slips, clerks, f_note=["王\ue000到场"]))
    (problem,) = caught.value.form.problems
    assert problem.key == "note" and "U+E000" in problem.message and "说明" in problem.message
    record = submitting.submit(slips, clerks.zhangsan, *begun(slips, clerks, f_note=["王𫰡、李喆到场"]))
    (row,) = slips.store.rows_where("register", "record_id = ?", [record.id])
    assert json.loads(row["snapshot"])[snapshot.FACES]["𫰡"] == ["HanaMinB", "HanaMinB"]
    docx = slips.files.get(row["docx_sha"])
    assert "HanaMinB" in read_package(docx)[HEAD].decode()
    again = filling.fill(slips, row["template_sha"], json.loads(row["snapshot"]))
    assert again == docx


def test_official_document_is_not_numbered_in_another_face(
    slips: Office, clerks: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "faces_gone", lambda _fonts: ["仿宋_GB2312"])
    record = submitting.submit(slips, clerks.zhangsan, *begun(slips, clerks))
    matter = filling.matter_of(slips, record)
    official = dataclasses.replace(matter, form_type=dataclasses.replace(matter.form_type, paper="notice"))
    template_sha = editions.get(slips, record.form_version).template_sha
    with pytest.raises(Refused, match="缺少公文字体（仿宋_GB2312）"):
        filling.try_out(slips, official, template_sha)


def test_paper_is_printed_once_where_the_bytes_are_the_same(slips: Office, clerks: People) -> None:
    printed: list[bytes] = []

    def to_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
        printed.append(docx)
        return slips.to_pdf(docx, asked_by=asked_by)

    office = dataclasses.replace(slips, to_pdf=remembering(to_pdf))
    for said in ("一份", "两份"):
        printed.clear()
        record = submitting.submit(office, clerks.zhangsan, *begun(office, clerks, f_note=[said]))
        (row,) = office.store.rows_where("register", "record_id = ?", [record.id])
        assert printed == [office.files.get(row["docx_sha"])]


def test_paper_is_printed_anew_where_somebody_took_the_number(
    slips: Office, clerks: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[bytes] = []

    def to_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
        printed.append(docx)
        return slips.to_pdf(docx, asked_by=asked_by)

    office = dataclasses.replace(slips, to_pdf=remembering(to_pdf))
    monkeypatch.setattr(numbering, "expected", lambda _office, _key: "示发〔2026〕77号")
    record = submitting.submit(office, clerks.zhangsan, *begun(office, clerks))
    (row,) = office.store.rows_where("register", "record_id = ?", [record.id])
    assert len(printed) == 2 and printed[-1] == office.files.get(row["docx_sha"])


def test_number_and_date_are_of_one_year_over_midnight(
    slips: Office, clerks: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = dataclasses.replace(slips, clock=FixedClock(datetime(2026, 12, 31, 15, 59, 58, tzinfo=UTC)))
    monkeypatch.setattr(issuing, "issue_when_complete", lambda _office, _record: None)
    record = submitting.submit(office, clerks.zhangsan, *begun(office, clerks))
    issuing.issue(
        dataclasses.replace(office, clock=FixedClock(datetime(2026, 12, 31, 16, 0, 2, tzinfo=UTC))), record.id
    )
    (row,) = office.store.rows_where("register", "record_id = ?", [record.id])
    assert row["year"] == 2027 and "2027" in row["number"]
    assert json.loads(row["snapshot"])["issued_on"] == "2027年1月1日"
