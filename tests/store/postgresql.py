"""A PostgreSQL of the tests' own: made in a scratch folder, on a Unix socket, started in seconds.

The server is Debian's (``script/setup --test``). It refuses to run as root, so there it runs as ``postgres``.
That it is missing is an error, and no reason to leave a test out.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "no PostgreSQL here: run script/setup --test"
    return found[-1].parent


@contextmanager
def scratch() -> Iterator[str]:
    """The address of a fresh server; it is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="andu-pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data, programs = folder / "data", _programs()

    def run(*words: str) -> None:
        said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # a server would keep a pipe open
        subprocess.run([*as_owner, *words], check=True, cwd=folder, timeout=120, **said)

    run(f"{programs}/initdb", "-D", str(data), "-U", "andu", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c max_connections=20"
    run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-o", options, "-l", f"{folder}/log", "start")
    try:
        yield f"postgresql://andu@/postgres?host={folder}"
    finally:
        run(f"{programs}/pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
