"""Addresses of sources: which ones can be used, whose they are, and what may be said of them."""

from __future__ import annotations

import hashlib

import httpx

from sources.values import SourceError

_LARGEST_PORT = 65_535
_HARMLESS = frozenset({"date", "limit", "p", "page", "sort"})  # parameters that are shown as they are


def read_url(url: str) -> httpx.URL:
    """Read an address.

    Raises:
        SourceError: It is no http or https address.
    """
    try:
        parsed = httpx.URL(url.strip())
        usable = is_usable(parsed)  # reads the host, which may be spelled as none can be
    except (httpx.InvalidURL, ValueError):
        # The cause is left out: it quotes the address, and with it what may be a password.
        raise SourceError("a source is no valid address") from None
    if not usable:
        raise SourceError(f"{public_name(parsed)} is no http or https address")
    return parsed


def is_usable(url: httpx.URL) -> bool:
    """Tell whether an address can be asked: it is one of http or https, and of a host and port."""
    return url.scheme in ("http", "https") and bool(url.host) and (url.port or 0) <= _LARGEST_PORT


def host_of(url: str) -> str | None:
    """Tell the host of an address as `open_web` is told of it; None where it is no http or https address."""
    try:
        return host(read_url(url))
    except SourceError:
        return None


def host(url: httpx.URL) -> str:
    """Spell the host as the network does: lower case, ASCII."""
    return url.raw_host.decode("ascii").lower()


def server(url: httpx.URL) -> tuple[str, str, int]:
    """Tell which server answers at an address: scheme, host and port."""
    return url.scheme, host(url), url.port or (443 if url.scheme == "https" else 80)


def is_arxiv(url: httpx.URL) -> bool:
    """Tell whether arXiv itself answers at an address."""
    return f".{host(url)}".endswith(".arxiv.org")


def without_credentials(url: httpx.URL) -> httpx.URL:
    """Leave out user and password."""
    return url.copy_with(username=None, password=None)


def public_name(url: httpx.URL) -> str:
    """Name an address without its secrets; of a query that may hold one, a fingerprint tells two apart."""
    bare = without_credentials(url).copy_with(fragment=None)
    if _HARMLESS.issuperset(url.params):
        return str(bare)
    name = str(bare.copy_with(query=None))
    return f"{name}?{hashlib.sha256(url.query).hexdigest()[:8]}" if url.query else name
