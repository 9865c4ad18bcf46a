"""The LibreOffice that stays open: whatever happens to it, the next paper meets one that works."""

from __future__ import annotations

import base64
import http.server
import io
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from pypdf import PdfReader

from andu.papers.pdf import Converter, PdfFault, soffice
from andu.settings import ROOT, Settings

FONTS = Settings().fonts
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
ATTACHED_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


def paper(words: str) -> bytes:
    """One page with these words."""
    made = Document()
    made.add_paragraph(words)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace(" ", "")


OTHERS: set[int] = set()
"""The processes that earlier tests have left running, an open LibreOffice say."""


@pytest.fixture(autouse=True)
def others() -> None:
    OTHERS.clear()
    OTHERS.update(descendants(os.getpid()))


def descendants(pid: int) -> dict[int, str]:
    """The living processes below one, and their names; without those of earlier tests."""
    rows = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,comm="], capture_output=True, text=True, check=True)
    children: dict[int, list[tuple[int, str]]] = {}
    for row in rows.stdout.splitlines():
        one, parent, state, name = row.split(maxsplit=3)
        if not state.startswith("Z"):
            children.setdefault(int(parent), []).append((int(one), name))
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for one, name in children.get(waiting.pop(), []):
            if one not in OTHERS:
                found[one] = name
                waiting.append(one)
    return found


def running(pid: int = 0) -> list[int]:
    """Every LibreOffice below this process, or another."""
    return [one for one, name in descendants(pid or os.getpid()).items() if name.startswith("soffice.bin")]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def in_time(holds: object, seconds: float = 10.0) -> bool:
    """Whether it comes true within so many seconds."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def never_cold(*_paper: object) -> None:
    raise PdfFault("started cold")


@pytest.fixture
def converter(monkeypatch: pytest.MonkeyPatch) -> Iterator[Converter]:
    """A converter that may not take the cold way."""
    monkeypatch.setattr(soffice, "cold", never_cold)
    converter = Converter(FONTS)
    yield converter
    converter.close()


def test_papers_come_from_one_libreoffice_that_stays_open(converter: Converter) -> None:
    assert text(converter.to_pdf(paper("第一份"))) == "第一份"
    (first,) = running()
    assert text(converter.to_pdf(paper("第二份"))) == "第二份"
    assert running() == [first]


def test_after_a_killed_libreoffice_the_next_paper_is_made(converter: Converter) -> None:
    converter.to_pdf(paper("先"))
    (killed,) = running()
    os.kill(killed, signal.SIGKILL)
    assert text(converter.to_pdf(paper("后"))) == "后"
    assert killed not in running()


def test_after_a_killed_script_the_next_paper_is_made_and_no_libreoffice_is_left_over(
    converter: Converter,
) -> None:
    converter.to_pdf(paper("先"))
    (left,) = running()
    (script,) = [pid for pid, name in descendants(os.getpid()).items() if name.startswith("python3")]
    os.kill(script, signal.SIGKILL)
    assert in_time(lambda: not alive(left))
    assert text(converter.to_pdf(paper("后"))) == "后"


def test_a_libreoffice_that_hangs_is_given_up_and_the_next_paper_is_made(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    converter.to_pdf(paper("先"))
    (hung,) = running()
    os.kill(hung, signal.SIGSTOP)
    monkeypatch.setattr(soffice, "TIMEOUT", 0.5)
    with pytest.raises(PdfFault, match="超时"):
        converter.to_pdf(paper("中"))
    assert not alive(hung)
    monkeypatch.setattr(soffice, "TIMEOUT", 60.0)
    assert text(converter.to_pdf(paper("后"))) == "后"


def test_it_is_opened_anew_after_so_many_papers(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soffice, "RECYCLE", 2)
    converter.to_pdf(paper("一"))
    (first,) = running()
    converter.to_pdf(paper("二"))
    assert running() == []
    converter.to_pdf(paper("三"))
    assert first not in running()


def test_it_closes_when_nobody_asks_and_opens_when_somebody_does(
    converter: Converter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soffice, "IDLE", 0.1)
    converter.to_pdf(paper("一"))
    assert in_time(lambda: running() == [])
    assert text(converter.to_pdf(paper("二"))) == "二"


@pytest.mark.parametrize(
    "breaks",
    [
        lambda: paper("半份")[:9000],
        lambda: "一个文本文件".encode(),
        lambda: zipped({"word/other.xml": b"<a/>"}),
        lambda: zipped({"word/document.xml": b"<a>"}),
        lambda: zipped({"word/document.xml": b"<w:document><w:body>" + b"<w:tbl><w:tr><w:tc>" * 4000}),
        lambda: zipped({"word/document.xml": b" " * 1_000_000}, claims=1 << 31),
    ],
    ids=["truncated", "text", "no document", "broken xml", "nested without end", "bomb"],
)
def test_a_broken_file_fails_alone(converter: Converter, breaks: object) -> None:
    assert callable(breaks)
    found = converter.many([paper("前"), breaks(), paper("后")])
    assert isinstance(found[1], PdfFault)
    assert [text(one) for one in (found[0], found[2]) if isinstance(one, bytes)] == ["前", "后"]


def zipped(parts: dict[str, bytes], claims: int = 0) -> bytes:
    """A zip of these parts; ``claims`` is the size that its directory says the last one has."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
        if claims:
            package.infolist()[-1].file_size = claims
    return out.getvalue()


def test_many_papers_from_many_threads_are_each_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "cold", never_cold)
    converter = Converter(FONTS, 2)
    words = [f"第{n}份文书" for n in range(20)]
    with ThreadPoolExecutor(20) as clerks:
        made = list(clerks.map(lambda one: text(converter.to_pdf(paper(one))), words))
    assert made == words
    assert len(running()) == 2
    converter.close()
    assert running() == []


def test_a_converter_that_is_gone_leaves_no_process_and_no_folder() -> None:
    converter = Converter(FONTS)
    converter.to_pdf(paper("一"))
    home = next(Path(one) for one in open_homes() if Path(one).exists())
    del converter
    assert running() == []
    assert not home.exists()


def open_homes() -> list[str]:
    """The folders of the LibreOffices below this process."""
    words = [Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in running()]
    return [found[1] for word in words if (found := re.search("UserInstallation=file://(.*?)/profile", word))]


def test_nothing_is_left_when_the_service_is_killed() -> None:
    code = (
        "import sys, time; from pathlib import Path; from andu.papers.pdf import Converter;"
        "converter = Converter(Path(sys.argv[1])); converter.to_pdf(sys.stdin.buffer.read());"
        "print('made', flush=True); time.sleep(60)"
    )
    service = subprocess.Popen(
        [sys.executable, "-c", code, str(FONTS)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert service.stdin and service.stdout
    service.stdin.write(paper("一"))
    service.stdin.close()
    assert service.stdout.readline() == b"made\n"
    below = descendants(service.pid)
    home = next(Path(one) for one in open_homes() if Path(one).exists())
    assert len(running(service.pid)) == 1
    service.kill()
    service.wait()
    service.stdout.close()
    assert in_time(lambda: not any(alive(pid) for pid in below))
    assert in_time(lambda: not home.exists())


def test_after_a_fork_the_child_opens_its_own(converter: Converter) -> None:
    converter.to_pdf(paper("父"))
    (ours,) = running()
    child = os.fork()
    if child == 0:  # never back into pytest
        good = text(converter.to_pdf(paper("子"))) == "子" and ours not in running()
        converter.close()
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert running() == [ours]
    assert text(converter.to_pdf(paper("父"))) == "父"


def test_where_uno_is_missing_papers_are_made_cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_uno = tmp_path / "python3"
    without_uno.write_text('#!/bin/sh\necho "{\\"fault\\": \\"no uno\\"}"\n')
    without_uno.chmod(0o755)
    monkeypatch.setattr(soffice, "PYTHON", str(without_uno))
    converter = Converter(FONTS)
    assert text(converter.to_pdf(paper("冷"))) == "冷"
    assert running() == []
    without_uno.write_text("#!/bin/sh\nsleep 60\n")  # and it is not tried again for every paper
    assert text(converter.to_pdf(paper("还是冷"))) == "还是冷"


def test_where_the_warm_one_ends_again_and_again_a_paper_is_made_cold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ends = tmp_path / "python3"
    ends.write_text(f"#!/bin/sh\necho '{{\"done\": true}}'\necho >>{tmp_path}/started\nread line\n")
    ends.chmod(0o755)
    monkeypatch.setattr(soffice, "PYTHON", str(ends))
    assert text(Converter(FONTS).to_pdf(paper("冷"))) == "冷"
    assert len((tmp_path / "started").read_text()) == 2


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine: its address, and what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - LibreOffice asks in all of these ways

        def log_message(self, *_words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def calling(address: str) -> bytes:
    """A paper with a picture, a template, a field and a link that lie elsewhere."""
    made = Document()
    made.add_paragraph("外部内容")
    blip = made.add_paragraph().add_run().add_picture(io.BytesIO(DOT))._inline.xpath(".//a:blip")[0]
    picture = made.part.relate_to(f"{address}/picture.png", RELATIONSHIP_TYPE.IMAGE, is_external=True)
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), picture)
    field = made.add_paragraph().add_run()
    for kind, words in (("begin", None), (None, f'INCLUDEPICTURE "{address}/field.png" \\d'), ("end", None)):
        field._r.append(parse_xml(field_part(kind, words)))
    settings = made.part._settings_part
    template = settings.relate_to(f"{address}/template.dotm", ATTACHED_TEMPLATE, is_external=True)
    settings.element.append(
        parse_xml(
            '<w:attachedTemplate xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
            ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
            f' r:id="{template}"/>'
        )
    )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def field_part(kind: str | None, words: str | None) -> str:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    if kind:
        return f'<w:fldChar {space} w:fldCharType="{kind}"/>'
    return f"<w:instrText {space}>{words}</w:instrText>"


@pytest.mark.parametrize("permitted", [True, False], ids=["without network", "network not taken away"])
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_nothing_is_fetched(
    listener: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, permitted: bool, warm: bool
) -> None:
    address, asked = listener
    if not permitted:
        monkeypatch.setattr(soffice, "without_network", lambda: ())
    if not warm:
        monkeypatch.setattr(soffice, "PYTHON", "/bin/false")
    pdf = Converter(FONTS).to_pdf(calling(address))
    assert "外部内容" in text(pdf)
    assert asked == []


def test_libreoffice_has_no_network_where_the_machine_permits(converter: Converter) -> None:
    if not soffice.without_network():
        pytest.skip("this machine permits no unshare")
    converter.to_pdf(paper("一"))
    (there,) = running()
    assert os.readlink(f"/proc/{there}/ns/net") != os.readlink("/proc/self/ns/net")


def test_where_the_machine_does_not_permit_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "unshare").chmod(0o755)
    monkeypatch.setattr("os.defpath", str(tmp_path))
    soffice.without_network.cache_clear()
    assert [soffice.without_network(), soffice.without_network()] == [(), ()]
    soffice.without_network.cache_clear()
    assert len([one for one in caplog.messages if "unshare" in one]) == 1


@pytest.mark.parametrize(
    "name", ["com.sun.star.lang.DisposedException", "com.sun.star.uno.RuntimeException", "SomeOther"]
)
def test_end_of_libreoffice_is_told_from_a_bad_paper_whatever_it_is_called(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from andu.papers.pdf import soffice_server

    class Dead:
        """What is left of one: each call raises what pyuno raises, and its process is not yet gone."""

        def getFrames(self) -> None:
            raise type(name, (Exception,), {})("Binary URP bridge disposed during call")

    left: list[str] = []
    warm = soffice_server.Warm.__new__(soffice_server.Warm)
    warm.desktop, warm.process = Dead(), subprocess.Popen(["/bin/sleep", "30"])
    monkeypatch.setattr(warm, "convert", lambda *_paths: warm.desktop.getFrames())
    monkeypatch.setattr(warm, "leave", lambda: left.append("left"))
    monkeypatch.setattr(soffice_server, "say", lambda **_answer: None)
    asked = soffice_server.Asked.__new__(soffice_server.Asked)
    asked.warm, asked.lines = warm, queue.Queue()
    asked.lines.put(b'{"docx": "a", "pdf": "b"}')
    try:
        asked.answer()
    finally:
        warm.process.kill()
        warm.process.wait()
    assert left == ["left"]


def with_comment() -> bytes:
    """A paper with a comment: its conversion makes a warm LibreOffice 7.4 abort."""
    made = Document()
    run = made.add_paragraph().add_run("有批注的文字")
    made.add_comment(run, text="请核对", author="张三", initials="张")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_paper_on_which_the_warm_one_dies_is_made_cold_and_not_called_bad() -> None:
    converter = Converter(FONTS)
    assert "有批注的文字" in text(converter.to_pdf(with_comment()))
    assert "下一份" in text(converter.to_pdf(paper("下一份")))
    converter.close()


def test_paper_that_a_warm_one_declines_is_bad_only_if_a_cold_one_declines_it_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soffice.Office, "_ask", lambda *_words: {"fault": "com.sun.star.io.IOException"})
    assert "其实完好" in text(Converter(FONTS).to_pdf(paper("其实完好")))
