"""Another language: every word of the screens can be told in it, each person chooses, and no paper, no answer
and no row of the database ever speaks it."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import flask_babel
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from andu.office.office import Office
from andu.security import own_settings
from andu.settings import ROOT
from andu.views import language
from tests.conftest import PASSWORD, People
from tests.views.conftest import SignedIn
from tests.views.page import Visitor
from tests.views.walking import Walk

ENGLISH = ROOT / "andu" / "translations" / "en" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u3007\u4e00-\u9fff]")
HOLE = re.compile(r"%\(\w+\)s|\{\}")
VIEWS = sorted((ROOT / "andu" / "views").glob("*.py"))
SHEETS = {
    "printing/sheet.html", "printing/desk.html", "printing/proof.html", "printing/statistics_sheet.html",
    "register/list.html", "ledgers/list.html", "figures/sheet.html",
}  # fmt: skip
"""What is printed, and speaks the language of the office."""
VALUES = {"同意", "是", "否"}
"""Words of answers."""
MARK = "\u2060"


def extracted(to: Path) -> Catalog:
    """The strings that the screens have now, as pybabel reads them."""
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-k",
        "_l",
    ]
    subprocess.run([*command, "-o", str(to), "."], cwd=ROOT, check=True, capture_output=True)
    with to.open("rb") as file:
        return read_po(file)


@pytest.mark.skipif(not ENGLISH.exists(), reason="no catalogue yet")
def test_the_english_catalogue_has_every_word_of_the_screens(tmp_path: Path) -> None:
    with (ENGLISH / "messages.po").open("rb") as file:
        english = {one.id: one for one in read_po(file, locale="en") if one.id}
    now = {one.id for one in extracted(tmp_path / "now.pot") if one.id}
    missing = sorted(now - set(english)) + sorted(
        key for key, one in english.items() if not one.string or one.fuzzy
    )
    assert missing == [], f"{len(missing)} to be translated in {ENGLISH}: " + json.dumps(
        missing, ensure_ascii=False
    )
    assert sorted(set(english) - now) == [], "no screen says these any more"
    assert [
        key for key, one in english.items() if set(HOLE.findall(key)) != set(HOLE.findall(one.string))
    ] == []
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = {one.id: one.string for one in read_mo(file) if one.id}
    assert compiled == {key: one.string for key, one in english.items()}, "pybabel compile was forgotten"


def texts_of(template: Path) -> Iterator[str]:
    """The words of a template that no ``_()`` can translate."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template.read_text("utf-8"))  # noqa: S701 - not rendered
    told = {id(arg) for call in tree.find_all(nodes.Call) for arg in _messages(call)}
    yield from (one.data for one in tree.find_all(nodes.TemplateData))
    for const in tree.find_all(nodes.Const):
        if isinstance(const.value, str) and id(const) not in told and const.value not in VALUES:
            yield const.value


def _messages(call: nodes.Call) -> list[nodes.Node]:
    return list(call.args) if isinstance(call.node, nodes.Name) and call.node.name == "_" else []


def _is_message(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in ("_", "_l", "gettext", "lazy_gettext")


def strings_of(module: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module outside of ``_()``, with their lines; docstrings and values are none."""
    tree = ast.parse(module.read_text("utf-8"))
    told = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _is_message(call)
        for part in ast.walk(call)
    }
    told |= {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


PUNCTUATION = re.compile(r"[，。；：、（）“”《》？！·—…\s]+")


def test_no_chinese_word_of_the_screens_escapes_translation() -> None:
    folder = ROOT / "andu" / "templates"
    escaped = [
        f"{template.relative_to(folder)}: {text.strip()[:60]}"
        for template in sorted(folder.rglob("*.html"))
        if str(template.relative_to(folder)) not in SHEETS
        for text in texts_of(template)
        if CHINESE.search(text)
    ]
    escaped += [
        f"{module.name}:{line}: {text[:60]}"
        for module in VIEWS
        for line, text in strings_of(module)
        if CHINESE.search(text) and text not in VALUES | {"中文"}
    ]
    escaped += [
        f"{script.name}: {line.strip()[:80]}"
        for script in sorted((ROOT / "static" / "js").glob("*.js"))
        for line in script.read_text("utf-8").splitlines()
        if CHINESE.search(line.partition("//")[0]) and "new Set(" not in line
    ]
    assert escaped == []


class Marked(flask_babel.support.NullTranslations):
    """Every message with a mark at its end that nobody sees."""

    def gettext(self, message: str) -> str:
        return message + MARK if message else message

    ugettext = gettext


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch, office: Office, people: People) -> None:
    """Everybody reads another language, whose every message is marked."""
    plain = flask_babel.support.NullTranslations()

    def translations(_domain: object) -> object:
        locale = flask_babel.get_locale()
        return Marked() if locale is not None and locale.language == "en" else plain

    monkeypatch.setattr(language.Catalogues, "get_translations", translations)
    monkeypatch.setattr(language, "offered", lambda: language.LANGUAGES)
    with office.store.write():
        for one in people.values():
            own_settings.put(office.store, one.id, language.SETTING, "en")


def leaks(office: Office) -> list[str]:
    """Where a message of the screens was written down: in the database, or in a file."""
    found = []
    tables = office.store.query("SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in {row["name"] for row in tables} - {"session"}:
        for row in office.store.query(f"SELECT * FROM [{table}]"):  # noqa: S608 - names of tables
            found += [f"{table}.{key}: {value}"[:300] for key, value in row.items() if MARK in str(value)]
    for sha in office.files.all():
        data = office.files.get(sha)
        parts = [data]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                parts = [package.read(name) for name in package.namelist()]
        found += [f"file {sha}" for part in parts if MARK.encode() in part]
    return found


def test_what_is_written_down_or_printed_speaks_no_other_language(
    marked: None, office: Office, signed_in: SignedIn
) -> None:
    walk = Walk(office, signed_in)
    clue = walk.fill("zhangsan", "clue_registration", reporter_name="李某（示例）")
    visitor = walk.as_("zhangsan")
    visitor.get("/queue")
    assert MARK in visitor.text(), "the screens do speak it"
    visitor.get(f"/records/{clue}/sign")
    assert MARK not in visitor.page.xpath("string(//textarea[@name='opinion'])"), "it would be signed"
    walk.sign("zhangsan", clue)
    walk.sign("lisi", clue)
    report = walk.fill("zhangsan", "completion_report")
    walk.decline("lisi", report, "事实不清，请补充")
    walk.wait(days=10)
    visitor = walk.as_("zhaoliu")
    visitor.get("/ledgers/clue_registration?month=2026-11")
    visitor.post("/ledgers/clue_registration/close", {"month": "2026-11"})
    path = visitor.path
    visitor.post(path, {**visitor.filled(path), "act": "submit"})
    assert "线索登记台账（2026年11月，示例镇，1 条）" in visitor.text()
    for path in ("desk", f"records/{clue}/proof", "ledgers/clue_registration/list", "register/list"):
        assert MARK not in visitor.get(f"/{path}.pdf?view=browser").text, path
    assert leaks(office) == []


@pytest.mark.skipif(not ENGLISH.exists(), reason="no catalogue yet")
def test_each_person_chooses_their_language(office: Office, signed_in: SignedIn, visitor: Visitor) -> None:
    visitor.get("/sign-in")
    assert visitor.page.get("lang") == "zh-Hans"
    (link,) = visitor.page.xpath("//a[@lang='en']/@href")
    visitor.get(link)
    assert visitor.page.get("lang") == "en" and "Sign in" in visitor.text()
    visitor.post("/sign-in", {"username": "zhangsan", "password": PASSWORD, "language": "en"})
    assert "For my signature" in visitor.text() and not visitor.page.xpath("//h2[. = '等我签字']")
    assert signed_in("lisi").page.get("lang") == "zh-Hans", "nobody else's screens change"
    again = signed_in("zhangsan")
    assert again.page.get("lang") == "en"
    again.get("/password")
    again.post("/language", {"language": "zh"})
    again.get("/")
    assert "等我签字" in again.text()
