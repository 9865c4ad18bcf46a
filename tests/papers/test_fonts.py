"""Each official face name is served by the face meant for it, on this very machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from andu.papers.pdf.fonts import BOLD_FACES, FACES, OFFICIAL, RARE, fonts_missing, write_configuration
from andu.settings import Settings

FONTS = Settings().fonts
REGULAR = {face: f"{face}-Regular" for face in FACES}


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_configuration(FONTS, tmp_path_factory.mktemp("fonts"))


def served(configuration: Path, name: str, *options: str, answer: str = "%{postscriptname}") -> list[str]:
    """The PostScript names, or what else is asked for, that fontconfig gives for a name; with ``-s`` all.

    In the language of fc-match a hyphen begins the size; in a document it is part of the name.
    """
    said = subprocess.run(
        ["fc-match", *options, f"--format={answer}\n", name.replace("-", r"\-")],
        env={"PATH": os.defpath, "FONTCONFIG_FILE": str(configuration), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split()


def test_every_official_face_is_there() -> None:
    assert fonts_missing(FONTS) == []


def test_missing_faces_are_named(tmp_path: Path) -> None:
    assert fonts_missing(tmp_path) == [name for name in OFFICIAL if name != RARE]


def test_a_broken_face_is_named(tmp_path: Path) -> None:
    for face in FONTS.glob("Fandol*.otf"):
        if face.stem != "FandolKai-Regular":
            (tmp_path / face.name).symlink_to(face)
    (tmp_path / "FandolKai-Regular.otf").write_bytes(b"half a download")
    assert fonts_missing(tmp_path) == ["楷体_GB2312"]


@pytest.mark.parametrize("face", FACES)
def test_every_usual_alias_gets_its_face(configuration: Path, face: str) -> None:
    assert {name: served(configuration, name)[0] for name in FACES[face]} == dict.fromkeys(
        FACES[face], REGULAR[face]
    )


def test_every_headline_name_gets_the_bold_face(configuration: Path) -> None:
    assert {name: served(configuration, name)[0] for name in BOLD_FACES} == dict.fromkeys(
        BOLD_FACES, "FandolSong-Bold"
    )


@pytest.mark.parametrize("name", ["黑体", "宋体"])
def test_bold_text_gets_the_bold_file(configuration: Path, name: str) -> None:
    assert served(configuration, f"{name}:bold")[0].endswith("-Bold")


@pytest.mark.parametrize("name", ["仿宋_GB2312", "楷体_GB2312"])
def test_bold_text_in_a_face_without_a_bold_file_is_thickened(configuration: Path, name: str) -> None:
    assert served(configuration, f"{name}:bold", answer="%{embolden}") == ["True"]
    assert served(configuration, name, answer="%{embolden}") == []


@pytest.mark.parametrize("face", FACES)
def test_rare_characters_fall_back_to_noto_first(configuration: Path, face: str) -> None:
    other = [one for one in served(configuration, FACES[face][0], "-s") if not one.startswith(face)]
    assert other[0] == "NotoSerifCJKsc-Regular"


def test_emoji_have_a_face(configuration: Path) -> None:
    assert "Symbola" in served(configuration, "仿宋_GB2312:charset=1f600", "-s")


def test_the_configuration_is_written_once_and_leaves_nothing_else(tmp_path: Path) -> None:
    first = write_configuration(FONTS, tmp_path)
    written = first.stat().st_ino
    assert write_configuration(FONTS, tmp_path).stat().st_ino == written
    assert [path.name for path in tmp_path.iterdir()] == ["fonts.conf"]


def test_a_moved_checkout_gets_a_new_configuration(tmp_path: Path) -> None:
    moved = tmp_path / "A & B"
    moved.mkdir()
    before = write_configuration(FONTS, tmp_path).read_text("utf-8")
    after = write_configuration(moved, tmp_path).read_text("utf-8")
    assert before != after
    assert "A &amp; B" in after
