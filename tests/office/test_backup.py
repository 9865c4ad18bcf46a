"""Copies: made while the office works, tried out, put back; each is whole or refused."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.clock import FixedClock
from andu.office import records
from andu.office.backup import drilling, making, restoring, standing
from andu.office.backup.archive import ArchiveFault
from andu.office.config import BackupPlan
from andu.office.desk import soundness
from andu.office.errors import Refused
from andu.office.handover import confirming
from andu.office.issue import issuing, numbering
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import confidential
from andu.security import age, audit, key_pairs
from andu.security.age import AgeFault
from andu.settings import ROOT, Settings
from app import create_app
from tests.conftest import PASSWORD, People, nothing_wrong, stand_in_pdf
from tests.office.before import seal_as_before
from tests.office.conftest import Sign, Submit
from tests.store.leases import pass_time
from tests.views.page import Visitor

SECRET, PUBLIC = age.new_pair()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "copies"
    place.mkdir()
    return place


@pytest.fixture
def copy(office: Office, folder: Path, filed: Record) -> Path:
    """A copy of an office with one filed paper."""
    return making.make(office, folder, PUBLIC).path


def another_paper(people: People, submit: Submit, sign: Sign) -> Record:
    record = submit(people.zhangsan, "completion_report")
    return sign(people.zhaoliu, sign(people.lisi, record))


def opened(settings: Settings) -> Office:
    return Office.open(settings, stand_in_pdf, nothing_wrong)


def command(settings: Settings, *words: str, typed: str = "", monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    return CliRunner().invoke(cli.main, words, input=typed)


# --- making ----------------------------------------------------------------------------------------


def test_a_copy_holds_no_word_of_the_office_and_no_key_in_the_clear(
    office: Office, people: People, submit: Submit, folder: Path
) -> None:
    submit(people.zhangsan, "clue_registration", reporter_name="金丝雀甲（示例）")
    data = making.make(office, folder, PUBLIC).path.read_bytes()
    for word in ("金丝雀甲", "示例镇", "张三", "SQLite format", SECRET):
        assert word.encode() not in data
    assert data.startswith(b"age-encryption.org/v1\n")


def test_nothing_of_a_copy_stays_behind_and_only_its_owner_reads_it(office: Office, copy: Path) -> None:
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    assert copy.stat().st_mode & 0o077 == 0
    assert not (office.settings.instance / "being-copied").exists()


def test_a_copy_is_made_while_somebody_writes(office: Office, folder: Path) -> None:
    other = opened(office.settings)
    with other.store.write():
        other.note("office", None, "signed_out")
        office.store.copy_to(folder / "beside.db")
    assert (folder / "beside.db").stat().st_size > 100_000


def test_a_copy_takes_no_other_name_and_no_other_key(office: Office, folder: Path, copy: Path) -> None:
    with pytest.raises(Refused, match="已经有了"):
        making.make(office, copy, PUBLIC)
    with pytest.raises(Refused, match="没有文件夹"):
        making.make(office, folder / "none", PUBLIC)
    with pytest.raises(Refused, match="备份公钥不对"):
        making.make(office, folder, PUBLIC[:-1] + ("q" if PUBLIC[-1] != "q" else "p"))


# --- the drill -------------------------------------------------------------------------------------


def test_a_drill_passes_is_noted_and_leaves_nothing_behind(office: Office, copy: Path) -> None:
    levels = [line.level for line in standing.lights(office)]
    assert levels == ["advice", "good", "wrong", "advice"]  # not green before it
    found = drilling.drill(office, copy, SECRET)
    assert found.problems == [] and found.papers > 1
    assert [line.level for line in standing.lights(office)] == ["advice", "good", "good", "advice"]
    assert list(office.settings.instance.glob("drill-*")) == []
    assert audit.verify(office.store, office.heads) == []


def test_a_copy_opens_its_confidential_answers(
    office: Office, people: People, submit: Submit, folder: Path
) -> None:
    submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）")
    key = seal_as_before(office, people.zhangsan)
    copy = making.make(office, folder, PUBLIC).path
    assert drilling.drill(office, copy, SECRET).problems == []
    key.unlink()
    without = making.make(office, folder / "without.age", PUBLIC).path
    assert any("密钥" in one for one in drilling.drill(office, without, SECRET).problems)
    assert standing.lights(office)[2].level == "good"  # the one that passed is still there


def test_a_drill_finds_a_paper_that_is_not_as_it_was_filed(
    office: Office, filed: Record, folder: Path
) -> None:
    (row,) = office.store.rows_where("register", "record_id = ?", [filed.id])
    path = office.files.path(row["docx_sha"])
    path.unlink()
    copy = making.make(office, folder, PUBLIC).path
    assert any("docx 文件不见了" in one for one in drilling.drill(office, copy, SECRET).problems)
    assert "还没有演练过" in standing.lights(office)[2].text


def test_the_copy_of_another_office_is_no_copy_of_this_one(
    office: Office, copy: Path, settings: Settings
) -> None:
    shutil.rmtree(settings.journal)
    assert any("取号流水只到 0 号" in one for one in drilling.drill(office, copy, SECRET).problems)


def test_whatever_is_cut_or_changed_is_refused(office: Office, copy: Path, folder: Path) -> None:
    data, choose = copy.read_bytes(), random.Random(13)
    places = [choose.randrange(200, len(data)) for _n in range(6)]
    for number, place in enumerate([*places, len(data) - 1]):
        cut, changed = folder / f"cut{number}.age", folder / f"changed{number}.age"
        cut.write_bytes(data[:place])
        changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        for bad in (cut, changed):
            with pytest.raises((AgeFault, ArchiveFault)):
                drilling.drill(office, bad, SECRET)
    with pytest.raises(AgeFault, match="不是这一份的"):
        drilling.drill(office, copy, age.new_pair()[0])
    with pytest.raises(AgeFault, match="这不是备份密钥"):
        drilling.drill(office, copy, "密钥")
    assert standing.lights(office)[2].level == "wrong"


# --- putting it back -------------------------------------------------------------------------------


def test_with_nothing_but_the_copy_and_the_key_on_paper_the_office_is_back(
    office: Office, people: People, submit: Submit, settings: Settings, folder: Path, filed: Record
) -> None:
    clue = submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）")
    code = confirming.make_code(office, people.zhaoliu, PASSWORD, "10.0.0.1")
    copy = making.make(office, folder, PUBLIC).path
    office.store.close()
    shutil.rmtree(settings.instance)
    done = restoring.restore(settings, copy, SECRET, replacing=False)
    assert (done.problems, done.aside, done.differing) == ([], None, [])
    back = opened(settings)
    assert records.find(back, filed.id).state == "filed"
    revealed = confidential.reveal(back, people.zhaoliu, clue.id, "核查需要回访", PASSWORD, "10.0.0.1")
    assert "李某（示例）" in str(revealed)
    own = key_pairs.by_code(back.store, people.zhaoliu.id, code)  # and with the code on paper alone
    assert own and "李某（示例）" in str(confidential.answers(back, clue, own))
    assert audit.verify(back.store, back.heads) == []


def test_a_restored_office_gives_no_number_twice(
    office: Office,
    people: People,
    submit: Submit,
    sign: Sign,
    settings: Settings,
    copy: Path,
    clock: FixedClock,
) -> None:
    """Two more papers were given numbers and sent; then the disk went, and its journal with it."""
    given = [office.store.rows_where("register", "record_id = ?", [another_paper(people, submit, sign).id])]
    given += [office.store.rows_where("register", "record_id = ?", [another_paper(people, submit, sign).id])]
    on_paper = {rows[0]["number"] for rows in given}
    office.store.close()
    shutil.rmtree(settings.instance)
    clock.advance(3600)
    restoring.restore(settings, copy, SECRET, replacing=False)
    back = opened(settings)
    for key in back.config.series:
        assert "由备份恢复" in (numbering.why_locked(back, key) or "")
    visitor = Visitor(create_app(settings, back))
    visitor.sign_in("zhaoliu", PASSWORD)
    assert "系统由备份恢复" in visitor.text() and "流水里没有记录" in visitor.get("/restored").text
    words = {"last-completion-2026": "0", "reason": "与登记本逐号核对", "password": PASSWORD}
    visitor.get("/restored")
    visitor.post("/restored", words)
    assert "确认的末号不能比它小" in visitor.text()
    visitor.post("/restored", words | {"last-completion-2026": "3"})
    assert "已确认 1 个序列" in visitor.text()
    issuing.recover(back)
    assert numbering.why_locked(back, "completion") is None
    assert back.config.series["completion"].number(2026, 4) not in on_paper
    assert numbering.expected(back, "completion") == back.config.series["completion"].number(2026, 4)
    assert numbering.why_locked(back, "clue") is not None


def test_a_journal_that_outlived_the_office_names_the_numbers_given_since(
    office: Office, people: People, submit: Submit, sign: Sign, settings: Settings, copy: Path
) -> None:
    another_paper(people, submit, sign)
    office.store.close()
    done = restoring.restore(settings, copy, SECRET, replacing=True)
    assert done.aside is not None and (done.aside / "andu.db").exists()
    (told,) = [one.numbers for one in done.numbers if one.numbers]
    back = opened(settings)
    assert soundness.folder_troubles(settings) == []
    assert told == [back.config.series["completion"].number(2026, 2)]
    visitor = Visitor(create_app(settings, back))
    visitor.sign_in("zhaoliu", PASSWORD)
    assert told[0] in visitor.text()


def test_an_office_that_is_there_or_served_is_not_replaced_unasked(
    office: Office, settings: Settings, copy: Path
) -> None:
    before = (settings.instance / "andu.db").read_bytes()
    with pytest.raises(Refused, match="--replace"):
        restoring.restore(settings, copy, SECRET, replacing=False)
    bad = copy.with_name("bad.age")
    bad.write_bytes(copy.read_bytes()[:-1])
    with pytest.raises(AgeFault):
        restoring.restore(settings, bad, SECRET, replacing=True)
    assert (settings.instance / "andu.db").read_bytes() == before


def test_everybody_signs_in_again_after_a_restore(office: Office, settings: Settings, copy: Path) -> None:
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("zhaoliu", PASSWORD)
    later = making.make(office, copy.with_name("later.age"), PUBLIC).path
    office.store.close()
    restoring.restore(settings, later, SECRET, replacing=True)
    assert opened(settings).store.count("session") == 0


# --- every day -------------------------------------------------------------------------------------


def planned(office: Office, folder: Path, **more: object) -> Office:
    plan = BackupPlan(str(folder), PUBLIC, keep=3, **more)  # type: ignore[arg-type]
    return replace(office, config=replace(office.config, backup=plan))


def test_a_copy_is_made_once_a_day_and_so_many_are_kept(
    office: Office, folder: Path, clock: FixedClock
) -> None:
    assert making.daily(office) is None  # nothing was said
    office = planned(office, folder)
    names = []
    for _day in range(5):
        made = making.daily(office)
        assert made and making.daily(office) is None
        names.append(made.path.name)
        clock.advance(24 * 3600)
    assert sorted(path.name for path in folder.iterdir()) == names[-3:]


def test_a_copy_that_fails_is_told_in_red_and_tried_again(
    office: Office, folder: Path, clock: FixedClock
) -> None:
    office = planned(office, folder / "not-there")
    assert making.daily(office) is None
    assert "没有文件夹" in standing.lights(office)[0].text and standing.lights(office)[0].level == "wrong"
    (folder / "not-there").mkdir()
    assert making.daily(office) is None  # not every half minute
    clock.advance(3601)
    assert making.daily(office)
    assert standing.lights(office)[0].level == "good"
    clock.advance(49 * 3600)
    assert "太旧了" in standing.lights(office)[0].text


def test_a_copy_goes_to_the_other_disk_when_it_is_there(office: Office, folder: Path) -> None:
    other = next((Path(one) for one in ("/dev/shm", "/tmp", str(ROOT)) if _is_other(office, Path(one))), None)
    if other is None:
        pytest.skip("one disk here")
    place = other / f"andu-copies-{os.getpid()}"
    place.mkdir()
    try:
        made = making.daily(planned(office, folder, elsewhere=str(place)))
        assert made and (place / made.path.name).read_bytes() == made.path.read_bytes()
        assert standing.lights(office)[-1].level == "good"
    finally:
        shutil.rmtree(place)


def _is_other(office: Office, place: Path) -> bool:
    return os.access(place, os.W_OK) and making.is_elsewhere(office.settings, place)


# --- killed at random, under load ------------------------------------------------------------------


def begun(office: Office, target: Path) -> int:
    """The process id of a child that makes a copy."""
    child = os.fork()
    if child:
        return child
    status = 1
    with suppress(BaseException):
        making.make(office, target, PUBLIC)
        status = 0
    os._exit(status)


def test_killed_at_random_under_load_each_copy_is_whole_or_not_there(
    office: Office, people: People, submit: Submit, sign: Sign, folder: Path
) -> None:
    choose, killed = random.Random(5), 0
    began = time.monotonic()
    making.make(office, folder / "copy.age", PUBLIC)
    lasts = time.monotonic() - began
    for number in range(20):
        target = folder / f"copy{number}.age"
        child = begun(office, target)
        if number % 4 == 0:
            another_paper(people, submit, sign)
        time.sleep(choose.uniform(0, 1.2 * lasts))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pass_time(office.store)  # the lease of the one who died
        killed += not target.exists()
    whole = sorted(folder.glob("copy*.age"))
    assert 0 < killed < 20 and len(whole) == 21 - killed
    for path in {whole[0], whole[-1], *choose.sample(whole, 2)}:
        assert drilling.drill(office, path, SECRET).problems == []
    making.make(office, folder / "last.age", PUBLIC)
    assert not office.store.count("work")
    assert list(folder.glob(".andu-partial-*")) == []


# --- the commands ----------------------------------------------------------------------------------


def test_the_commands_from_the_key_to_the_restored_office(
    settings: Settings, office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, filed: Record
) -> None:
    office.store.close()

    def run(*words: str, typed: str = "") -> Result:
        return command(settings, *words, typed=typed, monkeypatch=monkeypatch)

    secret, public = (line.strip() for line in run("backup", "key").output.splitlines() if line[:2] == "  ")
    assert "已备份" in run("backup", str(folder), "--to", public).output
    assert "演练通过" in run("backup", "drill", typed=f"{secret}\n").output
    (copy,) = folder.iterdir()
    kept = folder / "key.txt"
    kept.write_text(f"# 备份密钥\n  {secret}\n", encoding="utf-8")
    assert "演练通过" in run("backup", "drill", "--key", str(kept)).output
    kept.unlink()
    wrong = run("restore", str(copy), "--replace", typed=f"{SECRET}\n")
    assert wrong.exit_code == 1 and "密钥不是这一份的" in wrong.output
    done = run("restore", str(copy), "--replace", typed=f"{secret.lower()}\n")
    assert done.exit_code == 0 and "已恢复到" in done.output and "确认以前不取号" in done.output
    assert json.loads(opened(settings).store.rows_where("mark", "id = 'restored'")[0]["value"])


@pytest.mark.sqlite
def test_a_key_file_of_before_that_is_gone_comes_back_out_of_a_copy(
    settings: Settings,
    office: Office,
    people: People,
    submit: Submit,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = submit(people.zhangsan, "clue_registration", reporter_name="李某（示例）")
    key = seal_as_before(office, people.zhangsan)
    copy = making.make(office, folder, PUBLIC).path
    key.unlink()
    assert key.name in "".join(soundness.troubles(office))
    look = replace(settings, instance=folder / "look")
    done = command(look, "restore", str(copy), typed=f"{SECRET}\n", monkeypatch=monkeypatch)
    assert done.exit_code == 0, done.output
    shutil.copytree(look.instance / "keys", key.parent, dirs_exist_ok=True)
    assert key.name not in "".join(soundness.troubles(office))
    assert "李某" in str(confidential.answers(office, record, None))
