from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from andu.security.vault import Vault, VaultFault
from andu.store import Store

OWNER = "record:r1"
REPORTER = {"reporter_name": "金丝雀甲", "reporter_phone": "13800000000"}


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def vault(store: Store, keys: Path) -> Vault:
    return Vault(store, keys)


def key_files(keys: Path) -> list[Path]:
    return sorted(keys.glob("vault-*.key"))


def test_what_was_sealed_is_opened_again(vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    assert vault.open(token, OWNER) == REPORTER


def test_another_process_with_the_same_key_folder_opens_it(store: Store, keys: Path, vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    assert Vault(Store(store.path), keys).open(token, OWNER) == REPORTER
    assert len(key_files(keys)) == 1


def test_neither_names_nor_phones_lie_in_any_file(vault: Vault, tmp_path: Path) -> None:
    vault.seal(OWNER, REPORTER)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for canary in ("金丝雀甲", "13800000000", "reporter_name"):
        assert canary.encode() not in everything
        assert canary.encode("unicode_escape") not in everything


def test_same_values_never_give_the_same_cipher_or_token(store: Store, vault: Vault) -> None:
    first, second = vault.seal(OWNER, REPORTER), vault.seal(OWNER, REPORTER)
    ciphers = [bytes(row["cipher"]) for row in store.rows_where("sealed")]
    assert first != second
    assert len({cipher[:12] for cipher in ciphers}) == 2  # the nonce
    assert len({cipher[12:-16] for cipher in ciphers}) == 2


def swap(column: str) -> Callable[[Store, str, str], None]:
    def swap_rows(store: Store, first: str, second: str) -> None:
        one, two = store.get("sealed", first), store.get("sealed", second)
        assert one and two
        with store.write():
            store.update("sealed", first, {column: two[column]})
            store.update("sealed", second, {column: one[column]})

    return swap_rows


def test_cipher_swapped_between_two_owners_does_not_open(store: Store, vault: Vault) -> None:
    first, second = vault.seal(OWNER, REPORTER), vault.seal("record:r2", {"reporter_name": "乙"})
    swap("cipher")(store, first, second)
    for token, owner in ((first, OWNER), (second, "record:r2")):
        with pytest.raises(VaultFault, match="已被改动"):
            vault.open(token, owner)


def test_cipher_swapped_between_two_rows_of_one_owner_does_not_open(store: Store, vault: Vault) -> None:
    first, second = vault.seal(OWNER, REPORTER), vault.seal(OWNER, {"reporter_name": "乙"})
    swap("cipher")(store, first, second)
    with pytest.raises(VaultFault, match="已被改动"):
        vault.open(first, OWNER)


def test_row_handed_to_another_owner_does_not_open(store: Store, vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    with pytest.raises(VaultFault, match="没有这项"):
        vault.open(token, "record:r2")
    with store.write():
        store.update("sealed", token, {"owner": "record:r2"})
    with pytest.raises(VaultFault, match="已被改动"):
        vault.open(token, "record:r2")


def test_one_flipped_bit_is_noticed(store: Store, vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    row = store.get("sealed", token)
    assert row
    for place in (0, 20, len(row["cipher"]) - 1):
        flipped = bytearray(row["cipher"])
        flipped[place] ^= 1
        with store.write():
            store.update("sealed", token, {"cipher": bytes(flipped)})
        with pytest.raises(VaultFault, match="已被改动"):
            vault.open(token, OWNER)


def test_other_values_take_the_place_of_the_old_ones(vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    vault.reseal(token, OWNER, {"reporter_name": "丙"})
    assert vault.open(token, OWNER) == {"reporter_name": "丙"}
    with pytest.raises(VaultFault):
        vault.reseal(token, "record:r2", {})


def test_forgotten_values_are_gone(store: Store, vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    vault.forget(token)
    with pytest.raises(VaultFault, match="没有这项"):
        vault.open(token, OWNER)
    assert store.count("sealed") == 0


def test_sealing_is_rolled_back_with_the_act_around_it(store: Store, vault: Vault) -> None:
    with pytest.raises(ZeroDivisionError), store.write():
        vault.seal(OWNER, REPORTER)
        raise ZeroDivisionError
    assert store.count("sealed") == 0


# --- keys ------------------------------------------------------------------------------------------


def test_key_lies_outside_the_database_and_only_its_owner_reads_it(vault: Vault, keys: Path) -> None:
    vault.seal(OWNER, REPORTER)
    (key,) = key_files(keys)
    assert key.stat().st_mode & 0o777 == 0o600
    assert keys.stat().st_mode & 0o777 == 0o700


def test_key_that_others_can_read_is_refused(vault: Vault, keys: Path) -> None:
    token = vault.seal(OWNER, REPORTER)
    key_files(keys)[0].chmod(0o640)
    with pytest.raises(VaultFault, match="权限过宽"):
        vault.open(token, OWNER)


def test_lost_key_is_named_and_no_other_takes_its_place(vault: Vault, keys: Path) -> None:
    token = vault.seal(OWNER, REPORTER)
    (lost,) = key_files(keys)
    lost.unlink()
    for act in (lambda: vault.open(token, OWNER), lambda: vault.seal("record:r2", {}), vault.rotate):
        with pytest.raises(VaultFault, match="缺少密钥 1-"):
            act()
    assert key_files(keys) == []


def test_row_cannot_point_at_a_file_outside_the_key_folder(store: Store, vault: Vault, keys: Path) -> None:
    token = vault.seal(OWNER, REPORTER)
    (key,) = key_files(keys)
    (keys / "vault-x").mkdir()
    key.rename(keys.parent / "stolen.key")
    with store.write():
        store.update("sealed", token, {"key_id": "x/../../stolen"})
    with pytest.raises(VaultFault, match="缺少密钥"):
        vault.open(token, OWNER)


@pytest.mark.parametrize("text", ["AES-256-GCM c2hvcnQ=\n", "ROT13 " + "A" * 43 + "=\n"])
def test_damaged_key_file_is_named(vault: Vault, keys: Path, text: str) -> None:
    token = vault.seal(OWNER, REPORTER)
    key_files(keys)[0].write_text(text)
    with pytest.raises(VaultFault, match="已损坏"):
        vault.open(token, OWNER)


def test_after_rotation_all_is_readable_under_the_new_key_alone(
    store: Store, vault: Vault, keys: Path
) -> None:
    tokens = [vault.seal(f"record:{n}", {"n": n}) for n in range(5)]
    (old,) = key_files(keys)
    assert vault.rotate() == 5
    (new,) = key_files(keys)
    assert new != old
    assert (keys / "retired" / old.name).exists()
    assert [vault.open(token, f"record:{n}") for n, token in enumerate(tokens)] == [
        {"n": n} for n in range(5)
    ]


def test_row_of_before_the_rotation_put_back_is_refused(store: Store, vault: Vault) -> None:
    token = vault.seal(OWNER, REPORTER)
    old = store.get("sealed", token)
    assert old
    vault.rotate()
    with store.write():
        store.update("sealed", token, {"cipher": old["cipher"], "key_id": old["key_id"]})
    with pytest.raises(VaultFault, match="缺少密钥"):
        vault.open(token, OWNER)


def test_process_that_ran_before_the_rotation_seals_under_the_new_key(
    store: Store, vault: Vault, keys: Path
) -> None:
    running = Vault(Store(store.path), keys)
    running.seal(OWNER, REPORTER)
    vault.rotate()
    token = running.seal(OWNER, REPORTER)
    assert vault.open(token, OWNER) == REPORTER


def test_rotation_that_fails_leaves_every_row_and_its_key(store: Store, vault: Vault, keys: Path) -> None:
    good, bad = vault.seal(OWNER, REPORTER), vault.seal("record:r2", {})
    with store.write():
        store.update("sealed", bad, {"cipher": b"x" * 40})
    with pytest.raises(VaultFault):
        vault.rotate()
    assert vault.open(good, OWNER) == REPORTER
