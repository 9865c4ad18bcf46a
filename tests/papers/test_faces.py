"""Every character is printed in a face that has it, of the style around it; what no face has is named."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from andu.papers.checks.layout.reading_docx import read_docx
from andu.papers.checks.printed import lacking
from andu.papers.faces import dressed, needed, unprintable
from andu.papers.pdf import Converter
from andu.papers.template import compile_template
from andu.settings import Settings
from tests.papers.making import docx_of, part_of, text_of
from tests.papers.test_printed import run

FONTS = Settings().fonts
NAMES = "王𫰡、李喆到场，𠮷田（示例）、葛󠄀某、Zoé̄、☑。"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    made = Converter(FONTS)
    yield made
    made.close()


def body(face: str, words: str = "{{ names }}") -> str:
    fonts = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"/>'
    return f"<w:p>{run('到场：' + words + '。', fonts)}</w:p>"


def asked(pdf: bytes, *command: str) -> str:
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize(
    ("face", "rest"),
    [
        ("仿宋_GB2312", {"FandolFang-Regular", "NotoSerifCJK"}),
        ("黑体", {"FandolHei-Regular", "NotoSansCJK"}),
        ("方正小标宋简体", {"FandolSong-Bold", "NotoSerifCJK"}),
    ],
)
def test_rare_names_are_printed_as_they_are_in_the_style_around_them(
    converter: Converter, face: str, rest: set[str]
) -> None:
    template, context = compile_template(docx_of(body(face))), {"names": NAMES}
    docx = dressed(template.fill(context), needed(FONTS, context))
    assert text_of(docx).strip() == f"到场：{NAMES}。"
    pdf = converter.to_pdf(docx)
    assert lacking(template, context, pdf) == []
    assert "王𫰡、李喆到场，𠮷田（示例）" in re.sub(r"\s", "", asked(pdf, "pdftotext", "-", "-"))
    fonts = {row.split()[0].partition("+")[2] for row in asked(pdf, "pdffonts", "-").splitlines()[2:]}
    assert "HanaMinB" in fonts
    for one in rest:
        assert any(font.startswith(one) for font in fonts), fonts
    other = "NotoSansCJK" if "NotoSerifCJK" in rest else "NotoSerifCJK"
    assert not any(font.startswith(other) for font in fonts), fonts


def test_ordinary_papers_stay_as_they_are_byte_for_byte() -> None:
    docx = docx_of(body("仿宋_GB2312", "张三、李四〔2026〕13号，①℃“”…"))
    assert needed(FONTS, {"a": "张三、李四〔2026〕13号，①℃“”…", "b": [{"c": "abc\n\t　"}]}) == {}
    assert dressed(docx, {}) is docx


def test_official_names_stay_on_the_ordinary_characters() -> None:
    docx = dressed(docx_of(body("仿宋_GB2312", "王𫰡李")), {"𫰡": ["HanaMinB", "HanaMinB"]})
    runs = [
        ("".join(each.itertext(f"{W}t")), each.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia"))
        for each in part_of(docx, "word/document.xml").iter(f"{W}r")
    ]
    assert runs == [("到场：王", "仿宋_GB2312"), ("𫰡", "HanaMinB"), ("李。", "仿宋_GB2312")]


@pytest.mark.parametrize("lost", ["\ue000", "\U000f0001", "\U00100000", "\U000323b1"])
def test_what_no_face_has_is_named(lost: str) -> None:
    assert unprintable(FONTS, {"a": [{"b": f"王{lost}"}]}) == [lost]
    assert unprintable(FONTS, {"a": NAMES}) == []


def test_layout_checker_takes_a_rare_character_for_one_of_its_line() -> None:
    choice = {"𫰡": ["HanaMinB", "HanaMinB"], "喆": ["Noto Serif CJK SC", "Noto Sans CJK SC"]}
    docx = dressed(docx_of(body("方正小标宋简体", "喆王𫰡李")), choice)
    (paragraph,) = (each for each in read_docx(docx).paragraphs if "王" in each.text)
    assert {run.look.east for run in paragraph.runs} == {"方正小标宋简体"}
    assert len({run.look for run in paragraph.runs}) == 1
    long = docx_of(body("Noto Serif CJK SC", "整段都用了别的字体的文字"))
    (paragraph,) = (each for each in read_docx(long).paragraphs if "整段" in each.text)
    assert paragraph.look.east == "Noto Serif CJK SC"
