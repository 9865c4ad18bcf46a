"""Editions: what passed the examination is in force, what failed never reaches a clerk."""

from __future__ import annotations

import dataclasses
import hashlib
import logging
import os
import shutil
from pathlib import Path

import pytest

from andu.office import editions, offering
from andu.office.errors import NotFound, Refused
from andu.office.issue.filling import Tried
from andu.office.issue.snapshot import Matter
from andu.office.office import Office
from andu.office.writing import drafts, submitting, trying
from andu.papers.checks import confined, examination
from andu.papers.template.package import read_package, write_package
from andu.settings import ROOT
from andu.store.faults import WriteOpen
from tests.conftest import People
from tests.office.conftest import raw_sample

FORM = "completion_report"


@pytest.fixture
def own_papers(office: Office, tmp_path: Path) -> Office:
    """The office with papers of its own, which may be changed, and none published yet."""
    with office.store.write():
        office.store.execute("DELETE FROM form_version")
    templates = tmp_path / "papers"
    shutil.copytree(ROOT / "doc_templates", templates)
    return dataclasses.replace(office, settings=dataclasses.replace(office.settings, templates=templates))


def rewrite(office: Office, right: str, wrong: str, slug: str = FORM) -> None:
    """Save the paper of a form with one word changed, as Word does: a new file in place of the old."""
    path = office.settings.templates / f"{slug}.docx"
    parts = read_package(path.read_bytes())
    body = parts["word/document.xml"].decode()
    assert right in body
    new = path.with_suffix(".new")
    new.write_bytes(write_package({**parts, "word/document.xml": body.replace(right, wrong).encode()}))
    os.replace(new, path)


def versions(office: Office, slug: str = FORM) -> int:
    return len(office.store.rows_where("form_version", "slug = ?", [slug]))


def test_paper_that_fails_is_never_stored_and_the_one_before_stays_in_force(own_papers: Office) -> None:
    good = editions.current(own_papers, FORM)
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_nuit }}")
    assert editions.current(own_papers, FORM) == good
    assert versions(own_papers) == 1
    standing = editions.standing(own_papers, FORM)
    assert (standing.edition, standing.is_newest) == (good, False)
    (wrong,) = (one for one in standing.findings if "handling_nuit" in one.where)
    assert "是不是“handling_unit”" in wrong.message


def test_paper_mended_again_is_in_force_without_a_restart(own_papers: Office) -> None:
    good = editions.current(own_papers, FORM)
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_nuit }}")
    assert editions.current(own_papers, FORM) == good
    rewrite(own_papers, "{{ handling_nuit }}", "本镇{{ handling_unit }}")
    newest = editions.current(own_papers, FORM)
    assert newest != good and editions.standing(own_papers, FORM).is_newest
    assert versions(own_papers) == 2


def test_fault_that_only_some_answers_bring_up_keeps_a_paper_out_too(own_papers: Office) -> None:
    good = editions.current(own_papers, FORM)
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_unit|tick(9) }}")
    assert editions.current(own_papers, FORM) == good
    assert any("试填不成" in one.message for one in editions.standing(own_papers, FORM).findings)


def test_form_without_any_good_paper_is_not_offered(own_papers: Office, people: People) -> None:
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_nuit }}")
    assert FORM not in [one.slug for one in offering.fillable(own_papers, people.wangwu)]
    with pytest.raises(Refused, match="没有通过检查"):
        drafts.start(own_papers, people.wangwu, FORM)
    assert "clue_registration" in [one.slug for one in offering.fillable(own_papers, people.wangwu)]
    assert versions(own_papers) == 0


def test_paper_that_is_gone_leaves_the_one_before_in_force(own_papers: Office) -> None:
    good = editions.current(own_papers, FORM)
    (own_papers.settings.templates / f"{FORM}.docx").unlink()
    assert editions.current(own_papers, FORM) == good


def test_draft_begun_before_the_fault_goes_on(own_papers: Office, people: People) -> None:
    draft = drafts.start(own_papers, people.wangwu, FORM)
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_nuit }}")
    saved = drafts.save(own_papers, people.wangwu, draft.id, {"f_clue_number": ["甲"]}, draft.revision)
    assert saved.draft.raw["f_clue_number"] == ["甲"]


def test_warning_does_not_keep_a_paper_out(own_papers: Office) -> None:
    rewrite(own_papers, "{{ file_pages }}", "共{{ file_pages }}页")
    standing = editions.standing(own_papers, FORM)
    assert standing.is_newest
    assert {one.severity for one in standing.findings} == {"warning"}


def test_repaired_paper_is_what_is_stored_and_hashed(own_papers: Office) -> None:
    rewrite(own_papers, "{{ handling_unit }}", "｛｛ handling_unit ｝｝")
    edition = editions.current(own_papers, FORM)
    kept = own_papers.files.get(edition.template_sha)
    assert hashlib.sha256(kept).hexdigest() == edition.template_sha
    assert b"{{ handling_unit }}" in read_package(kept)["word/document.xml"]
    assert any("已自动改正" in one.message for one in editions.standing(own_papers, FORM).findings)


def test_paper_with_revisions_is_never_stored_and_a_bound_control_is_stored_as_text(
    own_papers: Office,
) -> None:
    good = editions.current(own_papers, FORM)
    name = "{{ handling_unit }}</w:t></w:r>"
    gone = '<w:del w:id="1" w:author="某修订人"><w:r><w:delText>旧的字</w:delText></w:r></w:del>'
    rewrite(own_papers, name, name + gone)
    standing = editions.standing(own_papers, FORM)
    assert (standing.edition, standing.is_newest, versions(own_papers)) == (good, False, 1)
    assert any("修订" in one.message and "旧的字" in one.where for one in standing.findings)
    control = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr><w:sdtContent><w:r><w:t>控件</w:t></w:r>'
    )
    rewrite(own_papers, gone, f"{control}</w:sdtContent></w:sdt>")
    edition = editions.current(own_papers, FORM)
    body = read_package(own_papers.files.get(edition.template_sha))["word/document.xml"].decode()
    assert edition != good
    assert "控件" in body and "w:sdt" not in body


def test_file_that_is_no_docx_or_a_dangerous_one_keeps_only_its_own_form_out(own_papers: Office) -> None:
    (own_papers.settings.templates / f"{FORM}.docx").write_bytes(b"no docx")
    with pytest.raises(Refused):
        editions.current(own_papers, FORM)
    path = own_papers.settings.templates / "clue_handover.docx"
    parts = read_package(path.read_bytes())
    path.write_bytes(write_package({**parts, "word/vbaProject.bin": b"macro"}))
    with pytest.raises(Refused):
        editions.current(own_papers, "clue_handover")
    assert editions.current(own_papers, "clue_registration")


def test_start_says_what_is_wrong_loudly(own_papers: Office, caplog: pytest.LogCaptureFixture) -> None:
    rewrite(own_papers, "{{ handling_unit }}", "{{ handling_nuit }}")
    with caplog.at_level(logging.WARNING, "andu"):
        editions.publish(own_papers)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any("completion_report.docx" in one and "handling_nuit" in one for one in said)
    assert any("暂不提供" in one for one in said)
    assert editions.current(own_papers, "clue_registration")


def test_unknown_form_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        editions.current(office, "no_such_form")


def test_papers_are_examined_once_however_often_they_are_asked_for(
    own_papers: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(own_papers, "{{ may_close }}", "可否：{{ may_close }}")
    children: list[str] = []
    run = confined.run

    def counted(task: str, payload: object) -> object:
        children.append(task)
        return run(task, payload)

    monkeypatch.setattr(examination.confined, "run", counted)
    editions.publish(own_papers)
    editions.publish(own_papers)
    for _again in range(3):
        editions.current(own_papers, FORM)
    assert len(children) == 1


def test_paper_that_takes_the_child_down_does_not_keep_the_others_out(
    own_papers: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in (FORM, "clue_handover"):
        rewrite(own_papers, "<w:body>", "<w:body><w:p/>", slug)

    def broken(task: str, payload: dict[str, list[dict[str, str]]]) -> object:
        if any(paper["slug"] == FORM for paper in payload["papers"]):
            raise confined.ConfinedFault("太慢，已停止")
        return [[] for _paper in payload["papers"]]

    monkeypatch.setattr(examination.confined, "run", broken)
    assert editions.current(own_papers, "clue_handover")
    with pytest.raises(Refused):
        editions.current(own_papers, FORM)
    assert [one.message for one in editions.standing(own_papers, FORM).findings] == ["太慢，已停止"]


def test_the_edition_that_was_judged_is_the_one_that_is_kept_and_issued(
    own_papers: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = raw_sample(own_papers, people.zhangsan, FORM)
    draft = drafts.start(own_papers, people.zhangsan, FORM, raw)
    first = editions.current(own_papers, FORM)
    judged: list[str] = []
    try_out = trying.try_out

    def publish_another(office: Office, matter: Matter, template_sha: str) -> Tried:
        judged.append(template_sha)
        rewrite(office, "{{ handling_unit }}", "本镇{{ handling_unit }}")
        assert editions.current(office, FORM) != first
        return try_out(office, matter, template_sha)

    monkeypatch.setattr(trying, "try_out", publish_another)
    record = submitting.submit(own_papers, people.zhangsan, draft.id, draft.raw, draft.revision)
    assert judged == [first.template_sha]
    assert record.form_version == first.id


def test_no_other_program_is_started_while_a_write_keeps_everybody_waiting(
    own_papers: Office, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewrite(own_papers, "{{ handling_unit }}", "镇内{{ handling_unit }}")
    with own_papers.store.write():
        for act in (
            lambda: own_papers.to_pdf(b""),
            lambda: own_papers.judge(b"", b"", "internal"),
            lambda: editions.current(own_papers, FORM),
        ):
            with pytest.raises(WriteOpen):
                act()
    draft = drafts.start(own_papers, people.zhangsan, FORM)
    asked: list[bool] = []
    current = editions.current

    def look(office: Office, slug: str) -> editions.Edition:
        asked.append(office.store.is_writing)
        return current(office, slug)

    monkeypatch.setattr(editions, "current", look)
    kept = drafts.save(own_papers, people.zhangsan, draft.id, {"f_outcome": ["一"]}, draft.revision).draft
    drafts.save(own_papers, people.lisi, draft.id, {"f_outcome": ["二"]}, draft.revision)
    drafts.attach(own_papers, people.zhangsan, draft.id, "files", "a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    drafts.detach(own_papers, people.lisi, kept.id, "files", "x")
    assert asked and not any(asked)
