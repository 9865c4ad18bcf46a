"""Charts: the numbers are drawn in proportion, said in words, and nothing typed becomes markup."""

from __future__ import annotations

import re

import pytest
from lxml import etree
from markupsafe import Markup

from andu.papers import charts
from andu.papers.charts import Bars, Shares

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [Bars("群众举报", 40, 20), Bars("上级交办", 10, 0)]


def drawn(svg: Markup) -> etree._Element:
    return etree.fromstring(svg)


def texts(svg: Markup) -> list[str]:
    return [one.text or "" for one in drawn(svg).iter(f"{SVG}text")]


def test_bars_are_as_long_as_what_they_count() -> None:
    svg = charts.bars("c", "按来源", ROWS, "本期", "上期")
    legend, bars = 2, [float(one.get("width")) for one in drawn(svg).iter(f"{SVG}rect")]
    first, its_before, second = bars[legend:]  # a count of nothing has no bar
    assert first == pytest.approx(2 * its_before) == pytest.approx(4 * second)
    assert {"群众举报", "上级交办", "40", "20", "10", "0", "本期", "上期"} == set(texts(svg))


def test_a_chart_says_its_numbers_to_whoever_does_not_see_it() -> None:
    page = drawn(charts.bars("c", "按来源", ROWS, "本期", "上年同期"))
    named = page.get("aria-labelledby", "").split()
    assert page.get("role") == "img"
    assert [page.find(f"*[@id = '{one}']").text for one in named] == [
        "按来源",
        "群众举报：本期 40，上年同期 20；上级交办：本期 10，上年同期 0",
    ]


@pytest.mark.parametrize("draw", [charts.bars, charts.line])
def test_what_was_typed_is_never_markup(draw: object) -> None:
    evil = '<script>alert("1")</script>&'
    svg = draw("c", evil, [Bars(evil, 1, 1)], evil, evil)  # type: ignore[operator]
    assert "<script" not in svg
    assert drawn(svg).findtext(f"{SVG}title") == evil


def test_a_drawing_brings_no_style_script_or_link() -> None:
    rows = [Shares("示例一村", (3, 1, 2), "50%")]
    for svg in (
        charts.bars("a", "一", ROWS, "本期", "上期"),
        charts.line("b", "二", ROWS, "本期", "上期"),
        charts.shares("c", "三", rows, ("按期", "迟办", "超期未办")),
    ):
        assert not re.search(r"style|script|href|url\(|on[a-z]+=", svg)


def test_periods_are_told_apart_without_colour() -> None:
    page = drawn(charts.bars("c", "按来源", ROWS, "本期", "上期"))
    greys = {_grey(one.get("fill")) for one in page.iter(f"{SVG}rect")}
    assert max(greys) - min(greys) > 120
    page = drawn(charts.line("c", "每周", ROWS, "本期", "上期"))
    assert [one.get("stroke-dasharray") for one in page.iter(f"{SVG}polyline")] == ["6 4", None]


def _grey(colour: str | None) -> float:
    red, green, blue = (int((colour or "")[at : at + 2], 16) for at in (1, 3, 5))
    return 0.3 * red + 0.6 * green + 0.1 * blue


def test_a_line_goes_up_with_its_counts_and_stays_within_the_drawing() -> None:
    rows = [Bars(str(n), n, 0) for n in range(60)]
    page = drawn(charts.line("c", "每周", rows, "本期", "上期"))
    _before, now = page.iter(f"{SVG}polyline")
    points = [tuple(map(float, pair.split(","))) for pair in (now.get("points") or "").split()]
    heights = [y for _x, y in points]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= x <= charts.WIDE and 0 <= y <= charts.TALL for x, y in points)


@pytest.mark.parametrize("count", [1, 2, 5, 20, 53])
def test_the_labels_of_a_line_stand_within_it_and_beside_each_other(count: int) -> None:
    rows = [Bars(f"12.{n}", n, 0) for n in range(10, 9 + count)] + [Bars("12.29（10 天）", 1, 0)]
    page = drawn(charts.line("c", "每周", rows, "本期", "上期"))
    below = [one for one in page.iter(f"{SVG}text") if float(one.get("y")) == charts.TALL - 8]
    assert below[-1].text == "12.29（10 天）"
    sides = [(float(one.get("x")), charts.measured(one.text, charts.SMALL) / 2) for one in below]
    edges = [edge for x, half in sides for edge in (x - half, x + half)]
    assert edges == sorted(edges) and edges[0] >= -0.1 and edges[-1] <= charts.WIDE + 0.1


def test_rows_further_apart_have_higher_bars() -> None:
    close, apart = (
        [float(one.get("height")) for one in drawn(svg).iter(f"{SVG}rect")][-1]
        for svg in (charts.bars("c", "按来源", ROWS, "本期", "上期", pitch) for pitch in (32, 64))
    )
    assert apart == 2 * close


def test_one_point_and_nothing_counted_are_drawn_too() -> None:
    charts.line("c", "每周", [Bars("1.1", 0, 0)], "本期", "上期")
    charts.bars("c", "按来源", [], "本期", "上期")


def test_parts_of_a_share_stand_one_behind_the_other() -> None:
    svg = charts.shares("c", "按期", [Shares("示例一村", (3, 1, 2), "50%")], ("按期", "迟办", "超期未办"))
    parts = list(drawn(svg).iter(f"{SVG}rect"))[3:]
    edges = [(float(one.get("x")), float(one.get("width"))) for one in parts]
    assert edges[0][0] == charts.LABEL
    for (x, width), (after, _width) in zip(edges, edges[1:], strict=False):
        assert after == pytest.approx(x + width, abs=0.2)
    assert edges[0][1] == pytest.approx(3 * edges[1][1], abs=0.2)


def test_a_label_too_long_for_its_room_ends_with_an_ellipsis() -> None:
    assert charts.cut("示例一村", 100) == "示例一村"
    cut = charts.cut("12337平台转来的线索（示例）", 100)
    assert cut.endswith("…") and charts.measured(cut, charts.SIZE) <= 100
