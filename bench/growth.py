"""``python -m bench.growth``: what each page and each act costs as the books grow, and how fast that grows.

An office is founded and works through its own acts: in four units a clue is registered, signed, numbered
and handed over; others wait for a signature, are sent back, voided, or lie as drafts. Those graphs are then
cloned, whole (``bench/clones.py``), until so many papers are filed; the same office grows from one size to
the next. At each size every page is fetched through the Flask test client and every act is done anew; the
median of the processor's time is printed. ``exponent`` is the slope on the last step, log over log: 0 is
flat, 1 grows with the books.
LibreOffice is a stand-in here: what a PDF takes does not depend on the books (``bench.pdf``).
"""

from __future__ import annotations

import argparse
import math
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

from andu.cli.opening import at_the_machine
from andu.clock import FixedClock
from andu.office import founding, timer
from andu.office.office import Office
from andu.office.writing import submitting
from andu.security import accounts, checkup, key_pairs, passwords
from andu.settings import Settings
from app import create_app
from bench.clones import Herd, journal_numbers
from bench.matters import PASSWORD, Matters, blank_pdf, nothing_wrong

SIZES = (100, 1_000, 10_000, 100_000)
MILLION = 1_000_000
NOW = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
ROUNDS = 5
MOST_MS, MOST_EXPONENT = 100, 0.2
KEPT_MORE = 10_000
"""So many papers more than a size may an office have that was kept from an earlier run."""
HARMLESS_MS = 20
"""Below so many milliseconds an exponent is noise."""

_NAME = quote("木林森")
PAGES: tuple[tuple[str, str, str], ...] = (
    ("desk of a clerk", "zhangsan", "/"),
    ("desk of a clerk of the office itself", "wangwu", "/"),
    ("desk of a head", "lisi", "/"),
    ("desk of a director", "zhaoliu", "/"),
    ("desk of a leader", "sunqi", "/"),
    ("desk of the admin", "wujiu", "/"),
    ("forms to fill", "zhangsan", "/new"),
    ("a draft", "zhangsan", "/drafts/{draft}"),
    ("a draft that refers to records", "wangwu", "/drafts/{referring}"),
    ("signing queue of a head", "lisi", "/queue"),
    ("signing queue of a director", "zhaoliu", "/queue"),
    ("a page to sign", "lisi", "/records/{waiting}/sign"),
    ("register, page 1", "zhaoliu", "/register"),
    ("register, page 1, of a clerk", "zhangsan", "/register"),
    ("register, the oldest", "zhaoliu", "/register?{deep}"),
    ("register, a name", "zhaoliu", f"/register?text={_NAME}"),
    ("register, a word in all", "zhaoliu", "/register?text=%E5%8F%8D%E6%98%A0"),
    ("register, a person", "zhaoliu", "/register?person=%E6%9D%8E%E5%9B%9B"),
    ("register, one form in one unit", "zhaoliu", "/register?form=clue_handover&unit=cun2"),
    ("register, a span of time", "zhaoliu", "/register?since=2025-03-01&until=2025-03-31"),
    ("register, the voided", "zhaoliu", "/register?state=voided"),
    (
        "register, a form and a name",
        "zhangsan",
        f"/register?form=clue_registration&text={_NAME}",
    ),
    ("handed in by me", "zhangsan", "/handed-in"),
    ("handed in by my unit", "zhangsan", "/handed-in?of=unit"),
    ("handed in by my unit, sent back", "zhangsan", "/handed-in?of=unit&state=returned"),
    ("handed in by my unit, a name", "zhangsan", f"/handed-in?of=unit&text={_NAME}"),
    ("to void a number", "zhaoliu", "/register/{entry}/void"),
    ("to finish a deadline", "wangwu", "/deadlines/{deadline}/done"),
    ("to put off a deadline", "wangwu", "/deadlines/{deadline}/extension"),
    ("scans of a record", "zhangsan", "/records/{waiting}/scans"),
    ("who may sign a record", "zhangsan", "/records/{waiting}/signers"),
    ("series", "zhaoliu", "/series"),
    ("one year of a series", "zhaoliu", "/series/clue/2026"),
    ("audit, page 1", "zhaoliu", "/audit"),
    ("audit of a unit", "zhaoliu", "/audit?chain=cun1"),
    ("audit, deep", "zhaoliu", "/audit?{early}"),
    ("record of a clue", "zhangsan", "/records/{filed}"),
    ("record of a clue, for a director", "zhaoliu", "/records/{filed}"),
    ("a case", "zhaoliu", "/cases/{filed}"),
    ("ledgers", "zhaoliu", "/ledgers"),
    ("a ledger", "zhaoliu", "/ledgers/clue_registration"),
    ("a ledger, of a clerk", "wangwu", "/ledgers/clue_registration"),
    ("a month of a ledger", "zhaoliu", "/ledgers/clue_registration?month=2026-11"),
    ("a name in a ledger", "zhaoliu", f"/ledgers/clue_registration?text={_NAME}"),
    ("a ledger, page 100", "zhaoliu", "/ledgers/clue_registration?page=100"),
    ("a ledger, sorted", "zhaoliu", "/ledgers/clue_registration?sort=sector&way=down"),
    (
        "a ledger, one source",
        "zhaoliu",
        f"/ledgers/clue_registration?is_source={quote('群众匿名举报')}",
    ),
    ("a name in a ledger, exported", "zhaoliu", f"/ledgers/clue_registration/export.xlsx?text={_NAME}"),
    ("figures", "zhaoliu", "/figures"),
    ("counts by form and unit", "zhaoliu", "/statistics"),
    ("returns", "wangwu", "/returns"),
    ("deputies", "lisi", "/deputies/"),
    ("form types", "wujiu", "/forms"),
    ("people and units", "wujiu", "/accounts/"),
    ("a person", "wujiu", "/accounts/{person}"),
    ("a unit", "wujiu", "/accounts/units/cun1"),
    ("what hangs on a person", "wujiu", "/accounts/{person}/leave"),
    ("what hangs on a director", "wujiu", "/accounts/{director}/leave"),
    ("what hangs on a unit", "wujiu", "/accounts/units/cun1/merge"),
    ("am I signed in", "zhangsan", "/session/alive"),
)


def main() -> int:
    """Print the table; 1 if a page takes longer than 100 ms or grows."""
    asked = _asked()
    passwords.choose(passwords.QUICK)
    with tempfile.TemporaryDirectory() as folder:
        office = _office(asked.at or Path(folder))
        trial = Trial(office)
        here = office.store.count("register")
        sizes = [size for size in (*SIZES, MILLION) if here - KEPT_MORE <= size <= asked.most]
        table: dict[str, list[float]] = {}
        for size in sizes:
            seconds = trial.grow(size)
            print(f"{size} papers, {_megabytes(office)} MB, cloned in {seconds:.0f} s", file=sys.stderr)
            for name, value in trial.measured(asked.only):
                table.setdefault(name, []).append(value)
        _print(sizes, table)
    return 1 if any(_is_missed(values) for values in table.values()) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="what pages and acts cost as the books grow")
    parser.add_argument(
        "most", nargs="?", type=int, default=SIZES[-1], help="the largest size; up to 1000000"
    )
    parser.add_argument(
        "--at", type=Path, help="found the office in this folder and keep it; measure the one that is there"
    )
    parser.add_argument("--only", default="", help="only what has this in its name")
    return parser.parse_args()


def _office(folder: Path) -> Office:
    settings = Settings(instance=folder / "instance", clock=FixedClock(NOW), testing=True)
    is_new = not (settings.instance / "andu.db").exists()
    if is_new:
        founding.prepare_folder(settings, example=True)
    office = Office.open(settings, blank_pdf, nothing_wrong)
    if is_new:
        founding.load_people(office)
    for one in accounts.all(office.store):  # an office of before the keys: everybody signs in once
        key_pairs.ensure(office.store, office.clock, one.id, PASSWORD)
    journal_numbers(office)  # a run that was stopped has cloned numbers only
    return office


def _megabytes(office: Office) -> int:
    return sum(path.stat().st_size for path in office.settings.instance.glob("andu.db*")) // 1_000_000


def _exponent(values: list[float]) -> float:
    return math.log10(values[-1] / values[-2]) if len(values) > 1 else 0.0


def _is_missed(values: list[float]) -> bool:
    grows = _exponent(values) > MOST_EXPONENT and values[-1] > HARMLESS_MS
    return values[-1] > MOST_MS or grows


def _print(sizes: list[int], table: dict[str, list[float]]) -> None:
    print("| page or act, ms | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |")
    print("|---|" + "---:|" * (len(sizes) + 1))
    for name, values in table.items():
        shown = " | ".join(f"{value:.0f}" if value >= 10 else f"{value:.1f}" for value in values)
        missed = " **!**" if _is_missed(values) else ""
        print(f"| {name} | {shown} | {_exponent(values):.2f}{missed} |")


class Trial:
    """One office, its people at their desks, and what is looked at at each size."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.app = create_app(office.settings, office)
        self.people = {one.username: at_the_machine(one) for one in accounts.all(office.store)}
        self.matters = Matters(office, self.people)
        self.herd = Herd(office, self.matters.graphs())
        self.clients: dict[str, FlaskClient] = {}

    def grow(self, size: int) -> float:
        """Clone until so many papers are filed, and let the timer tell what is late; the seconds it took."""
        start = time.perf_counter()
        self.herd.grow_to(size)
        timer.once(self.office)
        return time.perf_counter() - start

    def measured(self, only: str) -> Iterator[tuple[str, float]]:
        """Each page and each act with its median milliseconds."""
        words = self.matters.names() | self._deep() | self._beside()
        for name, who, path in PAGES:
            if only in name:
                yield name, self._page(who, path.format(**words))
        for name, act in self._acts():
            if only in name:
                yield name, _median(act)

    def _deep(self) -> dict[str, str]:
        """Where the oldest lines are."""
        last = self.office.store.rows_where("register", order_by="numbered_at, seq", limit=1, offset=30)[0]
        oldest = self.office.store.query("SELECT min(at) AS at FROM audit")[0]["at"]
        deep = f"before={last['numbered_at']}%7C{last['seq']}%7C{last['record_id']}"
        return {"deep": deep, "early": f"until={oldest[:10]}"}

    def _beside(self) -> dict[str, str]:
        """A number to void, a deadline to finish, and people who may leave."""
        store, record = self.office.store, self.matters.names()["filed"]
        (entry,) = store.rows_where("register", "record_id = ?", [record])
        due = store.query(
            "SELECT deadline.id FROM deadline JOIN record ON record.id = record_id"
            " WHERE case_id = ? AND met_at IS NULL",
            [record],
        )
        staying = {"person": self.people["zhangsan"].id, "director": self.people["zhaoliu"].id}
        return {"entry": entry["id"], "deadline": due[0]["id"], **staying}

    def _page(self, who: str, path: str) -> float:
        client = self._client(who)

        def fetch() -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")

        fetch()
        return _median(fetch)

    def _client(self, who: str) -> FlaskClient:
        if who not in self.clients:
            client = self.app.test_client()
            page = client.get("/sign-in").text
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            said = {"csrf_token": token[1] if token else "", "username": who, "password": PASSWORD}
            client.post("/sign-in", data=said, headers={"Sec-Fetch-Site": "same-origin"})
            self.clients[who] = client
        return self.clients[who]

    def _acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        clerk, head, director = (self.people[one] for one in ("zhangsan", "lisi", "zhaoliu"))
        made: list[Any] = []
        ready = [self.matters.draft(clerk, "clue_registration") for _n in range(ROUNDS)]

        def submit() -> None:
            draft = ready.pop()
            made.append(submitting.submit(self.office, clerk, draft.id, draft.raw, draft.revision))

        yield "act: hand in", submit
        first = list(made)
        yield "act: sign", lambda: self.matters.sign(clerk, first.pop().id)
        second, filed = list(made), list(made)
        yield "act: sign last, number and file", lambda: self.matters.sign(head, second.pop().id)
        yield "act: void", lambda: self.matters.void(director, filed.pop().id)
        for _n in range(self.office.store.count("audit") // checkup.STRETCH + 2):
            timer.once(self.office)  # the daily look through the log goes on in each round until it is over
        yield "timer, one round", lambda: timer.once(self.office)
        yield "start, and the first round of the timer", self._start

    def _start(self) -> None:
        settings = replace(self.office.settings)
        office = Office.open(settings, blank_pdf, nothing_wrong)
        create_app(settings, office)
        timer.once(office)
        office.store.close()


def _median(act: Callable[[], object]) -> float:
    def timed() -> float:
        start = time.process_time()  # of the processor: whoever else is at work on the machine is not counted
        act()
        return (time.process_time() - start) * 1000

    return statistics.median(timed() for _round in range(ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
