"""What a store says when it cannot do what it is asked, whichever engine is behind it."""

from __future__ import annotations


class NotInTransaction(RuntimeError):
    """A write outside ``with store.write()``."""


class WriteOpen(RuntimeError):
    """Another program was to be started inside ``with store.write()``."""


FULL, READ_ONLY, AWAY = "full", "read-only", "away"
_TOLD = {
    FULL: "数据目录所在的磁盘满了或写不进去，什么都存不下来：请清理磁盘后再试。",
    READ_ONLY: "数据目录只读或不属于本账号，什么都存不下来：请检查磁盘和文件夹的权限。",
    AWAY: "数据库服务器连不上或正在重启，现在什么都存不下来：请稍后再试。",
}


class Unwritable(RuntimeError):
    """Nothing can be stored now: ``why`` is ``FULL`` (or the disk fails), ``READ_ONLY`` or ``AWAY``."""

    def __init__(self, why: str) -> None:
        super().__init__(_TOLD[why])
        self.why = why


class Unreadable(RuntimeError):
    """The file is no database, or is damaged, or a server will not do; the Chinese message says so."""


class Damaged(RuntimeError):
    """A guard of the database is gone: somebody changed it from outside."""
