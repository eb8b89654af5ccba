"""Turns the bytes of a dump into text, or says why they are no text. Never raises, whatever the bytes."""

from __future__ import annotations

import codecs

from sources.values import Reject

_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "gzip data",
    b"BZh9": "bzip2 data",
    b"\xfd7zXZ": "xz data",
    b"\x28\xb5\x2f\xfd": "zstandard data",
    b"PK\x03\x04": "a zip archive",
    b"%PDF-": "a PDF file",
    b"SQLite format 3\x00": "an SQLite database",
}
# UTF-32 before UTF-16: its little-endian mark begins with the other's.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_HEAD = 65_536
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1c\x1d\x1e\x1f"))
_MOST_CONTROLS = 1 / 50
_STRAY_BYTES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


def decode(body: bytes) -> str | Reject:
    """Decode by byte-order mark, else as UTF-8, with single bytes that are none read as Windows-1252.

    A last character that was cut in the middle is left out.
    """
    for signature, name in _SIGNATURES.items():
        if body.startswith(signature):
            return Reject(f"the body is {name}, not text")
    for mark, encoding in _MARKS.items():
        if body.startswith(mark):
            return _decode_as(encoding, body[len(mark) :])
    encoding = _guess_encoding(body[:_HEAD])
    if encoding == "utf-8" and _share_of_controls(body[:_HEAD]) > _MOST_CONTROLS:
        return Reject("the body is binary data, not text")
    return _decode_as(encoding, body)


def _decode_as(encoding: str, body: bytes) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        pass
    if encoding != "utf-8":
        return codecs.getincrementaldecoder(encoding)("replace").decode(body)
    return codecs.getincrementaldecoder(encoding)("surrogateescape").decode(body).translate(_STRAY_BYTES)


def _guess_encoding(head: bytes) -> str:
    """Tell UTF-16 without a mark by its zero bytes, which Latin text has at every second place."""
    pairs, even, odd = len(head) // 2, head[::2].count(0), head[1::2].count(0)
    if pairs > 1 and odd * 2 > pairs and even * 20 <= pairs:
        return "utf-16-le"
    if pairs > 1 and even * 2 > pairs and odd * 20 <= pairs:
        return "utf-16-be"
    return "utf-8"


def _share_of_controls(head: bytes) -> float:
    return 1 - len(head.translate(None, _CONTROLS)) / len(head) if head else 0.0
