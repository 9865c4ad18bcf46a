"""The manual: every button it names exists, every heading a screen leads to is there, every picture too."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from andu.formtypes.roles import ROLES
from andu.office.office import Office
from andu.settings import ROOT
from andu.views import manual
from tests.views.conftest import SignedIn
from tests.views.test_access_matrix import ROWS

PAGES = sorted(manual.MANUAL.glob("*.md"))
BOLD = re.compile(r"\*\*(.+?)\*\*")
SAID = re.compile(r"""_l?\(\s*(?P<quote>['"])(?P<text>.+?)(?P=quote)""")
HOLE = re.compile(r"%\(\w+\)s")
NOT_A_BUTTON = {"点了同意还不是签字"}


def words_of_screens() -> set[str]:
    """Every sentence that a screen can show, with what is put into it left open."""
    files = [*(ROOT / "andu").rglob("*.html"), *(ROOT / "andu").rglob("*.py")]
    return {found["text"] for path in files for found in SAID.finditer(path.read_text("utf-8"))}


def is_on_a_screen(name: str, said: set[str]) -> bool:
    if name in said:
        return True
    open_ones = [HOLE.split(one) for one in said if HOLE.search(one)]
    worded = [parts for parts in open_ones if len("".join(parts)) > 2]
    return any(re.fullmatch(".+".join(map(re.escape, parts)), name) for parts in worded)


@pytest.mark.parametrize("page", PAGES, ids=[one.stem for one in PAGES])
def test_every_button_that_the_manual_names_exists(page: Path) -> None:
    said = words_of_screens()
    named = {one for one in BOLD.findall(page.read_text("utf-8")) if one not in NOT_A_BUTTON}
    assert named or page.stem == "operator"
    assert [one for one in sorted(named) if not is_on_a_screen(one, said)] == []


def test_a_button_that_is_nowhere_is_noticed() -> None:
    assert not is_on_a_screen("立即销毁", words_of_screens())


def test_the_roles_of_the_manual_are_those_of_the_office() -> None:
    rows = re.findall(r"^\| ([^|]+?) \| [^|]+ \|$", (manual.MANUAL / "admin.md").read_text("utf-8"), re.M)
    assert set(rows) - {"角色", "---"} == set(ROLES.values())


def test_every_screen_leads_to_a_heading_that_is_there(office: Office) -> None:
    known = {page: manual.rendered(manual.MANUAL / f"{page}.md", 0)[1] for page in manual.PAGES}
    for screen, place in (*manual.screens().items(), *manual.desks().items()):
        page, _hash, heading = place.partition("#")
        assert not heading or heading in known[page], f"{screen}: {place}"
    named = set(manual.screens())
    pages = {endpoint for method, endpoint, _letters in ROWS if method == "GET"}
    pages = {one for one in pages if not one.startswith(("api.", "static"))}
    assert {one for one in pages if not {one, one.partition(".")[0]} & named} == set()
    assert {one.partition(".")[0] for one in named} <= {one.partition(".")[0] for one in pages}


@pytest.mark.parametrize("who", ["zhangsan", "sunqi", "wujiu", "heshi"])
def test_the_manual_is_served_whole_and_each_page_leads_to_its_part(signed_in: SignedIn, who: str) -> None:
    visitor = signed_in(who)
    (link,) = visitor.page.xpath("//header//a[text()='帮助']/@href")
    assert link.startswith("/help/")
    for page in manual.PAGES:
        assert visitor.get(f"/help/{page}").status_code == 200
        for name in visitor.page.xpath("//article//img/@src"):
            picture = visitor.client.get(f"/help/{name}")
            assert picture.data.startswith(b"\x89PNG"), name
            picture.close()
        for image in visitor.page.xpath("//article//img"):
            assert image.get("alt")
    assert visitor.get("/help/never").status_code == 404
    assert visitor.get("/help/never.png").status_code == 404


def test_the_way_to_help_is_that_of_the_screen(signed_in: SignedIn) -> None:
    visitor = signed_in("lisi")
    visitor.get("/queue")
    assert visitor.page.xpath("//header//a[text()='帮助']/@href") == [f"/help/signatory#{quote('签一份')}"]


@pytest.mark.parametrize(
    ("who", "where"),
    [("wujiu", "admin#第一次设置"), ("sunqi", "signatory#签一份"), ("lisi", "clerk#填一张新表")],
)
def test_the_desk_leads_each_to_what_they_are_there_for(signed_in: SignedIn, who: str, where: str) -> None:
    visitor = signed_in(who)
    visitor.get("/")
    page, _hash, heading = where.partition("#")
    assert visitor.page.xpath("//header//a[text()='帮助']/@href") == [f"/help/{page}#{quote(heading)}"]


def test_a_line_of_the_file_ends_without_a_blank_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("先点 **保存**；\n再看 **设置**\n和编号 QJ\nor two words\n", "utf-8")
    shown = manual.rendered(page, 0)[0]
    assert "</strong>；再看 <strong>设置</strong>和编号 QJ\nor two words" in shown


def test_the_commands_and_files_that_the_manual_names_exist() -> None:
    text = (manual.MANUAL / "operator.md").read_text("utf-8")
    for name in re.findall(r"(?:deploy|script|forms|offices|doc_templates)/[\w.-]+", text):
        assert (ROOT / name).exists(), name
