"""Whether the files of a SQLite database are still those that were opened.

A connection keeps its files open, also when they were deleted or replaced. What it writes then is lost with
them, and one that is opened beside it would take the log of the one database for that of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

Identity = tuple[int, int]  # device and inode


@dataclass(slots=True)
class Files:
    """A database's file and its write-ahead log, as they were when they were looked at last."""

    path: Path
    _database: Identity | None = None
    _log: Identity | None = None

    def are_others(self) -> bool:
        """Tell whether one of them was deleted, moved away or replaced since it was first seen."""
        database, log = _identity(self.path), _identity(self._path_of_log)
        if self._database not in {None, database} or self._log not in {None, log}:
            return True
        self._database, self._log = database, log
        return False

    def part(self) -> None:
        """Put aside the log of a database that was replaced: the one in its place would be read by it."""
        is_replaced = self.path.is_file() and _identity(self.path) != self._database
        if is_replaced and self._log and _identity(self._path_of_log) == self._log:
            self._path_of_log.rename(self.path.with_name(f"{self.path.name}.replaced-wal"))

    def forget(self) -> None:
        """Look at them anew, for nobody has them open."""
        self._database = self._log = None

    @property
    def _path_of_log(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")


def _identity(file: Path) -> Identity | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
