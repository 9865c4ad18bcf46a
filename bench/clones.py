"""Cloning whole graphs of records, row by row as the office's own acts left them: for ``bench.growth``.

Every id of a graph becomes a new one wherever it stands, in columns and in JSON; its moments move together to
a random day of the last three years; the person it is about gets another name; numbers go on in their series,
rows of ledgers and of the audit log in theirs, with hashes that verify. Written straight into the tables.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from andu.clock import parse_stamp, stamp
from andu.office.issue import numbering
from andu.office.ledger.ledger_finding import PLACES, ROOM
from andu.office.office import Office
from andu.security import audit
from andu.store import new_id
from andu.store.sqlite import sqlite3
from bench.matters import NAME, Graph

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英玉兰红建国文辉力光"
SPAN = timedelta(days=3 * 365)
AT_ONCE = 2000
LATELY = 10_000
"""Rows at the end of the log, in which what is told of the matters just made stands."""
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_OF_RECORDS = (
    "record", "record_version", "record_event", "record_share", "register", "deadline", "case_record",
    "concern", "builds_on", "waits", "record_word", "likeness", "ledger_row",
)  # fmt: skip
"""Tables with a row for a record, in the order in which rows may be written."""
Rows = dict[str, list[dict[str, Any]]]


def journal_numbers(office: Office) -> None:
    """Have the journal know the numbers that were cloned past it."""
    for row in office.store.rows_where("series"):
        numbering.journal(office, row["key"], row["year"], row["counter"])


class Herd:
    """The graphs of an office, and as many clones of them as are wanted."""

    def __init__(self, office: Office, graphs: Sequence[Graph]) -> None:
        self.office, self.store, self.graphs = office, office.store, graphs
        self.chance = random.Random(1)  # noqa: S311 - the same office in each run
        self._texts = [_Text(office, graph) for graph in graphs]

        # one of its own, in a hurry: it neither waits for the disk nor binds what it writes into the log
        self._connection = sqlite3.connect(str(office.store.path), isolation_level=None)
        for said in (
            "synchronous = OFF",
            "foreign_keys = OFF",
            "cache_size = -2000000",
            "wal_autocheckpoint = 50000",
        ):
            self._connection.execute(f"PRAGMA {said}")

    def _look(self) -> None:
        """Where everything stands that is counted on: people may have worked since the last clones."""
        self._papers = self.store.count("register")
        self._numbers = {row["id"]: row["counter"] for row in self.store.rows_where("series")}
        self._chains = {
            row["chain"]: (row["seq"], row["hash"])
            for row in self.store.query("SELECT chain, max(seq) AS seq, hash FROM audit GROUP BY chain")
        }
        self._ledgers = {row["id"]: row["no"] for row in self.store.rows_where("ledger")}
        self._rows = {
            slug: self._last(f"id BETWEEN {no * ROOM} AND {no * ROOM + ROOM - 1}", "ledger_row") or no * ROOM
            for slug, no in self._ledgers.items()
        }
        self._words = {table: self._last("1=1", table) for table in ("likeness", "record_word")}

    def _last(self, where: str, table: str) -> int:
        return int(self.store.query(f"SELECT coalesce(max(id), 0) AS id FROM {table} WHERE {where}")[0]["id"])

    def grow_to(self, papers: int) -> None:
        """Clone until so many papers have a number."""
        self._look()
        weights = [graph.share for graph in self.graphs]
        while self._papers < papers:
            many = self.chance.choices(range(len(self.graphs)), weights, k=AT_ONCE)
            rows: Rows = {}
            for which in many:
                if self._papers >= papers:
                    break
                self._papers += self.graphs[which].papers
                self._clone(self._texts[which], rows)
            self._connection.execute("BEGIN IMMEDIATE")
            for table, found in rows.items():
                self._insert(table, found)
            for series, counter in self._numbers.items():
                key, _colon, year = series.partition(":")
                known = "INSERT OR REPLACE INTO series (id, key, year, counter) VALUES (?, ?, ?, ?)"
                self._connection.execute(known, [series, key, int(year), counter])
            self._connection.commit()
        journal_numbers(self.office)

    def _insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            names = list(rows[0])
            verb = "INSERT OR IGNORE" if table == "ledger_sight" else "INSERT"
            sql = f"{verb} INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            self._connection.executemany(sql, [list(row.values()) for row in rows])

    def _clone(self, text: _Text, into: Rows) -> None:
        back = timedelta(seconds=self.chance.randrange(int(SPAN.total_seconds())))
        rows = text.clone(back, self.chance.choice(SURNAMES) + "".join(self.chance.choices(GIVEN, k=2)))
        for row in rows["record_version"]:
            row["data_hash"] = hashlib.sha256(row["data"].encode()).hexdigest()
        for row in [*rows["draft"], *rows["record"], *rows["record_version"]]:
            row["sealed_id"] = None  # what lies in the vault is bound to the one it was sealed for
        for row in rows["register"]:
            self._number(row)
        self._enter(rows)
        rows["audit"] = [self._linked(row) for row in rows["audit"]]
        for table, found in rows.items():
            into.setdefault(table, []).extend(found)

    def _number(self, row: dict[str, Any]) -> None:
        row["year"] = int(row["numbered_at"][:4])
        key = f"{row['series']}:{row['year']}"
        row["seq"] = self._numbers[key] = self._numbers.get(key, 0) + 1
        row["number"] = self.office.config.series[row["series"]].number(row["year"], row["seq"])

    def _enter(self, rows: Rows) -> None:
        """Give the rows of ledgers and of likeness numbers of their own."""
        moved: dict[int, int] = {}
        for row in rows["ledger_row"]:
            self._rows[row["ledger"]] += 1
            moved[row["id"]] = row["id"] = self._rows[row["ledger"]]
        for table, name in (("ledger_key", "row_id"), ("ledger_text", "rowid"), ("ledger_sight", "row_id")):
            for row in rows[table]:
                row[name] = moved[row[name]]
        for table, texts in (("likeness", "likeness_text"), ("record_word", "record_text")):
            for row, words in zip(rows[table], rows[texts], strict=True):
                self._words[table] += 1
                row["id"] = words["rowid"] = self._words[table]

    def _linked(self, row: dict[str, Any]) -> dict[str, Any]:
        seq, prev = self._chains[row["chain"]]
        row |= {"seq": seq + 1, "prev": prev, "id": f"{row['chain']}:{seq + 1}"}
        row["hash"] = audit._hash(row)
        self._chains[row["chain"]] = row["seq"], row["hash"]
        return row


class _Text:
    """A graph, its cells cut where an id, a moment or a letter of the name is to be put in anew."""

    def __init__(self, office: Office, graph: Graph) -> None:
        rows = dict(_rows_of(office, graph))
        text = json.dumps(rows, ensure_ascii=False)
        ids = {str(row["id"]) for table in rows for row in rows[table] if isinstance(row.get("id"), str)}
        ids -= {row["id"] for row in rows["audit"]}
        self._ids = sorted(one for one in ids if one)
        self._stamps = {one: parse_stamp(one) for one in _STAMP.findall(text)}
        places = re.compile("(" + "|".join([*map(re.escape, self._ids), *self._stamps, *NAME]) + ")")
        self._rows = {table: [_cut(row, places) for row in found] for table, found in rows.items()}

    def clone(self, back: timedelta, name: str) -> Rows:
        """Its rows under new ids, so much earlier, about somebody else."""
        new = {one: new_id() for one in self._ids}
        new |= {one: stamp(moment - back) for one, moment in self._stamps.items()}
        new |= dict(zip(NAME, name, strict=True))
        return {
            table: [{**same, **{key: _joined(parts, new) for key, parts in cut}} for same, cut in found]
            for table, found in self._rows.items()
        }


def _cut(row: dict[str, Any], places: re.Pattern[str]) -> tuple[dict[str, Any], list[tuple[str, list[str]]]]:
    """A row as it is, and the parts of those of its cells that are to change."""
    cut = [(key, places.split(cell)) for key, cell in row.items() if isinstance(cell, str)]
    return row, [(key, parts) for key, parts in cut if len(parts) > 1]


def _joined(parts: Sequence[str], new: Mapping[str, str]) -> str:
    return "".join([new.get(part, part) for part in parts])


def _rows_of(office: Office, graph: Graph) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    marks = ", ".join("?" * len(graph.records))
    found: Rows = {}
    for table in _OF_RECORDS:
        key = "id" if table == "record" else "record_id"
        found[table] = office.store.rows_where(table, f"{key} IN ({marks})", graph.records)
        yield table, found[table]
    deadlines = [row["id"] for row in found["deadline"]]
    marks = ", ".join("?" * len(deadlines))
    for table in ("reminder", "deadline_named"):
        yield table, office.store.rows_where(table, f"deadline_id IN ({marks})", deadlines)
    rows = [row["id"] for row in found["ledger_row"]]
    yield from _of_ledgers(office, found["ledger_row"], rows)
    yield "likeness_text", _texts(office, "likeness_text", [row["id"] for row in found["likeness"]])
    yield "record_text", _texts(office, "record_text", [row["id"] for row in found["record_word"]])
    yield "draft", [row for one in graph.drafts for row in office.store.rows_where("draft", "id = ?", [one])]
    ids = [*graph.records, *graph.drafts, *deadlines, *(row["id"] for row in found["register"])]
    told = office.store.query("SELECT * FROM audit ORDER BY rowid DESC LIMIT ?", [LATELY])
    told.sort(key=lambda row: (row["at"], row["chain"], row["seq"]))
    yield "audit", [row for row in told if any(one in row["data"] for one in ids)]


def _of_ledgers(
    office: Office, rows: list[dict[str, Any]], ids: list[int]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each by the beginning of its key: the tables of a large office are not read through."""
    store = office.store
    numbers = {row["id"]: row["no"] for row in store.rows_where("ledger")}
    keys = [
        key
        for row in rows
        for at, known in enumerate(json.loads(row["keys"]))
        for key in store.rows_where(
            "ledger_key",
            "place = ? AND key = ? AND row_id = ?",
            [numbers[row["ledger"]] * PLACES + at, known, row["id"]],
        )
    ]
    yield "ledger_key", keys
    yield "ledger_text", _texts(office, "ledger_text", ids)
    marks = ", ".join("?" * len(ids))
    sight = [
        seen
        for unit in store.rows_where("unit")
        for seen in store.rows_where(
            "ledger_sight", f"unit_id = ? AND row_id IN ({marks})", [unit["id"], *ids]
        )
    ]
    yield "ledger_sight", sight


def _texts(office: Office, table: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    found = [office.store.query(f"SELECT rowid, * FROM {table} WHERE rowid = ?", [one]) for one in ids]
    return [row for one in found for row in one]
