"""Papers that keep every rule, from the shipped forms, filled so that each element of clause 7 occurs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from andu.formtypes.language.reading import read_form
from andu.papers.template import compile_template
from tests.papers.making import context_of

ROOT = Path(__file__).parents[3]
SENTENCE = "各单位要按照属地管理和谁主管谁负责的原则，压实工作责任，认真抓好落实，确保取得实效。"
BODY = (
    f"为做好示例工作，根据《关于做好示例工作的意见》（示委〔2025〕2号）要求，现通知如下。{SENTENCE * 4}\n"
    f"一、总体要求\n（一）提高认识。{SENTENCE * 3}\n1. 统一思想。{SENTENCE}\n（1）第一点。{SENTENCE}\n"
    f"二、工作要求\n{SENTENCE}"
)
ISSUED = "示例工作方案"
NUMBER = "示发〔2026〕13号"
_SHARED: dict[str, Any] = {
    "body": BODY,
    "attachments": [
        {
            "no": "1",
            "title": "示例镇某某工作领导小组及其办公室成员名单和职责分工情况表",
            "text": "一、成员\n张三。",
        },
        {"no": "2", "title": "联络员名单", "text": "李四。"},
    ],
    "cc": "县扫黑办，县纪委",
    "note": "联系人：张三，电话：0555-2345678",
}
_OWN: dict[str, dict[str, Any]] = {
    "official_notice": {
        "title": "关于做好示例工作的通知",
        "urgency": "特急",
        "issued": [
            {"no": "1", "title": ISSUED, "text": f"一、任务\n{SENTENCE}"},
            {"no": "2", "title": "示例办法", "text": SENTENCE},
        ],
    },
    "official_report": {"body": BODY.replace("通知", "报告"), "attachments": [], "note": ""},
    "official_letter": {},
    "official_minutes": {"attachments": [], "note": ""},
    "clue_handover": {
        "items": [
            {
                "name": f"示例材料第{n}号清单",
                "copies": "1",
                "pages": "2",
                "original": "原件",
                "sealed": "是",
                "no": str(n),
            }
            for n in range(1, 41)
        ]
    },
}


@cache
def good(slug: str) -> bytes:
    """The paper of a shipped form, filled."""
    form = read_form(ROOT / "forms" / f"{slug}.yaml", None)
    official = slug.startswith("official")
    context = context_of(form, number=NUMBER if official else "YJ-2026-0003", signed=True)
    more = {**(_SHARED if official else {}), **_OWN.get(slug, {})}
    return compile_template((ROOT / "doc_templates" / f"{slug}.docx").read_bytes()).fill({**context, **more})
