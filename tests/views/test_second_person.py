"""What a form type keeps for two persons: one alone opens nothing, not with the database either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office import timer
from andu.office.office import Office
from andu.office.writing import confidential, drafts
from andu.security import audit, key_pairs, pair_boxes
from andu.security.envelopes import OwnKey
from andu.security.vault import VaultLocked
from andu.settings import Settings
from tests.conftest import MORNING, PASSWORD, with_key
from tests.office import small
from tests.views.test_vault_rights import Someone

FORM = """
title: 示例登记
group: 示例
filled_by: [clerk]
series: doc
record_title: [subject]
sections:
  - title: 内容
    fields:
      - {key: subject, kind: text, label: 事由}
      - {key: secret, kind: text, label: 密情, confidential: true}
      - {key: deep, kind: text, label: 身份, confidential: true, eyes: handlers and second person}
signatures:
  slots:
    - {key: head, label: 负责人, roles: [head]}
"""
ONE, TWO = "金丝雀之一", "金丝雀之二"
WHY = {"reason": "回访需要核对身份", "password": PASSWORD}


def accounts_of(office: Office) -> dict[str, str]:
    return {row["username"]: row["id"] for row in office.store.rows_where("account")}


def keys(office: Office, name: str) -> OwnKey:
    found = key_pairs.unlock(office.store, accounts_of(office)[name], PASSWORD)
    assert found
    return found


def test_one_asks_another_approves_and_the_view_ends(tmp_path: Path, quick_passwords: None) -> None:
    clock = FixedClock(MORNING)
    settings = Settings(instance=tmp_path / "instance", clock=clock, testing=True)
    settings = small.found(settings, tmp_path, {"note": FORM})
    office = small.opened(settings)
    author = Someone(settings, office, "zhangsan")
    author.post("/new/note")
    draft = author.path
    typed = {"f_subject": "示例", "f_secret": ONE, "f_deep": TWO}
    author.post(draft, author.filled(draft) | typed | {"act": "save"})
    author.get(draft)
    assert author.filled(draft)["f_deep"] == [TWO]  # whoever typed it sees it
    (row,) = office.store.rows_where("sealed")
    author.post(draft, author.filled(draft) | {"act": "submit"})
    assert author.path.startswith("/records/"), author.text()
    (record,) = office.store.rows_where("record")
    page = f"/records/{record['id']}/confidential"

    # one alone: on the page the rest only; with the whole database at hand, nothing
    director, other = (Someone(settings, office, name) for name in ("zhaoliu", "chushisi"))
    director.get(page)
    assert "有的内容要两个人才打得开" in director.text()
    director.post(page, WHY)
    assert ONE in director.text() and TWO not in director.text()
    one, two = accounts_of(office)["zhaoliu"], accounts_of(office)["chushisi"]
    found = confidential.where(office, small_record(office))
    token = str(record["sealed_id"])
    for name in ("zhaoliu", "chushisi"):
        with pytest.raises(VaultLocked):
            office.vault.open(token, found, keys(office, name))
        for outer in office.store.rows_where("pair_box"):
            inner = None
            if outer["other"] == accounts_of(office)[name]:
                about = (token, found, outer["asker"], outer["other"])
                inner = pair_boxes.open_outer(office.store, *about, keys(office, name))
                with pytest.raises(VaultLocked):
                    office.vault.open_two(token, found, inner, one, two, keys(office, name))
            assert inner is None or TWO.encode() not in inner
    files = b"".join(path.read_bytes() for path in settings.instance.rglob("andu.db*"))
    assert TWO.encode() not in files and json.dumps(TWO)[1:-1].encode() not in files

    # asked with a reason, approved by another with their password, for half an hour
    ask = f"/records/{record['id']}/second-person"
    director.get(ask)
    for wrong in ({**WHY, "reason": "。"}, {**WHY, "password": "another-password"}):
        director.post(ask, wrong)
        assert not office.store.count("second_look")
    director.post(ask, WHY)
    (look,) = office.store.rows_where("second_look")
    assert director.get(f"/second-person/{look['id']}").status_code == 404  # not one's own
    assert author.get(f"/second-person/{look['id']}").status_code == 403
    other.get("/")
    assert "等您同意的查看" in other.text()
    other.get(f"/second-person/{look['id']}")
    assert WHY["reason"] in other.text() and TWO not in other.text()
    other.post(f"/second-person/{look['id']}", {"password": "another-password"})
    director.post(page, WHY)
    assert TWO not in director.text()
    other.post(f"/second-person/{look['id']}", {"password": PASSWORD})
    assert "可以看 30 分钟" in other.text()
    other.post(page, WHY)
    assert TWO not in other.text(), "who approves sees nothing by that"
    director.get(page)
    director.post(page, WHY)
    assert TWO in director.text()
    told = {one.event: one for one in audit.recent(office.store)}
    assert told["second_look_asked"].data["reason"] == WHY["reason"]
    assert (told["second_look_asked"].actor_id, told["second_look_approved"].actor_id) == (one, two)
    assert told["second_look_approved"].data["until"] == "2026-11-22T01:32:03Z"

    clock.advance(29 * 60)  # still signed in, still open
    Someone(settings, office, "zhaoliu")
    clock.advance(2 * 60)
    late = Someone(settings, office, "zhaoliu")
    late.get(page)
    late.post(page, WHY)
    assert ONE in late.text() and TWO not in late.text()
    timer.once(office)
    assert not office.store.count("second_look")
    office.store.close()


def small_record(office: Office) -> confidential.Record:
    from andu.office import records

    (row,) = office.store.rows_where("record")
    return records.find(office, row["id"])


def test_where_one_alone_has_a_key_it_is_not_handed_in_and_not_lost(
    tmp_path: Path, quick_passwords: None
) -> None:
    settings = Settings(instance=tmp_path / "instance", clock=FixedClock(MORNING), testing=True)
    settings = small.found(settings, tmp_path, {"note": FORM})
    office = small.opened(settings)
    with office.store.write():
        office.store.execute("DELETE FROM key_pair WHERE owner = ?", [accounts_of(office)["chushisi"]])
    author = Someone(settings, office, "zhangsan")
    author.post("/new/note")
    draft = author.path
    author.post(draft, author.filled(draft) | {"f_subject": "示例", "f_deep": TWO, "act": "submit"})
    assert "请先让另一位登录一次" in author.text() and author.path == draft
    assert author.filled(draft)["f_deep"] == [TWO]
    Someone(settings, office, "chushisi")
    author.post(draft, author.filled(draft) | {"act": "submit"})
    assert author.path.startswith("/records/"), author.text()
    clerk = with_key(office, next(one for one in drafts.accounts.all(office.store) if one.name == "张三"))
    assert TWO in str(confidential.answers(office, small_record(office), clerk.key))
    office.store.close()
