"""``python -m bench.drawing``: papers a minute with one, two and four ``script/andu worker`` on this machine.

So many numbered papers wait; the workers, each a process with a LibreOffice of its own, warm, take one after
the other from the table of work, fill, print and file it. Counted from the first filed to the last. The
yardstick is one worker in the same run; on two cores four cannot be twice as fast as two.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from andu.office.issue import issuing
from andu.office.office import Office
from andu.security import passwords
from andu.store import work
from bench.filing import AT_ONCE, founded, handed_in

PAPERS, ROUNDS = 40, 3
WORKERS = (1, 2, 4)
PROGRAM = """
import importlib
importlib.import_module("andu.cli.worker").EVERY = 0.1
from andu.cli import main
main(["worker"])
"""


def waiting(office: Office, papers: int) -> None:
    """So many papers with a number that wait to be filed, and nobody at them."""
    file_paper = issuing.file_paper
    issuing.file_paper = lambda _office, _held: False
    try:
        for n in range(papers):
            handed_in(office, "unsigned", f"第{n}份，待归档。", AT_ONCE[n % len(AT_ONCE)])
    finally:
        issuing.file_paper = file_paper


def let_go(office: Office) -> None:
    """They may be taken from now on."""
    with office.store.write():
        work.forget_owners(office.store)


def left(office: Office) -> int:
    return office.store.count("work", "kind = ?", [work.PAPER])


def a_minute(office: Office, papers: int) -> float:
    """How many were filed a minute, from the first on."""
    let_go(office)
    first, until = 0.0, time.monotonic() + 600
    while n := left(office):
        if n < papers and not first:
            first, papers = time.perf_counter(), n
        if time.monotonic() > until:
            raise SystemExit("the papers are not filed")
        time.sleep(0.01)
    return papers / (time.perf_counter() - first) * 60


def drawn(office: Office, environment: dict[str, str], workers: int) -> float:
    """Papers a minute by so many workers, once each of them has drawn some."""
    command = [sys.executable, "-P", "-c", PROGRAM]
    log = subprocess.DEVNULL
    running = [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for _one in range(workers)]
    try:
        waiting(office, 6 * workers)
        a_minute(office, 6 * workers)
        waiting(office, PAPERS)
        return a_minute(office, PAPERS)
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def main() -> int:
    """Measure and print."""
    passwords.choose(passwords.QUICK)
    with tempfile.TemporaryDirectory() as folder:
        office = founded(Path(folder))
        settings = office.settings
        environment = {
            **os.environ, "PYTHONPATH": os.getcwd(), "ANDU_INSTANCE": str(settings.instance),
            "ANDU_FORMS": str(settings.forms), "ANDU_TEMPLATES": str(settings.templates),
            "ANDU_LEDGERS": str(settings.ledgers), "ANDU_FIGURES": str(settings.figures),
        }  # fmt: skip
        print(f"papers a minute, {PAPERS} a round on {len(os.sched_getaffinity(0))} cores")
        rounds = [[drawn(office, environment, n) for n in WORKERS] for _round in range(ROUNDS)]
        for place, n in enumerate(WORKERS):
            ratio = statistics.median(one[place] / one[0] for one in rounds)
            rate = statistics.median(one[place] for one in rounds)
            print(f"  {n} at work  {rate:5.0f}   {ratio:.2f} of one")
        office.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
