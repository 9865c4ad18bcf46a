"""The script that keeps one LibreOffice open and hands it one paper after the other.

``andu.papers.pdf.soffice`` runs it as a process of its own under the system's Python, the only one that has
``uno``; so a crash of either touches nobody else. It imports nothing of ours. One JSON line in asks for
one paper (``{"docx": path, "pdf": path}``), one line out says ``{"done": true}`` or ``{"fault": "…"}``; the
first line out says that LibreOffice is up, or why not. When its parent is gone, its standard input ends, or
nobody asks for a while, it ends LibreOffice, removes what both left on the disk, and ends itself;
LibreOffice is killed by the kernel when this script is.

    /usr/bin/python3 soffice_server.py SOFFICE HOME IDLE_SECONDS
"""

from __future__ import annotations

import ctypes
import json
import os
import queue
import resource
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

RESTART = 81  # soffice on a fresh profile: "start me again"
START_SECONDS = 60.0
MOST_MEMORY = 4 << 30  # an ordinary paper takes 0.3 of it; a hostile one must not take the machine
PR_SET_PDEATHSIG = 1
NEVER = 0  # of macros, and of links: com.sun.star.document.MacroExecMode and .UpdateDocMode


def say(**answer: object) -> None:
    """One line to whoever started us."""
    print(json.dumps(answer), flush=True)


class Warm:
    """LibreOffice, started and connected."""

    def __init__(self, soffice: str, home: Path) -> None:
        self.home = home
        self.pipe = home.name
        self.libc = ctypes.CDLL(None)
        self.command = [
            soffice, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore",
            "--nodefault", "--nologo", f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext",
        ]  # fmt: skip
        self.process = self._started()
        self.desktop = self._connected()
        self.sockets = self._sockets()

    def _started(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        die_with_me = lambda: self.libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # noqa: E731 - a hook of Popen
        return subprocess.Popen(self.command, stdin=quiet, stdout=quiet, stderr=quiet, preexec_fn=die_with_me)

    def _connected(self) -> Any:
        import uno

        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                there = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
                return there.ServiceManager.createInstance("com.sun.star.frame.Desktop")
            except Exception:  # uno's own NoConnectException, until it listens
                code = self.process.poll()
                if code == RESTART:
                    self.process = self._started()
                elif code is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"soffice {code}") from None
                time.sleep(0.02)

    def _sockets(self) -> list[str]:
        """What it has opened below /tmp: a killed LibreOffice leaves them lying about."""
        held = {os.readlink(one) for one in Path(f"/proc/{self.process.pid}/fd").iterdir()}
        rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
        return [row[7] for row in rows if len(row) > 7 and f"socket:[{row[6]}]" in held]

    def convert(self, docx: str, pdf: str) -> None:
        """The PDF of one paper, as ``--convert-to pdf`` would make it; raises whatever uno raises."""
        asked = {"Hidden": True, "ReadOnly": True, "FilterName": "MS Word 2007 XML"}
        never = {"MacroExecutionMode": NEVER, "UpdateDocMode": NEVER}
        paper = self.desktop.loadComponentFromURL(
            Path(docx).as_uri(), "_blank", 0, properties({**asked, **never})
        )
        if paper is None:
            raise ValueError("not a paper")
        try:
            paper.storeToURL(Path(pdf).as_uri(), properties({"FilterName": "writer_pdf_Export"}))
        finally:
            paper.close(True)

    def lives(self) -> bool:
        """Whether it still answers: one that is dying names its end as it likes, or not yet."""
        try:
            self.desktop.getFrames().getCount()
        except Exception:  # of any name: the bridge is down
            return False
        return self.process.poll() is None

    def leave(self) -> NoReturn:
        """End both, and leave nothing on the disk; never returns, whatever the other thread is at."""
        self.process.kill()
        self.process.wait()
        for path in self.sockets:
            Path(path).unlink(missing_ok=True)
        shutil.rmtree(self.home, ignore_errors=True)
        os._exit(0)


def properties(values: dict[str, Any]) -> tuple[Any, ...]:
    """As uno wants its named values."""
    from com.sun.star.beans import PropertyValue

    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


class Asked:
    """What comes in on standard input, read beside the work, so that its end is seen during the work."""

    def __init__(self, warm: Warm, idle_seconds: float) -> None:
        self.warm = warm
        self.idle_seconds = idle_seconds
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.busy = False
        self.since = time.monotonic()
        self.parent = os.getppid()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while os.getppid() == self.parent:
            if select.select([0], [], [], 1.0)[0]:
                line = sys.stdin.buffer.readline()
                if not line:
                    break
                self.busy = True
                self.lines.put(line)
            elif not self.busy and time.monotonic() - self.since > self.idle_seconds:
                break
        self.warm.leave()

    def answer(self) -> None:
        """Wait for the next question, do it, and say how it went."""
        asked = json.loads(self.lines.get())
        try:
            self.warm.convert(asked["docx"], asked["pdf"])
        except Exception as fault:  # of a paper, if LibreOffice lives on; else the caller sees our end
            if "Disposed" in f"{type(fault)} {fault!r}" or not self.warm.lives():
                self.warm.leave()
            say(fault=str(fault))
        else:
            say(done=True)
        self.since = time.monotonic()
        self.busy = False


def main(soffice: str, home: str, idle_seconds: str) -> None:
    """Open LibreOffice, then answer for ever."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        warm = Warm(soffice, Path(home))
    except Exception as fault:  # no uno, no soffice, no start: the caller takes the cold way
        say(fault=repr(fault))
        sys.exit(1)
    asked = Asked(warm, float(idle_seconds))
    say(done=True)
    while True:
        asked.answer()


if __name__ == "__main__":
    main(*sys.argv[1:])
