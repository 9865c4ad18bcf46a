"""A PostgreSQL of the tests' own: made in a scratch folder, on a Unix socket, started in seconds.

The server is Debian's (``script/setup --test``). It refuses to run as root, so there it runs as ``postgres``.
That it is missing is an error, and no reason to leave a test out.

With ``--store=postgresql`` whatever store a test opens lies in a database of that server: one for each
path, named in a small file that stands where the SQLite file would. So a folder that is copied takes its
database with it (CREATE DATABASE … TEMPLATE).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from andu.store import Store

QUICK = ("fsync=off", "full_page_writes=off", "max_connections=300", "max_wal_size=4GB", "autovacuum=off")
"""No test cuts the power; what is committed survives every kill all the same."""
SERVER = "ANDU_TESTED_ON"
SAYS = "postgresql "


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    assert found, "no PostgreSQL here: run script/setup --test"
    return found[-1].parent


class Server:
    """A fresh server in a folder of its own."""

    def __init__(self, *options: str, let_in: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="andu-pg-"))
        self.address = f"postgresql://andu@/postgres?host={self.folder}"
        self._as_owner: list[str] = []
        self._options = " ".join(f"-c {one}" for one in options)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            as_him = (f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups")
            self._as_owner = ["setpriv", *as_him]
        self._run("initdb", "-U", "andu", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        if let_in:  # a network whose machines may come in
            with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {let_in} trust\n")

    def _run(self, program: str, *words: str) -> None:
        said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # a server would keep a pipe open
        command = [*self._as_owner, f"{_programs()}/{program}", "-D", f"{self.folder}/data", *words]
        subprocess.run(command, check=True, cwd=self.folder, timeout=120, **said)

    def start(self) -> None:
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} {self._options}"
        self._run("pg_ctl", "-w", "-o", options, "-l", f"{self.folder}/log", "start")

    def start_again(self) -> None:
        """After its first process was killed: the others have to be gone before it starts."""
        for _try in range(50):
            with suppress(subprocess.CalledProcessError):
                self.start()
                return
            time.sleep(0.2)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def postmaster(self) -> int:
        """The process that all others of the server belong to."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):  # a test may have stopped it already
            self._run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def scratch(*options: str) -> Iterator[str]:
    """The address of a fresh server; it is stopped and removed at the end."""
    server = Server(*options)
    server.start()
    try:
        yield server.address
    finally:
        server.stop()


# --- every store of a run on PostgreSQL ----------------------------------------------------------


def begin(config: pytest.Config) -> None:
    """Start the server of this run; the processes it is spread over use the same."""
    if SERVER in os.environ:
        return
    server = Server(*QUICK)
    server.start()
    os.environ[SERVER] = server.address
    config.add_cleanup(server.stop)
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE andu_base TEMPLATE template0")
    base = Store(Path("no file"), address_of("andu_base"))
    base.migrate()
    base.close()


def instead_of_files(patch: pytest.MonkeyPatch) -> None:
    """Let every store lie in a database of the server, unless a file of SQLite is there."""
    opened = Store.__init__

    def open_there(self: Store, path: Path, address: str = "", *driver: str) -> None:
        opened(self, path, address or database_of(path), *driver)

    patch.setattr(Store, "__init__", open_there)


def database_of(path: Path) -> str:
    """The address of the database that stands for the file at ``path``; made when it is not there."""
    name = f"andu_{hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:24]}"
    if not path.exists() or path.read_bytes()[:15] != b"SQLite format 3":
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".making").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _make(path, name)
        return address_of(name)
    return ""


def address_of(name: str) -> str:
    """The address of a database of the server of this run."""
    return os.environ[SERVER].replace("/postgres?", f"/{name}?")


def _make(path: Path, name: str) -> None:
    there = path.read_text().removeprefix(SAYS).strip() if path.exists() else ""
    if there == name:
        return
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        source = there or "andu_base"
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source]
        )
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        connection.execute(f"COMMENT ON DATABASE {name} IS '{path.parent}'")
    path.write_text(f"{SAYS}{name}\n")


def forget_gone() -> None:
    """Remove the databases whose folder is no more."""
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        ).fetchall()
        for name, folder in rows:
            if (
                name.startswith("andu_")
                and "founded" not in (folder or "founded")
                and not Path(folder).exists()
            ):
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
