"""The parts of an official document (公文要素): a ``Paper`` as the rules read it.

Made by ``identifying``. Where a part was not found, it is empty, and no rule speaks of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from andu.papers.checks.layout.findings import Spot
from andu.papers.checks.layout.measures import HEIGHT, LEFT, TOP, WIDTH, near
from andu.papers.checks.layout.reading_docx import FOOTER, Docx, Paragraph
from andu.papers.checks.layout.reading_pdf import Line, Pdf, PdfPage, Word

KINDS = (
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案",
    "函", "纪要",
)  # fmt: skip
"""条例第八条; 命令 is 命令（令）."""
UPWARD = ("报告", "请示")
LETTER, MINUTES, ORDER = "函", "纪要", "命令"

ATTENDANCE = re.compile(r"^(出\s*席|请\s*假|列\s*席)(?=\s*[：:]|[\u4e00-\u9fff]{0,4}[：:])")
MEETING = re.compile(r"^(时\s*间|地\s*点|主\s*持|记\s*录)(?=\s*[：:])")


@dataclass(frozen=True)
class Token:
    """A piece of a paragraph between tabs or wide spaces, as 发文字号 and 签发人 share a line."""

    text: str
    owner: Paragraph
    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        """Where it begins."""
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(word.right for word in self.words)

    @property
    def middle(self) -> float:
        """The height at which it stands."""
        return self.words[0].middle


@dataclass
class Attachment:
    """An 附件: its mark, its title, its text; or what the document issues, which has its title for a mark."""

    mark: Paragraph
    title: list[Paragraph] = field(default_factory=list)
    text: list[Paragraph] = field(default_factory=list)


@dataclass
class Paper:
    """A paper and its parts; what was not found is empty."""

    kind: str
    docx: Docx
    pdf: Pdf
    places: dict[int, list[Line]]
    tops: list[Token] = field(default_factory=list)
    mark: list[Paragraph] = field(default_factory=list)
    number: Token | None = None
    signers: list[Token] = field(default_factory=list)
    title: list[Paragraph] = field(default_factory=list)
    addressees: Paragraph | None = None
    body: list[Paragraph] = field(default_factory=list)
    listed: list[Paragraph] = field(default_factory=list)
    attendance: list[Paragraph] = field(default_factory=list)
    organs: list[Paragraph] = field(default_factory=list)
    date: Paragraph | None = None
    notes: list[Paragraph] = field(default_factory=list)
    issued: list[Attachment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    copies: list[Paragraph] = field(default_factory=list)
    printed: Paragraph | None = None

    @property
    def behind(self) -> list[Attachment]:
        """What stands on pages of its own after 落款."""
        return [*self.issued, *self.attachments]

    @property
    def is_official(self) -> bool:
        """Whether it has what only an official document has."""
        return bool(self.mark or self.number)

    @property
    def is_letter(self) -> bool:
        """Whether it is set in the letter format (10.1), whatever its kind: by its two red double lines."""
        return self.has_letter_lines or (self.kind == LETTER and not self.mark_text.endswith("文件"))

    @property
    def has_letter_lines(self) -> bool:
        """Whether red lines wider than the text area stand on page 1."""
        strokes = self.sheet(1).strokes
        return sum(line.is_red and line.is_horizontal and line.length > WIDTH + 8 for line in strokes) > 1

    @property
    def mark_text(self) -> str:
        """发文机关标志 without spaces."""
        return re.sub(r"\s+", "", "".join(each.text for each in self.mark))

    @property
    def title_text(self) -> str:
        """The title without its line breaks."""
        return re.sub(r"\s+", "", "".join(each.text for each in self.title))

    @property
    def left(self) -> float:
        """The left edge of 版心 as the paper has it: a wrong margin is one fault, not twenty."""
        return self.docx.sections[0].left if self.docx.sections else LEFT

    @property
    def width(self) -> float:
        """The width of its text area."""
        section = self.docx.sections[0] if self.docx.sections else None
        return section.width - section.left - section.right if section else WIDTH

    @property
    def top(self) -> float:
        """The upper edge of its text area."""
        return self.docx.sections[0].top if self.docx.sections else TOP

    @property
    def bottom(self) -> float:
        """The lower edge of its text area."""
        section = self.docx.sections[0] if self.docx.sections else None
        return section.height - section.bottom if section else TOP + HEIGHT

    @property
    def right(self) -> float:
        """The right edge of its text area."""
        return self.left + self.width

    @property
    def middle(self) -> float:
        """Half-way between left and right edge."""
        return self.left + self.width / 2

    def lines(self, paragraph: Paragraph | None) -> list[Line]:
        """The lines that show a paragraph; none if it could not be found in the PDF."""
        return self.places.get(id(paragraph), []) if paragraph is not None else []

    def spot(self, paragraph: Paragraph | None) -> Spot:
        """Where a paragraph stands."""
        if paragraph is None:
            return Spot()
        lines = self.lines(paragraph)
        return Spot(lines[0].page if lines else 0, paragraph.text.strip())

    def sheet(self, page: int) -> PdfPage:
        """A page."""
        return self.pdf.sheets[page - 1]


def is_centred(paper: Paper, paragraph: Paragraph) -> bool:
    """Whether all its lines stand in the middle of the text area and do not fill it."""
    lines = paper.lines(paragraph)
    return bool(lines) and all(
        near(line.centre, paper.middle, "centre") and line.left > paper.left + 8 for line in lines
    )


def attendance_label(paper: Paper, paragraph: Paragraph) -> re.Match[str] | None:
    """出席, 请假 or 列席 at its beginning; in 纪要 also when and where they met, who led and who wrote."""
    text = paragraph.text.strip()
    return ATTENDANCE.match(text) or (MEETING.match(text) if paper.kind == MINUTES else None)


def footers(paper: Paper) -> list[Paragraph]:
    """The paragraphs of all footers."""
    return paper.docx.of(FOOTER)
