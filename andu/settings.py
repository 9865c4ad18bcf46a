"""Where things lie and how the service runs: read once from the environment, then frozen.

Used by app.py, the commands and the tests. What belongs to one office (its name, units and number
series) is not here but in ``instance/office.yaml`` (``andu.office.config``).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl

from andu.clock import Clock, SystemClock

ROOT = Path(__file__).resolve().parent.parent


class SettingsFault(ValueError):
    """A setting of the environment is not as it must be; the Chinese message names it."""


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise SettingsFault(f"{name} 要写成整数，现在是“{text}”。")
    return int(text)


SERVERS = ("postgresql://", "postgres://")


def store_address(asked: str) -> str:
    """The address of a PostgreSQL database, '' for the SQLite file; ``SettingsFault`` for anything else."""
    if asked in ("", "sqlite"):
        return ""
    if not asked.startswith(SERVERS):
        raise SettingsFault(
            "ANDU_STORE 要写 sqlite（或者不写：数据在数据目录里的一个 SQLite 文件），"
            "或 PostgreSQL 数据库的地址，例如 postgresql://andu@db.example/andu。"
        )
    return asked


_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[\w./-]*)?(?:\?([^@#\s]*))?", re.ASCII)


def files_address(asked: str) -> str:
    """The address of a bucket, '' where the files lie with the store; ``SettingsFault`` for anything else."""
    if asked in ("", "store"):
        return ""
    said = _BUCKET.fullmatch(asked)
    query = dict(parse_qsl(said[1] or "", keep_blank_values=True)) if said else {}
    endpoint = query.get("endpoint", "https://")
    if not said or set(query) - {"endpoint", "region"} or not endpoint.startswith(("http://", "https://")):
        raise SettingsFault(
            "ANDU_FILES 要写 store（或者不写：文书和附件同数据放在一起），或存储桶的地址，例如"
            " s3://bucket/andu?endpoint=https://s3.example&region=cn-north-1；密钥不写在里面。"
        )
    return asked


def _with_keys(address: str) -> str:
    """The same; ``SettingsFault`` where the keys to that bucket are not in the environment."""
    missing = [name for name in BUCKET_KEYS if address and not os.environ.get(name)]
    if missing:
        raise SettingsFault(f"设了 ANDU_FILES，还要有存储桶的密钥：请在环境里设 {'、'.join(missing)}。")
    return address


def _driver(asked: str) -> str:
    if asked not in DRIVERS:
        raise SettingsFault(f"ANDU_STORE_DRIVER 要写 {'、'.join(DRIVERS)} 之一，现在是“{asked}”。")
    return asked


BUCKET_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

DRIVERS = ("psycopg", "psycopg2", "gaussdb", "ksycopg2")
"""The DB-API modules that may speak to a server; the first is a requirement, the others are a vendor's."""


@dataclass(frozen=True)
class Settings:
    """The settings of one running service.

    ``instance`` holds the database, issued files and keys; ``forms`` and ``templates`` the form
    types and their papers, ``ledgers`` the ledgers, ``figures`` what is counted of them; ``fonts`` the faces
    LibreOffice may use; ``workers`` says how many processes serve this office (0: a command, alone for a
    moment); ``https`` makes cookies secure. ``store`` is the address of the database on a server, reached by
    the DB-API module ``driver``; '' for the SQLite file in ``instance``; ``journal_store`` likewise of the
    journal of numbers and the heads of the audit log, in place of a folder. ``files`` is the address of a
    bucket for papers and attachments; '' where they lie with the store.
    """

    instance: Path = ROOT / "instance"
    journal_folder: Path | None = None
    journal_store: str = field(default="", repr=False)
    forms: Path = ROOT / "forms"
    templates: Path = ROOT / "doc_templates"
    ledgers: Path = ROOT / "ledgers"
    figures: Path = ROOT / "figures"
    fonts: Path = ROOT / ".fonts"
    workers: int = 0
    https: bool = False
    store: str = field(default="", repr=False)
    files: str = ""
    driver: str = DRIVERS[0]
    testing: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def from_environment(cls) -> Settings:
        """Settings from ANDU_INSTANCE, ANDU_JOURNAL, ANDU_FORMS, ANDU_TEMPLATES, ANDU_LEDGERS,
        ANDU_FIGURES, ANDU_FONTS, ANDU_WORKERS, ANDU_HTTPS=1, ANDU_STORE, ANDU_STORE_DRIVER and ANDU_FILES.

        Raises ``SettingsFault``.
        """

        store, journal = store_address(os.environ.get("ANDU_STORE", "")), os.environ.get("ANDU_JOURNAL", "")
        if journal and journal == store:
            raise SettingsFault(
                "ANDU_JOURNAL 不能和 ANDU_STORE 是同一个数据库：放回旧库时，要靠它看出库是旧的。"
            )

        def folder(name: str, default: Path) -> Path:
            return Path(os.environ.get(name) or default).resolve()

        return cls(
            instance=folder("ANDU_INSTANCE", cls.instance),
            forms=folder("ANDU_FORMS", cls.forms),
            templates=folder("ANDU_TEMPLATES", cls.templates),
            ledgers=folder("ANDU_LEDGERS", cls.ledgers),
            figures=folder("ANDU_FIGURES", cls.figures),
            fonts=folder("ANDU_FONTS", cls.fonts),
            journal_folder=Path(journal).resolve() if journal and not journal.startswith(SERVERS) else None,
            journal_store=journal if journal.startswith(SERVERS) else "",
            workers=_number("ANDU_WORKERS", os.environ.get("ANDU_WORKERS", "0")),
            https=os.environ.get("ANDU_HTTPS") == "1",
            store=store,
            files=_with_keys(files_address(os.environ.get("ANDU_FILES", ""))),
            driver=_driver(os.environ.get("ANDU_STORE_DRIVER") or DRIVERS[0]),
        )

    def by_itself(self, folder: Path) -> Settings:
        """For a copy that lies whole in a folder: nothing of the office it was made of is touched."""
        return replace(self, instance=folder, journal_folder=None, store="", files="", journal_store="")

    @property
    def journal(self) -> Path:
        """Where the highest numbers given are noted: by default in ``instance``, better on another disk."""
        return self.journal_folder or self.instance / "numbers"

    @property
    def papers_at_once(self) -> int:
        """How many LibreOffices one process keeps open: in all of them together, one for each core."""
        return max(1, len(os.sched_getaffinity(0)) // self.workers) if self.workers else 1

    @property
    def office_file(self) -> Path:
        """The configuration of this office."""
        return self.instance / "office.yaml"
