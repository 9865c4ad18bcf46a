"""A small return, and a notice that begins from those who owe it, for tests of returns."""

RETURN = """\
title: 村级报表
group: 示例
filled_by: [clerk]
series: return
record_title: [period, found]
sections:
  - title: 内容
    fields:
      - {key: period, kind: period, label: 报告期, required: true, default: current}
      - {key: found, kind: number, label: 新增件数, integer: true, required: true, sample: "0"}
signatures:
  slots:
    - {key: head, label: 单位负责人, roles: [head]}
expected: {period: period, category: 村, words: 各村每月两报, source: 示发〔2026〕1号}
"""
NOTICE = """\
title: 未报通报
group: 示例
filled_by: [clerk, director]
series: doc
record_title: [period]
sections:
  - title: 内容
    fields:
      - {key: period, kind: text, label: 报告期, sample: 2026年11月上半月}
      - {key: due, kind: date, label: 期限}
      - {key: names, kind: longtext, label: 未报单位}
      - {key: how_many, kind: number, label: 家数, integer: true}
      - key: units
        kind: table
        label: 单位
        columns:
          - {key: unit, kind: unit, label: 单位}
          - {key: said, kind: text, label: 依据}
missing_returns:
  form: village_return
  fills: {period: period, due: due, names: unit, how_many: count, units.unit: unit, units.said: sentence}
"""

FORMS = {"village_return": RETURN, "late_notice": NOTICE}
