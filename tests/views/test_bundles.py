"""Several papers in one print, and a case taken along: whole, noted, and only what one may open."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256
from urllib.parse import unquote

from pypdf import PdfReader

from andu.office.books import register
from andu.office.issue import voiding
from andu.office.office import Office
from andu.office.records import Record
from tests.conftest import PASSWORD, People
from tests.office.conftest import Sign, Submit
from tests.views.conftest import SignedIn
from tests.views.page import Visitor


def _numbered(
    people: People, submit: Submit, sign: Sign, clerk: str = "zhangsan", head: str = "lisi"
) -> Record:
    record = submit(people[clerk], "clue_registration")
    return sign(people[head], sign(people[clerk], record))


def _pages(data: bytes) -> tuple[int, list[str]]:
    read = PdfReader(io.BytesIO(data))
    return len(read.pages), [str(one.title) for one in read.outline]  # type: ignore[union-attr]


def _noted(office: Office, event: str) -> list[str]:
    rows = office.store.rows_where("audit", "event = ?", [event], order_by="chain, seq")
    return [row["data"] for row in rows]


def _print(visitor: Visitor, *lines: str, both: bool = False) -> bytes:
    chosen = "&".join([*(f"paper={one}" for one in lines), *(["both=on"] if both else [])])
    response = visitor.get(f"/register/print?{chosen}&reason=装订案卷")
    return response.data if response.mimetype == "application/pdf" else b""


def test_several_papers_are_one_print(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    for _one in range(2):
        _numbered(people, submit, sign)
    far = _numbered(people, submit, sign, "zhengshier", "chenshisan")
    visitor = signed_in("zhangsan")
    visitor.get("/register")
    (form,) = visitor.page.xpath("//form[@action='/register/print']")
    lines = form.xpath(".//input[@name='paper']/@value")
    assert len(lines) == 2 and form.get("method") == "get"
    titles = ["DJ-XS-2026-0002 线索登记表", "DJ-XS-2026-0001 线索登记表"]
    assert _pages(_print(visitor, *lines, lines[0])) == (2, titles)
    assert _pages(_print(visitor, *lines, both=True)) == (4, titles)  # a sheet of its own for each
    assert len(_noted(office, "paper_printed")) == 4
    # nothing chosen, and what is another unit's, among one's own
    assert _print(visitor) == b"" and "还没有选" in visitor.text()
    other = register.of_record(office, people.zhengshier, far.id)
    assert other is not None and _print(visitor, lines[0], other.id) == b""
    assert len(_noted(office, "paper_printed")) == 4


def test_a_case_is_taken_along_whole(
    signed_in: SignedIn, office: Office, people: People, submit: Submit, sign: Sign
) -> None:
    clue = _numbered(people, submit, sign)
    visitor = signed_in("zhangsan")
    visitor.get(f"/cases/{clue.id}")
    links = visitor.page.xpath("//a[contains(@href, '/bundle.')]/@href")
    pdf, packed = (visitor.get(f"{link}?reason=装订案卷") for link in links)
    assert _pages(pdf.data) == (1, ["DJ-XS-2026-0001 线索登记表"])
    assert unquote(pdf.headers["Content-Disposition"]).endswith("案卷 DJ-XS-2026-0001.pdf")
    with zipfile.ZipFile(io.BytesIO(packed.data)) as bundle:
        listed = bundle.read("目录.txt").decode("utf-8-sig").splitlines()
        files = {name: bundle.read(name) for name in bundle.namelist()[1:]}
    entry = register.of_record(office, people.zhangsan, clue.id)
    assert entry is not None
    assert [sha256(data).hexdigest() for data in files.values()] == [entry.pdf_sha, entry.docx_sha]
    assert [line.split("\t")[4:] for line in listed[1:]] == [
        [name, sha256(data).hexdigest()] for name, data in files.items()
    ]
    assert [one.count('"kind":"pdf"') for one in _noted(office, "paper_downloaded")] == [1, 1, 0]
    # a voided paper says so in the bundle as it does alone
    voiding.void(office, people.zhaoliu, entry.id, "重复登记", PASSWORD, "10.0.0.1")
    voided = visitor.get(f"{links[0]}?reason=装订案卷")
    assert _pages(voided.data)[1] == ["【作废】DJ-XS-2026-0001 线索登记表"]
    assert voided.data != pdf.data
    # a file that was changed on the disk stops the whole, and says which it is
    office.files.path(entry.docx_sha).chmod(0o600)
    office.files.path(entry.docx_sha).write_bytes(b"x")
    visitor.get(f"{links[1]}?reason=装订案卷")
    assert "DJ-XS-2026-0001 的归档文件与登记的摘要不符" in visitor.text()
    # who may not see the case gets none of it, and who reads only takes nothing away
    assert signed_in("zhengshier").get(links[1]).status_code == 404
    assert signed_in("heshi").get(links[1]).status_code == 403
