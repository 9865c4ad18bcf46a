"""What a store says when it cannot do what it is asked, whichever engine is behind it."""

from __future__ import annotations


class NotInTransaction(RuntimeError):
    """A write outside ``with store.write()``."""


class WriteOpen(RuntimeError):
    """Another program was to be started inside ``with store.write()``."""


FULL, READ_ONLY, AWAY, FILES = "full", "read-only", "away", "files"
_TOLD = {
    FULL: "数据目录所在的磁盘满了或写不进去，什么都存不下来：请清理磁盘后再试。",
    READ_ONLY: "数据目录只读或不属于本账号，什么都存不下来：请检查磁盘和文件夹的权限。",
    AWAY: "数据库服务器连不上或正在重启，现在什么都存不下来：请稍后再试。",
    FILES: "存放文书和附件的存储桶现在用不了：请稍后再试。",
}


class Unwritable(RuntimeError):
    """Nothing can be stored now: ``why`` is ``FULL`` (or the disk fails), ``READ_ONLY``, ``AWAY`` …"""

    def __init__(self, why: str) -> None:
        super().__init__(_TOLD[why])
        self.why = why


class FilesAway(Unwritable):
    """The bucket that holds the files does not answer, or lets nobody in: ``place`` and what it said."""

    def __init__(self, place: str, said: str) -> None:
        super().__init__(FILES)
        self.place, self.said = place, said

    def __reduce__(self) -> tuple[type[FilesAway], tuple[str, str]]:
        return FilesAway, (self.place, self.said)

    def __str__(self) -> str:
        return f"存放文书和附件的存储桶 {self.place} 现在用不了（{self.said}）：请稍后再试。"


class Unreadable(RuntimeError):
    """The file is no database, or is damaged, or a server will not do; the Chinese message says so."""


class Damaged(RuntimeError):
    """A guard of the database is gone: somebody changed it from outside."""
