"""Opens sources by their names, as settings and the command line give them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sources.folder import FolderSource
from sources.http import HttpSource
from sources.huggingface import HuggingFaceSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sources.source import Source
    from sources.web.client import Web


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the sources that have a name of their own answer; a mirror, or a stand-in, is another place."""

    huggingface: str = "https://huggingface.co"
    arxiv_api: str = "https://export.arxiv.org"
    arxiv_feed: str = "https://rss.arxiv.org"


def open_sources(
    names: Sequence[str], web: Web, clock: Callable[[], datetime], endpoints: Endpoints
) -> list[Source]:
    """Open each name once, in order.

    A name is ``huggingface``, ``arxiv:`` with categories (``arxiv:cs.AI+cs.CL``), an address
    (``https://...``), or the path of a folder or a file.

    Raises:
        SourceError: A name is an address, but none of http or https.
    """
    wanted = dict.fromkeys(name.strip() for name in names)
    return [_open(name, web, clock, endpoints) for name in wanted if name]


def _open(name: str, web: Web, clock: Callable[[], datetime], endpoints: Endpoints) -> Source:
    if name == "huggingface":
        return HuggingFaceSource(endpoints.huggingface, web, clock)
    return HttpSource(name, web, clock) if "://" in name else FolderSource(Path(name).expanduser())
