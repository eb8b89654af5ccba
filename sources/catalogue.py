"""Opens sources by their names, as settings and the command line give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path

import httpx

from sources.arxiv import ArxivSource
from sources.arxiv_categories import is_category, read_categories
from sources.folder import FolderSource
from sources.http import HttpSource
from sources.huggingface import API_PATH, HuggingFaceSource
from sources.source import Source
from sources.values import SourceError
from sources.web.address import host_of, public_name, read_url
from sources.web.client import Web

_HUGGINGFACE = "huggingface"
_ARXIV = "arxiv"
_OF_NO_DAY = frozenset({"limit", "p"})  # parameters of the daily-papers API that name no list


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the sources that have a name of their own answer; a mirror, or a stand-in, is another place."""

    huggingface: str = "https://huggingface.co"
    arxiv_api: str = "https://export.arxiv.org"
    arxiv_feed: str = "https://rss.arxiv.org"


def open_sources(
    names: Sequence[str], web: Web, clock: Callable[[], datetime], endpoints: Endpoints
) -> list[Source]:
    """Open each source once, in order, though it may have been given two names.

    A name is ``huggingface``, ``arxiv:`` with categories (``arxiv:cs.AI+cs.CL``), an address
    (``https://...``), or the path of a folder or a file. An address of the daily-papers API that names no
    day is the source of all days on that server.

    Raises:
        SourceError: A name is an address, but none of http or https, or names a category that arXiv has not.
    """
    sources: dict[str, Source] = {}
    for name in filter(None, map(str.strip, names)):
        source = _open(name, web, clock, endpoints)
        sources.setdefault(source.name, source)
    return list(sources.values())


def check_name(name: str) -> None:
    """Refuse a name that no source can have. Whether it answers, or is there, is not looked at.

    Raises:
        SourceError: As `open_sources`; or it is a category alone, as behind a comma. A folder of such a
            name is written with a ``./`` before it.
    """
    if "://" in name:
        read_url(name)
    elif _is_arxiv(name):
        read_categories(name.strip()[len(_ARXIV) + 1 :])
    elif is_category(name):
        raise SourceError(
            f"{name.strip()} is a category of arXiv, and those are written behind arxiv: and joined by plus "
            "signs, as in arxiv:cs.AI+cs.CL"
        )


def hosts_of(names: Iterable[str], endpoints: Endpoints) -> frozenset[str]:
    """Name all hosts that the owner chose: a redirect to one is no stranger's."""
    addresses = (*names, *astuple(endpoints))
    return frozenset(host for address in addresses if "://" in address and (host := host_of(address)))


def _open(name: str, web: Web, clock: Callable[[], datetime], endpoints: Endpoints) -> Source:
    if name.lower() == _HUGGINGFACE:
        return HuggingFaceSource(endpoints.huggingface, web, clock)
    if _is_arxiv(name):
        categories = read_categories(name[len(_ARXIV) + 1 :])
        return ArxivSource(categories, endpoints.arxiv_api, endpoints.arxiv_feed, web, clock)
    if "://" not in name:
        return FolderSource(Path(name).expanduser())
    url = read_url(name)
    if url.path.endswith(API_PATH) and _OF_NO_DAY.issuperset(url.params):
        return _open_daily_papers(url, web, clock, endpoints)
    return HttpSource(name, web, clock)


def _is_arxiv(name: str) -> bool:
    return name.strip().lower().partition(":")[0] == _ARXIV


def _open_daily_papers(
    url: httpx.URL, web: Web, clock: Callable[[], datetime], endpoints: Endpoints
) -> HuggingFaceSource:
    address = public_name(url.copy_with(query=None))
    is_usual = address == public_name(read_url(endpoints.huggingface.rstrip("/") + API_PATH))
    endpoint = str(url.copy_with(path=url.path.removesuffix(API_PATH), query=None, fragment=None))
    return HuggingFaceSource(endpoint, web, clock, _HUGGINGFACE if is_usual else address)
