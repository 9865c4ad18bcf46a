"""The only place that knows SQLite or a disk path: the database, its migrations, and hashed files."""

from andu.store.database import Store
from andu.store.faults import AWAY, READ_ONLY, Damaged, NotInTransaction, Unreadable, Unwritable
from andu.store.files import Altered, Files, Missing
from andu.store.ids import id_ago, new_id

__all__ = [
    "AWAY",
    "READ_ONLY",
    "Altered",
    "Damaged",
    "Files",
    "Missing",
    "NotInTransaction",
    "Store",
    "Unreadable",
    "Unwritable",
    "id_ago",
    "new_id",
]
