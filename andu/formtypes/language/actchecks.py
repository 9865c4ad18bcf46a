"""What the acts of a form file (signing, cases, deadlines, what follows) say of its fields and of each other.

Called by `crosschecks` when every key has been read, also when some were faulty.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from flask_babel import gettext as _

from andu.formtypes.acts import (
    COUNTING_RULES,
    FIELD_RULES,
    STARTS,
    Deadline,
    Expected,
    Signatures,
    Slot,
    Urgent,
    Verdict,
)
from andu.formtypes.definition import Field, FormType
from andu.formtypes.faults import nearest
from andu.formtypes.kinds import (
    DATED,
    KINDS,
    NUMBERS,
    PEOPLE,
    PERIODS,
    PROSE,
    RECORDS,
    TABLES,
    TEXTS,
    TICKS,
    UNITS,
    WORDS,
)
from andu.formtypes.language.keys.conditionkeys import settled
from andu.formtypes.language.readers import KEY, FieldName, Findings

OF_A_DEADLINE = (
    *("number", "title", "matter", "label", "reference", "ground"),
    *("unit", "due", "days_late", "times", "words", "source"),
)
"""What `chases` may take from a deadline."""
OF_A_PAPER = ("number", "title", "form", "unit", "date", "pages")
"""What `lists` may take from each paper of a case."""
OF_MISSING_RETURNS = ("unit", "sentence", "count", "period", "due", "title", "words", "source")
"""What `missing_returns` may take from the returns that are missing."""
A_DAY = FieldName(DATED)
BRANCHES = ("opens_branch", "ends_branch")


def settled_acts(form: FormType, fields: Mapping[str, Field], findings: Findings) -> FormType:
    """The form type with the conditions of its acts settled."""
    deadlines = tuple(
        replace(one, when=settled(one.when, fields, KINDS, f"deadlines[{index}].when", findings))
        for index, one in enumerate(form.deadlines)
    )
    following = tuple(
        replace(one, when=settled(one.when, fields, KINDS, f"next[{index}].when", findings))
        for index, one in enumerate(form.next)
    )
    closes = settled(form.case.closes_when, fields, KINDS, "case.closes_when", findings)
    opened, ended = (
        tuple(
            replace(one, when=settled(one.when, fields, KINDS, f"case.{name}[{index}].when", findings))
            for index, one in enumerate(getattr(form.case, name))
        )
        for name in BRANCHES
    )
    needed = tuple(
        replace(one, when=settled(one.when, fields, KINDS, f"case.needs[{index}].when", findings))
        for index, one in enumerate(form.case.needs)
    )
    shares = tuple(
        replace(one, when=settled(one.when, fields, KINDS, f"share_with[{index}].when", findings))
        for index, one in enumerate(form.share_with)
    )
    return replace(
        form,
        deadlines=deadlines,
        next=following,
        case=replace(form.case, closes_when=closes, opens_branch=opened, ends_branch=ended, needs=needed),
        share_with=shares,
        urgent=_urgent(form, fields, findings),
    )


def _urgent(form: FormType, fields: Mapping[str, Field], findings: Findings) -> Urgent | None:
    if form.urgent is None:
        return None
    when = settled(form.urgent.when, fields, KINDS, "urgent.when", findings)
    signed = {key for slot in form.signatures.slots for key in slot.fields}
    if when and signed & set(when.fields()):
        findings.add("urgent.when", _("签字时才填的字段不能用在这里"))
    return replace(form.urgent, when=when) if when else None


def check_acts(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    """Every fault between the acts of a form and its fields goes to `findings`."""
    for index, one in enumerate(form.next):
        _unit(one.unit, fields, f"next[{index}].unit", findings)
    for index, share in enumerate(form.share_with):
        if share.place:
            check_place(share.place, UNITS, fields, f"share_with[{index}]", findings)
    _slots(form, fields, findings)
    _recusal(form, fields, findings)
    _receipts(form.signatures, findings)
    _enough(form, findings)
    _deadlines(form, fields, findings)
    _case(form, fields, findings)
    _targets(form.chases, OF_A_DEADLINE, fields, "chases", findings)
    for index, path in enumerate(form.duplicates):
        check_place(path, PROSE, fields, f"duplicates[{index}]", findings)
    if form.expected:
        _expected(form.expected, fields, findings)
    if form.missing_returns:
        fills = form.missing_returns.fills
        _targets(fills, OF_MISSING_RETURNS, fields, "missing_returns.fills", findings)


def _expected(expected: Expected, fields: Mapping[str, Field], findings: Findings) -> None:
    kinds = FieldName((*PERIODS, *DATED))
    check_names([expected.period], kinds, fields, "expected.period", findings)
    if bool(expected.category) == bool(expected.unit):
        findings.add("expected", _("要写明由哪类单位报（category），或者由哪个单位报（unit），只写一样"))
    has_day = expected.period in fields and fields[expected.period].kind in DATED
    if expected.period in fields and has_day != bool(expected.every):
        findings.add("expected.every", _("报告期是日期的要写明多长一期（every），别的不写"))
    texts = FieldName(PROSE)
    check_names([expected.differs] if expected.differs else [], texts, fields, "expected.differs", findings)
    for index, one in enumerate(expected.counted):
        path = f"expected.counted[{index}]"
        check_names([one.field], FieldName(NUMBERS), fields, f"{path}.field", findings)
        nil = [one.nil] if one.nil else []
        check_names(nil, FieldName(TICKS), fields, f"{path}.nil", findings)


def check_names(
    keys: Collection[str], reader: FieldName, fields: Mapping[str, Field], path: str, findings: Findings
) -> None:
    """Note a fault for every key that is no field of the form, or none of the kinds the reader asks for."""
    fitting = [key for key, field in fields.items() if not reader.kinds or field.kind in reader.kinds]
    for index, key in enumerate(keys):
        where = f"{path}[{index}]" if f"{path}[{index}]" in findings.lines else path
        if key not in fields:
            findings.add(where, _("没有字段“%(key)s”%(near)s", key=key, near=nearest(key, fitting)))
        elif key not in fitting:
            kinds = "、".join(reader.kinds)
            findings.add(
                where,
                _("“%(key)s”应当是 %(kinds)s 字段%(near)s", key=key, kinds=kinds, near=nearest(key, fitting)),
            )


def _slots(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    slots: dict[str, Slot] = {}
    filled: dict[str, str] = {}
    for index, slot in enumerate(form.signatures.slots):
        path = f"signatures.slots[{index}]"
        if slot.key in slots:
            findings.add(f"{path}.key", _("签字位“%(key)s”写了两次", key=slot.key))
        slots[slot.key] = slot
        _unit(slot.unit, fields, f"{path}.unit", findings)
        if slot.person:
            check_names([slot.person], FieldName(PEOPLE), fields, f"{path}.person", findings)
        check_names(slot.fields, FieldName(), fields, f"{path}.fields", findings)
        for key in slot.fields:
            if key in filled:
                findings.add(f"{path}.fields", _("“%(key)s”已经由“%(slot)s”填写", key=key, slot=filled[key]))
            if key in fields and fields[key].confidential:
                findings.add(f"{path}.fields", _("保密字段“%(key)s”不能在签字时填写", key=key))
            filled[key] = slot.label


def _recusal(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    """Whoever must not sign is known before anybody does."""
    signed = {key for slot in form.signatures.slots for key in slot.fields}
    for name, kinds in (("recuse", PEOPLE), ("recuse_places", UNITS)):
        for index, place in enumerate(getattr(form.signatures, name)):
            path = f"signatures.{name}[{index}]"
            check_place(place, (*PROSE, *kinds), fields, path, findings)
            if place.partition(".")[0] in signed:
                findings.add(path, _("签字时才填的字段不能用在这里"))


def _receipts(signatures: Signatures, findings: Findings) -> None:
    """What is signed after the number asks nothing new, comes last, and is never all there is."""
    before = [slot for slot in signatures.slots if not slot.after_number]
    last = max((slot.order for slot in before), default=0)
    somewhere = {key for rule in signatures.enough for one in rule.sets for key in one}
    for index, slot in enumerate(signatures.slots):
        path, label = f"signatures.slots[{index}]", slot.label
        if not slot.after_number:
            continue
        if slot.fields:
            message = _("“%(label)s”在取号以后签，材料已经定稿，不能再填字段", label=label)
            findings.add(f"{path}.fields", message)
        if slot.key in somewhere:
            message = _("“%(label)s”在取号以后签，不能写进签字规则 enough", label=label)
            findings.add(f"{path}.after_number", message)
        if not before:
            message = _("至少要有一处在取号以前签，不能只有取号以后的签收")
            findings.add(f"{path}.after_number", message)
        elif slot.order <= last:
            message = _("“%(label)s”在取号以后签，次序要排在取号以前各处之后", label=label)
            findings.add(f"{path}.order", message)


def _unit(unit: str, fields: Mapping[str, Field], path: str, findings: Findings) -> None:
    word, colon, key = unit.partition(":")
    if colon and word == "field":
        check_names([key], FieldName(UNITS), fields, path, findings)
    elif colon or not re.fullmatch(r"[A-Za-z0-9_\-]+", unit):
        findings.add(path, _("应当是 own、any、field:字段 或单位代码"))


def _enough(form: FormType, findings: Findings) -> None:
    slots = [slot.key for slot in form.signatures.slots]
    seen: set[str] = set()
    for index, rule in enumerate(form.signatures.enough):
        path = f"signatures.enough[{index}]"
        if rule.key in seen:
            findings.add(f"{path}.key", _("签字规则“%(key)s”写了两次", key=rule.key))
        seen.add(rule.key)
        for key in dict.fromkeys(key for one in rule.sets for key in one):
            if key not in slots:
                findings.add(
                    f"{path}.sets", _("没有签字位“%(key)s”%(near)s", key=key, near=nearest(key, slots))
                )


def _deadlines(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    seen: set[str] = set()
    for index, deadline in enumerate(form.deadlines):
        path = f"deadlines[{index}]"
        if deadline.key in seen:
            findings.add(f"{path}.key", _("期限“%(key)s”写了两次", key=deadline.key))
        seen.add(deadline.key)
        if (deadline.rule in COUNTING_RULES) != bool(deadline.n):
            rules = "、".join(COUNTING_RULES)
            findings.add(f"{path}.n", _("%(rules)s 要写明数目 n，别的算法不写", rules=rules))
        if (deadline.rule in FIELD_RULES) != bool(deadline.field):
            rules = "、".join(FIELD_RULES)
            findings.add(f"{path}.field", _("算法是 %(rules)s 的要写明字段 field，别的不写", rules=rules))
        if deadline.by_hand and deadline.met_by:
            findings.add(
                f"{path}.by_hand", _("要么由材料办结（met_by），要么由人注明办结（by_hand），不能都写")
            )
        _where(deadline, fields, path, findings)


def _where(deadline: Deadline, fields: Mapping[str, Field], path: str, findings: Findings) -> None:
    places = fields
    if deadline.each:
        check_names([deadline.each], FieldName(TABLES), fields, f"{path}.each", findings)
        table = fields.get(deadline.each)
        places = {**fields, **({column.key: column for column in table.columns} if table else {})}
        if not (deadline.about and (deadline.by_hand or deadline.met_by)):
            message = _(
                "逐行的期限要写明事项列 about，并写明由人注明办结（by_hand: true）还是由材料办结（met_by）"
            )
            findings.add(f"{path}.each", message)
        check_names(
            [deadline.about] if deadline.about else [], FieldName(), places, f"{path}.about", findings
        )
    _unit(deadline.unit, places, f"{path}.unit", findings)
    if deadline.field:
        check_names([deadline.field], A_DAY, places, f"{path}.field", findings)
    if deadline.start not in STARTS:
        check_names([deadline.start], A_DAY, fields, f"{path}.start", findings)


def _case(form: FormType, fields: Mapping[str, Field], findings: Findings) -> None:
    check_names(form.case.by, FieldName(RECORDS), fields, "case.by", findings)
    if KEY.fullmatch(form.case.outcome):
        check_names([form.case.outcome], FieldName(WORDS), fields, "case.outcome", findings)
    if form.case.also:
        kinds = TEXTS if "." in form.case.also else RECORDS
        check_place(form.case.also, kinds, fields, "case.also", findings)
    _targets(form.case.lists, OF_A_PAPER, fields, "case.lists", findings)
    if form.case.verdict:
        _verdict(form.case.verdict, fields, findings)
    for name in BRANCHES:
        for index, one in enumerate(getattr(form.case, name)):
            word, colon, key = one.name.partition(":")
            if colon and word == "field":
                check_names([key], FieldName(WORDS), fields, f"case.{name}[{index}].name", findings)


def _verdict(verdict: Verdict, fields: Mapping[str, Field], findings: Findings) -> None:
    check_names([verdict.field], FieldName(WORDS), fields, "case.verdict.field", findings)
    choices = fields[verdict.field].settings.get("choices", ()) if verdict.field in fields else ()
    for word in verdict.means:
        if choices and word not in choices:
            message = _(
                "“%(key)s”没有“%(word)s”可选%(near)s",
                key=verdict.field,
                word=word,
                near=nearest(word, choices),
            )
            findings.add(f"case.verdict.means.{word}", message)


def _targets(
    pairs: Mapping[str, str],
    known: Collection[str],
    fields: Mapping[str, Field],
    path: str,
    findings: Findings,
) -> None:
    for target, taken in pairs.items():
        check_place(target, (), fields, f"{path}.{target}", findings)
        if taken not in known:
            findings.add(
                f"{path}.{target}", _("不认识“%(taken)s”%(near)s", taken=taken, near=nearest(taken, known))
            )


def check_place(
    place: str, kinds: tuple[str, ...], fields: Mapping[str, Field], path: str, findings: Findings
) -> None:
    """A field, or `table.column`, that exists and is of one of these kinds."""
    key, dot, column = place.partition(".")
    check_names([key], FieldName(TABLES if dot else kinds), fields, path, findings)
    if dot and key in fields:
        columns = {one.key: one for one in fields[key].columns}
        check_names([column], FieldName(kinds), columns, path, findings)
    if key in fields and fields[key].confidential:
        findings.add(path, _("“%(key)s”是保密字段，不能用在这里", key=key))
