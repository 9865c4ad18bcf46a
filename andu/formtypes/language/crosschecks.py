"""What one part of a form file says of another: names that must exist, conditions, samples, reserved words.

Called by `reading` when every key has been read, also when some were faulty: all faults come at once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from flask_babel import gettext as _

from andu.formtypes.definition import PAPER_NAMES, Field, FormType, Rule, Section
from andu.formtypes.directory import NoDirectory
from andu.formtypes.faults import nearest
from andu.formtypes.kinds import KINDS, NUMBERS, RECORDS, WORDS
from andu.formtypes.language.actchecks import check_acts, check_names, settled_acts
from andu.formtypes.language.keys.conditionkeys import settled
from andu.formtypes.language.readers import FieldName, Findings, Many
from andu.formtypes.language.rules import RULES

COLUMNS = {
    **dict.fromkeys(("equals_sum", "less_than_sum"), FieldName(NUMBERS)),
    **dict.fromkeys(("every_row", "some_row"), FieldName(WORDS)),
}
"""What kind of column a rule looks at; any where it stands not here."""
# Names that a template could not write: the words of its own language.
TEMPLATE_WORDS = frozenset(
    (
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "elif",
        "for",
        "set",
        "true",
        "false",
        "none",
        "self",
        "loop",
    )
    + ("range", "dict", "lipsum", "cycler", "joiner", "namespace", "caller", "varargs", "kwargs")
)


def checked(form: FormType, series: Collection[str] | None, findings: Findings) -> FormType:
    """The form type with its conditions settled; every fault between its parts goes to `findings`."""
    _keys(form, findings)
    form = _settled(form, findings)
    fields = {field.key: field for field in form.fields}
    for path, field in _places(form):
        _field(field, fields, path, findings)
        for index, column in enumerate(field.columns):
            _field(column, {}, f"{path}.columns[{index}]", findings)
    if series is not None and form.series and form.series not in series:
        findings.add(
            "series",
            _("没有“%(key)s”这个编号序列%(near)s", key=form.series, near=nearest(form.series, series)),
        )
    check_names(form.record_title, FieldName(), fields, "record_title", findings)
    check_names(form.reports_to, FieldName(RECORDS), fields, "reports_to", findings)
    for index, rule in enumerate(form.rules):
        _rule(rule, fields, f"rules[{index}]", findings)
    _open_title(form, fields, findings)
    _eyes(fields, findings)
    check_acts(form, fields, findings)
    return form


def _places(form: FormType) -> Iterator[tuple[str, Field]]:
    for at, section in enumerate(form.sections):
        for index, field in enumerate(section.fields):
            yield f"sections[{at}].fields[{index}]", field


def _keys(form: FormType, findings: Findings) -> None:
    seen: dict[str, int] = {}
    for path, field in _places(form):
        if field.key in seen:
            findings.add(
                f"{path}.key", _("字段“%(key)s”在第 %(n)s 行已经有了", key=field.key, n=seen[field.key])
            )
        if field.key in PAPER_NAMES or field.key in TEMPLATE_WORDS:
            findings.add(f"{path}.key", _("“%(key)s”是公文模板自己用的名字，请换一个", key=field.key))
        seen.setdefault(field.key, field.line)


def _settled(form: FormType, findings: Findings) -> FormType:
    everything = {field.key: field for field in form.fields}
    earlier: dict[str, Field] = {}
    sections = []
    for at, section in enumerate(form.sections):
        fields = []
        for index, field in enumerate(section.fields):
            path = f"sections[{at}].fields[{index}]"
            others = {key: one for key, one in everything.items() if key != field.key}
            show = settled(field.show_when, earlier, KINDS, f"{path}.show_when", findings)
            require = settled(field.require_when, others, KINDS, f"{path}.require_when", findings)
            fields.append(replace(field, show_when=show, require_when=require))
            earlier[field.key] = field
        sections.append(Section(section.title, section.help, tuple(fields)))
    rules = []
    for index, rule in enumerate(form.rules):
        when = settled(rule.params["when"], everything, KINDS, f"rules[{index}].when", findings)
        rules.append(replace(rule, params={**rule.params, "when": when}))
    return settled_acts(replace(form, sections=tuple(sections), rules=tuple(rules)), everything, findings)


def _field(field: Field, fields: Mapping[str, Field], path: str, findings: Findings) -> None:
    kind = KINDS[field.kind]
    sound = True
    for setting, message in kind.faults(field, fields):
        findings.add(f"{path}.{setting}", message)
        sound = False
    if not sound or findings.has_fault_within(path):
        return  # samples are judged by sound settings only
    if field.left_out and field.required:
        findings.add(f"{path}.sample", _("必须填写的，示例不能是空的"))
    try:
        if field.sample is not None and not field.left_out and not kind.needs_directory:
            kind.written(field, NoDirectory())
    except (ValueError, KeyError, TypeError) as error:
        findings.add(f"{path}.sample", _("示例不合这个字段的要求：%(why)s", why=error))
    try:
        if field.default is not None and field.default not in kind.starts:
            kind.literal(field, field.default)
    except ValueError as error:
        near = nearest(field.default or "", kind.starts)
        findings.add(f"{path}.default", _("初始值不合这个字段的要求：%(why)s%(near)s", why=error, near=near))


def _rule(rule: Rule, fields: Mapping[str, Field], path: str, findings: Findings) -> None:
    if RULES[rule.name].needs_when and rule.params["when"] is None:
        findings.add(path, _("%(name)s 要写明在什么情况下不能这样填（when）", name=rule.name))
    for name, key in RULES[rule.name].keys.items():
        reader, value = key.reads, rule.params[name]
        if name == "column":
            table = fields.get(rule.params["table"])
            columns = {one.key: one for one in table.columns} if table else {}
            if table:
                reader = COLUMNS.get(rule.name, FieldName())
                check_names([value], reader, columns, f"{path}.column", findings)
        elif name == "in":
            table = fields.get(rule.params["table"])
            columns = {one.key: one for one in table.columns} if table else {}
            column = columns.get(rule.params["column"])
            choices = column.settings.get("choices", ()) if column else ()
            for word in value:
                if choices and word not in choices:
                    near = nearest(word, choices)
                    findings.add(f"{path}.in", _("没有“%(word)s”可选%(near)s", word=word, near=near))
        elif isinstance(reader, FieldName):
            check_names([value], reader, fields, f"{path}.{name}", findings)
        elif isinstance(reader, Many) and isinstance(reader.item, FieldName):
            check_names(value, reader.item, fields, f"{path}.{name}", findings)


def _eyes(fields: Mapping[str, Field], findings: Findings) -> None:
    for field in fields.values():
        if field.needs_second_person and not field.confidential:
            message = _("“%(key)s”不是保密的（confidential），不用写谁能打开", key=field.key)
            findings.add("sections", message)


def _open_title(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    signed = {key for slot in form.signatures.slots for key in slot.fields}
    for index, key in enumerate(form.record_title):
        if key in fields and (fields[key].confidential or key in signed):
            message = _("“%(key)s”是保密的或签字时才填的，不能作标题", key=key)
            findings.add(f"record_title[{index}]", message)
