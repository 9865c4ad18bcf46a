"""``move-store``: an office goes to a server and back, whole, and is used in one place alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.cli import opening
from andu.office.backup import making
from andu.office.books import register
from andu.office.desk import reconcile
from andu.office.office import Office
from andu.office.records import Record
from andu.security import age, audit
from andu.settings import Settings
from tests.conftest import People, nothing_wrong, stand_in_pdf
from tests.office.conftest import Submit
from tests.store.postgresql import scratch

pytestmark = pytest.mark.sqlite  # the way begins at a file
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with scratch("fsync=off") as address:
        yield address


@pytest.fixture
def to(server: str) -> str:
    """The address of an empty database."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS andu WITH (FORCE)")
        connection.execute("CREATE DATABASE andu TEMPLATE template0")
    return server.replace("/postgres?", "/andu?")


@pytest.fixture
def run(office: Office, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run(store, *words)``: a command of the office, its store at this address."""
    audit.publish_heads(office.store, office.clock, office.heads)

    def act(store: str, *words: str) -> Result:
        settings = replace(office.settings, store=store)
        monkeypatch.setattr(Settings, "from_environment", lambda: settings)
        return CliRunner().invoke(cli.main, list(words))

    return act


def opened(office: Office, store: str) -> Office:
    return Office.open(replace(office.settings, store=store), stand_in_pdf, nothing_wrong)


def test_an_office_goes_to_the_server_is_used_there_and_comes_back(
    office: Office, people: People, filed: Record, submit: Submit, run: Run, to: str
) -> None:
    rows = {table: office.store.count(table) for table in office.store.tables()}
    files = office.files.all()
    done = run("", "move-store", "--to", to)
    assert done.exit_code == 0, done.output
    for said in (f"文件：{len(files)} 个", "完整", "最近 1 份", "逐字节相同", "\t1\n", "设成新的地址"):
        assert said in done.output

    # the file is used no more, and says where the office is; on the server it is whole
    assert "搬到 postgresql" in run("", "series", "check").stderr
    for words in (["series", "check"], ["audit", "verify"]):
        assert run(to, *words).exit_code == 0, run(to, *words).output
    there = opened(office, to)
    counted = {table: there.store.count(table) for table in rows}
    assert {one: n for one, n in counted.items() if n != rows[one]} == {
        "audit": rows["audit"] + 1,
        "stored_file": len(files),
    }
    shutil.rmtree(office.settings.instance / "files")
    entry = register.of_record(there, people.zhaoliu, filed.id)
    assert entry and there.files.get(str(entry.pdf_sha)).startswith(b"%PDF")
    with there.store.write():
        there.note("cun1", people.lisi.id, "signed_out")
    there.store.close()

    # and back, with what was done there
    done = run(to, "move-store", "--to", "sqlite")
    assert done.exit_code == 0, done.output
    assert "改名保留" in done.output and "去掉 ANDU_STORE" in done.output
    assert "搬到 sqlite" in run(to, "series", "check").stderr
    for words in (["series", "check"], ["audit", "verify"]):
        assert run("", *words).exit_code == 0, run("", *words).output
    again = opened(office, "")
    assert again.store.count("audit") == rows["audit"] + 3
    assert again.files.all() == files
    assert reconcile.check(again) == []
    again.store.close()


@pytest.mark.parametrize("what", ["full", "unsound", "served", "there"])
def test_what_cannot_be_moved_stays_in_use_as_it_was(
    what: str, office: Office, filed: Record, run: Run, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"full": "不是空的", "unsound": "文件不见了", "served": "先停止它", "there": "已经在那里"}[what]
    if what == "full":
        there = opened(office, to)
        there.store.close()
    elif what == "unsound":
        (row,) = office.store.rows_where("register")
        office.files.path(row["docx_sha"]).unlink()
    elif what == "served":
        monkeypatch.setattr("andu.store.claim.holder", lambda _folder: "进程 1")
    done = run("", "move-store", "--to", "sqlite" if what == "there" else to)
    assert done.exit_code == 1 and said in done.stderr
    assert opening.open_office().store.count("register") == 1


def test_what_differs_afterwards_is_named_and_the_file_stays_in_use(
    office: Office, filed: Record, run: Run, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andu.office.backup import moving

    monkeypatch.setattr(moving, "copy_files", lambda _source, _target: None)
    done = run("", "move-store", "--to", to)
    assert done.exit_code == 1 and "docx 文件不见了" in done.stderr and "照旧使用" in done.stderr
    assert opening.open_office().store.count("register") == 1


def test_a_copy_made_on_the_server_is_put_back_into_an_empty_one(
    office: Office, filed: Record, run: Run, to: str, server: str, tmp_path: object
) -> None:
    secret, public = age.new_pair()
    place = office.settings.instance.parent
    (place / "key").write_text(secret)
    assert run("", "move-store", "--to", to).exit_code == 0
    there = opened(office, to)
    copy = making.make(there, place, public).path
    there.store.close()
    words = ("restore", str(copy), "--key", str(place / "key"), "--replace")
    done = run(to, *words)
    assert done.exit_code == 1 and "不是空的" in done.stderr

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS andu2 WITH (FORCE)")
        connection.execute("CREATE DATABASE andu2 TEMPLATE template0")
    to = server.replace("/postgres?", "/andu2?")
    done = run(to, *words)
    assert done.exit_code == 0, done.output
    back = opened(office, to)
    assert back.store.count("register") == 1 and len(back.files.all()) == len(office.files.all())
    assert [one.number for one in reconcile.check(back)] == ["数据目录"]  # its numbers wait to be compared
    back.store.close()
