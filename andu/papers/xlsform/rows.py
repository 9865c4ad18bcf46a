"""Each row of an XLSForm as a section, a field, a column, or a remark why it is none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from andu.formtypes.kinds import KINDS
from andu.formtypes.language.readers import KEY
from andu.papers.blanks.keys import Keys
from andu.papers.xlsform.conditions import Answerable, condition

Node = Mapping[str, Any]
Tree = dict[str, Any]
KIND_OF = {
    "text": "text",
    "string": "text",
    "barcode": "text",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
    "date": "date",
    "datetime": "datetime",
    "time": "text",
    "select one": "choice",
    "select all that apply": "choices",
    "acknowledge": "yesno",
    "trigger": "yesno",
    "image": "attachments",
    "photo": "attachments",
    "file": "attachments",
    "audio": "attachments",
    "video": "attachments",
}
"""The kind of field for each type that has one."""
NO_QUESTIONS = {"calculate", "hidden", "start", "end", "today", "deviceid", "username", "email", "audit"}
YES = {"yes", "true", "true()"}
NO = {"", "no", "false", "false()"}
TITLE = "填写内容"
LONGEST_LABEL, LONGEST_HELP, LONGEST_NOTE = 60, 300, 400
_BOUND = re.compile(r"\.\s*(?P<sign><=|>=|<|>)\s*(?P<number>-?\d+(?:\.\d+)?)")


class Rows:
    """What becomes of the rows of one form: sections with fields, and what is to be told of each row."""

    def __init__(self, numbers: Mapping[int, int]) -> None:
        self.sections: list[Tree] = []
        self.told: list[dict[str, Any]] = []
        self._numbers = numbers
        self._keys = Keys()
        self._known: dict[str, Answerable] = {}

    def take(self, children: Sequence[Node], title: str = "", when: Sequence[str] = ()) -> None:
        """The children of the form or of a group; groups become sections of their own."""
        section = self._section(title)
        for node in children:
            kind = str(node.get("type", "")).lower()
            if kind == "group" and node.get("name") != "meta":
                inner = "：".join(filter(None, (title, label_of(node))))
                self.take(node.get("children") or (), inner, [*when, *_relevant(node)])
                section = self._section(title)
            elif kind == "note":
                self._note(section, node)
            elif kind == "repeat":
                self._add(section, self._table(node), node, when)
            elif kind != "group":
                self._add(section, self._field(node, self._keys, in_table=False), node, when)

    def filled(self) -> list[Tree]:
        """The sections that have fields; what was said above one without goes to the next."""
        found: list[Tree] = []
        said = ""
        for one in self.sections:
            said = " ".join(filter(None, (said, one.get("help", ""))))
            if one["fields"]:
                found.append({**one, **({"help": said[:LONGEST_NOTE]} if said else {})})
                said = ""
        return found

    def _section(self, title: str) -> Tree:
        made: Tree = {"title": (title or TITLE)[:LONGEST_LABEL], "fields": []}
        self.sections.append(made)
        return made

    def _note(self, section: Tree, node: Node) -> None:
        section["help"] = " ".join(filter(None, (section.get("help"), label_of(node))))[:LONGEST_NOTE]
        self._tell(node, _("提示文字，写进了这一部分的说明"), kept=True)

    def _add(self, section: Tree, field: Tree | None, node: Node, when: Sequence[str]) -> None:
        if field is None:
            return
        said = [*when, *_relevant(node)]
        found = [condition(one, self._known) for one in said]
        if found and all(found):
            field["show_when"] = found[0] if len(found) == 1 else {"all": found}
        elif said:
            what = " and ".join(said)[:120]
            self._tell(node, _("出现的条件这里说不了，没有带过来：%(what)s", what=what), kept=True)
        section["fields"].append(field)
        names = {one["name"]: label_of(one) or one["name"] for one in _choices(node)}
        self._known[str(node.get("name"))] = Answerable(field["key"], field["kind"], names)

    def _table(self, node: Node) -> Tree | None:
        keys, columns = Keys(), []
        for child in node.get("children") or ():
            kind = str(child.get("type", "")).lower()
            if kind in ("group", "repeat"):
                self._tell(child, _("表格里面不能再分组、再重复"))
                continue
            column = self._field(child, keys, in_table=True)
            if column:
                columns.append(column)
                if _relevant(child):
                    self._tell(child, _("表格里的列不能有出现的条件，没有带过来"), kept=True)
        if not columns:
            self._tell(node, _("重复的一组里没有能用的栏目"))
            return None
        return {**self._named(node, self._keys), "kind": "table", "columns": columns}

    def _field(self, node: Node, keys: Keys, *, in_table: bool) -> Tree | None:
        said = str(node.get("type", "")).lower()
        kind = KIND_OF.get(said, "")
        if why := _unfit(node, said, kind, in_table):
            self._tell(node, why)
            return None
        if kind == "text" and "multiline" in str((node.get("control") or {}).get("appearance", "")):
            kind = "longtext"
        field = self._named(node, keys) | {"kind": kind}
        if "choices" in KINDS[kind].settings:
            field["choices"] = list(dict.fromkeys(label_of(one) or one["name"] for one in _choices(node)))
        self._settle(field, node, said)
        return field

    def _named(self, node: Node, keys: Keys) -> Tree:
        label = (label_of(node) or str(node.get("name")))[:LONGEST_LABEL]
        name = str(node.get("name", "")).lower()
        made: Tree = {"key": (KEY.fullmatch(name) and keys.keep(name)) or keys.of(label), "label": label}
        return made

    def _settle(self, field: Tree, node: Node, said: str) -> None:
        """Whether it must be filled, its help, its bounds; and what of it cannot be said here."""
        bind = node.get("bind") or {}
        required = str(bind.get("required", "")).strip().lower()
        if required in YES:
            field["required"] = "true"
        elif required not in NO:
            self._tell(node, _("必填的条件是算式，没有带过来"), kept=True)
        if help_ := _in_chinese(node.get("hint")):
            field["help"] = help_[:LONGEST_HELP]
        if said in ("integer", "int"):
            field["integer"] = "true"
        self._bounds(field, node, str(bind.get("constraint", "")).strip())
        self._default(field, str(node.get("default") or "").strip(), node)
        for name, why in _beside().items():
            if bind.get(name) or node.get(name):
                self._tell(node, why, kept=True)
        if said == "time":
            self._tell(node, _("没有只写时刻的栏目，改成了一行文字"), kept=True)

    def _bounds(self, field: Tree, node: Node, text: str) -> None:
        if not text:
            return
        found = _bounds_of(text) if field["kind"] == "number" else {}
        if not found:
            self._tell(node, _("填写的限制这里说不了，没有带过来：%(what)s", what=text[:120]), kept=True)
        field.update(found)

    def _default(self, field: Tree, text: str, node: Node) -> None:
        if not text:
            return
        if text == "today()" and field["kind"] == "date":
            field["default"] = "today"
        elif field["kind"] == "text" and not re.search(r"[${}()]", text):
            field["default"] = text
        else:
            self._tell(node, _("先填好的内容没有带过来：%(what)s", what=text[:60]), kept=True)

    def _tell(self, node: Node, why: str, *, kept: bool = False) -> None:
        """Note a row: ``kept`` where it came over all the same, but not as it was."""
        name, label = str(node.get("name", "")), label_of(node)
        row = self._numbers.get(id(node), 0)
        self.told.append({"row": row, "name": label or name, "why": why, "kept": kept})


def _relevant(node: Node) -> list[str]:
    """When a row applies, as it is written; nothing where it always does."""
    said = str((node.get("bind") or {}).get("relevant", "")).strip()
    return [said] if said else []


def _bounds_of(text: str) -> dict[str, str]:
    """The least and the most that a constraint allows; nothing where it says more than that."""
    found = {}
    for said in re.split(r"\s+and\s+", text):
        one = _BOUND.fullmatch(said.strip())
        step = {"<": -1, ">": 1}.get(one["sign"], 0) if one else 0
        if one is None or (step and "." in one["number"]):
            return {}
        number = str(int(one["number"]) + step) if step else one["number"]
        found["max" if "<" in one["sign"] else "min"] = number
    return found


def _beside() -> dict[str, str]:
    """What a question may have that no field here has."""
    return {
        "calculate": _("算出来的内容没有带过来"),
        "readonly": _("“只读”没有带过来"),
        "choice_filter": _("选项随别的栏目变，没有带过来：选项全都列出"),
        "query": _("选项取自另一个文件，没有带过来"),
        "media": _("图片和声音没有带过来"),
    }


def _unfit(node: Node, said: str, kind: str, in_table: bool) -> str:
    """Why a row is no field; '' where it is one."""
    if said in NO_QUESTIONS:
        return _("不是让人填的（%(kind)s），由程序自己记", kind=said)
    if not kind:
        return _("没有“%(kind)s”这种栏目", kind=said)
    if kind in ("choice", "choices") and not _choices(node):
        return _("选项不在这份文件里")
    if in_table and not KINDS[kind].in_table:
        return _("表格里不能有“%(kind)s”这种栏目", kind=KINDS[kind].title)
    return ""


def _choices(node: Node) -> list[Node]:
    found = node.get("choices")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def label_of(node: Node) -> str:
    """What a row is called, in Chinese where it says so."""
    return _in_chinese(node.get("label"))


def _in_chinese(said: Any) -> str:
    if isinstance(said, Mapping):
        chinese = [text for name, text in said.items() if re.search(r"zh|chinese|中文|汉语", str(name), re.I)]
        said = (chinese or [*said.values()] or [""])[0]
    return " ".join(re.sub(r"<[^>]*>|[*_#]{2,}", " ", str(said or "")).split())


def preorder(children: Sequence[Node]) -> Iterator[Node]:
    """Every node, as they stand in the sheet."""
    for node in children:
        yield node
        yield from preorder(node.get("children") or ())
