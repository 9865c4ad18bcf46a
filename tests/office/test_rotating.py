"""Rotation: a next key for every case, cut short and gone on with, for those who handle reporters now."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from andu.office.handover import rotating
from andu.office.office import Office
from andu.office.writing import confidential, drafts
from andu.security import audit, key_pairs
from andu.security.vault import Vault
from tests.conftest import PASSWORD, People
from tests.office.conftest import Submit

PROOF = (PASSWORD, "10.0.0.1")


class Killed(BaseException):
    """The process is gone."""


def test_rotation_killed_midway_goes_on_and_counts_what_is_left(
    office: Office, people: People, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    clues = [submit(people.zhangsan, "clue_registration", reporter_name=f"金丝雀{n}") for n in range(4)]
    drafts.start(office, people.zhangsan, "clue_registration", {"f_reporter_name": ["金丝雀草稿"]})
    before = {row["id"]: bytes(row["cipher"]) for row in office.store.rows_where("sealed")}
    envelopes = {bytes(row["sealed"]) for row in office.store.rows_where("case_envelope")}
    done: list[str] = []
    rotate = Vault.rotate

    def dying(vault: Vault, case_id: str, *rest: Any) -> None:
        with office.store.write():
            rotate(vault, case_id, *rest)
            if len(done) == 2:
                raise Killed  # within the transaction of the third case
        done.append(case_id)

    monkeypatch.setattr(Vault, "rotate", dying)
    with suppress(Killed):
        rotating.go_on(office, people.zhaoliu, *PROOF)
    monkeypatch.undo()
    assert rotating.left(office) == 3
    for who in (people.zhaoliu, people.chushisi, people.zhangsan):  # midway everything opens
        assert [confidential.answers(office, one, who.key)["reporter_name"] for one in clues] == [
            f"金丝雀{n}" for n in range(4)
        ]
    assert rotating.go_on(office, people.chushisi, *PROOF) == 0
    assert {row["id"]: bytes(row["cipher"]) for row in office.store.rows_where("sealed")} == before
    now = office.store.rows_where("case_envelope")
    assert not envelopes & {bytes(row["sealed"]) for row in now} and {row["generation"] for row in now} == {2}
    own = key_pairs.unlock(office.store, people.zhaoliu.id, PASSWORD)
    assert [confidential.answers(office, one, own)["reporter_name"] for one in clues] == [
        f"金丝雀{n}" for n in range(4)
    ]
    told = [one.event for one in audit.recent(office.store, "office")]
    assert (told.count("rotation_began"), told.count("case_keys_rotated")) == (1, 1)
    assert not office.vault.faults() and not audit.verify(office.store)


def test_what_this_person_does_not_open_is_left_for_another(
    office: Office, people: People, submit: Submit
) -> None:
    submit(people.zhangsan, "clue_registration", reporter_name="金丝雀甲")
    with office.store.write():
        office.store.bind()
        office.store.execute("DELETE FROM case_envelope WHERE holder = ?", [people.zhaoliu.id])
    with pytest.raises(rotating.Refused, match="还剩 1 个案卷"):
        rotating.go_on(office, people.zhaoliu, *PROOF)
    assert rotating.go_on(office, people.chushisi, *PROOF) == 0
