"""通知: by what ways counts of what waits go out, to whom and when; and one message to try a way."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.office.errors import NotFound, Refused
from andu.office.notices import telling, ways
from andu.office.notices.sending import Unsent
from andu.security import accounts, naming, units
from andu.views.asking import actor, needs, office

blueprint = Blueprint("notices", __name__)
LONGEST = 500
MAIL = ("server", "port", "security", "user", "password", "sender")
ROBOT = ("label", "url", "secret", "unit")


@blueprint.get("/settings/notices")
@needs(ways.ACT)
def show() -> ResponseReturnValue:
    """Everything that is set, and what the last tries came to."""
    return _page()


@blueprint.post("/settings/notices/plan")
@needs(ways.ACT)
def plan() -> ResponseReturnValue:
    """On or off, and when."""
    is_on, at_once = ("is_on" in request.form, "at_once" in request.form)
    return _do(lambda: ways.set_plan(office(), actor(), is_on, _text("digest"), at_once))


@blueprint.post("/settings/notices/mail")
@needs(ways.ACT)
def mail() -> ResponseReturnValue:
    """The office's own server."""
    return _do(lambda: ways.set_mail(office(), actor(), {name: _text(name) for name in MAIL}))


@blueprint.post("/settings/notices/people")
@needs(ways.ACT)
def people() -> ResponseReturnValue:
    """Who gets an e-mail, and where."""
    typed = {name.removeprefix("of-"): _text(name) for name in request.form if name.startswith("of-")}
    return _do(lambda: ways.set_addresses(office(), actor(), typed))


@blueprint.post("/settings/notices/robots")
@needs(ways.ACT)
def add_robot() -> ResponseReturnValue:
    """The robot of another group."""
    said = {name: _text(name) for name in ROBOT}
    return _do(lambda: ways.add_robot(office(), actor(), _text("kind"), said))


@blueprint.post("/settings/notices/<way_id>/drop")
@needs(ways.ACT)
def drop_robot(way_id: str) -> ResponseReturnValue:
    """Tell this group no more."""
    return _do(lambda: ways.drop_robot(office(), actor(), way_id))


@blueprint.post("/settings/notices/<way_id>/try")
@needs(ways.ACT)
def try_out(way_id: str) -> ResponseReturnValue:
    """One message now."""
    way = ways.mail(office()) if way_id == ways.MAIL else ways.robot(office(), way_id)
    if way is None:
        raise NotFound(way_id)
    to = _text("to")
    if way.kind == ways.MAIL and "@" not in to:
        return _page(_("请写一个收试发邮件的邮箱。"))
    try:
        telling.trial(office(), way, to)
    except Unsent as fault:
        return _page(_("%(why)s。", why=str(fault)))
    flash(_("已发出一条，请去看有没有收到。"), "good")
    return redirect(url_for("notices.show"))


def _text(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]


def _do(act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except Refused as refusal:
        return _page(refusal.message)
    flash(_("已保存，马上起作用。"), "good")
    return redirect(url_for("notices.show"))


def _page(wrong: str = "") -> ResponseReturnValue:
    here = office()
    page = render_template(
        "notices/show.html",
        wrong=wrong,
        typed=request.form,
        plan=ways.plan(here),
        mail=ways.mail(here),
        robots=ways.robots(here),
        addresses=ways.addresses(here),
        people=[one for one in accounts.all(here.store) if one.is_active],
        names=naming.in_office(here.store),
        units=units.all(here.store),
        unit_names=units.names(here.store),
    )
    return page, 422 if wrong else 200
