"""Every route × every kind of person: who gets in, who is told no, for whom it does not exist.

The table is the whole truth: a route without a row fails, and so does a row without a route. Letters:
``+`` lets in, ``-`` says 403, ``0`` says 404 (what belongs to another unit does not exist), ``?`` asks to
sign in first.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from andu.clock import FixedClock, office_day
from andu.office import editions
from andu.office.books import register
from andu.office.followup import reminders
from andu.office.issue import filling
from andu.office.office import Office
from andu.office.shelf import designs
from andu.office.signing import scans
from andu.office.turns import deputies
from andu.office.writing import attachments, drafts
from andu.security import accounts, programs
from andu.security.accounts import Account
from andu.settings import Settings
from app import create_app
from tests import scanning
from tests.conftest import MORNING, PASSWORD, nothing_wrong, with_key
from tests.office.conftest import raw_sample
from tests.store.outside import at_rest
from tests.views.conftest import blank_pdf
from tests.views.page import Visitor

# 张三 the clerk who wrote it all in 示例一村, 郑十二 a clerk of another village, 李四 the head of 示例一村,
# 赵六 head of the office and its director, 孙七 of the leading group, 吴九 the admin, 何十 the auditor.
PEOPLE = ("", "zhangsan", "zhengshier", "lisi", "zhaoliu", "sunqi", "wujiu", "heshi")

MATRIX = """
GET  desk.show                 ? + + + + + + +
GET  tokens.index              ? + + + + + + +
POST tokens.make               ? + + + + + - +
POST tokens.revoke             ? + 0 0 0 0 0 0
GET  desk.choose               ? + + + + - - -
POST desk.mark                 ? + + + + - - -
POST drafts.start              ? + + + + - - -
GET  drafts.edit               ? + 0 + 0 - - -
POST drafts.change             ? + 0 + 0 - - -
POST drafts.autosave           ? + 0 + 0 - - -
GET  drafts.compare            ? + 0 + 0 - - -
GET  drafts.last               ? + 0 + 0 - - -
GET  drafts.preview            ? + 0 + 0 - - -
GET  drafts.confirm_discard    ? + 0 + 0 - - -
POST drafts.discard            ? + 0 + 0 - - -
GET  records.show              ? + 0 + + + - +
GET  handed_in.index           ? + + + + - - -
GET  finding.index             ? + + + + + - +
GET  finding.suggest           ? + + + + + - +
GET  cases.show                ? + 0 + + + - +
GET  cases.bundle              ? + 0 + + + - -
GET  deadlines.done            ? + 0 + + + - +
POST deadlines.done            ? + 0 + + + - -
GET  deadlines.extension       ? + 0 + + + - +
POST deadlines.ask             ? + 0 + - - - -
POST deadlines.decide          ? 0 0 0 0 0 - -
POST deadlines.chase           ? 0 0 0 0 - - -
POST deadlines.put_away        ? + 0 + + + - 0
GET  records.sheets            ? + 0 + + + - +
GET  records.paper             ? + 0 + + + - +
GET  records.waiting           ? + 0 + + + - +
GET  records.preview           ? + 0 + + + - +
POST records.copy              ? + 0 + + - - -
POST records.revise            ? + 0 - - - - -
GET  records.reveal            ? + 0 - + - - -
POST records.reveal            ? + 0 - + - - -
GET  records.attachment        ? + 0 + + + - +
GET  signing.queue             ? + + + + + - +
GET  signing.sign              ? + 0 + + + - +
POST signing.give              ? - 0 + - - - -
POST signing.agree             ? - 0 - - - - -
GET  help.show                 ? + + + + + + +
GET  help.picture              ? + + + + + + +
GET  signing.together          ? + + + + + - +
POST signing.give_together     ? + + + + + - +
POST signing.take_back         ? + + + + + - +
GET  phrases.index             ? + + + + + - +
POST phrases.keep              ? + + + + + - +
POST phrases.drop              ? + + + + + - +
POST signing.decline           ? - 0 + - - - -
GET  scans.sheet               ? + 0 + + + - -
GET  scans.index               ? + 0 + + + - -
POST scans.upload              ? + 0 + + + - -
GET  scans.picture             ? + 0 + + + - +
GET  scans.download            ? + 0 + + + - -
GET  ink.show                  ? + 0 + + + - +
POST ink.confirm               ? + 0 + + + - -
GET  deputies.index            ? + + + + + + -
POST deputies.appoint          ? + + + + + + -
POST deputies.end              ? - 0 + + 0 + -
GET  register.search           ? + + + + + - +
GET  register.print_list       ? + + + + + - -
GET  register.print_several    ? + 0 + + + - -
GET  register.open_paper       ? + 0 + + + - +
GET  register.download         ? + 0 + + + - -
GET  register.print_paper      ? + 0 + + + - -
GET  register.void             ? - - - + - - -
POST register.void             ? - - - + - - -
GET  received.index            ? - - - + + - +
GET  received.paper            ? - - - 0 0 - -
GET  printing.desk             ? + + + + + - -
GET  printing.record_proof     ? + 0 + + + - -
GET  printing.draft_proof      ? + 0 + 0 0 - -
GET  printing.statistics_page  ? + + + + + - +
GET  printing.statistics_sheet ? + + + + + - -
GET  figures.show              ? + + + + + - +
GET  figures.sheet             ? + + + + + - -
GET  returns.show              ? + + + + + - +
POST returns.fill              ? + + + + - - -
POST returns.circular          ? - - - + - - -
GET  ledgers.index             ? + + + + + - +
GET  ledgers.show              ? + + + + + - +
GET  ledgers.export            ? + + + + + - -
GET  ledgers.print_list        ? + + + + + - -
POST ledgers.close             ? + + + + - - -
GET  series.index              ? + + + + + - +
GET  series.show               ? - - - + + - +
POST series.reserve            ? - - - + - - -
GET  second_factor.show        ? + + + + + + +
POST second_factor.begin       ? + + + + + + +
POST second_factor.turn_on     ? + + + + + + +
POST second_factor.turn_off    ? + + + + + + +
POST second_factor.end_others  ? + + + + + + +
GET  vault.show                ? - - - + - + -
POST vault.make_code           ? - - - + - - -
POST vault.type_code           ? - - - + - - -
POST vault.rotate              ? - - - + - - -
GET  second_person.ask         ? - - - + - - -
POST second_person.ask         ? - - - + - - -
GET  second_person.approve     ? - - - 0 - - -
POST second_person.approve     ? - - - 0 - - -
GET  office_key.show           ? - - - + - - -
POST office_key.set_up         ? - - - + - - -
POST office_key.drill          ? - - - + - - -
POST office_key.open_for       ? - - - + - - -
GET  vault.confirm             ? - - - 0 - - -
POST vault.confirm             ? - - - 0 - - -
GET  restored.show             ? - - - + - - -
POST restored.confirm          ? - - - + - - -
GET  deployment.show           ? - - - - - + -
POST deployment.again          ? - - - - - + -
GET  forms.index               ? - - - - - + -
GET  forms.show                ? - - - - - + -
GET  designs.new                ? - - - - - + -
POST designs.upload             ? - - - - - + -
POST designs.take_in            ? - - - - - + -
POST designs.take_in_xlsform    ? - - - - - + -
GET  designs.package            ? - - - - - + -
POST designs.begin              ? - - - - - + -
POST designs.shipped            ? - - - - - 0 -
POST designs.revise             ? - - - - - + -
GET  designs.show               ? - - - - - + -
GET  designs.marked             ? - - - - - + -
GET  designs.paper              ? - - - - - + -
POST designs.replace_paper      ? - - - - - + -
POST designs.redraw             ? - - - - - + -
GET  designs.revisions          ? - - - - - + -
POST designs.go_back            ? - - - - - + -
POST designs.discard            ? - - - - - + -
GET  proposals.show             ? - - - - - + -
POST proposals.accept           ? - - - - - + -
GET  design_parts.about         ? - - - - - + -
POST design_parts.about         ? - - - - - + -
GET  design_parts.signatures    ? - - - - - + -
POST design_parts.signatures    ? - - - - - + -
GET  design_parts.field         ? - - - - - + -
POST design_parts.field         ? - - - - - + -
GET  design_parts.add_field     ? - - - - - + -
POST design_parts.add_field     ? - - - - - + -
POST design_parts.move_field    ? - - - - - + -
POST design_parts.remove_field  ? - - - - - + -
GET  design_parts.order         ? - - - - - + -
POST design_parts.order         ? - - - - - + -
GET  design_parts.item          ? - - - - - + -
POST design_parts.item          ? - - - - - + -
POST design_parts.add_item      ? - - - - - + -
POST design_parts.move_item     ? - - - - - + -
POST design_parts.remove_item   ? - - - - - + -
GET  design_parts.at            ? - - - - - + -
POST design_parts.at            ? - - - - - + -
POST design_parts.add_at        ? - - - - - + -
POST design_parts.move_at       ? - - - - - 0 -
POST design_parts.remove_at     ? - - - - - + -
POST design_parts.add_block     ? - - - - - + -
GET  design_parts.try_out       ? - - - - - + -
POST design_parts.try_out       ? - - - - - + -
GET  design_ledgers.index       ? - - - - - + -
POST design_ledgers.begin       ? - - - - - + -
GET  design_ledgers.edit        ? - - - - - + -
POST design_ledgers.edit        ? - - - - - + -
POST design_ledgers.leave       ? - - - - - + -
GET  publishing.check           ? - - - - - + -
GET  publishing.sample          ? - - - - - + -
POST publishing.publish         ? - - - - - + -
GET  publishing.editions        ? - - - - - + -
POST publishing.withdraw        ? - - - - - + -
POST publishing.restore         ? - - - - - + -
GET  office_settings.show       ? - - - - - + -
GET  notices.show              ? - - - - - + -
POST notices.plan              ? - - - - - + -
POST notices.mail              ? - - - - - + -
POST notices.people            ? - - - - - + -
POST notices.add_robot         ? - - - - - + -
POST notices.drop_robot        ? - - - - - 0 -
POST notices.try_out           ? - - - - - 0 -
POST office_settings.words      ? - - - - - + -
POST office_settings.series     ? - - - - - + -
POST office_settings.letters    ? - - - - - + -
POST office_settings.together   ? - - - - - + -
POST office_settings.campaigns  ? - - - - - + -
POST office_settings.rules      ? - - - - - + -
GET  many_people.show          ? - - - - - + -
GET  many_people.pattern       ? - - - - - + -
POST many_people.take_in       ? - - - - - + -
POST office_settings.publishing ? - - - - - + -
POST office_settings.recusal    ? - - - - - + -
POST office_settings.conflict   ? - - - - - + -
POST office_settings.second_factor ? - - - - - + -
POST office_settings.access     ? - - - - - + -
POST office_settings.holidays   ? - - - - - + -
GET  books.index                ? - - - - - + -
GET  books.new                  ? - - - - - + -
POST books.new                  ? - - - - - + -
GET  books.edit                 ? - - - - - + -
POST books.edit                 ? - - - - - + -
POST books.withdraw             ? - - - - - + -
POST books.restore              ? - - - - - + -
GET  accounts.index            ? - - - - - + -
GET  accounts.create           ? - - - - - + -
POST accounts.create           ? - - - - - + -
GET  accounts.edit             ? - - - - - + -
POST accounts.edit             ? - - - - - + -
POST accounts.reset_password   ? - - - - - + -
POST accounts.disable          ? - - - - - + -
POST accounts.enable           ? - - - - - + -
POST accounts.drop_second_factor ? - - - - - + -
GET  leaving.show              ? - - - - - + -
POST leaving.hand_over         ? - - - - - + -
GET  merging.show              ? - - - - - + -
POST merging.merge             ? - - - - - + -
GET  giving.show               ? + 0 + - - + -
POST giving.give               ? + 0 + - - + -
GET  namesakes.show            ? - - - + - - -
POST namesakes.show            ? - - - + - - -
GET  sealed.show               ? - - - 0 - - -
POST sealed.hand_on            ? - - - 0 - - -
GET  accounts.create_unit      ? - - - - - + -
POST accounts.create_unit      ? - - - - - + -
GET  accounts.edit_unit        ? - - - - - + -
POST accounts.edit_unit        ? - - - - - + -
POST accounts.close_unit       ? - - - - - + -
POST accounts.reopen_unit      ? - - - - - + -
GET  audit.month               ? - - - + - - +
GET  audit.month_sheet         ? - - - + - - -
GET  audit.recent              ? - - - + - - +
GET  session.sign_in           + + + + + + + +
POST session.sign_in           + + + + + + + +
POST session.speak              ? + + + + + + +
GET  session.alive             ? + + + + + + +
GET  session.change_password   ? + + + + + + +
POST session.change_password   ? + + + + + + +
GET  calendar.show             0 0 0 0 0 0 0 0
GET  interface.index           ? + + + + + + +
GET  interface.openapi         ? + + + + + + +
GET  interface.form            ? + + + + + + +
GET  api.openapi                ? ? ? ? ? ? ? ?
GET  api.me                     ? ? ? ? ? ? ? ?
GET  api.forms                  ? ? ? ? ? ? ? ?
GET  api.form                   ? ? ? ? ? ? ? ?
GET  api.edition                ? ? ? ? ? ? ? ?
GET  api.record                 ? ? ? ? ? ? ? ?
GET  api.paper_pdf              ? ? ? ? ? ? ? ?
GET  api.paper_docx             ? ? ? ? ? ? ? ?
GET  api.register_entries       ? ? ? ? ? ? ? ?
GET  api.ledger_lines           ? ? ? ? ? ? ? ?
GET  api.ledger                 ? ? ? ? ? ? ? ?
GET  api.running                ? ? ? ? ? ? ? ?
GET  api.changed                ? ? ? ? ? ? ? ?
POST api.begin                  ? ? ? ? ? ? ? ?
GET  api.draft                  ? ? ? ? ? ? ? ?
PUT  api.change                 ? ? ? ? ? ? ? ?
POST api.submit                 ? ? ? ? ? ? ? ?
GET  api.attachment             ? ? ? ? ? ? ? ?
POST api.attach                 ? ? ? ? ? ? ? ?
POST api.hand_in                ? ? ? ? ? ? ? ?
GET  api.nothing                ? ? ? ? ? ? ? ?
POST api.nothing                ? ? ? ? ? ? ? ?
PUT  api.nothing                ? ? ? ? ? ? ? ?
PATCH api.nothing                ? ? ? ? ? ? ? ?
DELETE api.nothing                ? ? ? ? ? ? ? ?
POST session.leave             + + + + + + + +
GET  static                    + + + + + + + +
"""
ROWS = [(row.split()[0], row.split()[1], row.split()[2:]) for row in MATRIX.strip().splitlines()]


@pytest.fixture(scope="module")
def world(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A draft, a record that waits for 李四, and a filed paper, all of 示例一村; and their ids."""
    folder = tmp_path_factory.mktemp("world") / "instance"
    shutil.copytree(founded, folder)
    office = Office.open(
        Settings(instance=folder, clock=FixedClock(MORNING), testing=True), blank_pdf, nothing_wrong
    )
    create_app(office.settings, office)
    ids = {"slug": "clue_registration", "media": "pdf", "key": "completion", "year": "2026", "number": "1"}
    ids |= {
        "kind": "draft",
        "folder": "ledgers",
        "ledger": "clue_registration",
        "publication": "0",
        "item_id": "nothing",
        "paper_id": "nothing",
        "edition_id": "nothing",
        "rest": "nothing",
        "secret": "nothing",
    } | build(office)
    at_rest(office.store)
    office.store.close()
    return folder, ids


def build(office: Office) -> dict[str, str]:
    from tests.office import conftest as acts

    submit, sign = acts.submit.__wrapped__(office), acts.sign.__wrapped__(office)  # type: ignore[attr-defined]
    people = {one.username: with_key(office, one) for one in accounts.all(office.store)}
    clerk = people["zhangsan"]
    raw = raw_sample(office, clerk, "clue_registration")
    draft = drafts.start(office, clerk, "clue_registration", raw)
    saved = drafts.save(office, clerk, draft.id, raw | {"f_summary": ["旁边"]}, 99)
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    holder = drafts.start(office, clerk, "completion_report")
    attachment = drafts.attach(office, clerk, holder.id, "files", "照片.png", png)
    waiting = sign(clerk, submit(clerk, "clue_registration"))
    due = due_by_hand(office, waiting.id)
    reminders.write_due(office)
    (reminder,) = office.store.rows_where("reminder", "deadline_id = ?", [due])
    filed = submit(clerk, "completion_report", files=[attachment.id])
    filed = sign(people["zhaoliu"], sign(people["lisi"], filed))
    assert [one.id for one in attachments.of_record(office, filed.id)] == [attachment.id]
    entry = register.of_record(office, clerk, filed.id)
    numbered = sign(people["lisi"], sign(clerk, submit(clerk, "clue_registration")))
    sheet = scanning.png(scanning.page_with(filling.matter_of(office, waiting).check_code))
    scan = scans.file(office, clerk, waiting.id, sheet)
    assert entry is not None
    proof = (PASSWORD, "10.0.0.1")
    token, _secret = programs.make(office.store, office.clock, clerk, "报表", ["see"], [], 30, *proof)
    return {
        "token_id": token.id,
        "look_id": "none",
        "draft_id": draft.id,
        "copy_id": saved.draft.id,
        "record_id": waiting.id,
        "case_id": waiting.id,
        "whole_case": numbered.id,
        "register_id": entry.id,
        "scan_id": scan.id,
        "attachment_id": attachment.id,
        "account_id": people["qianyi"].id,
        "deadline_id": due,
        "reminder_id": reminder["id"],
        "unit_id": "cun1",
        "phrase_id": "none",
        "page": "clerk",
        "way_id": "none",
        "shown": "sign",
        "deputyship_id": stand_in(office, people),
        **design(office, people["wujiu"]),
    }


def design(office: Office, admin: Account) -> dict[str, str]:
    """A form type that the admin is about to change, as if it had begun from a blank Word form."""
    edition = editions.current(office, "completion_report")
    made = designs.begin_again(office, admin, "completion_report")
    with office.store.write():
        office.store.update("form_design", made.id, {"marked_sha": edition.template_sha})
    return {"design_id": made.id, "edition_id": edition.id, "path": "handling_unit", "name": "slots"}


def stand_in(office: Office, people: dict[str, Account]) -> str:
    """张三 signs for 李四 from tomorrow."""
    head, clerk, tomorrow = people["lisi"], people["zhangsan"], office_day(MORNING) + timedelta(days=1)
    deputies.appoint(office, head, head.id, clerk.id, tomorrow, tomorrow, "外出", PASSWORD, "10.0.0.1")
    return str(office.store.rows_where("deputy")[0]["id"])


def due_by_hand(office: Office, record_id: str) -> str:
    """The deadline of a record, as of a form that lets it be done by hand and put off."""
    (row,) = office.store.rows_where("deadline", "record_id = ?", [record_id])
    terms = {**json.loads(row["terms"]), "by_hand": True, "limit": {"roles": ["director"], "days": 9000}}
    with office.store.write():
        office.store.update("deadline", row["id"], {"terms": json.dumps(terms)})
    return str(row["id"])


@contextmanager
def opened(folder: Path) -> Iterator[Flask]:
    office = Office.open(
        Settings(instance=folder, clock=FixedClock(MORNING), testing=True), blank_pdf, nothing_wrong
    )
    yield create_app(office.settings, office)
    office.store.close()


def path_of(app: Flask, endpoint: str, ids: dict[str, str]) -> str:
    ids = {**ids, "filename": "mark.svg"}
    if endpoint == "drafts.compare":
        ids["draft_id"] = ids["copy_id"]
    if endpoint == "cases.bundle":
        ids["case_id"] = ids["whole_case"]
    if endpoint == "drafts.last":
        ids["key"] = "place"
    ids["field"] = "files"
    ids["where"] = "rules" if endpoint == "design_parts.add_at" else "case"
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    values: dict[str, Any] = {name: ids[name] for name in rule.arguments}
    values |= {name: int(values[name]) for name in ("year", "number") if name in values}
    values |= {"paper": ids["register_id"]} if endpoint == "register.print_several" else {}
    return str(app.url_map.bind("").build(endpoint, values))


BODIES = {
    "returns.fill": {"form": "halfmonthly_return", "period": "2026-11-2"},
    "returns.circular": {
        "begin": "supervision_circular", "form": "halfmonthly_return", "period": "2026-11-2",
    },
    "drafts.change": {"act": "save", "base_revision": "1", "f_summary": "改"},
    "drafts.autosave": {"base_revision": "1", "f_summary": "改"},
    "records.reveal": {"reason": "反馈需要", "password": PASSWORD},
    "namesakes.show": {"reason": "理由", "password": PASSWORD},
    "signing.give": {"version": "1", "slot": "head", "opinion": "同意", "password": PASSWORD},
    "signing.agree": {"version": "1", "slot": "head", "opinion": "同意"},
    "signing.give_together": {"password": ""},
    "phrases.keep": {"text": "同意"},
    "notices.plan": {"digest": "08:30"},
    "signing.decline": {
        "version": "1", "reason": "理由", "password": PASSWORD,
        "decline-version": "1", "decline-reason": "理由", "decline-password": PASSWORD,
    },
    "deadlines.done": {"words": "办好了"},
    "deadlines.ask": {"until": "2026-12-01", "reason": "理由"},
    "deadlines.decide": {
        "decide-extension": "none", "decide-decision": "grant", "decide-password": PASSWORD,
    },
    "register.void": {"reason": "理由", "password": PASSWORD},
    "design_parts.add_item": {"revision": "1", "label": "审核人"},
    "design_parts.add_at": {"revision": "1", "first": "refuse"},
    "design_parts.add_block": {"revision": "1", "block": "person"},
    "designs.redraw": {"revision": "1"}, "designs.go_back": {"revision": "1"},
}  # fmt: skip


Seats = dict[str, tuple[str, str]]
"""User name → the cookie of a session that has signed in, or none has, and the token of its pages."""


@pytest.fixture(scope="module")
def seats(world: tuple[Path, dict[str, str]]) -> Seats:
    """Everybody has taken a seat in the world, before it is copied: nobody signs in anew for every row."""
    taken = {}
    with opened(world[0]) as app:
        for username in PEOPLE:
            visitor = Visitor(app)
            visitor.get("/sign-in")
            token = visitor.token
            if username:
                visitor.sign_in(username, PASSWORD, follow=False)
                token = visitor.client.get("/session/alive").json["csrf_token"]
            cookie = visitor.client.get_cookie("andu")
            assert cookie is not None
            taken[username] = cookie.value, token
        at_rest(app.extensions["andu"].store)
    return taken


def knock(app: Flask, method: str, endpoint: str, seat: tuple[str, str], ids: dict[str, str]) -> str:
    visitor = Visitor(app)
    cookie, token = seat
    visitor.client.set_cookie("andu", cookie)
    path = path_of(app, endpoint, ids)
    data = {"csrf_token": token, **BODIES.get(endpoint, {})} if method == "POST" else None
    headers = {"Sec-Fetch-Site": "same-origin"}
    response = visitor.client.open(path, method=method, data=data, headers=headers)
    response.close()
    asked_to_sign_in = response.status_code == 401 or (
        response.status_code == 302
        and response.location.startswith("/sign-in")
        and endpoint != "session.leave"
    )
    if asked_to_sign_in:
        return "?"
    return {403: "-", 404: "0"}.get(
        response.status_code, "+" if response.status_code in (200, 302, 422) else "!"
    )


def test_every_route_stands_in_the_matrix_and_every_row_has_a_route(
    world: tuple[Path, dict[str, str]],
) -> None:
    with opened(world[0]) as app:
        routes = {
            (method, rule.endpoint)
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        }
    assert routes == {(method, endpoint) for method, endpoint, _letters in ROWS}


@pytest.mark.parametrize(("method", "endpoint", "letters"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
def test_each_person_gets_what_the_matrix_says(
    method: str,
    endpoint: str,
    letters: list[str],
    world: tuple[Path, dict[str, str]],
    seats: Seats,
    tmp_path: Path,
) -> None:
    folder, ids = world
    got = []
    left = list(PEOPLE)
    while left:  # whoever was let in may have changed the world: the next person finds it as it was
        place = tmp_path / str(len(left))
        shutil.copytree(folder, place)
        with opened(place) as app:
            while left and (method == "GET" or got[-1:] != ["+"] or place.name == str(len(left))):
                got.append(knock(app, method, endpoint, seats[left.pop(0)], ids))
    assert dict(zip(PEOPLE, got, strict=True)) == dict(zip(PEOPLE, letters, strict=True))


def test_denied_tries_are_in_the_audit_log(
    world: tuple[Path, dict[str, str]], seats: Seats, tmp_path: Path
) -> None:
    folder, ids = world
    shutil.copytree(folder, tmp_path / "instance")
    with opened(tmp_path / "instance") as app:
        assert knock(app, "GET", "records.show", seats["zhengshier"], ids) == "0"
        assert knock(app, "GET", "register.void", seats["zhangsan"], ids) == "-"
        office: Office = app.extensions["andu"]
        denied = office.store.rows_where("audit", "event = 'access_denied'", order_by="at, id")
        assert {row["chain"] for row in denied} == {"cun1", "cun2"}
        assert all(ids["record_id"] in row["data"] for row in denied if row["chain"] == "cun2")


def contents(office: Office) -> str:
    """Everything in the database that a page may not change by being looked at."""
    kept = sorted(set(office.store.tables()) - {"audit", "session", "throttle"})
    dump = {table: office.store.query(f"SELECT * FROM {table}") for table in kept}
    return json.dumps(dump, default=str, sort_keys=True)


def test_no_get_writes_anything_but_audit_and_session(
    world: tuple[Path, dict[str, str]], seats: Seats, tmp_path: Path
) -> None:
    folder, ids = world
    shutil.copytree(folder, tmp_path / "instance")
    with opened(tmp_path / "instance") as app:
        office: Office = app.extensions["andu"]
        before = contents(office)
        for method, endpoint, _letters in ROWS:
            if method == "GET":
                for username in ("zhangsan", "zhaoliu", "wujiu"):
                    knock(app, "GET", endpoint, seats[username], ids)
                assert contents(office) == before, f"GET {endpoint}"
