"""A folder (or one file) as a source: every file in it is a dump. Reads files and never writes any."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO

from sources.values import LARGEST_DUMP, Dump, Listing, SourceError

_UNFINISHED = (
    *(".part", ".partial", ".filepart", ".crdownload", ".download", ".aria2"),  # of those who fetch
    *(".tmp", ".temp", ".swp", ".swx", ".lock", "~"),  # of those who write
)
_FRESH_SECONDS = 1.0
_SETTLING_SECONDS = 0.2


class FolderSource:
    """All files of a folder, but for hidden and unfinished ones and links that lead out of it.

    Folders within it are not looked into. A path that is a file is a source of that file alone.
    """

    at_once = 4

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    async def list(self, since: date) -> list[Listing]:  # noqa: ARG002 - a file is of no day
        """List all files by name; a version is the size and the time of the last change.

        A file that was changed within the last second is looked at twice, and left out while it still grows.
        One whose writer takes a longer rest is read as far as it goes, and again when it has another version.

        Raises:
            SourceError: The folder cannot be read.
        """
        files = await asyncio.to_thread(self._scan)
        fresh = {name for name, status in files.items() if _is_fresh(status)}
        if fresh:
            await asyncio.sleep(_SETTLING_SECONDS)
            settled = await asyncio.to_thread(self._scan)
            growing = {name for name in fresh if name not in settled or not _same(files[name], settled[name])}
            files = {name: status for name, status in files.items() if name not in growing}
        return [Listing(name, _version(status)) for name, status in sorted(files.items())]

    async def fetch(self, listing: Listing, known: str | None) -> Dump | None:
        """Read one file, or None where it still is the version ``known``.

        Raises:
            SourceError: The file is gone, too large or cannot be read.
        """
        return await asyncio.to_thread(self._read, listing, known)

    def _scan(self) -> dict[str, os.stat_result]:
        """Look at all files: their states by their names."""
        try:
            status = self._path.stat()
            if stat.S_ISREG(status.st_mode):
                return {self._path.name: status}
            return dict(self._scan_folder())
        except OSError as error:
            raise SourceError(f"{self.name} cannot be listed: {_in_words(error)}") from error

    def _scan_folder(self) -> Iterator[tuple[str, os.stat_result]]:
        root = os.path.realpath(self._path)
        with os.scandir(self._path) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):  # gone since the folder was opened
                    if _is_dump(entry, root):
                        yield entry.name, entry.stat()

    def _read(self, listing: Listing, known: str | None) -> Dump | None:
        try:
            with _open(self._locate(listing.name)) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise SourceError(f"{listing.name} in {self.name} is no file any more")
                version = _version(status)
                if version == known:
                    return None
                body = file.read(LARGEST_DUMP + 1)
        except OSError as error:
            raise SourceError(f"{listing.name} in {self.name} cannot be read: {_in_words(error)}") from error
        if len(body) > LARGEST_DUMP:
            raise SourceError(
                f"{listing.name} in {self.name} is larger than the {LARGEST_DUMP // 1_000_000} MB of a dump"
            )
        return Dump(self.name, listing.name, version, body, fetched=None)

    def _locate(self, name: str) -> Path:
        if self._path.is_file():
            return self._path
        path = self._path / name
        if Path(name).name != name or not _is_inside(path, os.path.realpath(self._path)):
            raise SourceError(f"{self.name} has no file of that name")
        return path


def _is_dump(entry: os.DirEntry[str], root: str) -> bool:
    if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED) or not _is_utf8(entry.name):
        return False
    if entry.is_symlink():
        return _is_inside(entry.path, root) and Path(entry.path).is_file()  # False where it leads to itself
    return entry.is_file()


def _is_inside(path: str | Path, root: str) -> bool:
    """Tell whether a path, followed to where it leads, is one of a folder; ``root`` leads there already."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def _open(path: Path) -> BinaryIO:
    """Open a file without waiting: what has become a pipe would wait for somebody to write to it."""

    def open_at_once(path: str, flags: int) -> int:
        return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))

    return open(path, "rb", opener=open_at_once)


def _is_utf8(name: str) -> bool:
    """Tell whether a name can be written down; Python keeps the bytes of any other as lone surrogates."""
    return name == name.encode(errors="ignore").decode()


def _version(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return _version(before) == _version(after)


def _is_fresh(status: os.stat_result) -> bool:
    return abs(time.time() - status.st_mtime) < _FRESH_SECONDS


def _in_words(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
