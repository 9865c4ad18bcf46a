"""The vault: values that nobody may read in the database, in a backup or in a log.

Owns tables ``sealed`` and ``sealed_box``.

Called by office for fields marked ``confidential``. Values are closed under a key of their own; that key is
sealed to the key of their case (``case_keys``), which handlers alone open, and, until their paper has its
number, to whoever wrote them (``sealed_box``). Sealing takes public keys alone, opening the private key of a
person: the machine opens nothing by itself. Case, column, row and generation are bound in, and lengths are
padded. Who may look is decided, and audited, by the caller. Drafts are saved often, and not each time told in
the audit log: so the vault itself says that its rows are to be bound.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.clock import Clock
from andu.security import audit, case_keys, envelopes, key_pairs, pair_boxes
from andu.security.case_keys import NobodyHolds
from andu.security.envelopes import Closed, OwnKey
from andu.security.events import Events
from andu.security.key_pairs import KeyPair
from andu.security.vault_files import FileKeys, VaultFault
from andu.store import Store

__all__ = ["Vault", "VaultFault", "VaultLocked"]

NEVER = 1 << 31
STEP = 256
"""Values are padded to a multiple of so many bytes."""


class VaultLocked(VaultFault):
    """The key of this person does not open it."""


class Vault:
    """Seals values of one store to the handlers of their case; opens them with a person's own key."""

    def __init__(self, store: Store, clock: Clock, key_folder: Path) -> None:
        self._store = store
        self._clock = clock
        self._files = FileKeys(key_folder)

    # --- values --------------------------------------------------------------------------------

    def seal(
        self,
        owner: str,
        values: dict[str, Any],
        case_id: str,
        writer_id: str,
        writer_key: OwnKey | None,
        two: dict[str, Any] | None = None,
    ) -> str:
        """Seal values of a case for their place (``record_version:sealed_id:<id>`` …); the token for its row.

        ``writer_key``: what the writer reads with, where that is not the pair they have here. ``two``: values
        that no handler opens alone. Raises ``VaultFault`` when there is nobody to seal to.
        """
        token, key = secrets.token_urlsafe(16), secrets.token_bytes(envelopes.KEY_LENGTH)
        with self._store.write():
            self._store.bind()
            row = {"id": token, "owner": owner, "key_id": ""}
            self._store.insert("sealed", row | self._closed(token, owner, values, key, case_id, writer_id))
            self._give_to_writer(token, owner, key, writer_id, writer_key)
            if two:
                self._close_two(token, owner, case_id, two, writer_id, writer_key)
        return token

    def _close_two(
        self,
        token: str,
        owner: str,
        case_id: str,
        two: dict[str, Any],
        writer_id: str,
        writer_key: OwnKey | None,
    ) -> None:
        """Close values under a second key, which two handlers open together, and the writer meanwhile."""
        key = secrets.token_bytes(envelopes.KEY_LENGTH)
        cipher = envelopes.lock(key, _padded(two), "two", token, owner, case_id)
        self._store.update("sealed", token, {"cipher_two": cipher})
        for fingerprint, public in self._publics(writer_id, writer_key).items():
            box = envelopes.seal(public, key, "writer two", token, owner, writer_id)
            self._store.update("sealed_box", f"{token}:{fingerprint}", {"box_two": box})
        pair_boxes.close(self._store, token, owner, key)

    def _closed(
        self, token: str, owner: str, values: dict[str, Any], key: bytes, case_id: str, writer_id: str
    ) -> dict[str, Any]:
        try:
            of_case = case_keys.for_sealing(self._store, self._clock, case_id, writer_id)
        except NobodyHolds as nobody:
            raise VaultFault(str(nobody)) from nobody
        text = _padded(values)
        return {
            "case_id": case_id,
            "generation": of_case.generation,
            "cipher": envelopes.lock(key, text, "sealed", token, owner, case_id),
            "box": envelopes.seal(of_case.public, key, *_box(token, owner, case_id, of_case.generation)),
        }

    def _give_to_writer(
        self, token: str, owner: str, key: bytes, writer_id: str, writer_key: OwnKey | None
    ) -> None:
        for fingerprint, public in self._publics(writer_id, writer_key).items():
            self._put_box(token, owner, key, writer_id, fingerprint, public)

    def _publics(self, writer_id: str, writer_key: OwnKey | None) -> dict[str, bytes]:
        """The public keys that a writer reads with, by fingerprint."""
        trusted = key_pairs.pins(self._store).trusted.get(writer_id)
        publics = {trusted.fingerprint: trusted.public} if trusted else {}
        for private in writer_key.privates[-1:] if writer_key else ():
            public = envelopes.public_of(private)
            publics[envelopes.fingerprint(public)] = public
        return publics

    def _put_box(
        self, token: str, owner: str, key: bytes, holder: str, fingerprint: str, public: bytes
    ) -> None:
        box = envelopes.seal(public, key, "writer", token, owner, holder)
        row = {"id": f"{token}:{fingerprint}", "sealed_id": token, "holder": holder}
        self._store.execute("DELETE FROM sealed_box WHERE id = ?", [row["id"]])
        self._store.insert("sealed_box", row | {"fingerprint": fingerprint, "box": box})

    def open(self, token: str, owner: str, key: OwnKey | None, whole: bool = True) -> dict[str, Any]:
        """The values sealed for this place, with a person's key; all of them, or what they open alone.

        Raises ``VaultLocked`` when this key does not open them, ``VaultFault`` when they were altered.
        """
        row = self._row(token, owner)
        if row["key_id"]:
            return self._files.open(row)
        found = self._read(row, self._key_of(row, key))
        if not row["cipher_two"]:
            return found
        try:
            second = self._second_key(row, key)
            found |= self._read_two(row, second) if second else {}
        except Closed as error:
            raise VaultFault(_("保密信息已被改动或不属于此处，拒绝打开。")) from error
        if second is None and whole:
            raise VaultLocked(_("这份举报人信息里有的内容要两个人才打得开。"))
        return found

    def _second_key(self, row: dict[str, Any], key: OwnKey | None) -> bytes | None:
        """The second key, for the writer of a row alone."""
        known = key.by_fingerprint() if key else {}
        for box in self._store.rows_where("sealed_box", "sealed_id = ?", [row["id"]]):
            if box["fingerprint"] in known and box["box_two"]:
                about = ("writer two", row["id"], row["owner"], box["holder"])
                return envelopes.unseal(known[box["fingerprint"]], bytes(box["box_two"]), *about)
        return None

    def _read_two(self, row: dict[str, Any], second: bytes) -> dict[str, Any]:
        about = ("two", row["id"], row["owner"], row["case_id"])
        values: dict[str, Any] = json.loads(envelopes.unlock(second, bytes(row["cipher_two"]), *about))
        return values

    # --- what two persons open together ----------------------------------------------------------

    def needs_two(self, token: str) -> bool:
        """Whether something of it is opened by two persons alone."""
        row = self._store.get("sealed", token)
        return row is not None and bool(row["cipher_two"])

    def approve(self, token: str, owner: str, asker_id: str, other_id: str, key: OwnKey) -> bytes:
        """The outer envelope opened for whoever asked; raises ``VaultLocked``."""
        try:
            return pair_boxes.open_outer(self._store, token, owner, asker_id, other_id, key)
        except Closed as error:
            raise VaultLocked(
                _("你们两位现在打不开这一份：它封存以后才有的钥匙，要请另一位同意。")
            ) from error

    def open_two(
        self, token: str, owner: str, inner: bytes, asker_id: str, other_id: str, key: OwnKey
    ) -> dict[str, Any]:
        """What two persons open, by whoever asked, once the other has approved; raises ``VaultLocked``."""
        row = self._row(token, owner)
        try:
            second = pair_boxes.open_inner(inner, token, owner, asker_id, other_id, key)
            return self._read_two(row, second)
        except Closed as error:
            raise VaultLocked(_locked()) from error

    def pair_again(self, office_key: OwnKey) -> None:
        """Two officers seal what needs two persons to every two who handle reporters now."""
        with self._store.write():
            self._store.bind()
            for row in self._store.rows_where("sealed", "cipher_two <> ?", [b""], order_by="id"):
                try:
                    second = pair_boxes.by_office(self._store, row["id"], row["owner"], office_key)
                except Closed:
                    continue
                pair_boxes.close(self._store, row["id"], row["owner"], second)

    def _read(self, row: dict[str, Any], key: bytes) -> dict[str, Any]:
        try:
            text = envelopes.unlock(
                key, bytes(row["cipher"]), "sealed", row["id"], row["owner"], row["case_id"]
            )
        except Closed as error:
            raise VaultFault(_("保密信息已被改动或不属于此处，拒绝打开。")) from error
        values: dict[str, Any] = json.loads(text)
        return values

    def _key_of(self, row: dict[str, Any], key: OwnKey | None) -> bytes:
        """The key of one row, from the box of its writer or from the key of its case."""
        known = key.by_fingerprint() if key else {}
        try:
            for box in self._store.rows_where("sealed_box", "sealed_id = ?", [row["id"]]):
                if box["fingerprint"] in known:
                    about = ("writer", row["id"], row["owner"], box["holder"])
                    return envelopes.unseal(known[box["fingerprint"]], bytes(box["box"]), *about)
            if key is None:
                raise VaultLocked(_locked())
            return self._key_by_case(row, key)
        except Closed as error:
            raise VaultFault(_("保密信息已被改动或不属于此处，拒绝打开。")) from error

    def _key_by_case(self, row: dict[str, Any], key: OwnKey) -> bytes:
        try:
            private = case_keys.private_of(self._store, row["case_id"], row["generation"], key)
        except Closed as error:
            raise VaultLocked(_locked()) from error
        return envelopes.unseal(private, bytes(row["box"]), *_box_of(row))

    def forget(self, token: str) -> None:
        """Remove sealed values for good, as when a draft is thrown away."""
        with self._store.write():
            self._store.bind()
            self._store.delete("sealed", token)
            self._store.execute("DELETE FROM sealed_box WHERE sealed_id = ?", [token])
            pair_boxes.drop(self._store, token)

    # --- who gets them -------------------------------------------------------------------------

    def hand_on(self, token: str, owner: str, key: OwnKey, to_id: str) -> None:
        """Give what a writer could read to somebody else in their place; raises ``VaultFault``."""
        to = key_pairs.pins(self._store).trusted.get(to_id)
        row = self._row(token, owner)
        if row["key_id"]:  # moves by itself
            return
        if row["cipher_two"]:
            raise VaultFault(_("这一份里有要两个人才打得开的内容，不能移交，请接手的同志另行请两位打开。"))
        if to is None:
            raise VaultFault(_("接手的同志还没有登录过、没有公钥，现在交不了：请他先登录一次。"))
        with self._store.write():
            self._store.bind()
            opened = self._key_of(row, key)
            self._store.execute("DELETE FROM sealed_box WHERE sealed_id = ?", [token])
            self._put_box(token, owner, opened, to.owner, to.fingerprint, to.public)

    def give_again(self, to_id: str, key: OwnKey) -> None:
        """Seal what somebody wrote and has under way to the pair that they have now."""
        to = key_pairs.pins(self._store).trusted.get(to_id)
        if to is None:
            return
        with self._store.write():
            self._store.bind()
            rows = self._store.query(
                "SELECT DISTINCT sealed.* FROM sealed JOIN sealed_box ON sealed_box.sealed_id = sealed.id"
                " WHERE sealed_box.holder = ? AND sealed_box.fingerprint <> ?",
                [to_id, to.fingerprint],
            )
            for row in rows:
                self._give_one_again(row, key, to)

    def _give_one_again(self, row: dict[str, Any], key: OwnKey, to: KeyPair) -> None:
        try:
            opened = self._key_of(row, key)
        except VaultLocked:
            return
        self._put_box(row["id"], row["owner"], opened, to.owner, to.fingerprint, to.public)

    def take_from_writers(self, tokens: list[str]) -> None:
        """Their paper has its number: from now on handlers alone open them."""
        for token in tokens:
            self._store.execute("DELETE FROM sealed_box WHERE sealed_id = ?", [token])

    def rotate(self, case_id: str, key: OwnKey, by_id: str) -> None:
        """Seal a case to a next key, with what a handler opens; the values stay. Raises ``VaultFault``."""
        with self._store.write():
            self._store.bind()
            rows = self._store.rows_where("sealed", "case_id = ? AND key_id = ''", [case_id], order_by="id")
            opened = [(row, self._key_by_case(row, key)) for row in rows]
            if opened:
                now = case_keys.renew(self._store, self._clock, case_id, by_id)
                for row, own in opened:
                    about = _box(row["id"], row["owner"], case_id, now.generation)
                    changes = {"generation": now.generation, "box": envelopes.seal(now.public, own, *about)}
                    self._store.update("sealed", row["id"], changes)
            case_keys.drop_before(self._store, case_id, now.generation if opened else NEVER)

    # --- what was sealed before cases had keys ---------------------------------------------------

    def of_before(self, limit: int) -> list[dict[str, Any]]:
        """Rows that a key in a file opens still."""
        return self._store.rows_where("sealed", "key_id <> ''", order_by="id", limit=limit)

    def move(self, row: dict[str, Any], case_id: str, writer_id: str, is_open_to_writer: bool) -> None:
        """Seal a row of before to the key of its case, in its place; raises ``VaultFault``."""
        values, key = self._files.open(row), secrets.token_bytes(envelopes.KEY_LENGTH)
        with self._store.write():
            self._store.bind()
            closed = self._closed(row["id"], row["owner"], values, key, case_id, writer_id)
            if self._read({**row, **closed}, key) != values:
                raise VaultFault(_("保密信息换密钥后打不开，没有换。"))
            self._store.update("sealed", row["id"], closed | {"key_id": ""})
            if is_open_to_writer:
                self._give_to_writer(row["id"], row["owner"], key, writer_id, None)

    def destroy_files(self) -> list[str]:
        """Destroy the key files when no row needs one any more; returns their names."""
        if not self._files.ids() or self.of_before(1):
            return []
        with self._store.write():
            names = self._files.destroy() if not self.of_before(1) else []
            audit.append(self._store, self._clock, audit.OFFICE, None, Events.vault_key_destroyed, keys=names)
        return names

    # --- looking through -------------------------------------------------------------------------

    def how_many(self) -> int:
        """How many sealed parts there are, of drafts and of every version of a record."""
        return self._store.count("sealed")

    def missing_key(self) -> str | None:
        """The key in a file that a row of before needs, if it is not here."""
        rows = self._store.query("SELECT DISTINCT key_id FROM sealed WHERE key_id <> '' ORDER BY key_id DESC")
        return next((row["key_id"] for row in rows if row["key_id"] not in self._files.ids()), None)

    def faults(self) -> list[str]:
        """Whatever cannot be opened by anybody, and why, as far as it can be seen without a private key."""
        found: dict[str, None] = {}
        for row in self._store.rows_where("sealed", order_by="id"):
            try:
                self._look(row)
            except VaultFault as fault:
                is_lost = row["key_id"] and row["key_id"] not in self._files.ids()
                said = {"why": fault, "row": row["id"], "owner": row["owner"]}
                words = str(fault) if is_lost else _("%(why)s（表 sealed 的行 %(row)s，%(owner)s）", **said)
                found[words] = None
        for one in key_pairs.pins(self._store).refused:
            found[_("账号 %(owner)s 的公钥与审计日志不符，已停用。", owner=one.owner)] = None
        return list(found)

    def _look(self, row: dict[str, Any]) -> None:
        if row["key_id"]:
            self._files.open(row)
            return
        where = "case_id = ? AND generation = ?"
        if not self._store.count("case_envelope", where, [row["case_id"], row["generation"]]):
            raise VaultFault(_("没有任何人持有这一案卷的密钥。"))

    def _row(self, token: str, owner: str) -> dict[str, Any]:
        row = self._store.get("sealed", token)
        if row is None or row["owner"] != owner:
            raise VaultFault(_("没有这项保密信息。"))
        return row


def _locked() -> str:
    way = _("密码由别人重设过的，请到“保密权限”输入纸上的恢复码，或者请另一位同志确认。")
    return _("您的密钥打不开这份举报人信息。%(way)s", way=way)


def _padded(values: dict[str, Any]) -> bytes:
    text = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return text + b" " * (-len(text) % STEP)


def _box(token: str, owner: str, case_id: str, generation: int) -> tuple[object, ...]:
    return ("box", token, owner, case_id, generation)


def _box_of(row: dict[str, Any]) -> tuple[object, ...]:
    return _box(row["id"], row["owner"], row["case_id"], row["generation"])
