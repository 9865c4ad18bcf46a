"""The audit log looked through bit by bit: whole by the timer, and on a page as far as it shows.

A page cannot hash ten years of events each time somebody looks. ``go_on`` verifies a stretch in each round of
the timer and notes in a file beside the database how far it came and how the last whole look ended; ``look``
verifies the rows that a page shows, each with the one before it, and that every chain still reaches the head
published last, and says when the whole was looked through. A log that is still short is looked through whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.clock import Clock, parse_stamp, stamp
from andu.security import audit, heads
from andu.security.audit import Entry
from andu.store import Store, work
from andu.store.lines import lines_of

STRETCH = 20_000
"""So many rows are verified in one round of the timer."""
SHORT = 5_000
"""So many rows are verified each time somebody looks."""
AGAIN = timedelta(days=1)
MOST_NAMED = 100


@dataclass(frozen=True)
class Look:
    """What is wrong, in Chinese; ``is_whole``: all was looked through now, else ``at`` (stored), if ever."""

    problems: list[str]
    is_whole: bool
    at: str | None


def look(store: Store, heads_path: heads.Where, kept: Path, shown: Sequence[Entry]) -> Look:
    """Verify what a page shows, and the heads; the whole log while it is short."""
    newest = audit.newest(store)
    if sum(seq for seq, _hash in newest.values()) <= SHORT:
        return Look(audit.verify_chains(store, heads_path), True, None)
    last = _read(kept).get("last") or {}
    wrong = [_named(row.chain, text) for row in shown for text in audit.faults_of(store, row.chain, row.seq)]
    found = [*last.get("problems", []), *wrong, *_cut(store, heads_path, newest)]
    return Look(list(dict.fromkeys(found)), False, last.get("at"))


def _named(chain: str, problem: str) -> str:
    return _("审计日志“%(chain)s”：%(problem)s", chain=chain, problem=problem)


def _cut(store: Store, heads_path: heads.Where, newest: heads.Heads) -> list[str]:
    """Where a chain no longer reaches, or no longer holds, the head published last."""
    published = heads.last(heads_path)
    if not published:
        return [_("没有链头文件 %(file)s，无法查明日志尾部是否被删。", file=lines_of(heads_path).name)]
    found = []
    for chain, (seq, sha) in published.items():
        if newest.get(chain, (0, ""))[0] < seq:
            found.append(_named(chain, _("尾部比链头文件短。")))
        elif audit.hash_at(store, chain, seq) not in (sha, None):
            found.append(_named(chain, _("第 %(seq)s 条与链头文件不符：到这一条为止被整体改写过。", seq=seq)))
    return found


# --- bit by bit ------------------------------------------------------------------------------------


def go_on(store: Store, clock: Clock, kept: Path) -> bool:
    """Verify the next stretch; True when that was the last one. One process at a time; once a day."""
    if not _is_due(_read(kept), clock):
        return False
    with work.chore(store, "audit-checkup") as is_mine:
        state, now = _read(kept), clock.now()
        if not is_mine or not _is_due(state, clock):
            return False
        last = state.get("last")
        under_way = state.get("under_way") or {"chain": "", "seq": 0, "prev": audit.START, "problems": []}
        is_done = _stretch(store, under_way)
        if is_done:
            last = {"at": stamp(now), "problems": under_way["problems"]}
        _write(kept, {"last": last, "under_way": None if is_done else under_way})
        return is_done


def _is_due(state: dict[str, Any], clock: Clock) -> bool:
    last = state.get("last")
    return bool(state.get("under_way")) or not last or clock.now() - parse_stamp(last["at"]) >= AGAIN


def _stretch(store: Store, state: dict[str, Any]) -> bool:
    left = STRETCH
    while left > 0:
        rows = audit.rows_after(store, state["chain"], state["seq"], left) if state["chain"] else []
        if not rows:
            following = audit.chain_after(store, state["chain"])
            if following is None:
                return True
            state |= {"chain": following, "seq": 0, "prev": audit.START}
            continue
        left -= len(rows)
        for problem in audit.faults(state["chain"], rows, state["seq"], state["prev"]):
            if len(state["problems"]) < MOST_NAMED:
                state["problems"].append(_named(state["chain"], problem))
        state |= {"seq": rows[-1]["seq"], "prev": rows[-1]["hash"]}
    return False


def _read(kept: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _write(kept: Path, state: dict[str, Any]) -> None:
    beside = kept.with_suffix(".new")
    beside.write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, kept)
