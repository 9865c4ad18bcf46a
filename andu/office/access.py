"""Access: what is shut to whoever has not signed the form that the office asks for first (``access_needs``).

``scope`` puts it into the one condition by which records are read, so that no list and no page has to ask;
``drafts``, ``ledgers`` and ``signatures`` ask it for what is no record yet, or of many. To a program the form
types are shut that its token does not name. Nothing is kept: a
numbered form in somebody's own name, signed by that very person, opens from the moment of its number until
its deadline, or until it is voided. Where the office sets no ``access_needs``, nothing is shut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from andu.clock import chinese_date, office_day, parse_stamp, stamp
from andu.office import conflicts
from andu.office.config import CASES, AccessNeeds
from andu.office.errors import NotAllowed
from andu.office.office import Office
from andu.security.accounts import Account
from andu.store import verbs

_IN_NAME = (
    "FROM record LEFT JOIN deadline ON deadline.record_id = record.id AND deadline.key = ?"
    " WHERE record.form = ?"
)
# Neither by a deputy nor by whoever wrote it down for them.
_SIGNER = f"coalesce({verbs.member('signed.data', 'account_id')}, signed.actor_id)"
_HOLDS = (
    "record.state IN ('numbered', 'filed') AND (? = '' OR deadline.due >= ?)"
    " AND EXISTS (SELECT 1 FROM record_event AS signed WHERE signed.record_id = record.id"
    f" AND signed.event = 'record_signed' AND {verbs.number('signed.data', 'version')} = record.version"
    f" AND {_SIGNER} = %s)"
)


def shut(office: Office, actor: Account) -> frozenset[str]:
    """The form types whose records this person is not shown now, nor begins, nor signs."""
    return _until_signed(office, actor) | _beyond_the_token(office, actor)


def _until_signed(office: Office, actor: Account) -> frozenset[str]:
    needs = office.config.access_needs
    if needs is None or _holders(office, needs, f"AND {_person(needs)} = ?", [actor.id]):
        return frozenset()
    return needs.forms(office.catalogue)


def _beyond_the_token(office: Office, actor: Account) -> frozenset[str]:
    if actor.limit is None or actor.limit.forms is None:
        return frozenset()
    return frozenset(one.slug for one in office.catalogue.all()) - actor.limit.forms


def condition(office: Office, actor: Account) -> tuple[str, list[str]]:
    """An SQL condition on table ``record``, with its parameters: it is not shut to this person.

    Neither by form type nor by what the matter names (``conflicts``).
    """
    (by_form, slugs), (by_matter, keys) = of_forms(office, actor), conflicts.condition(office, actor)
    return (by_form, slugs) if by_matter == "1=1" else (f"({by_form} AND {by_matter})", [*slugs, *keys])


def of_forms(office: Office, actor: Account) -> tuple[str, list[str]]:
    """The part of ``condition`` that goes by form type alone."""
    sql, slugs = _signed_for(office, actor)
    if actor.limit is None or actor.limit.forms is None:
        return sql, slugs
    named = sorted(actor.limit.forms)
    return f"({sql} AND record.form IN ({', '.join('?' * len(named))}))", [*slugs, *named]


def _signed_for(office: Office, actor: Account) -> tuple[str, list[str]]:
    slugs = sorted(_until_signed(office, actor))
    if not slugs:
        return "1=1", []
    open_forms = f"record.form NOT IN ({', '.join('?' * len(slugs))})"
    needs = office.config.access_needs
    if needs and CASES in needs.shut:  # of form types that the office has given up since, too
        open_forms += " AND record.case_id IS NULL"
    return f"({open_forms})", slugs


def able(office: Office, form: str, people: Sequence[Account]) -> list[Account]:
    """Those of these people to whom records of this form type are not shut, in one reading."""
    needs = office.config.access_needs
    if needs is None or form not in needs.forms(office.catalogue):
        return [*people]
    holders = _holders(office, needs, "", [])
    return [one for one in people if one.id in holders]


def require(office: Office, actor: Account, *forms: str) -> None:
    """Raise ``NotAllowed``, saying what is missing, when one of these form types is shut to this person."""
    if _until_signed(office, actor).intersection(forms):
        raise NotAllowed(notice(office, actor))
    if _beyond_the_token(office, actor).intersection(forms):
        raise NotAllowed(_("这个令牌不能办这种表单。"))


def notice(office: Office, actor: Account) -> str:
    """What this person must sign first, and from when it counts; empty where nothing is shut to them."""
    needs = office.config.access_needs
    if needs is None or not _until_signed(office, actor):
        return ""
    title = office.catalogue.get(needs.form).title  # type: ignore[union-attr]  # looked at when the office opened
    rows = office.store.query(
        f"SELECT record.state, deadline.due {_IN_NAME} AND {_person(needs)} = ?"
        " ORDER BY record.created_at DESC, record.id DESC LIMIT 1",
        [needs.until, needs.form, actor.id],
    )
    return _(
        "%(why)s须签订“%(title)s”才能接触的材料，现在不对您开放：不列出，也不能填写、签字、打印和下载。"
        "由您本人签字，取得编号时起生效。",
        why=_why(office, rows, title),
        title=title,
    )


def _why(office: Office, rows: Sequence[Mapping[str, Any]], title: str) -> str:
    if not rows:
        return _("您还没有签订“%(title)s”。", title=title)
    state, due = rows[0]["state"], rows[0]["due"]
    if state == "voided":
        return _("您的“%(title)s”编号已经作废，请重新签订。", title=title)
    if state in ("numbered", "filed"):
        if due and due < stamp(office.clock.now()):
            day = chinese_date(office_day(parse_stamp(due)))
            return _("您的“%(title)s”已于%(day)s到期，请重新签订。", title=title, day=day)
        return _("您名下的“%(title)s”不是您本人签的，请重新签订。", title=title)
    return _("您的“%(title)s”还没有签齐、没有编号。", title=title)


def _holders(office: Office, needs: AccessNeeds, more: str, params: Sequence[str]) -> set[str]:
    """The ids of the people who hold one now."""
    person = _person(needs)
    rows = office.store.query(
        f"SELECT {person} AS person {_IN_NAME} {more} AND {_HOLDS % person}",
        [needs.until, needs.form, *params, needs.until, stamp(office.clock.now())],
    )
    return {row["person"] for row in rows}


def _person(needs: AccessNeeds) -> str:
    return verbs.member("record.data", needs.person)
