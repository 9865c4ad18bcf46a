"""Keys that lie in files beside the database: what was sealed before cases had keys still opens with them.

Called by ``vault``. Nothing is sealed under them any more; when the last row has moved to the key of its
case the files are destroyed. Copies made before that hold the file and what it opens.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import gettext as _

SUITE, LENGTH = "AES-256-GCM", 32
_NONCE = 12
_KEY_ID = re.compile(r"(\d+)-[0-9a-f]{8}")


class VaultFault(Exception):
    """A value cannot be opened, or a key is not as it must be; the Chinese message says why."""


class FileKeys:
    """The key files of one folder, read each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> list[str]:
        """The keys that are here."""
        found = [path.name[len("vault-") : -len(".key")] for path in self._folder.glob("vault-*.key")]
        return [key_id for key_id in found if _KEY_ID.fullmatch(key_id)]

    def open(self, row: dict[str, Any]) -> dict[str, Any]:
        """What a row of before says; raises ``VaultFault`` when altered, moved or without key."""
        sealed, about = bytes(row["cipher"]), json.dumps([row["id"], row["owner"]]).encode()
        try:
            text = AESGCM(self._key(row["key_id"])).decrypt(sealed[:_NONCE], sealed[_NONCE:], about)
        except (InvalidTag, ValueError) as error:
            raise VaultFault(_("保密信息已被改动或不属于此处，拒绝打开。")) from error
        values: dict[str, Any] = json.loads(text)
        return values

    def destroy(self) -> list[str]:
        """Remove every key file, those set aside too; returns their names."""
        files = [*self._folder.glob("vault-*.key"), *self._folder.glob("retired/vault-*.key")]
        for path in files:
            path.unlink()
        return sorted(path.name for path in files)

    def _key(self, key_id: str) -> bytes:
        path = self._folder / f"vault-{key_id}.key"
        if not _KEY_ID.fullmatch(key_id) or not path.exists():
            raise VaultFault(_("缺少密钥 %(key)s，保密信息无法打开。", key=key_id))
        if path.stat().st_mode & 0o077:
            raise VaultFault(_("密钥文件 %(file)s 的权限过宽，应为 0600。", file=path.name))
        suite, _blank, text = path.read_text(encoding="ascii").partition(" ")
        key = base64.b64decode(text)
        if suite != SUITE or len(key) != LENGTH:
            raise VaultFault(_("密钥文件 %(file)s 已损坏。", file=path.name))
        return key
