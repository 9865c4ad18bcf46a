"""Printing a list fetches nothing, runs nothing, and takes no options from the page (threats S7, S8)."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader

from andu.papers import sheets


class Listener(HTTPServer):
    """A server that counts who calls."""

    hits: list[str]


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.hits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"leaked-from-the-network")

        def log_message(self, *_args: object) -> None:
            pass

    server = Listener(("127.0.0.1", 0), Handler)
    server.hits = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def printed(page: str) -> str:
    """The text that was printed; nothing when the page was refused."""
    try:
        return text_of(sheets.print_list(page))
    except sheets.SheetFault:
        return ""


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{}">',
        '<iframe src="{}"></iframe>',
        '<link rel="stylesheet" href="{}">',
        '<object data="{}">',
    ],
)
def test_a_page_reaches_neither_network_nor_files(tag: str, listener: Listener, tmp_path: Path) -> None:
    canary = tmp_path / "canary.html"
    canary.write_text("leaked-from-a-file")
    for url in (f"http://127.0.0.1:{listener.server_port}/x", canary.as_uri()):
        assert "leaked" not in printed(f"<html><body><p>words</p>{tag.format(url)}</body></html>")
    assert listener.hits == []


def test_a_page_runs_no_script() -> None:
    text = printed('<html><body>visible-words<script>document.write("by-script")</script></body></html>')
    assert "visible-words" in text
    assert "by-script" not in text


def test_meta_tags_of_the_page_become_no_options() -> None:
    page = """<html><head><meta name="pdfkit-enable-local-file-access" content="">
      <meta name="pdfkit-post-file" content="x /etc/passwd">
      <meta name="pdfkit-orientation" content="Landscape">
      </head><body>words</body></html>"""
    width, height = PdfReader(io.BytesIO(sheets.print_list(page))).pages[0].mediabox[2:]
    assert height > width, "the page was turned by its own meta tag"
    argv = sheets.command(page)
    ours = [word for name, value in sheets.OPTIONS.items() for word in (f"--{name}", value) if word]
    assert argv[1:] == [*ours, "--quiet", "-", "-"]


def test_what_was_printed_can_be_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "镇长签字人民公安见证户口门牌车辆文件第一页黄龙村马鱼鸟一二三贝赤走足身长车辛"
    page = f'<html><head><meta charset="utf-8"></head><body>{words}</body></html>'
    assert text_of(sheets.print_list(page)) == words
    monkeypatch.setattr(sheets, "_CHARACTERS", {})
    assert "镇⻓" in text_of(sheets.print_list(page)), "wkhtmltopdf needs no correction any more"


def test_a_print_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "wkhtmltopdf").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    (tmp_path / "wkhtmltopdf").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.defpath}")
    monkeypatch.setattr(sheets, "TIMEOUT", 0.2)
    with pytest.raises(sheets.SheetFault, match="没有成功"):
        sheets.print_list("<p>words</p>")


def test_without_wkhtmltopdf_the_message_names_the_browsers_own_printing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sheets.SheetFault, match="浏览器的打印"):
        sheets.print_list("<p>words</p>")
