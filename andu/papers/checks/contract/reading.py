"""Every place where a template names something: what it names, how, where, and what is known there.

Called by ``contract``. A walk over the syntax tree that the filling environment makes; it follows loops,
``set``, filters and dotted names, and remembers what the conditions around a tag say. A path leads
from the context to what is named: ``("sign", "first", "name")``; ``ITEM`` in it stands for each item of a
list, ``PARAGRAPHS`` for what the filter ``paragraphs`` makes of a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from andu.papers.checks.contract.places import TagPlace, part_label, tags_on_lines
from andu.papers.checks.contract.steps import ITEM, Path, gives_rows, normal, step
from andu.papers.template.borrowed import COUNTING, DEFAULTS
from andu.papers.template.filters import SIGNED_PARTS
from andu.papers.template.sandbox import ENVIRONMENT

PRINTED, LOOPED, TESTED = "printed", "looped", "tested"
COUNTED, NESTED = "counted", "nested"
"""Never right: a row by its number, which may not be there; a loop that multiplies what another prints."""
MOST_COPIES = 20
"""Times that loops over lists of the template itself may print what is within them."""
SOFTENING = ("or_blank", "tick")
"""Filters that say what to print where there is nothing."""

_NOTHING = frozenset([""])
_UNSURE = (nodes.Or, nodes.And, nodes.CondExpr, nodes.Filter)
"""What may be filled where the name in it is not."""

Paths = frozenset[Path]
Scope = dict[str, Paths]
"""Local name → what it may stand for in the context; nothing for what is made in the template itself."""


@dataclass(frozen=True)
class Known:
    """What a condition says of a name: its text is one of ``faces``, or (``positive`` false) none of them."""

    path: Path
    faces: frozenset[str]
    positive: bool

    @property
    def filled(self) -> bool:
        """Whether it follows that there is some text."""
        return self.positive is not ("" in self.faces)


@dataclass(frozen=True)
class Around:
    """What holds where a node stands."""

    how: str = PRINTED
    known: frozenset[Known] = frozenset()
    softened: bool = False
    within: Paths = frozenset()
    """What the loops around it go over."""
    weak: bool = False
    """A default stands here that only a missing name brings about, not an empty answer."""
    asked: bool = False
    """Only whether there is any is asked here; it need not exist."""
    copies: int = 1
    """How often loops over lists of the template itself print it."""


@dataclass(frozen=True)
class Occurrence:
    """A name in a template. ``local``: a name bound elsewhere in the template, out of reach here."""

    path: Path
    how: str
    place: TagPlace
    known: frozenset[Known]
    softened: bool
    weak: bool = False
    optional: bool = False
    """It may be missing: a default or a condition says what is printed then."""
    local: bool = False


def read(sources: Mapping[str, str]) -> list[Occurrence]:
    """All occurrences of names that must come from the context; ``sources``: part name → Jinja source."""
    found: list[Occurrence] = []
    for name, source in sources.items():
        lined, places = tags_on_lines(source, part_label(name))
        reader = _Reader(places)
        reader.visit(ENVIRONMENT.parse(lined), {}, Around())
        found += [replace(one, local=True) if one.path[0] in reader.bound else one for one in reader.found]
    return found


class _Reader(NodeVisitor):
    def __init__(self, places: list[TagPlace]) -> None:
        self.places = places
        self.found: list[Occurrence] = []
        self.bound: set[str] = set()

    def visit_Name(self, node: nodes.Name, scope: Scope, around: Around) -> None:
        self._note(node, scope, around)

    def visit_Getattr(self, node: nodes.Getattr, scope: Scope, around: Around) -> None:
        self._note(node, scope, around)

    def visit_Getitem(self, node: nodes.Getitem, scope: Scope, around: Around) -> None:
        self._note(node, scope, around)

    def visit_Filter(self, node: Any, scope: Scope, around: Around) -> None:
        paths = _paths(node, scope)
        if node.name in ("paragraphs", "signed"):
            self._count(node, scope, around)
        if node.name == "paragraphs":
            self._keep(node, paths, around)
            return
        if node.name == "signed":
            parts = frozenset((*path, part) for path in _paths(node.node, scope) for part in SIGNED_PARTS)
            self._keep(node, parts, around)
            return
        around = replace(around, asked=False)
        if node.name in COUNTING.split():
            around = replace(around, how=TESTED)
        inner = around
        if node.name in DEFAULTS:
            softens = _is_true(node, 1, "boolean")
            says = _is_true(node, 0, "default_value")
            inner = replace(around, softened=softens, asked=True, weak=says and not softens)
        elif node.name in SOFTENING:
            inner = replace(around, softened=True)
        elif gives_rows(node.name) and paths and around.how == PRINTED:
            self._keep(node, paths, around)
            inner = replace(around, how=TESTED)
        self.visit(node.node, scope, inner)
        for child in (*node.args, *node.kwargs):
            self.visit(child, scope, around)

    def visit_Test(self, node: nodes.Test, scope: Scope, around: Around) -> None:
        self.visit(node.node, scope, replace(around, asked=node.name in ("defined", "undefined")))
        for child in node.args:
            self.visit(child, scope, replace(around, asked=False))

    def visit_Compare(self, node: nodes.Compare, scope: Scope, around: Around) -> None:
        self.generic_visit(node, scope, replace(around, asked=False))

    def visit_Or(self, node: nodes.Or, scope: Scope, around: Around) -> None:
        self.visit(node.left, scope, replace(around, softened=True, asked=True))
        self.visit(node.right, scope, around)

    def visit_If(self, node: nodes.If, scope: Scope, around: Around) -> None:
        self.visit(node.test, scope, replace(around, how=TESTED, asked=True))
        ends = [self._branch(node.body, scope, _said(node.test, True, scope, around))]
        otherwise = _said(node.test, False, scope, around)
        ends.append(self._branch([*node.elif_, *node.else_], scope, otherwise))
        for name in set().union(*ends):
            scope[name] = frozenset().union(*(end.get(name, frozenset()) for end in ends))

    def visit_CondExpr(self, node: nodes.CondExpr, scope: Scope, around: Around) -> None:
        self.visit(node.test, scope, replace(around, how=TESTED, asked=True))
        self.visit(node.expr1, scope, _said(node.test, True, scope, around))
        if node.expr2:
            self.visit(node.expr2, scope, _said(node.test, False, scope, around))

    def visit_Assign(self, node: nodes.Assign, scope: Scope, around: Around) -> None:
        # what is only given another name counts by how that one is used, but must exist all the same
        how = TESTED if _paths(node.node, scope) else PRINTED
        self.visit(node.node, scope, replace(around, how=how))
        self._bind(node.target, _paths(node.node, scope), scope)

    def visit_For(self, node: nodes.For, scope: Scope, around: Around) -> None:
        items = _paths(node.iter, scope)
        self.visit(node.iter, scope, replace(around, how=LOOPED if items else PRINTED))
        each = replace(around, within=around.within | items, copies=around.copies * _length(node.iter, items))
        if each.copies > MOST_COPIES or _multiplies(items, around.within):
            self._keep(node, items or _OWN, replace(around, how=NESTED))
        inner: Scope = {**scope, "loop": frozenset()}
        self._bind(node.target, frozenset((*path, ITEM) for path in items), inner)
        if node.test:
            self.visit(node.test, inner, replace(around, how=TESTED))
            each = _said(node.test, True, inner, each)
        self._branch(node.body, inner, each)
        self._branch(node.else_, scope, around)

    def _branch(self, body: list[nodes.Node], scope: Scope, around: Around) -> Scope:
        inner = dict(scope)
        for node in body:
            self.visit(node, inner, around)
        return inner

    def _bind(self, target: nodes.Node, paths: Paths, scope: Scope) -> None:
        names = [target] if isinstance(target, nodes.Name) else list(target.find_all(nodes.Name))
        for name in names:
            scope[name.name] = paths if name is target else frozenset()
            self.bound.add(name.name)

    def _note(self, node: nodes.Expr, scope: Scope, around: Around) -> None:
        paths = _paths(node, scope)
        self._count(node, scope, around)
        self._keep(node, paths, around)
        if not paths and not isinstance(node, nodes.Name):
            self.visit(node.node, scope, around)  # type: ignore[attr-defined]  # Getattr and Getitem have one

    def _count(self, node: nodes.Expr, scope: Scope, around: Around) -> None:
        """Rows that are named by their number, except the first of what a condition says has any."""
        named = [node, *node.find_all(nodes.Getitem)]
        for one in (each for each in named if isinstance(each, nodes.Getitem)):
            if isinstance(one.arg, nodes.Slice):
                continue
            key = one.arg.value if isinstance(one.arg, nodes.Const) else None
            paths = _paths(one.node, scope)
            has_any = bool(paths) and all(
                any(known.path == path and known.filled for known in around.known) for path in paths
            )
            if not isinstance(key, str) and not (key == 0 and type(key) is int and has_any):
                self._keep(one, paths or _OWN, replace(around, how=COUNTED))

    def _keep(self, node: nodes.Node, paths: Paths, around: Around) -> None:
        place = self.places[node.lineno - 2]
        for path in sorted(paths):
            optional = (around.asked and isinstance(node, nodes.Name)) or any(
                known.path == path[:1] and not known.positive for known in around.known
            )
            self.found.append(
                Occurrence(
                    normal(path), around.how, place, around.known, around.softened, around.weak, optional
                )
            )


_OWN: Paths = frozenset([("",)])
"""Stands for what a template makes itself."""


def _length(items: nodes.Node, paths: Paths) -> int:
    """How often a loop over these runs, as far as it is the template that decides; else more than may be."""
    if paths:
        return 1
    if isinstance(items, nodes.List | nodes.Tuple):
        return len(items.items)
    return MOST_COPIES + 1


def _multiplies(items: Paths, around: Paths) -> bool:
    """Whether a loop over these, in loops over those, takes anything but what the outer row has itself."""
    return any(
        inner[: len(outer) + 1] != (*outer, ITEM) or inner[-1] == outer[-1]
        for inner in items
        for outer in around
    )


def _paths(node: Any, scope: Scope) -> Paths:
    """What an expression may stand for: names of the context with keys after them."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, frozenset([(node.name,)]))
    if isinstance(node, nodes.CondExpr):
        return _paths(node.expr1, scope) | (_paths(node.expr2, scope) if node.expr2 else frozenset())
    if isinstance(node, nodes.Or):
        return _paths(node.left, scope) | _paths(node.right, scope)
    more = step(node)
    return frozenset((*path, *more) for path in _paths(node.node, scope)) if more is not None else frozenset()


def _is_true(node: nodes.Filter, place: int, key: str) -> bool:
    """Whether a filter is given ``true`` in this place or by this name."""
    options = [*node.args[place : place + 1], *(each.value for each in node.kwargs if each.key == key)]
    return any(isinstance(option, nodes.Const) and bool(option.value) for option in options)


def _said(test: nodes.Node, positive: bool, scope: Scope, around: Around) -> Around:
    return replace(around, known=around.known | frozenset(_facts(test, positive, scope)))


def _facts(test: nodes.Node, positive: bool, scope: Scope) -> Iterator[Known]:
    """What is known where a test holds, or (``positive`` false) where it does not."""
    if isinstance(test, nodes.Test) and test.name == "defined" and positive:
        yield from (Known(path, frozenset(), False) for path in _single(test.node, scope))
    elif isinstance(test, nodes.Test):
        return
    elif isinstance(test, nodes.Not):
        yield from _facts(test.node, not positive, scope)
    elif isinstance(test, nodes.And if positive else nodes.Or):
        yield from _facts(test.left, positive, scope)
        yield from _facts(test.right, positive, scope)
    elif isinstance(test, nodes.Compare):
        yield from _compared(test, positive, scope)
    else:
        yield from (Known(path, _NOTHING, not positive) for path in _single(_counted(test) or test, scope))


def _compared(test: nodes.Compare, positive: bool, scope: Scope) -> Iterator[Known]:
    if len(test.ops) != 1 or test.ops[0].op not in ("eq", "ne", "in", "notin"):
        return
    op, wanted = test.ops[0].op, test.ops[0].expr
    rows = _counted(test.expr)
    if rows is not None:
        paths = _single(rows, scope) if _some(op, wanted, positive) else frozenset()
        yield from (Known(path, _NOTHING, False) for path in paths)
        return
    if op in ("eq", "ne"):
        items = [wanted]
    else:
        items = wanted.items if isinstance(wanted, nodes.List | nodes.Tuple) else []
    faces = frozenset(item.value for item in items if isinstance(item, nodes.Const))
    if items and all(isinstance(item, nodes.Const) for item in items):
        for path in _single(test.expr, scope):
            yield Known(path, faces, positive is (op in ("eq", "in")))


def _counted(node: nodes.Node) -> nodes.Node | None:
    """What ``length`` is taken of."""
    return node.node if isinstance(node, nodes.Filter) and node.name == "length" else None


def _some(op: str, wanted: nodes.Node, positive: bool) -> bool:
    """Whether it follows from a comparison of a length that there is a row."""
    number = wanted.value if isinstance(wanted, nodes.Const) else None
    if type(number) is not int:
        return False
    return number > 0 if op == "eq" and positive else number == 0 and op == ("ne" if positive else "eq")


def _single(node: nodes.Node, scope: Scope) -> Paths:
    """The path of an expression if it is one name: of two, nobody knows which was tested."""
    if isinstance(node, _UNSURE):
        return frozenset()
    paths = _paths(node, scope)
    return paths if len(paths) == 1 else frozenset()
