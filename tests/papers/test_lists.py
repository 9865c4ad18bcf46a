"""Word's numbered lists in loops: a copy of a list starts again, rows that are its items count on."""

from __future__ import annotations

from collections import Counter

import pytest
from lxml import etree

from andu.papers.checks.inspection import inspect
from andu.papers.checks.reread import reread
from andu.papers.template import W, compile_template
from andu.papers.template.package import read_package
from tests.papers.hostile import BODY, OFFICE, with_body, with_kind, with_parts
from tests.papers.pieces import WORD, cell, p, r, row, tbl

LISTS = "word/numbering.xml"
ONE, TWO = '<w:numId w:val="1"/>', '<w:numId w:val="2"/>'
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def numbering() -> str:
    """Lists 1 and 2 of two levels that start at 1, list 3 that starts at 5, list 4 of bullets."""
    kinds = ""
    for key, (form, start) in enumerate([("decimal", 1), ("decimal", 1), ("decimal", 5), ("bullet", 1)]):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="%{level + 1}."/></w:lvl>'
            for level in (0, 1)
        )
        kinds += f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>'
    lists = "".join(
        f'<w:num w:numId="{key + 1}"><w:abstractNumId w:val="{key}"/></w:num>' for key in range(4)
    )
    return f'<w:numbering xmlns:w="{MAIN}">{kinds}{lists}</w:numbering>'


def item(text: str, number: int = 1, level: int = 0) -> str:
    return p(r(text), properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def tag(text: str, kind: str = "p") -> str:
    return p(r(f"{{%{kind} {text} %}}"))


def tag_row(text: str) -> str:
    return row(cell(tag(text, "tr")))


def template(xml: str) -> bytes:
    docx = with_kind(LISTS, f"{WORD}numbering+xml", numbering(), f"{OFFICE}/numbering", with_body(xml))
    style = (
        '<w:style w:type="paragraph" w:styleId="条"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="2"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="款"><w:name w:val="款"/>'
        '<w:basedOn w:val="条"/></w:style></w:styles>'
    )
    styles = read_package(docx)["word/styles.xml"].decode().replace("</w:styles>", style)
    return with_parts({"word/styles.xml": styles}, docx)


def printed(docx: bytes) -> str:
    """The words of each paragraph with the number that Word counts for it."""
    parts = read_package(docx)
    lists = etree.fromstring(parts[LISTS])
    kinds = {each.get(f"{W}numId"): each for each in lists.iter(f"{W}num")}
    counts: dict[tuple[str, str], int] = {}
    begun: set[tuple[str, str]] = set()
    lines = []
    for one in etree.fromstring(parts[BODY]).iter(f"{W}p"):
        words = "".join(text.text or "" for text in one.iter(f"{W}t"))
        number = one.find(f"{W}pPr/{W}numPr/{W}numId")
        style = one.find(f"{W}pPr/{W}pStyle")
        key = number.get(f"{W}val") if number is not None else "2" if style is not None else ""
        level = one.find(f"{W}pPr/{W}numPr/{W}ilvl")
        if key:
            depth = level.get(f"{W}val") if level is not None else "0"
            kind = kinds[key].find(f"{W}abstractNumId").get(f"{W}val")
            start = kinds[key].find(f"{W}lvlOverride[@{W}ilvl='{depth}']/{W}startOverride")
            count = (kind, depth)
            if start is not None and (key, depth) not in begun:
                counts[count] = int(start.get(f"{W}val")) - 1
            begun.add((key, depth))
            counts[count] = counts.get(count, {"2": 4}.get(kind, 0)) + 1
            words = f"{counts[count]}{words}"
            if depth == "0":
                counts[kind, "1"] = 0
        lines.append(words)
    return " ".join(line for line in lines if line and line != "示例镇")


ROWS = [{"a": "甲", "b": ["子", "丑"]}, {"a": "乙", "b": ["寅"]}]
COPIES = "for copy in ['第一联', '第二联']"
CASES = {
    "copies of a list of rows": (
        tag(COPIES) + p(r("{{ copy }}")) + tag("for x in rows") + item("{{ x.a }}") + tag("endfor") * 2,
        "第一联 1甲 2乙 第二联 1甲 2乙",
    ),
    "copies of a list of the template's own": (
        tag(COPIES) + p(r("{{ copy }}")) + item("一") + item("二") + tag("endfor"),
        "第一联 1一 2二 第二联 1一 2二",
    ),
    "copies with one item": (
        tag(COPIES) + p(r("{{ copy }}")) + item("一") + tag("endfor"),
        "第一联 1一 第二联 1一",
    ),
    "items are rows": (tag("for x in rows") + item("{{ x.a }}") + tag("endfor"), "1甲 2乙"),
    "items are words of the template": (
        tag("for x in ['甲', '乙']") + item("{{ x }}") + tag("endfor"),
        "1甲 2乙",
    ),
    "items with more below each": (
        tag("for x in rows") + item("{{ x.a }}") + p(r("说明")) + tag("endfor"),
        "1甲 说明 2乙 说明",
    ),
    "one item of two kinds": (
        tag("for x in rows") + p(r("头")) + tag("if x.a == '甲'") + item("是") + tag("else") + item("否")
        + tag("endif") + tag("endfor"),
        "头 1是 头 2否",
    ),
    "several items below a heading": (
        tag("for x in rows") + p(r("{{ x.a }}")) + item("一") + item("二") + tag("endfor"),
        "甲 1一 2二 乙 1一 2二",
    ),
    "several items and nothing else": (
        tag("for x in rows") + item("{{ x.a }}") + item("二") + tag("endfor"),
        "1甲 2二 3乙 4二",
    ),
    "rows of rows below a heading": (
        tag("for x in rows") + p(r("{{ x.a }}")) + tag("for y in x.b") + item("{{ y }}") + tag("endfor") * 2,
        "甲 1子 2丑 乙 1寅",
    ),
    "rows of rows below an item": (
        tag("for x in rows") + item("{{ x.a }}") + tag("for y in x.b") + item("{{ y }}", level=1)
        + tag("endfor") * 2,
        "1甲 1子 2丑 2乙 1寅",
    ),
    "rows of rows in a list of their own": (
        tag("for x in rows") + item("{{ x.a }}") + tag("for y in x.b") + item("{{ y }}", 2)
        + tag("endfor") * 2,
        "1甲 1子 2丑 2乙 1寅",
    ),
    "list that goes on before and after": (
        item("零") + tag(COPIES) + p(r("{{ copy }}")) + item("一") + item("二") + tag("endfor") + item("末"),
        "1零 第一联 2一 3二 第二联 4一 5二 6末",
    ),
    "copies within copies": (
        tag("for x in rows") + p(r("{{ x.a }}")) + tag(COPIES) + p(r("{{ copy }}")) + tag("for y in x.b")
        + item("{{ y }}") + tag("endfor") * 3,
        "甲 第一联 1子 2丑 第二联 1子 2丑 乙 第一联 1寅 第二联 1寅",
    ),
    "list that starts at five": (
        tag(COPIES) + p(r("{{ copy }}")) + item("一", 3) + item("二", 3) + tag("endfor"),
        "第一联 5一 6二 第二联 5一 6二",
    ),
    "list by its style": (
        tag(COPIES) + p(r("{{ copy }}")) + p(r("一"), properties='<w:pStyle w:val="条"/><w:keepNext/>')
        + p(r("二"), properties='<w:pStyle w:val="款"/>') + tag("endfor"),
        "第一联 1一 2二 第二联 1一 2二",
    ),
    "column of numbers in a table": (
        tbl(row(cell(p(r("序号"))), cell(p(r("名称")))), tag_row("for x in rows"),
            row(cell(item("")), cell(p(r("{{ x.a }}")))), tag_row("endfor")),
        "序号 名称 1 甲 2 乙",
    ),
    "two columns of numbers in a table": (
        tbl(tag_row("for x in rows"), row(cell(item("")), cell(item("{{ x.a }}"))), tag_row("endfor")),
        "1 2甲 3 4乙",
    ),
    "copies of a table": (
        tag(COPIES) + p(r("{{ copy }}"))
        + tbl(tag_row("for x in rows"), row(cell(item("{{ x.a }}"))), tag_row("endfor")) + tag("endfor"),
        "第一联 1甲 2乙 第二联 1甲 2乙",
    ),
    "list within the cell of each row": (
        tbl(tag_row("for x in rows"),
            row(cell(p(r("{{ x.a }}"))), cell(tag("for y in x.b") + item("{{ y }}") + tag("endfor"))),
            tag_row("endfor")),
        "甲 1子 2丑 乙 1寅",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("xml", "words"), CASES.values(), ids=CASES)
def test_copy_of_a_list_starts_again_and_rows_are_counted_through(xml: str, words: str) -> None:
    made = compile_template(template(xml))
    docx = made.fill({"rows": ROWS})
    assert printed(docx) == words
    assert b"list" not in read_package(docx)[BODY]
    assert inspect(docx) == []
    reread(docx, made, {"rows": ROWS})


def test_every_copy_has_a_list_of_its_own_and_equal_data_give_equal_bytes() -> None:
    made = compile_template(template(CASES["copies of a list of rows"][0]))
    docx = made.fill({"rows": ROWS})
    assert docx == made.fill({"rows": ROWS})
    numbers = [each.get(f"{W}numId") for each in etree.fromstring(read_package(docx)[LISTS]).iter(f"{W}num")]
    assert Counter(numbers).most_common(1)[0][1] == 1
    assert len(numbers) == 5


def test_loop_without_a_list_leaves_the_lists_as_they_are() -> None:
    made = compile_template(template(tag("for x in rows") + item("{{ x.a }}") + tag("endfor")))
    assert made.still[LISTS].decode() == numbering()


def test_lists_of_body_and_header_start_again_beside_each_other() -> None:
    lists = tag(COPIES) + p(r("{{ copy }}")) + item("一") + item("二") + tag("endfor")
    header = f'<w:hdr xmlns:w="{MAIN}">{lists.replace(ONE, TWO)}</w:hdr>'
    docx = with_kind("word/header9.xml", f"{WORD}header+xml", header, docx=template(lists))
    parts = read_package(compile_template(docx).fill({}))
    numbers = {
        each.get(f"{W}val")
        for name in (BODY, "word/header9.xml")
        for each in etree.fromstring(parts[name]).iter(f"{W}numId")
    }
    told = {each.get(f"{W}numId") for each in etree.fromstring(parts[LISTS]).iter(f"{W}num")}
    assert len(numbers) == 4, "two lists, each copied once"
    assert numbers <= told, "each number is one of the file's lists"
