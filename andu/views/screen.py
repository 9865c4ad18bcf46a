"""What every template may ask for: who is here, what they may do, the menu, and words for states.

Registered once by ``andu.views.register``. Templates get these names and the values a view hands them,
nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from andu.clock import OFFICE_ZONE, chinese_date, chinese_time, office_day, parse_stamp
from andu.formtypes.definition import FormType
from andu.office import access, offering
from andu.office.desk import conflict_words
from andu.office.signing import queues
from andu.office.timing import deadlines
from andu.office.writing.drafts import Draft
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.views import language, manual
from andu.views.asking import asking, office

MOST_COUNTED = 99
"""What is more is said to be more: nobody reads the number, and counting on would take longer each year."""


@dataclass(frozen=True)
class MenuItem:
    """One entry of the main menu; ``count`` is what waits there (of the desk: what is overdue)."""

    href: str
    label: str
    current: bool
    count: int = 0

    @property
    def told(self) -> str:
        """The count as it is shown."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


@dataclass(frozen=True)
class Words:
    """A state as people read it, and the look of its tag."""

    label: str
    look: str


def menu() -> list[MenuItem]:
    """The pages this account may open; looked up once for a page, which asks for them twice."""
    if "menu" not in g:
        g.menu = _menu()
    found: list[MenuItem] = g.menu
    return found


def _menu() -> list[MenuItem]:
    account = asking()
    if account is None or account.must_change:
        return []
    pages = (
        ("desk.show", _("工作台"), None),
        ("signing.queue", _("待签"), "sign_named"),
        ("handed_in.index", _("我提交的"), "fill"),
        ("register.search", _("登记簿"), "see_register"),
        ("ledgers.index", _("台账"), "see_register"),
        ("returns.show", _("报送"), "see_register"),
        ("figures.show", _("统计"), "see_register"),
        ("series.index", _("编号"), "see_register"),
        ("forms.index", _("表单"), "see_forms"),
        ("accounts.index", _("人员单位"), "manage_accounts"),
        ("deployment.show", _("运行状况"), "manage_accounts"),
        ("office_settings.show", _("设置"), "design_forms"),
        ("audit.recent", _("审计"), "see_audit"),
        ("vault.show", _("保密权限"), "see_confidential"),
    )
    return [_item(account, *page) for page in pages if page[2] is None or may(account, page[2])]


def _item(account: Account, endpoint: str, label: str, act: str | None) -> MenuItem:
    current = (request.endpoint or "").split(".")[0] == endpoint.split(".")[0]
    if endpoint == "desk.show":
        count = deadlines.count_overdue(office(), account, MOST_COUNTED + 1)
    else:
        count = queues.how_many(office(), account, MOST_COUNTED + 1) if act == "sign_named" else 0
    return MenuItem(url_for(endpoint), label, current, count)


def may_here(act: str) -> bool:
    """Whether the account signed in may do ``act``."""
    account = asking()
    return account is not None and may(account, act)


@dataclass(frozen=True)
class MustSign:
    """What the person here must sign before the rest is open, and the form to begin, if they may fill it."""

    message: str
    begin: FormType | None


def must_sign() -> MustSign | None:
    """What is missing to the person here; None for whom nothing is shut, and for who reads nothing anyway."""
    account, needs = asking(), office().config.access_needs
    message = access.notice(office(), account) if needs and account and may(account, "see_unit") else ""
    if not (message and needs and account):
        return None
    mine = [one for one in offering.fillable(office(), account) if one.slug == needs.form]
    return MustSign(message, mine[0] if mine else None)


def conflict_of(record_ids: Collection[str]) -> str:
    """What is said to the person here of these records where they may have a conflict of interest."""
    account = asking()
    return conflict_words.of(office(), account, record_ids) if account else ""


def conflict_of_draft(draft: Draft) -> str:
    """The same of what a draft is about."""
    account = asking()
    return conflict_words.of_draft(office(), account, draft) if account else ""


def state_words(state: str) -> Words:
    """The words for the state of a record or of a register entry."""
    known = _STATES.get(state)
    return Words(str(known[0]), known[1]) if known else Words(state, "plain")


_STATES = {
    "signing": (_l("待签字"), "warn"),
    "returned": (_l("已退回"), "bad"),
    "complete": (_l("待编号"), "warn"),
    "numbered": (_l("已编号，归档中"), "warn"),
    "filed": (_l("已归档"), "good"),
    "voided": (_l("已作废"), "bad"),
}


def moment(stamp: str | None) -> str:
    """A stored moment in the office's time: ``2026年11月22日 14:05``; nothing for nothing."""
    return office_time(parse_stamp(stamp)) if stamp else ""


def office_time(at: datetime) -> str:
    """A moment in the office's time, as the language of the page writes it."""
    return chinese_time(at) if language.is_first() else f"{at.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"


def day_words(day: date) -> str:
    """A day, as the language of the page writes it."""
    return chinese_date(day) if language.is_first() else day.isoformat()


def register(app: Flask) -> None:
    """Give the templates of ``app`` their names."""
    app.jinja_env.globals.update(
        conflict_of=conflict_of,
        conflict_of_draft=conflict_of_draft,
        here=asking,
        language_of_page=lambda: language.LANGUAGES[language.now()][1],
        language_now=language.now,
        languages=language.offered(),
        help_here=manual.of_this_screen,
        may=may_here,
        menu=menu,
        must_sign=must_sign,
        office_name=lambda: office().config.name,
        state_words=state_words,
    )
    app.jinja_env.tests["today"] = lambda at: office_day(at) == office_day(office().clock.now())
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["office_time"] = office_time
    app.jinja_env.filters["office_day"] = lambda moment: day_words(office_day(moment))
    app.jinja_env.filters["day"] = day_words
