"""What is sealed opens with a key of its case's handlers alone; whatever is moved or exchanged is noticed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from andu.security import accounts, audit, case_keys, envelopes, key_pairs, vault_rights
from andu.security.accounts import Account
from andu.security.envelopes import OwnKey
from andu.security.vault import Vault, VaultFault, VaultLocked
from andu.store import Store
from tests.conftest import FixedClock

OWNER, OTHER = "record_version:sealed_id:r1", "record_version:sealed_id:r2"
REPORTER = {"reporter_name": "金丝雀甲", "reporter_phone": "13800000000"}
PASSWORD = "their-own-password-1"


class Office:
    """Two who handle reporters, a clerk who writes, and the vault."""

    def __init__(self, store: Store, clock: FixedClock, keys: Path) -> None:
        self.store, self.clock, self.keys = store, clock, keys
        self.first, self.second = self.hire("first", "director"), self.hire("second", "custodian")
        self.clerk = self.hire("clerk", "clerk")
        self.vault = Vault(store, clock, keys)

    def hire(self, name: str, *roles: str) -> Account:
        return accounts.create(
            self.store, self.clock, None, username=name, name=name, unit_id="cun1", roles=roles,
            password=PASSWORD, must_change=False,
        )  # fmt: skip

    def key(self, account: Account) -> OwnKey:
        found = key_pairs.unlock(self.store, account.id, PASSWORD)
        assert found is not None
        return found

    def seal(self, owner: str = OWNER, case: str = "c1", values: dict[str, Any] = REPORTER) -> str:
        return self.vault.seal(owner, values, case, self.clerk.id, None)

    def change(self, table: str, key: str, **columns: Any) -> None:
        with self.store.write():
            self.store.update(table, key, columns)


@pytest.fixture
def office(store: Store, clock: FixedClock, tmp_path: Path) -> Office:
    return Office(store, clock, tmp_path / "keys")


def test_handlers_and_until_the_number_the_writer_open_it_and_nobody_else(office: Office) -> None:
    token = office.seal()
    for one in (office.first, office.second, office.clerk):
        assert office.vault.open(token, OWNER, office.key(one)) == REPORTER
    other = office.hire("other", "clerk")
    for key in (office.key(other), OwnKey.fresh(), None):
        with pytest.raises(VaultLocked, match="打不开"):
            office.vault.open(token, OWNER, key)
    with office.store.write():
        office.vault.take_from_writers([token])
    with pytest.raises(VaultLocked):
        office.vault.open(token, OWNER, office.key(office.clerk))
    assert office.vault.open(token, OWNER, office.key(office.second)) == REPORTER


def test_whoever_holds_the_disk_reads_neither_names_nor_their_length(office: Office, tmp_path: Path) -> None:
    long = {"reporter_name": "金丝雀甲", "reporter_address": "长" * 40}
    tokens = [office.seal(), office.seal(values=long)]
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in ("金丝雀甲", "13800000000", "reporter_name"):
        assert canary.encode() not in everything
        assert canary.encode("unicode_escape") not in everything
    assert not office.keys.exists(), "no key lies in a file"
    rows = [office.store.get("sealed", token) for token in tokens]
    assert len({len(row["cipher"]) for row in rows if row}) == 1


def test_the_same_values_never_give_the_same_cipher_or_token(office: Office) -> None:
    tokens = {office.seal(), office.seal()}
    rows = office.store.rows_where("sealed")
    assert (
        len(tokens)
        == len({bytes(row["cipher"]) for row in rows})
        == len({bytes(row["box"]) for row in rows})
        == 2
    )


def test_forgotten_values_are_gone_and_a_rolled_back_act_seals_nothing(office: Office) -> None:
    office.vault.forget(office.seal())
    with pytest.raises(ZeroDivisionError), office.store.write():
        office.seal()
        raise ZeroDivisionError
    assert not office.store.count("sealed") and not office.store.count("sealed_box")


# --- moved, exchanged, altered --------------------------------------------------------------------


def swap(*columns: str) -> Callable[[Office, str, str], None]:
    def swapped(office: Office, first: str, second: str) -> None:
        one, two = office.store.get("sealed", first), office.store.get("sealed", second)
        assert one and two
        office.change("sealed", first, **{column: two[column] for column in columns})
        office.change("sealed", second, **{column: one[column] for column in columns})

    return swapped


@pytest.mark.parametrize(
    "columns",
    [("cipher",), ("box",), ("cipher", "box"), ("cipher", "box", "case_id", "generation"), ("owner",)],
)
def test_a_row_with_the_parts_of_another_does_not_open(office: Office, columns: tuple[str, ...]) -> None:
    """Of another case, or of another row of the same: even with raw rows exchanged as a whole."""
    for case in ("c1", "c2"):
        first, second = office.seal(), office.seal(OTHER, case, {"reporter_name": "乙"})
        with office.store.write():
            office.vault.take_from_writers([first, second])
        swap(*columns)(office, first, second)
        place = OTHER if columns == ("owner",) else OWNER
        with pytest.raises(VaultFault):
            office.vault.open(first, place, office.key(office.first))


def test_an_envelope_moved_to_another_case_or_person_does_not_open(office: Office) -> None:
    """A handler of one case who exchanges raw rows gets nothing of another."""
    first, second = office.seal(), office.seal(OTHER, "c2")
    where = "case_id = ? AND holder = ?"
    (one,) = office.store.rows_where("case_envelope", where, ["c1", office.first.id])
    (two,) = office.store.rows_where("case_envelope", where, ["c2", office.second.id])
    office.change("case_envelope", two["id"], sealed=one["sealed"])
    with pytest.raises(VaultFault):
        office.vault.open(second, OTHER, office.key(office.second))
    office.change("case_envelope", two["id"], sealed=one["sealed"], holder=office.first.id,
                  fingerprint=one["fingerprint"])  # fmt: skip
    with office.store.write():
        office.vault.take_from_writers([first, second])
        office.store.execute("DELETE FROM case_envelope WHERE case_id = 'c2' AND id <> ?", [two["id"]])
    with pytest.raises(VaultFault):
        office.vault.open(second, OTHER, office.key(office.first))


def test_one_flipped_bit_is_noticed(office: Office) -> None:
    token = office.seal()
    row = office.store.get("sealed", token)
    assert row
    for place in (0, 20, len(row["cipher"]) - 1):
        flipped = bytearray(row["cipher"])
        flipped[place] ^= 1
        office.change("sealed", token, cipher=bytes(flipped))
        with pytest.raises(VaultFault, match="已被改动"):
            office.vault.open(token, OWNER, office.key(office.first))


def exchange(office: Office, account: Account) -> OwnKey:
    """An intruder at the database puts a public key of their own in the place of somebody's."""
    theirs = OwnKey.fresh()
    public = envelopes.public_of(theirs.privates[0])
    row = office.store.rows_where("key_pair", "owner = ?", [account.id])[0]
    office.change("key_pair", row["id"], public=public, fingerprint=envelopes.fingerprint(public))
    return theirs


def test_a_key_exchanged_in_the_database_gets_nothing_and_is_named(office: Office) -> None:
    intruder = exchange(office, office.second)
    token = office.seal()
    for key in (intruder, office.key(office.second)):
        with pytest.raises(VaultLocked):
            office.vault.open(token, OWNER, key)
    assert office.vault.open(token, OWNER, office.key(office.first)) == REPORTER
    assert "公钥与审计日志不符" in "".join(office.vault.faults())
    office.seal(OTHER, "c2")
    refused = [one.data["of"] for one in audit.recent(office.store) if one.event == "key_refused"]
    assert refused == [office.second.id]


def test_a_pair_put_in_beside_or_marked_as_good_gets_nothing_either(office: Office) -> None:
    theirs = OwnKey.fresh()
    public = envelopes.public_of(theirs.privates[0])
    row = office.store.rows_where("key_pair", "owner = ?", [office.second.id])[0]
    said = {"public": public, "fingerprint": envelopes.fingerprint(public), "generation": 2, "id": "x"}
    with office.store.write():
        office.store.insert("key_pair", {**row, **said})
        case_keys.catch_up(office.store, office.first.id, office.key(office.first))
    token = office.seal()
    with pytest.raises(VaultLocked):
        office.vault.open(token, OWNER, theirs)


def test_the_key_of_a_case_exchanged_is_refused_and_another_made(office: Office) -> None:
    office.seal()
    theirs = OwnKey.fresh()
    public = envelopes.public_of(theirs.privates[0])
    office.change("case_key", "c1:1", public=public, fingerprint=envelopes.fingerprint(public))
    token = office.seal(OTHER)
    row = office.store.get("sealed", token)
    assert row and row["generation"] == 2
    with pytest.raises(envelopes.Closed):
        envelopes.unseal(theirs.privates[0], bytes(row["box"]), "box", token, OTHER, "c1", 2)
    assert office.vault.open(token, OTHER, office.key(office.second)) == REPORTER


# --- people come ------------------------------------------------------------------------------------


def test_who_comes_later_gets_what_is_there_from_whoever_holds_it(office: Office) -> None:
    token = office.seal()
    late = office.hire("late", "director")
    with pytest.raises(VaultLocked):
        office.vault.open(token, OWNER, office.key(late))
    with office.store.write():
        assert case_keys.catch_up(office.store, office.first.id, office.key(office.first)) == 1
    assert office.vault.open(token, OWNER, office.key(late)) == REPORTER
    with office.store.write():
        assert case_keys.catch_up(office.store, office.first.id, office.key(office.first)) == 0


def test_where_no_handler_has_a_key_yet_the_writer_holds_it_until_one_has(office: Office) -> None:
    with office.store.write():
        office.store.execute("DELETE FROM key_pair WHERE owner <> ?", [office.clerk.id])
    token = office.seal()
    assert office.vault.open(token, OWNER, office.key(office.clerk)) == REPORTER
    assert office.store.count("case_envelope") == 1
    late = office.hire("late", "director")
    with office.store.write():
        office.vault.take_from_writers([token])  # numbered meanwhile: the writer alone can hand it on
        assert case_keys.catch_up(office.store, office.clerk.id, office.key(office.clerk)) == 1
    assert office.vault.open(token, OWNER, office.key(late)) == REPORTER
    with pytest.raises(VaultLocked):
        office.vault.open(token, OWNER, office.key(office.clerk))


def test_nothing_is_sealed_where_nobody_could_ever_open_it(office: Office) -> None:
    with office.store.write():
        office.store.execute("DELETE FROM key_pair")
    with pytest.raises(VaultFault, match="先让办公室主任或专管员登录一次"):
        office.seal()
    assert vault_rights.holding(office.store)


# --- what was sealed under a key in a file ----------------------------------------------------------


@pytest.fixture
def old(office: Office) -> Callable[..., str]:
    """``old(owner)``: a row as it was sealed before cases had keys, and the file that opens it."""

    def seal(owner: str, row_id: str = "t", key_id: str = "1-0000abcd") -> str:
        key = AESGCM.generate_key(256)
        office.keys.mkdir(exist_ok=True, mode=0o700)
        path = office.keys / f"vault-{key_id}.key"
        if path.exists():
            key = base64.b64decode(path.read_text().split()[1])
        path.write_text(f"AES-256-GCM {base64.b64encode(key).decode()}\n")
        path.chmod(0o600)
        text = json.dumps(REPORTER).encode()
        cipher = b"0" * 12 + AESGCM(key).encrypt(b"0" * 12, text, json.dumps([row_id, owner]).encode())
        row = {"id": row_id, "owner": owner, "cipher": cipher, "key_id": key_id}
        with office.store.write():
            office.store.insert("sealed", row)
        return row_id

    return seal


def test_a_row_of_before_opens_and_moves_and_the_file_goes_with_the_last(
    office: Office, old: Callable[..., str]
) -> None:
    first, second = old(OWNER), old(OTHER, "u")
    assert office.vault.open(first, OWNER, None) == REPORTER
    office.vault.move(office.vault.of_before(1)[0], "c1", office.clerk.id, False)
    assert office.vault.destroy_files() == [] and list(office.keys.iterdir())
    office.vault.move(office.vault.of_before(1)[0], "c2", office.clerk.id, True)
    assert office.vault.destroy_files() == ["vault-1-0000abcd.key"]
    assert not list(office.keys.iterdir())
    for token, place, who in ((first, OWNER, office.first), (second, OTHER, office.clerk)):
        assert office.vault.open(token, place, office.key(who)) == REPORTER
    with pytest.raises(VaultLocked):
        office.vault.open(first, OWNER, office.key(office.clerk))
    assert [one.data for one in audit.recent(office.store) if one.event == "vault_key_destroyed"] == [
        {"keys": ["vault-1-0000abcd.key"]}
    ]


def test_a_row_of_before_that_was_altered_or_has_lost_its_file_is_named_and_stays(
    office: Office, old: Callable[..., str]
) -> None:
    token = old(OWNER)
    (path,) = office.keys.iterdir()
    path.chmod(0o640)
    with pytest.raises(VaultFault, match="权限过宽"):
        office.vault.open(token, OWNER, None)
    path.chmod(0o600)
    text = path.read_text()
    path.write_text("AES-256-GCM AAAA\n")
    with pytest.raises(VaultFault, match="已损坏"):
        office.vault.open(token, OWNER, None)
    path.write_text(text)
    office.change("sealed", token, owner=OTHER)
    with pytest.raises(VaultFault, match="已被改动"):
        office.vault.move(office.vault.of_before(1)[0], "c1", office.clerk.id, False)
    office.change("sealed", token, owner=OWNER, key_id="../x")
    with pytest.raises(VaultFault, match="缺少密钥"):
        office.vault.open(token, OWNER, None)
    office.change("sealed", token, key_id="1-0000abcd")
    path.unlink()
    assert office.vault.missing_key() == "1-0000abcd"
    assert office.vault.faults() == ["缺少密钥 1-0000abcd，保密信息无法打开。"]
    assert office.vault.of_before(1)
