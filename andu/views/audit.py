"""The audit log on a screen: its events in words, the newest first, and whether its chains are whole."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from andu.clock import midnight
from andu.office.desk import audit_words
from andu.security import accounts, audit, checkup, naming, units
from andu.security.audit import About, Entry, LogPlace
from andu.security.events import Events, labels
from andu.views.asking import actor, day_asked, needs, office

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
