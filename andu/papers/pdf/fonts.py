"""The faces of the papers: which free face stands in for each official Chinese face name.

Papers carry the official names (方正小标宋简体, 仿宋_GB2312 …), because the office's Word has those faces.
This module writes the fontconfig file by which LibreOffice, on a machine without them, takes the Fandol faces
of the checkout, and Noto for the characters that Fandol lacks. ``andu.papers.pdf`` uses it for every
conversion; the start of the service, ``prepare`` and ``doctor`` ask ``fonts_missing``. It guarantees the same
faces on every machine: only the folders named here are looked into.
"""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

FANG, KAI, HEI, SONG = "FandolFang", "FandolKai", "FandolHei", "FandolSong"
RARE = "Noto Serif CJK SC"

FACES: dict[str, tuple[str, ...]] = {
    FANG: (
        "仿宋_GB2312",
        "仿宋",
        "FangSong",
        "FangSong_GB2312",
        "华文仿宋",
        "STFangsong",
        "方正仿宋_GBK",
        "方正仿宋_GB2312",
        "方正仿宋简体",
        "方正仿宋",
        "FZFangSong-Z02",
    ),
    KAI: (
        "楷体_GB2312",
        "楷体",
        "KaiTi",
        "KaiTi_GB2312",
        "华文楷体",
        "STKaiti",
        "方正楷体_GBK",
        "方正楷体_GB2312",
        "方正楷体简体",
        "方正楷体",
        "FZKai-Z03",
    ),
    HEI: (
        "黑体",
        "SimHei",
        "华文黑体",
        "STHeiti",
        "方正黑体_GBK",
        "方正黑体简体",
        "方正黑体",
        "FZHei-B01",
        "微软雅黑",
        "Microsoft YaHei",
        "等线",
        "DengXian",
        "Arial",
        "Calibri",
        "Helvetica",
    ),
    SONG: (
        "宋体",
        "SimSun",
        "新宋体",
        "NSimSun",
        "华文宋体",
        "STSong",
        "方正书宋_GBK",
        "方正书宋简体",
        "FZShuSong-Z01",
        "Times New Roman",
        "Cambria",
        "Liberation Serif",
    ),
}
"""Fandol family → the names it serves."""

BOLD_FACES: tuple[str, ...] = (
    "方正小标宋简体",
    "方正小标宋_GBK",
    "方正小标宋",
    "小标宋",
    "小标宋体",
    "小标宋_GBK",
    "FZXiaoBiaoSong-B05",
    "FZXiaoBiaoSong-B05S",
    "华文中宋",
    "STZhongsong",
    "文星标宋",
)
"""Names served by FandolSong in bold: no free 小标宋 exists, this is the nearest."""

OFFICIAL: dict[str, str] = {
    "方正小标宋简体": "FandolSong-Bold",
    "仿宋_GB2312": "FandolFang-Regular",
    "楷体_GB2312": "FandolKai-Regular",
    "黑体": "FandolHei-Regular",
    "宋体": "FandolSong-Regular",
    RARE: "NotoSerifCJKsc-Regular",
}
"""The names our papers use → the PostScript name of the face that must serve each."""

_SYSTEM_FOLDERS = (
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/ancient-scripts",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/truetype/hanazono",
    "/usr/share/fonts/truetype/libreoffice",
)
_RARE_FOLDER, RARE_FILE = Path(_SYSTEM_FOLDERS[0]), "NotoSerifCJK-Regular.ttc"
_BOLD_FILES = ("FandolSong-Bold", "FandolHei-Bold")


def write_configuration(fonts: Path, folder: Path) -> Path:
    """Write fonts.conf (and the place of fontconfig's cache) into `folder`, for the Fandol faces in `fonts`.

    Written anew for each checkout because fontconfig wants absolute folders; replaced atomically, so a
    conversion that is reading the old file is not disturbed.
    """
    text = "\n".join(_lines(fonts.resolve(), folder.resolve() / "fontconfig"))
    target = folder / "fonts.conf"
    if target.exists() and target.read_text("utf-8") == text:
        return target
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as half:
        half.write(text)
    os.replace(half.name, target)
    return target


def fonts_missing(fonts: Path) -> list[str]:
    """The official names that would not be served by the face meant for them; [] when all are.

    Asks fontconfig itself (fc-match), so a missing folder, a broken file and a wrong rule are all found.
    """
    with tempfile.TemporaryDirectory(prefix="andu-fonts-") as folder:
        conf = write_configuration(fonts, Path(folder))
        return [name for name, face in OFFICIAL.items() if _face_serving(name, conf) != face]


def faces_gone(fonts: Path) -> list[str]:
    """The official names whose file is not there; a look at the folder, for each paper that gets a number."""
    here = {path.stem for path in fonts.glob("*.otf")} | {RARE_FILE for _one in _RARE_FOLDER.glob(RARE_FILE)}
    return [name for name, face in OFFICIAL.items() if (RARE_FILE if name == RARE else face) not in here]


def _face_serving(name: str, conf: Path) -> str:
    try:
        answer = subprocess.run(
            ["fc-match", "--format=%{postscriptname}", name],
            env={"PATH": os.defpath, "FONTCONFIG_FILE": str(conf), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return ""
    return answer.stdout


@lru_cache(maxsize=64)
def coverage_of(fonts: Path, family: str) -> frozenset[str]:
    """The characters that a family of faces has in its regular weight, of those that papers may use."""
    found: frozenset[str] = frozenset()
    for path in _files_of(fonts).get(family, ()):
        found |= _characters(path, family)
    return found


@lru_cache(maxsize=4)
def faces_of_papers(fonts: Path) -> frozenset[str]:
    """The characters that every face of the papers has; none where one of these faces is missing."""
    return frozenset.intersection(*(coverage_of(fonts, family) for family in FACES))


@lru_cache(maxsize=4)
def _files_of(fonts: Path) -> dict[str, list[Path]]:
    """Family → its files."""
    found: dict[str, list[Path]] = {}
    for folder in (fonts, *map(Path, _SYSTEM_FOLDERS)):
        for path in sorted(folder.rglob("*.[ot]t[fc]")) if folder.is_dir() else ():
            for family in set(_queried("%{family[0]}\n", path).splitlines()):
                found.setdefault(family, []).append(path)
    return found


def fingerprint(fonts: Path) -> str:
    """One word for the names and sizes of every file that a face of the papers may come from."""
    files = sorted(
        (path.name, path.stat().st_size)
        for folder in (fonts, *map(Path, _SYSTEM_FOLDERS))
        for path in (folder.rglob("*.[ot]t[fc]") if folder.is_dir() else ())
    )
    return hashlib.sha256(repr(files).encode()).hexdigest()


def _characters(path: Path, family: str) -> frozenset[str]:
    codes: set[str] = set()
    for line in _queried("%{family[0]}|%{charset}\n", path).splitlines():
        name, _bar, ranges = line.partition("|")
        for each in ranges.split() if name == family else ():
            first, _dash, last = each.partition("-")
            codes.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(codes)


def _queried(what: str, path: Path) -> str:
    try:
        return subprocess.run(
            ["fc-query", f"--format={what}", str(path)],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stdout
    except OSError:
        return ""


def _lines(fonts: Path, cache: Path) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    yield "<fontconfig>"
    for folder in (str(fonts), *_SYSTEM_FOLDERS):
        yield f"<dir>{escape(folder)}</dir>"
    yield f"<cachedir>{escape(str(cache))}</cachedir>"
    yield from map(_true_weight, _BOLD_FILES)
    for face, names in FACES.items():
        yield from (_stand_in(name, face) for name in names)
    yield from (_stand_in(name, SONG, bold=True) for name in BOLD_FACES)
    yield from (_fallback(face) for face in FACES)
    yield _last_resort()
    yield _thickened()
    yield "</fontconfig>\n"


def _true_weight(postscript_name: str) -> str:
    # Fandol's bold files claim the weight of the regular ones: without this both look alike to fontconfig
    return (
        f'<match target="scan"><test name="postscriptname"><string>{postscript_name}</string></test>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
    )


def _stand_in(name: str, face: str, *, bold: bool = False) -> str:
    weight = '<edit name="weight" mode="assign"><const>bold</const></edit>' if bold else ""
    return (
        f'<match target="pattern"><test name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="prepend" binding="strong"><string>{face}</string></edit>{weight}</match>'
    )


def _fallback(face: str) -> str:
    return (
        f'<match target="pattern"><test name="family"><string>{face}</string></test>'
        f'<edit name="family" mode="append" binding="strong"><string>{RARE}</string></edit></match>'
    )


def _last_resort() -> str:
    return (
        '<match target="pattern"><edit name="family" mode="append_last" binding="strong">'
        f"<string>{SONG}</string><string>{RARE}</string><string>Symbola</string></edit></match>"
    )


def _thickened() -> str:
    # 仿宋 and 楷体 have no bold file: without this a bold run of them is printed as thin as the rest
    return (
        '<match target="font"><test name="weight" compare="less_eq"><const>medium</const></test>'
        '<test target="pattern" name="weight" compare="more_eq"><const>bold</const></test>'
        '<edit name="embolden" mode="assign"><bool>true</bool></edit>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
    )
