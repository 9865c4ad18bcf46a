"""One office for every test that needs one: 示例镇, founded afresh, with a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office import founding
from andu.office.office import Office
from andu.papers.checks.layout import Finding
from andu.security import accounts, passwords
from andu.security.accounts import Account
from andu.settings import Settings

MORNING = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)  # 09:02 in the office
PASSWORD = "andu-shili-2026"


def stand_in_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
    """Instead of LibreOffice, where a test is not about the picture of a paper."""
    return b"%PDF-1.7\n% stands in for " + str(len(docx)).encode()


def nothing_wrong(docx: bytes, pdf: bytes, kind: str) -> list[Finding]:
    """Instead of the layout checker, which has nothing to measure in a stand-in."""
    return []


class People(dict[str, Account]):
    """The sample accounts by user name: ``people.zhangsan``."""

    def __getattr__(self, username: str) -> Account:
        return self[username]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> None:
    """Hash with the weakest parameters: a test of sign-in is not a test of Argon2."""
    passwords.choose(passwords.QUICK)


@pytest.fixture
def clock() -> FixedClock:
    """Sunday 2026-11-22, nine in the morning in the office."""
    return FixedClock(MORNING)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, quick_passwords: None) -> Path:
    """An instance folder with the sample office in it, to be copied."""
    settings = Settings(instance=tmp_path_factory.mktemp("founded") / "instance", clock=FixedClock(MORNING))
    founding.prepare_folder(settings, example=True)
    office = Office.open(settings, stand_in_pdf, nothing_wrong)
    founding.load_people(office)
    office.store.query("PRAGMA wal_checkpoint(TRUNCATE)")
    office.store.close()
    return settings.instance


@pytest.fixture
def settings(founded: Path, tmp_path: Path, clock: FixedClock) -> Settings:
    """Settings of a fresh copy of the sample office."""
    instance = tmp_path / "instance"
    shutil.copytree(founded, instance)
    return Settings(instance=instance, clock=clock, testing=True)


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """The sample office, with a stand-in for LibreOffice."""
    office = Office.open(settings, stand_in_pdf, nothing_wrong)
    yield office
    office.store.close()


@pytest.fixture
def people(office: Office) -> People:
    """The sample accounts by user name."""
    return People({account.username: account for account in accounts.all(office.store)})
