"""Which language the screens speak: Chinese, or what a person has chosen for themself.

Called by flask-babel once a request. What is written down or printed is Chinese whoever writes it:
``in_chinese`` of the office stands around it, and words of answers are no messages at all. Programs and
calendars get Chinese.
"""

from __future__ import annotations

from functools import cache

from babel.support import NullTranslations, Translations
from flask import request
from flask_babel import Domain, get_locale

from andu.security import own_settings
from andu.settings import ROOT
from andu.views.asking import asking, office

CHINESE = "zh_Hans_CN"
LANGUAGES = {"zh": (CHINESE, "zh-Hans", "中文"), "en": ("en", "en", "English")}
"""By what a person chooses: the locale, what the page says it is in, and its own name."""
FILES = (".pdf", ".xlsx", ".docx", ".zip", ".ics", "/pdf", "/docx")
"""What leaves as a file is in the office's language."""
SETTING, FIRST = "language", "zh"
CATALOGUES = ROOT / "andu" / "translations"


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """The words of each language, found by its name alone: a page asks for some seven hundred."""

    def __init__(self) -> None:
        super().__init__(str(CATALOGUES))
        self._by_language: dict[str, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        """Those of this request; outside of one, words stay as they are."""
        locale = get_locale()
        key = locale.language if locale else ""
        if key not in self._by_language:
            self._by_language[key] = super().get_translations()
        return self._by_language[key]


WORDS = Catalogues()


@cache
def offered() -> dict[str, tuple[str, str, str]]:
    """Those there is a catalogue for."""
    there = {key for key in LANGUAGES if (CATALOGUES / key / "LC_MESSAGES" / "messages.mo").is_file()}
    return {key: one for key, one in LANGUAGES.items() if key in {FIRST, *there}}


def selected() -> str:
    """The locale of this request."""
    return LANGUAGES[now()][0]


def now() -> str:
    """The language of this request, as a key of ``LANGUAGES``."""
    if not request or request.path.endswith(FILES) or (request.blueprint or "").partition(".")[0] == "api":
        return FIRST
    try:
        chosen = _chosen()
    except Exception:  # the page that says what is wrong with the office must not fail for its language
        return FIRST
    return chosen if chosen in offered() else FIRST


def is_first() -> bool:
    """Whether what is being made speaks the language of the office: a page, or a sheet for paper."""
    locale = get_locale()
    return locale is None or locale.language == FIRST


def _chosen() -> str:
    account = asking()
    if account is None:
        return request.values.get(SETTING, "")
    return own_settings.get(office().store, account.id, SETTING)


def choose(account_id: str, language: str) -> None:
    """Speak this language to a person from now on; a language that is none changes nothing."""
    store = office().store
    if language in offered() and own_settings.get(store, account_id, SETTING) != language:
        with store.write():
            own_settings.put(store, account_id, SETTING, language)
