"""The README keeps up with the code: every command and every setting stands in it."""

from __future__ import annotations

import re

import click
import pytest

from andu.cli import main
from andu.settings import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, path: str = "script/andu") -> list[str]:
    """The words of every command below a group."""
    found = []
    for name, command in group.commands.items():
        words = f"{path} {name}"
        found += commands(command, words) if isinstance(command, click.Group) else [words]
    return found


@pytest.mark.parametrize("words", commands(main))
def test_every_command_stands_in_the_readme(words: str) -> None:
    assert f"`{words}" in README


def test_every_option_of_a_command_stands_in_the_readme() -> None:
    options = set()
    for words in commands(main):
        command: click.Command = main
        for name in words.split()[1:]:
            assert isinstance(command, click.Group)
            command = command.commands[name]
        options |= {option for one in command.params if isinstance(one, click.Option) for option in one.opts}
    assert {option for option in options if option not in README} == set()


def test_every_environment_variable_stands_in_the_readme() -> None:
    places = [*(ROOT / "andu").rglob("*.py"), *(ROOT / "script").iterdir(), ROOT / "gunicorn.conf.py"]
    used = {name for path in places for name in re.findall(r"ANDU_[A-Z_]+", path.read_text(encoding="utf-8"))}
    assert {name for name in used if name not in README} == set()


def told(text: str) -> set[str]:
    """Every command, file, key and address that a README names, and the rows of its tables."""
    plain = re.sub(r"```.*?```", "", text, flags=re.S)
    return {" ".join(one.split()) for one in plain.split("`")[1::2]}


def test_the_chinese_readme_says_the_same() -> None:
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert sorted(told(README) - told(chinese)) == []
    for what in (r"^## ", r"^\|", r"^\d+\. ", r"^```$", r"^!\["):
        here, there = (len(re.findall(what, text, re.M)) for text in (README, chinese))
        assert here == there, f"{what}: {here} and {there}"
