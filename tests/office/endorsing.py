"""Two small forms for tests of signature rules: any of several people endorse one, one is signed by name."""

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

FORMS = {"endorsed": ENDORSED, "by_name": BY_NAME}
