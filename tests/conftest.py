"""One office for every test that needs one: 示例镇, founded afresh, with a clock that stands still."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from andu.clock import FixedClock
from andu.formtypes.definition import FormType
from andu.office import editions, founding
from andu.office.office import Office
from andu.papers.checks import contract, examination, layout
from andu.papers.checks.examination import Paper
from andu.security import accounts, key_pairs, passwords
from andu.security.accounts import Account
from andu.settings import Settings
from tests.store import postgresql

MORNING = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)  # 09:02 in the office
PASSWORD = "andu-shili-2026"
MEMORY_WANTED = 3 * 1024**3


def _in_memory() -> None:
    """Everything temporary lies in memory, where there is room: no test waits for a disk or cuts the power.

    Set when this file is read, so that it holds for pytest's own folders, and for each process begun later.
    """
    memory = Path("/dev/shm")  # noqa: S108 - each run makes a folder of its own in it
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return
    state = os.statvfs(memory)
    if state.f_bavail * state.f_frsize >= MEMORY_WANTED and not state.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


_in_memory()
# Thousands of tests are read and stay: a tenth of the time went into looking through them for garbage.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    """What has been read stays to the end of the run: no collector looks at it again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--store=postgresql``: the same tests with every store in a database of a scratch server."""
    parser.addoption("--store", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Start that server, once for all processes of the run."""
    if config.getoption("store") == "postgresql":
        postgresql.begin(config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests ran on which engine; in ``TESTS_COUNTED`` too, which ``script/test`` prints last."""
    if hasattr(config, "workerinput"):
        return
    ran = sum(len(terminalreporter.stats.get(how, [])) for how in ("passed", "failed", "xfailed", "xpassed"))
    said = f"{ran} tests ran on {'PostgreSQL' if config.getoption('store') == 'postgresql' else 'SQLite'}"
    terminalreporter.line(said)
    if counted := os.environ.get("TESTS_COUNTED"):
        with Path(counted).open("a", encoding="utf-8") as file:
            file.write(f"{said}\n")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is about SQLite itself is not asked of another engine."""
    if config.getoption("store") == "postgresql":
        left = [one for one in items if one.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left)
        items[:] = [one for one in items if one not in left]


@pytest.fixture(scope="session", autouse=True)
def stores_where_asked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every store on the engine of this run."""
    with pytest.MonkeyPatch.context() as patch:
        if request.config.getoption("store") == "postgresql":
            postgresql.instead_of_files(patch)
        yield


@pytest.fixture(autouse=True)
def databases_forgotten(request: pytest.FixtureRequest) -> Iterator[None]:
    """No database outlives its folder."""
    yield
    if request.config.getoption("store") == "postgresql":
        postgresql.forget_gone()


def stand_in_pdf(docx: bytes, asked_by: str | None = None) -> bytes:
    """Instead of LibreOffice, where a test is not about the picture of a paper."""
    return b"%PDF-1.7\n% stands in for " + str(len(docx)).encode()


def nothing_wrong(docx: bytes, pdf: bytes, kind: str) -> list[layout.Finding]:
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


@pytest.fixture(scope="session", autouse=True)
def pages_compiled_once() -> Iterator[None]:
    """Every test makes an app of its own; without this, each would compile all the screens anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _CompiledPages()})
        yield


@pytest.fixture(scope="session", autouse=True)
def routes_compiled_once() -> Iterator[None]:
    """As for the pages: what finds and builds the address of a route depends on nothing but its rule."""
    kept: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
    compile_rule = Rule.compile

    def compile_once(rule: Rule) -> None:
        converters = tuple(rule.map.converters.values())
        key = (rule.rule, repr(rule.defaults), rule.host, rule.subdomain, rule.merge_slashes, converters)
        if key not in kept:
            compile_rule(rule)
            made = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            kept[key] = made, {name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
        made, builders = kept[key]
        for name, one in made.items():
            setattr(rule, name, one.copy())
        for name, function in builders.items():
            setattr(rule, name, function.__get__(rule))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


class _CompiledPages(BytecodeCache):
    """In memory, by the name of the page and a hash of its source."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", b""))
        if checksum == bucket.checksum:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = (bucket.checksum, bucket.bytecode_to_string())


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def papers_examined_once(shared: Path) -> Iterator[None]:
    """A paper that passed beside its form passed for every test, in whichever process it was examined.

    script/test says by TESTS_VERDICTS where they lie that hold for its runs on both engines.
    """
    examine = examination._in_children
    kept = Path(os.environ.get("TESTS_VERDICTS") or shared) / "verdicts"

    def examine_once(papers: Sequence[tuple[FormType, Paper]]) -> list[list[contract.Finding]]:
        keys = [(form_type.version, sha256(paper.docx).hexdigest()) for form_type, paper in papers]
        with _alone(kept):
            known = pickle.loads(kept.read_bytes()) if kept.exists() else {}  # noqa: S301 - our own
            left = {key: paper for key, paper in zip(keys, papers, strict=True) if key not in known}
            found = dict(zip(left, examine(list(left.values())), strict=True))
            passed = {key: each for key, each in found.items() if not contract.has_errors(each)}
            if passed:
                kept.write_bytes(pickle.dumps(known | passed))
        return [(known | found)[key] for key in keys]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examination, "_in_children", examine_once)
        yield


@pytest.fixture(scope="session")
def founded(
    shared: Path, stores_where_asked: None, quick_passwords: None, papers_examined_once: None
) -> Path:
    """An instance folder with the sample office in it, its editions published, to be copied."""
    instance = shared / "founded"
    with _alone(instance):
        if not instance.exists():
            _found(shared / "being-founded")
            (shared / "being-founded").rename(instance)
    return instance


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process after the other."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _found(instance: Path) -> None:
    settings = Settings(instance=instance, clock=FixedClock(MORNING))
    founding.prepare_folder(settings, example=True)
    office = Office.open(settings, stand_in_pdf, nothing_wrong)
    founding.load_people(office)
    editions.publish(office)
    # that the shipped papers show their samples is seen by test_shipped_papers: no service prints them again
    for row in office.store.rows_where("form_version"):
        editions._note_proof(office, row["id"])
    office.store.close()
    gc.collect()  # the last connection to a file of SQLite leaves nothing beside it


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
    """The sample accounts by user name, each with their own key, as somebody signed in has it."""
    return People({account.username: with_key(office, account) for account in accounts.all(office.store)})


def with_key(office: Office, account: Account | None, password: str = PASSWORD) -> Account:
    """The account as it acts once it has signed in."""
    assert account is not None
    return replace(account, key=key_pairs.unlock(office.store, account.id, password))
