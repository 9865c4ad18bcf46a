"""All form types of one folder, read once at start, or all their faults at once.

Office opens it with `Catalogue.load`; `script/andu forms check` asks `check_folder`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from flask_babel import gettext as _

from andu.formtypes.acts import Counted, Deadline, Meets
from andu.formtypes.definition import Field, FormType
from andu.formtypes.faults import Fault, FormFaults, nearest
from andu.formtypes.kinds import DATED, KINDS, TABLES, TEXTS, UNITS
from andu.formtypes.language.keys.conditionkeys import settled
from andu.formtypes.language.readers import Findings
from andu.formtypes.language.reading import read_form, read_text
from andu.formtypes.language.text.yamlwords import NotText, decoded

(_TEXT,), (_UNIT,) = TEXTS, UNITS
OF_THE_RECORD = {"number": _TEXT, "title": _TEXT, "unit": _UNIT, "code": _TEXT}
"""What `prefill` may take of a record besides its fields, and of what kind it is."""

_NONE: Mapping[str, str] = {}


class Catalogue:
    """The form types by slug, in the order in which people choose them; equal to one of the same versions.

    ``retired`` are those whose file is gone while records of them live: known as they last were, so that
    whatever names them still can, but nobody begins one.
    """

    def __init__(self, form_types: Iterable[FormType], retired: Collection[str] = ()) -> None:
        self.retired = frozenset(retired)
        in_order = sorted(form_types, key=lambda one: (one.order, one.slug))
        groups = list(dict.fromkeys(one.group for one in in_order))
        in_order.sort(key=lambda one: groups.index(one.group))
        self._by_slug = {one.slug: one for one in in_order}
        self._versions = tuple((one.slug, one.version, one.slug in self.retired) for one in in_order)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Catalogue) and self._versions == other._versions

    def __hash__(self) -> int:
        return hash(self._versions)

    @classmethod
    def load(
        cls,
        folder: Path,
        series: Collection[str] | None = None,
        known: Mapping[str, FormType] | None = None,
        published: Mapping[str, str] = _NONE,
        withdrawn: Collection[str] = (),
    ) -> "Catalogue":
        """Read every `*.yaml` of the folder; raises FormFaults with the faults of all files.

        ``known``: form types that had a file once; those that have none now are retired, and those that are
        ``withdrawn``. ``published``: slug to a text that is read in the place of its file.
        """
        there = (_slugs(folder) | published.keys()) - set(withdrawn)
        retired = {slug: one for slug, one in (known or {}).items() if slug not in there and there}
        found, faults = _read(folder, series, retired, published, withdrawn)
        if faults:
            raise FormFaults(faults)
        return cls([*found.values(), *retired.values()], retired)

    @classmethod
    def load_or_keep(
        cls,
        folder: Path,
        series: Collection[str] | None,
        kept: Mapping[str, str],
        known: Mapping[str, FormType],
        published: Mapping[str, str] = _NONE,
        withdrawn: Collection[str] = (),
    ) -> "tuple[Catalogue, list[Fault]]":
        """The form types of a folder, and its faults: for a faulty file its last good text stands in.

        ``kept`` has these texts by slug. When a fault lies between files, it may be another file that was
        changed or taken away: then all that were changed are as they were. What never was right is left out;
        ``known``, ``published`` and ``withdrawn`` as in ``load``. Raises FormFaults when nothing is left.
        """
        instead, left_out = dict(published), set(withdrawn)
        told: dict[Fault, None] = {}
        while True:
            read = (_slugs(folder) | instead.keys()) - left_out
            retired = {slug: one for slug, one in known.items() if slug not in read and read}
            found, faults = _read(folder, series, retired, instead, left_out)
            told |= dict.fromkeys(faults)
            wrong = {Path(one.file).stem for one in faults} & (found.keys() | _slugs(folder) | kept.keys())
            wrong -= left_out
            if not wrong and found:
                return cls([*found.values(), *retired.values()], retired), sorted(told)
            if not _put_back(folder, kept, wrong, instead):
                if not wrong:
                    raise FormFaults(told)
                left_out |= wrong

    def get(self, slug: str) -> FormType | None:
        """The form type of this slug, or None."""
        return self._by_slug.get(slug)

    def all(self) -> list[FormType]:
        """All form types, group by group."""
        return list(self._by_slug.values())

    def __iter__(self) -> Iterator[FormType]:
        return iter(self._by_slug.values())

    def __len__(self) -> int:
        return len(self._by_slug)


def check_folder(folder: Path, series: Collection[str] | None = None) -> list[Fault]:
    """Every fault of every form file in the folder, and between them; empty if all is well."""
    return sorted(_read(folder, series, {})[1])


def _slugs(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.yaml")}


def _put_back(folder: Path, kept: Mapping[str, str], wrong: set[str], instead: dict[str, str]) -> bool:
    """Let last good texts stand in: of what is wrong, else of all that was changed or taken away."""
    changed = {slug for slug in kept if slug not in instead and _text(folder, slug) != kept[slug]}
    back = changed & wrong
    if not back and (not wrong or wrong & kept.keys()):  # these were right before: it lies between files
        back = changed
    instead |= {slug: kept[slug] for slug in back}
    return bool(back)


def _text(folder: Path, slug: str) -> str | None:
    try:
        return decoded((folder / f"{slug}.yaml").read_bytes())
    except (OSError, NotText):
        return None


def _read(
    folder: Path,
    series: Collection[str] | None,
    retired: Mapping[str, FormType],
    instead: Mapping[str, str] = _NONE,
    left_out: Collection[str] = (),
) -> tuple[dict[str, FormType], list[Fault]]:
    """The form types and their faults; ``instead`` has texts that are read in the place of files."""
    found: dict[str, FormType] = {}
    faulty: list[FormType] = []
    faults: list[Fault] = []
    slugs = (_slugs(folder) | instead.keys()) - set(left_out)
    if not slugs:
        faults.append(Fault(str(folder), 1, "-", _("这个文件夹里没有表单文件（*.yaml）")))
    for path in sorted(folder.glob("*.y*ml")):
        if path.suffix != ".yaml":
            faults.append(Fault(path.name, 1, "-", _("表单文件应当以 .yaml 结尾")))
    for slug in sorted(slugs):
        path = folder / f"{slug}.yaml"
        try:
            is_kept = slug in instead
            found[slug] = (
                read_text(instead[slug], slug, path.name, series) if is_kept else read_form(path, series)
            )
        except FormFaults as error:
            faults.extend(error.faults)
            faulty.extend([error.as_far_as_read] if error.as_far_as_read else [])
    for form in (*found.values(), *faulty):
        faults.extend(_between(form, {**retired, **found}, slugs | retired.keys()))
    return found, faults


def _between(form: FormType, found: Mapping[str, FormType], slugs: Collection[str]) -> Iterator[Fault]:
    file = f"{form.slug}.yaml"
    named = [("next", one.form) for one in form.next] + [("case", one.form) for one in form.case.needs]
    for key, slug in named:
        if slug not in slugs:
            yield Fault(file, _line(form, f"{key}:"), key, _no_form(slug, slugs))
    yield from _missing_returns(form, found, slugs)
    yield from _not_counted(form, found, slugs)
    for deadline in form.deadlines:
        for meets in deadline.met_by:
            for message in _not_meeting(meets, found, slugs):
                yield Fault(file, _line_of(form, deadline.key), "deadlines.met_by", message)
        yield from _no_ground(form, deadline, found)
    for field in form.fields:
        forms, prefill = KINDS[field.kind].source(field)
        for slug in forms:
            if slug not in slugs:
                yield Fault(file, field.line, f"{field.key}.form", _no_form(slug, slugs))
        if all(slug in found for slug in forms):
            yield from _carried(form, field, prefill, [found[slug] for slug in forms])


def _not_meeting(meets: Meets, found: Mapping[str, FormType], slugs: Collection[str]) -> Iterator[str]:
    """Why records of that form type cannot meet a deadline as it says."""
    if meets.form not in slugs:
        yield _no_form(meets.form, slugs)
    if meets.form in found:
        other = found[meets.form]
        findings = Findings("")
        settled(meets.when, _open_fields(other), KINDS, "met_by", findings)
        yield from (fault.message for fault in findings.faults)
        slots = [slot.key for slot in other.signatures.slots]
        if meets.signed and meets.signed not in slots:
            near = nearest(meets.signed, slots)
            yield _("“%(form)s”没有签字位“%(key)s”%(near)s", form=other.title, key=meets.signed, near=near)
        if meets.to and not other.share_with:
            yield _("“%(form)s”不送给哪个单位（没有 share_with），不能写 to", form=other.title)
        dated = [key for key, field in _open_fields(other).items() if field.kind in DATED]
        if meets.at and meets.at not in dated:
            near = nearest(meets.at, dated)
            yield _("“%(form)s”没有日期或时间“%(key)s”%(near)s", form=other.title, key=meets.at, near=near)


def _no_ground(form: FormType, deadline: Deadline, found: Mapping[str, FormType]) -> Iterator[Fault]:
    """A ground that a form which chases does not offer."""
    for other in found.values() if deadline.ground else ():
        for target in (target for target, taken in other.chases.items() if taken == "ground"):
            field = next((one for one in other.fields if one.key == target), None)
            choices = field.settings.get("choices") if field else None
            if choices and deadline.ground not in choices:
                about = {"form": other.title, "ground": deadline.ground}
                message = _(
                    "“%(form)s”里没有“%(ground)s”可选%(near)s",
                    near=nearest(deadline.ground, choices),
                    **about,
                )
                yield Fault(f"{form.slug}.yaml", _line_of(form, deadline.key), "deadlines.ground", message)


def _open_fields(form: FormType) -> dict[str, Field]:
    return {field.key: field for field in form.fields if not field.confidential}


def _not_counted(form: FormType, found: Mapping[str, FormType], slugs: Collection[str]) -> Iterator[Fault]:
    """What a return counts of other form types, where these have no such thing."""
    for one in form.expected.counted if form.expected else ():
        for message in [_no_form(one.form, slugs)] if one.form not in slugs else _uncountable(one, found):
            yield Fault(f"{form.slug}.yaml", _line(form, "expected:"), "expected.counted", message)


def _uncountable(one: Counted, found: Mapping[str, FormType]) -> Iterator[str]:
    if one.form in found:
        other = found[one.form]
        for key, kinds in ((one.at, DATED), (one.rows, TABLES)):
            fitting = [name for name, field in _open_fields(other).items() if field.kind in kinds]
            if key and key not in fitting:
                near = nearest(key, fitting)
                yield _("“%(form)s”没有字段“%(key)s”%(near)s", form=other.title, key=key, near=near)


def _missing_returns(
    form: FormType, found: Mapping[str, FormType], slugs: Collection[str]
) -> Iterator[Fault]:
    slug = form.missing_returns.form if form.missing_returns else ""
    message = ""
    if slug and slug not in slugs:
        message = _no_form(slug, slugs)
    elif slug in found and found[slug].expected is None:
        message = _("“%(title)s”不是按期报送的表（没有 expected）", title=found[slug].title)
    if message:
        yield Fault(f"{form.slug}.yaml", _line(form, "missing_returns:"), "missing_returns.form", message)


def _carried(
    form: FormType, field: Field, prefill: Mapping[str, str], sources: Sequence[FormType]
) -> Iterator[Fault]:
    offered = [_open_kinds(source) for source in sources]
    for target, taken in prefill.items() if sources else ():
        message = _not_carried(taken, _kind_of(form, target), sources, offered)
        if message:
            yield Fault(f"{form.slug}.yaml", field.line, f"{field.key}.prefill.{target}", message)


def _not_carried(
    taken: str, target: str, sources: Sequence[FormType], offered: Sequence[Mapping[str, str]]
) -> str:
    """Why this cannot be carried from any, or not from all, into a field of kind ``target``; '' if it can."""
    if any(taken.partition(".")[0] in source.confidential_keys for source in sources):
        return _("“%(key)s”是保密字段，不能带入", key=taken)
    # Of several forms each gives what it has: minutes have no addressees, other documents do.
    kinds = {kind for one in offered if (kind := one.get(taken))}
    if not kinds:
        near = nearest(taken, dict.fromkeys(key for one in offered for key in one))
        titles = "、".join(source.title for source in sources)
        return _("“%(form)s”没有字段“%(key)s”%(near)s", form=titles, key=taken, near=near)
    unfit = sorted(kind for kind in kinds if not _goes_with(kind, target))
    return _("“%(key)s”是 %(kind)s 字段，只能带入同种字段", key=taken, kind=unfit[0]) if unfit else ""


def _open_kinds(source: FormType) -> dict[str, str]:
    """The kind of whatever `prefill` may take from a form type, by its name."""
    fields = [one for one in source.fields if not one.confidential]
    kinds = {one.key: one.kind for one in fields}
    kinds |= {f"{one.key}.{column.key}": column.kind for one in fields for column in one.columns}
    return kinds | OF_THE_RECORD


def _kind_of(form: FormType, target: str) -> str:
    key, _dot, column = target.partition(".")
    fields = {field.key: field for field in form.fields}
    fields |= {f"{key}.{one.key}": one for one in fields[key].columns} if column and key in fields else {}
    return fields[target].kind if target in fields else ""


def _goes_with(source: str, target: str) -> bool:
    # Only what is typed can be carried into another kind; ids, lists and rows mean nothing there.
    kinds = [KINDS[name] for name in (source, target) if name]
    plain = not any(kind.needs_directory or kind.holds_many or not kind.in_table for kind in kinds)
    return source == target or not target or plain


def _no_form(slug: str, slugs: Collection[str]) -> str:
    return _("没有表单“%(slug)s”%(near)s", slug=slug, near=nearest(slug, slugs))


def _line_of(form: FormType, deadline: str) -> int:
    lines = form.source.splitlines()
    found = (number for number, line in enumerate(lines, start=1) if line.strip() == f"- key: {deadline}")
    return next(found, 1)


def _line(form: FormType, start: str) -> int:
    lines = form.source.splitlines()
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(start)), 1)
