"""Each rule of the checker: a paper that keeps it, and the same paper with one fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from andu.papers.checks import layout
from andu.papers.checks.layout import ERROR, WARNING, Finding
from andu.papers.checks.layout.findings import Rule
from andu.papers.checks.layout.rules import closing, heading, imprint, internal, main, page, special
from andu.papers.pdf import Converter
from andu.settings import Settings
from tests.papers.layout.mutants import CASES, GOOD, KINDS, MARK, NOTICE, ORDER, Case, shape
from tests.papers.layout.papers import good
from tests.papers.layout.spoiling import spoilt


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[bytes, bytes]]:
    """Name → docx and PDF, of the good papers and of each spoilt one, from one LibreOffice."""
    papers = {slug: good(slug) for slug in KINDS}
    papers |= {case.name: spoilt(papers[case.paper], case.spoil) for case in (*CASES, *GOOD)}
    papers[ORDER] = spoilt(papers[NOTICE], shape(MARK, "spacing", before=str(1311 - 850)))
    pdfs = Converter(Settings().fonts).many(list(papers.values()))
    assert not [name for name, pdf in zip(papers, pdfs, strict=True) if not isinstance(pdf, bytes)]
    return {name: (docx, pdf) for (name, docx), pdf in zip(papers.items(), pdfs, strict=True)}  # type: ignore[misc]


def found(made: dict[str, tuple[bytes, bytes]], name: str, slug: str) -> list[Finding]:
    return layout.checked(*made[name], KINDS[slug]).findings


@pytest.mark.parametrize("slug", KINDS)
def test_a_good_paper_has_no_fault(made: dict[str, tuple[bytes, bytes]], slug: str) -> None:
    assert found(made, slug, slug) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_one_fault_brings_one_rule(made: dict[str, tuple[bytes, bytes]], case: Case) -> None:
    findings = found(made, case.name, case.paper)
    said = list(map(str, findings))
    wrong = {case.rule} if case.severity == ERROR else set()
    assert {each.rule for each in findings if each.severity == ERROR} <= wrong | {*case.also}, said
    assert (case.rule, case.severity) in {(each.rule, each.severity) for each in findings}, said


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_another_way_of_doing_it_right_brings_none(made: dict[str, tuple[bytes, bytes]], case: Case) -> None:
    assert list(map(str, found(made, case.name, case.paper))) == []


def test_an_order_has_its_heading_15_mm_higher(made: dict[str, tuple[bytes, bytes]]) -> None:
    said = {case: layout.check(*made[case], "命令") for case in (NOTICE, ORDER)}
    assert "L2" in {each.rule for each in said[NOTICE]}
    assert "L2" not in {each.rule for each in said[ORDER]}


def test_a_rule_that_fails_is_told_and_the_others_speak(
    made: dict[str, tuple[bytes, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(paper: object) -> Iterator[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr(layout, "OFFICIAL_RULES", (fails, *layout.OFFICIAL_RULES))
    (told,) = layout.check(*made[NOTICE], "通知")
    assert (told.rule, told.severity) == ("F1", WARNING)
    assert "H5" in {each.rule for each in layout.check(*made["no number"], "通知")}


def test_every_rule_has_a_case() -> None:
    tried = {case.rule for case in CASES} | {"L2"}
    modules = (closing, heading, imprint, internal, main, page, special)
    named = {rule.id for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}
    assert named - tried == set()
