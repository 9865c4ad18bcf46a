"""The only place that knows an engine or a disk path: the database, its migrations, and hashed files."""

from andu.store.database import Store
from andu.store.faults import (
    AWAY,
    FILES,
    READ_ONLY,
    Damaged,
    FilesAway,
    NotInTransaction,
    Unreadable,
    Unwritable,
)
from andu.store.files import Altered, Files, Kept, Missing
from andu.store.ids import id_ago, new_id
from andu.store.stored_files import StoredFiles

__all__ = [
    "AWAY",
    "FILES",
    "READ_ONLY",
    "Altered",
    "Damaged",
    "Files",
    "FilesAway",
    "Kept",
    "Missing",
    "NotInTransaction",
    "Store",
    "StoredFiles",
    "Unreadable",
    "Unwritable",
    "id_ago",
    "new_id",
]
