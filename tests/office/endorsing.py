"""Two small forms for tests of signature rules: any of several people endorse one, one is signed by name."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from andu.formtypes.reading import read_text
from andu.office import founding
from andu.office.issue import editions
from andu.office.office import Office
from andu.papers.drawing.drafting import draft_paper
from andu.settings import Settings
from tests.conftest import nothing_wrong

ENDORSED = """
title: 示例核查报告
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例事由}
      - {key: member_unit, kind: unit, label: 成员单位, required: true, sample: pcs}
signatures:
  slots:
    - {key: head, label: 承办单位负责人, roles: [head]}
    - {key: township, label: 镇负责同志, roles: [leader], unit: any, order: 2}
    - {key: member, label: 成员单位负责同志, roles: [head], unit: "field:member_unit", order: 2}
    - {key: director, label: 扫黑办主任, roles: [director], unit: any, order: 2}
  enough:
    - key: literal
      label: 任何一人背书
      sets: [[township], [member], [director]]
      words: 必须有镇、成员单位负责同志或扫黑办主任签字
      source: 西发〔2019〕30号 三（四）
    - key: strict
      label: 成员单位和另一人背书
      sets: [[member, township], [member, director]]
"""

BY_NAME = """
title: 示例复核单
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例事由}
      - {key: checker, kind: person, label: 复核人, required: true}
signatures:
  slots:
    - {key: checker, label: 复核人, roles: [head], person: checker}
"""


def found(settings: Settings, folder: Path) -> Settings:
    """Found the sample office in ``settings.instance`` with these two forms only; its settings."""
    forms, papers = folder / "forms", folder / "papers"
    forms.mkdir()
    papers.mkdir()
    for slug, text in (("endorsed", ENDORSED), ("by_name", BY_NAME)):
        (forms / f"{slug}.yaml").write_text(text, encoding="utf-8")
        (papers / f"{slug}.docx").write_bytes(draft_paper(read_text(text, slug)))
    (papers / "words.txt").write_text("", encoding="utf-8")
    settings = dataclasses.replace(settings, forms=forms, templates=papers, ledgers=folder / "ledgers")
    founding.prepare_folder(settings, example=True)
    office_file = settings.office_file
    lines = office_file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("signature_rules:")]
    office_file.write_text("\n".join(kept), encoding="utf-8")
    office = opened(settings)
    founding.load_people(office)
    editions.publish(office)
    office.store.query("PRAGMA wal_checkpoint(TRUNCATE)")
    office.store.close()
    return settings


def opened(settings: Settings) -> Office:
    """The office of these settings, with stand-ins for LibreOffice and the layout checker."""
    from tests.views.conftest import blank_pdf

    return Office.open(settings, blank_pdf, nothing_wrong)
