"""Blank Word forms for tests, made by python-docx; no office ever used them."""

from __future__ import annotations

import io

import docx
from docx.document import Document


def leave_form() -> bytes:
    """休假申请单: a table with labels, a choice and an opinion with its signature; a signature below."""
    document = docx.Document()
    document.add_heading("休假申请单", 0)
    document.add_paragraph("申请日期：    年   月   日")
    table = document.add_table(rows=4, cols=4, style="Table Grid")
    for row, texts in enumerate(
        (
            ("姓名", "", "联系电话", ""),
            ("休假种类", "□年休假  □病假  □其他", "", ""),
            ("休假事由", "", "", ""),
        )
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
        if not texts[2]:
            table.cell(row, 1).merge(table.cell(row, 3))
    table.cell(3, 0).text = "部门意见"
    table.cell(3, 1).merge(table.cell(3, 3)).text = "\n\n负责人签字：          年   月   日"
    document.add_paragraph("申请人签名：")
    return saved(document)


def saved(document: Document) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
