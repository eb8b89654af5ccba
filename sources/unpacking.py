"""Unpacks gzip, within bounds. Pure: bytes in, bytes out; fetches nothing and reads no file."""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator

_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_STEP = 16_384  # packed bytes looked at together
_LARGEST_PIECE = 1_000_000
_LARGEST_RATIO = 1_032  # what deflate can do at most: https://zlib.net/zlib_tech.html
_MOST_MEMBERS = 100_000


class UnpackingError(ValueError):
    """A body cannot be unpacked. Its words are said of the body: "gzip that ..."."""


class CutError(UnpackingError):
    """A body ends before its gzip does."""


def unpack(body: bytes, most: int) -> bytes:
    """Unpack gzip of one member or several, one after the other; what follows the last one is ignored.

    A body that may unpack to more than ``most`` bytes is measured before any of it is kept, so that a small
    one that would fill the memory costs little. An empty one unpacks to an empty one.

    Raises:
        UnpackingError: It would be more than ``most`` bytes, or is broken.
        CutError: It ends too early.
    """
    if len(body) * _LARGEST_RATIO > most:
        _measure(body, most)
    return b"".join(_pieces(body))


def _measure(body: bytes, most: int) -> None:
    size = 0
    for piece in _pieces(body):
        size += len(piece)
        if size > most:
            raise UnpackingError(f"gzip that unpacks to more than {most / 1_000_000:g} MB")


def _pieces(body: bytes) -> Iterator[bytes]:
    """Unpack in pieces that are small enough to be thrown away."""
    at = 0
    for _ in range(1 + _MOST_MEMBERS):
        if at == len(body) or (at > 0 and not body.startswith(_MAGIC, at)):
            return
        at = yield from _unpack_member(body, at)
    raise UnpackingError(f"gzip in more than {_MOST_MEMBERS:,} pieces")


def _unpack_member(body: bytes, at: int) -> Generator[bytes, None, int]:
    """Unpack the member that begins ``at``; return where it ends."""
    member = zlib.decompressobj(wbits=_GZIP)
    try:
        while not member.eof:
            packed = member.unconsumed_tail
            if not packed:
                packed = body[at : at + _STEP]
                at += len(packed)
            if not packed:
                raise CutError("gzip that breaks off in the middle")
            yield member.decompress(packed, _LARGEST_PIECE)
    except zlib.error as error:
        raise UnpackingError("gzip that is broken") from error
    return at - len(member.unused_data)
