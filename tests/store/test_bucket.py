"""Files in a bucket: whole, under their hash, written once; one that will not do is refused in words."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import obstore
import pytest

from andu.settings import ROOT, Settings, SettingsFault
from andu.store import Altered, FilesAway, Missing, Unreadable
from andu.store.bucket import Bucket, store_at
from tests.store import buckets
from tests.store.buckets import KEY, SECRET, bucket, server

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.sqlite, pytest.mark.xdist_group("bucket")]


def test_files_come_back_and_are_written_once(bucket: buckets.Bucket) -> None:
    files = Bucket(bucket.address)
    sha = files.put("墨迹".encode())
    written = bucket.writes
    assert files.put("墨迹".encode()) == sha and bucket.writes == written
    assert files.get(sha) == "墨迹".encode()
    assert files.all() == [sha] and Bucket(bucket.at("nobody")).all() == []
    assert files.gone() is None and files.sweep(2**40) == 0


def test_what_is_missing_or_altered_is_told_and_a_new_put_mends_it(bucket: buckets.Bucket) -> None:
    files = Bucket(bucket.address)
    sha = files.put(b"true")
    obstore.put(store_at(files.address), f"{sha[:2]}/{sha}", b"false")
    assert files.check(sha) == "altered"
    with pytest.raises(Altered):
        files.get(sha)
    files.put(b"true")
    assert files.check(sha) is None
    obstore.delete(store_at(files.address), f"{sha[:2]}/{sha}")
    assert files.check(sha) == "missing"
    with pytest.raises(Missing):
        files.get("../office.yaml")


def test_the_trial_leaves_nothing_behind(bucket: buckets.Bucket) -> None:
    Bucket(bucket.address).try_out()
    assert [one for some in obstore.list(store_at(bucket.address)) for one in some] == []


def test_a_bucket_that_would_be_written_over_is_refused(bucket: buckets.Bucket) -> None:
    bucket.forgets = True
    with pytest.raises(Unreadable, match="If-None-Match"):
        Bucket(bucket.address).try_out()
    assert [one for some in obstore.list(store_at(bucket.address)) for one in some] == []


@pytest.mark.parametrize("how", ["is_away", "refuses", "no bucket"])
def test_what_does_not_answer_is_said_without_a_key(
    how: str, bucket: buckets.Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    files = Bucket(bucket.address if how != "no bucket" else bucket.address.replace("//office", "//nothing"))
    if how != "no bucket":
        setattr(bucket, how, True)
    with caplog.at_level(logging.DEBUG), pytest.raises(FilesAway) as fault:
        files.put(b"words")
    told = f"{fault.value} {fault.value!r} {fault.value.__cause__} {caplog.text} {files.__dict__}"
    assert "存储桶 s3://" in told and KEY not in told and SECRET not in told


FORKS = """
import os, sys
from andu.store import bucket

if __name__ == "__main__":
    bucket.will_fork()
    files = bucket.Bucket(sys.argv[1])
    sha = files.put(b"before the fork")
    bucket.has_opened()
    if child := os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os._exit(0 if files.get(sha) == b"before the fork" and files.put(b"after it") else 1)
"""


def test_a_service_reads_and_writes_before_its_fork_and_after(bucket: buckets.Bucket, tmp_path: Path) -> None:
    program = tmp_path / "forks.py"
    program.write_text(FORKS)
    done = subprocess.run(
        [sys.executable, program, bucket.address], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=30
    )
    assert done.returncode == 0
    assert len(Bucket(bucket.address).all()) == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://s3.example/office",
        f"s3://{KEY}:{SECRET}@office",
        f"s3://office?endpoint=https://{KEY}:{SECRET}@s3.example",
        "s3://office?endpoint=file:///etc",
        "s3://office?key=1",
        "s3://",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDU_FILES", address)
    with pytest.raises(SettingsFault, match="ANDU_FILES") as fault:
        Settings.from_environment()
    assert SECRET not in str(fault.value)


def test_without_keys_no_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDU_FILES", "s3://office/andu?endpoint=http://127.0.0.1:9000")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    with pytest.raises(SettingsFault, match="AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY"):
        Settings.from_environment()
