"""The only place that knows SQLite or a disk path: the database, its migrations, and hashed files."""

from andu.store.database import Damaged, NotInTransaction, Store
from andu.store.files import Altered, Files, Missing
from andu.store.ids import new_id

__all__ = ["Altered", "Damaged", "Files", "Missing", "NotInTransaction", "Store", "new_id"]
