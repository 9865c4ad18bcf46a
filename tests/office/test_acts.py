"""Each act holds its own permission: whoever calls it, by whatever way, who has no right gets none.

何十 the auditor sees everything and changes nothing; ``nobody`` holds no role at all. An act of the office
that writes and does not stand here fails the last test.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import andu.office
from andu.formtypes.beside import ledger_reading
from andu.office import usual_forms
from andu.office.books import register
from andu.office.desk import handed_in, ledger_exports, left_undone, lists, series
from andu.office.errors import NotAllowed, NotFound
from andu.office.followup import chasing, extensions, finishing, missing_returns, own_returns, reminders
from andu.office.handover import (
    closing_units,
    confirming,
    handing_over,
    merging_units,
    namesakes,
    office_key,
    rotating,
)
from andu.office.handover.handing_over import Change
from andu.office.issue import after_restore, numbering, voiding
from andu.office.ledger.ledger_finding import Asked
from andu.office.notices import ways
from andu.office.office import Office
from andu.office.records import Record
from andu.office.reports import receiving
from andu.office.shelf import designs, publishing, settings
from andu.office.signing import agreeing, giving, ink, phrases, scans, signature_sheet, signatures
from andu.office.turns import deputies
from andu.office.writing import (
    confidential,
    copying,
    drafts,
    duplicates,
    handing_in,
    ledger_closing,
    mending,
    prefill,
    rescuing,
    revising,
    sealed_parts,
    second_person,
    submitting,
)
from andu.office.writing.attachments import Attachment
from andu.security import accounts, units
from andu.security.accounts import Account
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit

HERE, TODAY, WHY = "10.0.0.1", date(2026, 11, 22), "理由充分"
PROOF = (PASSWORD, HERE)
HELD = Attachment("x", "x", None, "a.pdf", "application/pdf", 8, "0" * 64, "x", "x")


@dataclasses.dataclass(frozen=True)
class World:
    """A draft, a record that waits for its first signature, and a filed one, all of 示例一村."""

    office: Office
    people: People
    draft: str
    waiting: str
    filed: str
    entry: str
    deadline: str
    deputyship: str


@pytest.fixture
def world(office: Office, people: People, submit: Submit, sign: Sign, filed: Record) -> World:
    (row,) = office.store.rows_where("register", "record_id = ?", [filed.id])
    clue = sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))
    deadline = office.store.rows_where("deadline", "record_id = ?", [clue.id])[0]["id"]
    head = people.lisi
    deputies.appoint(office, head, head.id, people.zhangsan.id, TODAY, TODAY, "外出学习", *PROOF)
    one = office.store.rows_where("deputy")[0]["id"]
    draft = drafts.start(office, people.zhangsan, "completion_report")
    return World(office, people, draft.id, clue.id, filed.id, row["id"], deadline, one)


Act = Callable[[World, Account], Any]
ACTS: dict[str, Act] = {
    "closing_units.close": lambda w, me: closing_units.close(w.office, me, "cun2"),
    "merging_units.merge": lambda w, me: merging_units.merge(w.office, me, "cun2", "cun1", *PROOF),
    "usual_forms.mark": lambda w, me: usual_forms.mark(w.office, me, "completion_report", True),
    "drafts.start": lambda w, me: drafts.start(w.office, me, "completion_report"),
    "drafts.save": lambda w, me: drafts.save(w.office, me, w.draft, {}, 1),
    "drafts.discard": lambda w, me: drafts.discard(w.office, me, w.draft),
    "drafts.attach": lambda w, me: drafts.attach(w.office, me, w.draft, "files", "a.pdf", b"%PDF-1.7"),
    "drafts.hold": lambda w, me: drafts.hold(w.office, me, w.draft, "files", HELD),
    "drafts.detach": lambda w, me: drafts.detach(w.office, me, w.draft, "files", "x"),
    "prefill.start_from": lambda w, me: prefill.start_from(w.office, me, "completion_report", w.waiting),
    "prefill.carry_over": lambda w, me: prefill.carry_over(w.office, me, w.draft, "source"),
    "mending.mend": lambda w, me: mending.mend(w.office, me, w.draft, "summary"),
    "duplicates.same": lambda w, me: duplicates.same(w.office, me, w.draft, w.waiting),
    "submitting.submit": lambda w, me: submitting.submit(w.office, me, w.draft, {}, 1),
    "revising.revise": lambda w, me: revising.revise(w.office, me, w.waiting),
    "copying.copy": lambda w, me: copying.copy(w.office, me, w.waiting),
    "rescuing.rescue": lambda w, me: rescuing.rescue(w.office, me, "gone", "completion_report", {}),
    "ledger_closing.begin": lambda w, me: ledger_closing.begin(w.office, me, _ledger(w), "2026-10"),
    "own_returns.begin": lambda w, me: own_returns.begin(w.office, me, "halfmonthly_return", "2026-11-2"),
    "missing_returns.begin": lambda w, me: missing_returns.begin(
        w.office, me, "supervision_circular", "halfmonthly_return", "2026-11-1"
    ),
    "signatures.sign": lambda w, me: signatures.sign(
        w.office, me, w.waiting, "head", 1, "同意", PASSWORD, {}, HERE
    ),
    "signatures.sign_several": lambda w, me: _several(w, me),
    "agreeing.agree": lambda w, me: agreeing.agree(w.office, me, w.waiting, "head", 1, "同意"),
    "agreeing.take_back": lambda w, me: agreeing.take_back(w.office, _nobody(me), w.waiting),
    "agreeing.sign": lambda w, me: agreeing.sign(w.office, _nobody(me), [w.waiting], *PROOF),
    "phrases.keep": lambda w, me: phrases.keep(w.office, _nobody(me), "同意"),
    "phrases.drop": lambda w, me: phrases.drop(w.office, _nobody(me), "x"),
    "signatures.decline": lambda w, me: signatures.decline(w.office, me, w.waiting, 1, WHY, *PROOF),
    "left_undone.try_again": lambda w, me: left_undone.try_again(w.office, me),
    "ways.set_addresses": lambda w, me: ways.set_addresses(w.office, me, {}),
    "scans.file": lambda w, me: scans.file(w.office, me, w.waiting, b"%PDF-1.7"),
    "scans.download": lambda w, me: scans.download(w.office, me, w.waiting, "x"),
    "ink.enter": lambda w, me: ink.enter(w.office, me, w.waiting, "x", [], *PROOF),
    "signature_sheet.make": lambda w, me: signature_sheet.make(w.office, me, w.waiting),
    "namesakes.note": lambda w, me: namesakes.note(w.office, me, w.waiting, me.id, WHY, *PROOF),
    "giving.give": lambda w, me: giving.give(w.office, me, w.waiting, "head", me.id, *PROOF),
    "deputies.appoint": lambda w, me: deputies.appoint(
        w.office, me, w.people.sunqi.id, w.people.zhouba.id, TODAY, TODAY, "外出学习", *PROOF
    ),
    "deputies.end": lambda w, me: deputies.end(w.office, me, w.deputyship),
    "extensions.ask": lambda w, me: extensions.ask(w.office, me, w.deadline, date(2027, 1, 1), WHY),
    "extensions.decide": lambda w, me: extensions.decide(w.office, me, w.deadline, "x", True, "", *PROOF),
    "finishing.finish": lambda w, me: finishing.finish(w.office, me, w.deadline, WHY),
    "chasing.chase": lambda w, me: chasing.chase(w.office, me, w.deadline, "urging"),
    "reminders.put_away": lambda w, me: reminders.put_away(w.office, me, "x"),
    "voiding.void": lambda w, me: voiding.void(w.office, me, w.entry, WHY, *PROOF),
    "after_restore.confirm": lambda w, me: after_restore.confirm(
        w.office, me, {("completion", 2026): 9}, WHY, *PROOF
    ),
    "numbering.confirm": lambda w, me: numbering.confirm(w.office, me, "completion", 2026, 9, WHY),
    "confidential.reveal": lambda w, me: confidential.reveal(w.office, me, w.waiting, WHY, *PROOF),
    "sealed_parts.hand_on": lambda w, me: sealed_parts.hand_on(w.office, me, "draft", w.draft, WHY, *PROOF),
    "handing_over.change_idle": lambda w, me: handing_over.change_idle(
        w.office, me, w.people.zhengshier.id, Change(disabled=True)
    ),
    "handing_over.hand_over": lambda w, me: handing_over.hand_over(
        w.office, me, w.people.zhengshier.id, Change(disabled=True), {}, *PROOF
    ),
    "second_person.ask": lambda w, me: second_person.ask(w.office, me, w.waiting, WHY, *PROOF),
    "second_person.approve": lambda w, me: second_person.approve(w.office, me, "none", *PROOF),
    "second_person.reveal": lambda w, me: second_person.reveal(w.office, me, w.waiting, WHY, *PROOF),
    "rotating.go_on": lambda w, me: rotating.go_on(w.office, me, *PROOF),
    "office_key.set_up": lambda w, me: office_key.set_up(
        w.office, me, w.people.lisi.id, w.people.hanshiba.id, *PROOF
    ),
    "office_key.drill": lambda w, me: office_key.drill(w.office, me, PASSWORD, "lisi", *PROOF),
    "office_key.open_for": lambda w, me: office_key.open_for(
        w.office, me, w.people.zhangsan.id, WHY, PASSWORD, "lisi", *PROOF
    ),
    "confirming.confirm": lambda w, me: confirming.confirm(w.office, me, w.people.chushisi.id, WHY, *PROOF),
    "confirming.make_code": lambda w, me: confirming.make_code(w.office, me, *PROOF),
    "confirming.restore": lambda w, me: confirming.restore(w.office, me, "ABCD", *PROOF),
    "confirming.prove_code": lambda w, me: confirming.prove_code(w.office, me, "ABCD", HERE),
    "handing_over.enable": lambda w, me: handing_over.enable(w.office, me, w.people.zhengshier.id),
    "accounts.create": lambda w, me: accounts.create(
        w.office.store, w.office.clock, me,
        username="xiaoer", name="小二", unit_id="cun1", roles=["admin"], password=PASSWORD,
    ),
    "accounts.set_password": lambda w, me: accounts.set_password(
        w.office.store, w.office.clock, me, w.people.wujiu.id, "another-password"
    ),
    "accounts.change_roles": lambda w, me: accounts.change_roles(
        w.office.store, w.office.clock, me, w.people.zhangsan.id, ["admin"]
    ),
    "accounts.change_details": lambda w, me: accounts.change_details(
        w.office.store, w.office.clock, me, w.people.zhangsan.id,
        name="张三", unit_id="shb", post="", phone="",
    ),
    "accounts.disable": lambda w, me: accounts.disable(w.office.store, w.office.clock, me, w.people.sunqi.id),
    "accounts.enable": lambda w, me: accounts.enable(w.office.store, w.office.clock, me, w.people.sunqi.id),
    "units.create": lambda w, me: units.create(w.office.store, w.office.clock, me, "cun9", "示例九村"),
    "units.change": lambda w, me: units.change(w.office.store, w.office.clock, me, "cun1", "别名", "", ""),
    "register.serve": lambda w, me: register.serve(w.office, me, w.entry, "pdf", "download"),
    "ledger_exports.export": lambda w, me: ledger_exports.export(w.office, me, _ledger(w), Asked()),
    "lists.note_printed": lambda w, me: lists.note_printed(w.office, me, "desk", 1),
    "series.series_page": lambda w, me: series.series_page(
        w.office, dataclasses.replace(me, roles=()), "completion", 2026
    ),
    "receiving.take": lambda w, me: receiving.take(w.office, me, b""),
    "receiving.trust": lambda w, me: receiving.trust(w.office, me, "0" * 64, "示例镇"),
    "handing_in.begin": lambda w, me: handing_in.begin(w.office, me, "completion_report", {}),
    "handing_in.attach": lambda w, me: handing_in.attach(
        w.office, me, w.draft, "files", "a.pdf", b"%PDF-1.7", "the-same-key"
    ),
    "handing_in.hand_in": lambda w, me: handing_in.hand_in(w.office, me, "completion_report", {}),
    "designs.begin": lambda w, me: designs.begin(w.office, me, "请假单"),
    "designs.propose": lambda w, me: designs.propose(w.office, me, "x", 1, {}),
    "designs.ask_publication": lambda w, me: designs.ask_publication(w.office, me, "x", 1),
    "numbering.reserve": lambda w, me: numbering.reserve(w.office, me, "clue", 9, WHY),
    "designs.change": lambda w, me: designs.change(w.office, me, "x", 1, "named", {}),
    "designs.discard": lambda w, me: designs.discard(w.office, me, "x"),
    "publishing.publish": lambda w, me: publishing.publish(w.office, me, "x", 1, WHY),
    "publishing.withdraw": lambda w, me: publishing.withdraw(w.office, me, "completion_report", WHY),
    "publishing.restore": lambda w, me: publishing.restore(w.office, me, "completion_report", "x", WHY),
    "settings.change": lambda w, me: settings.change(w.office, me, "office.yaml", {}),
    "handed_in.page": lambda w, me: handed_in.page(w.office, me, handed_in.HandedInFilter()),
}  # fmt: skip
UNSEEN = (
    "deputies.end",
    "reminders.put_away",
    "drafts.",
    "submitting.submit",
    "prefill.carry_over",
    "confirming.restore",
    "duplicates.same",
    "mending.mend",
)
"""Acts on what does not exist for whoever has no part in it: they get ``NotFound``."""


def _nobody(me: Account) -> Account:
    """The same person without a role: what everybody may do for themself, nobody does who has none."""
    return dataclasses.replace(me, roles=())


def _several(world: World, me: Account) -> None:
    """Each signature of several is refused by itself."""
    wanted = [signatures.ToSign(world.waiting, "head", 1, "同意")]
    if left := signatures.sign_several(world.office, me, wanted, *PROOF):
        raise NotAllowed(*left.values())


def _ledger(world: World) -> Any:
    return ledger_reading.load(world.office.settings.ledgers, world.office.catalogue)[0].get("archives")


def written(office: Office) -> dict[str, int]:
    """How many rows stand in each table that an act would write to, the audit log too."""
    tables = ("account", "unit", "draft", "record", "record_event", "deputy", "extension", "scan", "audit")
    return {table: office.store.count(table) for table in tables}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_an_act_refuses_whoever_has_no_right_to_it(world: World, act: str) -> None:
    world_before = written(world.office)
    auditor = world.people.heshi
    nobody = dataclasses.replace(auditor, roles=())
    shut = dataclasses.replace(world.people.zhaoliu, state="disabled")
    with pytest.raises((NotAllowed, NotFound) if act.startswith(UNSEEN) else NotAllowed):
        ACTS[act](world, auditor)
    for other in (nobody, shut):
        with pytest.raises((NotAllowed, NotFound)):
            ACTS[act](world, other)
    assert written(world.office) == world_before


WITHIN = {
    "signatures.enter", "giving.put", "deputies.pass_on", "deputies.end_lapsed", "drafts.insert",
    "drafts.drop", "drafts.start_revision", "attachments.keep", "attachments.adopt", "attachments.hand_over",
    "consequences.follow", "events.append", "sharing.with_signer", "chased.note", "cases.enter",
    "deadlines.meet_by_word",
}  # fmt: skip
"""What acts call inside their own transaction, after they have asked."""


def test_every_act_that_writes_for_somebody_stands_here() -> None:
    missing = []
    for path in sorted(Path(andu.office.__path__[0]).rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            asks = "actor" in {argument.arg for argument in node.args.args}
            name = f"{path.stem}.{node.name}"
            if asks and "store.write()" in ast.unparse(node) and name not in {*ACTS, *WITHIN}:
                missing.append(name)
    assert missing == []
