"""Pages travel compressed, and nothing secret is written the same way twice on them."""

from __future__ import annotations

import gzip

import pytest

from tests.views.conftest import SignedIn
from tests.views.page import Visitor

ASKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize(
    "path", ["/", "/ledgers/clue_registration", "/register", "/static/css/andu.css", "/static/js/autosave.js"]
)
def test_what_a_browser_reads_is_packed_where_it_can_unpack_it(signed_in: SignedIn, path: str) -> None:
    visitor = signed_in("zhangsan")
    plain, packed = visitor.client.get(path), visitor.client.get(path, headers=ASKED)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    if path.startswith("/static"):
        assert gzip.decompress(packed.data) == plain.data
        again = {**ASKED, "If-None-Match": packed.headers["ETag"]}
        kept = visitor.client.get(path, headers=again)
        assert kept.status_code == 304
        kept.close()
    assert b"</html>" in gzip.decompress(packed.data) or path.startswith("/static")
    plain.close()
    packed.close()


@pytest.mark.parametrize("path", ["/static/mark.svg", "/session/alive"])
def test_what_is_small_stays_as_it_is(signed_in: SignedIn, path: str) -> None:
    answer = signed_in("zhangsan").client.get(path, headers=ASKED)
    assert "Content-Encoding" not in answer.headers
    answer.close()


def test_the_token_of_a_page_is_never_written_twice_alike_and_every_one_of_them_counts(
    signed_in: SignedIn,
) -> None:
    visitor = signed_in("zhangsan")
    said = set()
    for _n in range(3):
        visitor.get("/new")
        said |= set(visitor.page.xpath("//input[@name='csrf_token']/@value"))
    assert len(said) == 3, "each page its own"
    for token in said:
        answer = visitor.client.post(
            "/new/completion_report", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 302


@pytest.mark.parametrize("token", ["", "x", "AAAA", "====", "ä"])
def test_what_never_was_a_token_is_none(visitor: Visitor, signed_in: SignedIn, token: str) -> None:
    clerk = signed_in("zhangsan")
    answer = clerk.client.post(
        "/new/completion_report", data={"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 400
