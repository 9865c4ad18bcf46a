"""Putting a form type in force, withdrawing it, putting an earlier edition back: acts with person and note.

Everybody works with it from the next request on, in every process. Records keep the edition they were handed
in with; drafts follow.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office import editions, live, published, sources
from andu.office.books import ledger_keeping
from andu.office.editions import Edition
from andu.office.errors import NotFound, Refused
from andu.office.office import Office
from andu.office.published import FORMS, LEDGERS, PUBLISH, RESTORE, WITHDRAW, Publication, Published
from andu.office.shelf import books, checking, designs, ledger_columns, overlays
from andu.security import accounts
from andu.security.accounts import Account
from andu.security.permissions import require
from andu.store import verbs

LONGEST_NOTE = 200


@dataclass(frozen=True)
class PastEdition:
    """An edition of a form type in the list of all there were: when it came in, whether it is in force."""

    edition: Edition
    since: str
    is_in_force: bool


def publish(office: Office, actor: Account, design_id: str, revision: int, note: str) -> Edition | None:
    """Put a design in force that has passed its check; raises ``NotFound``, ``NotAllowed``, ``Refused``.

    Where the office wants two admins for it, the first only asks: None.
    """
    require(actor, designs.ACT)
    design = designs.get(office, actor, design_id)
    designs.refuse_changed(office, design, revision)
    verdict = checking.check(office, actor, design)
    if verdict.edition is None or not verdict.passed:
        raise Refused(_("检查还没有通过，不能发布。请先改好标红的地方。"))
    if office.config.two_to_publish:
        asked = designs.asked_by(office, actor, design)
        if not asked:
            designs.ask_publication(office, actor, design_id, revision)
            return None
        if asked == actor.id:
            raise Refused(_("本单位的表单要另一位管理员确认后才生效，不能由您自己确认。"))
    edition, ledgers = verdict.edition, ledger_columns.texts(office, design)
    before = {slug: ledger_columns.text_now(office, slug) for slug in ledgers}
    office.files.put(verdict.docx)
    with office.store.write():
        designs.refuse_changed(office, designs.get(office, actor, design_id), revision)
        _refuse_others(office)
        editions.keep(office, edition)
        was = office.published.editions.get(design.slug, design.based_on)
        _enter(office, actor, design.slug, PUBLISH, note, edition.id, was)
        for slug, text in ledgers.items():
            if text != before[slug]:
                overlays.enter(office, actor, LEDGERS + slug, before[slug], text, note, PUBLISH)
        settled = {
            "state": designs.PUBLISHED,
            "updated_by": actor.id,
            "updated_at": stamp(office.clock.now()),
        }
        office.store.update("form_design", design.id, settled)
    if ledgers:
        ledger_keeping.follow_publication(live.as_published(office), books.AT_ONCE)
    return edition


def withdraw(office: Office, actor: Account, slug: str, note: str) -> None:
    """Nothing new of this form type begins; everything there is of it lives on. Raises as ``publish``."""
    require(actor, designs.ACT)
    edition = _offered(office, slug)
    made = office.published.without_form(slug, edition.id, edition.form_type.source)
    _refuse_breaking(office, made)
    with office.store.write():
        _refuse_others(office)
        _enter(office, actor, slug, WITHDRAW, note, edition.id, edition.id)


def restore(office: Office, actor: Account, slug: str, edition_id: str, note: str) -> Edition:
    """Put an earlier edition in force again, of a form type withdrawn as well. Raises as ``publish``."""
    require(actor, designs.ACT)
    edition = editions.get(office, edition_id)
    if edition.form_type.slug != slug:
        raise NotFound(edition_id)
    _refuse_breaking(office, office.published.with_form(slug, edition.id, edition.form_type.source))
    now = checking.in_force(office, slug)
    with office.store.write():
        _refuse_others(office)
        _enter(office, actor, slug, RESTORE, note, edition.id, now.id if now else "")
    return edition


def every(office: Office, actor: Account, slug: str, most: int = 50) -> list[PastEdition]:
    """The editions there were of a form type, the newest first; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    now = checking.in_force(office, slug)
    is_offered = slug not in office.catalogue.retired
    newest_first = f"created_at DESC, {verbs.row_order('form_version')} DESC"
    rows = office.store.rows_where("form_version", "slug = ?", [slug], order_by=newest_first, limit=most)
    return [
        PastEdition(
            editions.get(office, row["id"]),
            row["created_at"],
            is_offered and now is not None and now.id == row["id"],
        )
        for row in rows
    ]


def history(office: Office, actor: Account, slug: str) -> list[tuple[Publication, str]]:
    """Who published what of a form type, the newest first; raises ``NotAllowed``."""
    require(actor, designs.ACT)
    found = published.history(office.store, FORMS + slug)
    return [(one, name_of(office, one.actor_id)) for one in found]


def name_of(office: Office, account_id: str) -> str:
    """What the person of an account is called."""
    account = accounts.get(office.store, account_id)
    return account.name if account else account_id


def _offered(office: Office, slug: str) -> Edition:
    if office.catalogue.get(slug) is None:
        raise NotFound(slug)
    if slug in office.catalogue.retired:
        raise Refused(_("这种表单已经停用了。"))
    return editions.current(office, slug)


def _refuse_others(office: Office) -> None:
    """What was judged was judged beside what is in force now. Within the write."""
    if published.generation(office.store) != office.published.generation:
        raise Refused(_("刚刚有人发布了别的改动，请再检查一次，没有问题再办。"))


def _refuse_breaking(office: Office, made: Published) -> None:
    office.store.require_no_write("reading all form types")
    broken = sources.would_break(office.settings, office.store, made)
    if broken:
        raise Refused(_("这样会使别的表单、台账出错：%(what)s", what="；".join(broken)))


def _enter(office: Office, actor: Account, slug: str, act: str, note: str, edition_id: str, was: str) -> None:
    by = (office.store, office.clock, actor.id, FORMS + slug)
    number = published.enter(*by, act, note.strip()[:LONGEST_NOTE], edition=edition_id)
    said: dict[str, object] = {"form": slug, "was": was, "publication": number}
    if act == WITHDRAW:
        office.note(actor.unit_id, actor.id, "form_withdrawn", **said)
    else:
        event = "form_published" if act == PUBLISH else "form_restored"
        office.note(actor.unit_id, actor.id, event, edition=edition_id, **said)
