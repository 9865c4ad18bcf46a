"""An office as it was before cases had keys: what is sealed opens with a key in a file."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from andu.office.office import Office
from andu.security.accounts import Account

KEY_ID = "1-0000abcd"


def seal_as_before(office: Office, *people: Account) -> Path:
    """Put everything that these people have sealed back under a key in a file; the file."""
    key = AESGCM.generate_key(256)
    folder = office.settings.instance / "keys"
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"vault-{KEY_ID}.key"
    path.write_text(f"AES-256-GCM {base64.b64encode(key).decode()}\n")
    path.chmod(0o600)
    with office.store.write():
        office.store.bind()
        for row in office.store.rows_where("sealed"):
            keys = {one.id: one.key for one in people}
            (box,) = office.store.rows_where("sealed_box", "sealed_id = ?", [row["id"]])
            values = office.vault.open(row["id"], row["owner"], keys[box["holder"]])
            about = json.dumps([row["id"], row["owner"]]).encode()
            text = b"0" * 12 + AESGCM(key).encrypt(b"0" * 12, json.dumps(values).encode(), about)
            was = {"cipher": text, "key_id": KEY_ID, "case_id": "", "generation": 0, "box": b""}
            office.store.update("sealed", row["id"], was)
        for table in ("sealed_box", "case_envelope", "case_key"):
            office.store.execute(f"DELETE FROM {table}")
    return path
