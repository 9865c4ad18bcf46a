"""XLSForms: what maps becomes a field, what does not is told with its row and the reason."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from openpyxl import Workbook

from andu.papers.faults import PaperFault
from andu.papers.xlsform import apart
from andu.papers.xlsform.conditions import Answerable, condition

HEADS = (
    "type", "name", "label::Chinese (zh)", "label::English (en)", "required", "relevant", "hint",
    "constraint", "calculation", "default", "appearance",
)  # fmt: skip


def xlsform(
    rows: list[dict[str, str]], choices: str = "yn y 同意|yn n 不同意", title: str = "领用单"
) -> bytes:
    """A workbook of these rows."""
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    heads = [*HEADS, *{name: 1 for row in rows for name in row if name not in HEADS and name != "label"}]
    survey.append(heads)
    for row in rows:
        survey.append([row.get("label" if name == HEADS[2] else name, "") for name in heads])
    lists = book.create_sheet("choices")
    lists.append(("list_name", "name", HEADS[2]))
    for one in choices.split("|"):
        lists.append(one.split())
    settings = book.create_sheet("settings")
    settings.append(("form_title",))
    settings.append((title,))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(*rows: dict[str, str], **more: Any) -> dict[str, Any]:
    return apart.read({"xlsx": base64.b64encode(xlsform([*rows], **more)).decode()})


NAME = {"type": "text", "name": "xm", "label": "姓名", "required": "yes", "hint": "写全名"}
AGREES = {"type": "select_one yn", "name": "ok", "label": "是否同意"}


def test_questions_groups_and_repeats_become_fields_sections_and_tables() -> None:
    found = read(
        {"type": "begin group", "name": "who", "label": "人员"},
        NAME,
        {"type": "end group"},
        {"type": "begin repeat", "name": "items", "label": "物品"},
        {"type": "integer", "name": "n", "label": "数量", "constraint": ". > 0 and . <= 20"},
        {"type": "end repeat"},
        AGREES,
        {"type": "date", "name": "day", "label": "日期", "relevant": "${ok} = 'y'", "default": "today()"},
    )
    assert found["title"] == "领用单" and found["told"] == []
    who, rest = found["sections"]
    assert who == {
        "title": "人员",
        "fields": [{"key": "xm", "label": "姓名", "kind": "text", "required": "true", "help": "写全名"}],
    }
    table, agrees, day = rest["fields"]
    assert table["kind"] == "table" and table["columns"] == [
        {"key": "n", "label": "数量", "kind": "number", "integer": "true", "min": "1", "max": "20"}
    ]
    assert agrees["choices"] == ["同意", "不同意"]
    assert day["show_when"] == {"field": "ok", "is": "同意"} and day["default"] == "today"


@pytest.mark.parametrize(
    ("row", "kept", "why"),
    [
        ({"type": "geopoint", "name": "gp", "label": "位置"}, False, "没有“geopoint”这种栏目"),
        ({"type": "calculate", "name": "k", "calculation": "1+1"}, False, "不是让人填的"),
        ({**NAME, "name": "b", "relevant": "count(${xm}) > 1"}, True, "出现的条件这里说不了"),
        ({**NAME, "name": "b", "constraint": "regex(., '[0-9]+')"}, True, "填写的限制这里说不了"),
        ({**NAME, "name": "b", "required": "${xm} = 'a'"}, True, "必填的条件是算式"),
        ({"type": "time", "name": "t", "label": "时刻"}, True, "改成了一行文字"),
        ({"type": "note", "name": "nn", "label": "请如实填写"}, True, "写进了这一部分的说明"),
    ],
    ids=["geopoint", "calculate", "relevant", "constraint", "required", "time", "note"],
)
def test_what_does_not_map_is_told_with_its_row_and_the_reason(
    row: dict[str, str], kept: bool, why: str
) -> None:
    found = read(NAME, row)
    (told,) = found["told"]
    assert told["row"] == 3 and told["kept"] is kept and why in told["why"]
    fields = [one["key"] for section in found["sections"] for one in section["fields"]]
    assert len(fields) == (2 if kept and row["type"] != "note" else 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${ok}='y'", {"field": "ok", "is": "同意"}),
        ("${ok} != 'y'", {"not": {"field": "ok", "is": "同意"}}),
        ("${ok} != ''", {"field": "ok", "filled": "true"}),
        ("selected(${many}, 'a') or ${ok} = 'n'",
         {"any": [{"field": "many", "contains": "甲"}, {"field": "ok", "is": "不同意"}]}),
        ("not(selected(${many}, 'a'))", {"not": {"field": "many", "contains": "甲"}}),
        ("${ok} = 'y' and (${ok} = 'n' or ${ok} = 'y')", None),
        ("${ok} = 'nothing'", None),
        ("${unknown} = 'y'", None),
        ("count(${ok}) > 1", None),
        ("(" * 5000, None),
    ],
)  # fmt: skip
def test_conditions_are_brought_over_or_left_out_whole(text: str, said: Any) -> None:
    known = {
        "ok": Answerable("ok", "choice", {"y": "同意", "n": "不同意"}),
        "many": Answerable("many", "choices", {"a": "甲"}),
    }
    assert condition(text, known) == said


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"type,name\ntext,a", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"| survey |\n"],
    ids=["nothing", "broken", "csv", "old excel", "markdown"],
)
def test_what_is_no_xlsform_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(PaperFault, match="XLSForm"):
        apart.read({"xlsx": base64.b64encode(data).decode()})


def test_a_faulty_xlsform_is_told_in_the_words_of_its_reader() -> None:
    with pytest.raises(PaperFault, match="读表的程序说"):
        read(NAME, NAME)
