"""A full disk, a read-only folder, a lost key: the page says so, and what was typed is still in it."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable

import pytest

from andu.office.office import Office
from andu.office.writing import drafts
from andu.office.writing.drafts import Draft
from andu.security.vault import Vault, VaultFault
from andu.store import AWAY, Unwritable, files
from tests.conftest import People
from tests.office.conftest import Submit
from tests.views.conftest import SignedIn

TYPED = "群众反映的内容不能丢"


@pytest.fixture
def draft(office: Office, people: People) -> Draft:
    """A clue that 张三 has begun."""
    return drafts.start(office, people.zhangsan, "clue_registration")


def no_room(office: Office) -> None:
    """SQLite may not take one page more: what a full disk does to it."""
    pages = office.store.query("PRAGMA page_count")[0]["page_count"]
    office.store.query(f"PRAGMA max_page_count = {pages}")


def room(office: Office) -> None:
    office.store.query("PRAGMA max_page_count = 1000000")


def read_only(office: Office) -> None:
    """As in a folder that was mounted read-only."""
    office.store._db.execute("PRAGMA query_only = ON")


def writable(office: Office) -> None:
    office.store._db.execute("PRAGMA query_only = OFF")


def away(office: Office) -> None:
    """As a server that was stopped."""

    def refused(_self: object) -> None:
        raise Unwritable(AWAY)

    office.store._db.writing = refused.__get__(office.store._db)


def back(office: Office) -> None:
    del office.store._db.writing


TROUBLES = [
    (no_room, room, "磁盘满了"),
    (read_only, writable, "现在只读"),
    (away, back, "数据库服务器连不上"),
]


@pytest.mark.parametrize(("befall", "mend", "words"), TROUBLES)
def test_what_cannot_be_stored_stays_on_the_page_and_can_be_sent_again(
    signed_in: SignedIn,
    office: Office,
    draft: Draft,
    befall: Callable[[Office], None],
    mend: Callable[[Office], None],
    words: str,
) -> None:
    visitor, path = signed_in("zhangsan"), f"/drafts/{draft.id}"
    visitor.get(path)
    typed = {**visitor.filled(path), "f_main_issue": TYPED * 20_000, "act": "save"}
    befall(office)
    assert visitor.post(path, typed).status_code == (503 if befall is away else 507)
    assert words in visitor.text()
    assert "没有存下来" in visitor.text()
    mend(office)
    fields = visitor.page.xpath("//main//form//input[@type = 'hidden']")
    again = {one.get("name"): one.get("value") for one in fields}
    assert visitor.post(visitor.page.xpath("//main//form/@action")[0], again).status_code == 200
    assert visitor.filled(path)["f_main_issue"] == [TYPED * 20_000]


def test_where_nothing_can_be_stored_the_pages_that_only_show_go_on(
    signed_in: SignedIn, office: Office
) -> None:
    visitor = signed_in("zhangsan")
    read_only(office)
    assert visitor.get("/").status_code == 200
    assert visitor.get("/new").status_code == 200
    answer = visitor.post("/new/clue_registration")
    assert (answer.status_code, "现在只读" in visitor.text()) == (507, True)
    writable(office)


def test_a_file_for_which_there_is_no_room_is_said(
    signed_in: SignedIn, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, path = signed_in("zhangsan"), f"/drafts/{draft.id}"
    visitor.get(path)
    typed = {**visitor.filled(path), "act": "attach:files", "f_main_issue": TYPED}
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    answer = visitor.post(path, {**typed, "upload_files": (io.BytesIO(png), "照片.png")})
    assert (answer.status_code, "磁盘满了" in visitor.text()) == (507, True)
    assert "附件没有带过来" in visitor.text()


def test_a_vault_that_fails_is_a_page_that_says_so_and_keeps_what_was_typed(
    signed_in: SignedIn, submit: Submit, people: People, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_more: object) -> str:
        raise VaultFault("没有可用的密钥")

    record = submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）")
    visitor, path = signed_in("zhangsan"), f"/drafts/{draft.id}"
    visitor.get(path)
    typed = {
        **visitor.filled(path),
        "act": "save",
        "f_reporter_name": "王某（示例）",
        "f_main_issue": TYPED,
    }
    monkeypatch.setattr(Vault, "seal", fails)
    answer = visitor.post(path, typed)
    assert answer.status_code == 503
    assert "保密信息现在用不了" in visitor.text()
    assert "script/andu doctor" in visitor.text()
    assert TYPED in answer.get_data(as_text=True)
    assert visitor.get(f"/records/{record.id}").status_code == 200
