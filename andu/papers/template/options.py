"""What is given to a filter in brackets, ``qr(25)``, ``rich(size=16)``: tried when a template is compiled.

Called by ``part``. An option that a clerk's answer could change would fail with some answers only, long
after the template was published. Guarantees: the options of the filters in ``SETTLED`` are constants, and
good ones.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from jinja2 import nodes
from jinja2.exceptions import TemplateError

from andu.papers.faults import PaperFault
from andu.papers.template.borrowed import MEASURES, WIDTHS, out_of_range
from andu.papers.template.filters import FILTERS
from andu.papers.template.qr import PICTURES

SETTLED = ("rich", "qr", "title_lines", "sequence")
"""Filters that not every option suits."""


def try_options(tree: nodes.Template) -> None:
    """Raise ``PaperFault`` for the first option that is no constant, or that its filter does not take."""
    for node in tree.find_all(nodes.Filter):
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise _fault(node, _("不能用“*”"))
        if node.name in SETTLED:
            _try(node)
        elif node.name in WIDTHS:
            _measure(node)


def _try(node: nodes.Filter) -> None:
    given = [_constant(each, node) for each in node.args]
    named: dict[str, Any] = {str(each.key): _constant(each.value, node) for each in node.kwargs}
    context: list[Any] = [{PICTURES: {}}] if node.name == "qr" else []
    try:
        FILTERS[node.name](*context, "", *given, **named)
    except TemplateError as error:
        raise _fault(node, str(error)) from error
    except (TypeError, ValueError) as error:
        raise _fault(node, _("没有这样的设置")) from error


def _measure(node: nodes.Filter) -> None:
    """The first number of a filter, if it has one, must be a sensible one, by its place or by its name."""
    for option in (*node.args[:1], *(each.value for each in node.kwargs if each.key in MEASURES)):
        number = _constant(option, node)
        if type(number) is not int or number not in WIDTHS[node.name]:
            raise _fault(node, out_of_range(node.name))


def _constant(option: nodes.Expr, node: nodes.Filter) -> Any:
    if not isinstance(option, nodes.Const):
        raise _fault(node, _("要写明数或带引号的文字，不能用名称"))
    return option.value


def _fault(node: nodes.Filter, what: str) -> PaperFault:
    return PaperFault(_("过滤器“%(name)s”括号里的设置不对：%(what)s。", name=node.name, what=what))
