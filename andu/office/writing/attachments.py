"""Files that belong to a draft or record: checked by content, kept by hash. Owns table ``attachment``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from flask_babel import gettext as _

from andu.clock import stamp
from andu.office.errors import Refused
from andu.office.office import Office
from andu.papers import file_kinds
from andu.papers.faults import PaperFault
from andu.security.accounts import Account
from andu.store import new_id

MAX_BYTES = 20 * 1024 * 1024
MAX_REQUEST = 3 * MAX_BYTES
TYPES = {
    "pdf": ("application/pdf", (".pdf",)),
    "jpg": ("image/jpeg", (".jpg", ".jpeg")),
    "png": ("image/png", (".png",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",)),
}


@dataclass(frozen=True)
class Attachment:
    """One attached file; ``size`` in bytes, ``sha`` the SHA-256 it is kept under."""

    id: str
    draft_id: str | None
    record_id: str | None
    name: str
    media_type: str
    size: int
    sha: str
    uploaded_by: str
    uploaded_at: str


def clean_name(name: str) -> str:
    """A file name safe to show and to send: no path, no control or bidi characters, at most 120 long."""
    last = PurePath(name.replace("\\", "/")).name
    kept = "".join(char for char in last if char.isprintable() and not 0x202A <= ord(char) <= 0x202E)
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if stem else kept[:120]


def judge(name: str, data: bytes) -> str:
    """The media type of an upload; raises ``Refused`` when content or size does not do.

    The content decides, and the ending of the name must agree with it.
    """
    if not data:
        raise Refused(_("文件“%(name)s”是空的。", name=name))
    if len(data) > MAX_BYTES:
        raise Refused(_("文件“%(name)s”超过 20 MB，请压缩或拆分后再传。", name=name))
    try:
        kind = file_kinds.kind_of(data)
    except PaperFault as fault:
        raise Refused(_("文件“%(name)s”不能上传：%(why)s", name=name, why=str(fault))) from fault
    media_type, endings = TYPES.get(kind, ("", ()))
    if not name.lower().endswith(endings or ("\0",)):
        raise Refused(
            _("文件“%(name)s”不能上传：只收 PDF、JPG、PNG、DOCX、XLSX，且内容须与扩展名一致。", name=name)
        )
    return media_type


def keep(office: Office, actor: Account, draft_id: str, name: str, data: bytes) -> Attachment:
    """File an upload for a draft; raises ``Refused``."""
    name = clean_name(name)
    media_type = judge(name, data)
    attachment = Attachment(
        id=new_id(),
        draft_id=draft_id,
        record_id=None,
        name=name,
        media_type=media_type,
        size=len(data),
        sha=office.files.put(data),
        uploaded_by=actor.id,
        uploaded_at=stamp(office.clock.now()),
    )
    with office.store.write():
        office.store.bind()
        office.store.insert("attachment", attachment.__dict__)
    return attachment


def get(office: Office, attachment_id: str) -> Attachment | None:
    """The attachment of this id."""
    row = office.store.get("attachment", attachment_id)
    return Attachment(**row) if row else None


def of_record(office: Office, record_id: str) -> list[Attachment]:
    """The files of a record, oldest first."""
    rows = office.store.rows_where("attachment", "record_id = ?", [record_id], order_by="uploaded_at, id")
    return [Attachment(**row) for row in rows]


def adopt(office: Office, attachment_ids: list[str], draft_id: str, record_id: str | None) -> list[str]:
    """The ids under which a draft's files go into its record; inside ``store.write()``.

    A file that belongs to another record stays there: this one gets an entry of its own.
    """
    adopted = []
    for attachment_id in attachment_ids:
        row = office.store.get("attachment", attachment_id)
        if row is None:
            continue
        if row["record_id"] not in (None, record_id):
            row |= {"id": new_id(), "draft_id": draft_id, "record_id": None}
            office.store.insert("attachment", row)
        adopted.append(row["id"])
    return adopted


def hand_over(office: Office, attachment_ids: list[str], record_id: str) -> None:
    """Let files of a draft belong to the record it became; inside ``store.write()``."""
    for attachment_id in attachment_ids:
        office.store.update("attachment", attachment_id, {"record_id": record_id})
