"""What the office sets for itself, each part in a small form of its own; who changed what is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import office_day
from andu.formtypes.kinds import KINDS
from andu.formtypes.roles import ROLES
from andu.office.config import ANY, GROUNDS, SignsInstead
from andu.office.errors import Refused
from andu.office.shelf import settings
from andu.office.shelf.designs import ACT
from andu.security import units
from andu.security.permissions import acts_of
from andu.views.asking import actor, needs, office

blueprint = Blueprint("office_settings", __name__)
LONGEST = 80
MORE_WAYS = 2
"""So many empty lines stand below those that say who signs where somebody stands aside."""


@blueprint.get("/settings")
@needs(ACT)
def show() -> ResponseReturnValue:
    """Everything that can be set, and what was changed."""
    return _page("")


@blueprint.post("/settings/words")
@needs(ACT)
def words() -> ResponseReturnValue:
    """What the office is called, and to whom it reports."""
    given = [_text(name) for name in ("name", "issuer", "printer")]
    if not all(given):
        return _page(_("单位、发文机关、印发机关三项都要写。"))
    return _do(lambda: settings.set_words(office(), actor(), given, _text("superior")))


@blueprint.post("/settings/series")
@needs(ACT)
def series() -> ResponseReturnValue:
    """What the number series are called, and a new one."""
    label, letters = _text("label"), _text("letters")

    def act() -> None:
        if label or letters:
            if not (label and letters.isascii() and letters.replace("-", "").isupper()):
                raise Refused(_("新编号要写名称和大写字母，如 请假编号、QJ。"))
            settings.add_series(office(), actor(), label, letters)
        else:
            known = office().config.series
            settings.name_series(office(), actor(), {key: _text(f"label-{key}") for key in known})

    return _do(act)


@blueprint.post("/settings/letters")
@needs(ACT)
def letters() -> ResponseReturnValue:
    """机关代字, once: the first word of the numbers of official documents."""
    return _do(lambda: settings.set_letters(office(), actor(), _text("office-letters")))


@blueprint.post("/settings/together")
@needs(ACT)
def together() -> ResponseReturnValue:
    """How many papers are signed under one password."""
    return _do(lambda: settings.set_sign_together(office(), actor(), _text("most")))


@blueprint.post("/settings/campaigns")
@needs(ACT)
def campaigns() -> ResponseReturnValue:
    """The campaigns, each a name and two days."""
    keys = [*office().config.campaigns, ""]
    rows = [(key, _text(f"label-{key}"), _text(f"since-{key}"), _text(f"until-{key}")) for key in keys]
    return _do(lambda: settings.set_campaigns(office(), actor(), rows))


@blueprint.post("/settings/rules")
@needs(ACT)
def rules() -> ResponseReturnValue:
    """Which rule of signatures counts."""
    chosen = {one.slug: _text(f"rule-{one.slug}") for one in office().catalogue if one.signatures.enough}
    return _do(lambda: settings.set_rules(office(), actor(), chosen))


@blueprint.post("/settings/publishing")
@needs(ACT)
def publishing() -> ResponseReturnValue:
    """Whether a second admin confirms what one publishes."""
    is_on = "two" in request.form
    return _do(lambda: settings.set_two_to_publish(office(), actor(), is_on=is_on))


@blueprint.post("/settings/second-factor")
@needs(ACT)
def second_factor() -> ResponseReturnValue:
    """Of whom a code is asked at every sign-in."""
    return _do(lambda: settings.set_second_factor(office(), actor(), _text("second-factor")))


@blueprint.post("/settings/recusal")
@needs(ACT)
def recusal() -> ResponseReturnValue:
    """Who signs in place of whoever the matter names."""
    rows = len(office().config.recusal) + MORE_WAYS
    ways = [(_text(f"way-role-{n}"), _text(f"way-unit-{n}") or ANY) for n in range(rows)]
    return _do(lambda: settings.set_recusal(office(), actor(), ways))


@blueprint.post("/settings/conflict")
@needs(ACT)
def conflict() -> ResponseReturnValue:
    """What is done about whom a matter names, their unit, and their surname in it."""
    chosen = {ground: _text(f"conflict-{ground}") for ground in GROUNDS}
    return _do(lambda: settings.set_conflict(office(), actor(), chosen))


@blueprint.post("/settings/access")
@needs(ACT)
def access() -> ResponseReturnValue:
    """What must be signed before cases are seen."""
    form, person, until = (f"{_text('access')}||").split("|")[:3]
    return _do(lambda: settings.set_access(office(), actor(), form, person, until))


@blueprint.post("/settings/holidays")
@needs(ACT)
def holidays() -> ResponseReturnValue:
    """The free days of a year, and the weekends that are worked."""
    year = request.form.get("year", 0, int)
    off, work = (request.form.get(name, "").split() for name in ("off", "work"))
    return _do(lambda: settings.set_holidays(office(), actor(), year, off, work))


def _text(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:LONGEST]


def _do(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except Refused as refusal:
        return _page(refusal.message)
    flash(_("已保存，马上起作用。"), "good")
    return redirect(url_for("office_settings.show"))


def _page(wrong: str) -> ResponseReturnValue:
    here = office()
    this = office_day(here.clock.now()).year
    page = render_template(
        "office_settings/show.html",
        config=here.config,
        wrong=wrong,
        unsaid=[here.config.series[key] for key in settings.unsaid(here)],
        typed=request.form,
        ruled=[one for one in here.catalogue if one.signatures.enough],
        promises=_promises(),
        ways=[(",".join(way.roles), way.unit) for way in here.config.recusal] + [("", ANY)] * MORE_WAYS,
        way_roles=_way_roles(here.config.recusal),
        units=[one for one in units.all(here.store) if one.state == "active"],
        years=[
            (year, here.workdays.tables.get(year), here.workdays.source(year)) for year in (this, this + 1)
        ],
        history=settings.history(here, actor()),
        soon=office_day(here.clock.now()) + timedelta(days=90),
    )
    return page, 422 if wrong else 200


def _way_roles(ways: Sequence[SignsInstead]) -> dict[str, str]:
    """What can be chosen as who signs instead: each role that signs, and what the file says of several."""
    found = {role: label for role, label in ROLES.items() if "sign" in acts_of([role])}
    return found | {",".join(way.roles): "、".join(ROLES[role] for role in way.roles) for way in ways}


def _promises() -> list[tuple[str, str]]:
    """The forms that may be asked of everybody: form, field of the person, deadline after which it ends.

    Where two deadlines of a form have one name, the first stands for both.
    """
    found: dict[str, str] = {}
    for one in office().catalogue:
        for field in one.fields:
            if KINDS[field.kind].names_person and field.required:
                for until, due in [("", ""), *((each.key, each.label) for each in one.deadlines)]:
                    again = _("，到“%(due)s”的期限再签", due=due) if until else ""
                    found.setdefault(
                        f"{one.title}（{field.label}）{again}", f"{one.slug}|{field.key}|{until}"
                    )
    return [(value, label) for label, value in found.items()]
