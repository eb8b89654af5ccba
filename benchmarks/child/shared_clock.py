"""A clock that two processes see: whoever began it moves it on, the other one reads it."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

_SECONDS = struct.Struct("d")  # aligned and of a machine word, so that nobody reads half of it


class SharedClock:
    """Seconds since the epoch in a file that is mapped into memory. It stands still until it is moved."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), _SECONDS.size)

    @classmethod
    def begin(cls, file: Path, now: datetime) -> Self:
        """Make the file; an earlier clock in it is set anew."""
        file.write_bytes(_SECONDS.pack(now.timestamp()))
        return cls(file)

    def __call__(self) -> datetime:
        """Read the clock."""
        return datetime.fromtimestamp(_SECONDS.unpack_from(self._memory)[0], UTC)

    def set(self, now: datetime) -> None:
        """Set it, also back."""
        _SECONDS.pack_into(self._memory, 0, now.timestamp())

    def advance(self, **span: float) -> None:
        """Move it on by a `timedelta`."""
        self.set(self() + timedelta(**span))
