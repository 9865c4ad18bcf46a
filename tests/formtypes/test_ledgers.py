"""Ledger files: what may stand in them, and what every ledger that ships is held to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from andu.formtypes.beside import ledger_widths
from andu.formtypes.beside.ledger_keys import COLUMN_KEYS, LEDGER_KEYS
from andu.formtypes.beside.ledger_pages import Room, examples, extract, pages
from andu.formtypes.beside.ledger_reading import check_ledgers, load, read_ledger
from andu.formtypes.beside.ledgers import OWN, Column, Ledger, Value
from andu.formtypes.faults import FormFaults
from andu.formtypes.language.catalogue import Catalogue
from andu.settings import ROOT
from tests.formtypes.ledger_dictionary import README, renewed

STEPS = 192

FORMS = Catalogue.load(ROOT / "forms")
GOOD = """
title: 示例台账
group: 示例
forms: [clue_registration]
columns:
  - {key: number, label: 编号, value: number}
"""


def read(text: str = GOOD) -> Ledger:
    return read_ledger(text, "sample", FORMS)


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(FormFaults) as caught:
        read(text)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def with_column(column: str) -> str:
    return f"{GOOD}  - {column}\n"


def test_every_shipped_ledger_is_without_fault() -> None:
    assert check_ledgers(ROOT / "ledgers", FORMS) == []


def test_no_shipped_ledger_calls_the_division_by_source_a_rule() -> None:
    for ledger in load(ROOT / "ledgers", FORMS)[0]:
        assert "规定" not in ledger.source


def test_readme_is_the_dictionary_of_every_key_and_its_example_is_good() -> None:
    text = README.read_text("utf-8")
    assert renewed(text) == text, "run: python -m tests.formtypes.ledger_dictionary"
    for name in (*LEDGER_KEYS, *COLUMN_KEYS):
        assert re.search(rf"^\| `{name}` \| ", text, re.M), name
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.S)
    assert len(read(example).columns) == 5


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("{key: a, label: 姓名, value: reporter_name}", "保密字段"),
        ("{key: a, label: 姓名, value: case.clue_registration.reporter_name}", "保密字段"),
        ("{key: a, label: 来源, value: sorce}", "是否应为“source”"),
        ("{key: a, label: 来源, value: source, filtre: true}", "是否应为“filter”"),
        ("{key: a, label: 被反映人, value: reported.nam}", "是否应为“name”"),
        ("{key: a, label: 移交, value: case.clue_handovers.number}", "是否应为“clue_handover”"),
        ("{key: a, label: 移交, value: case.clue_handover}", "应当写成"),
        ("{key: a, label: 超期, value: deadline.handovr.due}", "是否应为“handover”"),
        ("{key: a, label: 超期, value: deadline.handover.overdue, filter: true}", "随时间变化"),
        ("{key: a, label: 来源, value: source, total: true}", "只能用于数字"),
        ("{key: number, label: 来源, value: source}", "写了两次"),
        ("{key: a, label: 来源, value: source, show: hidden}", "没有“hidden”"),
        ("{key: a, label: 来源, value: source, under: numbr}", "是否应为“number”"),
        ("{key: a, label: 来源, value: source, under: a}", "自成一格"),
    ],
)
def test_a_wrong_column_is_told_with_its_line_and_the_nearest_word(column: str, said: str) -> None:
    ((line, message),) = faults(with_column(column))
    assert line == 7 and said in message


def test_a_confidential_answer_may_not_decide_which_records_belong() -> None:
    ((_line, message),) = faults(GOOD + "where: {field: reporter_wants_secrecy, is: 是}\n")
    assert "保密字段" in message


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("where: {field: source, is: 无此来源}", "不会有这个值"),
        ("period: summary", "不是日期或时间"),
        ("sort: nuber", "是否应为“number”"),
        ("ordr: 3", "是否应为“order”"),
        ("include: all", "没有“all”"),
    ],
)
def test_a_wrong_key_of_the_file_is_told(line: str, said: str) -> None:
    ((_at, message),) = faults(GOOD + line + "\n")
    assert said in message


def test_an_unknown_form_is_told() -> None:
    assert "clue_registration" in faults(GOOD.replace("clue_registration", "clue_registraton"))[0][1]


def test_a_star_stands_for_every_form_that_begins_so() -> None:
    ledger = read(GOOD.replace("clue_registration", "official_*"))
    assert {"official_notice", "official_letter"} <= set(ledger.forms)
    assert all(slug.startswith("official_") for slug in ledger.forms)


def test_a_faulty_ledger_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "bad.yaml").write_text("title: 坏\n", "utf-8")
    found, told = load(tmp_path, FORMS)
    assert [ledger.slug for ledger in found] == ["good"]
    assert {fault.file for fault in told} == {"bad.yaml"}


# --- pages of a closed month ----------------------------------------------------------------------


def frozen(rows: int, text: str = "示例") -> dict[str, object]:
    columns = [Column("a", "甲", Value(OWN, "a"), 20), Column("b", "乙", Value(OWN, "b"), 6, total=True)]
    about = {"title": "示例台账", "period": "2026年10月", "scope": "示例镇"}
    cells = [[text, "2"]] * rows
    return extract("sample", "2026-10", about, columns, cells, {1: [2.0] * rows})


def test_every_row_stands_on_one_page_in_order_and_the_sums_add_up() -> None:
    made = pages(frozen(70), Room(70, 27, STEPS))
    numbers = [row["cells"][0]["text"] for page in made for row in page["rows"]]
    assert numbers == [str(number) for number in range(1, 71)]
    assert len(made) > 1
    for page in made:
        assert page["sums"][-1]["text"] == str(2 * len(page["rows"]))
        assert f"{len(page['rows'])} 条" in page["sums"][0]["text"]
    assert made[-1]["totals"][-1]["text"] == "140"
    assert all(page["totals"] == [] for page in made[:-1])


def test_long_rows_take_more_room_and_the_last_page_keeps_room_for_signatures() -> None:
    short, long = pages(frozen(40), Room(70, 27, STEPS)), pages(frozen(40, "示例" * 60), Room(70, 27, STEPS))
    assert len(long) > len(short)
    for made in (short, long):
        assert 1 <= len(made[-1]["rows"]) < len(made[0]["rows"])


@pytest.mark.parametrize("steps", [96, STEPS])
def test_cells_of_each_row_take_the_whole_grid_of_the_paper(steps: int) -> None:
    for name in ("sample", "longest"):
        for page in pages(examples()[name], Room(70, 27, steps)):
            for cells in (page["heads"], page["sums"], *(row["cells"] for row in page["rows"])):
                assert sum(cell["span"] for cell in cells) == steps


def test_no_date_number_or_short_word_is_broken_in_a_column() -> None:
    words = ["2026-11-21", "DJ-XS-2026-0045", "示发〔2026〕12号", "示例一村", "2026-11-21 10:30"]
    rows = [[*words, "示例" * 30]] * 3
    spans = ledger_widths.steps(["列"] * 6, rows, [2, 2, 2, 2, 2, 40], 82, STEPS)
    assert sum(spans) == STEPS
    widths = [span * 82 / STEPS for span in spans]
    for text, width in zip(words[:4], widths, strict=False):
        assert ledger_widths.lines(text, width) == 1, text
    assert ledger_widths.lines(words[4], widths[4]) <= 2
    assert widths[5] > 3 * widths[0]


def test_more_columns_than_fit_still_take_exactly_the_whole() -> None:
    spans = ledger_widths.steps(["编号"] * 40, [["DJ-XS-2026-0045"] * 40], [8] * 40, 82, STEPS)
    assert sum(spans) == STEPS and min(spans) > 0


def test_white_before_a_number_becomes_a_line_end_where_the_line_is_full() -> None:
    assert ledger_widths.broken("办结报告 BJ-2026-0007", 8) == "办结报告\nBJ-2026-0007"
    assert ledger_widths.broken("办结报告 BJ-2026-0007", 20) == "办结报告 BJ-2026-0007"


def test_a_column_under_another_shares_its_cell_on_paper() -> None:
    own = Column("number", "移交单号", Value(OWN, "a"))
    below = (("at", "时间"), ("late", "超期"))
    under = [Column(key, label, Value(OWN, key), under="number") for key, label in below]
    columns = [own, *under, Column("copies", "份数", Value(OWN, "copies"), total=True)]
    about = {"title": "示例台账", "period": "2026年10月", "scope": "示例镇"}
    rows = [["YJ-1", "2026-10-08", "是", "2"], ["YJ-2", "", "", "3"], ["YJ-3", "2026-10-09", "否", ""]]
    (page,) = pages(
        extract("sample", "2026-10", about, columns, rows, {3: [2, 3, None]}), Room(82, 34, STEPS)
    )
    assert [cell["text"] for cell in page["heads"]] == ["序号", "移交单号\n时间\n超期", "份数"]
    told = [[cell["text"] for cell in row["cells"]] for row in page["rows"]]
    assert told == [
        ["1", "YJ-1\n2026-10-08\n超期", "2"],
        ["2", "YJ-2", "3"],
        ["3", "YJ-3\n2026-10-09\n超期：否", ""],
    ]
    assert [cell["text"] for cell in page["totals"]] == ["合　　计　3 条", "5"]


def test_an_extract_frozen_before_columns_stood_under_others_is_still_printed() -> None:
    old = frozen(3)
    for column in old["columns"]:  # type: ignore[attr-defined]
        del column["key"], column["under"]
    (page,) = pages(old, Room(82, 34, STEPS))
    assert [cell["text"] for cell in page["heads"]] == ["序号", "甲", "乙"]


def test_the_rows_beside_the_signatures_leave_the_page_before_about_as_full() -> None:
    heights = [len(page["rows"]) for page in pages(frozen(22), Room(70, 34, STEPS))]
    assert len(heights) == 2 and min(heights) * 3 > max(heights)


def test_a_month_without_rows_has_one_page_that_says_so() -> None:
    (page,) = pages(frozen(0), Room(70, 27, STEPS))
    assert page["rows"] == [] and "0 条" in page["totals"][0]["text"]


def test_of_two_long_columns_the_one_whose_ledger_wishes_it_is_wider() -> None:
    text = "字" * 60
    heads, rows, whole = ["事由", "备注"], [[text, text]], 60
    assert ledger_widths.steps(heads, rows, [1, 1], 60.0, whole) == [30, 30]
    wide, narrow = ledger_widths.steps(heads, rows, [40, 5], 60.0, whole)
    assert wide >= 40 > narrow
    assert wide + narrow == whole
