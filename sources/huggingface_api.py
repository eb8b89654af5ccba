"""The API of Hugging Face's daily papers: the whole list of one day, however many parts it comes in.

Owns what is asked and what counts as an answer. Reading papers out of a body is for parsing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import httpx

from sources.decoding import decode
from sources.json_dump import read_entries
from sources.json_papers import describe
from sources.json_values import read_json
from sources.values import LARGEST_DUMP, Reject, SourceError
from sources.web.address import public_name
from sources.web.client import Manner, Web

_PART_SIZE = 100  # the most that the API gives at once
_NEARLY_FULL = 90  # a part may be a few short although others follow
_MOST_PARTS = 20


class _Part(NamedTuple):
    entries: list[Any]
    body: bytes
    version: str | None


class DailyPapersApi:
    """Asks for lists of days at one address."""

    def __init__(self, address: httpx.URL, web: Web, manner: Manner) -> None:
        self._address = address
        self._web = web
        self._manner = manner

    async def get(self, day: str, known: Sequence[str | None]) -> tuple[bytes, tuple[str | None, ...]] | None:
        """Get the list of a day, as one JSON body, and the version of each of its parts.

        None where every part still is the version in ``known``: what is new may be in the last one only.
        An empty list is a day with nothing.

        Raises:
            SourceError: The API cannot be reached, or sends no list of papers.
        """
        first = await self._ask(day, 0, known[0] if known else None)
        if first is None and not await self._are_unchanged(day, known):
            first = await self._ask(day, 0)
        return None if first is None else await asyncio.to_thread(_join, await self._follow(day, first))

    async def _are_unchanged(self, day: str, known: Sequence[str | None]) -> bool:
        for number, version in enumerate(known[1:], 1):
            if await self._ask(day, number, version):
                return False
        return True

    async def _follow(self, day: str, first: _Part) -> list[_Part]:
        """Read on until the list ends; where a server knows no parts, the second is the first again."""
        parts = [first]
        while len(parts[-1].entries) >= _NEARLY_FULL:
            if len(parts) == _MOST_PARTS or sum(len(part.body) for part in parts) > LARGEST_DUMP:
                raise SourceError(f"{public_name(self._address)} does not come to the end of its list")
            part = await self._ask(day, len(parts))
            if part is None or part.entries == first.entries:
                break
            parts.append(part)
        return parts

    async def _ask(self, day: str, number: int, known: str | None = None) -> _Part | None:
        which = {"date": day, "limit": str(_PART_SIZE)} | ({"p": str(number)} if number else {})
        url = self._address.copy_merge_params(which)
        answer = await self._web.get(url, known, self._manner)
        if answer is None:
            return None
        entries = await asyncio.to_thread(_read_list, answer.body, public_name(url))
        return _Part(entries, answer.body, answer.version)


def _join(parts: Sequence[_Part]) -> tuple[bytes, tuple[str | None, ...]]:
    versions = tuple(part.version for part in parts)
    if len(parts) == 1:
        return parts[0].body, versions
    return json.dumps([entry for part in parts for entry in part.entries]).encode(), versions


def _read_list(body: bytes, name: str) -> list[Any]:
    entries = _find_entries(body)
    if isinstance(entries, str):
        raise SourceError(f"{name} sent {entries}, not a list of papers")
    return entries


def _find_entries(body: bytes) -> list[Any] | str:
    """Read the entries of a list, where one at least is a paper or there is none; else say what it is."""
    text = decode(body)
    found = None if isinstance(text, Reject) else read_json(text.strip(), 0)
    if found is None:
        return "no JSON"
    entries, broken = found
    if broken:
        return "broken JSON"
    if not isinstance(entries, list):
        return describe(entries)
    return entries if not entries or read_entries(entries).papers else "a list of other things"
