"""What the context of a form's paper looks like: which names it has, which are text, rows or groups of names.

Called by ``contract``: a path from a template is walked down the shape of its form, and the first step that
does not exist, or the end that cannot be used like that, is the finding. One description serves fields,
columns, signatures, the names of every paper and the parts of a paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS
from andu.papers.checks.contract.finding import is_near, nearest
from andu.papers.checks.contract.reading import (
    COUNTED,
    LOOPED,
    NESTED,
    PRINTED,
    Occurrence,
)
from andu.papers.checks.contract.steps import ITEM, PARAGRAPHS, Path
from andu.papers.context import COMMON_NAMES, ROW_NUMBER, SIGN, SIGN_PARTS

PARAGRAPH_PARTS = ("text", "level", "head", "rest", "leads")


@dataclass(frozen=True)
class Shape:
    """A value: text (no parts), rows (one part, ``ITEM``), or a group of names; ``called`` so by people."""

    called: str
    parts: Mapping[str, Shape] = field(default_factory=dict)

    @property
    def is_rows(self) -> bool:
        return ITEM in self.parts

    @property
    def is_text(self) -> bool:
        return not self.parts

    def at(self, step: str) -> Shape | None:
        """What a step of a path leads to; None where it leads nowhere."""
        if step == PARAGRAPHS:
            parts = {part: Shape(part) for part in PARAGRAPH_PARTS}
            return _rows(self.called, parts) if self.is_text else None
        return self.parts.get(step)


def shape_of(form_type: FormType) -> Shape:
    """The shape of everything the papers of this form may name."""
    texts = {name: Shape(_("“%(name)s”", name=name)) for name in COMMON_NAMES}
    fields = {one.key: _field_shape(one) for one in form_type.fields if not one.confidential}
    slots = {slot.key: _slot_shape(slot.label) for slot in form_type.signatures.slots}
    return Shape(_("表单"), {**texts, **fields, SIGN: Shape(_("签名栏（sign）"), slots)})


def _field_shape(one: Field) -> Shape:
    called = _("“%(label)s”（%(name)s）", label=one.label, name=one.key)
    if not one.columns:
        return _nested(called, KINDS[one.kind].nested)
    columns = {column.key: _field_shape(column) for column in one.columns}
    return _rows(called, {**columns, ROW_NUMBER: Shape(_("序号"))})


def _nested(called: str, names: Any) -> Shape:
    """The shape of what a kind says of its face on paper."""
    if isinstance(names, list):
        return _rows(called, _nested(called, names[0]).parts)
    parts = names.items() if names else ()
    return Shape(called, {name: _nested(_("“%(name)s”", name=name), one) for name, one in parts})


def _slot_shape(label: str) -> Shape:
    return Shape(_("签名栏“%(label)s”", label=label), {part: Shape(part) for part in SIGN_PARTS})


def _rows(called: str, parts: Mapping[str, Shape]) -> Shape:
    return Shape(called, {ITEM: Shape(_("%(table)s的一行", table=called), parts)})


def misuse(form_type: FormType, root: Shape, one: Occurrence) -> str:
    """What is wrong with this use of a name, as a Chinese sentence; empty if all is well."""
    if one.how == COUNTED:
        return _(
            "不能按行号取内容（[1]、[loop.index] 等），那一行可能没有：要用 {%tr for … %} 逐行打印；"
            "只有 [0] 可以放在 {% if 表格|length == 1 %} 里面。"
        )
    if one.how == NESTED:
        return _("循环里又套了别的循环，打印的内容会成倍增加：里层只能是外层这一行自己的内容。")
    fields = {each.key: each for each in form_type.fields}
    name = one.path[0]
    if name in fields and fields[name].confidential:
        words = {"label": fields[name].label, "name": name}
        return _("“%(label)s”（%(name)s）是保密项，不得出现在模板里。", **words)
    if name not in root.parts:
        return _unknown_name(form_type, root, one)
    shape = root
    for index, step in enumerate(one.path):
        inner = shape.at(step)
        if inner is None:
            return _wrong_step(shape, one.path, index)
        shape = inner
    return _wrong_end(shape, one)


def missing(form_type: FormType, root: Shape, one: Occurrence) -> str:
    """What is said of a name that no form has and that need not be there; empty if it is or should be."""
    name = one.path[0]
    columns = {column.key for field in form_type.fields for column in field.columns}
    known = {*root.parts, *columns, *(field.key for field in form_type.fields)}
    if not one.optional or one.local or name in known or is_near(name, root.parts):
        return ""
    return _("表单里没有“%(name)s”这一项，打印时总当作没有。", name=name)


def _unknown_name(form_type: FormType, root: Shape, one: Occurrence) -> str:
    name = one.path[0]
    if one.local:
        return _("“%(name)s”只在它的循环（for）里有，这里已经在循环外面。", name=name)
    for each in form_type.fields:
        if name in {column.key for column in each.columns}:
            words = {"name": name, "table": each.label, "key": each.key}
            return _(
                "“%(name)s”是表格“%(table)s”的一列，"
                "只能在 {%%tr for row in %(key)s %%} 里写成 row.%(name)s。",
                **words,
            )
    return _("表单里没有“%(name)s”这一项", name=name) + nearest(name, root.parts)


def _wrong_step(shape: Shape, path: Path, index: int) -> str:
    step = path[index]
    is_answer = index == 1 and path[0] not in COMMON_NAMES
    if shape.is_text and (is_answer or step == ITEM):
        return _("%(name)s不是表格，不能逐行打印。", name=shape.called)
    if shape.is_text:
        return _("%(name)s是一段文字，后面不能再跟“.%(part)s”。", name=shape.called, part=step)
    if shape.is_rows or step in (ITEM, PARAGRAPHS):
        words = {"name": shape.called, "path": ".".join(path[: index + 1])}
        return _("%(name)s是表格，“%(path)s”写法不对，要用 {%%tr for … %%} 逐行打印。", **words)
    return _("%(name)s没有“%(part)s”这一项", name=shape.called, part=step) + nearest(step, shape.parts)


def _wrong_end(shape: Shape, one: Occurrence) -> str:
    if one.how == LOOPED and not shape.is_rows:
        return _("%(name)s不是表格，不能逐行打印。", name=shape.called)
    if one.how == PRINTED and shape.is_rows:
        return _("%(name)s是表格，要用 {%%tr for … %%} 逐行打印。", name=shape.called)
    if one.how == PRINTED and not shape.is_text:
        words = {"name": shape.called, "parts": "、".join(shape.parts)}
        return _("%(name)s是一组内容，要写明印哪一项：%(parts)s。", **words)
    return ""
