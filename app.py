"""The Andu service: opens the office and hangs the screens on it. Run by gunicorn as ``app:create_app()``."""

from __future__ import annotations

import logging

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from andu import api, views
from andu.office import editions
from andu.office.books import concerns
from andu.office.live import Live
from andu.office.office import Office
from andu.office.turns import waiting
from andu.office.writing.attachments import MAX_REQUEST
from andu.settings import Settings
from andu.views import language

log = logging.getLogger("andu")


def create_app(settings: Settings | None = None, office: Office | None = None) -> Flask:
    """The WSGI application of one office.

    Opens the office of ``settings`` (by default, of the environment) unless one is given. What is wrong in
    its files is logged and stands on the page of forms; the last good text stays in force. Raises
    ``ConfigFault``, ``FormFaults`` or ``HolidaysFault`` where there never was a good one.
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__, template_folder="andu/templates")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        BABEL_DEFAULT_LOCALE=language.CHINESE,
        BABEL_TRANSLATION_DIRECTORIES=str(language.CATALOGUES),
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        TESTING=settings.testing,
    )
    if settings.https:  # the documented TLS proxy stands in front: the address is the one it saw
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    Babel(app, locale_selector=language.selected).domain_instance = language.WORDS
    app.extensions["andu"] = office = office or Office.open_anyway(settings)
    app.extensions["live"] = Live(office)
    for fault in office.faults:
        log.error(fault)
    editions.publish(office)
    waiting.keep_up(office)
    concerns.begin(office)
    views.register(app)
    api.register(app)
    return app
