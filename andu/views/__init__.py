"""The screens: one view, one act. ``register`` hangs all of them on an app; app.py calls it once.

A view asks who is there (``asking``), reads its form, makes one call into the office, and redirects or
renders. It decides nothing that the office decides.
"""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager

from andu.security import page_secret
from andu.views import (
    accounts,
    audit,
    books,
    calendar,
    cases,
    deadlines,
    deployment,
    deputies,
    design_ledgers,
    design_parts,
    designs,
    desk,
    drafts,
    faults,
    figures,
    finding,
    forms,
    giving,
    handed_in,
    headers,
    help,
    ink,
    interface,
    leaving,
    ledgers,
    many_people,
    merging,
    namesakes,
    notices,
    office_key,
    office_settings,
    packing,
    page_token,
    phrases,
    printing,
    proposals,
    publishing,
    received,
    records,
    restored,
    returns,
    scans,
    screen,
    sealed,
    second_factor,
    second_person,
    series,
    session,
    session_cookie,
    signing,
    tokens,
    troubles,
    vault,
)
from andu.views import register as register_views
from andu.views.asking import office

BLUEPRINTS = (
    session.blueprint,
    tokens.blueprint,
    calendar.blueprint,
    interface.blueprint,
    desk.blueprint,
    drafts.blueprint,
    records.blueprint,
    handed_in.blueprint,
    finding.blueprint,
    cases.blueprint,
    deadlines.blueprint,
    signing.blueprint,
    phrases.blueprint,
    help.blueprint,
    scans.blueprint,
    ink.blueprint,
    giving.blueprint,
    sealed.blueprint,
    second_factor.blueprint,
    vault.blueprint,
    office_key.blueprint,
    second_person.blueprint,
    deputies.blueprint,
    register_views.blueprint,
    printing.blueprint,
    received.blueprint,
    ledgers.blueprint,
    many_people.blueprint,
    restored.blueprint,
    returns.blueprint,
    figures.blueprint,
    series.blueprint,
    accounts.blueprint,
    leaving.blueprint,
    merging.blueprint,
    namesakes.blueprint,
    audit.blueprint,
    forms.blueprint,
    deployment.blueprint,
    designs.blueprint,
    design_parts.blueprint,
    design_ledgers.blueprint,
    proposals.blueprint,
    publishing.blueprint,
    office_settings.blueprint,
    books.blueprint,
    notices.blueprint,
)


def register(app: Flask) -> None:
    """Hang the screens on ``app``, whose ``extensions["andu"]`` is the office.

    The same-site check stands before CSRF, and CSRF before sign-in, so that a refused POST of our own
    pages can still offer what was typed.
    """
    settings = app.extensions["andu"].settings
    app.secret_key = page_secret.load(settings.instance / "keys")
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # a token lives as long as its session
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)  # headers.from_this_site checks every request
    app.session_interface = session_cookie.StoredSessions(office, settings.https)
    packing.register(app)
    headers.register(app)
    page_token.PageTokens(app)
    logins = LoginManager(app)
    logins.session_protection = None
    logins.user_loader(session.holder)
    logins.unauthorized_handler(session.ask_to_sign_in)
    app.before_request(session.first_change_the_password)
    app.before_request(second_factor.first_set_up_codes)
    screen.register(app)
    faults.register(app)
    troubles.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
