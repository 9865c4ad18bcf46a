"""LibreOffice as a process: one that stays open and answers in a tenth of a second, or one started cold.

``andu.papers.pdf`` alone calls it. An ``Office`` turns one paper after the other into PDF, warm where the
machine has uno, else cold. Whatever happens to LibreOffice (a crash, a kill, a paper that never ends) the
next paper meets a working one. Neither way runs macros, updates links, or has a network where the machine
permits to take it away.
"""

from __future__ import annotations

import json
import logging
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from flask_babel import gettext as _

from andu.papers.pdf.fonts import write_configuration

TIMEOUT = 60.0
IDLE = 600.0
RECYCLE = 1000  # 285 MB grow to 311 MB over 300 papers
STARTING = 70.0
REST = 300.0  # after a warm one would not start, before it is tried again
RESTART = 81
MEMORY = 4 * 1024**3
PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("soffice_server.py")
log = logging.getLogger(__name__)

_SETTINGS = {
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution"): "true",
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel"): "3",
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks"): "true",
    ("org.openoffice.Office.Writer/Content/Update", "Link"): "2",  # never
}


class PdfFault(Exception):
    """No PDF, or no picture of one, came about; the Chinese message says why.

    ``is_of_machine``: nothing is wrong with the paper; there is no LibreOffice here, or it does not run.
    """

    is_of_machine = False


class NoOffice(PdfFault):
    """There is no LibreOffice on this machine, or it cannot be started."""

    is_of_machine = True


class TooSlow(PdfFault):
    """The paper itself takes longer than ``TIMEOUT``; to try again would keep everybody else waiting."""


class _Ended(Exception):
    """LibreOffice, or the script beside it, is no more or never was."""


class _Declined(Exception):
    """A LibreOffice that lives on made nothing of the paper."""


@cache
def without_network() -> tuple[str, ...]:
    """The words before a command that take its network away; none where the machine does not permit it."""
    unshare = shutil.which("unshare", path=os.defpath)
    for option in ("-n", "-rn") if unshare else ():
        words = (str(unshare), option, "--")
        if not subprocess.run([*words, "/bin/true"], capture_output=True, check=False).returncode:
            return words
    log.warning(_("本机不允许断开 LibreOffice 的网络（unshare）；仍不执行宏，不更新链接。"))
    return ()


def _within_memory() -> tuple[str, ...]:
    """The words before a command that bound its memory, as the script bounds that of a warm one."""
    prlimit = shutil.which("prlimit", path=os.defpath)
    return (prlimit, f"--as={MEMORY}", "--") if prlimit else ()


def _program() -> str:
    """LibreOffice itself rather than the shell script around it: a killed script would leave it running."""
    found = shutil.which("soffice", path=os.defpath)
    if found is None:
        raise NoOffice(_("没有安装 LibreOffice，不能生成 PDF"))
    binary = Path(found).resolve().with_name("soffice.bin")
    return str(binary if binary.exists() else found)


@cache
def engine() -> str:
    """Which LibreOffice prints here, as it says itself; empty text where there is none."""
    try:
        said = Path(_program()).with_name("versionrc").read_text("utf-8")
    except (PdfFault, OSError):
        return ""
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return f"{found.get('ReferenceOOoMajorMinor', '')} {found.get('buildid', '')}".strip()


def _profile() -> str:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for (path, name), value in _SETTINGS.items()
    )
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items {space}>{items}</oor:items>'


def _home(fonts: Path) -> tuple[Path, dict[str, str]]:
    """A new folder of LibreOffice's own, and the environment that leads there."""
    home = Path(tempfile.mkdtemp(prefix="andu-soffice-"))
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_profile(), encoding="utf-8")
    environment = {
        "PATH": os.defpath,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "FONTCONFIG_FILE": str(write_configuration(fonts, home)),
    }
    return home, environment


class Office:
    """One LibreOffice, opened at its first paper. For one thread at a time."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts
        self._home = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._cold_until = 0.0

    def to_pdf(self, docx: Path, pdf: Path) -> None:
        """Write the PDF of one paper; raises ``PdfFault``.

        A crash is tried once more, then once cold; a paper that takes longer than ``TIMEOUT`` is not. The
        paper is blamed only where a cold one makes nothing of it either.
        """
        for _attempt in range(2):
            if time.monotonic() < self._cold_until:
                break
            try:
                return self._warm(docx, pdf)
            except _Ended as end:
                self.close()
                log.warning("LibreOffice ended: %s", end)
            except _Declined as fault:
                log.warning("LibreOffice declined a paper: %s", fault)
                break
        cold(self._fonts, docx, pdf)

    def _warm(self, docx: Path, pdf: Path) -> None:
        if self._process is None or self._process.poll() is not None:
            self._open()
        try:
            answer = self._ask({"docx": str(docx), "pdf": str(pdf)}, TIMEOUT)
        except TimeoutError:
            self.close()
            raise TooSlow(_("生成 PDF 超时")) from None
        self._made += 1
        if self._made >= RECYCLE:
            self.close()
        if "fault" in answer:
            raise _Declined(answer["fault"])

    def _open(self) -> None:
        self.close()
        program = _program()
        self._home, environment = _home(self._fonts)
        self._process = subprocess.Popen(
            [*without_network(), PYTHON, "-I", str(SERVER), program, str(self._home), str(IDLE)],
            cwd=self._home,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            fault = self._ask(None, STARTING).get("fault")
        except TimeoutError:
            fault = "it does not start"
        if fault:
            self._cold_until = time.monotonic() + REST
            raise _Ended(fault)

    def _ask(self, question: dict[str, str] | None, seconds: float) -> dict[str, str]:
        """The answer to a question, or to having been started; raises ``TimeoutError`` and ``_Ended``."""
        process = self._process  # another thread may close it when the service ends
        if process is None or process.stdin is None or process.stdout is None:
            raise _Ended("it was closed")
        try:
            if question is not None:
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
            there = select.poll()
            there.register(process.stdout, select.POLLIN)
            if not there.poll(seconds * 1000):
                raise TimeoutError
            line = process.stdout.readline()
        except TimeoutError:
            raise
        except (OSError, ValueError) as end:
            raise _Ended(end) from end
        try:
            answer: dict[str, str] = json.loads(line)
        except ValueError as end:  # nothing, or half a line: it died while it spoke
            raise _Ended("no answer") from end
        return answer

    def close(self) -> None:
        """End it, if it is open; the script removes its folder, and we do where the script was killed."""
        process, self._process, self._made = self._process, None, 0
        if process is None:
            return
        assert process.stdin and process.stdout  # noqa: S101
        with suppress(OSError, subprocess.TimeoutExpired):
            process.stdin.close()
            process.wait(5)
        _kill(process)
        process.stdout.close()
        shutil.rmtree(self._home, ignore_errors=True)


def _kill(process: subprocess.Popen[bytes]) -> None:
    # the group lives on without its leader: a soffice of a killed script, a child of a soffice
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def cold(fonts: Path, source: Path, made: Path) -> None:
    """The same by a LibreOffice for this paper alone, as everybody starts it; raises ``PdfFault``.

    ``made`` lies in the folder of its own and differs from ``source`` by its ending alone: pdf, or docx.
    """
    program = _program()
    home, environment = _home(fonts)
    command = [
        *_within_memory(), *without_network(), program,
        f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", made.suffix[1:], "--outdir", str(made.parent), str(source),
    ]  # fmt: skip
    try:
        for _attempt in range(2):
            code = _run(command, home, environment)
            if code != RESTART:
                break
    except subprocess.TimeoutExpired:
        raise TooSlow(_("生成 PDF 超时")) from None
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if code or not made.exists():
        raise PdfFault(_("文件内容有误，LibreOffice 打不开（代码 %(code)s）", code=code))


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> int:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        return process.wait(TIMEOUT)
    finally:
        _kill(process)
