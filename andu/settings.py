"""Where things lie and how the service runs: read once from the environment, then frozen.

Used by app.py, the commands and the tests. What belongs to one office (its name, units and number
series) is not here but in ``instance/office.yaml`` (``andu.office.config``).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

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


def _driver(asked: str) -> str:
    if asked not in DRIVERS:
        raise SettingsFault(f"ANDU_STORE_DRIVER 要写 {'、'.join(DRIVERS)} 之一，现在是“{asked}”。")
    return asked


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
    journal of numbers and the heads of the audit log, in place of a folder.
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
    driver: str = DRIVERS[0]
    testing: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def from_environment(cls) -> Settings:
        """Settings from ANDU_INSTANCE, ANDU_JOURNAL, ANDU_FORMS, ANDU_TEMPLATES, ANDU_LEDGERS,
        ANDU_FIGURES, ANDU_FONTS, ANDU_WORKERS, ANDU_HTTPS=1, ANDU_STORE and ANDU_STORE_DRIVER.

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
            driver=_driver(os.environ.get("ANDU_STORE_DRIVER") or DRIVERS[0]),
        )

    def by_itself(self, folder: Path) -> Settings:
        """For a copy that lies whole in a folder: nothing of the office it was made of is touched."""
        return replace(self, instance=folder, journal_folder=None, store="", journal_store="")

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
