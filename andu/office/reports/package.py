"""The form of a report: a zip with a list of papers, its signature, and each paper as JSON, docx and PDF.

``written`` makes one, ``read`` opens one and refuses whatever is not exactly as it was signed: a file more, a
file less, another byte. It knows nothing of an office, and trusts no size or name that the zip itself says.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask_babel import gettext as _

from andu.clock import parse_stamp
from andu.formtypes.filling import json_answers
from andu.office.errors import Refused
from andu.office.reports import key as keys

FORMAT = "andu-report-1"
LIST, SIGNATURE = "report.json", "report.sig"
MOST_PAPERS = 2000
MOST_FILE, MOST_LIST = 40 * 1024**2, 8 * 1024**2
_ENTRY = re.compile(r"papers/[0-9]{4}/(record\.json|paper\.docx|paper\.pdf)")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ABOUT = ("record", "number", "form", "title", "unit", "state", "numbered_at", "void_reason")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Altered(Refused):
    """The file is no report, or not as it was signed."""


@dataclass(frozen=True)
class ReportedPaper:
    """One paper: what the register says of it (``_ABOUT``), its open answers, its files."""

    about: Mapping[str, str]
    values: Mapping[str, Any]
    docx: bytes
    pdf: bytes


@dataclass(frozen=True)
class Report:
    """What a package holds. ``key`` is the public key that signed it; ``made_at`` is stored UTC text."""

    office: str
    key: str
    made_at: str
    since: str
    until: str
    papers: Sequence[ReportedPaper]


def written(report: Report, key: Ed25519PrivateKey) -> bytes:
    """The package, signed with ``key``."""
    files: dict[str, bytes] = {}
    lines = []
    for number, paper in enumerate(report.papers, start=1):
        parts = {
            "record.json": _json({"values": paper.values}),
            "paper.docx": paper.docx,
            "paper.pdf": paper.pdf,
        }
        named = {f"papers/{number:04}/{name}": data for name, data in parts.items()}
        files |= named
        lines.append({**paper.about, "files": {name: digest(data) for name, data in named.items()}})
    said = {"format": FORMAT, "office": report.office, "key": keys.public(key), "made_at": report.made_at}
    listed = _json({**said, "since": report.since, "until": report.until, "papers": lines})
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {LIST: listed, SIGNATURE: key.sign(listed), **files}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def read(data: bytes) -> Report:
    """The report in these bytes; raises ``Altered`` with a sentence that says what is wrong."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise Altered(_("这个文件不是报送包，或者已经损坏。")) from fault


def _read(archive: zipfile.ZipFile) -> Report:
    names = archive.namelist()
    if len(names) > 3 * MOST_PAPERS + 2 or len(names) != len(set(names)) or not {LIST, SIGNATURE} <= {*names}:
        raise Altered(_("这个文件不是报送包，或者已经损坏。"))
    listed = _part(archive, LIST, MOST_LIST)
    said = _said(listed)
    if not keys.is_signed(listed, _part(archive, SIGNATURE, 64), said["key"]):
        raise Altered(_("报送包的签名不对：内容改动过，或者不是原件。"))
    wanted = {name for line in said["papers"] for name in line["files"]}
    if {*names} - {LIST, SIGNATURE} != wanted:
        raise Altered(_("报送包里的文件和目录对不上：多了或者少了文件。"))
    papers = [_paper(archive, line) for line in said["papers"]]
    about = {name: said[name] for name in ("office", "key", "made_at", "since", "until")}
    return Report(**about, papers=papers)


def _said(listed: bytes) -> dict[str, Any]:
    """The list, looked at so far that the rest can be read from it; it may be anybody's."""
    try:
        said = json.loads(listed)
        texts = [said[name] for name in ("office", "key", "made_at", "since", "until")]
        texts += [line[name] for line in said["papers"] for name in _ABOUT]
        texts += [text for line in said["papers"] for pair in line["files"].items() for text in pair]
        for moment in (said["made_at"], *(line["numbered_at"] for line in said["papers"])):
            parse_stamp(moment)
        states = {line["state"] for line in said["papers"]}
        is_ours = said["format"] == FORMAT and all(isinstance(text, str) for text in texts)
        is_ours = is_ours and states <= {"filed", "voided"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise Altered(_("报送包的目录读不懂：不是本系统的报送包，或者版本不同。"))
    return dict(said)


def _paper(archive: zipfile.ZipFile, line: Mapping[str, Any]) -> ReportedPaper:
    parts: dict[str, bytes] = {}
    for name, wanted in line["files"].items():
        found = _ENTRY.fullmatch(name)
        data = _part(archive, name, MOST_FILE) if found else b""
        if found is None or not _DIGEST.fullmatch(wanted) or digest(data) != wanted:
            raise Altered(_("“%(number)s”的文件和签名时不同，没有收下。", number=line["number"]))
        parts[found[1]] = data
    if len(parts) != 3:
        raise Altered(_("“%(number)s”的文件不全。", number=line["number"]))
    about = {name: line[name] for name in _ABOUT}
    return ReportedPaper(about, _values(parts["record.json"]), parts["paper.docx"], parts["paper.pdf"])


def _values(data: bytes) -> dict[str, Any]:
    try:
        return dict(json_answers.read(data)["values"])
    except (ValueError, KeyError, TypeError) as fault:
        raise Altered(_("报送包里的数据读不懂。")) from fault


def _part(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file, read no further than it may be large: what the zip says of its size is not believed."""
    try:
        with archive.open(name) as file:
            data = file.read(most + 1)
    except (KeyError, zipfile.BadZipFile, OSError) as fault:
        raise Altered(_("报送包里的“%(name)s”读不出来。", name=name)) from fault
    if len(data) > most:
        raise Altered(_("报送包里的“%(name)s”太大。", name=name))
    return data


def _json(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def digest(data: bytes) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(data).hexdigest()
