"""Which face prints each character: every one is held against the faces there are before a paper is filled.

LibreOffice's own search for another face slips: one person's character ends up in the name of the next. So a
character that the papers' faces (Fandol) lack gets a face of its own, of the same style, in the docx itself.
``needed`` says which, for ``office.issue.snapshot`` to freeze with the context, ``dressed`` splits the runs
a filled paper. What no face of this machine has is named by ``unprintable`` and refused before that.
Guarantees: ordinary characters keep the official faces; the same choice gives the same bytes.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from andu.papers.pdf.fonts import BOLD_FACES, FACES, HEI, coverage_of, faces_of_papers
from andu.papers.template.package import parse_xml, read_package, write_package

SERIF = ("Noto Serif CJK SC", "HanaMinA", "HanaMinB")
SANS = ("Noto Sans CJK SC", *SERIF)
SIGNS = ("Symbola", "DejaVu Sans", "OpenSymbol")
"""For what is no Chinese character these come before the rare faces of 宋体."""
Choice = dict[str, list[str]]
"""A character, with the marks on it → the face for it in a text of 宋 仿宋 楷, and in one of 黑."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SLOTS = ("ascii", "hAnsi", "eastAsia", "cs")
_NO_INK = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")
_SANS_NAMES = frozenset((*FACES[HEI], HEI))


def needed(fonts: Path, said: Any) -> Choice:
    """The characters in these values that the papers' faces lack, each with a face that has it."""
    choice = {cluster: _faces(fonts, cluster) for cluster in sorted(_rare(fonts, said))}
    return {cluster: faces for cluster, faces in choice.items() if all(faces)}


def unprintable(fonts: Path, said: Any) -> list[str]:
    """The characters in these values that no face of this machine has."""
    return [cluster for cluster in sorted(_rare(fonts, said)) if not all(_faces(fonts, cluster))]


def _rare(fonts: Path, said: Any) -> set[str]:
    common = faces_of_papers(fonts)
    if not common:
        return set()  # without the papers' own faces nothing can be said; ``doctor`` does
    return {
        cluster
        for text in _texts(said)
        if not common.issuperset(text)
        for cluster in _clusters(text)
        if any(one not in common and unicodedata.category(one) not in _NO_INK for one in cluster)
    }


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, Mapping):
        said = list(said.values())
    if isinstance(said, list | tuple):
        for one in said:
            yield from _texts(one)
    elif isinstance(said, str):
        yield said


def _clusters(text: str) -> Iterator[str]:
    """Each character with the marks that stand on it; selectors of a variant go with it."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or unicodedata.category(text[at]) not in ("Mn", "Me"):
            yield text[start:at]
            start = at


@lru_cache(maxsize=4096)
def _faces(fonts: Path, cluster: str) -> list[str]:
    """The face for it in a text of 宋, 仿宋 or 楷, and in one of 黑; "" where there is none."""
    wanted = {one for one in cluster if not _selects(one)}
    if any(unicodedata.category(one) in ("Co", "Cn") for one in wanted):
        return ["", ""]  # what a private character looks like is each face's own affair
    is_chinese = any("CJK" in unicodedata.name(one, "") for one in wanted)
    orders = (SERIF, SANS) if is_chinese else ((*SERIF[:1], *SIGNS, *SERIF), (*SANS[:1], *SIGNS, *SANS))
    return [next((face for face in order if wanted <= coverage_of(fonts, face)), "") for order in orders]


def _selects(character: str) -> bool:
    return "VARIATION SELECTOR" in unicodedata.name(character, "")


def dressed(docx: bytes, choice: Mapping[str, list[str]]) -> bytes:
    """The paper with a face of their own for these characters; the same bytes where it has none of them."""
    if not choice:
        return docx
    parts = read_package(docx)
    sought = re.compile("|".join(sorted(map(re.escape, choice), key=len, reverse=True)))
    changed = {}
    for name, xml in parts.items():
        if (
            name.startswith("word/")
            and name.endswith(".xml")
            and sought.search(xml.decode("utf-8", "replace"))
        ):
            root = parse_xml(xml)
            _dress(root, sought, choice, _sans_styles(parts))
            changed[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return write_package({**parts, **changed}) if changed else docx


def _dress(
    root: etree._Element, sought: re.Pattern[str], choice: Mapping[str, list[str]], sans: set[str]
) -> None:
    for run in list(root.iter(f"{_W}r")):
        if any(sought.search(text.text or "") for text in run.iterfind(f"{_W}t")):
            at = 1 if _is_sans(run, sans) else 0
            pieces = list(_pieces(run, sought))
            for piece, rare in pieces:
                if rare:
                    _set_face(piece, choice[rare][at])
                run.addprevious(piece)
            run.getparent().remove(run)


def _pieces(run: etree._Element, sought: re.Pattern[str]) -> Iterator[tuple[etree._Element, str]]:
    """The run in runs: a rare character alone, and what stands between."""
    piece = _empty(run)
    for child in run:
        if child.tag == f"{_W}rPr":
            continue
        if child.tag != f"{_W}t":
            piece.append(copy.deepcopy(child))
            continue
        at, text = 0, child.text or ""
        for found in sought.finditer(text):
            _put(piece, text[at : found.start()])
            if len(piece) > len(_empty(run)):
                yield piece, ""
            alone = _empty(run)
            _put(alone, found[0])
            yield alone, found[0]
            piece, at = _empty(run), found.end()
        _put(piece, text[at:])
    if len(piece) > len(_empty(run)):
        yield piece, ""


def _empty(run: etree._Element) -> etree._Element:
    """A run of the same format."""
    made = etree.Element(run.tag, run.attrib)
    properties = run.find(f"{_W}rPr")
    if properties is not None:
        made.append(copy.deepcopy(properties))
    return made


def _put(run: etree._Element, text: str) -> None:
    if text:
        etree.SubElement(run, f"{_W}t", {_SPACE: "preserve"}).text = text


def _set_face(run: etree._Element, face: str) -> None:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        properties = etree.Element(f"{_W}rPr")
        run.insert(0, properties)
    fonts = properties.find(f"{_W}rFonts")
    before = fonts.get(f"{_W}eastAsia", "") if fonts is not None else ""
    if fonts is not None:
        properties.remove(fonts)
    fonts = etree.Element(f"{_W}rFonts", {f"{_W}{slot}": face for slot in _SLOTS})
    fonts.set(f"{_W}hint", "eastAsia")
    properties.insert(1 if properties.find(f"{_W}rStyle") is not None else 0, fonts)
    if before in BOLD_FACES and properties.find(f"{_W}b") is None:
        fonts.addnext(etree.Element(f"{_W}b"))


def _is_sans(run: etree._Element, sans: set[str]) -> bool:
    own = run.find(f"{_W}rPr/{_W}rFonts")
    if own is not None and own.get(f"{_W}eastAsia"):
        return own.get(f"{_W}eastAsia") in _SANS_NAMES
    styles = [run.find(f"{_W}rPr/{_W}rStyle")]
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    if paragraph is not None:
        styles.append(paragraph.find(f"{_W}pPr/{_W}pStyle"))
    return any(style is not None and style.get(f"{_W}val") in sans for style in styles)


def _sans_styles(parts: Mapping[str, bytes]) -> set[str]:
    """The styles that set their text in 黑体 themselves."""
    if "word/styles.xml" not in parts:
        return set()
    found = set()
    for style in parse_xml(parts["word/styles.xml"]).iter(f"{_W}style"):
        fonts = style.find(f"{_W}rPr/{_W}rFonts")
        if fonts is not None and fonts.get(f"{_W}eastAsia") in _SANS_NAMES:
            found.add(style.get(f"{_W}styleId", ""))
    return found


def labelled(characters: Iterable[str]) -> str:
    """Characters as a message names them: “𫰡”（U+2BC21）."""
    return "、".join(f"“{one}”（{' '.join(f'U+{ord(each):04X}' for each in one)}）" for one in characters)
