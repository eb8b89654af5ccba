"""Reads the body of an answer, and unpacks it, within limits."""

from __future__ import annotations

import asyncio

import httpx

from sources.cleaning import excerpt
from sources.unpacking import CutError, UnpackingError, unpack
from sources.web.attempts import SHORT_FAULT, AttemptError

ACCEPTED = "gzip"
_GZIP = ("gzip", "x-gzip")
_PLAIN = ("", "identity")


async def read_body(response: httpx.Response, most: int) -> bytes:
    """Read at most so many bytes, before and after unpacking.

    Raises:
        AttemptError: There are more, some are missing, or they are packed in a way that was not asked for.
    """
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in _PLAIN:
        return await _read(response, most)
    if packing not in _GZIP:
        raise AttemptError(f"sent a body packed as {excerpt(packing)}, which nobody asked for")
    packed = await _read(response, most)
    try:
        return await asyncio.to_thread(unpack, packed, most)
    except CutError as error:
        raise AttemptError(f"sent {error}", retries=SHORT_FAULT) from error
    except UnpackingError as error:
        raise AttemptError(f"sent {error}") from error


async def finish(response: httpx.Response) -> None:
    """Read the end of an answer that has no body, so that its connection may serve the next request."""
    async for _ in response.aiter_raw():
        pass


async def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()  # a list of chunks could take many times the memory: a chunk may be a byte
    _refuse_more(int(response.headers.get("content-length", 0)), most)
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            _refuse_more(len(body), most)
    except (httpx.RemoteProtocolError, httpx.NetworkError) as error:
        raise AttemptError("broke off in the middle of its answer", retries=SHORT_FAULT) from error
    return bytes(body)


def _refuse_more(size: int, most: int) -> None:
    if size > most:
        raise AttemptError(f"sent more than the {most / 1_000_000:g} MB of a dump")
