"""Many people at once from a table: good rows are made, each bad one is named, the list may come again."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from andu.office.office import Office
from andu.office.shelf import many_people
from andu.security import accounts
from tests.views.conftest import SignedIn
from tests.views.page import Visitor

FIRST = "chu-shi-mi-ma-2026"


def given(admin: Visitor, *rows: tuple[object, ...], heads: tuple[str, ...] = many_people.COLUMNS) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (heads, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    upload(admin, out.getvalue())


def upload(admin: Visitor, data: bytes) -> None:
    admin.get("/accounts/many")
    form = {**admin.filled("/accounts/many"), "file": (io.BytesIO(data), "名单.xlsx")}
    admin.post("/accounts/many", form, content_type="multipart/form-data")


def test_good_rows_are_made_and_bad_ones_named(signed_in: SignedIn, office: Office) -> None:
    admin = signed_in("wujiu")
    good = ("新一", "xinyi", "示例一村", "干部", 13800000000.0, "经办人、单位负责人", FIRST)
    bad = (
        ("新二", "xiner", "没有的村", "", "", "经办人", FIRST),
        ("新三", "xinsan", "示例一村", "", "", "村长", FIRST),
        ("新四", "xinsi", "示例一村", "", "", "经办人", "123"),
        ("", "xinwu", "示例一村", "", "", "经办人", FIRST),
        ("新六", "zhangsan", "示例一村", "", "", "经办人", FIRST),
    )
    given(admin, good, *bad)
    said = admin.text()
    assert "建立了 1 个账号" in said and "5 行有错" in said
    for words in ("没有“没有的村”这个单位", "没有“村长”这个角色", "没有写姓名", "已经有人用了"):
        assert words in said
    assert FIRST not in said
    made = accounts.by_username(office.store, "xinyi")
    assert made and (made.roles, made.phone, made.must_change) == (("clerk", "head"), "13800000000", True)
    given(admin, good)
    assert "建立了 0 个账号" in admin.text() and "1 个早就有了" in admin.text()


@pytest.mark.parametrize("data", [b"", b"no table", b"PK\x03\x04 broken"])
def test_what_is_no_list_gets_a_sentence(signed_in: SignedIn, data: bytes) -> None:
    admin = signed_in("wujiu")
    upload(admin, data)
    assert admin.page.xpath("//*[@id='file-wrong']"), admin.text()
    given(admin, ("甲",), heads=("姓名",))
    assert "第一行里没有这几列：用户名、单位、角色、初始密码" in admin.text()
