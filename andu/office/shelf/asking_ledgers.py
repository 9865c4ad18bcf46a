"""What a page asks about a ledger, and what becomes of the answers: as ``asking_parts`` does for form types.

A column is chosen from a list of what can stand in it; what the page cannot say is kept as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from andu.formtypes.beside import ledger_reading
from andu.formtypes.beside.ledger_keys import COLUMN_KEYS, LEDGER_KEYS, MOST_COLUMNS
from andu.formtypes.beside.ledger_reading import OF_SERIES
from andu.formtypes.beside.ledgers import CASE, DEADLINE, MOMENTS, value_of
from andu.formtypes.definition import Field, FormType
from andu.formtypes.kinds import KINDS
from andu.formtypes.language.readers import Key
from andu.office.office import Office
from andu.office.shelf import ledger_words, parts
from andu.office.shelf.asking_options import NONE, Choosing, Options
from andu.office.shelf.asking_parts import Posted, Question, Sheet
from andu.office.shelf.parts import Tree
from andu.papers.blanks.keys import Keys

OWN, RECORD = "own", "record"
"""Where a column can be taken from, beside the deadlines and the other forms of the case."""


@dataclass(frozen=True)
class LedgerChoosing(Choosing):
    """What can be chosen about a ledger, or about one of its columns."""

    def own(self, name: str) -> Options | None:
        """The choices of a key that the language reads as any text; None where there are none."""
        made = {
            "forms": self._ledger_forms,
            "period": self._periods,
            "sort": lambda: columns_of(self.tree),
            "seen_by": self._codes,
            "under": self._over,
        }.get(name)
        return made() if made else None

    def fields(self, kinds: Sequence[str] = ()) -> Options:
        """The open fields of the form types that the ledger takes in."""
        found: dict[str, str] = {}
        for one in _open_fields(forms_of(self.office, self.tree)):
            if not kinds or one.kind in kinds:
                found.setdefault(one.key, one.label)
        return [*found.items()]

    def looked_at(self) -> Options:
        """The fields that its condition may look at."""
        return self.fields()

    def answers(self) -> list[tuple[str, str]]:
        """What these can be answered with, where that is a list."""
        found = {}
        for one in _open_fields(forms_of(self.office, self.tree)):
            if KINDS[one.kind].is_counted and one.settings.get("choices"):
                found[one.label] = "、".join(map(str, one.settings["choices"]))
        return [*found.items()]

    def _ledger_forms(self) -> Options:
        series = [
            (f"{OF_SERIES}{one.key}", _("凡是编入“%(label)s”的", label=one.label))
            for one in self.office.config.series.values()
        ]
        known = [*self._forms(), *series]
        said = [str(one) for one in parts.list_at(dict(self.tree), "forms")]
        more = [one for one in said if one not in dict(known)]
        return [*known, *((one, _("名称以 %(stem)s 开头的", stem=one.rstrip("*"))) for one in more)]

    def _periods(self) -> Options:
        said = ledger_words.of_record()
        dated = self.fields([name for name, kind in KINDS.items() if kind.is_dated])
        return [*((one, said[one]) for one in MOMENTS), *dated]

    def _over(self) -> Options:
        return [
            NONE,
            *(
                (str(one.get("key")), str(one.get("label")))
                for one in parts.list_at(self.tree, "columns")
                if one.get("key") != self.part.get("key") and not one.get("under")
            ),
        ]


@dataclass(frozen=True)
class LedgerSheet(Sheet):
    """All that is asked of a ledger, or of one of its columns."""

    @property
    def choosing(self) -> LedgerChoosing:
        """What can be chosen."""
        return LedgerChoosing(self.office, self.tree, self.part, self.keys, self.path, self.where)

    def _look(self, name: str, key: Key) -> tuple[str, Options]:
        look, options = super()._look(name, key)
        said = ledger_words.options()
        return look, [(one, said.get(one, label)) for one, label in options]


@dataclass(frozen=True)
class AskedColumn:
    """A column as the page asks it: its number from 1, what stands in it, the questions by name."""

    number: int
    key: str
    value: str
    words: str
    asked: Mapping[str, Question]


def of_ledger(office: Office, tree: Tree) -> LedgerSheet:
    """What is asked of the ledger as a whole."""
    return LedgerSheet(office, tree, tree, LEDGER_KEYS, ledger_words.of_ledger())


def of_columns(office: Office, tree: Tree) -> list[AskedColumn]:
    """What is asked of each column."""
    found = []
    for number, part in enumerate(parts.list_at(tree, "columns"), 1):
        sheet = _of_column(office, tree, part)
        asked = {one.name: replace(one, name=f"c{number}-{one.name}") for one in sheet.asked()}
        value = str(part.get("value", ""))
        found.append(AskedColumn(number, str(part.get("key")), value, words_of(office, tree, value), asked))
    return found


def _of_column(office: Office, tree: Tree, part: Tree) -> LedgerSheet:
    return LedgerSheet(office, tree, part, COLUMN_KEYS, ledger_words.of_column())


# --- from the page to the tree --------------------------------------------------------------------


def begun(office: Office, title: str, form: str) -> Tree:
    """A ledger to begin with: number and day, and what its records are called by."""
    tree: Tree = {"title": title, "group": ledger_words.usual_group(), "forms": [form], "columns": []}
    found = office.catalogue.get(form)
    named = [key.partition(".")[0] for key in found.record_title] if found else []
    add(office, tree, ["number", "numbered_at", *dict.fromkeys(named)])
    for one in tree["columns"]:
        if one["value"] == "numbered_at":
            one["show"] = "day"
    return tree


def taken(office: Office, was: Tree, posted: Posted) -> Tree:
    """The tree as the page says it now; ``was``: the one in force, whose unasked parts are kept."""
    tree: Tree = {**was, "forms": [one for one in posted("forms") if one]}
    known = {str(one.get("key")): one for one in parts.list_at(dict(was), "columns")}
    numbered = []
    for number in range(1, MOST_COLUMNS + 1):
        key, value = (next(iter(posted(f"c{number}-{name}")), "").strip() for name in ("key", "value"))
        if key and value and not posted(f"c{number}-gone"):
            place = next(iter(posted(f"c{number}-place")), "").strip()
            part = {**known.get(key, {"key": key}), "value": value}
            numbered.append(
                (int(place) if place.isdecimal() and len(place) < 6 else number * 10, number, part)
            )
    tree["columns"] = [part for _place, _number, part in sorted(numbered, key=lambda one: one[:2])]
    for _place, number, part in numbered:
        _of_column(office, tree, part).take(lambda name, number=number: posted(f"c{number}-{name}"))  # type: ignore[misc]
    of_ledger(office, tree).take(posted)
    return _without_lost(tree)


def _without_lost(tree: Tree) -> Tree:
    """What named a column that was taken away goes with it: the order, and what stood below it on paper."""
    keys = {key for key, _label in columns_of(tree)}
    if tree.get("sort") not in keys:
        tree.pop("sort", None)
    for one in tree["columns"]:
        if one.get("under") not in keys:
            one.pop("under", None)
    return tree


def add(office: Office, tree: Tree, values: Sequence[str]) -> None:
    """More columns at the end, each with a key of its own that stays."""
    columns = parts.list_at(tree, "columns")
    keys = Keys()
    for one in columns:
        keys.take(str(one.get("key")))
    for value in values[: MOST_COLUMNS - len(columns)]:
        label = words_of(office, tree, value).rpartition("：")[2][:20]
        made: Tree = {"key": keys.keep(value) or keys.of(label), "label": label, "value": value}
        columns.append(made)


def missing(tree: Tree) -> dict[str, str]:
    """What every ledger needs and this one has not, in words, by the name of the question."""
    said = {
        "title": _("请写台账名称。"),
        "group": _("请写归在哪个标题下，例如：登记簿。"),
        "forms": _("请至少勾一种表单，台账里是它们的材料。"),
        "columns": _("请至少选一列。"),
    }
    return {name: words for name, words in said.items() if not tree.get(name)}


# --- what can stand in a column -------------------------------------------------------------------


def forms_of(office: Office, tree: Tree) -> list[FormType]:
    """The form types that a ledger takes in."""
    named = [str(one) for one in parts.list_at(dict(tree), "forms")]
    return ledger_reading.forms_named(named, office.catalogue)


def columns_of(tree: Tree) -> Options:
    """Key and head of each column."""
    return [(str(one.get("key")), str(one.get("label"))) for one in parts.list_at(dict(tree), "columns")]


def sources(office: Office, tree: Tree) -> Options:
    """Where columns can be taken from."""
    own = {one.slug for one in forms_of(office, tree)}
    others = [one for one in office.catalogue if one.case.joins and one.slug not in own]
    return [
        (OWN, _("这些表单的栏目")),
        (RECORD, _("登记情况：编号、日期、单位、进度…")),
        (DEADLINE, _("期限：何时到期、何时办结、是否超期")),
        *((f"{CASE}.{one.slug}", _("同一案卷的“%(title)s”", title=one.title)) for one in others),
    ]


def offered(office: Office, tree: Tree, source: str) -> Options:
    """What can be taken from a source: the value of a column, and its words."""
    if source == OWN:
        return _of_fields(forms_of(office, tree), "")
    if source == RECORD:
        return [*ledger_words.of_record().items()]
    if source == DEADLINE:
        return [
            (f"{DEADLINE}.{due.key}.{part}", f"{due.label}：{words}")
            for due in {due.key: due for form in office.catalogue for due in form.deadlines}.values()
            for part, words in ledger_words.of_deadline().items()
        ]
    form = office.catalogue.get(source.removeprefix(f"{CASE}."))
    if form is None:
        return []
    words = [(f"{source}.{one}", ledger_words.of_record()[one]) for one in ("number", "numbered_at")]
    return [*words, *_of_fields([form], f"{source}.")]


def _of_fields(forms: Sequence[FormType], before: str) -> Options:
    found: dict[str, str] = {}
    for one in _open_fields(forms):
        found.setdefault(before + one.key, one.label)
        for column in one.columns:
            if not column.confidential:
                found.setdefault(f"{before}{one.key}.{column.key}", f"{one.label}：{column.label}")
    return [*found.items()]


def _open_fields(forms: Sequence[FormType]) -> list[Field]:
    return [one for form in forms for one in form.fields if not one.confidential]


def words_of(office: Office, tree: Tree, text: str) -> str:
    """What stands in a column, in words; the text itself where nothing of that name is known."""
    value = value_of(text)
    if value is None:
        return text
    if value.instead:
        names = [words_of(office, tree, one) for one in (value.name, *value.instead)]
        return _("，没有的用").join(names)
    if value.of == DEADLINE:
        return dict(offered(office, tree, DEADLINE)).get(text, text)
    known = {**ledger_words.of_record(), **dict(_of_fields(forms_of(office, tree), ""))}
    if value.of == CASE:
        form = office.catalogue.get(value.form)
        words = dict(offered(office, tree, f"{CASE}.{value.form}")).get(text, text)
        return f"{form.title}：{words}" if form else text
    return known.get(text, text)
