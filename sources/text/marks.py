"""The marks that lines of a text dump hold: text of a paper, or furniture of the page around it."""

from __future__ import annotations

from enum import IntEnum, auto
from typing import NamedTuple

from sources.text.dates import SpelledDay


class Kind(IntEnum):
    """What a mark is. Its value is a number, a day or nothing."""

    TEXT = auto()
    HEADER = auto()
    BUTTON = auto()
    NUMBERED_BUTTON = auto()  # "GitHub": its number may follow on a line of its own
    UPVOTE_BUTTON = auto()
    SUBMITTER_BUTTON = auto()  # "Submitted by": a name may follow on a line of its own
    DOT = auto()
    AUTHORS = auto()
    DAY = auto()
    FEATURED = auto()  # a day that stands in a page's header
    COMMENTS = auto()
    UPVOTES = auto()
    NUMBER = auto()  # of its own: upvotes


# Each line asks for several kinds, and on Python 3.11 reading one off its class costs more than the asking.
(
    TEXT,
    HEADER,
    BUTTON,
    NUMBERED_BUTTON,
    UPVOTE_BUTTON,
    SUBMITTER_BUTTON,
    DOT,
    AUTHORS,
    DAY,
    FEATURED,
    COMMENTS,
    UPVOTES,
    NUMBER,
) = Kind


class Mark(NamedTuple):
    """One piece of furniture; what it means beside its neighbours is not decided yet."""

    kind: Kind
    value: int | SpelledDay | None = None
