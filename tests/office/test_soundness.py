"""Parts that are gone, older or open to others are each named in own words; nothing is made anew unseen."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from andu.clock import FixedClock
from andu.office import deployment, records
from andu.office.desk import reconcile, soundness, standing
from andu.office.errors import Refused
from andu.office.issue import issuing, numbering
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import confidential, drafts, moving_sealed
from andu.security import audit, key_pairs, sessions
from andu.security.vault import VaultLocked
from andu.settings import ROOT, Settings
from andu.store import claim
from app import create_app
from tests.conftest import MORNING, PASSWORD, People, nothing_wrong, stand_in_pdf
from tests.office.before import seal_as_before
from tests.office.conftest import Sign, Submit
from tests.store.leases import pass_time
from tests.views.page import Visitor


def told(office: Office) -> str:
    """What the check and the start say, together."""
    said = [fault.message for fault in reconcile.check(office)]
    assert set(soundness.missing(office)) <= set(said)
    return "\n".join([*said, *soundness.troubles(office)])


def test_a_sound_office_says_nothing(office: Office, filed: Record) -> None:
    audit.publish_heads(office.store, office.clock, office.heads)
    assert soundness.troubles(office) == []
    assert reconcile.check(office) == []


def test_a_lost_key_of_before_is_named_until_the_last_row_has_moved(
    office: Office, people: People, submit: Submit
) -> None:
    """An office that was upgraded: its file opens the old rows, which move; it goes with the last of them."""
    open_one, closed = (
        submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）") for _n in "12"
    )
    drafts.start(office, people.zhangsan, "clue_registration", {"f_reporter_name": ["李某（示例）"]})
    key = seal_as_before(office, people.zhangsan)
    aside = key.rename(key.with_name("aside"))
    assert f"{key.parent} 里没有 {key.name}" in told(office)
    assert moving_sealed.go_on(office) == 0
    assert submit(people.zhangsan, "clue_registration", reporter_name="王某（示例）").sealed_id
    aside.rename(key)
    with office.store.write():  # until all who may open them have a key they stay, and the page says who
        office.store.execute("DELETE FROM key_pair WHERE owner = ?", [people.chushisi.id])
    assert moving_sealed.go_on(office) == 0
    assert "褚十四还没有登录过" in "".join(one.text for one in deployment.lights(office))
    key_pairs.make(office.store, office.clock, people.chushisi.id, PASSWORD)
    assert "李某" in str(confidential.answers(office, open_one, None))
    with office.store.write():
        office.store.update("record", closed.id, {"state": "filed"})
        office.store.bind()
    assert moving_sealed.go_on(office) == 3 and moving_sealed.go_on(office) == 0
    assert not key.exists() and "密钥" not in told(office)
    for who, record, opens in (
        (people.zhangsan, open_one, True),
        (people.zhangsan, closed, False),
        (people.zhaoliu, closed, True),
        (people.wujiu, open_one, False),
    ):
        with nullcontext() if opens else pytest.raises(VaultLocked):
            assert "李某" in str(confidential.answers(office, record, who.key))
    assert [one for one in reconcile.check(office) if one.number == "保密信息"] == []


def test_a_journal_that_is_gone_stops_the_series_until_somebody_has_looked(
    office: Office, people: People, submit: Submit, sign: Sign, filed: Record
) -> None:
    shutil.rmtree(office.settings.journal)
    issuing.recover(office)
    assert "取号流水不见了" in told(office)
    record = sign(people.zhaoliu, sign(people.lisi, submit(people.zhangsan, "completion_report")))
    assert record.state == "complete"
    assert "取号流水却不见了" in standing.of(office, record).why_no_number
    with pytest.raises(Refused, match="数据库里已到 1 号"):
        numbering.confirm(office, people.zhaoliu, "completion", 2026, 0, "核对")
    numbering.confirm(office, people.zhaoliu, "completion", 2026, 1, "与登记簿和纸质文书核对一致")
    issuing.recover(office)
    assert records.find(office, record.id).state == "filed"
    assert reconcile.check(office) == []


def test_a_journal_moved_to_another_disk_is_still_found_where_it_was(
    settings: Settings, office: Office, filed: Record, tmp_path: object
) -> None:
    moved = Office.open(
        replace(settings, journal_folder=settings.instance / "elsewhere"), stand_in_pdf, nothing_wrong
    )
    assert soundness.missing(moved) == []
    moved.store.close()


@pytest.mark.parametrize(
    ("how", "words"), [("gone", "不见了，无法查明"), ("older", "比数据库旧"), ("ahead", "可能放回了旧备份")]
)
def test_a_heads_file_that_is_not_of_this_database_is_named(
    office: Office, clock: FixedClock, submit: Submit, people: People, how: str, words: str
) -> None:
    audit.publish_heads(office.store, office.clock, office.heads)
    before = office.heads.read_bytes()
    if how == "ahead":
        copy = office.store.query("SELECT chain, seq, hash FROM audit ORDER BY at DESC, seq DESC LIMIT 1")[0]
        line = before.decode().replace(f'"{copy["chain"]}": [', f'"{copy["chain"]}": [9')
        office.heads.write_text(line)
    else:
        clock.advance(700)
        submit(people.zhangsan, "completion_report")
        assert audit.publish_heads(office.store, office.clock, office.heads)
        office.heads.unlink() if how == "gone" else office.heads.write_bytes(before)
    assert words in told(office)


def test_a_missing_folder_of_papers_is_named(office: Office, filed: Record) -> None:
    shutil.rmtree(office.files.folder)
    assert "的文件夹" in told(office)
    assert "文书都打不开" in told(office)


def later(settings: Settings, days: int) -> Office:
    moved = FixedClock(MORNING + timedelta(days=days))
    return Office.open(replace(settings, clock=moved), stand_in_pdf, nothing_wrong)


@pytest.mark.parametrize("days", [-1, -400])
def test_a_clock_set_back_gives_no_number_and_is_told(
    settings: Settings, office: Office, people: People, submit: Submit, sign: Sign, filed: Record, days: int
) -> None:
    waiting = sign(people.lisi, submit(people.zhangsan, "completion_report"))
    back = later(settings, days)
    assert "时钟可能被拨回" in "".join(soundness.troubles(back))
    with back.store.write():
        back.store.bind()
        back.store.update("record", waiting.id, {"state": "complete"})
        issuing.waits(back, waiting.id)
    issuing.issue_when_complete(back, waiting.id)
    assert records.find(back, waiting.id).state == "complete"
    assert "时钟可能被拨回" in standing.of(back, records.find(back, waiting.id)).why_no_number
    assert numbering.counter(back, "completion", 2026) == 1
    back.store.close()
    pass_time(office.store)
    issuing.recover(office)
    assert records.find(office, waiting.id).state == "filed"


def test_a_session_from_the_future_is_not_accepted(office: Office, people: People, clock: FixedClock) -> None:
    token = sessions.open(office.store, office.clock, people.zhangsan.id)
    clock.advance(-60)
    assert sessions.load(office.store, office.clock, token)
    clock.advance(-3600)
    assert sessions.load(office.store, office.clock, token) is None


def test_the_admin_reads_it_on_the_page_of_forms(office: Office, settings: Settings, filed: Record) -> None:
    shutil.rmtree(office.settings.journal)
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("wujiu", PASSWORD)
    visitor.get("/forms")
    assert "取号流水不见了" in visitor.text()


def test_a_disk_that_fills_up_and_a_folder_that_turned_read_only_stand_on_the_page_of_forms(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("wujiu", PASSWORD)
    usage = shutil.disk_usage(settings.instance)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=100 << 20))
    visitor.get("/forms")
    assert "磁盘快满了，只剩 100 MB" in visitor.text()
    monkeypatch.undo()
    monkeypatch.setattr(os, "access", lambda place, _how: Path(place) != settings.instance)
    visitor.get("/forms")
    assert f"文件夹 {settings.instance} 只读" in visitor.text()
    assert "快满了" not in visitor.text()


def test_a_database_others_can_read_is_closed_at_the_start_and_until_then_named(
    settings: Settings, office: Office
) -> None:
    path = settings.instance / "andu.db"
    path.chmod(0o644)
    assert f"{path} 别人也能读" in "".join(soundness.troubles(office))
    Office.open(settings, stand_in_pdf, nothing_wrong).store.close()
    assert [one for one in settings.instance.glob("andu.db*") if one.stat().st_mode & 0o077] == []


def test_a_new_database_is_for_nobody_else_whatever_the_umask(tmp_path: object, settings: Settings) -> None:
    made = (
        "import os, sys; os.umask(0); from pathlib import Path; from andu.store import Store;"
        "s = Store(Path(sys.argv[1])); s.migrate(); s.query('SELECT 1');"
        "print([oct(p.stat().st_mode & 0o077) for p in Path(sys.argv[1]).parent.glob('new.db*')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", made, str(settings.instance / "new.db")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(eval(done.stdout)) == {"0o0"}  # noqa: S307 - our own words


def test_only_one_service_holds_a_folder_and_the_next_one_hears_who(settings: Settings) -> None:
    """As gunicorn does: its settings are read before anything in the folder is opened."""
    serving = (
        "import runpy, sys; runpy.run_path('gunicorn.conf.py'); print('ok', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-X", "utf8", "-c", serving]
    where = {**os.environ, "ANDU_INSTANCE": str(settings.instance), "ANDU_BIND": "127.0.0.1:8123"}
    first = subprocess.Popen(words, cwd=ROOT, env=where, stdin=-1, stdout=-1, text=True, encoding="utf-8")
    assert first.stdout is not None and first.stdout.readline() == "ok\n"
    who = f"进程 {first.pid}，http://127.0.0.1:8123"
    assert who in (claim.holder(settings.instance) or "")
    second = subprocess.run(
        words, cwd=ROOT, env=where, input="", capture_output=True, text=True, encoding="utf-8"
    )
    assert (second.returncode, second.stdout) == (1, "")
    assert f"数据目录 {settings.instance} 已有一个服务在用（{who}" in second.stderr
    first.communicate("")
    assert claim.holder(settings.instance) is None
    assert subprocess.run(words, cwd=ROOT, env=where, input="", capture_output=True).returncode == 0


def run_python(where: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", *words],
        cwd=ROOT,
        env={**os.environ, "ANDU_INSTANCE": str(where)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def started(where: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """A start of the service as gunicorn begins it, after some words of Python."""
    words = f"import runpy; {before}runpy.run_path('gunicorn.conf.py'); print('ok')"
    return run_python(where, "-c", words)


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "磁盘满了"), (errno.EROFS, "只读")])
def test_a_start_that_can_write_nothing_says_so_in_a_sentence(
    settings: Settings, number: int, said: str
) -> None:
    refuse = f"import os; no = OSError({number}, 'no'); os.pwrite = lambda *_a: (_ for _ in ()).throw(no); "
    done = started(settings.instance, refuse)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert said in done.stderr and str(settings.instance) in done.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte, where this machine lets us mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no mount here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_on_a_disk_that_is_full_or_read_only_nothing_starts_and_both_say_why(
    small_disk: Path, how: str
) -> None:
    where = small_disk / "instance"
    where.mkdir()
    if how == "full":
        with suppress(OSError), (small_disk / "fill").open("wb", buffering=0) as file:
            while file.write(b"\0" * 4096):
                pass
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for done in (run_python(where, "-m", "andu.cli", "prepare"), started(where)):
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert ("磁盘满了" if how == "full" else "只读") in done.stderr
