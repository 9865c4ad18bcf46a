"""Whether a PostgreSQL server, or one that calls itself compatible, does what the store would ask of it.

Each probe is tried on the server itself, within a schema of its own that is removed again; nothing else there
is touched. The portable subset: no identity columns, no moments of the engine's own, a target for every
conflict, one locked row for each counter. Called by ``doctor --store``.
"""

from __future__ import annotations

import importlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from andu.store import postgresql_words
from andu.store import verbs as says

SECONDS = 10
TEXT = "案牍𠮷 100%_\\'\"〔2026〕"
NUMBERS, HANDS = 40, 4


class Unreachable(Exception):
    """The server cannot be asked at all; the message is that of the module."""


@dataclass(frozen=True)
class Probed:
    """One thing that was tried: its ``key`` (the command has words for it), and what went wrong, if so."""

    key: str
    fault: str = ""


def _sql(text: str) -> str:
    return says.spoken(postgresql_words, text).replace("%", "%%").replace("?", "%s")


class _Server:
    """Connections to one server, each within the schema of the probes."""

    def __init__(self, url: str, module: str) -> None:
        self._url, self._schema = url, f"andu_probe_{secrets.token_hex(4)}"
        try:
            self._module: Any = importlib.import_module(module)
            self.main = self.connect()
        except Exception as fault:  # of whichever module, or that there is none
            raise Unreachable(str(fault)) from fault

    def connect(self) -> Any:
        connection = self._module.connect(self._url, connect_timeout=SECONDS)
        cursor = connection.cursor()
        cursor.execute(f"SET search_path TO {self._schema}")
        cursor.execute(f"SET lock_timeout = '{SECONDS}s'")
        connection.commit()
        return connection

    def begin(self) -> None:
        self.run(f"CREATE SCHEMA {self._schema}")

    def run(self, sql: str, params: Sequence[Any] = ()) -> list[Any]:
        """One statement in a transaction of its own; its rows."""
        cursor = self.main.cursor()
        try:
            cursor.execute(_sql(sql), list(params))
            rows = list(cursor.fetchall()) if cursor.description else []
            self.main.commit()
        except BaseException:
            self.main.rollback()
            raise
        return rows

    def one(self, sql: str, params: Sequence[Any] = ()) -> Any:
        return self.run(sql, params)[0][0]

    def end(self) -> None:
        self.main.rollback()
        self.run(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")
        self.main.close()


def probes(url: str, module: str = "psycopg") -> Iterator[Probed]:
    """Try everything, one after the other; raises ``Unreachable``."""
    server = _Server(url, module)
    try:
        for key, probe in PROBES.items():
            try:
                probe(server)
                yield Probed(key)
            except Exception as fault:  # whatever a server says that is not what it must say
                yield Probed(key, " ".join(str(fault).split())[:200] or type(fault).__name__)
    finally:
        server.end()


def _must(got: Any, wanted: Any) -> None:
    if got != wanted:
        raise ValueError(f"{got!r} ≠ {wanted!r}")


# --- what is tried -------------------------------------------------------------------------------


def _tables(server: _Server) -> None:
    server.begin()
    server.run("CREATE TABLE probe (id text PRIMARY KEY, said text, n bigint, data bytea, CHECK (n <> 13))")


def _texts(server: _Server) -> None:
    server.run("INSERT INTO probe (id, said) VALUES ('text', ?)", [TEXT])
    _must(server.one("SELECT said FROM probe WHERE id = 'text'"), TEXT)
    _must(server.one("SELECT char_length(said) FROM probe WHERE id = 'text'"), len(TEXT))


def _empty_is_not_null(server: _Server) -> None:
    server.run("INSERT INTO probe (id, said) VALUES ('empty', ?)", [""])
    _must(server.one("SELECT count(*) FROM probe WHERE id = 'empty' AND said = ''"), 1)
    _must(server.one("SELECT 'a' || said FROM probe WHERE id = 'empty'"), "a")


def _numbers_and_bytes(server: _Server) -> None:
    server.run("INSERT INTO probe (id, n, data) VALUES ('n', ?, ?)", [2**53, bytes(range(256))])
    n, data = server.run("SELECT n, data FROM probe WHERE id = 'n'")[0]
    _must((n, bytes(data)), (2**53, bytes(range(256))))


def _order(server: _Server) -> None:
    texts = ["丁", "丙", "a", "B", "_", "〔", "10", "9"]
    rows = server.run(
        "SELECT part.value FROM (SELECT CAST(? AS text) AS list) AS asked,"
        f' {says.elements("asked.list", "part")} ORDER BY part.value COLLATE "C"',
        [json.dumps(texts)],
    )
    _must([row[0] for row in rows], sorted(texts))


def _json(server: _Server) -> None:
    told = {"name": TEXT, "n": 3, "yes": True, "list": ["甲", None], "in": {"deep": ["乙"]}}
    server.run("INSERT INTO probe (id, said) VALUES ('json', ?)", [json.dumps(told)])
    asked = (says.member("said", "name"), says.number("said", "n"), says.is_true("said", "yes"))
    row = server.run(f"SELECT {', '.join(asked)} FROM probe WHERE id = 'json'")[0]
    _must((row[0], row[1], bool(row[2])), (TEXT, 3, True))
    part, is_text, text = says.every_text("probe.said", "part")
    rows = server.run(f"SELECT {text} FROM probe, {part} WHERE {is_text} AND probe.id = 'json'")
    _must(sorted(row[0] for row in rows), sorted([TEXT, "甲", "乙"]))
    listed = says.listed("id", "SELECT id FROM probe WHERE id IN ('json', 'text') ORDER BY id DESC")
    _must(json.loads(server.one(f"SELECT {listed}")), ["text", "json"])
    wanted = f"SELECT count(*) FROM probe WHERE {says.among('id')}"
    _must(server.one(wanted, [json.dumps(["json", "x"])]), 1)


def _json_index(server: _Server) -> None:
    member = says.member("said", "name")
    server.run(f"CREATE INDEX probe_name ON probe (({member})) WHERE id = 'json'")
    _must(server.one(f"SELECT count(*) FROM probe WHERE id = 'json' AND {member} = ?", [TEXT]), 1)


def _holds(server: _Server) -> None:
    _must(server.one(f"SELECT count(*) FROM probe WHERE id = 'text' AND {says.holds('said')}", ["0%_"]), 1)
    _must(server.one(f"SELECT count(*) FROM probe WHERE id = 'text' AND {says.holds('said')}", ["0x_"]), 0)


def _words(server: _Server) -> None:
    server.run("CREATE TABLE words (id bigint PRIMARY KEY, words tsvector NOT NULL)")
    server.run("CREATE INDEX words_words ON words USING gin (words)")
    for id_, said in ((1, "张三 三丰 丰"), (2, "三丰 丰 张三")):
        vector = postgresql_words.word_vector({"said": said, "people": "李四 四"})
        server.run("INSERT INTO words VALUES (?, CAST(? AS tsvector))", [id_, vector])
    sql = f"SELECT id FROM words WHERE {says.saying('words')} ORDER BY id"
    for query, found in (
        (says.phrase(["张三", "三丰"]), [1]),
        (says.beginning("三"), [1, 2]),
        (says.within("people", says.phrase(["张三"])), []),
    ):
        _must([row[0] for row in server.run(sql, [says.asked(postgresql_words, query)])], found)


def _conflicts(server: _Server) -> None:
    insert = "INSERT INTO probe (id, n) VALUES ('once', ?) ON CONFLICT (id) DO"
    server.run(f"{insert} NOTHING", [1])
    server.run(f"{insert} NOTHING", [2])
    _must(server.one("SELECT n FROM probe WHERE id = 'once'"), 1)
    server.run(f"{insert} UPDATE SET n = excluded.n", [3])
    _must(server.one("SELECT n FROM probe WHERE id = 'once'"), 3)


def _constraints(server: _Server) -> None:
    server.run("CREATE UNIQUE INDEX probe_open ON probe (n) WHERE said = 'open'")
    server.run("INSERT INTO probe (id, said, n) VALUES ('o1', 'open', 7), ('s1', 'shut', 7)")
    for wrong in ("('o2', 'open', 7)", "('c', 'x', 13)"):
        try:
            server.run(f"INSERT INTO probe (id, said, n) VALUES {wrong}")
        except Exception:  # noqa: S112 - each module has a class of its own for it
            continue
        raise ValueError(f"taken: {wrong}")


def _null_safe(server: _Server) -> None:
    _must(server.one("SELECT count(*) FROM probe WHERE id = 'text' AND n IS NOT DISTINCT FROM ?", [None]), 1)


def _rollback(server: _Server) -> None:
    cursor = server.main.cursor()
    cursor.execute("INSERT INTO probe (id) VALUES ('undone')")
    server.main.rollback()
    _must(server.one("SELECT count(*) FROM probe WHERE id = 'undone'"), 0)


def _guards(server: _Server) -> None:
    server.run(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    server.run("CREATE TABLE kept (id text PRIMARY KEY)")
    server.run(
        "CREATE TRIGGER kept_is BEFORE UPDATE OR DELETE ON kept FOR EACH ROW EXECUTE PROCEDURE refuse()"
    )
    server.run("INSERT INTO kept VALUES ('a')")
    try:
        server.run("DELETE FROM kept")
    except Exception as fault:
        _must("append-only" in str(fault), True)
    _must(server.one("SELECT count(*) FROM kept"), 1)


def _counter(server: _Server) -> None:
    """Four hands take numbers from one row at once: none twice, none left out."""
    server.run("CREATE TABLE counter (id text PRIMARY KEY, n bigint NOT NULL)")
    server.run("CREATE TABLE given (n bigint PRIMARY KEY)")
    server.run("INSERT INTO counter VALUES ('series', 0)")
    faults: list[str] = []

    def hand() -> None:
        try:
            connection = server.connect()
            for _n in range(NUMBERS // HANDS):
                cursor = connection.cursor()
                cursor.execute("SELECT n FROM counter WHERE id = 'series' FOR UPDATE")
                n = cursor.fetchone()[0] + 1
                cursor.execute("UPDATE counter SET n = %s WHERE id = 'series'", [n])
                cursor.execute("INSERT INTO given VALUES (%s)", [n])
                connection.commit()
            connection.close()
        except Exception as fault:  # told by the probe, on its own thread
            faults.append(str(fault))

    hands = [threading.Thread(target=hand) for _one in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    _must(faults, [])
    numbers = [row[0] for row in server.run("SELECT n FROM given ORDER BY n")]
    _must(numbers, list(range(1, NUMBERS + 1)))


def _durable(server: _Server) -> None:
    said = {name: server.one(f"SHOW {name}") for name in ("fsync", "full_page_writes")}
    _must(said, dict.fromkeys(said, "on"))
    _must(server.one("SHOW synchronous_commit") in ("on", "remote_apply", "remote_write", "local"), True)


def _clock(server: _Server) -> None:
    ahead = float(server.one("SELECT extract(epoch FROM clock_timestamp())")) - time.time()
    if abs(ahead) > 5:
        raise ValueError(f"{ahead:+.0f} s")


PROBES: dict[str, Callable[[_Server], None]] = {
    "tables": _tables,
    "texts": _texts,
    "empty": _empty_is_not_null,
    "numbers": _numbers_and_bytes,
    "order": _order,
    "json": _json,
    "json_index": _json_index,
    "holds": _holds,
    "words": _words,
    "conflicts": _conflicts,
    "constraints": _constraints,
    "null_safe": _null_safe,
    "rollback": _rollback,
    "guards": _guards,
    "counter": _counter,
    "durable": _durable,
    "clock": _clock,
}
