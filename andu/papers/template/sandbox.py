"""The one environment in which templates of papers run: sandboxed, autoescaped, strict, with nothing to call.

``part`` compiles and fills with it, ``checks.contract`` and ``checks.reread`` read with it, so a check sees
what filling will see. Guarantees: a value is only ever text (threat S1, S3); a template reaches dict keys,
list items and ``loop``, no attribute, method, function or arithmetic that could run or allocate anything; a
missing name raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import add, floordiv, mod, mul, sub
from typing import Any

from flask_babel import gettext as _
from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import _GroupTuple
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from andu.papers.faults import PaperFault
from andu.papers.template.borrowed import BORROWED, TESTS
from andu.papers.template.filters import FILTERS
from andu.papers.template.spelling import spelled

_ELSEWHERE = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block, nodes.Macro, nodes.CallBlock,
    nodes.ScopedEvalContextModifier, nodes.EvalContextModifier, nodes.ExprStmt, nodes.AssignBlock,
    nodes.FilterBlock, nodes.With,
)  # fmt: skip
_SUMS = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
"""What no paper needs and a hostile one would want; found when compiling, not when filling."""
_COUNTING = {"+": add, "-": sub, "*": mul, "%": mod, "//": floordiv}
_OF_LOOPS = ("cycle", "changed")
_OF_JINJA = ("range", "dict", "lipsum", "cycler", "joiner", "namespace", "self")

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _missing(name: str | None) -> str:
    if name == "loop":
        return _("“{% vm %}”“{% hm %}”和 loop 只能用在循环里")
    return _("没有“%(name)s”这项内容", name=name)


class MissingName(StrictUndefined):
    """What stands for a name the context lacks: any use of it raises, in Chinese."""

    def __init__(
        self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: type = UndefinedError
    ) -> None:
        super().__init__(hint or _missing(name), obj, name, exc)

    def __bool__(self) -> bool:  # type: ignore[override]  # Jinja's strict one never returns
        """``{% if note %}`` asks whether there is any; only Jinja's own functions are never asked for."""
        if self._undefined_name in _OF_JINJA or self._undefined_exception is not UndefinedError:
            self._fail_with_undefined_error()
        return False


class _PaperCode(CodeGenerator):
    """Compiles ``{{ … }}`` to one call of ``printed``; Jinja makes three, and a ledger has thousands."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.printed(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")


class PaperEnvironment(ImmutableSandboxedEnvironment):
    """Jinja reduced to what a paper needs: names, keys, ``if``, ``for``, ``set`` and our filters."""

    code_generator_class = _PaperCode
    intercepted_binops = frozenset({"+", "-", "*", "**", "%", "/", "//"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Only ``loop.index`` and its like are attributes; all else is reached by key."""
        if isinstance(obj, _GroupTuple):
            return attr in ("grouper", "list")
        return isinstance(obj, LoopContext) and not attr.startswith("_")

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called on a paper but ``loop.cycle`` and ``loop.changed``."""
        return isinstance(getattr(obj, "__self__", None), LoopContext) and obj.__name__ in _OF_LOOPS

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The tree, with the methods that others call on texts and lists as the filters that they are."""
        return spelled(super()._parse(source, name, filename))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A paper prints, it does not compute: ``'a' * 10**9`` ends here; but passes of loops are counted."""
        if operator in _COUNTING and type(left) is int and type(right) is int:
            return _COUNTING[operator](left, right)
        raise SecurityError(_("模板里不能做运算（%(sign)s）", sign=operator))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``row.items`` is the key ``items`` of the row, never the method of a dict."""
        if type(obj) is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def printed(self, value: Any) -> str:
        """The value as it stands in the XML: escaped, and only if it is one that can be printed."""
        if type(value) is str:
            # letters and digits of any script need no escaping
            return value if value.isalnum() else escape(value)
        if isinstance(value, list | dict):
            raise TemplateRuntimeError(_("这里是一张表或一组内容，要逐行打印，不能直接打印"))
        if not isinstance(value, str | int | float | Undefined):
            raise SecurityError(_("这里不是可以打印的内容"))
        return escape(value)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        """What a forbidden attribute gives: any use of it raises ``SecurityError``."""
        hint = _("模板不能使用“%(name)s”", name=attribute)
        return self.undefined(hint=hint, obj=obj, name=attribute, exc=SecurityError)


def forbidden(tree: nodes.Template) -> str:
    """What the template has that no paper needs, and what to write instead; empty text if nothing."""
    if tree.find(nodes.Concat):
        return _("不能用“~”连接文字，请写成 {{ a }}{{ b }}")
    if any(not _counts_passes(node) for node in tree.find_all(_SUMS)):
        return _("不能做运算，请由表单来算")
    if any(True for _each in tree.find_all(_ELSEWHERE)):
        return _("不能用宏、引入、with 和成块的赋值：请写成 {% set x = 名称 %}，或者直接写在用到的地方")
    for call in tree.find_all(nodes.Call):
        if not _is_of_loop(call):
            return _not_called(_called(call.node))
    return ""


def _not_called(name: str) -> str:
    if name == "range":
        return _("range 里只能直接写数：要逐行打印，写 {% for x in 名称 %}，序号用 {{ loop.index }}")
    return _("不能调用函数（%(name)s）：要用过滤器，如 {{ a|upper }}；别的由表单来算", name=name)


def _is_of_loop(call: nodes.Call) -> bool:
    called = call.node
    is_named = isinstance(called, nodes.Getattr) and called.attr in _OF_LOOPS
    return is_named and isinstance(called.node, nodes.Name) and called.node.name == "loop"  # type: ignore[attr-defined]


def _called(node: nodes.Node) -> str:
    return str(getattr(node, "attr", getattr(node, "name", "")))[:20]


def _counts_passes(node: nodes.Node) -> bool:
    """``loop.index % 2``; and ``{{ 2 * loop.length }}``, which docxtpl writes for ``{% hm %}``."""
    if isinstance(node, nodes.Div | nodes.Pow) or not isinstance(node, nodes.BinExpr):
        return False
    sides = (node.left, node.right)
    numbers = [one for one in sides if isinstance(one, nodes.Const) and type(one.value) is int]
    return len(numbers) == 1 and any(
        isinstance(one, nodes.Getattr) and isinstance(one.node, nodes.Name) and one.node.name == "loop"
        for one in sides
    )


def plain(value: Any) -> Any:
    """The value as plain text, numbers, lists and dicts, line ends as ``\\n``.

    ``PaperFault`` for characters no paper can carry; ``TypeError`` for anything that is not plain data.
    """
    if type(value) is str:
        return value if value.isprintable() else _cleaned(value)
    if type(value) is dict:
        # most of what a paper carries is short text in rows: not worth a call each
        return {
            key if type(key) is str else str(key): item
            if type(item) is str and item.isprintable()
            else plain(item)
            for key, item in value.items()
        }
    if isinstance(value, str):
        return _cleaned("".join(value))
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return plain(dict(value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"a paper takes text, numbers, lists and dicts, not {type(value).__name__}")


def _cleaned(text: str) -> str:
    """A text that is not all printable: line ends, tabs, rare signs; or what must be refused."""
    if _UNPRINTABLE.search(text):
        raise PaperFault(_("内容里有无法印到纸上的控制字符，请删去后重试。"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _environment() -> PaperEnvironment:
    environment = PaperEnvironment(autoescape=True, undefined=MissingName)
    environment.globals.clear()
    environment.filters = {**BORROWED, **FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS.split()}
    return environment


ENVIRONMENT = _environment()
