"""Work in a child process: every way to go wrong is one Chinese sentence, and the office goes on."""

from __future__ import annotations

import base64
import socket
import time
from pathlib import Path

import pytest

from andu.papers.checks import confined
from andu.papers.checks.confined import TASKS, ConfinedFault, run
from andu.papers.faults import PaperFault
from andu.papers.pdf.soffice import without_network
from tests.papers import confined_tasks
from tests.papers.hostile import PLAIN, template_attacks

NAMES = ("fill", "tell", "fault", "spin", "sleep", "grow", "talk", "die", "open_many", "reach")
TABLE = {name: f"tests.papers.confined_tasks:{name}" for name in NAMES}
ATTACKS = template_attacks()


def test_child_gets_its_payload_a_bare_environment_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDU_SECRET", "金丝雀")
    payload, environment, has_input = run("tell", {"甲": [1, None, "乙"]}, TABLE)
    assert payload == {"甲": [1, None, "乙"]}
    assert set(environment) <= {"PYTHONPATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}
    assert not has_input


def test_child_has_no_network() -> None:
    if not without_network():
        pytest.skip("this machine permits no unshare")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert confined_tasks.reach(port) == "reached"
        assert run("reach", port, TABLE).startswith("nothing")


def test_fault_of_a_paper_comes_back_as_it_was_said() -> None:
    with pytest.raises(PaperFault, match="^第3段有误。$"):
        run("fault", "3", TABLE)


def test_only_tasks_of_the_table_run() -> None:
    with pytest.raises(KeyError):
        run("os:system", "true")
    assert [target for target in TASKS.values() if not target.startswith("andu.papers.")] == []


@pytest.mark.parametrize(
    ("task", "words"), [("grow", "太占内存"), ("talk", "输出过大"), ("die", "中断"), ("open_many", "中断")]
)
def test_limit_is_told_in_chinese(task: str, words: str) -> None:
    with pytest.raises(ConfinedFault, match=words):
        run(task, None, TABLE)


def test_endless_loop_ends_at_the_limit_of_the_processor() -> None:
    began = time.monotonic()
    with pytest.raises(ConfinedFault, match="太慢"):
        run("spin", None, {"spin": "tests.papers.confined_tasks:spin_briefly"})
    assert time.monotonic() - began < confined.WALL_SECONDS - 5


def test_child_that_waits_is_killed_with_its_own_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(confined, "WALL_SECONDS", 3)
    note = tmp_path / "pid"
    with pytest.raises(ConfinedFault, match="太慢"):
        run("sleep", str(note), TABLE)
    assert _has_ended(int(note.read_text()))


def _has_ended(pid: int) -> bool:
    for _attempt in range(50):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("name", ATTACKS)
def test_template_that_keeps_a_machine_busy_is_refused_and_the_office_goes_on(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "WALL_SECONDS", 4)
    with pytest.raises(PaperFault, match="[一-龥]"):
        run("fill", base64.b64encode(ATTACKS[name]).decode(), TABLE)
    assert run("fill", base64.b64encode(PLAIN).decode(), TABLE) > 1000


def test_honest_template_is_filled_in_the_child() -> None:
    assert run("fill", base64.b64encode(PLAIN).decode(), TABLE) > 1000
