"""What the keys and values of ledger files are called on the pages of the office's settings."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from andu.office.shelf.words import Said


def of_ledger() -> Mapping[str, Said]:
    """The keys of a ledger as a whole."""
    return {
        "title": Said(_("台账名称")),
        "group": Said(_("归在哪个标题下"), _("例如：登记簿。")),
        "description": Said(_("说明"), _("一两句话：一行是什么，给谁用。")),
        "order": Said(_("排在第几"), _("数字小的在前。")),
        "forms": Said(_("哪些表单的材料进这本台账"), _("一份材料一行。")),
        "include": Said(_("从什么时候起有它")),
        "where": Said(
            _("只要哪些材料"), _("不选栏目，就是全都要。例如：“来源”是其中一个：上级交办、上级督办。")
        ),
        "period": Said(_("按哪一天算月份")),
        "sort": Said(_("平常按哪一列排")),
        "descending": Said(_("新的、大的在前")),
        "seen_by": Said(_("哪些单位看得到全部各行"), _("不勾的，各看各的：自己单位的，和共享给自己单位的。")),
    }


def of_column() -> Mapping[str, Said]:
    """The keys of a column."""
    return {
        "label": Said(_("列名")),
        "filter": Said(_("可以筛选")),
        "total": Said(_("合计")),
        "show": Said(_("怎样显示")),
        "width": Said(_("印出来多宽（字）")),
        "max": Said(_("最多显示几个字")),
        "under": Said(_("印在哪一列下面")),
    }


def options() -> Mapping[str, str]:
    """The words that a key is one of."""
    return {
        "numbered": _("编了号才有（作废的也在）"),
        "submitted": _("一提交就有"),
        "plain": _("原样"),
        "masked": _("姓名只留第一个字"),
        "day": _("只写日期"),
    }


def of_record() -> Mapping[str, str]:
    """What every record has beside its answers."""
    return {
        "number": _("编号"),
        "title": _("材料名称"),
        "form": _("表单种类"),
        "unit": _("单位"),
        "author": _("填表人"),
        "signer": _("签字人"),
        "submitted_at": _("提交时间"),
        "numbered_at": _("编号时间"),
        "filed_at": _("归档时间"),
        "state": _("办到哪一步"),
        "progress": _("案卷是否办结"),
        "moved_at": _("案卷最近一次编号"),
        "closed_at": _("案卷办结时间"),
        "closed_by": _("以哪份材料办结"),
        "outcome": _("办理结果"),
    }


def of_deadline() -> Mapping[str, str]:
    """The parts of a deadline."""
    return {"due": _("到期时间"), "met_at": _("办结时间"), "overdue": _("是否超期")}


def usual_group() -> str:
    """The heading a new ledger stands under at first."""
    return "登记簿"
