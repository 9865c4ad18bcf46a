"""What the tests let a child process do: honest work, and every way to go wrong."""

from __future__ import annotations

import base64
import os
import resource
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from andu.papers.checks.inspection import inspect
from andu.papers.faults import PaperFault
from andu.papers.template import compile_template


def fill(payload: str) -> int:
    """The size of this template filled."""
    docx = compile_template(base64.b64decode(payload))
    return len(docx.fill({"a": "甲", "rows": [{"n": "1"}] * 4}))


def weigh(payload: str) -> list[Any]:
    """What inspecting this docx finds, and the most memory it took, in bytes."""
    found = [danger.message for danger in inspect(base64.b64decode(payload))]
    # the rusage of a child begins with its parent's, this does not
    status = Path("/proc/self/status").read_text("ascii", "replace")
    return [found, int(status.partition("VmHWM:")[2].split()[0]) * 1024]


def tell(payload: Any) -> Any:
    """The payload, the environment, and what is left of standard input."""
    print("noise")
    return [payload, sorted(os.environ), os.path.exists("/proc/self/fd/0")]


def fault(payload: str) -> None:
    """Raise the fault of a paper."""
    raise PaperFault(_("第%(number)s段有误。", number=payload))


def spin(payload: Any) -> None:
    """Never come back."""
    while True:
        pass


def sleep(payload: str) -> None:
    """Wait with a child of its own that writes down that it lives."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with open(payload, "w") as file:
        file.write(str(child.pid))
    time.sleep(60)


def grow(payload: Any) -> int:
    """Take a gigabyte."""
    return len(bytearray(1 << 30))


def talk(payload: Any) -> str:
    """Answer with more than may be said."""
    return "x" * (21 * 1024 * 1024)


def die(payload: Any) -> None:
    """End without an answer."""
    os._exit(9)


def open_many(payload: Any) -> int:
    """Open more files than allowed."""
    return len([os.dup(1) for _number in range(200)])


def spin_briefly(payload: Any) -> None:
    """The same, with a second of the processor left: the limit is the child's own, only nearer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_CPU, (2, hard))
    spin(payload)


def reach(port: int) -> str:
    """Whether this machine itself can be reached."""
    with socket.socket() as line:
        line.settimeout(5)
        try:
            line.connect(("127.0.0.1", port))
        except OSError as error:
            return f"nothing: {error}"
    return "reached"
