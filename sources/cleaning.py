"""Cleans text that strangers wrote: one line, single spaces, nothing invisible; what can be seen stays."""

from __future__ import annotations

import re

EXCERPT_LENGTH = 60
LONGEST_TITLE = 1_000  # characters; the longest on arXiv has a third of that

# Controls that are no whitespace, soft hyphens, zero-width and direction marks, lone surrogates, language
# tags. A zero-width joiner stays where it holds an emoji together.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
    "|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_LONG = 200
_PRINTABLE = bytes(range(0x20, 0x7F))


def clean(text: str) -> str:
    """Fold all whitespace, line breaks too, into single spaces and drop invisible characters."""
    if "  " not in text and (_is_long_printable(text) if len(text) > _LONG else text.isprintable()):
        return text.strip(" ")
    folded = " ".join(text.split())
    return folded if folded.isprintable() else " ".join(_INVISIBLE.sub("", folded).split())


def _is_long_printable(text: str) -> bool:
    """Tell whether a text can be printed as it is; of long ones in ASCII bytes tell it in half the time."""
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()


def excerpt(text: str) -> str:
    """Cut the first characters of a text, cleaned, for a message."""
    return clean(text[: 4 * EXCERPT_LENGTH])[:EXCERPT_LENGTH].rstrip()
