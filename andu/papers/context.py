"""What a paper may name: the names every paper has, beside the keys of its own form, and what they mean.

``andu.office.issue.snapshot`` builds the values; ``contract`` holds templates against these names, and
``doc_templates/README.md`` explains them. The list is closed: a name that is neither here nor a field is a
fault.
"""

COMMON_NAMES: dict[str, str] = {
    "number": "编号（发文字号、线索编号等）；尚未编号时是占位的编号，如“BJ-2026-××××”",
    "form_title": "表单名称，如“线索登记表”",
    "unit_name": "填报单位",
    "author_name": "填报人姓名",
    "office_name": "单位所在地名，如“示例镇”",
    "issuer_name": "发文机关全称，如“中共示例镇委员会”",
    "printer_name": "印发机关，如“中共示例镇委员会办公室”",
    "issued_on": "成文日期：最后一人签署之日，不需签署的为提交之日",
    "submitted_at": "提交时间",
    "confidential_code": "保密信息的代号，如“R-7F3K”；没有保密信息时为空",
    "check_code": "核对码，如“K7Q2-9FJM-3X0T”：由材料的编号代码、版本和内容算出，不含姓名；草稿时为空",
}
"""Name → what it stands for, in the words of ``doc_templates/README.md``."""

SIGN = "sign"
"""``sign.<slot>.<part>``: who signed in a slot; every part is empty text while nobody has."""

SIGN_PARTS: dict[str, str] = {
    "label": "签名栏名称",
    "name": "姓名",
    "post": "职务",
    "unit": "单位",
    "opinion": "意见",
    "date": "签署日期，如“2026年11月22日”",
    "time": "签署时间，如“2026年11月22日 14:05”；纸面签署只有日期",
    "how": "“纸面签署，由×××核对录入”；在系统内签的为空",
}

ROW_NUMBER = "no"
"""The key under which each row of a table carries its number."""
