"""Planning for many readers at once: read, ranked and written in a few statements, in arrays.

For each reader the digest is what `bot.planning.one_reader` would make of it. Whoever is unusual is left to
that: those who are in no party (`bot.planning.parties`), or whose days a wrong clock has mixed up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from bot.planning.calendar import Calendar, Opening
from bot.planning.means import LATE, Means
from bot.planning.outcome import Step, Stopwatch
from bot.planning.parties import Party, gather
from recommender.batch import recommend_all
from recommender.electorate import Asking, Votes
from recommender.threshold import Percentile, Threshold
from recommender.values import Pick
from recommender.wishes import Wishes
from storage import crowd, crowd_plans
from storage.crowd_plans import Plan
from storage.ledger import Lack
from storage.readers import Reader

Ids = npt.NDArray[np.int64]


async def plan_crowd(
    means: Means, readers: Sequence[Reader], now: datetime, wishes: Wishes, watch: Stopwatch
) -> set[int]:
    """Plan for those of the readers, given by chat, of whom nothing is unusual.

    Returns:
        The chats that were planned for; all others are as they were.
    """
    calendar = Calendar(now, means.max_late)
    with watch.timed(Step.READ):
        openings = await _find_openings(means, readers, calendar)
        parties = await gather(means, [opening for opening in openings if opening.day], wishes.recent, now)
    plans = [_plan(opening, [], None, calendar) for opening in openings if not opening.day]
    for party in parties:
        picks = await _pick(means, party, wishes, watch)
        outcomes = zip(party.openings, picks, party.lacks(), strict=True)
        plans += [_plan(opening, chosen, lack, calendar) for opening, chosen, lack in outcomes]
    if not plans:
        return set()
    since = min((party.older.since for party in parties), default=now)
    with watch.timed(Step.WRITE):
        async with means.database.writing() as session:
            return await crowd_plans.enter(session, plans, now, since=since)


async def _find_openings(means: Means, readers: Sequence[Reader], calendar: Calendar) -> list[Opening]:
    async with means.database.reading() as session:
        last_days = await crowd.last_days(session, [reader.chat_id for reader in readers])
        found = [_opening(calendar, reader, last_days.get(reader.chat_id)) for reader in readers]
        openings = [opening for opening in found if opening]
        overslept = [opening.reader.chat_id for opening in openings if opening.late and opening.day]
        # Who missed days though digests were sent: the clock may have been set back over one of those.
        earliest = calendar.now - calendar.max_late
        mixed_up = await crowd.sent_daily(session, overslept, earliest, calendar.now) if overslept else set()
    return [opening for opening in openings if opening.reader.chat_id not in mixed_up]


def _opening(calendar: Calendar, reader: Reader, last_day: date | None) -> Opening | None:
    try:
        return calendar.opening(reader, last_day)
    except Exception:  # noqa: BLE001 - one reader's fault is no crowd's; planning for them alone tells
        return None


async def _pick(means: Means, party: Party, wishes: Wishes, watch: Stopwatch) -> list[list[Pick]]:
    with watch.timed(Step.SCORE):
        stated = {
            row: party.known.interests[opening.reader.chat_id]
            for row, opening in enumerate(party.openings)
            if opening.reader.chat_id in party.known.interests
        }
        asking = _ask(means, party, wishes)
        offer, asking = await means.ranker.hear_all(asking, stated, wishes.recent, party.older.papers)
    with watch.timed(Step.SELECT):
        return await asyncio.to_thread(recommend_all, offer, asking)


def _ask(means: Means, party: Party, wishes: Wishes) -> Asking:
    """Lay out what is known in the rows of the party; of those who are not in it nothing is taken."""
    openings, known = party.openings, party.known
    chat_ids = party.chat_ids()
    voters, votes_kept = _rows(chat_ids, known.votes.chat_ids)
    receivers, given_kept = _rows(chat_ids, known.given.chat_ids)
    row_of = {chat_id: row for row, chat_id in enumerate(chat_ids.tolist())}
    return Asking(
        votes=Votes(voters, known.votes.paper_ids[votes_kept], known.votes.up[votes_kept]),
        given=(receivers, known.given.paper_ids[given_kept]),
        n=np.array([opening.reader.picks for opening in openings], dtype=np.int64),
        thresholds=_thresholds(openings, wishes.threshold),
        draws=np.array([means.draw() for _ in openings], dtype=np.float64),
        rulebooks={row_of[chat_id]: book for chat_id, book in party.rulebooks.items()},
        older=party.pairs(),
    )


def _rows(chat_ids: Ids, of: Ids) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """Find the rows of chats among some, ascending; and which of them are there."""
    rows = np.searchsorted(chat_ids, of)
    there = chat_ids[np.minimum(rows, len(chat_ids) - 1)] == of
    return rows[there], there


def _thresholds(openings: Sequence[Opening], owners: Threshold | None) -> list[Threshold | None]:
    """Give the strength that each reader chose, else the owner's; equal ones are one."""
    chosen = {opening.reader.percentile for opening in openings}
    by_choice = {each: Percentile(each) if each else None for each in chosen} | {None: owners}
    return [by_choice[opening.reader.percentile] for opening in openings]


def _plan(opening: Opening, picks: Sequence[Pick], lack: Lack | None, calendar: Calendar) -> Plan:
    """Settle the days of a reader, who is told what was lacking where no picks came of the open one."""
    reader = opening.reader
    # A list that brought nothing strong takes no day: the next one of the day may bring something.
    day = opening.day if picks or not reader.on_arrival else None
    lacking = lack if day and not picks else None
    return Plan(
        reader=reader,
        local_day=day,
        next_due_at=calendar.next_due_at(reader, opening.settled_to),
        missed=dict.fromkeys(opening.late, LATE),
        picks=picks,
        lack=lacking if reader.tell_empty else None,
        skipped=None if reader.tell_empty else lacking,
    )
