"""The one environment in which templates of papers run: sandboxed, autoescaped, strict, with nothing to call.

``part`` compiles and fills with it, ``checks.contract`` and ``checks.reread`` read with it, so a check sees
what filling will see. Guarantees: a value is only ever text (threat S1, S3); a template reaches dict keys,
list items and ``loop``, no attribute, method, function or arithmetic that could run or allocate anything; a
missing name raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from jinja2 import StrictUndefined, TemplateRuntimeError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from andu.papers.faults import PaperFault
from andu.papers.template.filters import FILTERS

TESTS = ("defined", "odd", "even", "in", "eq", "ne", "==", "!=")
FORBIDDEN = (
    nodes.ScopedEvalContextModifier, nodes.EvalContextModifier, nodes.Include, nodes.Import, nodes.FromImport,
    nodes.Extends, nodes.Block, nodes.Macro, nodes.CallBlock, nodes.Call, nodes.ExprStmt,
    nodes.AssignBlock, nodes.FilterBlock, nodes.With, nodes.Slice,
    nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow,
)  # fmt: skip
"""What no paper needs and a hostile one would want; found when compiling, not when filling."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class MissingName(StrictUndefined):
    """What stands for a name the context lacks: any use of it raises, in Chinese."""

    def __init__(
        self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: type = UndefinedError
    ) -> None:
        super().__init__(hint or _("没有“%(name)s”这项内容", name=name), obj, name, exc)


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
        return isinstance(obj, LoopContext) and not attr.startswith("_")

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is called on a paper."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A paper prints, it does not compute: ``'a' * 10**9`` ends here; ``spans_all`` is the exception."""
        if operator == "*" and type(left) is int and type(right) is int:
            return left * right
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


def is_forbidden(tree: nodes.Template) -> bool:
    """The template has what no paper needs."""
    return any(not _spans_all(node) for node in tree.find_all(FORBIDDEN))


def _spans_all(node: nodes.Node) -> bool:
    """``{{ 2 * loop.length }}``, which docxtpl writes for ``{% hm %}``: a width times the number of cells."""
    return (
        isinstance(node, nodes.Mul)
        and isinstance(node.left, nodes.Const)
        and type(node.left.value) is int
        and isinstance(node.right, nodes.Getattr)
        and node.right.attr == "length"
        and isinstance(node.right.node, nodes.Name)
        and node.right.node.name == "loop"
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
    environment.filters = dict(FILTERS)
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


ENVIRONMENT = _environment()
