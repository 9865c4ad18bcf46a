"""A small form with a deadline, a ledger over it and a sheet of figures, for tests of figures."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from andu.settings import Settings
from tests.office import small

TASK = """\
title: 任务单
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例任务}
      - {key: sort, kind: choice, label: 类别, choices: [甲类, 乙类], sample: 甲类}
signatures:
  slots:
    - {key: head, label: 单位负责人, roles: [head]}
deadlines:
  - {key: done, label: 当日办, rule: same_day, start: submitted}
"""
LEDGER = """\
title: 任务台账
group: 示例
forms: [task]
include: submitted
period: submitted_at
columns:
  - {key: subject, label: 事由, value: subject}
  - {key: sort, label: 类别, value: sort}
  - {key: number, label: 编号, value: number}
"""
FIGURES = """\
title: 任务情况
numbers:
  - {label: 登记, ledger: tasks}
  - {label: 编号, ledger: tasks, filled: number}
  - {label: 当日办, deadline: done}
  - {label: 超期未办, overdue: true}
charts:
  - {label: 每周登记, kind: line, ledger: tasks}
  - {label: 按类别, kind: bar, ledger: tasks, by: sort, empty: 没有分类}
  - {label: 各单位按期情况, kind: timeliness}
"""


def with_figures(settings: Settings, folder: Path) -> Settings:
    """The same office with nothing but this form, ledger and sheet."""
    settings = small.laid(settings, folder, {"task": TASK})
    for name, text in {"ledgers": LEDGER, "figures": FIGURES}.items():
        (folder / name).mkdir()
        (folder / name / "tasks.yaml").write_text(text, "utf-8")
    return dataclasses.replace(settings, figures=folder / "figures")
