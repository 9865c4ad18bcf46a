"""Deputies (代签授权): who may sign for an absent person, from which day to which. Owns table ``deputy``.

Made by the absent person, or for them by whoever may ``appoint_deputy``; asked by `signatures` at every turn.
A deputy signs what the principal could, sees no more for it, and cannot pass it on. Nothing is ever deleted:
what has ended stays in the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from andu.clock import office_day, parse_stamp, stamp
from andu.office import reasons
from andu.office.errors import NotAllowed, NotFound, Refused
from andu.office.office import Office
from andu.security import accounts, signin
from andu.security.accounts import Account
from andu.security.permissions import may
from andu.store import new_id

MOST_DAYS = 92
"""The longest time for which one authorisation runs: a quarter of a year."""


class DeputyRefused(Refused):
    """Not like this; ``field`` is the input that must change: principal, deputy, since, until or reason."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Deputyship:
    """``deputy`` signs for ``principal`` from the day ``since`` to the day ``until``, both included.

    ``state``: coming, running, over, ended (before its time), or lapsed, when one of the two has lost what it
    takes since: the right to sign, or to see what waits for the principal. Times are stored UTC text.
    """

    id: str
    principal: Account
    deputy: Account
    since: date
    until: date
    reason: str
    made_by: Account
    made_at: str
    ended_at: str | None
    state: str


# --- reading --------------------------------------------------------------------------------------


def all_for(office: Office, actor: Account) -> list[Deputyship]:
    """Those of this person, on either side; every one for whoever may appoint. The latest first."""
    _require(actor)
    found = _select(office, "1=1", [])
    everyone = may(actor, "appoint_deputy")
    return [one for one in found if everyone or actor.id in (one.principal.id, one.deputy.id)]


def principals(office: Office, deputy: Account) -> list[Account]:
    """The people this person may sign for today."""
    return [one.principal for one in running(office) if one.deputy.id == deputy.id]


def running(office: Office) -> list[Deputyship]:
    """Every authorisation that holds today."""
    today = _today(office).isoformat()
    found = _select(office, "ended_at IS NULL AND since <= ? AND until >= ?", [today, today])
    return [one for one in found if one.state == "running"]


def held(office: Office, first: date, last: date) -> list[Deputyship]:
    """Every authorisation that held on some day from ``first`` to ``last``, what was ended early included.

    Whoever has lost the right to sign since is no deputy any more, for no day.
    """
    found = _select(office, "since <= ? AND until >= ?", [last.isoformat(), first.isoformat()])
    found = [one for one in found if _holds(one.principal, one.deputy)]
    return [one for one in found if not one.ended_at or office_day(parse_stamp(one.ended_at)) >= first]


def of_deputy(office: Office, account_id: str) -> list[Deputyship]:
    """What this person is to sign for others, now or later."""
    found = _select(office, "deputy_id = ? AND ended_at IS NULL", [account_id])
    return [one for one in found if one.state in ("coming", "running")]


def of_principal(office: Office, account_id: str) -> list[Deputyship]:
    """Who is to sign for this person, now or later."""
    found = _select(office, "principal_id = ? AND ended_at IS NULL", [account_id])
    return [one for one in found if one.state in ("coming", "running")]


def _select(office: Office, where: str, params: Sequence[Any]) -> list[Deputyship]:
    rows = office.store.rows_where("deputy", where, params, order_by="since DESC, id DESC")
    people = {one.id: one for one in accounts.all(office.store)} if rows else {}
    return [_deputyship(row, people, _today(office)) for row in rows]


def _deputyship(row: Mapping[str, Any], people: Mapping[str, Account], today: date) -> Deputyship:
    since, until = date.fromisoformat(row["since"]), date.fromisoformat(row["until"])
    principal, deputy = people[row["principal_id"]], people[row["deputy_id"]]
    state = "coming" if today < since else "running" if today <= until else "over"
    if state != "over" and not _holds(principal, deputy):
        state = "lapsed"
    return Deputyship(
        id=row["id"],
        principal=principal,
        deputy=deputy,
        since=since,
        until=until,
        reason=row["reason"],
        made_by=people[row["made_by"]],
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        state="ended" if row["ended_at"] else state,
    )


def _today(office: Office) -> date:
    return office_day(office.clock.now())


# --- who may be chosen ----------------------------------------------------------------------------


def choices(office: Office, actor: Account) -> tuple[list[Account], list[Account]]:
    """The people this person may appoint for, and those who may be appointed."""
    _require(actor)
    signing = [one for one in accounts.all(office.store) if may(one, "sign")]
    return [one for one in signing if _may_appoint(actor, one)], signing


def _may_appoint(actor: Account, principal: Account) -> bool:
    own = actor.id == principal.id and may(actor, "sign")
    return own or may(actor, "appoint_deputy")


def may_end(actor: Account, one: Deputyship) -> bool:
    """Whether this person may end it before its time; the deputy alone may not."""
    return one.state in ("coming", "running", "lapsed") and _may_appoint(actor, one.principal)


def _require(actor: Account) -> None:
    if not (may(actor, "sign") or may(actor, "appoint_deputy")):
        raise NotAllowed(_("您的岗位不办理代签授权。"))


def can_hold(principal: Account, deputy: Account) -> bool:
    """Whether this person could sign for that one: another one, who signs, and sees what waits for them."""
    return principal.id != deputy.id and _holds(principal, deputy)


def _holds(principal: Account, deputy: Account) -> bool:
    """Whether both still have what the authorisation stands on."""
    return may(principal, "sign") and may(deputy, "sign") and _sees_as_much(deputy, principal)


def _sees_as_much(deputy: Account, principal: Account) -> bool:
    """Whether a deputy sees what waits for the principal: an authorisation to sign opens no other papers."""
    if may(deputy, "see_all"):
        return True
    return deputy.unit_id == principal.unit_id and not may(principal, "see_all")


# --- acts -----------------------------------------------------------------------------------------


def appoint(
    office: Office,
    actor: Account,
    principal_id: str,
    deputy_id: str,
    since: date,
    until: date,
    reason: str,
    password: str,
    address: str,
) -> None:
    """Let somebody sign for a person from one day to another, at most ``MOST_DAYS``, after one's password.

    Raises ``NotAllowed``, ``DeputyRefused`` naming the input that must change, and ``SignInRefused``.
    """
    _require(actor)
    principal = _signatory(office, "principal", principal_id)
    if not _may_appoint(actor, principal):
        raise NotAllowed(_("只能为自己办理代签授权；为别人办理，须由办公室主任或系统管理员办。"))
    deputy = _signatory(office, "deputy", deputy_id)
    _check_pair(principal, deputy)
    _check_days(_today(office), since, until)
    if not reason.strip():
        raise DeputyRefused("reason", _("请写明事由，例如“外出学习”。"))
    if not reasons.is_reason(reason):
        raise DeputyRefused("reason", reasons.too_little())
    _check_free(office, principal, since, until)
    signin.confirm_password(office.store, office.clock, actor, password, address)
    with office.store.write():
        _check_free(office, principal, since, until)
        _insert(office, actor, principal, deputy, since, until, reason)


def _insert(
    office: Office,
    actor: Account,
    principal: Account,
    deputy: Account,
    since: date,
    until: date,
    reason: str,
) -> None:
    row = {"id": new_id(), "principal_id": principal.id, "deputy_id": deputy.id}
    row |= {"since": since.isoformat(), "until": until.isoformat(), "reason": reason.strip()}
    made = {"made_by": actor.id, "made_at": stamp(office.clock.now()), "ended_at": None}
    office.store.insert("deputy", row | made)
    said = {"principal": principal.id, "deputy": deputy.id, "since": row["since"], "until": row["until"]}
    office.note(principal.unit_id, actor.id, "deputy_appointed", deputyship=row["id"], **said)


def end(office: Office, actor: Account, deputyship_id: str) -> None:
    """End an authorisation at once; ending it twice is harmless.

    Raises ``NotFound`` for one that does not concern this person, ``NotAllowed`` for the deputy's own wish.
    """
    with office.store.write():
        found = [one for one in all_for(office, actor) if one.id == deputyship_id]
        if not found:
            raise NotFound(deputyship_id)
        if not _may_appoint(actor, found[0].principal):
            raise NotAllowed(_("只有被代签的人、办公室主任或系统管理员可以提前结束。"))
        if may_end(actor, found[0]):
            _end(office, actor, found[0])


def end_lapsed(office: Office, actor: Account, account_id: str) -> None:
    """End what no longer holds since this account was changed; inside ``store.write()``."""
    for one in _select(office, "ended_at IS NULL AND ? IN (principal_id, deputy_id)", [account_id]):
        if one.state == "lapsed":
            _end(office, actor, one)


def pass_on(office: Office, actor: Account, deputyship_id: str, deputy: Account | None) -> None:
    """End an authorisation; ``deputy`` signs from today in place of whom it was given to, if anybody.

    Inside ``store.write()``, for whoever hands over the work of a person who leaves.
    """
    (one,) = _select(office, "id = ?", [deputyship_id])
    _end(office, actor, one)
    if deputy is not None:
        since = max(one.since, _today(office))
        _insert(office, actor, one.principal, deputy, since, one.until, one.reason)


def _end(office: Office, actor: Account, one: Deputyship) -> None:
    office.store.update("deputy", one.id, {"ended_at": stamp(office.clock.now())})
    office.note(one.principal.unit_id, actor.id, "deputy_ended", deputyship=one.id)


def _signatory(office: Office, field: str, account_id: str) -> Account:
    found = accounts.get(office.store, account_id)
    if found is None or not may(found, "sign"):
        raise DeputyRefused(field, _("请选择一位在岗、有签字权限的同志。"))
    return found


def _check_pair(principal: Account, deputy: Account) -> None:
    if deputy.id == principal.id:
        raise DeputyRefused("deputy", _("代签人不能是本人，请另选一位同志。"))
    if not _sees_as_much(deputy, principal):
        message = _(
            "%(deputy)s看不到要由%(principal)s签的材料。请选同单位的同志，或者能看全部单位材料的领导。",
            deputy=deputy.name,
            principal=principal.name,
        )
        if may(principal, "see_all"):
            message = _(
                "%(deputy)s看不到要由%(principal)s签的材料。请选能看全部单位材料的同志。",
                deputy=deputy.name,
                principal=principal.name,
            )
        raise DeputyRefused("deputy", message)


def _check_days(today: date, since: date, until: date) -> None:
    if since < today:
        raise DeputyRefused("since", _("开始日期不能早于今天：授权不能补办。"))
    if until < since:
        raise DeputyRefused("until", _("结束日期不能早于开始日期。"))
    if until - since >= timedelta(days=MOST_DAYS):
        raise DeputyRefused("until", _("一次最多授权 %(n)s 天，到期可以再办。", n=MOST_DAYS))


def _check_free(office: Office, principal: Account, since: date, until: date) -> None:
    known = _select(
        office,
        "principal_id = ? AND ended_at IS NULL AND since <= ? AND until >= ?",
        [principal.id, until.isoformat(), since.isoformat()],
    )
    if known:
        raise DeputyRefused(
            "since",
            _(
                "%(principal)s从%(since)s到%(until)s已由%(deputy)s代签，要换人请先提前结束那一项。",
                principal=principal.name,
                deputy=known[0].deputy.name,
                since=known[0].since,
                until=known[0].until,
            ),
        )
