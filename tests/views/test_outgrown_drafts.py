"""A form is changed while drafts of it lie about: nothing typed goes without a word."""

from __future__ import annotations

from pathlib import Path

from andu.clock import FixedClock
from andu.office.office import Office
from andu.settings import Settings
from app import create_app
from tests.conftest import MORNING, PASSWORD
from tests.office import small
from tests.views.page import Visitor

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
      - {key: told_by, kind: person, label: 告知人}
      - {key: secret, kind: text, label: 密情, confidential: true}
      - key: items
        kind: table
        label: 清单
        columns:
          - {key: name, kind: text, label: 名称}
          - {key: place, kind: text, label: 存放处}
"""
GONE = ("told_by", "secret", "place")
TOLD = "这种表已经改版"


def edited(visitor: Visitor, path: str) -> str:
    """What the page of a draft says."""
    visitor.get(path)
    return visitor.text()


def test_what_a_newer_edition_has_no_place_for_is_told_once_and_what_is_secret_only_to_who_typed_it(
    tmp_path: Path, quick_passwords: None
) -> None:
    settings = Settings(instance=tmp_path / "instance", clock=FixedClock(MORNING), testing=True)
    settings = small.found(settings, tmp_path, {"note": FORM})
    office = small.opened(settings)
    author = signed_in(settings, office, "wangwu")
    author.post("/new/note")
    draft = author.path
    person = office.store.rows_where("account", "username = 'lisi'", [])[0]["id"]
    typed = {"f_subject": "示例", "f_told_by": person, "f_secret": "示例密情"}
    author.post(draft, author.filled(draft) | typed | {"f_items-0-place": "二号柜", "act": "save"})
    assert TOLD not in edited(author, draft)
    office.store.close()

    small.write(settings, {"note": newer(FORM)})
    office = small.opened(settings)
    author, colleague = (signed_in(settings, office, name) for name in ("wangwu", "zhaoliu"))
    said = edited(author, draft)
    assert TOLD in said
    for words in ("告知人：李四", "密情：示例密情", "清单，第 1 行，存放处：二号柜"):
        assert words in said
    assert "示例密情" not in edited(colleague, draft) and TOLD in colleague.text()
    author.post(draft, author.filled(draft) | {"act": "save"})
    assert TOLD not in edited(author, draft)
    office.store.close()


def test_a_record_taken_back_for_change_says_the_same(tmp_path: Path, quick_passwords: None) -> None:
    form = FORM + "signatures:\n  slots:\n    - {key: head, label: 负责人, roles: [head]}\n"
    settings = Settings(instance=tmp_path / "instance", clock=FixedClock(MORNING), testing=True)
    settings = small.found(settings, tmp_path, {"note": form})
    office = small.opened(settings)
    author = signed_in(settings, office, "wangwu")
    author.post("/new/note")
    author.post(author.path, author.filled(author.path) | {"f_items-0-place": "二号柜", "act": "submit"})
    record = author.path
    assert record.startswith("/records/")
    office.store.close()

    small.write(settings, {"note": newer(form)})
    office = small.opened(settings)
    author = signed_in(settings, office, "wangwu")
    author.get(record)
    author.post(f"{record}/revise")
    assert TOLD in author.text()
    assert "清单，第 1 行，存放处：二号柜" in author.text()
    office.store.close()


def newer(form: str) -> str:
    """The next edition of a form, without some of its fields."""
    return "\n".join(line for line in form.splitlines() if not any(f"key: {key}," in line for key in GONE))


def signed_in(settings: Settings, office: Office, username: str) -> Visitor:
    """Somebody at their desk."""
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in(username, PASSWORD)
    return visitor
