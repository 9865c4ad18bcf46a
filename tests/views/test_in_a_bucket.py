"""An office whose papers lie in a bucket: moved there, worked with while it is away, copied, put back."""

from __future__ import annotations

import importlib
import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from andu import cli
from andu.office import records
from andu.office.backup import moving
from andu.office.issue import issuing
from andu.office.office import Office
from andu.office.records import Record
from andu.office.writing import drafts
from andu.security import age, audit
from andu.settings import Settings
from andu.store import Files, work
from andu.store.bucket import Bucket
from tests.conftest import PASSWORD, People, nothing_wrong
from tests.office.conftest import Sign, Submit
from tests.store import buckets
from tests.store.buckets import KEY, SECRET, bucket, server
from tests.store.leases import pass_time
from tests.views.conftest import SignedIn, blank_pdf
from tests.views.page import Visitor

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.sqlite, pytest.mark.xdist_group("bucket")]
Run = Callable[..., Result]
SEALED, PUBLIC = age.new_pair()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run(settings, *words)``: a command of an office."""

    def act(settings: Settings, *words: str, typed: str = "") -> Result:
        monkeypatch.setattr(Settings, "from_environment", lambda: settings)
        return CliRunner().invoke(cli.main, list(words), input=typed)

    return act


@pytest.fixture(scope="session")
def held(founded: Path, server: int) -> str:
    """The prefix under which the files of the founded office lie in the bucket."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, KEY)
        place = Bucket(f"s3://office/held?endpoint=http://127.0.0.1:{server}")
        moving.copy_files(Files(founded / "files"), place)
    return "held"


@pytest.fixture
def office(held: str, settings: Settings, bucket: buckets.Bucket) -> Iterator[Office]:
    """The sample office, whose files lie in the bucket alone."""
    shutil.rmtree(settings.instance / "files")
    there = Office.open(replace(settings, files=bucket.at(held)), blank_pdf, nothing_wrong)
    audit.publish_heads(there.store, there.clock, there.heads)
    yield there
    there.store.close()


def _ready(people: People, submit: Submit, sign: Sign) -> Record:
    """A clue that waits for its last signature."""
    return sign(people.zhangsan, submit(people.zhangsan, "clue_registration"))


def _sign(visitor: Visitor, record: Record, opinion: str = "同意") -> None:
    visitor.get(f"/records/{record.id}/sign")
    posted = {"slot": "head", "version": "1", "opinion": opinion, "password": PASSWORD}
    assert visitor.post(f"/records/{record.id}/sign", posted).status_code == 200


def test_a_paper_is_filed_in_the_bucket_and_served_from_it(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, run: Run
) -> None:
    record, visitor = _ready(people, submit, sign), signed_in("lisi")
    _sign(visitor, record)
    row = office.store.rows_where("register")[0]
    assert {row["docx_sha"], row["pdf_sha"]} < set(office.files.all())
    answer = visitor.get(f"/register/{row['id']}/open")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")
    assert not (office.settings.instance / "files").exists()
    for words in (["series", "check"], ["audit", "verify"]):
        done = run(office.settings, *words)
        assert done.exit_code == 0, done.output


def test_no_number_is_spent_while_the_bucket_is_away_and_it_comes_by_itself(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, bucket: buckets.Bucket
) -> None:
    record, visitor = _ready(people, submit, sign), signed_in("lisi")
    bucket.is_away = True
    _sign(visitor, record)
    assert visitor.get(f"/records/{record.id}").status_code == 200
    assert "没有取号，稍后自动再试" in visitor.text() and "s3://" not in visitor.text()
    assert office.store.count("register") == 0
    bucket.is_away = False
    pass_time(office.store)
    issuing.recover(office)
    visitor.get(f"/records/{record.id}")
    assert "已归档，编号 DJ-XS-2026-0001" in visitor.text()


def test_a_bucket_that_goes_away_in_mid_filing_loses_no_number(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign, bucket: buckets.Bucket,
    run: Run,
) -> None:  # fmt: skip
    record, visitor = _ready(people, submit, sign), signed_in("lisi")
    bucket.lasts = bucket.writes + 1  # the trial before the number; with the docx it is away
    _sign(visitor, record, "同意，途中断线")
    visitor.get(f"/records/{record.id}")
    assert records.find(office, record.id).state == "numbered" and "DJ-XS-2026-0001" in visitor.text()
    for _one in range(work.TRIES + 1):  # however often: it is no fault of the paper
        pass_time(office.store)
        assert issuing.recover(office) == 0
    bucket.is_away, bucket.lasts = False, None
    pass_time(office.store)
    assert issuing.recover(office) == 1
    visitor.get(f"/records/{record.id}")
    assert "已归档，编号 DJ-XS-2026-0001" in visitor.text()
    assert run(office.settings, "series", "check").exit_code == 0


def test_what_needs_the_bucket_says_that_it_is_away_and_keeps_what_was_typed(
    signed_in: SignedIn, office: Office, people: People, filed: Record, bucket: buckets.Bucket,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    draft = drafts.start(office, people.zhangsan, "clue_registration")
    visitor, path = signed_in("zhangsan"), f"/drafts/{draft.id}"
    visitor.get(path)
    typed = {**visitor.filled(path), "act": "attach:files", "f_main_issue": "不能丢的话"}
    bucket.refuses = True
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    answer = visitor.post(path, {**typed, "upload_files": (io.BytesIO(png), "照片.png")})
    assert answer.status_code == 503 and "存储桶" in visitor.text()
    assert "不能丢的话" in answer.get_data(as_text=True)
    (row,) = office.store.rows_where("register")
    told = [visitor.get(f"/register/{row['id']}/open"), visitor.get(f"/records/{filed.id}/paper/1.png")]
    assert "文件现在取不出来" in told[0].get_data(as_text=True)
    pages = ("/", "/register", f"/records/{filed.id}", f"/records/{filed.id}/sign", f"/cases/{filed.case_id}")
    told += [visitor.get(page) for page in pages] + [signed_in("wujiu").get("/")]
    assert {one.status_code for one in told} <= {200, 404, 503} and told[-1].status_code == 200
    assert told[1].status_code == 503
    assert "存储桶" in told[-1].get_data(as_text=True)
    said = caplog.text + "".join(one.get_data(as_text=True) for one in told)
    assert KEY not in said and SECRET not in said


def test_a_copy_made_of_a_bucket_is_put_back_into_another(
    office: Office, filed: Record, bucket: buckets.Bucket, tmp_path: Path, run: Run
) -> None:
    done = run(office.settings, "backup", "make", str(tmp_path / "all.age"), "--to", PUBLIC)
    assert done.exit_code == 0, done.output
    (tmp_path / "key").write_text(SEALED)
    files = office.files.all()
    office.store.close()
    another = replace(office.settings, files=bucket.at("another"))
    words = ("restore", str(tmp_path / "all.age"), "--key", str(tmp_path / "key"), "--replace")
    done = run(another, *words)
    assert done.exit_code == 0, done.output
    back = Office.open(another, blank_pdf, nothing_wrong)
    assert back.files.all() == files and not (another.instance / "files").exists()
    (row,) = back.store.rows_where("register")
    assert back.files.get(row["pdf_sha"]).startswith(b"%PDF")
    back.store.close()


def test_files_go_into_another_bucket_and_out_again_and_a_wrong_one_is_told(
    office: Office, filed: Record, bucket: buckets.Bucket, run: Run
) -> None:
    done = run(office.settings, "move-files", "--to", bucket.address)
    assert done.exit_code == 0 and "设成这个地址" in done.output, done.output
    wrong = run(replace(office.settings, files=bucket.at("wrong")), "prepare")
    assert "请检查 ANDU_FILES" in wrong.stderr
    done = run(office.settings, "move-files", "--to", "store")
    assert done.exit_code == 0 and "去掉 ANDU_FILES" in done.output
    assert run(replace(office.settings, files=""), "series", "check").exit_code == 0


def test_the_start_and_the_doctor_try_the_bucket(
    settings: Settings, bucket: buckets.Bucket, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = importlib.import_module("andu.cli.doctor")
    monkeypatch.setattr(doctor, "CHECKS", [one for one in doctor.CHECKS if one.__name__ == "_files"])
    there = replace(settings, files=bucket.address)
    assert run(there, "doctor").output.startswith("好\t存储桶 s3://office/")
    bucket.forgets = True
    for words in ("doctor", "prepare"):
        done = run(there, words)
        assert done.exit_code == 1 and "不守 If-None-Match" in done.output + done.stderr, words
    bucket.is_away = True
    done = run(there, "prepare")
    assert done.exit_code == 1 and "现在用不了" in done.stderr and KEY not in done.stderr
