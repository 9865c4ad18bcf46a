"""What the keys of the form language are called on the pages of the designer, in a clerk's words.

A key without a line here is not asked: the page shows it as it is written and keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Said:
    """What a key is called, and in a sentence what it does."""

    label: str
    hint: str = ""


def of_form() -> Mapping[str, Said]:
    """The keys of a form type as a whole."""
    return {
        "title": Said(_("表单名称"), _("改名不影响已有的材料。")),
        "description": Said(_("做什么用"), _("选表单时看得到。")),
        "group": Said(_("分组"), _("选表单时归在哪个标题下。")),
        "order": Said(_("排在第几"), _("数字小的在前。")),
        "filled_by": Said(_("谁来填")),
        "series": Said(_("编号")),
        "paper": Said(_("纸面样子"), _("内部表单，或者带红头的公文种类。")),
        "record_title": Said(_("材料叫什么"), _("登记簿和各个列表里用这几栏的内容作名称。")),
        "reports_to": Said(_("还给谁看"), _("这几栏里选的材料，它们的单位看得到：因为是他们要的。")),
        "duplicates": Said(_("查重看哪几栏"), _("和以前的材料相像时提醒。")),
        "chases": Said(_("催办时哪一栏填什么"), _("选了的，这种表可以从过期的期限开始填。")),
    }


def of_section() -> Mapping[str, Said]:
    """The keys of a section."""
    return {"title": Said(_("标题")), "help": Said(_("说明"), _("写在标题下面的一两句话。"))}


def of_field() -> Mapping[str, Said]:
    """The keys of a field, and the settings of its kind."""
    return {
        "label": Said(_("栏目名称"), _("填表的人看到的。随时可以改，不影响已填的内容。")),
        "required": Said(_("必须填")),
        "help": Said(_("怎么填"), _("写在栏目下面的一两句话。")),
        "example": Said(_("例子")),
        "default": Said(
            _("新草稿里先填上"),
            _("可以写内容，也可以写 today（今天）、now（现在）、me（本人）、own（本单位）。"),
        ),
        "show_when": Said(_("什么时候才问")),
        "require_when": Said(_("什么时候必须填")),
        "confidential": Said(_("保密"), _("加密保存，不上纸、不进台账。")),
        "eyes": Said(_("谁能打开"), _("只用于保密的栏目：一个人就能打开，还是要第二个人同意。")),
        "printed": Said(_("要印在纸上"), _("不印的，检查时不要求模板里有。")),
        "choices": Said(_("选项"), _("一行一个。")),
        "min_length": Said(_("最少几个字")),
        "max_length": Said(_("最多几个字")),
        "rows": Said(_("屏幕上几行高")),
        "integer": Said(_("只要整数")),
        "min": Said(_("最小")),
        "max": Said(_("最大")),
        "decimals": Said(_("小数点后几位")),
        "unit": Said(_("计量单位")),
        "digits": Said(_("只要数字")),
        "max_files": Said(_("最多几个文件")),
        "min_rows": Said(_("最少几行")),
        "max_rows": Said(_("最多几行")),
        "roles": Said(_("哪些岗位的人")),
        "earliest": Said(_("最早哪一天"), _("写作 2026-01-01。")),
        "latest": Said(_("最晚哪一天"), _("写作 2026-12-31。")),
        "only_own": Said(_("只能选本单位")),
        "must_be": Said(_("必须选“是”才能提交")),
        "form": Said(_("从哪种表的材料里选")),
        "prefill": Said(_("选了以后自动填"), _("左边是这份的哪一栏，右边是所选材料的哪一栏。")),
        "sample": Said(_("试印时填什么"), _("不写就自动编一个。")),
        "says_something": Said(_("不收“无”“同上”这样的话")),
        "half_width": Said(_("数字和字母改成半角")),
        "official_marks": Said(_("标点照公文的写法")),
        "drop_end": Said(_("末尾的这几个字去掉"), _("例如句号")),
        "unwrap": Said(_("两头的这对符号去掉"), _("例如书名号")),
        "blank_lines": Said(_("可以空行")),
        "every": Said(_("多久一期")),
        "of_unit": Said(_("哪个单位的人")),
        "only": Said(_("只能选哪几个单位")),
        "follows": Said(_("跟着哪一题自己选好"), _("那一题选了什么，这一栏就选哪个单位；已经选了的不动。")),
        "by_answer": Said(_("选了什么，是哪个单位")),
        "characters": Said(_("纸上表格一行几个字")),
        "lines": Said(_("纸上一页几行")),
        "steps": Said(_("纸上表格分成几格")),
        "correction": Said(_("哪一栏说更正的是哪一份"), _("例如：上次关账有错，再关一次。")),
        "shared": Said(_("看得到这份的单位，也看得到选的那份")),
    }


def of_signatures() -> Mapping[str, Said]:
    """The keys of all signatures together."""
    return {
        "distinct": Said(_("各处须由不同的人签")),
        "statement": Said(_("签字的人承诺什么"), _("印在签字页的签名上面。")),
        "recuse": Said(_("谁要回避"), _("这几栏里写到的人，不在这份材料上签字。例如：被举报人姓名。")),
        "recuse_places": Said(
            _("他们是哪个单位、哪个村的"), _("这几栏写着上面这些人的单位或者住址。例如：被举报人住址。")
        ),
        "enough": Said(_("不用全签也行的签法"), _("例如：两位主任中任何一位签就行。不写就是每一处都要签。")),
    }


def of_slot() -> Mapping[str, Said]:
    """The keys of a signature."""
    return {
        "label": Said(_("签字处叫什么"), _("例如：单位负责人。")),
        "roles": Said(_("谁可以签")),
        "unit": Said(_("哪个单位的人")),
        "order": Said(_("第几个签"), _("号一样的不分先后。")),
        "author": Said(_("由提交的人自己签")),
        "person": Said(_("由这一栏所选的人签")),
        "fields": Said(_("签字时由他填的栏目"), _("勾上的，提交的人就不填了。")),
        "opinion_default": Said(_("意见先写上"), _("例如：同意。")),
        "after_number": Said(_("编号以后再签"), _("当作签收，编号不等它。")),
    }


def of_deadline() -> Mapping[str, Said]:
    """The keys of a deadline."""
    return {
        "label": Said(_("要办什么")),
        "rule": Said(_("怎么算")),
        "n": Said(_("几个"), _("几小时、几天、几个工作日。")),
        "start": Said(_("从什么时候起")),
        "field": Said(_("按哪一栏的日期")),
        "unit": Said(_("哪个单位的期限")),
        "each": Said(_("表格里每一行一个期限"), _("例如：议定事项，一行一个到期日。")),
        "about": Said(_("表格的哪一列说是什么事")),
        "met_by": Said(_("办了哪种表算完成"), _("一种也不选，就是这份材料自己编号。")),
        "met_when": Said(_("那种表到哪一步算完成")),
        "by_hand": Said(_("可以由人注明办完")),
        "remind": Said(_("提前几小时提醒"), _("0 是不提醒。")),
        "extend": Said(_("可不可以延期"), _("例如：主任批准，最多延一次，30 天。")),
        "before_closing": Said(_("没办完不能办结")),
        "only_of": Said(_("只有这些单位有这个期限")),
        "not_of": Said(_("这些单位没有这个期限")),
        "ground": Said(_("催办时写什么依据"), _("催办表里那一栏的一个选项。")),
        "when": Said(_("什么情况下才有这个期限")),
        "words": Said(_("依据的原话")),
        "source": Said(_("出自哪里"), _("不写的，当作本单位自己的习惯。")),
    }


def options() -> Mapping[str, str]:
    """What the closed words of the language are called."""
    return {
        "internal": _("内部表单"),
        "same_day": _("当天"),
        "hours": _("若干小时"),
        "days": _("若干天"),
        "workdays": _("若干个工作日"),
        "half_month": _("半个月到期"),
        "month_end": _("月底"),
        "field": _("按一栏里的日期"),
        "submitted": _("提交时"),
        "numbered": _("编号时"),
        "own": _("填报单位"),
        "any": _("不限单位"),
        "day_of_field": _("按一栏里的日期，到当天结束"),
        "month": _("每月"),
        "period": _("这一期"),
        "year": _("今年以来"),
        "handlers": _("办理的同志一个人就能打开"),
        "handlers and second person": _("要第二个人同意，一个人打不开"),
    }
