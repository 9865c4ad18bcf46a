"""A closed month of the widest ledger that ships, on its pages: whole dates and numbers, no row lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from andu.formtypes.beside import ledger_pages
from andu.formtypes.beside.ledger_pages import Room
from andu.formtypes.beside.ledger_reading import load
from andu.formtypes.beside.ledgers import Ledger
from andu.formtypes.language.catalogue import Catalogue
from andu.formtypes.language.reading import read_form
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import ROOT, Settings
from tests.papers.making import context_of, lines_of, part_of

FORMS = Catalogue.load(ROOT / "forms")
CLOSING = FORMS.get("ledger_closing")
assert CLOSING is not None
(FIELD,) = (field for field in CLOSING.fields if field.kind == "ledger")
ROOM = Room(*(FIELD.settings[key] for key in ("characters", "lines", "steps")))
ROWS = 28
DATE, NUMBER = "2026-11-21", "DJ-XS-2026-0045"
SMALLEST = 18
"""Half-points of 小五."""


def _cell(key: str, label: str, row: int) -> str:
    """What may stand in a column, by what it is called."""
    if "编号" in label or "单号" in label or label == "归档号":
        return NUMBER
    if "时间" in label or "期限" in label:
        return DATE
    if key == "summary":
        return "反映示例一村砂场有人强买强卖、威胁过往司机" * (1 + row % 2)
    words = {"overdue": "是", "late": "是", "reported": "刘**", "closed_by": f"办结报告 {NUMBER}"}
    return words.get(key, "群众匿名举报")


VOIDED = 2
"""The place of the one row whose number was void."""


@cache
def _widest() -> Ledger:
    ledgers, faults = load(ROOT / "ledgers", FORMS)
    assert not faults
    return max(ledgers, key=lambda one: len(one.columns))


@cache
def _pages() -> list[dict[str, Any]]:
    widest = _widest()
    about = {"title": widest.title, "period": "2026年10月", "scope": "示例镇"}
    rows = [[_cell(one.key, one.label, row) for one in widest.columns] for row in range(ROWS)]
    frozen = ledger_pages.extract(widest.slug, "2026-10", about, widest.columns, rows, {}, voided=[VOIDED])
    return ledger_pages.pages(frozen, ROOM)


@cache
def _docx() -> bytes:
    assert CLOSING is not None
    context = context_of(CLOSING, number="TZ-2026-0001")
    extract = context["extract"] | {"pages": _pages(), "count": str(ROWS)}
    template = compile_template((ROOT / "doc_templates" / "ledger_closing.docx").read_bytes())
    return template.fill(context | {"extract": extract})


def test_no_date_and_no_number_is_broken_and_every_row_stands_where_it_was_meant_to(tmp_path: Path) -> None:
    (pdf,) = Converter(Settings().fonts).many([_docx()])
    assert isinstance(pdf, bytes)
    path = tmp_path / "closed.pdf"
    path.write_bytes(pdf)
    lines = lines_of(path)
    meant = _pages()
    assert lines[-1].page == len(meant) > 2
    for number, page in enumerate(meant, start=1):
        told = "\n".join(line.text for line in lines if line.page == number)
        texts = [cell["text"] for row in page["rows"] for cell in row["cells"]]
        for whole in (DATE, NUMBER):
            assert told.count(whole) == sum(text.count(whole) for text in texts), (number, whole)
        assert f"第{number}页共{len(meant)}页" in re.sub(r"\s", "", told)
        assert f"本页小计{len(page['rows'])}条" in re.sub(r"\s", "", told)
    assert max(line.right for line in lines) < 297 - 10 and max(line.bottom for line in lines) < 210 - 5


def test_a_line_whose_number_was_void_is_struck_through_and_no_other() -> None:
    struck = set()
    for row in part_of(_docx(), "word/document.xml").iter("{*}tr"):
        texts = [run for run in row.iter("{*}r") if "".join(run.itertext("{*}t")).strip()]
        lined = [run.find("{*}rPr/{*}strike") is not None for run in texts]
        assert all(lined) or not any(lined)
        struck |= {"".join(texts[0].itertext("{*}t"))} if any(lined) else set()
    assert struck == {str(VOIDED + 1)}


def test_nothing_is_set_smaller_than_小五() -> None:
    sizes: Counter[int] = Counter()
    for run in part_of(_docx(), "word/document.xml").iter("{*}r"):
        text = "".join(one.text or "" for one in run.iter("{*}t"))
        size = run.find("{*}rPr/{*}sz")
        if text.strip() and size is not None:
            (value,) = (value for name, value in size.attrib.items() if name.endswith("val"))
            sizes[int(value)] += 1
    assert sizes and min(sizes) >= SMALLEST


def test_the_heads_stand_once_on_each_page_with_every_column_of_the_ledger() -> None:
    heads = [cell["text"].split("\n") for cell in _pages()[0]["heads"]]
    said = [head for cell in heads for head in cell]
    assert sorted(said) == sorted(["序号", *(one.label for one in _widest().columns)])
    assert len(heads) <= 12 and max(map(len, heads)) <= 5


def test_the_grid_of_the_paper_has_the_steps_that_its_form_counts_in() -> None:
    grid = part_of(_docx(), "word/document.xml").find(".//{*}tblGrid")
    assert grid is not None and len(grid) == ROOM.steps


def test_an_edition_from_before_the_finer_grid_still_fits_its_own_paper(tmp_path: Path) -> None:
    """What such a file did not say meant 96 steps of grid, 70 characters and 27 lines, and still does."""
    written = (ROOT / "forms" / "ledger_closing.yaml").read_text(encoding="utf-8")
    older = re.sub(r"\n +(characters|lines|steps): [0-9]+", "", written)
    assert older != written
    path = tmp_path / "ledger_closing.yaml"
    path.write_text(older, encoding="utf-8")
    settings = read_form(path).field(FIELD.key).settings
    assert [settings[key] for key in ("characters", "lines", "steps")] == [70, 27, 96]
