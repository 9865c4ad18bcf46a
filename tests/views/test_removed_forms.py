"""A form type taken away while drafts and records of it live breaks no page; what is under way can end."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from andu.office.books import ledger_keeping
from andu.office.office import Office
from andu.office.records import Record
from andu.office.signing import signatures
from andu.office.writing import drafts
from andu.settings import Settings
from app import create_app
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, Submit, raw_sample
from tests.views.conftest import blank_pdf
from tests.views.page import Visitor

REMOVED = ("clue_registration", "clue_handover", "completion_report", "official_notice", "halfmonthly_return")
ALIKE = 2
"""So many pages of one kind are followed for each person."""


@dataclasses.dataclass
class Left:
    """What lives of the form types that are taken away."""

    signing: Record
    filed: Record
    draft: drafts.Draft


@pytest.fixture
def left(office: Office, people: People, submit: Submit, sign: Sign) -> Left:
    filed = sign(people.lisi, sign(people.zhangsan, submit(people.zhangsan, "clue_registration")))
    signing = submit(people.zhangsan, "clue_registration", summary="另一条示例线索")
    handover = submit(people.zhangsan, "clue_handover", clue=filed.id)
    sign(people.zhangsan, handover)
    sign(people.lisi, submit(people.zhangsan, "completion_report"))
    returned = submit(people.zhangsan, "completion_report")
    signatures.decline(office, people.lisi, returned.id, 1, "内容不全，请补充", PASSWORD, "192.0.2.1")
    for slug in REMOVED:
        person = people.wangwu if slug == "official_notice" else people.zhangsan
        drafts.start(office, person, slug, raw_sample(office, person, slug))
    return Left(signing, filed, drafts.start(office, people.zhangsan, "clue_registration"))


@pytest.fixture
def without(settings: Settings, office: Office, left: Left, tmp_path: Path) -> Callable[..., Flask]:
    """``without(*slugs)``: the same office, opened again after the files of these forms were deleted."""

    def act(*slugs: str) -> Flask:
        forms = tmp_path / "forms"
        shutil.copytree(settings.forms, forms)
        for slug in slugs:
            (forms / f"{slug}.yaml").unlink()
        again = Office.open(dataclasses.replace(settings, forms=forms), blank_pdf, nothing_wrong)
        ledger_keeping.keep_up(again)
        return create_app(again.settings, again)

    return act


def signed_in(app: Flask, username: str) -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in(username, PASSWORD)
    return visitor


def followed(visitor: Visitor) -> dict[str, int]:
    """The answer of every page that is reached by links from the desk, a few of each kind."""
    waiting, answers = ["/"], {}
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{32}|[?].*", "", path)
        if path in answers or kinds[kind] == (1 if ".pdf" in kind else ALIKE):
            continue
        kinds[kind] += 1
        answer = visitor.get(path)
        answers[path] = answer.status_code
        if answer.mimetype == "text/html":
            links = (str(link).split("#")[0] for link in visitor.page.xpath("//a/@href"))
            waiting += [link for link in links if link.startswith("/")]
    return answers


def test_no_page_of_anybody_breaks(without: Callable[..., Flask], left: Left) -> None:
    app = without(*REMOVED)
    for username in ("zhangsan", "chushisi", "wujiu"):
        answers = followed(signed_in(app, username))
        assert len(answers) > 5
        assert {path: status for path, status in answers.items() if status >= 500} == {}, username


def test_a_record_of_it_is_signed_numbered_and_filed_as_ever(
    without: Callable[..., Flask], left: Left
) -> None:
    app = without("clue_registration")
    for username in ("zhangsan", "lisi"):
        visitor = signed_in(app, username)
        path = f"/records/{left.signing.id}/sign"
        visitor.get(path)
        answers = {**visitor.filled(path), "opinion": "同意", "password": PASSWORD}
        visitor.post(path, answers)
    visitor.get(f"/records/{left.signing.id}")
    assert "已归档，编号 DJ-XS-2026-0002" in visitor.text()
    visitor.get("/register?form=clue_registration")
    assert "DJ-XS-2026-0002" in visitor.text()
    visitor.get("/ledgers/clue_registration")
    assert "DJ-XS-2026-0002" in visitor.text()


def test_a_draft_of_it_says_what_happened_and_nothing_new_is_begun(
    without: Callable[..., Flask], left: Left
) -> None:
    app = without("clue_registration")
    visitor = signed_in(app, "zhangsan")
    path = f"/drafts/{left.draft.id}"
    visitor.get(path)
    assert "“线索登记表”这种表单已经停用" in visitor.text()
    visitor.post(path, {**visitor.filled(path), "f_summary": "停用以后写的", "act": "submit"})
    assert "这种表单已经停用" in visitor.text() and visitor.filled(path)["f_summary"] == ["停用以后写的"]
    visitor.get("/")
    visitor.post("/new/clue_registration", {})
    assert "这种表单已经停用" in visitor.text()
    visitor.get("/")
    assert not visitor.page.xpath("//form[contains(@action, 'clue_registration')]")
    admin = signed_in(app, "wujiu")
    admin.get("/forms")
    assert "已停用" in admin.text()


def test_a_file_put_back_is_in_force_again(
    settings: Settings, without: Callable[..., Flask], left: Left
) -> None:
    without("clue_registration")
    again = Office.open(settings, blank_pdf, nothing_wrong)
    assert not again.catalogue.retired
