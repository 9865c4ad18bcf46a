"""主体 from the title to the end of the text: title, addressees, paragraphs, levels (7.3.1–7.3.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from andu.papers.checks.layout.elements import KINDS, LETTER, MINUTES, ORDER, UPWARD, Paper, is_centred
from andu.papers.checks.layout.findings import ERROR, WARNING, Finding, Rule, Spot, practice, standard
from andu.papers.checks.layout.measures import (
    CHAR,
    LINE,
    THREE,
    TOLERANCE,
    TWO,
    near,
)
from andu.papers.checks.layout.reading_docx import Paragraph, Run
from andu.papers.checks.layout.reading_pdf import Line
from andu.papers.checks.layout.rules.page import all_text, is_common
from andu.papers.checks.layout.rules.speaking import has_look, look_name, marked, marks_of, mm, once
from andu.papers.checks.layout.wording import (
    LEVELS,
    level_of,
    looks_like_level,
    meant_level,
    number_of,
    numbered,
)

B1 = standard("B1", "7.3.1")
B1_FACE = standard("B1", "7.3.1", WARNING)
B1_BOLD = practice("B1")
TITLE_KIND = Rule("B1", _l("条例 九（七）"), WARNING)
B2 = standard("B2", "7.3.2")
NO_ADDRESSEE = Rule("B2", _l("条例 九（八）"), ERROR)
B3 = standard("B3", "7.3.3")
B4 = standard("B4", "7.3.3")
B4_FACE = standard("B4", "7.3.3", WARNING)
B5 = standard("B5", "7.3.3", WARNING)
B5_BOLD = practice("B5")
_OPENING = "“‘（〔《「『【"
_OTHER_KINDS = "方案|计划|规划|要点|办法|规定|细则|总结|规则|条例|章程"
SENTENCE_ENDS = "。！？：；…”’）》"


def title_place(paper: Paper) -> Iterator[Finding]:
    """B1. In the middle, two lines below the red rule (the number's line in letters)."""
    if not paper.title:
        yield B1.broken(_("没有标题"))
        return
    spot = paper.spot(paper.title[0])
    lines = [line for each in paper.title for line in paper.lines(each)]
    off = [abs(line.centre - paper.middle) for line in lines if not near(line.centre, paper.middle, "centre")]
    if off:
        yield B1.broken(_("标题没有居中"), spot, _("偏%(length)s", length=mm(max(off))), _("居中"))
    gap = _space_above(paper, lines)
    if gap is not None and not near(gap, 2.2 * LINE, "gap"):
        found = _("约空%(n)s行", n=f"{max(gap / LINE - 0.2, 0):.1f}")
        letter = _("标题应当在发文字号下空二行")
        message = letter if paper.is_letter else _("标题应当在红色分隔线下空二行")
        yield B1.broken(message, spot, found, _("空2行"))


def _space_above(paper: Paper, lines: list[Line]) -> float | None:
    """White between the rule, or the number of a letter, and the ink of the title, on page 1."""
    if not lines or lines[0].page != 1 or paper.number is None:
        return None
    if paper.is_letter:
        starts = [band.bottom for band in paper.pdf.black if band.bottom < lines[0].middle - 2]
    else:
        rules = paper.sheet(1).strokes
        starts = [r.bottom for r in rules if r.is_horizontal and r.length > 50 and r.middle < lines[0].middle]
    ink = [band.top for band in paper.pdf.ink if starts and band.top > starts[-1] + 0.5]
    return min(ink) - starts[-1] if ink and starts else None


def title_face(paper: Paper) -> Iterator[Finding]:
    """B1. 二号小标宋, not thickened by Word."""
    titles = [*paper.title, *(each for one in paper.behind for each in one.title)]
    wrong = [each for each in titles if not has_look(each.look, "小标宋", TWO)]
    yield from once(
        B1_FACE, _("标题的字体字号不对"), [(paper.spot(w), look_name(w.look)) for w in wrong], _("二号小标宋")
    )
    marks = marked(paper, titles)
    bold = [(spot, mark) for spot, mark in marks if mark == _("加粗")]
    yield from once(B1_BOLD, _("小标宋不必再加粗"), bold, _("不加粗"))
    others = [each for each in marks if each not in bold]
    yield from once(B1_FACE, _("标题不倾斜、不加线"), others, _("二号小标宋"))


def title_shape(paper: Paper) -> Iterator[Finding]:
    """B1. Broken between words, the lines in the shape of a trapezoid or a rhombus."""
    marks = "".join(each.text for each in paper.mark)
    # the organs of a joint document stand above its title, each on a line of its own
    lines = [line for each in paper.title for line in paper.lines(each) if line.text not in marks]
    lengths = [line.right - line.left for line in lines]
    if len(lines) < 2:
        return
    spot = Spot(lines[0].page, paper.title_text)
    for line, following in pairwise(lines):
        if following.text[0] in "的地得了和与及》”）、，" or line.text[-1] in _OPENING:
            found = f"{line.text[-4:]}/{following.text[:4]}"
            yield B1_FACE.broken(_("标题回行拆开了词语"), spot, found, _("词意完整"))
    if min(lengths) < 3 * TWO / 72 * 25.4:
        yield B1_FACE.broken(_("标题有一行只有一两个字"), spot, expected=_("排列对称、长短适宜"))
    elif any(a > b < c for a, b, c in zip(lengths, lengths[1:], lengths[2:], strict=False)):
        yield B1_FACE.broken(_("标题排成了中间短、两头长的形状"), spot, expected=_("梯形或者菱形"))


def title_words(paper: Paper) -> Iterator[Finding]:
    """条例 九（七）. A title names the kind at its end."""
    text = re.sub(r"（[^）]*）$", "", paper.title_text)
    if not text or paper.kind in (MINUTES, ORDER):
        return
    spot = paper.spot(paper.title[0])
    named = re.search(f"({'|'.join(KINDS)}|{_OTHER_KINDS})$", text)
    if named is None:
        yield TITLE_KIND.broken(
            _("标题末尾没有写明文种"), spot, expected=_("……的%(kind)s", kind=paper.kind or _("通知"))
        )
    elif named[1] in KINDS and paper.kind and named[1] != paper.kind:
        yield TITLE_KIND.broken(_("标题里的文种与公文的文种不同"), spot, named[1], paper.kind)


def addressees(paper: Paper) -> Iterator[Finding]:
    """B2. One line below the title, at the margin, closed by a full-width colon."""
    if paper.addressees is None:
        moved = any(re.match(r"主\s*送", each.text.strip()) for each in paper.copies)
        if paper.kind in (*UPWARD, "批复", LETTER) and not moved:
            yield NO_ADDRESSEE.broken(_("没有主送机关"), expected=_("标题下空一行，顶格，末尾用全角冒号"))
        return
    spot, text = paper.spot(paper.addressees), paper.addressees.text.strip()
    if not text.endswith("："):
        yield B2.broken(_("主送机关末尾应当用全角冒号"), spot, text[-1], "：")
    lines = paper.lines(paper.addressees)
    for line in lines:
        if not near(line.left, paper.left, "indent"):
            yield B2.broken(_("主送机关应当顶格，回行也顶格"), spot, mm(line.left), mm(paper.left))
            break
    above = [line for each in paper.title for line in paper.lines(each)]
    if lines and above and lines[0].page == above[-1].page:
        # from the middle of a line of 二号 to that of 三号 lie two lines of type, or a little more
        gap = lines[0].middle - above[-1].middle
        if not near(gap, 2 * LINE, "gap"):
            found = _("约空%(n)s行", n=f"{max(gap / LINE - 1, 0):.1f}")
            yield B2.broken(_("主送机关应当在标题下空一行"), spot, found, _("空1行"))


def first_page_shows_text(paper: Paper) -> Iterator[Finding]:
    """B3. 公文首页必须显示正文."""
    lines = [line for each in paper.body for line in paper.lines(each)]
    if lines and lines[0].page != 1:
        yield B3.broken(
            _("公文首页必须显示正文"),
            Spot(lines[0].page, lines[0].text),
            _("正文从第%(n)s页开始", n=lines[0].page),
        )
    elif not paper.body:
        yield B3.broken(_("没有正文"))


def _begins_a_page(paper: Paper, lines: Sequence[Line]) -> bool:
    """Whether nothing stands above it: a paragraph that was cut at the end of a page goes on there."""
    text = [each for each in paper.sheet(lines[0].page).lines if each.top > paper.top - 1] if lines else []
    return bool(text) and lines[0].middle <= text[0].middle + 1


def paragraphs(paper: Paper) -> Iterator[Finding]:
    """B4. Two characters in, back to the margin."""
    main = {id(each) for each in paper.body}
    first, back = [], []
    before = ""
    for paragraph in all_text(paper):
        lines = paper.lines(paragraph)
        goes_on = bool(before) and before[-1] not in SENTENCE_ENDS and _begins_a_page(paper, lines)
        before = paragraph.text.strip()
        set_apart = id(paragraph) not in main and (
            is_centred(paper, paragraph) or paragraph.look.size > THREE
        )
        if not lines or set_apart or paper.sheet(lines[0].page).width > paper.sheet(lines[0].page).height:
            continue
        is_right = _is_at(lines[0], paper.left + 2 * CHAR) or (goes_on and _is_at(lines[0], paper.left))
        if not is_right:
            first.append((paper.spot(paragraph), mm(lines[0].left - paper.left)))
        wrong = [line for line in lines[1:] if not _is_at(line, paper.left)]
        if wrong:
            back.append((Spot(wrong[0].page, wrong[0].text), mm(wrong[0].left - paper.left)))
    yield from once(B4, _("自然段应当左空二字"), first, _("%(length)s（二字）", length=mm(2 * CHAR)))
    yield from once(B4, _("正文回行应当顶格"), back, _("顶格"))


def _is_at(line: Line, place: float) -> bool:
    # an opening bracket may be narrowed, so that its word seems to begin further left or right
    slack = TOLERANCE["opening"] if line.text[0] in _OPENING else TOLERANCE["indent"]
    return abs(line.left - place) <= slack


def text_face(paper: Paper) -> Iterator[Finding]:
    """B4. 三号仿宋, in every run of it: beside levels, and after what opens one."""
    wrong = [
        (paper.spot(each), look_name(run.look))
        for each in all_text(paper)
        for run, opens in _told(paper, each)
        if not opens and is_common(run.text) and not has_look(run.look, "仿宋", THREE)
    ]
    yield from once(B4_FACE, _("正文的字体字号不对"), dict.fromkeys(wrong), _("三号仿宋"))


def text_marks(paper: Paper) -> Iterator[Finding]:
    """B4. Nothing in the text is thickened, slanted or lined; 黑体 and 楷体 alone mark a level."""
    plain: list[tuple[Spot, str]] = []
    opening: list[tuple[Spot, str]] = []
    for each in all_text(paper):
        for run, opens in _told(paper, each):
            (opening if opens and not run.look.slanted else plain).extend(
                (paper.spot(each), mark) for mark in marks_of(run.look)
            )
    yield from once(B4_FACE, _("正文不加粗、不倾斜、不加线"), dict.fromkeys(plain), _("三号仿宋"))
    yield from once(B5_BOLD, _("层次标题不必再加粗、加线"), dict.fromkeys(opening))


def _told(paper: Paper, paragraph: Paragraph) -> Iterator[tuple[Run, bool]]:
    """The runs of a paragraph that say something, each with whether it opens a level: up to the first 。."""
    if not paper.lines(paragraph) or (is_centred(paper, paragraph) and paragraph not in paper.body):
        return
    opens = bool(meant_level(paragraph.text))
    for run in paragraph.runs:
        if run.text.strip():
            yield run, opens
        opens = opens and not re.search(r"[。：；]", run.text)


def levels(paper: Paper) -> Iterator[Finding]:
    """B5. 一、（一）1.（1）in their order and their faces, with full-width brackets."""
    for part in (paper.body, *(one.text for one in paper.behind)):
        yield from _order(paper, part)
        for paragraph, found, due in _counting(part):
            yield B5.broken(_("层次序数没有依次往下排"), paper.spot(paragraph), found, due)
    faults = []
    for paragraph in all_text(paper):
        level = level_of(paragraph.text)
        if not level and looks_like_level(paragraph.text):
            yield B5.broken(
                _("层次序数的写法不对"),
                paper.spot(paragraph),
                paragraph.text.strip()[:6],
                _("“一、”“（一）”“1.”“（1）”"),
            )
        face = ("", "黑体", "楷体", "仿宋", "仿宋")[level]
        head = next((run for run in paragraph.runs if run.text.strip()), None)
        if level and head is not None and not has_look(head.look, face, THREE):
            expected = _("三号%(face)s", face=face)
            faults.append((level, expected, paper.spot(paragraph), look_name(head.look)))
    for level in (1, 2, 3, 4):
        these = [(spot, found) for each, _expected, spot, found in faults if each == level]
        expected = next((expected for each, expected, *_rest in faults if each == level), "")
        message = _("第%(n)s层（%(mark)s）的字体字号不对", n=level, mark=LEVELS[level - 1])
        yield from once(B5, message, these, expected)


def _order(paper: Paper, part: list[Paragraph]) -> Iterator[Finding]:
    """No level skipped downwards; where there are but two, 1. may follow 一、."""
    found = [(meant_level(each.text), each) for each in part if meant_level(each.text)]
    used = {level for level, _each in found}
    above = min(used, default=1) - 1 if used != {3} else 2
    for level, paragraph in found:
        if level > above + 1 and not (used <= {1, 3} or used <= {3, 4}):
            message = _("层次跳级：上一层是第%(above)s层，这里是第%(level)s层", above=above, level=level)
            yield B5.broken(message, paper.spot(paragraph), LEVELS[level - 1], LEVELS[above])
        above = level


def _counting(part: list[Paragraph]) -> Iterator[tuple[Paragraph, str, str]]:
    """Paragraphs of a level whose number does not follow the one before it, with theirs and the one due."""
    counts: dict[int, int] = {}
    for paragraph in part:
        level = level_of(paragraph.text)
        if not level:
            continue
        count, due = number_of(paragraph.text), counts.get(level, 0) + 1
        if count not in (due, 1):
            yield paragraph, numbered(level, count), numbered(level, due)
        counts = {each: counts[each] for each in counts if each < level} | {level: count}


RULES = (
    title_place, title_face, title_shape, title_words, addressees, first_page_shows_text, paragraphs,
    text_face, text_marks, levels,
)  # fmt: skip
