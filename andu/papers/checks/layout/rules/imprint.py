"""版记 at the foot of the last page, and page numbers (7.4, 7.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import gettext as _

from andu.papers.checks.layout.elements import Paper, footers
from andu.papers.checks.layout.findings import WARNING, Finding, Spot, standard
from andu.papers.checks.layout.measures import (
    FOLIO_BELOW,
    FOUR,
    SMALL_CHAR,
    TOLERANCE,
    is_face,
    near,
)
from andu.papers.checks.layout.reading_docx import Paragraph
from andu.papers.checks.layout.reading_pdf import Line, PdfPage
from andu.papers.checks.layout.rules.speaking import has_look, look_name, marked, mm, once, size_name
from andu.papers.checks.layout.strokes import Stroke
from andu.papers.checks.layout.wording import is_full_date

E1 = standard("E1", "7.4.1")
E1_WIDTH = standard("E1", "7.4.1", WARNING)
E2 = standard("E2", "7.4.2")
E2_FACE = standard("E2", "7.4.2", WARNING)
E3 = standard("E3", "7.4.3")
E3_FACE = standard("E3", "7.4.3", WARNING)
E4 = standard("E4", "7.5")
E4_FACE = standard("E4", "7.5", WARNING)
_HANGING = "，、。；：）"
_FOLIO = re.compile(r"^([^\w\s]{0,2})(\d{1,4})([^\w\s]{0,2})$")


def _parts(paper: Paper) -> list[Paragraph]:
    return [*paper.copies, *([paper.printed] if paper.printed else [])]


def rules_of_imprint(paper: Paper) -> Iterator[Finding]:
    """E1. As wide as the text area, the last on its lower edge, on the last page."""
    lines = [line for each in _parts(paper) for line in paper.lines(each)]
    if paper.is_letter:
        return
    if paper.printed is None:
        yield E3_FACE.broken(_("没有印发机关和印发日期"), expected=_("版记末行"))
    if not lines:
        return
    last, spot = lines[-1], Spot(lines[-1].page, lines[-1].text)
    if last.page != len(paper.pdf.sheets):
        yield E1.broken(
            _("版记应当在最后一面"),
            spot,
            _("第%(n)s页", n=last.page),
            _("第%(n)s页", n=len(paper.pdf.sheets)),
        )
        return
    top = lines[0].top - 6
    found = [
        r for r in paper.sheet(last.page).strokes if r.is_horizontal and r.length > 50 and r.middle > top
    ]
    if not any(r.middle > last.middle for r in found) or not any(r.middle < lines[0].middle for r in found):
        yield E1.broken(_("版记缺少首条或者末条分隔线"), spot, _("%(n)s条", n=len(found)), _("首末各一条"))
        return
    yield from _measured(paper, found, spot)
    if not _is_ruled_between(paper, found):
        yield E1_WIDTH.broken(_("抄送机关与印发机关之间没有分隔线"), spot, expected=_("一条细线"))


def _is_ruled_between(paper: Paper, rules: list[Stroke]) -> bool:
    """Whether 抄送 and 印发机关, where both are there, have a rule between them."""
    copies, printed = paper.lines(paper.copies[-1] if paper.copies else None), paper.lines(paper.printed)
    if not copies or not printed or copies[-1].page != printed[0].page:
        return True
    return any(copies[-1].middle < rule.middle < printed[0].middle for rule in rules)


def _measured(paper: Paper, found: list[Stroke], spot: Spot) -> Iterator[Finding]:
    for rule in found:
        if not near(rule.length, paper.width, "width") or not near(
            (rule.left + rule.right) / 2, paper.middle, "centre"
        ):
            yield E1.broken(_("版记的分隔线没有与版心等宽"), spot, mm(rule.length), mm(paper.width))
            break
    if not near(found[-1].middle, paper.bottom, "foot"):
        message = _("版记最后一条分隔线应当与版心下边缘重合")
        yield E1.broken(
            message, spot, _("离纸张上边%(length)s", length=mm(found[-1].middle)), mm(paper.bottom)
        )
    thick = min(found[0].width, found[-1].width)
    if not 0.25 <= thick <= 0.55 or any(rule.width > thick + 0.01 for rule in found[1:-1]):
        widths = "、".join(f"{rule.width:.2f}" for rule in found)
        yield E1_WIDTH.broken(
            _("版记分隔线推荐首末粗、中间细"),
            spot,
            _("%(widths)s毫米", widths=widths),
            _("0.35、0.25、0.35毫米"),
        )


def copies(paper: Paper) -> Iterator[Finding]:
    """E2. 抄送 (and 主送 moved here): one character in, wrapped under the first name, closed by 。."""
    for paragraph in paper.copies:
        spot, text, lines = paper.spot(paragraph), paragraph.text.strip(), paper.lines(paragraph)
        if not re.match(r"(抄\s*送|主\s*送)：", text):
            yield E2.broken(_("“抄送”后用全角冒号"), spot, text[:3], _("抄送："))
        if not text.endswith("。"):
            yield E2.broken(_("抄送机关末尾应当用句号"), spot, text[-1], "。")
        if not has_look(paragraph.look, "仿宋", FOUR):
            yield E2_FACE.broken(_("抄送机关的字体字号不对"), spot, look_name(paragraph.look), _("四号仿宋"))
        yield from once(E2_FACE, _("抄送机关不加粗、不倾斜、不加线"), marked(paper, [paragraph]))
        if lines and not near(lines[0].left, paper.left + SMALL_CHAR, "indent"):
            yield E2.broken(_("抄送应当左空一字"), spot, mm(lines[0].left - paper.left), mm(SMALL_CHAR))
        under = paper.left + 4 * SMALL_CHAR
        edge = paper.right - SMALL_CHAR + TOLERANCE["indent"]
        if any(line.right > edge and line.text[-1] not in _HANGING for line in lines):
            yield E2.broken(_("抄送应当右空一字"), spot, expected=mm(SMALL_CHAR))
        if any(not near(line.left, under, "side") for line in lines[1:]):
            yield E2.broken(_("抄送机关回行应当与冒号后的首字对齐"), spot, expected=mm(under - paper.left))


def printing(paper: Paper) -> Iterator[Finding]:
    """E3. 印发机关 one character in at the left, date and 印发 one in at the right."""
    if paper.printed is None:
        return
    spot, lines, text = paper.spot(paper.printed), paper.lines(paper.printed), paper.printed.text.strip()
    without = re.sub(r"\s*印\s*发$", "", text)
    if without == text:
        yield E3.broken(_("印发日期后应当加“印发”二字"), spot, text[-12:], _("如2026年1月2日印发"))
    written = re.split(r"\s+(?=\S+年)", without)[-1]
    if written == without:
        written = (re.findall(r"\d+年.*", without) or [without])[-1]
    if not is_full_date(written):
        yield E3.broken(
            _("印发日期写法不对：年、月、日写全，不编虚位"),
            spot,
            written or text[-14:],
            _("如2026年1月2日印发"),
        )
    if not has_look(paper.printed.look, "仿宋", FOUR):
        yield E3_FACE.broken(
            _("印发机关和日期的字体字号不对"), spot, look_name(paper.printed.look), _("四号仿宋")
        )
    yield from once(E3_FACE, _("印发机关和日期不加粗、不倾斜、不加线"), marked(paper, [paper.printed]))
    if not lines:
        return
    if not near(lines[0].left, paper.left + SMALL_CHAR, "indent"):
        yield E3.broken(_("印发机关应当左空一字"), spot, mm(lines[0].left - paper.left), mm(SMALL_CHAR))
    if not near(lines[-1].right, paper.right - SMALL_CHAR, "side"):
        yield E3.broken(_("印发日期应当右空一字"), spot, mm(paper.right - lines[-1].right), mm(SMALL_CHAR))


def page_numbers(paper: Paper) -> Iterator[Finding]:
    """E4. Below the text area, between dashes, on the outer side."""
    side, height, form, missing = [], [], [], []
    last = len(paper.pdf.sheets)
    for sheet in paper.pdf.sheets:
        if sheet.width > sheet.height or (paper.is_letter and sheet.number == 1):
            continue
        folio = page_number_on(paper, sheet)
        if folio is None:
            # 版记 alone on the last page, after a blank one, goes without
            if sheet.number < last or last == 1:
                missing.append((Spot(sheet.number), ""))
            continue
        spot = Spot(folio.page, folio.text)
        found = _FOLIO.match(folio.text)
        if found and (found[1], found[3]) != ("—", "—"):
            form.append((spot, found[1] + "…" + found[3]))
        outer = paper.right - folio.right if sheet.number % 2 else folio.left - paper.left
        if not near(outer, SMALL_CHAR, "side"):
            side.append((spot, mm(outer)))
        if not near(folio.middle - paper.bottom, FOLIO_BELOW, "folio"):
            height.append((spot, mm(folio.middle - paper.bottom)))
    yield from once(E4, _("没有页码"), missing)
    yield from once(E4, _("页码左右应当各放一条一字线"), form, _("— 1 —"))
    yield from once(E4, _("页码应当单页居右空一字、双页居左空一字"), side, mm(SMALL_CHAR))
    yield from once(E4, _("页码的一字线应当在版心下边缘之下7毫米"), height, mm(FOLIO_BELOW))


def page_number_on(paper: Paper, sheet: PdfPage) -> Line | None:
    """The line below the text area that is a page number."""
    low = [line for line in sheet.lines if line.middle > paper.bottom - 2 and _FOLIO.match(line.text)]
    return low[-1] if low else None


def page_number_face(paper: Paper) -> Iterator[Finding]:
    """E4. 四号宋体."""
    faults = []
    for paragraph in footers(paper):
        digits = [run for run in paragraph.runs if re.search(r"\d", run.text)]
        for run in digits[:1]:
            if not is_face(run.look.latin, "宋体") or run.look.size != FOUR:
                found = f"{size_name(run.look.size)}{run.look.latin or _('未指定字体')}"
                faults.append((Spot(0, paragraph.text.strip()), found))
    yield from once(E4_FACE, _("页码的字体字号不对"), faults, _("四号半角宋体"))
    yield from once(E4_FACE, _("页码不加粗、不倾斜、不加线"), marked(paper, footers(paper)))


RULES = (rules_of_imprint, copies, printing, page_numbers, page_number_face)
