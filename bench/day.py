"""``python -m bench.day``: a day of so many clerks, replayed in so many minutes against the service itself.

Every clerk, in one of thirty units, signs in once and has a day of 26 steps: seven times the desk, the list
of forms, one paper from its draft (kept twice) to its signature, and later its picture; three times a search,
the record, the register; and what the unit handed in. When each comes is drawn once, from a seed, over the
whole time; nobody begins a step before the last is answered, and whoever is due waits for no other clerk:
times are counted from the moment at which a step was due. One clerk has had their day before, so that all is
warm. Clerks, browsers and service share this machine. ``--minutes``, ``--clerks`` make it shorter for a try.
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from lxml import html

from andu.office.office import Office
from andu.security import accounts, passwords, units
from andu.settings import Settings
from bench.filing import founded
from tests.service import Service, served

UNITS, THREADS, STEPS = 30, 64, 26
FORM = "signed"
PASSWORD = "andu-shili-2026"  # noqa: S105 - of the sample accounts
LONGEST = 60.0
Step = tuple[str, str, str, dict[str, str] | None]


@dataclass
class Clerk:
    """A clerk at a browser: cookies, and the page in front of them."""

    username: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    path: str = "/"
    draft: str = ""
    record: str = ""
    asked: int = 0

    def ask(self, method: str, path: str, sent: dict[str, str] | list[tuple[str, str]] | None = None) -> int:
        """One request, and those it leads to; the last status."""
        for _turn in range(5):
            self.asked += 1
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if sent is not None:
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Sec-Fetch-Site": "same-origin",
                }
            connection.request(method, path, urlencode(sent) if sent is not None else None, headers)
            answer = connection.getresponse()
            body = answer.read()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _sign, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            connection.close()
            if answer.status not in (302, 303):
                break
            method, path, sent = "GET", answer.getheader("Location") or "/", None
        self.path = path
        if (answer.getheader("Content-Type") or "").startswith("text/html"):
            self.page = body.decode()
        return answer.status

    def send(self, path: str, **changed: str) -> int:
        """The form to this path, filled as it stands, with some answers changed."""
        page = html.fromstring(self.page)
        found = page.xpath(f"//main//form[@action = '{path}']")
        filled = [one for one in found[0].form_values() if one[0] not in changed] if found else []
        return self.ask("POST", path, [*filled, *changed.items()])


def day(clerk: Clerk) -> Iterator[tuple[str, int]]:
    """What a clerk does, step by step: what it is called, and how it was answered."""
    clerk.ask("GET", "/sign-in")
    yield "sign in", clerk.send("/sign-in", username=clerk.username, password=PASSWORD)
    yield "forms to fill", clerk.ask("GET", "/new")
    yield "begin a draft", clerk.send(f"/new/{FORM}")
    path = clerk.path
    said = {"f_subject": "领取资料", "f_place": "示例一村", "f_note": f"{clerk.username} 的一份。"}
    for _twice in range(2):
        yield "keep a draft", clerk.send(path, **said, act="save")
    yield "desk", clerk.ask("GET", "/")
    clerk.ask("GET", path)
    yield "hand in", clerk.send(path, **said, act="submit")
    record = clerk.path.removesuffix("/sign")
    yield "a page to sign", clerk.ask("GET", f"{record}/sign")
    yield "sign last", clerk.send(f"{record}/sign", opinion="同意", password=PASSWORD)
    for _often in range(3):
        yield "desk", clerk.ask("GET", "/")
        yield "search", clerk.ask("GET", f"/find?q={quote('资料')}")
        yield "a record", clerk.ask("GET", record)
        yield "register", clerk.ask("GET", f"/register?text={quote(clerk.username)}")
    yield "filed paper", clerk.ask("GET", f"{record}/paper/1.png")
    yield "handed in", clerk.ask("GET", "/handed-in")
    for _often in range(3):
        yield "desk", clerk.ask("GET", "/")


def people(office: Office, many: int, called: str = "clerk") -> list[str]:
    """So many clerks; their passwords are as dear as anybody's."""
    passwords.choose(passwords.STRONG)
    with office.store.write():
        for n in range(UNITS if called == "clerk" else 0):
            units.create(office.store, office.clock, None, f"unit{n:02}", f"示例{n + 1}办", "", "")
    names = [f"{called}{n:03}" for n in range(many)]
    for n, name in enumerate(names):
        accounts.create(
            office.store, office.clock, None, username=name, name=f"示例{n:03}",
            unit_id=f"unit{n % UNITS:02}", roles=["clerk"], password=PASSWORD, must_change=False,
        )  # fmt: skip
    return names


class Day:
    """All clerks at work: each step at its time, by whichever thread is free."""

    def __init__(self, names: list[str], port: int, seconds: float) -> None:
        self.taken: dict[str, list[float]] = defaultdict(list)
        self.wrong: dict[str, int] = defaultdict(int)
        self.requests = 0
        self._clerks = [Clerk(name, port) for name in names]
        self._lock, self._line = threading.Lock(), list[tuple[float, int, Iterator[tuple[str, int]]]]()
        self._times: list[list[float]] = []
        chance = random.Random(600)  # noqa: S311 - the same day each time
        for number, clerk in enumerate(self._clerks):
            times = sorted(chance.uniform(0, seconds) for _step in range(STEPS))
            self._times.append(times[1:])
            heapq.heappush(self._line, (times[0], number, day(clerk)))

    def work(self) -> float:
        """Let them; how long it took in seconds."""
        self._began = time.perf_counter()
        threads = [threading.Thread(target=self._go_on) for _one in range(THREADS)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        self.requests = sum(clerk.asked for clerk in self._clerks)
        return time.perf_counter() - self._began

    def _go_on(self) -> None:
        while True:
            with self._lock:
                if not self._line:
                    return
                due, number, steps = heapq.heappop(self._line)
            time.sleep(max(0.0, due - (time.perf_counter() - self._began)))
            try:
                what, status = next(steps)
            except StopIteration:
                continue
            except OSError as fault:
                what, status = type(fault).__name__, 0
            with self._lock:
                now = time.perf_counter() - self._began
                self.taken[what].append(now - due)
                if status != 200:
                    self.wrong[f"{what}: {status}"] += 1
                if status and self._times[number]:
                    heapq.heappush(self._line, (max(self._times[number].pop(0), now), number, steps))


def share(found: list[float], part: float) -> float:
    """The time that this part of them did not exceed, in milliseconds."""
    return sorted(found)[min(len(found) - 1, int(len(found) * part))] * 1000


def told(one: Day, seconds: float, office: Office, many: int) -> int:
    """Print it; how much went wrong."""
    every = [taken for found in one.taken.values() for taken in found]
    rate = one.requests / seconds
    print(f"{many - 1} clerks, {one.requests} requests in {seconds:.0f} s ({rate:.0f} a second)")
    print(f"  {'':<16} {'times':>6} {'p50':>7} {'p95':>7} {'p99':>7}  ms")
    for what, found in [("everything", every), *sorted(one.taken.items())]:
        shares = " ".join(f"{share(found, part):7.0f}" for part in (0.5, 0.95, 0.99))
        print(f"  {what:<16} {len(found):6} {shares}")
    until = time.monotonic() + 120
    while (filed := _filed(office)) < many and time.monotonic() < until:
        time.sleep(0.5)
    print(f"  papers filed {filed} of {many}, after {seconds + 120 - (until - time.monotonic()):.0f} s")
    for what, n in sorted(one.wrong.items()):
        print(f"  not answered as it should be: {what}, {n} times")
    return sum(one.wrong.values()) + (many - filed)


def _filed(office: Office) -> int:
    return office.store.count("register", "pdf_sha IS NOT NULL")


def service_of(settings: Settings) -> Service:
    """The office, served as ``script/server`` does."""
    for name, place in (
        ("FORMS", settings.forms), ("TEMPLATES", settings.templates), ("LEDGERS", settings.ledgers),
        ("FIGURES", settings.figures),
    ):  # fmt: skip
        os.environ[f"ANDU_{name}"] = str(place)
    return served(settings)


def main() -> int:
    """Measure and print; 1 where anything was not answered as it should be."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--clerks", type=int, default=600)
    words.add_argument("--minutes", type=float, default=10.0)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        passwords.choose(passwords.QUICK)
        office = founded(Path(folder))
        names = people(office, asked.clerks)
        service = service_of(office.settings)
        try:
            Day(people(office, 1, "early"), service.port, 20).work()
            one = Day(names, service.port, asked.minutes * 60)
            wrong = told(one, one.work(), office, asked.clerks + 1)
        finally:
            service.stop()
        office.store.close()
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
