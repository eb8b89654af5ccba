"""Opens sources by their names, as settings and the command line give them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sources.folder import FolderSource
from sources.http import HttpSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import httpx

    from sources.source import Source


def open_sources(
    names: Sequence[str], client: httpx.AsyncClient, clock: Callable[[], datetime]
) -> list[Source]:
    """Open each name once, in order: an address (``https://...``), or the path of a folder or a file.

    Raises:
        SourceError: A name is an address, but none of http or https.
    """
    wanted = dict.fromkeys(name.strip() for name in names)
    return [_open(name, client, clock) for name in wanted if name]


def _open(name: str, client: httpx.AsyncClient, clock: Callable[[], datetime]) -> Source:
    return HttpSource(name, client, clock) if "://" in name else FolderSource(Path(name).expanduser())
