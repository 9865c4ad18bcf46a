"""The parts of an official document, found in the paper by what they are, not by who set them.

Called by ``layout``. Each part is known by its words, size and order, as clause 7 describes it, loosely
enough that a part with a fault is still found and the fault can be named. A paper without 发文机关标志 and
without 发文字号 is no official document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, takewhile

from andu.papers.checks.layout.elements import (
    KINDS,
    LETTER,
    MINUTES,
    ORDER,
    Attachment,
    Paper,
    Token,
    attendance_label,
    is_centred,
)
from andu.papers.checks.layout.locating import bare, located
from andu.papers.checks.layout.measures import CHAR, near
from andu.papers.checks.layout.reading_docx import BODY, HEADER, Docx, Paragraph
from andu.papers.checks.layout.reading_pdf import Line, Pdf
from andu.papers.checks.layout.wording import meant_level

_NUMBER = re.compile(
    r"^[\u4e00-\u9fff]{1,12}\s*[^\w\s]{0,2}\s*\d{2,4}\s*[^\d\s]{0,3}\s*第?\d+\s*号?$|^第\s*\d+\s*[号期]$"
)
_SIGNER = re.compile(r"^\s*签\s*发\s*人")
_DIGITS = "0-9〇○零一二三四五六七八九十"
DATE_LIKE = re.compile(
    rf"^(?:[{_DIGITS}]{{2,4}}年[{_DIGITS}]{{0,3}}月?[{_DIGITS}]{{0,3}}[日号]?|\d{{2,4}}[./-]\d{{1,2}}[./-]\d{{1,2}})$"
)
_ATTACHMENT = re.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]{0,3}\s*[：:]?$")
_LIST = re.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]{0,3}\s*[：:].+", re.S)
_COPIES = re.compile(r"^(?:抄\s*送|主\s*送)\s*[：:]")
_PRINTED = re.compile(r"年.*月.*日\s*印\s*发$")
_PRINTED_NEARLY = re.compile(r"^[^\d年。]{2,}\s*\d{2,4}年\d{1,2}月\d{1,2}日$")
_ADDRESSEES = re.compile(r"^[^。！？]+[：:]$")
_NAMES = re.compile(r"^[^。！？；：]+[；;，,、]?$")
"""Names of 主送机关 that are not closed as they should be."""
_NOTE = re.compile(r"^（[^）]+）$")
_ITEM = re.compile(r"^\s*\d+\s*[.．、]")
_KIND_AT_THE_END = re.compile(f"({'|'.join(KINDS)})(?:（[^）]*）)?$")
_FIRST = 20
"""The heading is looked for among so many paragraphs."""
_MARK_SIZE, _TITLE_SIZE = 26, 18


def identified(docx: Docx, pdf: Pdf, kind: str = "") -> Paper:
    """The parts of a paper. Without a ``kind`` it is the one that heading or title name."""
    body = docx.of(BODY)
    places = located((each for each in body if not each.boxed), pdf.lines)
    places |= located((each for each in (*docx.of(HEADER), *(p for p in body if p.boxed))), pdf.lines)
    paper = Paper(kind, docx, pdf, places)
    rest = _heading(paper, body)
    if paper.is_official:
        _text(paper, rest)
    paper.kind = kind or _named_kind(paper)
    return paper


def _named_kind(paper: Paper) -> str:
    """The kind that heading or title name; empty for none."""
    if paper.mark_text.endswith(MINUTES):
        return MINUTES
    if paper.mark_text.endswith("令"):
        return ORDER
    found = _KIND_AT_THE_END.search(paper.title_text)
    return found[1] if found else LETTER if paper.has_letter_lines else ""


def _heading(paper: Paper, body: Sequence[Paragraph]) -> list[Paragraph]:
    """Take the heading (版头) out of the paper; what is left."""
    above = [each for each in paper.docx.of(HEADER) if _is_mark(each)]
    first = list(body[:_FIRST])
    paper.mark = above or _run_of(first, _is_mark)
    if not paper.mark:
        paper.mark = [each for each in first[:3] if re.search(r"(文\s*件|纪\s*要)\s*$", each.text)][:1]
    rest = [each for each in body if each not in paper.mark]
    taken = []
    for paragraph in rest[:_FIRST]:
        tokens = _tokens(paper, paragraph)
        if not _takes(paper, tokens) and (paragraph.look.size >= _TITLE_SIZE or not _is_top(paragraph)):
            break
        taken.append(paragraph)
    return rest[len(taken) :]


def _is_mark(paragraph: Paragraph) -> bool:
    look = paragraph.look
    return look.size >= _MARK_SIZE or (look.is_red and look.size >= _TITLE_SIZE)


def _run_of(paragraphs: Iterable[Paragraph], test: Callable[[Paragraph], bool]) -> list[Paragraph]:
    """The first paragraphs beside each other that pass a test."""
    found: list[Paragraph] = []
    for each in paragraphs:
        if test(each):
            found.append(each)
        elif found:
            break
    return found


def _tokens(paper: Paper, paragraph: Paragraph) -> list[Token]:
    """The pieces of a paragraph of the heading, with the words of the PDF that show each."""
    words = [word for line in paper.lines(paragraph) for word in line.words]
    found = []
    for text in re.split(r"\t+|[ \u3000]{2,}|\u3000|(?=签\s*发\s*人)", paragraph.text):
        letters, taken = re.sub(r"\s+", "", text), []
        rest = letters
        while words and rest.startswith(re.sub(r"\s+", "", words[0].text)):
            taken.append(words.pop(0))
            rest = rest[len(re.sub(r"\s+", "", taken[-1].text)) :]
        if letters and taken:
            found.append(Token(text.strip(), paragraph, tuple(taken)))
    return found


def _takes(paper: Paper, tokens: Sequence[Token]) -> bool:
    """Whether these are pieces of the heading: taken where they belong."""
    known = False
    for token in tokens:
        if paper.number is None and _NUMBER.match(token.text):
            paper.number, known = token, True
        elif _SIGNER.match(token.text):
            paper.signers.append(token)
            known = True
        elif known and paper.signers and len(token.text) <= 4:
            paper.signers.append(token)
    if known:
        paper.tops += [t for t in tokens if t is not paper.number and t not in paper.signers]
    elif tokens and _is_top(tokens[0].owner):
        paper.tops += tokens
        known = True
    return known


def _is_top(paragraph: Paragraph) -> bool:
    """份号, 密级 or 紧急程度."""
    text = re.sub(r"\s+", "", paragraph.text)
    return bool(re.match(r"^(\d{1,8}|.{0,3}(秘密|机密|绝密).{0,8}|特急|加急|平急|特提|紧急|急件|急)$", text))


def _text(paper: Paper, rest: list[Paragraph]) -> None:
    """Title, addressees, text, 落款, attachments and 版记."""
    rest = _imprint(paper, rest)
    paper.title = _title(paper, rest)
    rest = rest[len(paper.title) :]
    if rest and _is_addressees(paper, rest):
        paper.addressees = rest.pop(0)
    starts = [at for at, each in enumerate(rest) if _ATTACHMENT.match(each.text.strip())]
    end = starts[0] if starts else len(rest)
    paper.issued = _issued(paper, rest[:end])
    first = paper.issued[0].mark if paper.issued else None
    _closing(paper, list(takewhile(lambda each: each is not first, rest[:end])))
    for start, stop in zip(starts, [*starts[1:], len(rest)], strict=False):
        paper.attachments.append(_attachment(paper, rest[start:stop]))


def _issued(paper: Paper, main: Sequence[Paragraph]) -> list[Attachment]:
    """What the document issues: whatever begins with a title below its date, or on another page."""
    found: list[Attachment] = []
    has_date = False
    for before, each in pairwise(main):
        has_date = has_date or (before.place is None and bool(DATE_LIKE.match(bare(before.text))))
        is_title = each.look.size >= _TITLE_SIZE and not meant_level(each.text)
        if is_title and (found[-1].text if found else has_date or _begins_page(paper, before, each)):
            found.append(Attachment(each))
        if found and each.place is None:
            (found[-1].title if is_title else found[-1].text).append(each)
    return found


def _begins_page(paper: Paper, before: Paragraph, paragraph: Paragraph) -> bool:
    above, below = paper.lines(before), paper.lines(paragraph)
    return bool(above and below) and above[-1].page < below[0].page


def _is_addressees(paper: Paper, rest: Sequence[Paragraph]) -> bool:
    """Whether what follows the title names 主送机关: by its colon, or at the margin above what is not."""
    first, text = rest[0], rest[0].text.strip()
    if first.place is not None or _ADDRESSEES.match(text):
        return first.place is None
    lines = [paper.lines(each)[:1] for each in rest[:2]]
    if len(rest) < 2 or not all(lines) or not _NAMES.match(text) or meant_level(text):
        return False
    (line,), (below,) = lines
    return near(line.left, paper.left, "indent") and below.left > line.left + CHAR


def _imprint(paper: Paper, rest: list[Paragraph]) -> list[Paragraph]:
    left = []
    for at, paragraph in enumerate(rest):
        text = paragraph.text.strip()
        is_last = at == len(rest) - 1 and paragraph.place is not None
        if len(text) < 80 and (_PRINTED.search(text) or (is_last and _PRINTED_NEARLY.match(text))):
            paper.printed = paragraph
        elif _COPIES.match(text) and (at > 3 or paragraph.place):
            paper.copies.append(paragraph)
        else:
            left.append(paragraph)
    return left


def _title(paper: Paper, rest: Sequence[Paragraph]) -> list[Paragraph]:
    large = list(takewhile(lambda each: each.look.size >= _TITLE_SIZE, rest))
    if large:
        return large
    centred = list(takewhile(lambda each: is_centred(paper, each), rest[:4]))
    return centred or [each for each in rest[:1] if _KIND_AT_THE_END.search(each.text.strip())]


def _closing(paper: Paper, main: list[Paragraph]) -> None:
    """Cut what follows the title into text, 附件说明, 署名, date and note."""
    flow = [each for each in main if each.place is None]
    dates = [at for at, each in enumerate(flow) if DATE_LIKE.match(bare(each.text))]
    if dates:
        paper.date, paper.notes = flow[dates[-1]], flow[dates[-1] + 1 :]
        flow = flow[: dates[-1]]
    else:
        ends = [at for at, each in enumerate(flow, 1) if not _NOTE.match(each.text.strip())]
        flow, paper.notes = flow[: max(ends, default=0)], flow[max(ends, default=0) :]
    while len(flow) > 1 and _is_organ(paper, flow[-1]) and len(paper.organs) < 4:
        paper.organs.insert(0, flow.pop())
    paper.attendance = [each for each in flow if attendance_label(paper, each)]
    starts = [at for at, each in enumerate(flow) if _LIST.match(each.text.strip())]
    if starts:
        first, *others = flow[starts[-1] :]
        items = list(takewhile(lambda each: _ITEM.match(each.text), others))
        paper.listed = [first, *items]
    taken = [*paper.attendance, *paper.listed]
    paper.body = [each for each in flow if not any(each is one for one in taken)]


def _is_organ(paper: Paper, paragraph: Paragraph) -> bool:
    """Whether it can be 署名: short, no sentence, at the right, or several beside each other."""
    text, lines = paragraph.text.strip(), paper.lines(paragraph)
    if (
        not lines
        or len(text) > 60
        or re.search(r"[。；：！？，、]$", text)
        or _LIST.match(text)
        or _ITEM.match(text)
    ):
        return False
    return (
        lines[0].left > paper.left + 40
        or "\t" in text
        or (len(text) < 40 and lines[0].left > paper.left + 15)
        or _is_over_date(paper, lines)
    )


def _is_over_date(paper: Paper, lines: Sequence[Line]) -> bool:
    """Whether each of its lines stands over the middle of the date: a long 署名 begins near the margin."""
    dates = paper.lines(paper.date)
    return bool(dates) and all(near(line.centre, dates[0].centre, "over") for line in lines)


def _attachment(paper: Paper, part: Sequence[Paragraph]) -> Attachment:
    mark, *rest = part
    title = list(takewhile(lambda each: each.look.size >= _TITLE_SIZE, rest)) or [
        each for each in rest[:1] if is_centred(paper, each)
    ]
    return Attachment(mark, title, [each for each in rest[len(title) :] if each.place is None])
