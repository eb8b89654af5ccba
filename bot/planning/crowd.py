"""Planning for many readers at once: read, ranked and written in a few statements, in arrays.

For each reader the digest is what `bot.planning.one_reader` would make of it. Whoever is unusual is left to
that: those with fewer new papers than they want picks, or whose days a wrong clock has mixed up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from bot.planning.calendar import Calendar, Opening
from bot.planning.means import LATE, Means
from bot.planning.outcome import Step, Stopwatch
from recommender.batch import recommend_all
from recommender.electorate import Asking, Votes
from recommender.rules import Rulebook
from recommender.threshold import Percentile, Threshold
from recommender.values import Candidate, Interest, Pick
from recommender.wishes import Wishes
from storage import crowd, crowd_plans, interests, rules
from storage.crowd import GivenPairs, VoteColumns
from storage.crowd_plans import Plan
from storage.ledger import Lack
from storage.readers import Reader

Ids = npt.NDArray[np.int64]

# Beyond so many interests of a batch the others of its readers are planned for alone: some 15 MB of vectors.
MOST_STATED = 5_000


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """What is known of the readers of some openings, by chat, in the order of the chats."""

    votes: VoteColumns
    given: GivenPairs
    interests: Mapping[int, list[Interest]]
    rulebooks: Mapping[int, Rulebook]


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
        awaited = [opening for opening in openings if opening.day]
        known = await _read(means, awaited, now, wishes.recent)
        usual = _keep_usual(awaited, known, wishes.recent)
    plans = [_plan(opening, [], calendar) for opening in openings if not opening.day]
    if usual:
        picks = await _pick(means, usual, known, wishes, watch)
        plans += [_plan(opening, chosen, calendar) for opening, chosen in zip(usual, picks, strict=True)]
    if not plans:
        return set()
    with watch.timed(Step.WRITE):
        async with means.database.writing() as session:
            return await crowd_plans.enter(session, plans, now, since=now - means.window)


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
    except Exception:  # noqa: BLE001 - a zone that is none, say: planning for this reader alone will tell
        return None


async def _read(
    means: Means, openings: Sequence[Opening], now: datetime, recent: Sequence[Candidate]
) -> Known:
    chat_ids = np.array([opening.reader.chat_id for opening in openings], dtype=np.int64)
    paper_ids = np.array([candidate.paper_id for candidate in recent], dtype=np.int64)
    async with means.database.reading() as session:
        rulebooks = await means.rulebooks.rulebooks_of(
            session, await rules.of_chats(session, chat_ids), paper_ids.tolist()
        )
        return Known(
            votes=await crowd.votes_of(session, chat_ids),
            given=await crowd.given_of(session, chat_ids, paper_ids, now - means.window),
            interests=await interests.of_chats(session, chat_ids),
            rulebooks=rulebooks,
        )


def _keep_usual(openings: Sequence[Opening], known: Known, recent: Sequence[Candidate]) -> list[Opening]:
    """Leave out who has too few new papers left, for whom older ones are looked at, and states too much."""
    room = MOST_STATED
    usual: list[Opening] = []
    for opening, unseen in zip(openings, _count_unseen(_chats(openings), known, recent), strict=True):
        stated = len(known.interests.get(opening.reader.chat_id, ()))
        if unseen >= max(opening.reader.picks, 1) and stated <= room:
            usual.append(opening)
            room -= stated
    return usual


def _count_unseen(chat_ids: Ids, known: Known, recent: Sequence[Candidate]) -> Ids:
    """Count the recent papers that each chat neither was given nor voted on: (n_chats,)."""
    paper_ids = np.sort(np.array([candidate.paper_id for candidate in recent], dtype=np.int64))
    chats = np.concatenate([known.votes.chat_ids, known.given.chat_ids])
    papers = np.concatenate([known.votes.paper_ids, known.given.paper_ids])
    is_recent = np.isin(papers, paper_ids)
    cells = np.searchsorted(chat_ids, chats[is_recent]) * len(paper_ids)
    seen = np.unique(cells + np.searchsorted(paper_ids, papers[is_recent])) // max(len(paper_ids), 1)
    return len(paper_ids) - np.bincount(seen, minlength=len(chat_ids))


def _chats(openings: Sequence[Opening]) -> Ids:
    return np.array([opening.reader.chat_id for opening in openings], dtype=np.int64)


async def _pick(
    means: Means, openings: Sequence[Opening], known: Known, wishes: Wishes, watch: Stopwatch
) -> list[list[Pick]]:
    with watch.timed(Step.SCORE):
        stated = {
            row: known.interests[opening.reader.chat_id]
            for row, opening in enumerate(openings)
            if opening.reader.chat_id in known.interests
        }
        asking = _ask(means, openings, known, wishes)
        offer, asking = await means.ranker.hear_all(asking, stated, wishes.recent)
    with watch.timed(Step.SELECT):
        return await asyncio.to_thread(recommend_all, offer, asking)


def _ask(means: Means, openings: Sequence[Opening], known: Known, wishes: Wishes) -> Asking:
    """Lay out what is known in the rows of the openings; of those who were left out nothing is taken."""
    chat_ids = _chats(openings)
    voters, votes_kept = _rows(chat_ids, known.votes.chat_ids)
    receivers, given_kept = _rows(chat_ids, known.given.chat_ids)
    row_of = {chat_id: row for row, chat_id in enumerate(chat_ids.tolist())}
    return Asking(
        votes=Votes(voters, known.votes.paper_ids[votes_kept], known.votes.up[votes_kept]),
        given=(receivers, known.given.paper_ids[given_kept]),
        n=np.array([opening.reader.picks for opening in openings], dtype=np.int64),
        thresholds=_thresholds(openings, wishes.threshold),
        draws=np.array([means.draw() for _ in openings], dtype=np.float64),
        rulebooks={row_of[chat_id]: book for chat_id, book in known.rulebooks.items() if chat_id in row_of},
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


def _plan(opening: Opening, picks: Sequence[Pick], calendar: Calendar) -> Plan:
    """Settle the days of a reader; there were new papers, so where no picks came of them none was strong."""
    reader = opening.reader
    # A list that brought nothing strong takes no day: the next one of the day may bring something.
    day = opening.day if picks or not reader.on_arrival else None
    lack = Lack.STRONG if day and not picks else None
    return Plan(
        reader=reader,
        local_day=day,
        next_due_at=calendar.next_due_at(reader, opening.settled_to),
        missed=dict.fromkeys(opening.late, LATE),
        picks=picks,
        lack=lack if reader.tell_empty else None,
        skipped=None if reader.tell_empty else lack,
    )
