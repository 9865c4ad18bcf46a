"""主体 after the text: 附件说明, 署名 and date, 附注, 附件 (7.3.4–7.3.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import MINUTES, Attachment, Paper
from andu.papers.checks.layout.findings import WARNING, Finding, Spot, practice, standard
from andu.papers.checks.layout.measures import CHAR, LINE, THREE, TOLERANCE, near
from andu.papers.checks.layout.reading_docx import BODY, Paragraph
from andu.papers.checks.layout.reading_pdf import Line
from andu.papers.checks.layout.rules.speaking import has_look, look_name, mm
from andu.papers.checks.layout.wording import is_full_date

B6 = standard("B6", "7.3.4")
B7 = standard("B7", "7.3.5.1", WARNING)
B7_SEAL = standard("B7", "7.3.5.1")
B8 = standard("B8", "7.3.5.2")
B10 = standard("B10", "7.3.5.4")
B11 = standard("B11", "7.3.5.5")
B12 = standard("B12", "7.3.6")
B13 = standard("B13", "7.3.7")
B13_ISSUED = practice("B13")
B13_SEPARATE = standard("B13", "7.3.7", WARNING)
_LABEL = re.compile(r"^附件[0-9一二三四五六七八九十]{0,3}[：:]\s*")
_BLANK_SEAL = re.compile(r"[（(]\s*(盖章|印章|公章)\s*[）)]")
_ISSUES = re.compile(r"(?:印发|转发|批转).*通知$")
_ITEM = re.compile(r"^\s*(\d+)\s*([.．、])\s*")


def _items(paper: Paper) -> list[str]:
    """The names in 附件说明, without numbers."""
    first, *others = [re.sub(r"\s+", "", each.text) for each in paper.listed] or [""]
    texts = [_LABEL.sub("", first), *others]
    return [re.sub(r"[。；，、.;,]$", "", _ITEM.sub("", text)) for text in texts if text]


def attachment_list(paper: Paper) -> Iterator[Finding]:
    """B6. One line below the text, two characters in; no punctuation after a name; wrapped under the name."""
    if not paper.listed:
        return
    spot, text = paper.spot(paper.listed[0]), paper.listed[0].text.strip()
    if not re.match(r"附件：", text):
        yield B6.broken(_("“附件”二字后用全角冒号，序号写在冒号后面"), spot, text[:4], _("附件："))
    for paragraph in paper.listed:
        if re.search(r"[。；，、.;,]$", paragraph.text.strip()):
            yield B6.broken(_("附件名称后不加标点"), paper.spot(paragraph), paragraph.text.strip()[-1])
    numbers = [_ITEM.match(_LABEL.sub("", re.sub(r"\s+", "", each.text))) for each in paper.listed]
    if len(paper.listed) > 1 and [n and n[1] + n[2] for n in numbers] != [
        f"{n}." for n in range(1, len(numbers) + 1)
    ]:
        yield B6.broken(_("几个附件应当用阿拉伯数字依次标“1.”“2.”"), spot)
    yield from _list_place(paper, spot)
    yield from _items_in_line(paper)


def _list_place(paper: Paper, spot: Spot) -> Iterator[Finding]:
    lines = paper.lines(paper.listed[0])
    if not lines:
        return
    if not near(lines[0].left, paper.left + 2 * CHAR, "indent"):
        yield B6.broken(_("附件说明应当左空二字"), spot, mm(lines[0].left - paper.left), mm(2 * CHAR))
    above = _line_above(paper, lines[0])
    if above is not None and not near(lines[0].middle - above.middle, 2 * LINE, "gap"):
        yield B6.broken(_("附件说明应当在正文下空一行"), spot, expected=_("空1行"))
    for paragraph in paper.listed:
        shown = paper.lines(paragraph)
        label = 3.0 if paragraph is paper.listed[0] else 0
        label += 1.3 if _ITEM.match(_LABEL.sub("", paragraph.text.strip())) else 0
        for line in shown[1:]:
            if not near(line.left, shown[0].left + label * CHAR, "side"):
                message = _("附件名称回行应当与上一行名称的首字对齐")
                yield B6.broken(
                    message, Spot(line.page, line.text), mm(line.left - shown[0].left), mm(label * CHAR)
                )
                break


def _items_in_line(paper: Paper) -> Iterator[Finding]:
    """B6. The numbers of several attachments stand below each other."""
    first, *others = [paper.lines(each)[:1] for each in paper.listed] or [[]]
    for (line,) in filter(None, others if first else []):
        found, due = line.left - first[0].left, 3 * CHAR
        if not near(found, due, "side"):
            message = _("几个附件的序号应当上下对齐")
            yield B6.broken(message, Spot(line.page, line.text), mm(found), mm(due))
            return


def _line_above(paper: Paper, line: Line) -> Line | None:
    """The line of text before this one on the same page."""
    before = [
        each
        for each in paper.sheet(line.page).lines
        if each.top > paper.top - 1 and each.middle < line.middle - 1
    ]
    return before[-1] if before else None


def date(paper: Paper) -> Iterator[Finding]:
    """B10. There is one, complete, in Arabic digits, without zeros."""
    if paper.date is None:
        if paper.kind != MINUTES:
            yield B10.broken(_("没有成文日期"), expected=_("如2026年1月2日"))
        return
    text = paper.date.text.strip()
    if not is_full_date(text):
        message = _("成文日期写法不对：用阿拉伯数字写全年、月、日，月、日不编虚位，中间不留空格")
        yield B10.broken(message, paper.spot(paper.date), text, _("如2026年1月2日"))


def signature(paper: Paper) -> Iterator[Finding]:
    """B7, B8. With a seal: date four characters in, 署名 over its middle; without: 署名 two characters in."""
    dates = paper.lines(paper.date)
    if not dates or paper.kind == MINUTES:
        return
    if not paper.organs:
        yield B7_SEAL.broken(_("成文日期上面没有发文机关署名"), paper.spot(paper.date))
        return
    when, organ = dates[0], paper.lines(paper.organs[0])
    for line in paper.lines(paper.organs[-1])[-1:]:
        yield from _below_signer(paper, line, when)
    if len(paper.organs) != 1 or _is_row(paper.organs[0]):
        # several organs: their places depend on their seals; only the date has one place
        yield from _date_place(paper, when)
    elif _is_unsealed(paper, organ[0], when):
        yield from _unsealed(paper, organ[0], when)
    else:
        yield from _date_place(paper, when)
        yield from _over_date(paper, organ, when)


def _is_row(paragraph: Paragraph) -> bool:
    """Whether organs stand beside each other in it."""
    return "\t" in paragraph.text.strip()


def _is_unsealed(paper: Paper, organ: Line, when: Line) -> bool:
    over = near(organ.centre, when.centre, "over")
    return near(paper.right - organ.right, 2 * CHAR, "side") and not over


def _date_place(paper: Paper, when: Line) -> Iterator[Finding]:
    """Four characters before the edge; further in below a 署名 that would not stay within the lines."""
    found, least = paper.right - when.right, 4 * CHAR
    room = 2 * least + when.right - when.left
    organs = [line for each in paper.organs if not _is_row(each) for line in paper.lines(each)]
    is_long = any(line.right - line.left > room - CHAR for line in organs)
    if not near(found, least, "side") and not (is_long and found > least):
        yield B7.broken(_("成文日期一般右空四字"), paper.spot(paper.date), mm(found), mm(least))


def _below_signer(paper: Paper, organ: Line, when: Line) -> Iterator[Finding]:
    """B7, B8. The date stands on the line below 署名."""
    apart = when.middle - organ.middle
    if organ.page == when.page and not near(apart, LINE, "gap"):
        found = _("隔%(length)s", length=mm(apart))
        yield B7.broken(_("成文日期应当在署名的下一行"), paper.spot(paper.date), found, mm(LINE))


def _over_date(paper: Paper, organ: list[Line], when: Line) -> Iterator[Finding]:
    off = max(abs(line.centre - when.centre) for line in organ)
    if off > TOLERANCE["over"]:
        off_by = _("偏%(length)s", length=mm(off))
        yield B7.broken(_("署名一般在成文日期之上居中"), paper.spot(paper.organs[0]), off_by, _("居中"))


def _unsealed(paper: Paper, organ: Line, when: Line) -> Iterator[Finding]:
    if organ.right - organ.left >= when.right - when.left and not near(
        when.left, organ.left + 2 * CHAR, "side"
    ):
        found = mm(when.left - organ.left)
        message = _("不加盖印章的，成文日期首字比署名首字右移二字")
        yield B8.broken(message, paper.spot(paper.date), found, mm(2 * CHAR))


def signature_has_company(paper: Paper) -> Iterator[Finding]:
    """B11. The page of 署名 and date shows text, too; nobody writes “此页无正文” any more."""
    for paragraph in paper.docx.of(BODY):
        if re.search(r"此页无正文", paragraph.text):
            yield B11.broken(_("不再标注“此页无正文”，请调整行距、字距"), paper.spot(paragraph))
    lines = paper.lines(paper.organs[0] if paper.organs else paper.date)
    if not lines:
        return
    before = [
        each for each in paper.sheet(lines[0].page).lines if paper.top - 1 < each.top < lines[0].top - 1
    ]
    if not before:
        message = _("署名和成文日期单独在一页，这一页应当有正文：请把正文增减一两行，或者缩短标题、主送机关")
        yield B11.broken(message, paper.spot(paper.date))


def no_drawn_seal(paper: Paper) -> Iterator[Finding]:
    """B7. A seal is stamped on the printed paper; a picture of one is none, and an empty one must not be."""
    near_by = [*paper.organs, paper.date]
    paragraphs = paper.docx.paragraphs
    places = [at for at, each in enumerate(paragraphs) if any(each is one for one in near_by)]
    if not places:
        return
    for each in paragraphs[max(0, min(places) - 1) : max(places) + 2]:
        if each.has_picture or _BLANK_SEAL.search(each.text):
            yield B7_SEAL.broken(_("落款处不得有印章图片或者空白印章"), paper.spot(paper.date))
            return


def note(paper: Paper) -> Iterator[Finding]:
    """B12. Below the date, two characters in, in brackets."""
    for paragraph in (each for each in paper.notes if not _BLANK_SEAL.search(each.text)):
        text, lines, spot = paragraph.text.strip(), paper.lines(paragraph), paper.spot(paragraph)
        if not (text.startswith("（") and text.endswith("）")):
            yield B12.broken(_("附注应当加全角圆括号"), spot, text[:1] + "…" + text[-1:], _("（……）"))
        elif lines and not near(lines[0].left, paper.left + 2 * CHAR, "indent"):
            yield B12.broken(_("附注应当左空二字"), spot, mm(lines[0].left - paper.left), mm(2 * CHAR))
    above, first = (paper.lines(each) for each in (paper.date, paper.notes[0] if paper.notes else None))
    if above and first and above[-1].page == first[0].page:
        apart = first[0].middle - above[-1].middle
        if not near(apart, LINE, "gap"):
            found = _("隔%(length)s", length=mm(apart))
            yield B12.broken(_("附注应当在成文日期的下一行"), paper.spot(paper.notes[0]), found, mm(LINE))


def attachments(paper: Paper) -> Iterator[Finding]:
    """B13. Each on a new page; number and title as 附件说明 names them."""
    names = _items(paper)
    if names and not paper.attachments:
        yield B13_SEPARATE.broken(
            _("附件说明列了附件，文中没有附件；不能一起装订的，附件首页应标发文字号和附件序号"),
            paper.spot(paper.listed[0]),
        )
        return
    if len(names) != len(paper.attachments):
        found = _("说明%(a)s个，附件%(b)s个", a=len(names), b=len(paper.attachments))
        yield B13.broken(_("附件与附件说明的数目不同"), paper.spot(paper.attachments[0].mark), found)
    for number, attachment in enumerate(paper.attachments):
        expected = _("附件") if len(paper.attachments) == 1 else _("附件%(n)s", n=number + 1)
        yield from _attachment_mark(paper, attachment, expected)
        title = re.sub(r"\s+", "", "".join(each.text for each in attachment.title))
        if number < len(names) and title != names[number]:
            spot = paper.spot(attachment.title[0] if attachment.title else attachment.mark)
            yield B13.broken(_("附件标题与附件说明不一致"), spot, title, names[number])


def issued(paper: Paper) -> Iterator[Finding]:
    """What a 通知 issues begins on a new page and is no 附件: offices do so, the standard is silent."""
    for one in paper.issued:
        for line in paper.lines(one.mark)[:1]:
            if _line_above(paper, line) is not None:
                message = _("印发的文件应当另面编排")
                yield B13_ISSUED.broken(message, paper.spot(one.mark), expected=_("从新的一页开始"))
    named = re.findall("《([^》]+)》", paper.title_text) if _ISSUES.search(paper.title_text) else []
    for attachment in paper.attachments:
        title = re.sub(r"\s+", "", "".join(each.text for each in attachment.title))
        if title in named:
            message = _("这是所印发的文件，不是附件：请写在“印发的文件”里，印出来不标“附件”")
            yield B13_ISSUED.broken(message, paper.spot(attachment.mark))


def _attachment_mark(paper: Paper, attachment: Attachment, expected: str) -> Iterator[Finding]:
    """Its mark at the upper left of a page of its own, its title on the third line."""
    mark, spot = attachment.mark, paper.spot(attachment.mark)
    text = re.sub(r"\s+", "", mark.text)
    if text != expected:
        yield B13.broken(_("附件的标志不对，应当与附件说明的序号一致，后面不加冒号"), spot, text, expected)
    if not has_look(mark.look, "黑体", THREE):
        yield B13.broken(_("附件标志的字体字号不对"), spot, look_name(mark.look), _("三号黑体"))
    lines = paper.lines(mark)
    if not lines:
        return
    page = [
        each for each in paper.sheet(lines[0].page).lines if paper.top - 1 < each.middle < paper.bottom + 1
    ]
    if page[0].middle < lines[0].middle - 1:
        yield B13.broken(_("附件应当另面编排"), spot, expected=_("从新的一页开始"))
    elif not near(lines[0].left, paper.left, "indent"):
        yield B13.broken(_("附件标志应当在版心左上角顶格"), spot, mm(lines[0].left), mm(paper.left))
    titles = [line for each in attachment.title for line in paper.lines(each)]
    if titles and titles[0].page == lines[0].page:
        if not near(titles[0].middle - lines[0].middle, 2 * LINE, "gap"):
            row = round((titles[0].middle - lines[0].middle) / LINE) + 1
            yield B13.broken(
                _("附件标题应当在版心第三行"),
                paper.spot(attachment.title[0]),
                _("第%(n)s行", n=row),
                _("第3行"),
            )
        if any(not near(line.centre, paper.middle, "centre") for line in titles):
            yield B13.broken(_("附件标题没有居中"), paper.spot(attachment.title[0]), expected=_("居中"))


RULES = (
    attachment_list, date, signature, signature_has_company, no_drawn_seal, note, attachments, issued,
)  # fmt: skip
