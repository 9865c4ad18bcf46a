"""Each verb of the store does what its name says, on whichever engine the run is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andu.store import Store, postgresql_words, sqlite_words, verbs

MARKS = {
    "a": {"name": "张三", "n": 3, "yes": True, "no": False, "none": None, "in": {"deep": ["李四", 4]}},
    "b": ["甲", None, "乙"],
    "c": {"name": "100%_\\'\""},
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Store]:
    """A store with some marks, on the engine of this run."""
    store = Store(tmp_path / "andu.db")
    store.migrate()
    with store.write():
        for id_, value in MARKS.items():
            store.insert("mark", {"id": id_, "value": json.dumps(value, ensure_ascii=False)})
    yield store
    store.close()


def one(engine: Store, what: str, id_: str) -> object:
    return engine.query(f"SELECT {what} AS found FROM mark WHERE id = ?", [id_])[0]["found"]


def test_both_engines_have_the_same_verbs() -> None:
    def names(module: Any) -> set[str]:
        own = {name: thing for name, thing in vars(module).items() if callable(thing) and name[0] != "_"}
        return {name for name, thing in own.items() if thing.__module__ == module.__name__}

    assert names(sqlite_words) == names(postgresql_words) - {"word_vector"}


def test_a_member_is_read_as_what_it_is(engine: Store) -> None:
    says = verbs
    assert one(engine, says.member("value", "name"), "a") == "张三"
    assert one(engine, says.member("mark.value", "name"), "c") == "100%_\\'\""
    assert one(engine, says.number("value", "n"), "a") == 3
    assert [bool(one(engine, says.is_true("value", key), "a")) for key in ("yes", "no")] == [True, False]
    for key in ("none", "nothing"):
        assert one(engine, says.member("value", key), "a") is None
        assert one(engine, says.number("value", key), "a") is None
        assert one(engine, says.is_true("value", key), "a") is None


def test_elements_are_read_by_their_place_and_one_by_one(engine: Store) -> None:
    says = verbs
    assert [one(engine, says.element("value", at), "b") for at in range(4)] == ["甲", None, "乙", None]
    part = says.elements("mark.value", "part")
    rows = engine.query(f"SELECT part.value FROM mark, {part} WHERE mark.id = 'b'")
    assert [row["value"] for row in rows] == ["甲", None, "乙"]


@pytest.mark.parametrize(("asked", "found"), [(["a", "c", "x"], ["a", "c"]), ([], [])])
def test_among_takes_a_list_of_any_length(engine: Store, asked: list[str], found: list[str]) -> None:
    sql = f"SELECT id FROM mark WHERE {verbs.among('id')} ORDER BY id"
    assert [row["id"] for row in engine.query(sql, [json.dumps(asked)])] == found


def test_every_text_is_found_however_deep(engine: Store) -> None:
    part, is_text, text = verbs.every_text("mark.value", "part")
    rows = engine.query(f"SELECT {text} AS text FROM mark, {part} WHERE {is_text} AND mark.id = 'a'")
    assert sorted(row["text"] for row in rows) == ["张三", "李四"]


def test_a_list_is_made_of_a_select_in_its_order(engine: Store) -> None:
    for where, found in (("1=1", ["c", "b", "a"]), ("id = 'x'", [])):
        listed = verbs.listed("id", f"SELECT id FROM mark AS marked WHERE {where} ORDER BY id DESC")
        assert json.loads(str(engine.query(f"SELECT {listed} AS found")[0]["found"])) == found


@pytest.mark.parametrize(
    ("text", "found"), [("100%_\\'\"", ["c"]), ("张三", ["a"]), ("%", ["c"]), ("NAME", [])]
)
def test_what_a_text_holds_is_found_letter_by_letter(engine: Store, text: str, found: list[str]) -> None:
    sent = json.dumps(text, ensure_ascii=False)[1:-1]
    rows = engine.query(f"SELECT id FROM mark WHERE {verbs.holds('value')} ORDER BY id", [sent])
    assert [row["id"] for row in rows] == found


def test_words_are_kept_found_and_dropped(engine: Store) -> None:
    says = verbs

    def hits(query: str) -> list[int]:
        row = says.word_row("record_text")
        sql = f"SELECT {row} AS id FROM record_text WHERE {says.saying('record_text')} ORDER BY {row} DESC"
        return [int(found["id"]) for found in engine.query(sql, [query])]

    with engine.write():
        engine.put_words("record_text", 1, {"said": "张三 三丰 丰", "people": "李四 四"})
        engine.put_words("record_text", 2, {"said": "三丰 丰 张三", "people": "张三 三"})
        engine.put_words("record_text", 2, {"said": "三丰 丰 张三", "people": "王五 五"})
    assert hits(says.phrase(["张三", "三丰"])) == [1]
    assert hits(says.phrase(["张三", "王五"])) == []  # of two columns
    assert hits(says.beginning("三")) == [2, 1]
    assert hits(says.all_of([says.phrase(["三丰"]), says.phrase(["李四"])])) == [1]
    assert hits(says.any_of([says.phrase(["李四"]), "", says.beginning("王")])) == [2, 1]
    both = [says.any_of([says.phrase(["李四"]), says.beginning("王")]), says.phrase(["张三", "三丰"])]
    assert hits(says.all_of(both)) == [1] and says.any_of([""]) == ""
    assert hits(says.within("people", says.phrase(["张三"]))) == []
    assert hits(says.within("said", says.all_of([says.phrase(["张三"]), says.beginning("丰")]))) == [2, 1]
    with engine.write():
        engine.drop_words("record_text", 2, 9)
    assert hits(says.beginning("三")) == [1]


def test_rows_have_the_order_they_were_put_in(engine: Store) -> None:
    with engine.write():
        for id_ in ("z", "y"):
            row = {"id": id_, "slug": "s", "yaml": "", "template_sha": ""}
            engine.insert("form_version", {**row, "created_at": "2026-11-22T01:02:03Z"})
    rows = engine.rows_where("form_version", order_by=f"created_at, {verbs.row_order('form_version')}")
    assert [row["id"] for row in rows] == ["z", "y"]
    assert rows[0].keys() == {"id", "slug", "yaml", "template_sha", "created_at", "language"}


@pytest.mark.parametrize("name", ["value; DROP TABLE mark", "VALUE", "a.b.c", ""])
def test_only_names_of_our_own_are_put_into_a_statement(name: str) -> None:
    for verb in (lambda: verbs.member(name, "x"), lambda: verbs.holds(name), lambda: verbs.among(name)):
        with pytest.raises(ValueError):
            verb()
    with pytest.raises(ValueError):
        verbs.member("value", "it's")
