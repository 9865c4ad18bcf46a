"""The office as script/server serves it, on a PostgreSQL: what people do goes through HTTP."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from andu import cli
from andu.office.backup import moving
from andu.office.books import register
from andu.office.books.register import Entry
from andu.office.office import Office
from andu.security import accounts, audit
from andu.settings import Settings
from tests.conftest import PASSWORD
from tests.service import Service, served
from tests.store.postgresql import Server
from tests.views.page import Visitor
from tests.views.walking import Walk

pytestmark = pytest.mark.sqlite  # the service itself says where its store is


@dataclass
class There:
    """A served office, and the server its store is on."""

    service: Service
    server: Server
    office: Office

    def visitor(self, username: str) -> Visitor:
        """Somebody who signed in at the service."""
        visitor = Visitor(wire(self.service.port))
        visitor.sign_in(username, PASSWORD)
        assert visitor.path == "/"
        return visitor

    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self.service.process is not None
        master = self.service.process.pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def filed(self, record_id: str) -> Entry:
        """What the register says once the paper is filed, which a thread of the service does."""
        director = accounts.by_username(self.office.store, "zhaoliu")
        assert director is not None
        for _try in range(200):
            entry = register.of_record(self.office, director, record_id)
            if entry and entry.pdf_sha:
                return entry
            time.sleep(0.1)
        raise AssertionError(self.service.log())


def wire(port: int, host: str = "127.0.0.1") -> Flask:
    """An app that answers what the service on this port answers."""

    def ask(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or (name == "CONTENT_TYPE" and value)
        }
        path = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")
        body = environ["wsgi.input"].read(size)
        with closing(http.client.HTTPConnection(host, port, timeout=60)) as one:
            one.request(environ["REQUEST_METHOD"], path, body, {**headers, "Host": f"{host}:{port}"})
            answer = one.getresponse()
            start(f"{answer.status} {answer.reason}", answer.getheaders())
            return [answer.read()]

    app = Flask("wire")
    app.wsgi_app = ask  # type: ignore[method-assign,assignment]
    return app


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server("fsync=off")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def there(founded: Path, tmp_path: Path, server: Server) -> Iterator[There]:
    instance = tmp_path / "instance"
    shutil.copytree(founded, instance)
    begun = Office.open_anyway(Settings(instance=instance))
    audit.publish_heads(begun.store, begun.clock, begun.heads)
    moving.move(begun, server.address, "psycopg")
    begun.store.close()
    settings = Settings(instance=instance, store=server.address)
    service = served(settings)
    office = Office.open_anyway(settings)
    yield There(service, server, office)
    office.store.close()
    service.stop()


def test_a_paper_goes_from_its_form_to_its_file_while_workers_and_the_server_are_killed(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = Walk(there.office, there.visitor)
    report = walk.fill("zhangsan", "completion_report")
    for worker in there.workers():
        os.kill(worker, signal.SIGKILL)
        walk.text("lisi", f"/records/{report}")
    walk.sign("lisi", report)
    os.kill(there.server.postmaster(), signal.SIGKILL)
    there.server.start_again()
    walk.sign("zhaoliu", report)
    entry = there.filed(report)
    pdf = walk.as_("zhaoliu").get(f"/register/{entry.id}/download/pdf")
    assert pdf.status_code == 200 and pdf.data.startswith(b"%PDF")

    # the commands are at work on the same database
    monkeypatch.setenv("ANDU_INSTANCE", str(there.office.settings.instance))
    monkeypatch.setenv("ANDU_STORE", there.office.settings.store)
    for words in (["series", "check"], ["audit", "verify"]):
        done = CliRunner().invoke(cli.main, words)
        assert done.exit_code == 0, done.output
