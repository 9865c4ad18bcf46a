"""An XLSForm is uploaded, becomes a draft of a form type, and is published."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from andu.office.errors import Refused
from andu.office.office import Office
from andu.office.shelf import xlsforms
from tests.conftest import People
from tests.papers.test_xlsforms import AGREES, NAME, xlsform
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.test_designs import publish


def upload(admin: Visitor, data: bytes) -> None:
    admin.get("/designs/new")
    admin.post(
        "/designs/xlsform", {"xlsform": (io.BytesIO(data), "a.xlsx")}, content_type="multipart/form-data"
    )


def test_an_xlsform_becomes_a_draft_that_can_be_published(signed_in: SignedIn) -> None:
    admin = signed_in("wujiu")
    upload(admin, xlsform([NAME, AGREES, {"type": "geopoint", "name": "gp", "label": "位置"}]))
    design = admin.path
    assert "姓名" in admin.text() and "是否同意" in admin.text()
    assert "没有“geopoint”这种栏目" in admin.text() and "第 4 行" in admin.text()
    publish(admin, design)
    assert "已发布" in admin.text()


def another_workbook() -> bytes:
    """A list of something else."""
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A small file that unpacks to a large one."""
    out = io.BytesIO(xlsform([NAME]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/more.xml", b" " * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "请选择"),
        (b"no spreadsheet", "不是能读的 xlsx 文件"),
        (b"PK\x03\x04" + b"\0" * 100, "不是能读的 xlsx 文件"),
        (another_workbook(), "survey"),
        (bomb(), "不是能读的 xlsx 文件"),
        (xlsform([{"type": "geopoint", "name": "gp", "label": "位置"}]), "没有能用的栏目"),
    ],
    ids=["nothing", "text", "broken", "another", "bomb", "nothing to fill"],
)
def test_a_wrong_upload_is_answered_beside_its_box_and_nothing_is_kept(
    signed_in: SignedIn, office: Office, data: bytes, words: str
) -> None:
    admin = signed_in("wujiu")
    upload(admin, data)
    assert words in admin.page.get_element_by_id("xlsform-wrong").text_content()
    assert office.store.count("form_design") == 0


def test_a_file_that_is_too_large_is_refused_before_it_is_read(office: Office, people: People) -> None:
    with pytest.raises(Refused, match="文件太大"):
        xlsforms.take_in(office, people.wujiu, b"P" * (xlsforms.LARGEST + 1))
