"""What the elements of a docx use relationships for, held against what these are: a picture is a picture.

Used by ``inspection``. Programs that open a docx follow an id to whatever it leads to, without a look at the
kind of the relationship: a "hyperlink" used by a picture is fetched. So one that leads outside may only be
used by hyperlinks, and a picture only use one that leads to a picture (threat S6).
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import unquote

from flask_babel import gettext as _
from lxml import etree

from andu.papers.checks.inspection.allowed import Kinds
from andu.papers.checks.inspection.danger import Danger, quoted

_OFFICE_VML = "urn:schemas-microsoft-com:office:office"
_IDS = etree.XPath(
    "//@r:* | //@o:relid | //@o:href",
    namespaces={
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "o": _OFFICE_VML,
    },
)
"""All attributes that lead somewhere; in one go, since a ledger has a hundred thousand others."""
_LINKING = ("link", "href")
_VML = ("urn:schemas-microsoft-com:vml", _OFFICE_VML)
_LINKS = ("hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver")
_OF_PICTURES = ("embed", "pict", "relid")
_IMAGE = "/image"


class Uses:
    """Gathered part by part, in any order; ``judge`` when all were seen."""

    def __init__(self) -> None:
        self._outside: dict[str, set[str]] = defaultdict(set)
        self._not_pictures: dict[str, set[str]] = defaultdict(set)
        self._used: dict[str, set[str]] = defaultdict(set)
        self._used_as_pictures: dict[str, set[str]] = defaultdict(set)

    def copy(self) -> Uses:
        """The same so far, to be added to apart."""
        other = Uses()
        for mine, its in zip(vars(self).values(), vars(other).values(), strict=True):
            its.update({part: {*keys} for part, keys in mine.items()})
        return other

    def add_links(self, name: str, root: etree._Element, kinds: Kinds) -> Iterator[Danger]:
        """The relationships of one part; and those of pictures that lead to something else."""
        folder, part = posixpath.split(name)
        source = posixpath.join(posixpath.dirname(folder), part[: -len(".rels")]).casefold()
        for link in root.iter("{*}Relationship"):
            key = link.get("Id") or ""
            is_image = (link.get("Type") or "").endswith(_IMAGE)
            if (link.get("TargetMode") or "Internal") != "Internal":
                self._outside[source].add(key)
            elif is_image and not kinds.is_picture(_target(source, link.get("Target") or "")):
                where = quoted(link.get("Target") or "")
                yield Danger(_("图片关系指向的不是图片：“%(where)s”，请重新插入图片。", where=where), name)
            if not is_image:
                self._not_pictures[source].add(key)

    def add_part(self, name: str, root: etree._Element) -> Iterator[Danger]:
        """What the elements of one part use; and pictures that are linked instead of held."""
        for value in _IDS(root):
            attribute = etree.QName(value.attrname).localname
            if attribute in _LINKING:
                yield Danger(_("链接的图片或对象，请改为嵌入。"), name)
            self._add(name, etree.QName(value.getparent()), attribute, str(value))

    def _add(self, part: str, element: etree.QName, attribute: str, value: str) -> None:
        if element.localname in _LINKS and attribute == "id":
            return
        self._used[part].add(value)
        if attribute in _OF_PICTURES or element.namespace in _VML:
            self._used_as_pictures[part].add(value)

    def judge(self) -> Iterator[Danger]:
        """What is used for something that it is not."""
        for name, used in self._used.items():
            part = name.casefold()
            if used & self._outside[part]:
                yield Danger(_("把超链接当作图片或部件使用，会从网上取内容，请删去。"), name)
            elif self._used_as_pictures[name] & self._not_pictures[part]:
                yield Danger(_("图片用的不是图片关系，请重新插入图片。"), name)


def _target(source: str, target: str) -> str:
    path = posixpath.join("/", posixpath.dirname(source), unquote(target).casefold())
    return posixpath.normpath(path).lstrip("/")
