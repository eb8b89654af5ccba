"""Versions of a body: the validators of its server (ETag, Last-Modified), and conditions made of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TypeGuard

import httpx

from sources.web.address import without_credentials

_LONGEST_VALIDATOR = 500
_CONDITIONS = {"etag": "If-None-Match", "modified": "If-Modified-Since"}


def pack(headers: Mapping[str, str], at: httpx.URL, asked: httpx.URL) -> str | None:
    """Write down the validators of an answer, if any, and the address where it is not the one ``asked``."""
    validators = {"etag": headers.get("etag"), "modified": headers.get("last-modified")}
    version = {key: value for key, value in validators.items() if _is_validator(value)}
    if not version:
        return None
    return json.dumps(version if at == asked else version | {"at": _fingerprint(at)})


def make_conditions(known: str | None, at: httpx.URL, asked: httpx.URL) -> dict[str, str]:
    """Ask for a body only where it is not the ``known`` version any more.

    Validators go to no other address than the one that they came from.
    """
    version = _read(known)
    if version.get("at") != (None if at == asked else _fingerprint(at)):
        return {}
    validators = {header: version.get(key) for key, header in _CONDITIONS.items()}
    return {header: value for header, value in validators.items() if _is_validator(value)}


def _read(known: str | None) -> dict[str, object]:
    try:
        version = json.loads(known or "{}")
    except ValueError:
        return {}
    return version if isinstance(version, dict) else {}


def _is_validator(value: object) -> TypeGuard[str]:
    """Tell whether a value may go into a header."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_VALIDATOR
        and value.isascii()
        and value.isprintable()
    )


def _fingerprint(url: httpx.URL) -> str:
    return hashlib.sha256(str(without_credentials(url)).encode()).hexdigest()[:16]
