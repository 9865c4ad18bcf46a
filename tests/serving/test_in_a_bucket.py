"""The office as script/server serves it, its files in a bucket: tried first, then open to every worker."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from andu.office.backup import moving
from andu.office.office import Office
from andu.settings import Settings
from andu.store import Files
from andu.store.bucket import Bucket
from tests.conftest import PASSWORD
from tests.service import served
from tests.serving.test_on_postgresql import wire
from tests.store import buckets
from tests.store.buckets import KEY, bucket, server
from tests.views.page import Visitor
from tests.views.walking import Walk

__all__ = ["bucket", "server"]
pytestmark = [pytest.mark.sqlite, pytest.mark.soak]


def test_forked_workers_file_into_the_bucket_and_a_bad_one_stops_the_start(
    founded: Path, tmp_path: Path, bucket: buckets.Bucket
) -> None:
    settings = Settings(instance=tmp_path / "instance", files=bucket.address)
    shutil.copytree(founded, settings.instance)
    moving.copy_files(Files(settings.instance / "files"), Bucket(bucket.address))
    shutil.rmtree(settings.instance / "files")
    service = served(settings)
    office = Office.open_anyway(settings)
    try:
        walk = Walk(office, _visitors(service.port))
        sheet = walk.fill("zhangsan", "completion_report")
        walk.sign("lisi", sheet)
        walk.sign("zhaoliu", sheet)
        for _try in range(300):
            if (row := office.store.rows_where("register")[:1]) and row[0]["pdf_sha"]:
                break
            time.sleep(0.1)
        for _one in range(6):  # whichever worker it comes to
            pdf = walk.as_("zhaoliu").get(f"/register/{row[0]['id']}/open")
            assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF"), service.log()
    finally:
        office.store.close()
        service.stop()
    bucket.forgets = True
    with pytest.raises(AssertionError, match="不守 If-None-Match") as stopped:
        service.start()
    assert KEY not in str(stopped.value)


def _visitors(port: int) -> Callable[[str], Visitor]:
    def come(username: str) -> Visitor:
        visitor = Visitor(wire(port))
        visitor.sign_in(username, PASSWORD)
        return visitor

    return come
