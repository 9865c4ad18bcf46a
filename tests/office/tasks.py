"""A little office of tasks, reports, minutes and urging: forms for tests of what is due."""

TASK = """
title: 示例任务单
group: 示例
filled_by: [clerk, head]
series: assignment
record_title: [subject]
share_with: [handling_unit]
case: {opens: true}
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例任务}
      - {key: handling_unit, kind: unit, label: 承办单位, required: true}
      - {key: due_on, kind: date, label: 期限, required: true}
deadlines:
  - key: report
    label: 上报结果
    rule: field
    field: due_on
    unit: field:handling_unit
    met_by: [task_report]
    words: 按期限上报
    source: 示发〔2026〕1号 三
    extend: {roles: [director], days: 30, words: 延长期限不得超过三十日, source: 《信访工作条例》第三十四条}
"""

REPORT = """
title: 示例结果报告
group: 示例
filled_by: [clerk]
series: report_up
record_title: [result]
case: {by: task, closes_when: {field: ends, is: 是}}
sections:
  - title: 内容
    fields:
      - {key: task, kind: reference, label: 任务, form: task, required: true, prefill: {subject: subject}}
      - {key: subject, kind: text, label: 事由}
      - {key: result, kind: text, label: 结果, required: true, sample: 已办妥}
      - {key: ends, kind: choice, label: 结案, choices: [是, 否], sample: 否}
deadlines:
  - {key: archive, label: 归档, rule: workdays, n: 5, met_by: [task_archive]}
  - {key: recheck, label: 复查, rule: days, n: 2, met_by: [urge]}
"""

ARCHIVE = """
title: 示例归档单
group: 示例
filled_by: [clerk]
series: archive
record_title: [note]
case: {by: task, after_closing: true}
sections:
  - title: 内容
    fields:
      - {key: task, kind: reference, label: 任务, form: task, required: true}
      - {key: note, kind: text, label: 说明, required: true, sample: 归档}
"""

MINUTES = """
title: 示例纪要
group: 示例
filled_by: [clerk, head]
series: meeting
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 会议, required: true, sample: 示例会议}
      - key: decisions
        kind: table
        label: 议定事项
        columns:
          - {key: matter, kind: text, label: 事项, required: true}
          - {key: who, kind: unit, label: 单位}
          - {key: by, kind: date, label: 期限}
deadlines:
  - key: decided
    label: 议定
    each: decisions
    about: matter
    unit: field:who
    rule: field
    field: by
    by_hand: true
"""

WATCHED = """
title: 示例承诺
group: 示例
filled_by: [clerk]
series: pledge
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由, required: true, sample: 示例承诺}
      - {key: begun, kind: date, label: 开始日期, required: true}
      - {key: helper, kind: unit, label: 协助单位, sample: ""}
      - {key: steps, kind: table, label: 步骤, sample: "", columns: [{key: matter, kind: text, label: 步骤}]}
signatures:
  slots:
    - {key: head, label: 负责人, roles: [head]}
deadlines:
  - key: kept
    label: 兑现
    rule: days
    n: 10
    start: begun
    by_hand: true
    remind: 48
    extend: {roles: [director, leader], days: 5, times: 2}
  - key: step
    label: 步骤
    each: steps
    about: matter
    rule: days
    n: 3
    start: begun
    by_hand: true
    extend: {roles: [director], days: 5}
  - key: helped
    label: 协助
    rule: days
    n: 3
    start: begun
    unit: field:helper
    when: {field: helper, filled: true}
    by_hand: true
"""

URGE = """
title: 示例催办单
group: 示例
filled_by: [clerk, director]
series: urging
record_title: [matter]
case: {by: task}
chases:
  of: number
  matter: title
  what: label
  late_unit: unit
  was_due: due
  days: days_late
  times: times
  words: words
  book: source
sections:
  - title: 内容
    fields:
      - {key: task, kind: reference, label: 任务, form: task}
      - {key: of, kind: text, label: 编号}
      - {key: matter, kind: text, label: 事项, required: true, sample: 示例事项}
      - {key: what, kind: text, label: 内容}
      - {key: late_unit, kind: unit, label: 被催办单位}
      - {key: was_due, kind: date, label: 原期限}
      - {key: days, kind: number, label: 逾期天数, integer: true}
      - {key: times, kind: number, label: 第几次, integer: true}
      - {key: words, kind: text, label: 依据原文}
      - {key: book, kind: text, label: 依据}
"""

FORMS = {
    "task": TASK,
    "task_report": REPORT,
    "task_archive": ARCHIVE,
    "minutes": MINUTES,
    "watched": WATCHED,
    "urge": URGE,
}
