"""``doctor --store``: what a server can do is tried on it, told line by line, and leaves nothing there."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner

from andu import cli
from andu.cli.doctor import _probed
from andu.settings import Settings, SettingsFault
from andu.store import probing
from tests.store.postgresql import scratch


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with scratch() as address:
        yield address


def schemas(server: str) -> list[str]:
    with psycopg.connect(server) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'andu%'").fetchall()
    return [row[0] for row in rows]


def test_a_postgresql_passes_everything_and_keeps_nothing(server: str) -> None:
    done = CliRunner().invoke(cli.main, ["doctor", "--store", server])
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert done.exit_code == 0, done.stdout
    assert [level for level, _what in lines] == ["好"] * len(probing.PROBES) + ["注意"]
    assert schemas(server) == []


def test_what_a_server_does_otherwise_is_named_and_the_rest_is_tried(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probing.says, "holds", lambda column: f"length({column}) > length(?)")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER ROLE andu SET synchronous_commit = off")
    found = {one.key: one.fault for one in probing.probes(server)}
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("ALTER ROLE andu RESET synchronous_commit")
    assert {key for key, fault in found.items() if fault} == {"holds", "durable"}
    assert found.keys() == probing.PROBES.keys()
    assert schemas(server) == []


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path: object) -> None:
    done = CliRunner().invoke(cli.main, ["doctor", "--store", f"postgresql:///andu?host={tmp_path}"])
    assert done.exit_code == 1
    assert done.stdout.startswith("错\t连不上：")


def test_every_probe_has_words() -> None:
    assert _probed().keys() == probing.PROBES.keys()


@pytest.mark.parametrize("name", ["ANDU_STORE", "ANDU_STORE_DRIVER"])
def test_a_store_that_is_none_is_refused_in_a_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "mysql")
    with pytest.raises(SettingsFault, match=f"{name} 要写"):
        Settings.from_environment()
    done = CliRunner().invoke(cli.main, ["series", "check"])
    assert done.exit_code == 1 and f"{name} 要写" in done.stderr
    monkeypatch.setenv(name, "")
    assert Settings.from_environment().store == ""


def test_where_the_store_lies_is_never_shown_with_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDU_STORE", "postgresql://andu:geheim@db.example/andu")
    assert "geheim" not in repr(Settings.from_environment())


@pytest.mark.parametrize(
    ("driver", "database", "said"),
    [("psycopg", "none", "不让连接"), ("gaussdb", "postgres", "没有安装驱动 gaussdb")],
)
def test_a_server_that_will_not_do_is_said_in_a_sentence(
    driver: str, database: str, said: str, server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    monkeypatch.setenv("ANDU_STORE", server.replace("/postgres?", f"/{database}?"))
    monkeypatch.setenv("ANDU_STORE_DRIVER", driver)
    done = CliRunner().invoke(cli.main, ["series", "check"])
    assert done.exit_code == 1 and said in done.stderr
