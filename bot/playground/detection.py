"""Entities that Telegram finds by itself: addresses, commands, mentions, hashtags, cashtags.

The rules are Telegram's in short: only common top-level domains make a link of words without `https://`.
"""

import re
from collections.abc import Callable, Iterator

from bot.playground.entities import Entity, utf16_length

_DOMAINS = "com|org|net|edu|gov|int|info|io|ai|co|me|dev|app|de|fr|uk|eu|ch|nl|es|it|jp|cn|ru|in|br|us|ca|au"
_HOST = rf"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:{_DOMAINS})(?![\w-])"
_REST = r"(?:[/?#:][^\s<>\"«»]*)?"
_URL = re.compile(rf"(?<![\w@./-])(?:(?:https?|ftp|tg)://[^\s<>\"«»]+|{_HOST}(?!@){_REST})", re.IGNORECASE)
_EMAIL = re.compile(rf"(?<![\w.+@-])[\w+-][\w.+-]*@{_HOST}", re.IGNORECASE)
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])", re.ASCII)
_MENTION = re.compile(r"(?<!\w)@[A-Za-z]\w{2,31}(?!\w)", re.ASCII)
_HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")
# (kind, a sign without which there is none, pattern); what comes first wins where two overlap.
_PATTERNS = (
    ("url", ".", _URL),
    ("email", "@", _EMAIL),
    ("bot_command", "/", _COMMAND),
    ("mention", "@", _MENTION),
    ("hashtag", "#", _HASHTAG),
    ("cashtag", "$", _CASHTAG),
)
_AFTER_A_LINK = ".,:;!?'\"…"


def found_entities(text: str) -> list[Entity]:
    """Return what Telegram would find in a text, without overlaps, sorted by offset."""
    offset_of = _offsets(text)
    taken: list[tuple[int, int, str]] = []
    for kind, start, end in _matches(text):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, kind))
    spans = ((kind, offset_of(start), offset_of(end)) for start, end, kind in sorted(taken))
    return [Entity(kind, start, end - start) for kind, start, end in spans]


def _matches(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, sign, pattern in _PATTERNS:
        if sign in text:
            for match in pattern.finditer(text):
                yield kind, match.start(), match.start() + len(_without_tail(kind, match[0]))


def _without_tail(kind: str, matched: str) -> str:
    if kind != "url":
        return matched
    matched = matched.rstrip(_AFTER_A_LINK)
    return matched[:-1] if matched.endswith(")") and "(" not in matched else matched


def _offsets(text: str) -> Callable[[int], int]:
    if utf16_length(text) == len(text):
        return lambda index: index
    return lambda index: utf16_length(text[:index])
