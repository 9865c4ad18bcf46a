"""What the keys that say what becomes of a record are called: rules, cases, what comes next, returns.

By the place of the part (``deeper.names_of``), each with an example of what it does.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from andu.office.shelf.words import Said

LISTED = ("number", "title", "form", "unit", "date", "pages")
MISSING = ("unit", "sentence", "count", "period", "due", "title", "words", "source")
OVERDUE = (
    *("number", "title", "matter", "label", "reference", "ground"),
    *("unit", "due", "days_late", "times", "words", "source"),
)


def sources() -> Mapping[str, str]:
    """What a field can be filled with."""
    return {
        "number": _("编号"),
        "title": _("材料名称"),
        "form": _("表单名称"),
        "unit": _("单位"),
        "date": _("日期"),
        "pages": _("页数"),
        "sentence": _("一句话：缺哪一期的什么"),
        "count": _("几个单位"),
        "period": _("哪一期"),
        "due": _("到期的时间"),
        "words": _("依据的原话"),
        "source": _("出自哪里"),
        "matter": _("要办的事"),
        "label": _("期限的名称"),
        "reference": _("编号和期限的名称"),
        "ground": _("催办的依据"),
        "days_late": _("过期几天"),
        "times": _("第几次催"),
    }


def rules() -> Mapping[str, str]:
    """What each rule asks, with an example."""
    return {
        "equals_sum": _("一个数等于一列的合计（如：总份数＝各行份数之和）"),
        "less_than_sum": _("一个数小于一列的合计（如：退回的少于移交的）"),
        "not_before": _("一个日期不早于另一个（如：接收不早于移交）"),
        "not_after": _("一个日期不晚于另一个（如：登记不晚于移交）"),
        "not_in_future": _("日期不晚于现在（如：发生时间）"),
        "differ": _("几栏不能填一样（如：移交单位和接收单位）"),
        "at_least_one": _("几栏至少填一栏（如：电话、地址）"),
        "differ_rows": _("表格里一列不能有重复的（如：同一份材料填了两行）"),
        "every_row": _("表格里每一行都要选这几个之一（如：全部“齐全”）"),
        "some_row": _("表格里至少有一行选这几个之一（如：有一行“组长”）"),
        "leaves_out": _("一段文字里不能有某些词（如：交给对方的一联不写“举报”）"),
        "refuse": _("出现某种情况就不收（如：选了“无”又写了内容）"),
    }


def of_more() -> Mapping[str, Said]:
    """What hangs on a form type as a whole, each with pages of its own."""
    return {
        "rules": Said(_("栏目之间的规则"), _("填得互相矛盾时提醒。例如：接收时间不早于移交时间。")),
        "next": Said(_("办完这份，接着可以办"), _("例如：线索登记以后可以办移交单，内容自动带过去。")),
        "share_with": Said(_("编号后给谁看"), _("例如：移交单编号后，接收单位看得到。")),
        "case": Said(_("和别的材料成一件事"), _("例如：登记表开一件，办结报告了结它。")),
        "urgent": Said(_("优先办的"), _("例如：涉及保护伞的，名称前面标“优先”。")),
        "expected": Said(_("按期要报的"), _("例如：各村每半月报一次，没有报的会提醒。")),
        "missing_returns": Said(_("从缺报的开始"), _("例如：通报可以从缺报的单位名单开始填。")),
    }


def of_place(names: str) -> Mapping[str, Said]:
    """The keys of a part by its place without numbers; {} for a place that has no words."""
    when = Said(_("什么情况下才算"))
    origin = {
        "words": Said(_("依据的原话")),
        "source": Said(_("出自哪里"), _("不写的，当作本单位自己的习惯。")),
    }
    said: dict[str, dict[str, Said]] = {
        "rules": {
            "rule": Said(_("哪种规则")),
            "field": Said(_("哪一栏")),
            "other": Said(_("和哪一栏比")),
            "fields": Said(_("哪几栏")),
            "table": Said(_("哪个表格")),
            "column": Said(_("表格的哪一列"), _("先选表格，保存以后这里才有列可选。")),
            "in": Said(_("哪几个选项"), _("一行一个。")),
            "words": Said(_("不能写的词"), _("一行一个。")),
            "when": Said(_("什么情况下才查")),
            "message": Said(_("不合规则时怎么说"), _("不写就用现成的话。例如：份数不一致，请重新清点。")),
        },
        "next": {
            "form": Said(_("接着办哪种表")),
            "when": Said(_("什么情况下才可以办"), _("例如：“结论”是“属实”。")),
            "unit": Said(_("哪个单位的人可以办")),
        },
        "share_with": {"unit": Said(_("给谁看"), _("一栏里选的单位，或者固定的一个单位。")), "when": when},
        "signatures.enough": {
            "label": Said(_("这种签法叫什么"), _("例如：任何一人签就行。")),
            "sets": Said(
                _("哪几处签了就够"), _("每一行是一种：勾上的都签了，就够了。没有勾到的签字处照样要签。")
            ),
            **origin,
        },
        "urgent": {"word": Said(_("名称前面标什么"), _("最多 6 个字，例如：优先。")), "when": when},
        "expected": {
            "period": Said(_("哪一栏说是哪一期")),
            "every": Said(_("多久一期"), _("上面选的是日期时才填。")),
            "category": Said(_("哪一类单位要报")),
            "unit": Said(_("或者只有哪个单位要报")),
            "counted": Said(_("系统自己数的数"), _("填得和系统里的不一样就不收。")),
            "differs": Said(_("哪一栏写不一样的原因"), _("写了原因，就收不一样的数。")),
            **origin,
        },
        "expected.counted": {
            "field": Said(_("哪一栏的数")),
            "form": Said(_("数哪种表")),
            "at": Said(_("按那种表的哪个日期"), _("不选就按编号的日期。")),
            "since": Said(_("从什么时候数起")),
            "rows": Said(_("数那种表里哪个表格的行")),
            "nil": Said(_("哪一栏选“是”就是没有")),
        },
        "missing_returns": {
            "form": Said(_("哪种要报的表")),
            "fills": Said(_("哪一栏填什么")),
        },
        "deadlines.extend": {
            "roles": Said(_("谁可以批准延期")),
            "days": Said(_("一次最多延几天")),
            "times": Said(_("最多延几次")),
            **origin,
        },
        "deadlines.met_by": {
            "form": Said(_("办了哪种表")),
            "when": Said(_("那份怎么填才算"), _("例如：“结论”是“办结”。")),
            "at": Said(_("按那份的哪个日期算办完"), _("不选就是那份编号的时候。")),
            "to": Said(_("只算送到哪个单位的")),
            "signed": Said(_("那份的哪一处签了就算")),
        },
        "case": _of_case(),
        "case.opens_branch": _of_branch(),
        "case.ends_branch": _of_branch(),
        "case.needs": {"form": Said(_("先要有哪种表")), "when": when},
        "case.verdict": {
            "field": Said(_("哪一栏说结果")),
            "means": Said(
                _("每个选项算什么结果"), _("例如：“属实”算“查实”。各种表用一样的词，才能一起统计。")
            ),
        },
    }
    return said.get(names, {})


def _of_case() -> dict[str, Said]:
    return {
        "opens": Said(_("一份就是一件新的事"), _("例如：线索登记表。")),
        "by": Said(_("属于哪一栏所选材料的那件事"), _("例如：“线索编号”那一栏。")),
        "also": Said(_("还属于哪几件"), _("一栏，或者 表格.列，写内部名称。例如：clues.number。")),
        "closes": Said(_("编号就是办结")),
        "closes_when": Said(_("什么情况下编号就是办结"), _("例如：“处理意见”是“了结”。")),
        "outcome": Said(_("办结的结果是什么"), _("一栏选项的内部名称，或者几个字。")),
        "opens_branch": Said(_("编号后另外开哪几条线"), _("例如：移送纪委以后，等纪委那边办完才算结。")),
        "ends_branch": Said(_("编号后哪几条线办完")),
        "after_closing": Said(_("办结以后还可以加")),
        "needs": Said(_("先要有哪几种表"), _("例如：没有研判表，不能出办结报告。")),
        "verdict": Said(_("结果算查实还是查否")),
        "lists": Said(_("表格里先列出这件事的材料"), _("例如：归档目录。")),
    }


def _of_branch() -> dict[str, Said]:
    return {
        "name": Said(_("这条线叫什么"), _("例如：镇纪委；写 field:栏目的内部名称，就用那一栏所选的。")),
        "when": Said(_("什么情况下才算")),
    }
