"""What is told of carrying over: answers that stayed though their source went, and rows that found no room.

Asked by the screens beside the acts of `prefill`, and by `submitting`, which hands in nothing `stale`.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.formtypes.definition import FormType
from andu.formtypes.filling.webform import raw_from_values
from andu.office.office import Office
from andu.office.people import OfficeDirectory
from andu.office.writing import beside, carried, drafts, sources
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account

LONGEST = 60  # characters that are told of an answer


@dataclass(frozen=True)
class Stale:
    """A reference whose source is another now than the one that answers beside it came from."""

    came_from: str
    now: str
    labels: tuple[str, ...]

    def __str__(self) -> str:
        """In words, as they stand beside the reference."""
        labels = "”“".join(self.labels)
        if not self.now:
            return _(
                "现在没有选定材料，但“%(labels)s”还是从 %(was)s 带入的：点“带入”一并取下，点“留用”保留原文",
                labels=labels,
                was=self.came_from,
            )
        return _(
            "现在选的是 %(now)s，但“%(labels)s”还是从 %(was)s 带入的：点“带入”换过来，点“留用”保留原文",
            now=self.now,
            labels=labels,
            was=self.came_from,
        )


def stale(office: Office, actor: Account, form_type: FormType, draft: Draft) -> dict[str, Stale]:
    """The references of a draft that name another source than its answers came from, by their keys."""
    found: dict[str, Stale] = {}
    directory = OfficeDirectory(office, actor)
    for one in sources.references(form_type):
        brought = draft.carried.get(one.key)
        if brought is None or sources.adds(one):
            continue
        source = sources.chosen(office, actor, one, draft.raw)
        still = carried.standing(brought, draft.raw).still
        if still and (source is None or source.id != brought.source):
            labels = dict.fromkeys(beside.label_of(form_type, name) for name in still)
            now = directory.record_label(source.id) if source else ""
            found[one.key] = Stale(directory.record_label(brought.source), now, tuple(labels))
    return found


def done(before: Draft, after: Draft, field_key: str) -> str:
    """What carrying over has done, in one sentence."""
    was, now = before.carried.get(field_key), after.carried.get(field_key)
    if now is None:
        return _("已取下。从那份材料带入、没有改过的内容一并取下。")
    if was is not None and was.source != now.source:
        return _("已换成现在选定的材料。从原来那份带入、没有改过的内容都换了。")
    return _("已带入。原来填过的内容没有改动。")


def told(office: Office, actor: Account, before: Draft, after: Draft, field_key: str) -> list[str]:
    """What to say of each answer that stayed though its source went: somebody had edited it."""
    form_type = drafts.form_type_of(office, after)
    brought, now = before.carried.get(field_key), after.carried.get(field_key)
    said = [
        _("“%(label)s”原来选定的材料属于另一个案卷，已经取下。", label=form_type.field(key).label)
        for key in before.carried
        if key not in after.carried and key != field_key
    ]
    if brought is None or (now and now.source == brought.source) or sources.adds(form_type.field(field_key)):
        return said
    directory = OfficeDirectory(office, actor)
    for name, texts in carried.standing(brought, before.raw).edited.items():
        words = _("“%(label)s”带入以后改过，没有动，请核对：现在写的是“%(now)s”，原来带入的是“%(was)s”。")
        both = (beside.in_words(form_type, name, one, directory) for one in (after.raw.get(name, []), texts))
        now_said, was_said = (one[:LONGEST] + "…" * (len(one) > LONGEST) for one in both)
        parts = {"label": beside.label_of(form_type, name), "now": now_said, "was": was_said}
        said.append(words % parts)
    return said


def rows_left_behind(office: Office, actor: Account, draft: Draft) -> list[str]:
    """What to tell of tables just carried over that hold fewer rows than the papers they come from."""
    form_type = drafts.form_type_of(office, draft)
    said = []
    for one in form_type.fields:
        source = sources.chosen(office, actor, one, draft.raw)
        tables = sources.rows_from(one, sources.answers_of(office, actor, source)) if source else {}
        for key, rows in tables.items():
            table = form_type.field(key)
            most = table.settings["max_rows"]
            carried_rows = raw_from_values(form_type, {key: rows[:most]})
            if len(rows) > most and carried_rows.items() <= draft.raw.items():
                words = _(
                    "“%(label)s”最多 %(most)s 行，来源材料有 %(n)s 行，只带入了前 %(most)s 行，请核对。",
                    label=table.label,
                    most=most,
                    n=len(rows),
                )
                said.append(words)
    return said
