"""Addresses of sources: which ones can be used, and what may be said of them."""

from __future__ import annotations

import hashlib

import httpx

from sources.values import SourceError

_HARMLESS = frozenset({"date", "limit", "page", "sort"})  # parameters that are shown as they are


def read_url(url: str) -> httpx.URL:
    """Read an address.

    Raises:
        SourceError: It is no http or https address.
    """
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        # The cause is left out: it quotes the address, and with it what may be a password.
        raise SourceError("a source is no valid address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise SourceError(f"{public_name(parsed)} is no http or https address")
    return parsed


def public_name(url: httpx.URL) -> str:
    """Name an address without its secrets; of a query that may hold one, a fingerprint tells two apart."""
    if _HARMLESS.issuperset(url.params):
        return str(url.copy_with(username=None, password=None, fragment=None))
    name = str(url.copy_with(username=None, password=None, query=None, fragment=None))
    return f"{name}?{hashlib.sha256(url.query).hexdigest()[:8]}" if url.query else name
