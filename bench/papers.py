"""What ``bench.fill`` fills: a notice, a registration form, a ledger, with their data; and our own papers.

Built with the functions that draft real papers, so that they have the weight of real papers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from andu.formtypes.definition import FormType
from andu.formtypes.directory import PlainDirectory, PlainPerson
from andu.formtypes.filling.paper_values import paper_values
from andu.formtypes.filling.samples import sample
from andu.formtypes.language.catalogue import Catalogue
from andu.papers.context import COMMON_NAMES, SIGN_PARTS
from andu.papers.drawing.base_parts import document
from andu.papers.drawing.ooxml import (
    FANG,
    HEI,
    KAI,
    XIAOBIAO,
    Cell,
    Face,
    PageSetup,
    Shape,
    paragraph,
    row,
    table,
)

ROOT = Path(__file__).parents[1]
PAGE = PageSetup(top=2098, right=1474, bottom=1984, left=1588, footer=1400)
BODY, SMALL, TITLE = Face(FANG, 16), Face(FANG, 12), Face(XIAOBIAO, 22)
LINE = Shape(align="both", line=579, indents={"firstLineChars": 200, "firstLine": 640})
SENTENCE = "各村（社区）要结合实际，认真组织排查，建立工作台账，明确责任人和完成时限，确保各项任务落到实处。"
Paper = tuple[bytes, dict[str, Any]]


def notice() -> Paper:
    """One page in the manner of GB/T 9704: heading, title, six paragraphs, issuer and date."""
    head = [
        paragraph("{{ issuer_name }}文件", Face(XIAOBIAO, 30, color="FF0000"), Shape(align="center")),
        paragraph("{{ number }}", BODY, Shape(align="center")),
        paragraph("{{ title }}", TITLE, Shape(align="center")),
        paragraph("{{ addressees }}：", BODY),
    ]
    text = [paragraph(f"{{{{ text_{place} }}}}", BODY, LINE) for place in range(6)]
    foot = [
        paragraph(f"{{{{ {name} }}}}", BODY, Shape(align="right")) for name in ("issuer_name", "issued_on")
    ]
    page_number = {"default": paragraph("— 1 —", Face(FANG, 14), Shape(align="center"))}
    values = {
        "issuer_name": "中共示例镇委员会", "number": "示例发〔2026〕13号", 
        "title": "关于做好冬季安全工作的通知",
        "addressees": "各村（社区）党组织，镇直各单位", "issued_on": "2026年11月22日",
        **{f"text_{place}": SENTENCE * 2 for place in range(6)},
    }  # fmt: skip
    return document("".join((*head, *text, *foot)), PAGE, page_number, "{{ title }}"), values


def registration() -> Paper:
    """Two pages: a table with merged cells and ``{%tr for%}`` over 14 rows."""
    wide = [1400, 3000, 1400, 3000]
    labels = ["编号", "日期", "姓名", "电话", "单位", "地址", "类别", "来源", "等级", "期限"]
    pairs = [(label, f"answer_{at}") for at, label in enumerate(labels)]
    rows = [
        row([_cell(word, width) for word, width in zip(_labels(pairs[at : at + 2]), wide, strict=True)], 500)
        for at in range(0, len(pairs), 2)
    ]
    rows += [row([_cell(label, 1400), _cell(f"{{{{ {name} }}}}", 7400, 3)], 1500) for label, name in _LONG]
    rows += [
        row([_cell("{%tr for item in items %}", 8800, 4)]),
        row(
            [_cell(f"{{{{ item.{key} }}}}", width) for key, width in zip(_COLUMNS[:4], wide, strict=True)],
            400,
        ),
        row([_cell("{%tr endfor %}", 8800, 4)]),
    ]
    values: dict[str, Any] = {name: f"{label}示例" for label, name in pairs} | dict.fromkeys(
        (name for _label, name in _LONG), SENTENCE
    )
    values["number"] = "DJ-XS-2026-0007"
    values["items"] = [{key: f"第{at}项材料" for key in _COLUMNS[:4]} for at in range(14)]
    title = paragraph("线索登记表", Face(XIAOBIAO, 22), Shape(align="center"))
    return document(
        title + table(wide, rows), PAGE, {"default": paragraph("{{ number }}", SMALL)}, "登记表"
    ), values


def ledger() -> Paper:
    """200 rows of 10 columns."""
    widths = [880] * 10
    rows = [
        row(
            [Cell(paragraph(f"第{at}列", Face(HEI, 12)), width) for at, width in enumerate(widths)], head=True
        ),
        row([_cell("{%tr for item in items %}", 8800, 10)]),
        row([_cell(f"{{{{ item.{key} }}}}", width) for key, width in zip(_COLUMNS, widths, strict=True)]),
        row([_cell("{%tr endfor %}", 8800, 10)]),
    ]
    items = [{key: f"{at}号{key}" for key in _COLUMNS} for at in range(200)]
    title = paragraph("{{ title }}", Face(KAI, 18), Shape(align="center"))
    return document(title + table(widths, rows), PAGE, {}, "台账"), {"title": "工作台账", "items": items}


_LONG = (("内容", "content"), ("处理意见", "opinion"), ("领导批示", "order"), ("办理结果", "result"))
_COLUMNS = [f"c{at}" for at in range(10)]


def _labels(pairs: list[tuple[str, str]]) -> list[str]:
    return [word for label, name in pairs for word in (label, f"{{{{ {name} }}}}")]


def _cell(text: str, width: int, span: int = 1) -> Cell:
    return Cell(paragraph(text, SMALL), width, span)


def shipped() -> dict[str, Paper]:
    """The papers of ``doc_templates`` with the samples of their forms."""
    forms = Catalogue.load(ROOT / "forms").all()
    return {
        form.slug: ((ROOT / "doc_templates" / f"{form.slug}.docx").read_bytes(), _context(form))
        for form in forms
    }


def _context(form: FormType) -> dict[str, Any]:
    people = [PlainPerson("zhangsan", "张三", "cun1", ("clerk", "head", "director", "leader", "custodian"))]
    here = PlainDirectory(
        units={"cun1": "示例一村", "shb": "镇扫黑办", "zzb": "综治办"}, people=people, own_unit="cun1",
        records={"clue_registration": {"r1": "DJ-XS-2026-0007"}, "clue_handover": {"r2": "YJ-2026-0003"}},
        attachments={"sample": "示例附件.pdf"},
    )  # fmt: skip
    signed = {
        slot.key: dict.fromkeys(SIGN_PARTS, "李四") | {"label": slot.label} for slot in form.signatures.slots
    }
    common = {name: f"示例{at}" for at, name in enumerate(COMMON_NAMES)}
    return {**paper_values(form, sample(form, here), here), **common, "sign": signed}
