"""The vault: values that nobody may read in the database, in a backup or in a log. Owns table ``sealed``.

Called by office for fields marked ``confidential``. Values are sealed with AES-256-GCM under a key that
lies beside the database in a file of its own; the row is bound to its owner and to its token, so a
cipher moved to another row does not open. Who may look is decided, and audited, by the caller. Drafts are
saved often, and not each time told in the audit log: so the vault itself says that its rows are to be bound.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import gettext as _

from andu.store import Store, verbs

# Each key file names its suite, so that another (SM4-GCM) can be added beside this one.
SUITES = {"AES-256-GCM": (AESGCM, 32)}
SUITE = "AES-256-GCM"
_NONCE = 12
_KEY_ID = re.compile(r"(\d+)-[0-9a-f]{8}")


class VaultFault(Exception):
    """A value cannot be opened, or a key is not as it must be; the Chinese message says why."""


class Vault:
    """Seals values of one store under the newest key of a folder; opens them under the key they name."""

    def __init__(self, store: Store, key_folder: Path) -> None:
        self._store = store
        self._folder = key_folder

    # --- values --------------------------------------------------------------------------------

    def seal(self, owner: str, values: dict[str, Any]) -> str:
        """Seal values for an owner (``record:<id>`` …) and return the token to keep in its row."""
        token = secrets.token_urlsafe(16)
        with self._store.write():
            self._store.bind()
            self._store.insert("sealed", {"id": token, "owner": owner, **self._cipher(token, owner, values)})
        return token

    def reseal(self, token: str, owner: str, values: dict[str, Any]) -> None:
        """Put other values in the place of those sealed; raises ``VaultFault`` for another's token."""
        with self._store.write():
            self._store.bind()
            self._row(token, owner)
            self._store.update("sealed", token, self._cipher(token, owner, values))

    def open(self, token: str, owner: str) -> dict[str, Any]:
        """The values sealed for this owner; raises ``VaultFault`` when altered, moved or without key."""
        row = self._row(token, owner)
        suite, key = self._key(row["key_id"])
        sealed = bytes(row["cipher"])
        try:
            text = SUITES[suite][0](key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bond(token, owner))
        except (InvalidTag, ValueError) as error:
            raise VaultFault(_("保密信息已被改动或不属于此处，拒绝打开。")) from error
        values: dict[str, Any] = json.loads(text)
        return values

    def forget(self, token: str) -> None:
        """Remove sealed values for good, as when a draft is thrown away."""
        with self._store.write():
            self._store.bind()
            self._store.delete("sealed", token)

    def rotate(self) -> int:
        """Seal everything anew under a new key and set the old keys aside; returns how many rows.

        The old key files move to ``retired/``: backups made before still need them; destroy them
        together with those backups.
        """
        with self._store.write():
            self._store.bind()
            self._refuse_without_key()
            key_id = self._make_key()
            rows = self._store.rows_where("sealed", "key_id <> ?", [key_id])
            for row in rows:
                self.reseal(row["id"], row["owner"], self.open(row["id"], row["owner"]))
        # After the commit only: until then the rows still need the old keys.
        retired = _private_folder(self._folder / "retired")
        for old in set(self._key_ids()) - {key_id}:
            self._path(old).rename(retired / self._path(old).name)
        return len(rows)

    def how_many(self) -> int:
        """How many sealed parts there are, of drafts and of every version of a record."""
        return self._store.count("sealed")

    def missing_key(self) -> str | None:
        """The key of what was sealed last, if it is not here: nothing is sealed under a new one then."""
        last_first = f"{verbs.row_order('sealed')} DESC"
        rows = self._store.query(f"SELECT key_id FROM sealed ORDER BY {last_first} LIMIT 1")
        return rows[0]["key_id"] if rows and rows[0]["key_id"] not in self._key_ids() else None

    def _refuse_without_key(self) -> None:
        lost = self.missing_key()
        if lost:
            raise VaultFault(_("缺少密钥 %(key)s，保密信息现在不能保存，也打不开。", key=lost))

    def faults(self) -> list[str]:
        """Whatever cannot be opened, and why: each key once, each damaged row. Reads everything."""
        found: dict[str, None] = {}
        for row in self._store.rows_where("sealed", order_by="id"):
            try:
                self.open(row["id"], row["owner"])
            except VaultFault as fault:
                is_damage = row["key_id"] in self._key_ids()
                said = {"why": fault, "row": row["id"], "owner": row["owner"]}
                words = _("%(why)s（表 sealed 的行 %(row)s，%(owner)s）", **said) if is_damage else str(fault)
                found[words] = None
        return list(found)

    def _row(self, token: str, owner: str) -> dict[str, Any]:
        row = self._store.get("sealed", token)
        if row is None or row["owner"] != owner:
            raise VaultFault(_("没有这项保密信息。"))
        return row

    def _cipher(self, token: str, owner: str, values: dict[str, Any]) -> dict[str, Any]:
        self._refuse_without_key()
        key_id = max(self._key_ids(), key=_age, default="") or self._make_key()
        suite, key = self._key(key_id)
        nonce = secrets.token_bytes(_NONCE)
        text = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
        cipher = SUITES[suite][0](key).encrypt(nonce, text, _bond(token, owner))
        return {"cipher": nonce + cipher, "key_id": key_id}

    # --- keys: read from the folder each time, so that a rotation holds in every process at once -----

    def _path(self, key_id: str) -> Path:
        return self._folder / f"vault-{key_id}.key"

    def _key_ids(self) -> list[str]:
        found = [path.name[len("vault-") : -len(".key")] for path in self._folder.glob("vault-*.key")]
        return [key_id for key_id in found if _KEY_ID.fullmatch(key_id)]

    def _make_key(self) -> str:
        """Write a new key, newer than all others; inside ``store.write()``, whose lock it relies on."""
        _private_folder(self._folder)
        newest = max((_age(key_id)[0] for key_id in self._key_ids()), default=0)
        key_id = f"{newest + 1}-{secrets.token_hex(4)}"
        words = f"{SUITE} {base64.b64encode(secrets.token_bytes(SUITES[SUITE][1])).decode()}\n"
        temporary = self._folder / f".tmp-{key_id}"
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self._path(key_id))
        _sync(self._folder)
        return key_id

    def _key(self, key_id: str) -> tuple[str, bytes]:
        path = self._path(key_id)
        if not _KEY_ID.fullmatch(key_id) or not path.exists():
            raise VaultFault(_("缺少密钥 %(key)s，保密信息无法打开。", key=key_id))
        if path.stat().st_mode & 0o077:
            raise VaultFault(_("密钥文件 %(file)s 的权限过宽，应为 0600。", file=path.name))
        suite, text = path.read_text(encoding="ascii").split()
        key = base64.b64decode(text)
        if suite not in SUITES or len(key) != SUITES[suite][1]:
            raise VaultFault(_("密钥文件 %(file)s 已损坏。", file=path.name))
        return suite, key


def _age(key_id: str) -> tuple[int, str]:
    return int(key_id.split("-")[0]), key_id


def _bond(token: str, owner: str) -> bytes:
    return json.dumps([token, owner]).encode()


def _private_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
