"""The files of dumps that a command is given."""

from __future__ import annotations

from pathlib import Path

from bot.errors import BotError
from sources.parsing import parse
from sources.values import Parsed


class UnreadableFileError(BotError):
    """A file that cannot be read."""


def read_dump(file: Path) -> Parsed:
    """Read the papers of a file.

    Raises:
        UnreadableFileError: It cannot be read.
    """
    try:
        return parse(file.read_bytes())
    except OSError as error:
        raise UnreadableFileError(f"{file}: cannot be read: {error.strerror}") from error
