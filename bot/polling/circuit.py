"""The circuit of a source: after failures in a row it is left alone for a while, and then one try decides.

Pure: it is told what is written down of a source and what came of a poll. How a source stands is kept in the
database, so that a restart does not hammer one that is down.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.polling.polled import SourceReport
from storage.polls import Poll

PATIENCE = 3  # failures in a row, of polls or within one
SHORTEST_REST = timedelta(minutes=30)
LONGEST_REST = timedelta(hours=6)
LONGEST_WISH = timedelta(days=1)
_MOST_DOUBLINGS = 10  # far beyond the longest rest
_JITTER = 0.25


def resting_until(poll: Poll, now: datetime, *, by_hand: bool = False) -> datetime | None:
    """Tell until when a source is left alone; None where it may be asked.

    Who polls by hand may ask it all the same, unless the source itself asked to be left alone. A rest that
    lasts longer than any may was written down by a clock that was wrong, and holds nobody.
    """
    if poll.retry_at is None or not now < poll.retry_at <= now + LONGEST_WISH:
        return None
    return None if by_hand and not poll.retry_asked else poll.retry_at


def is_on_trial(poll: Poll) -> bool:
    """Tell whether a source has failed so often that one try decides whether it is asked for more."""
    return poll.failures >= PATIENCE


def settle(poll: Poll, report: SourceReport, now: datetime, draw: float) -> Poll:
    """Tell how a source stands after a poll. ``draw`` is a number from 0 up to 1, by chance.

    A source that answers in part is up: its failures are over, though it was not read in full.
    """
    failures = 0 if report.reached else poll.failures + 1
    rest, wish = _rest(failures, draw), min(report.wait or timedelta(), LONGEST_WISH)
    return replace(
        poll,
        asked_at=now,
        reached_at=now if report.why is None else poll.reached_at,
        added_at=now if report.added else poll.added_at,
        why=report.why,
        failures=failures,
        retry_at=now + max(rest, wish) if rest or wish else None,
        retry_asked=bool(wish) and wish >= rest,
    )


def _rest(failures: int, draw: float) -> timedelta:
    """Double the rest with each failure; up to a quarter less, so that many do not come back at once."""
    if failures < PATIENCE:
        return timedelta()
    doublings = min(failures - PATIENCE, _MOST_DOUBLINGS)
    return min(SHORTEST_REST * (1 << doublings), LONGEST_REST) * (1 - _JITTER * draw)
