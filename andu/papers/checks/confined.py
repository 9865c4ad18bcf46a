"""Work on a stranger's file in a child process with limits: it may fail, loop or grow, the office goes on.

Called by ``examination``, before a paper is published, and by ``papers.codes`` for scans. Only the tasks of a
closed table run; payload and result are JSON. Guarantees (threat S2): the child has bounded memory, processor
time, time, files and output, an empty environment and no input but its payload, and, where the machine can
take it away (``unshare``), no network; whatever it does ends as one Chinese sentence. Where it cannot, papers
are examined all the same, by nothing that could ask for a network, and ``doctor`` says so.
"""

from __future__ import annotations

import errno
import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from andu.papers.faults import PaperFault
from andu.papers.pdf.soffice import without_network

TASKS = {
    "contract": "andu.papers.checks.contract:examine",
    "codes": "andu.papers.code_reading:examine",
    "blank": "andu.papers.blanks.apart:read",
    "adopt": "andu.papers.blanks.apart:adopt",
    "xlsform": "andu.papers.xlsform.apart:read",
}
"""Task → the function that does it, as module:function. It takes and gives what JSON can say."""

MEMORY = 700 * 1024 * 1024
PROCESSOR_SECONDS = 10
WALL_SECONDS = 20
OUTPUT = 20 * 1024 * 1024
OPEN_FILES = 64
MOST_WORDS = 100_000
"""What is read of a child's complaints, for the log."""

_DONE, _FAULT = "done", "fault"
_TOO_MUCH_MEMORY, _TOO_MUCH_OUTPUT = 3, 4
_ROOT = Path(__file__).parents[3]
log = logging.getLogger(__name__)


class ConfinedFault(PaperFault):
    """The child was stopped at a limit, or broke down; the text says which, for the person who waits."""


def run(task: str, payload: Any, table: Mapping[str, str] = TASKS) -> Any:
    """What the task makes of the payload. ``ConfinedFault`` at a limit, ``PaperFault`` if the task raised it.

    It blocks for at most ``WALL_SECONDS``; ``KeyError`` for a task that is not in the table.
    """
    command = [*without_network(), sys.executable, "-P", "-m", "andu.papers.checks.confined", table[task]]
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as made,
        tempfile.TemporaryFile() as complained,
    ):
        given.write(json.dumps(payload).encode())
        given.seek(0)
        code = _wait(command, given, made, complained)
        made.seek(0)
        answer = made.read(OUTPUT + 1)
        complained.seek(0)
        words = complained.read(MOST_WORDS)
    if code:
        log.warning("task %s ended with %s: %s", task, code, words.decode(errors="replace").strip()[-2000:])
        raise ConfinedFault(_reason(code))
    kind, result = json.loads(answer)
    if kind == _FAULT:
        raise PaperFault(result)
    return result


def _wait(command: list[str], given: IO[bytes], made: IO[bytes], complained: IO[bytes]) -> int:
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(
        command,
        stdin=given,
        stdout=made,
        stderr=complained,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    try:
        return child.wait(WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return -signal.SIGXCPU
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _reason(code: int) -> str:
    if code == _TOO_MUCH_MEMORY:
        return _("检查这份文件太占内存，已停止。请简化模板后再试。")
    if code == _TOO_MUCH_OUTPUT:
        return _("检查这份文件的输出过大，已停止。请简化模板后再试。")
    if code == -signal.SIGXCPU:
        return _("检查这份文件太慢，已停止。请简化模板后再试。")
    return _("检查这份文件时中断了。请用 Word 另存后再试。")


def _confine() -> None:
    """Take the limits upon this process; there is no way back."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, OUTPUT),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))


def _work(target: str) -> None:
    """In the child: do the task and write its answer; what it prints itself goes nowhere."""
    answer = os.dup(1)
    os.dup2(2, 1)
    _confine()
    payload = json.load(sys.stdin)
    os.close(0)
    module, _colon, function = target.partition(":")
    try:
        said = [_DONE, getattr(importlib.import_module(module), function)(payload)]
    except PaperFault as fault:
        said = [_FAULT, str(fault)]
    with open(answer, "wb") as file:
        file.write(json.dumps(said).encode())


if __name__ == "__main__":
    try:
        _work(sys.argv[1])
    except MemoryError:
        os._exit(_TOO_MUCH_MEMORY)
    except OSError as error:
        os._exit(_TOO_MUCH_OUTPUT if error.errno == errno.EFBIG else 1)
