"""The audit log on a screen: its events in words, the newest first, and whether its chains are whole."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from andu.clock import midnight, office_day
from andu.office.desk import audit_words, looked_at
from andu.security import accounts, audit, checkup, naming, units
from andu.security.audit import About, Entry, LogPlace
from andu.security.events import Events, labels
from andu.views.asking import actor, day_asked, needs, office
from andu.views.sheet import hand_out

blueprint = Blueprint("audit", __name__)
SHOWN = 200


@blueprint.get("/audit")
@needs("see_audit")
def recent() -> ResponseReturnValue:
    """The newest events of one unit or of all that fit, and the state of the chains."""
    here, store = office(), office().store
    asked, before = _asked(), _before()
    entries = audit.recent(store, asked["chain"] or None, SHOWN + 1, before, _about(asked))
    shown = entries[:SHOWN]
    return render_template(
        "audit/recent.html",
        entries=list(zip(shown, audit_words.told(here, actor(), shown), strict=True)),
        older=_key(shown[-1]) if len(entries) > SHOWN else None,
        is_newest=before is None or not before.seq,
        look=checkup.look(store, here.heads, here.checkup, shown),
        looked_for=asked,
        query={name: text for name, text in asked.items() if text},
        units=units.all(store),
        people=accounts.all(store),
        names=naming.in_office(store),
        labels=labels(),
    )


@blueprint.get("/audit/month")
@needs("see_audit")
def month() -> ResponseReturnValue:
    """Who looked at what in a month, by case and by person, with the tries that were denied."""
    found = looked_at.of(office(), actor(), _month())
    return render_template("audit/month.html", found=found, columns=_columns())


@blueprint.get("/audit/month.pdf")
@needs("see_audit")
@needs("print")
def month_sheet() -> ResponseReturnValue:
    """The same, to print and to sign off."""
    found = looked_at.of(office(), actor(), _month())
    rows, named = len(found.by_case) + len(found.by_person), f"{found.first:%Y-%m}"
    back, name = url_for("audit.month", month=named), _("%(month)s查阅情况.pdf", month=named)
    return hand_out("month", name, "audit/month_sheet.html", rows, back, found=found, columns=_columns())


def _month() -> date:
    """The first day of the month in the address; of this month where it names none."""
    try:
        asked = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        asked = date.min
    return asked if 2000 <= asked.year <= 2999 else office_day(office().clock.now()).replace(day=1)


def _columns() -> list[tuple[str, str]]:
    words = (_("查看"), _("打印"), _("下载"), _("打开保密信息"))
    return list(zip(looked_at.COLUMNS, words, strict=True))


def _asked() -> dict[str, str]:
    """What is looked for; a day that is none, or an act that is none, is not."""
    asked = {name: request.args.get(name, "").strip()[:80] for name in ("chain", "person", "act", "case")}
    asked["act"] = asked["act"] if asked["act"] in Events.__members__ else ""
    return asked | {name: str(day_asked(name) or "") for name in ("since", "until")}


def _about(asked: dict[str, str]) -> About:
    records: tuple[str, ...] | None = None
    lines: tuple[str, ...] = ()
    if asked["case"]:
        records, lines = audit_words.about_case(office(), actor(), asked["case"])
    since = day_asked("since")
    return About(asked["person"], asked["act"], records, lines, midnight(since) if since else "")


def _key(entry: Entry) -> str:
    return f"{entry.at}|{entry.chain}|{entry.seq}"


def _before() -> LogPlace | None:
    """Where to go on: behind a row named in a link, or at the end of a day."""
    at, _bar, rest = request.args.get("before", "").partition("|")
    chain, _bar, seq = rest.rpartition("|")
    if at and chain and seq.isascii() and seq.isdigit() and len(seq) < 16:
        return LogPlace(at, chain, int(seq))
    day = day_asked("until")
    return LogPlace(midnight(day + timedelta(days=1))) if day else None
