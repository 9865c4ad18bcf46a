"""The register: search, one entry's papers, voiding, and the printed list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from andu.office import records
from andu.office.books import building_on, register
from andu.office.books.register import Entry, RegisterFilter, RegisterPlace
from andu.office.desk import bundles, lists
from andu.office.errors import NotFound
from andu.office.issue import voiding
from andu.security import naming, units
from andu.security.signin import SignInRefused
from andu.views.asking import actor, address, day_asked, needs, office, page_asked
from andu.views.own_form import OwnForm, RealReason
from andu.views.sending import MEDIA_TYPES, send_file
from andu.views.sheet import hand_out

blueprint = Blueprint("register", __name__)


class VoidForm(OwnForm):
    """Why a number is voided, and the password once more."""

    reason = TextAreaField(
        _l("作废理由"),
        [
            DataRequired(_l("请写明作废理由，登记簿要留存")),
            Length(max=200, message=_l("理由最多 200 字")),
            RealReason(),
        ],
    )
    password = PasswordField(_l("登录密码"), [InputRequired(_l("请输入您的登录密码"))])


def _asked() -> RegisterFilter:
    return RegisterFilter(
        text=request.args.get("text", "").strip()[:80],
        unit=request.args.get("unit", ""),
        person=request.args.get("person", "").strip()[:40],
        form=request.args.get("form", ""),
        state=request.args.get("state", ""),
        since=day_asked("since"),
        until=day_asked("until"),
    )


def _query() -> dict[str, Any]:
    names = ("text", "unit", "person", "form", "state", "since", "until")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _before() -> RegisterPlace | None:
    """Behind which line to go on, as a link named it."""
    at, _bar, rest = request.args.get("before", "").partition("|")
    seq, _bar, record_id = rest.partition("|")
    return (
        RegisterPlace(at, int(seq), record_id)
        if at and seq.isascii() and seq.isdigit() and len(seq) < 16
        else None
    )


def _here() -> dict[str, Any]:
    """The conditions, and behind which line this list begins."""
    before = _before()
    return _query() | ({"before": _key(before)} if before else {})


def _key(place: RegisterPlace) -> str:
    return f"{place.numbered_at}|{place.seq}|{place.record_id}"


@blueprint.get("/register")
@needs("see_register")
def search() -> ResponseReturnValue:
    """The lines this person may see that fit, twenty a page."""
    what = _asked()
    page = register.search(office(), actor(), what, page_asked(), before=_before())
    return render_template(
        "register/search.html",
        page=page,
        older=_key(page.older) if page.older else None,
        names=naming.in_office(office().store),
        what=what,
        query=_query(),
        listed=_here(),
        units=units.all(office().store),
        unit_names=units.names(office().store),
        form_types=office().catalogue.all(),
        titles={form_type.slug: form_type.title for form_type in office().catalogue.all()},
    )


@blueprint.get("/register/list.pdf")
@needs("print")
def print_list() -> ResponseReturnValue:
    """The lines found, to print."""
    what = _asked()
    entries = lists.entries(office(), actor(), what)
    back = url_for("register.search", **_query())
    return hand_out(
        "register", _("登记簿.pdf"), "register/list.html", len(entries), back,
        entries=entries, what=what, most=lists.MOST,
    )  # fmt: skip


@blueprint.get("/register/<register_id>/download/<media>")
@needs("download")
def download(register_id: str, media: str) -> ResponseReturnValue:
    """The filed paper, to keep; ``media`` docx or pdf."""
    return _serve(register_id, media, "download")


@blueprint.get("/register/<register_id>/print")
@needs("print")
def print_paper(register_id: str) -> ResponseReturnValue:
    """The filed PDF in the browser, to print."""
    return _serve(register_id, "pdf", "print")


@blueprint.get("/register/print")
@needs("print")
def print_several() -> ResponseReturnValue:
    """The filed PDFs of the lines that were chosen as one, in the browser, to print."""
    data = bundles.printed(
        office(), actor(), request.args.getlist("paper"), "both" in request.args, _reason()
    )
    return send_file(data, _("打印的文书.pdf"), MEDIA_TYPES["pdf"], inline=True)


@blueprint.get("/register/<register_id>/open")
@needs("see_register")
def open_paper(register_id: str) -> ResponseReturnValue:
    """The filed PDF in the browser, to read."""
    return _serve(register_id, "pdf", "view")


def _reason() -> str:
    """Why one more copy is wanted; asked for where it is needed (``faults.reason_needed``)."""
    return request.args.get("reason", "")[:200]


def _serve(register_id: str, media: str, act: str) -> ResponseReturnValue:
    if media not in MEDIA_TYPES:
        raise NotFound(media)
    data, name = register.serve(office(), actor(), register_id, media, act, _reason())
    return send_file(data, name, MEDIA_TYPES[media], inline=act != "download")


@blueprint.route("/register/<register_id>/void", methods=["GET", "POST"])
@needs("void_number")
def void(register_id: str) -> ResponseReturnValue:
    """Void a number: it stays in the register with its reason."""
    entry = register.entry(office(), actor(), register_id)
    form = VoidForm()
    if not form.validate_on_submit():
        return _void_page(entry, form)
    try:
        voiding.void(
            office(), actor(), register_id, form.reason.data or "", form.password.data or "", address()
        )
    except SignInRefused as refusal:
        form.password.errors = [refusal.message]
        return _void_page(entry, form)
    flash(_("%(number)s 已作废，号码留在登记簿里，不再使用。", number=entry.number), "good")
    return redirect(url_for("records.show", record_id=entry.record_id))


def _void_page(entry: Entry, form: VoidForm) -> ResponseReturnValue:
    later = building_on.later(office(), actor(), records.get(office(), actor(), entry.record_id))
    page = render_template("register/void.html", entry=entry, form=form, later=later)
    return page, 422 if form.errors else 200
