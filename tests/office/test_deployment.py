"""Before the doors open: each light goes red for its own reason, and says how to mend it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from andu import cli
from andu.office import deployment
from andu.office.backup import drilling, making
from andu.office.config import AccessNeeds
from andu.office.office import Office
from andu.security import accounts, age, units
from andu.settings import Settings
from andu.store import claim
from app import create_app
from tests.conftest import PASSWORD, People
from tests.views.page import Visitor


def told(office: Office, level: str) -> str:
    return "\n".join(one.text for one in deployment.lights(office) if one.level == level)


@pytest.fixture(autouse=True)
def no_bind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANDU_BIND", raising=False)


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Who serves the folder, in the words of its lock."""
    words = ["进程 1，http://127.0.0.1:8000，自 2026-11-22 09:00 起"]
    monkeypatch.setattr(claim, "holder", lambda _folder: words[0])
    yield words


@pytest.mark.parametrize(
    ("who", "level", "said"),
    [
        ("进程 1，http://127.0.0.1:8000，自", "good", "只在本机监听"),
        ("进程 1，https 代理之后，http://127.0.0.1:8000，自", "good", "经 HTTPS 代理"),
        ("进程 1，http://0.0.0.0:8000，自", "wrong", "ANDU_HTTPS=1"),
        ("进程 1，https 代理之后，http://0.0.0.0:8000，自", "wrong", "明文端口"),
    ],
)
def test_passwords_never_go_over_the_network_in_the_clear(
    office: Office, serving: list[str], who: str, level: str, said: str
) -> None:
    serving[0] = who
    assert said in told(office, level)


def test_sample_passwords_and_admins_who_handle_clues_are_red(office: Office, people: People) -> None:
    assert "公开的示例密码" in told(office, "wrong")
    real = replace(office, config=replace(office.config, sample_password="another-password-1"))
    assert "公开的示例密码" not in told(real, "wrong")
    assert "管理员不办理线索" in told(real, "good")
    accounts.change_roles(office.store, office.clock, None, people.wujiu.id, ["admin", "clerk"])
    assert "管理员同时办理线索：吴九" in told(real, "wrong")


def test_a_unit_that_forms_name_and_nobody_made_is_red_and_said_where_units_are_made(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert deployment.units_wanted(office) == {}
    every = units.all
    monkeypatch.setattr(units, "all", lambda store: [one for one in every(store) if one.id != "shb"])
    assert "线索登记表" in deployment.units_wanted(office)["shb"]
    assert "没有代码是 shb 的单位" in told(office, "wrong") and "单位代码写 shb" in told(office, "wrong")
    visitor = Visitor(create_app(office.settings, office))
    visitor.sign_in("wujiu", PASSWORD)
    visitor.get("/accounts/units/new")
    assert "单位代码照这样写" in visitor.text() and "shb" in visitor.text()


def test_a_folder_that_others_can_open_is_red(office: Office) -> None:
    office.settings.instance.chmod(0o750)
    assert "chmod 700" in told(office, "wrong")


def test_copies_are_red_until_a_drill_was_passed(office: Office, tmp_path: Path) -> None:
    assert "还没有做过备份" in told(office, "wrong")
    secret, public = age.new_pair()
    copy = making.make(office, tmp_path, public).path
    assert "还没有演练过" in told(office, "wrong")
    drilling.drill(office, copy, secret)
    assert "备份" not in told(office, "wrong")


def test_what_is_only_advice_says_what_to_do(office: Office, tmp_path: Path) -> None:
    said = told(office, "advice")
    assert "ANDU_JOURNAL" in said and "先签承诺，才看案卷" in said and "LUKS" in said
    needs = AccessNeeds("pledge", "person", "renew", ("cases",))
    config = replace(office.config, access_needs=needs)
    assert "先签承诺，才看案卷" not in told(replace(office, config=config), "advice")
    assert "回避" in told(office, "good")
    assert "自己也能签" in told(replace(office, config=replace(config, recusal=())), "advice")


def test_faces_that_are_missing_are_red(office: Office, tmp_path: Path) -> None:
    settings = replace(office.settings, fonts=tmp_path / "none")
    assert "缺少字体" in told(replace(office, settings=settings), "wrong")


def test_the_admin_reads_it_the_red_ones_first(office: Office, settings: Settings) -> None:
    visitor = Visitor(create_app(settings, office))
    visitor.sign_in("wujiu", PASSWORD)
    visitor.get("/deployment")
    text = visitor.text()
    assert "要处理" in text and text.index("示例密码") < text.index("LUKS")


def test_the_command_says_the_same_and_exits_1(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = importlib.import_module("andu.cli.doctor")
    monkeypatch.setattr(doctor, "CHECKS", [])
    monkeypatch.setenv("ANDU_INSTANCE", str(settings.instance))
    done = CliRunner().invoke(cli.main, ["doctor", "--deploy"])
    assert done.exit_code == 1
    assert "错\t还没有做过备份" in done.output and "注意\t" in done.output and "好\t" in done.output
    assert CliRunner().invoke(cli.main, ["doctor"]).output == ""
