"""Printing a list fetches nothing, runs nothing, takes no options from the page (threats S7, S8), comes out
at the size it asks for, and leaves rows whole.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from andu.papers import radicals, sheets
from andu.settings import ROOT


class Listener(HTTPServer):
    """A server that counts who calls, and sends some of them to a file."""

    hits: list[str]
    canary: str


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.hits.append(self.path)
            self.send_response(302 if "redirect" in self.path else 200)
            self.send_header("Location", server.canary)
            self.end_headers()
            self.wfile.write(b"leaked-from-the-network")

        def log_message(self, *_args: object) -> None:
            pass

    (tmp_path / "canary.html").write_text("<p>leaked-from-a-file</p>")
    (tmp_path / "link.html").symlink_to(tmp_path / "canary.html")
    server = Listener(("127.0.0.1", 0), Handler)
    server.hits, server.canary = [], (tmp_path / "canary.html").as_uri()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
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


def page_of(*parts: str) -> str:
    return (
        '<!doctype html><html><head><meta charset="utf-8"></head><body>' + "".join(parts) + "</body></html>"
    )


TAGS = [
    '<img src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<script src="{}"></script>',
    '<iframe src="{}"></iframe>',
    '<style>p {{ background: url("{}") }} @font-face {{ font-family: x; src: url("{}") }}</style>',
    '<object data="{}">other</object>',
    '<embed src="{}">',
    '<meta http-equiv="refresh" content="0;url={}">',
]


def places(listener: Listener, folder: Path) -> list[str]:
    """What a page must never reach: the network, a redirect to a file, a file by any way of naming it."""
    web = f"http://127.0.0.1:{listener.server_port}"
    climbing = "../" * 12 + str(folder / "canary.html").lstrip("/")
    return [f"{web}/x", f"{web}/redirect", listener.canary, climbing, (folder / "link.html").as_uri()]


@pytest.mark.parametrize("tag", TAGS, ids=[re.split(r"\W+", tag)[1] for tag in TAGS])
def test_a_page_reaches_neither_network_nor_files(tag: str, listener: Listener, tmp_path: Path) -> None:
    tags = [tag.format(place, place) for place in places(listener, tmp_path)]
    assert "leaked" not in printed(page_of("<p>words</p>", *tags))
    assert listener.hits == []


@pytest.mark.parametrize(
    ("proxy", "walls", "reached"),
    [(True, False, False), (False, True, False), (False, False, True)],
    ids=["proxy alone", "walls alone", "neither"],
)
def test_each_of_the_two_defences_keeps_the_network_away(
    proxy: bool, walls: bool, reached: bool, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not proxy:
        monkeypatch.delitem(sheets.OPTIONS, "proxy")
    if walls and not sheets._walls():
        pytest.skip("this machine lets nobody take the network away")
    if not walls:
        monkeypatch.setattr(sheets, "_walls", lambda: ())
    tags = [tag.format(*[f"http://127.0.0.1:{listener.server_port}/x"] * 2) for tag in TAGS[:4]]
    printed(page_of("<p>words</p>", *tags))
    assert bool(listener.hits) is reached


def test_only_the_option_keeps_files_away(
    listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sheets.OPTIONS, "disable-local-file-access")
    monkeypatch.setitem(sheets.OPTIONS, "enable-local-file-access", None)
    assert "leaked" in printed(page_of(f'<iframe src="{listener.canary}"></iframe>')), "the canary sings"


def test_a_page_runs_no_script() -> None:
    text = printed('<html><body>visible-words<script>document.write("by-script")</script></body></html>')
    assert "visible-words" in text
    assert "by-script" not in text


def test_the_command_line_is_the_same_whatever_the_page_says() -> None:
    page = """<html><head><meta name="pdfkit-enable-local-file-access" content="">
      <meta name="pdfkit-post-file" content="x /etc/passwd">
      <meta name="pdfkit-orientation" content="Landscape">
      </head><body>words --orientation Landscape</body></html>"""
    width, height = PdfReader(io.BytesIO(sheets.print_list(page))).pages[0].mediabox[2:]
    assert height > width, "the page was turned by its own meta tag"
    argv = sheets.command(page)
    ours = [word for name, value in sheets.OPTIONS.items() for word in (f"--{name}", value) if word]
    assert argv[argv.index("--encoding") :] == [*ours, "--quiet", "-", "sheet.pdf"]
    assert argv == sheets.command("<p>words</p>")


# --- what surrounds wkhtmltopdf --------------------------------------------------------------------


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script instead of wkhtmltopdf, to be written by the test."""
    script = tmp_path / "bin" / "wkhtmltopdf"
    script.parent.mkdir()
    script.touch(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.defpath}")
    return script


def test_a_print_knows_nothing_of_the_service_and_has_limits(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDU_SECRET", "canary")
    told = tmp_path / "told"
    lines = "ulimit -v; ulimit -t; ulimit -f; ulimit -c; ls -A; env"
    stand_in.write_text(f"#!/bin/bash\n({lines}) > {told}\necho nonsense > sheet.pdf\n")
    with pytest.raises(sheets.SheetFault, match="没有成功"):
        sheets.print_list("<p>words</p>")
    memory, seconds, output, core, *names = told.read_text().splitlines()
    assert (memory, seconds, output, core) == ("2097152", "50", "65536", "0")
    assert {name.split("=")[0] for name in names} <= {
        "PATH", "LC_ALL", "HOME", "TMPDIR", "XDG_RUNTIME_DIR", "PWD", "OLDPWD", "SHLVL", "_",
    }  # fmt: skip
    home = next(name for name in names if name.startswith("HOME=")).removeprefix("HOME=")
    assert not Path(home).exists(), "its folder was left behind"


def test_a_print_cannot_fill_the_disk(stand_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = [limit.replace("67108864", "100000") for limit in sheets.LIMITS]
    monkeypatch.setattr(sheets, "LIMITS", limits)
    sizes: list[int] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: sizes.append(path.stat().st_size) or read(path))
    stand_in.write_text("#!/bin/sh\nhead -c 9000000 /dev/zero > sheet.pdf\nexit 0\n")
    with pytest.raises(sheets.SheetFault):
        sheets.print_list("<p>words</p>")
    assert sizes == [100000]


def has_ended(status: Path) -> bool:
    """Whether a process is gone, or will be as soon as its parent asks; a killed one needs a moment."""
    for _attempt in range(50):
        try:
            if status.read_text().split()[2] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.1)
    return False


def test_a_print_that_hangs_is_given_up_with_all_it_started(
    stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    stand_in.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {child}\nwait\n")
    monkeypatch.setattr(sheets, "TIMEOUT", 1.0)
    sheets._walls()
    with pytest.raises(sheets.SheetFault, match="没有成功"):
        sheets.print_list("<p>words</p>")
    status = Path("/proc", child.read_text().strip(), "stat")
    assert has_ended(status)


def test_what_is_no_pdf_is_not_handed_out(stand_in: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.pdf"
    with PdfWriter() as writer:
        writer.add_blank_page(100, 100)
        writer.write(sound)
    for script in ("exit 0", "echo nonsense > sheet.pdf", f"cp {sound} sheet.pdf; exit 1"):
        stand_in.write_text(f"#!/bin/sh\n{script}\n")
        with pytest.raises(sheets.SheetFault, match="没有成功"):
            sheets.print_list("<p>words</p>")


def test_without_wkhtmltopdf_the_message_names_the_browsers_own_printing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sheets.SheetFault, match="浏览器的打印"):
        sheets.print_list("<p>words</p>")


# --- what comes out --------------------------------------------------------------------------------

STYLE = (ROOT / "static" / "css" / "sheet.css").read_text(encoding="utf-8")
ROWS = 200


def words_of(pdf: bytes, folder: Path) -> list[list[tuple[str, float, float, float]]]:
    """Of each page its words, as text, left edge, upper edge, and height of the line, in points."""
    path = folder / "list.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    word = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>')
    return [
        [(text, float(x), float(y), float(end) - float(y)) for x, y, end, text in word.findall(page)]
        for page in found.split("<page ")[1:]
    ]


@pytest.fixture(scope="module")
def long_list() -> bytes:
    """200 rows whose cells have one to eleven lines; each line of a row begins with the row's number."""
    rows = "".join(
        f'<tr><td class="no">{n}</td><td>{"<br>".join([f"r{n}"] * (1 + n * 7 % 11))}</td></tr>'
        for n in range(1, ROWS + 1)
    )
    head = '<thead class="running"><tr><th class="no">序</th><th>内容</th></tr></thead>'
    return sheets.print_list(
        page_of(f"<style>{STYLE}</style><h1>清单</h1><table>{head}<tbody>{rows}</tbody></table>")
    )


def test_no_row_is_parted_by_the_end_of_a_page(long_list: bytes, tmp_path: Path) -> None:
    pages = words_of(long_list, tmp_path)
    assert len(pages) > 10
    on = [{int(text[1:]) for text, *_rest in page if re.fullmatch(r"r\d+", text)} for page in pages]
    assert sum(map(len, on)) == ROWS, "a row stands on two pages"
    assert set().union(*on) == set(range(1, ROWS + 1))


def test_every_page_has_the_head_of_the_table_and_its_number(long_list: bytes, tmp_path: Path) -> None:
    pages = PdfReader(io.BytesIO(long_list)).pages
    for n, page in enumerate(pages, 1):
        text = "".join(page.extract_text().split())
        assert f"第{n}页，共{len(pages)}页" in text
        assert text.count("内容") == 1
    words = words_of(long_list, tmp_path)
    lefts = {round(x) for page in words for text, x, _y, _height in page if text == "序"}
    assert max(lefts) - min(lefts) <= 1, "heads stand apart from their columns"
    for page in words[1:]:
        head = next(y + height for text, _x, y, height in page if text == "内容")
        first = min(y for text, _x, y, _height in page if re.fullmatch(r"r\d+", text))
        assert 0 < first - head < 12, "the head touches neither its rows nor leaves them"


def test_a_wide_list_lies_across_with_its_heads_and_numbers(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>r{n}</td></tr>" for n in range(1, 61))
    table = f'<table><thead class="running"><tr><th>内容</th></tr></thead><tbody>{rows}</tbody></table>'
    pdf = sheets.print_across(page_of(f"<style>{STYLE}</style><h1>清单</h1>{table}"))
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 1 and {tuple(map(round, page.mediabox[2:])) for page in pages} == {(842, 595)}
    for n, page in enumerate(words_of(pdf, tmp_path), 1):
        said = "".join(text for text, *_rest in page)
        assert said.count("内容") == 1 and f"第{n}页，共{len(pages)}页" in said
        assert max(y + height for _text, _x, y, height in page) < 595


def test_a_short_list_has_no_page_number() -> None:
    assert "页" not in text_of(sheets.print_list(page_of("<p>一行字</p>")))


def test_sizes_and_margins_come_out_as_written(tmp_path: Path) -> None:
    text = '<p style="margin: 0; font-size: 10.5pt; line-height: 1">国国国国国国国国国国</p>'
    text += '<p style="margin: 100mm 0 0 50mm; font-size: 22pt; line-height: 1">大</p>'
    pdf = sheets.print_list(page_of("<style>body { margin: 0 }</style>", text))
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert [round(float(edge), 1) for edge in page.mediabox] == [0, 0, 595.3, 841.9]
    (small, big) = words_of(pdf, tmp_path)[0]
    millimetre = 72 / 25.4
    ratio = big[3] / small[3]
    assert ratio == pytest.approx(22 / 10.5, rel=0.02)
    assert small[1] == pytest.approx(sheets.SIDE * millimetre, abs=1)
    assert big[1] - small[1] == pytest.approx(50 * millimetre, rel=0.01)
    wide = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "list.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    left, right = re.findall(r'xMin="([\d.]+)".*?xMax="([\d.]+)".*?国', wide)[0]
    assert (float(right) - float(left)) / 10 == pytest.approx(10.5, rel=0.01)


def test_what_was_printed_can_be_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "镇长签字人民公安见证户口门牌车辆文件第一页黄龙村马鱼鸟一二三贝赤走足身长车辛"
    assert text_of(sheets.print_list(page_of(words))) == words
    monkeypatch.setattr(radicals, "CHARACTERS", {})
    assert "镇⻓" in text_of(sheets.print_list(page_of(words))), "wkhtmltopdf needs no correction any more"
