"""The audit log: who did what and when, as one hash chain per unit. Owns table ``audit``.

Called by every act, inside the act's own write transaction, so that neither is stored without the
other. A row's hash covers the hash before it: a changed, removed or moved row breaks its chain. A cut
tail or a chain computed anew breaks nothing inside the database, so the newest hash of every chain is
also written, now and then, to an append-only file outside of it; ``verify`` compares with both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as _quoted
from typing import Any

from flask_babel import gettext as _

from andu.clock import Clock, parse_stamp, stamp
from andu.security import bindings, heads, marks
from andu.security.events import Events
from andu.store import Store, verbs
from andu.store.lines import lines_of

OFFICE = "office"  # the chain of events that belong to no unit
START = "0" * 64
MOST = 500  # characters of one text; a path or a header from outside may have thousands
_AT_A_TIME = 5000
_NONE: Mapping[int, str] = {}
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class WrongEvent(ValueError):
    """The event is not in the vocabulary, or its data have other keys than it requires."""


@dataclass(frozen=True)
class Entry:
    """One event as stored. ``at`` is UTC text, ``data`` holds the keys the vocabulary names."""

    chain: str
    seq: int
    at: str
    actor_id: str | None
    event: str
    data: dict[str, Any]


def append(
    store: Store, clock: Clock, chain: str, actor_id: str | None, event: Events | str, /, **data: Any
) -> str:
    """Append an event to a unit's chain (or ``OFFICE``), within the caller's ``store.write()`` if open.

    Returns the id of its row. A text longer than ``MOST`` is cut, and ends with how long it was. Raises
    ``WrongEvent`` for an unknown event, and when a required key is missing or one too many.
    """
    if event not in Events.__members__:
        raise WrongEvent(f"no such event: {event}")
    if set(data) != Events(event).keys:
        raise WrongEvent(f"{event} takes {sorted(Events(event).keys)}, not {sorted(data)}")
    with store.write():
        last = store.rows_where("audit", "chain = ?", [chain], order_by="seq DESC", limit=1)
        row: dict[str, Any] = {
            "chain": chain,
            "seq": last[0]["seq"] + 1 if last else 1,
            "at": stamp(clock.now()),
            "actor_id": actor_id,
            "event": str(event),
            "data": _canonical({key: _bounded(value) for key, value in data.items()}),
            "prev": last[0]["hash"] if last else START,
        }
        audit_id = f"{chain}:{row['seq']}"
        store.insert("audit", {"id": audit_id, **row, "hash": _hash(row)})
    return audit_id


def _bounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(one) for one in value]
    if not isinstance(value, str) or len(value) <= MOST:
        return value
    return f"{value[:MOST]}…({len(value)})"


def _hash(row: dict[str, Any]) -> str:
    # The JSON list [chain, seq, at, actor_id, event, data], spelt out: three times as fast as dumps().
    actor = "null" if row["actor_id"] is None else _quoted(row["actor_id"])
    rest = f"{_quoted(row['at'])},{actor},{_quoted(row['event'])},{_quoted(row['data'])}"
    said = f"[{_quoted(row['chain'])},{row['seq']},{rest}]"
    return hashlib.sha256((row["prev"] + said).encode()).hexdigest()


@dataclass(frozen=True)
class LogPlace:
    """Where in the log to go on: before this moment, and behind this row of it, if one is named."""

    at: str
    chain: str = ""
    seq: int = 0


@dataclass(frozen=True)
class About:
    """Which events are looked for: of whom, which event, about these records or their lines in the register,
    not before a moment (stored). Empty: of all."""

    actor_id: str = ""
    event: str = ""
    records: tuple[str, ...] | None = None
    registers: tuple[str, ...] = ()
    since: str = ""

    def condition(self) -> tuple[str, list[Any]]:
        """The same as an SQL condition; an index of the audit log has the order behind each."""
        said: list[tuple[str, list[Any]]] = []
        if self.actor_id:
            said.append(("actor_id = ?", [self.actor_id]))
        if self.event:
            said.append(("event = ?", [self.event]))
        if self.records is not None:
            one, other = (", ".join("?" * len(ids)) for ids in (self.records, self.registers))
            records = f"{verbs.member('data', 'record')} IN ({one})"
            registers = f"{verbs.member('data', 'register')} IN ({other})"
            said.append((f"({records} OR {registers})", [*self.records, *self.registers]))
        if self.since:
            said.append(("at >= ?", [self.since]))
        return " AND ".join(sql for sql, _params in said), [one for _sql, more in said for one in more]


NOTHING = About()


def recent(
    store: Store,
    chain: str | None = None,
    limit: int = 100,
    before: LogPlace | None = None,
    about: About = NOTHING,
) -> list[Entry]:
    """The newest events, newest first, of one chain or of all; those that come after ``before``, if given."""
    params: list[Any] = [chain] if chain else []
    alone = bool(chain) and about == NOTHING
    where, order = ("chain = ?", "seq DESC") if alone else ("1=1", "at DESC, chain DESC, seq DESC")
    if chain and not alone:
        where = "chain = ?"
    told, more = about.condition()
    where, params = (f"{where} AND {told}", [*params, *more]) if told else (where, params)
    if before and alone and before.seq:
        where, params = f"{where} AND seq < ?", [*params, before.seq]
    elif before:
        where = f"{where} AND (at, chain, seq) < (?, ?, ?)"
        params += [before.at, before.chain, before.seq]
    rows = store.rows_where("audit", where, params, order_by=order, limit=limit)
    return [_entry(row) for row in rows]


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(row["chain"], row["seq"], row["at"], row["actor_id"], row["event"], json.loads(row["data"]))


def told(store: Store, event: Events) -> list[Entry]:
    """Every event of this kind of the office's own chain, the oldest first, each as its hash says it was."""
    rows = store.rows_where("audit", f"event = '{event}'", order_by="seq")
    return [_entry(row) for row in rows if row["chain"] == OFFICE and row["hash"] == _hash(row)]


def is_told(store: Store, audit_id: str, event: Events, data: Mapping[str, Any]) -> bool:
    """Whether the row of this id tells just this, as its hash says it did."""
    row = store.get("audit", audit_id)
    return (
        row is not None
        and row["event"] == event
        and row["hash"] == _hash(row)
        and json.loads(row["data"]) == dict(data)
    )


def counted(
    store: Store, since: str, until: str, events: Sequence[str], members: Sequence[str]
) -> list[dict[str, Any]]:
    """How often (``n``) each person did each of these events from one stored moment to before another, apart
    by these members of what the events say.
    """
    said = [verbs.member("data", one) for one in members]
    columns = ", ".join(f"{one} AS {name}" for one, name in zip(said, members, strict=True))
    return store.query(
        f"SELECT coalesce(actor_id, '') AS actor_id, event, {columns}, count(*) AS n FROM audit"
        f" WHERE event IN ({', '.join('?' * len(events))}) AND at >= ? AND at < ?"
        f" GROUP BY coalesce(actor_id, ''), event, {', '.join(said)}",
        [*events, since, until],
    )


def copies(store: Store, register_id: str, most: int) -> list[Entry]:
    """The latest prints and downloads of one line of the register that were counted, the newest first."""
    rows = store.rows_where(
        "audit",
        f"event IN ('paper_printed', 'paper_downloaded') AND {verbs.member('data', 'register')} = ?"
        f" AND {verbs.number('data', 'copy')} > 0",
        [register_id],
        order_by="at DESC, seq DESC",
        limit=most,
    )
    return [_entry(row) for row in rows]


def publish_heads(store: Store, clock: Clock, path: heads.Where, at_least_apart: int = 600) -> bool:
    """Append the newest seq and hash of every chain to the file at ``path``; False if not needed.

    Call it at start, on the timer and after a command. Writes nothing when nothing was added, or when
    the last line is younger than ``at_least_apart`` seconds. Best kept on another disk; never call it
    inside ``store.write()``, where it would publish what may yet be rolled back.
    """
    now = clock.now()
    is_published = heads.publish(path, now, newest(store), at_least_apart)
    if is_published:
        with store.write():
            marks.put(store, _PUBLISHED, stamp(now))
    return is_published


def heads_of_copy(copied: Store, path: heads.Where) -> bytes:
    """The lines of the heads file that a copy of the database, made a moment ago, remembers."""
    noted = marks.get(copied, _PUBLISHED)
    return heads.until(path, parse_stamp(noted)) if noted else b""


GONE, OLDER, AHEAD = "gone", "older", "ahead"
_PUBLISHED = "heads published"


def standing_of_heads(store: Store, path: heads.Where) -> str | None:
    """Whether the heads file is gone, older than the database remembers, or ahead of it; None: neither."""
    noted = marks.get(store, _PUBLISHED)
    last = heads.last_line(path)
    if last is None:  # a line torn by a power cut is not a file that is gone
        return GONE if noted and lines_of(path).is_empty() else None
    at, published = last
    if noted and at < parse_stamp(noted):
        return OLDER
    there = newest(store)
    is_ahead = any(there.get(chain, (0, ""))[0] < seq for chain, (seq, _hash) in published.items())
    return AHEAD if is_ahead else None


def newest_moment(store: Store) -> str | None:
    """When the last event of all chains was written."""
    at = store.query("SELECT max(at) AS at FROM audit")[0]["at"]
    return None if at is None else str(at)


def newest(store: Store) -> heads.Heads:
    """The newest seq and hash of every chain: one step for each chain, however long; and of the bindings."""
    found: heads.Heads = {}
    chain = chain_after(store, "")
    while chain is not None:
        row = store.rows_where("audit", "chain = ?", [chain], order_by="seq DESC", limit=1)[0]
        found[chain] = row["seq"], row["hash"]
        chain = chain_after(store, chain)
    bound = store.newest_binding() if found else None
    return {**found, bindings.CHAIN: bound} if bound else found


def chain_after(store: Store, chain: str) -> str | None:
    """The next chain by name."""
    after = store.query("SELECT min(chain) AS chain FROM audit WHERE chain > ?", [chain])[0]["chain"]
    return None if after is None else str(after)


def hash_at(store: Store, chain: str, seq: int) -> str | None:
    """The hash of one row; None where there is none."""
    rows = store.rows_where("audit", "chain = ? AND seq = ?", [chain, seq])
    return str(rows[0]["hash"]) if rows else None


def verify(store: Store, heads_path: heads.Where | None = None) -> list[str]:
    """Everything that is wrong with the log and with the rows bound into it, in Chinese, each by its row.

    Without ``heads_path`` a cut tail goes unseen.
    """
    return verify_chains(store, heads_path) + [one.message for one in bindings.problems(store)]


def verify_chains(store: Store, heads_path: heads.Where | None = None) -> list[str]:
    """As ``verify``, but only the chains: of each unit, and of the bindings of rows."""
    chains = [chain for chain in newest(store) if chain != bindings.CHAIN]
    problems: list[str] = []
    published: dict[str, dict[int, str]] = {}
    if heads_path is not None:
        published, problems = heads.read(heads_path)
        if chains and not published:
            problems.append(
                _("没有链头文件 %(file)s，无法查明日志尾部是否被删。", file=lines_of(heads_path).name)
            )
    bound = published.pop(bindings.CHAIN, {})
    for chain in sorted({*chains, *published}):
        problems += [
            _("审计日志“%(chain)s”：%(problem)s", chain=chain, problem=problem)
            for problem in _problems(store, chain, published.get(chain, {}))
        ]
    return problems + list(bindings.breaks(store, bound))


def rows_after(store: Store, chain: str, seq: int, limit: int) -> list[dict[str, Any]]:
    """The next rows of a chain, as stored."""
    return store.rows_where("audit", "chain = ? AND seq > ?", [chain, seq], order_by="seq", limit=limit)


def _rows(store: Store, chain: str) -> Iterator[dict[str, Any]]:
    after = 0
    while rows := rows_after(store, chain, after, _AT_A_TIME):
        yield from rows
        after = rows[-1]["seq"]


def _problems(store: Store, chain: str, published: dict[int, str]) -> Iterator[str]:
    yield from faults(chain, _rows(store, chain), 0, START, published)
    last = store.rows_where("audit", "chain = ?", [chain], order_by="seq DESC", limit=1)
    seq = last[0]["seq"] if last else 0
    if max(published, default=0) > seq:
        yield _("尾部缺%(rows)s。", rows=_span(seq + 1, max(published)))


def faults(
    chain: str, rows: Iterable[dict[str, Any]], seq: int, prev: str, published: Mapping[int, str] = _NONE
) -> Iterator[str]:
    """What is wrong with rows that follow upon ``seq`` with the hash ``prev``."""
    for row in rows:
        if row["seq"] != seq + 1:
            yield _("缺%(rows)s。", rows=_span(seq + 1, row["seq"] - 1))
        elif row["prev"] != prev:
            yield _("第 %(seq)s 条与前一条接不上，其中一条被替换。", seq=row["seq"])
        if row["hash"] != _hash(row) or row["id"] != f"{chain}:{row['seq']}":
            yield _("第 %(seq)s 条被改动。", seq=row["seq"])
        if published.get(row["seq"], row["hash"]) != row["hash"]:
            yield _("第 %(seq)s 条与链头文件不符：到这一条为止被整体改写过。", seq=row["seq"])
        seq, prev = row["seq"], row["hash"]


def faults_of(store: Store, chain: str, seq: int) -> Iterator[str]:
    """What is wrong with one row, and between it and the one before."""
    rows = store.rows_where("audit", "chain = ? AND seq <= ?", [chain, seq], order_by="seq DESC", limit=2)
    seq, prev = (rows[1]["seq"], rows[1]["hash"]) if len(rows) > 1 else (0, START)
    yield from faults(chain, rows[:1], seq, prev)


def _span(first: int, last: int) -> str:
    if first == last:
        return _("第 %(seq)s 条", seq=first)
    return _("第 %(first)s 至 %(last)s 条", first=first, last=last)
