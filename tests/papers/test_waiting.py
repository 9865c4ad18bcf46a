"""The line before LibreOffice: in order, papers to be filed first, and no more than four for each person."""

from __future__ import annotations

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from andu.papers.pdf.waiting import MOST_EACH, Line, TooMany


class Busy:
    """A line whose only place is taken, until ``free`` is set; and who came out of it, in order."""

    def __init__(self, folder: Path) -> None:
        self.line = Line(folder, ["only place"])
        self.made: list[str] = []
        self.free = threading.Event()
        self.threads = ThreadPoolExecutor(16)
        self.begun = threading.Event()
        self.ask("first", "first")
        self.begun.wait(60)

    def ask(self, name: str, asked_by: str | None) -> None:
        """Ask for a paper; returns when it stands in the line."""
        before = len(self.line._tickets())
        self.threads.submit(self._make, name, asked_by)
        while len(self.line._tickets()) == before:
            time.sleep(0.001)

    def _make(self, name: str, asked_by: str | None) -> None:
        with self.line.turn(asked_by):
            self.begun.set()
            self.free.wait()
            self.made.append(name)

    def done(self) -> list[str]:
        self.free.set()
        self.threads.shutdown()
        return self.made


def test_papers_are_made_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    busy = Busy(tmp_path)
    for name in "甲乙丙丁":
        busy.ask(name, name)
    assert busy.done() == ["first", *"甲乙丙丁"]


def test_a_paper_to_be_filed_goes_before_previews_but_not_before_other_papers_to_be_filed(
    tmp_path: Path,
) -> None:
    busy = Busy(tmp_path)
    busy.ask("预览", "张三")
    busy.ask("归档一", None)
    busy.ask("归档二", None)
    assert busy.done() == ["first", "归档一", "归档二", "预览"]


def test_the_fifth_paper_of_one_person_is_refused_and_others_are_not(tmp_path: Path) -> None:
    busy = Busy(tmp_path)
    for _paper in range(MOST_EACH):
        busy.ask("张三", "张三")
    with pytest.raises(TooMany, match="请等"), busy.line.turn("张三"):
        pass
    busy.ask("李四", "李四")
    for _paper in range(MOST_EACH + 1):
        busy.ask("归档", None)
    made = busy.done()
    assert (made.count("张三"), made.count("李四"), made.count("归档")) == (4, 1, 5)
    with busy.line.turn("张三"):
        pass


def test_the_limit_of_a_person_holds_over_all_processes(tmp_path: Path) -> None:
    busy = Busy(tmp_path)
    for _paper in range(MOST_EACH):
        busy.ask("张三", "张三")
    other = Line(tmp_path, ["a place of another process"])
    with pytest.raises(TooMany), other.turn("张三"):
        pass
    busy.done()


def test_it_says_how_many_are_ahead(tmp_path: Path) -> None:
    busy = Busy(tmp_path)
    busy.ask("甲", "甲")
    busy.ask("乙", "乙")
    assert [busy.line.ahead(who) for who in ("first", "甲", "乙", "丙")] == [0, 1, 2, 0]
    busy.ask("归档", None)
    assert busy.line.ahead("乙") == 3
    busy.done()
    assert busy.line.ahead("乙") == 0


def test_what_a_dead_process_left_in_the_line_does_not_count(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    busy = Busy(tmp_path)
    busy.ask("张三", "张三")
    (ours,) = [path for path in tmp_path.iterdir() if path.name.startswith("2-")]
    rank, _time, _pid, thread, who = ours.name.split("-")
    for n in range(MOST_EACH):
        (tmp_path / f"{rank}-{n:020d}-{dead.pid}-{thread}-{who}").touch()
    assert busy.line.ahead("张三") == 1
    busy.ask("张三", "张三")
    assert busy.done() == ["first", "张三", "张三"]


def test_a_paper_that_fails_gives_its_place_to_the_next(tmp_path: Path) -> None:
    line = Line(tmp_path, ["only place"])
    with pytest.raises(ZeroDivisionError), line.turn("张三"):
        raise ZeroDivisionError
    with line.turn("张三") as place:
        assert place == "only place"
    assert list(tmp_path.iterdir()) == []
