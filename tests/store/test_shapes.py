"""Both engines have the same tables, columns, keys, indexes, views and triggers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from andu.store.migrations import migrations
from andu.store.postgresql import MIGRATIONS, Postgresql
from andu.store.postgresql_shape import ROW_NO, NotPortable, statements
from andu.store.sqlite import Sqlite
from andu.store.verbs import IN_ORDER
from tests.store.postgresql import scratch

TYPES = {"TEXT": "text", "INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}
OURS = ("_is_numbered", "touched_")
"""What triggers do there that SQLite does by itself, or for one connection alone."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sqlite, Postgresql]]:
    with scratch("fsync=off") as address:
        file, server = Sqlite(tmp_path_factory.mktemp("shape") / "andu.db"), Postgresql(address)
        file.upgrade()
        server.upgrade()
        yield file, server
        server.leave()
        file.close()


def words(db: Sqlite) -> set[str]:
    """The tables of words, which each engine has in its own way."""
    rows = db.conn.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%fts5%'").fetchall()
    return {name for (name,) in rows}


def tables(db: Sqlite) -> list[str]:
    return [one for one in db.table_list() if one not in words(db)]


def test_the_same_tables_by_the_same_steps(both: tuple[Sqlite, Postgresql]) -> None:
    file, server = both
    assert file.table_list() == server.table_list()
    assert [row["name"] for row in server.select(f"SELECT name FROM {MIGRATIONS} ORDER BY applied_at")] == [
        one.name for one in migrations.applied(file)
    ]
    for name in words(file):
        assert [one.name for one in server.columns_of(name)] == ["id", "words"]


def test_the_same_columns_and_primary_keys(both: tuple[Sqlite, Postgresql]) -> None:
    file, server = both
    typed = {
        (row["table_name"], row["column_name"]): (row["data_type"], row["is_nullable"])
        for row in server.select(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        )
    }
    for table in tables(file):
        assert file.columns_of(table) == server.columns_of(table), table
        for _cid, name, type_, is_filled, _default, place in file.conn.execute(
            f"PRAGMA table_info({table})"
        ).fetchall():
            is_null = "NO" if is_filled or place else "YES"
            assert typed[table, name] == (TYPES[type_], is_null), (table, name)


def indexes_of_file(db: Sqlite, table: str) -> list[Any]:
    found = []
    for _seq, name, is_unique, _origin, is_partial in db.conn.execute(f"PRAGMA index_list({table})"):
        columns = [column for _no, _cid, column in db.conn.execute(f"PRAGMA index_info({name})")]
        found.append(
            (name if not name.startswith("sqlite_") else "", columns, bool(is_unique), bool(is_partial))
        )
    key = [one.name for one in sorted(db.columns_of(table), key=lambda one: one.place) if one.place]
    if ("", key, True, False) not in found:  # a whole number, or the order of the rows themselves
        found.append(("", key, True, False))
    return sorted(found, key=str)


def indexes_of_server(db: Postgresql, table: str) -> list[Any]:
    rows = db.select(
        "SELECT CAST(indexrelid AS regclass)::text AS name, indisunique, indpred IS NOT NULL AS is_partial,"
        " (SELECT json_agg((SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = place)"
        " ORDER BY ordinality) FROM unnest(indkey) WITH ORDINALITY AS u(place, ordinality)) AS columns"
        " FROM pg_index WHERE indrelid = to_regclass(?)",
        [table],
    )
    made = [
        (
            "" if row["name"].endswith(("_key", "_pkey")) else row["name"],
            row["columns"],
            bool(row["indisunique"]),
            bool(row["is_partial"]),
        )
        for row in rows
        if row["columns"] != [ROW_NO]
    ]
    return sorted(made, key=str)


def test_the_same_indexes(both: tuple[Sqlite, Postgresql]) -> None:
    file, server = both
    for table in tables(file):
        assert indexes_of_file(file, table) == indexes_of_server(server, table), table


def test_the_same_foreign_keys(both: tuple[Sqlite, Postgresql]) -> None:
    file, server = both
    rules = {"a": "NO ACTION", "c": "CASCADE"}
    rows = server.select(
        "SELECT CAST(conrelid AS regclass)::text AS table, attname,"
        " CAST(confrelid AS regclass)::text AS other, confdeltype::text AS rule"
        " FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid"
        " AND attnum = conkey[1] WHERE contype = 'f'"
    )
    told = {(row["table"], row["attname"], row["other"], rules[row["rule"]]) for row in rows}
    assert told == {
        (table, column, other, rule)
        for table in tables(file)
        for _id, _seq, other, column, _to, _up, rule, _match in file.conn.execute(
            f"PRAGMA foreign_key_list({table})"
        )
    }
    assert len(told) > 40


def test_the_same_views_and_triggers(both: tuple[Sqlite, Postgresql]) -> None:
    file, server = both
    there = {(row["tbl_name"], row["name"]) for row in file.select(
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    )}  # fmt: skip
    here = {
        (row["tbl_name"], row["tgname"])
        for row in server.select(
            "SELECT CAST(tgrelid AS regclass)::text AS tbl_name, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal"
        )
    }
    assert there == {one for one in here if not any(part in one[1] for part in OURS)}
    views = server.select("SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1")
    assert [row["viewname"] for row in views] == sorted(file.view_names())
    assert {f"{one}_is_numbered" for one in IN_ORDER} <= {name for _table, name in here}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE loose (id TEXT PRIMARY KEY)",
        "PRAGMA user_version = 3",
        "VACUUM",
        "INSERT OR REPLACE INTO a",
    ],
)
def test_what_has_no_words_on_the_other_engine_is_refused(statement: str) -> None:
    with pytest.raises(NotPortable):
        list(statements(statement, lambda _table: []))


def test_a_database_that_sorts_otherwise_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with scratch("fsync=off") as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'")
        from andu.store import Unreadable

        server = Postgresql(address.replace("/postgres?", "/latin?"))
        with pytest.raises(Unreadable, match="createdb"):
            server.upgrade()
        server.leave()
