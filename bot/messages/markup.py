"""Telegram's HTML: escaped once, measured as Telegram measures it, cut where a reader would cut."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape

_SENTENCE_END = re.compile(r"[.!?。！？][\"')\]]*(?=\s|$)")  # noqa: RUF001 - the full-width marks of Chinese text
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a message: its HTML, and its length once Telegram has parsed that, in UTF-16 units."""

    html: str = ""
    length: int = 0

    def __add__(self, other: Fragment) -> Fragment:
        return Fragment(self.html + other.html, self.length + other.length)


def text(plain: str) -> Fragment:
    """Take any text as it stands."""
    return Fragment(escape(plain, quote=False), utf16_length(plain))


def bold(inner: Fragment) -> Fragment:
    """Set in bold."""
    return Fragment(f"<b>{inner.html}</b>", inner.length)


def italic(inner: Fragment) -> Fragment:
    """Set in italics."""
    return Fragment(f"<i>{inner.html}</i>", inner.length)


def link(inner: Fragment, url: str) -> Fragment:
    """Make a link."""
    return Fragment(f'<a href="{escape(url)}">{inner.html}</a>', inner.length)


def folded_quote(inner: Fragment) -> Fragment:
    """Set as a quotation that opens at a tap."""
    return Fragment(f"<blockquote expandable>{inner.html}</blockquote>", inner.length)


def joined(fragments: list[Fragment], separator: str) -> Fragment:
    """Join what is not empty."""
    between, result = text(separator), Fragment()
    for fragment in fragments:
        if fragment.length:
            result = result + between + fragment if result.length else fragment
    return result


def utf16_length(plain: str) -> int:
    """Count the UTF-16 units of a text, as Telegram's limits and entity offsets do."""
    return len(plain) if plain.isascii() else len(plain.encode("utf-16-le", "surrogatepass")) // 2


def isolate(plain: str) -> str:
    """Keep right-to-left text from turning its neighbours round; other text is left as it is (UAX 9)."""
    if not plain.isascii() and any(unicodedata.bidirectional(c) in {"R", "AL"} for c in {*plain}):
        return f"{_FIRST_STRONG_ISOLATE}{plain}{_POP_ISOLATE}"
    return plain


def cut(plain: str, limit: int) -> str:
    """Shorten to ``limit`` UTF-16 units: after a sentence where that keeps half, else after a word."""
    if utf16_length(plain) <= limit:
        return plain
    head = _units(plain, max(limit - 1, 0))
    ends = [match.end() for match in _SENTENCE_END.finditer(head) if match.end() < len(head)]
    if ends and ends[-1] * 2 >= len(head):
        return head[: ends[-1]]
    words = head.rsplit(maxsplit=1)
    return (words[0] if len(words) > 1 else head).rstrip(" ,;:") + "…" if head else ""


def share(lengths: list[int], room: int) -> list[int]:
    """Share room among texts of these lengths: the short get all they need, the rest get equal parts."""
    granted = [0] * len(lengths)
    left = max(room, 0)
    by_length = sorted(range(len(lengths)), key=lengths.__getitem__)
    for rank, index in enumerate(by_length):
        granted[index] = min(lengths[index], left // (len(lengths) - rank))
        left -= granted[index]
    return granted


def _units(plain: str, limit: int) -> str:
    encoded = plain.encode("utf-16-le", "surrogatepass")[: limit * 2]
    return encoded.decode("utf-16-le", "ignore")
