"""When two dumps speak of one paper: the arXiv id where both tell it, else the wording.

A wording is the title and the opening of the abstract, folded: written differently only in case, white space,
punctuation or typographic form, two texts are the same. Only the opening counts, so a page that cuts its
abstracts names the same paper as one that prints them whole. Papers that share a title stay apart by their
abstracts; so does a paper without abstract (or with one cut before the opening ends) from a paper of that
title with one, for a title alone is too weak a witness and a wrong join cannot be undone.

Wordings and keys of titles are stored: a change to `fold` or `OPENING` needs a migration that computes
them anew.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

OPENING = 200  # folded characters of an abstract: two or three lines of print

_NO_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, in one case and form; one that has none keeps its signs."""
    return _letters(text) or "".join(_alike(text).split())


def wording(title: str, abstract: str) -> str:
    """Compute the key of a paper's wording: 32 hexadecimal digits."""
    text = f"{fold(title)}\n{_opening(abstract)}"
    return blake2b(text.encode(), digest_size=16).hexdigest()


def title_key(title: str) -> int:
    """Compute the key that all spellings of a title share: a whole number of 64 bits with a sign."""
    return int.from_bytes(blake2b(fold(title).encode(), digest_size=8).digest(), signed=True)


def _opening(abstract: str) -> str:
    # Folding is the dearest step of storing a paper: most abstracts need not be folded to their end.
    beginning = _letters(abstract[: 4 * OPENING])
    return (beginning if len(beginning) > OPENING else fold(abstract))[:OPENING]


def is_cut_from(text: str, whole: str) -> bool:
    """Tell whether a text is only the beginning of another one, whose end a dump left out."""
    return len(text) < len(whole) and fold(whole).startswith(fold(text))


def _letters(text: str) -> str:
    return _NO_WORD.sub("", _alike(text))


def _alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
