"""Who is planned for together: readers to whom the same papers are offered, with all that is known of them.

Most are offered the recent papers. Those to whom fewer of these are new than they want picks are offered
older ones besides, of which each asks for their own few. Nothing is ranked or written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress

import numpy as np
import numpy.typing as npt
from sqlalchemy.ext.asyncio import AsyncSession

from bot.planning.calendar import Opening
from bot.planning.means import Means
from bot.ranking.rulebooks import Rulebooks
from recommender.rules import Rulebook
from recommender.values import Candidate, Interest
from storage import crowd, interests, papers, rules
from storage.crowd import GivenPairs, VoteColumns
from storage.digests import Lack
from storage.rules import KeptRule

Bools = npt.NDArray[np.bool_]
Ids = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int64]

# Beyond so many interests of a batch the others of its readers are planned for alone: some 15 MB of vectors.
MOST_STATED = 5_000
# So many of the newest older papers are offered to all who find enough among them: they stay the same from
# batch to batch, so that K is computed once. Who finds too few even among the last is planned for alone.
DEPTHS = (60, 240, 960)


@dataclass(frozen=True, eq=False, slots=True)
class Known:
    """What is known of the readers of some openings, by chat, in the order of the chats.

    Attributes:
        votes: All that they cast.
        given: Which of the recent papers were or will be brought to them.
        interests: Of those who stated any.
        rules: Of those who have any.
    """

    votes: VoteColumns
    given: GivenPairs
    interests: Mapping[int, list[Interest]]
    rules: Mapping[int, Sequence[KeptRule]]


@dataclass(frozen=True, slots=True)
class Older:
    """The newest papers from before the window, in the order in which they join the recent ones.

    Attributes:
        since: When the first of them was first seen; where there is none, when the window begins.
    """

    papers: Sequence[Candidate]
    since: datetime


@dataclass(frozen=True, eq=False, slots=True)
class Party:
    """Readers to whom the same papers are offered.

    Attributes:
        openings: What they are due, by chat, in the order of the chats.
        known: What is known of them, and of others.
        rulebooks: Of those who have rules, by chat, held against all that is offered.
        left: How many papers there are for each, whether they are strong or not: (n_readers,).
        older: What is offered beside the recent papers.
        asked: Which of these each asks for, (n_readers, n_older); None where nobody needs any.
    """

    openings: Sequence[Opening]
    known: Known
    rulebooks: Mapping[int, Rulebook]
    left: Ints
    older: Older
    asked: Bools | None = None

    def chat_ids(self) -> Ids:
        """Name the readers' chats, ascending."""
        return _chats(self.openings)

    def pairs(self) -> tuple[Ints, Ids] | None:
        """Pair the row of each reader with the older papers that they ask for; None where nobody does."""
        if self.asked is None:
            return None
        rows, places = np.nonzero(self.asked)
        return rows, _ids(self.older.papers)[places]

    def lacks(self) -> list[Lack]:
        """Tell what there is too little of for each, where nothing is picked."""
        return [Lack.STRONG if left else Lack.NEW for left in self.left.tolist()]


async def gather(
    means: Means, openings: Sequence[Opening], recent: Sequence[Candidate], now: datetime
) -> list[Party]:
    """Part readers, given by chat, by what is offered to them.

    In no party are those who state too much, and those who have had or voted on nearly all older papers, too.
    """
    async with means.database.reading() as session:
        known = await _read(session, openings, recent, now - means.window)
        host = _Host(session, means.rulebooks, known, recent, now - means.window)
        openings = _bound_stated(openings, known.interests)
        left = host.find_unseen(openings, recent, known.given).sum(axis=1)
        is_thin = left < _wanted(openings)
        usual = await host.seat([*compress(openings, ~is_thin)], left[~is_thin])
        thin = await host.widen([*compress(openings, is_thin)], left[is_thin])
    return [party for party in (usual, *thin) if party.openings]


async def _read(
    session: AsyncSession, openings: Sequence[Opening], recent: Sequence[Candidate], since: datetime
) -> Known:
    chat_ids = _chats(openings)
    return Known(
        votes=await crowd.votes_of(session, chat_ids),
        given=await crowd.given_of(session, chat_ids, _ids(recent), since),
        interests=await interests.of_chats(session, chat_ids),
        rules=await rules.of_chats(session, chat_ids),
    )


@dataclass(frozen=True, slots=True)
class _Host:
    """Seats readers in parties; reads what is still to be read for that."""

    session: AsyncSession
    rulebooks: Rulebooks
    known: Known
    recent: Sequence[Candidate]
    window: datetime

    async def widen(self, openings: Sequence[Opening], left: Ints) -> list[Party]:
        """Offer older papers as well: to each the newest that they have not seen, as many as they lack.

        Those who find enough among few are a party before more are read for the others.
        """
        parties: list[Party] = []
        for depth in DEPTHS:
            if not openings:
                break
            older = await self._read_older(depth)
            lacking = _wanted(openings) - left
            asked = _take_first(await self._find_unseen_older(openings, older), lacking)
            found = asked.sum(axis=1)
            served = (found == lacking) | (len(older.papers) < depth)
            served_now = [*compress(openings, served)]
            parties.append(await self.seat(served_now, (left + found)[served], older, asked[served]))
            openings, left = [*compress(openings, ~served)], left[~served]
        return parties

    async def seat(
        self, openings: Sequence[Opening], left: Ints, older: Older | None = None, asked: Bools | None = None
    ) -> Party:
        """Offer the recent papers, and older ones where they are told."""
        offered = [*self.recent, *(older.papers if older else ())]
        kept = {
            chat_id: self.known.rules[chat_id]
            for chat_id in _chats(openings).tolist()
            if chat_id in self.known.rules
        }
        books = await self.rulebooks.rulebooks_of(self.session, kept, _ids(offered).tolist())
        return Party(openings, self.known, books, left, older or Older((), self.window), asked)

    async def _read_older(self, depth: int) -> Older:
        read = await papers.older(self.session, self.window, depth)
        since = min((first_seen for _, first_seen in read), default=self.window)
        return Older([candidate for candidate, _ in read], since)

    async def _find_unseen_older(self, openings: Sequence[Opening], older: Older) -> Bools:
        given = await crowd.given_of(self.session, _chats(openings), _ids(older.papers), older.since)
        return self.find_unseen(openings, older.papers, given)

    def find_unseen(
        self, openings: Sequence[Opening], offered: Sequence[Candidate], given: GivenPairs
    ) -> Bools:
        """Find which papers each reader neither was given nor voted on: (n_readers, n_papers)."""
        chat_ids, paper_ids = _chats(openings), _ids(offered)
        unseen = np.ones((len(chat_ids), len(paper_ids)), dtype=np.bool_)
        by_id = np.argsort(paper_ids)
        for seen in (self.known.votes, given):
            rows, is_here = _look_up(chat_ids, seen.chat_ids)
            places, is_offered = _look_up(paper_ids[by_id], seen.paper_ids)
            both = is_here & is_offered
            unseen[rows[both], by_id[places[both]]] = False
        return unseen


def _bound_stated(openings: Sequence[Opening], stated: Mapping[int, list[Interest]]) -> list[Opening]:
    """Leave out who states more than there is room for."""
    room = MOST_STATED
    kept: list[Opening] = []
    for opening in openings:
        interests_ = len(stated.get(opening.reader.chat_id, ()))
        if interests_ <= room:
            kept.append(opening)
            room -= interests_
    return kept


def _take_first(unseen: Bools, numbers: Ints) -> Bools:
    """Take the first ones in each row, so many as the row's number says."""
    return unseen & (np.cumsum(unseen, axis=1) <= numbers[:, np.newaxis])


def _look_up(known: Ids, ids: Ids) -> tuple[Ints, Bools]:
    """Find the places of ids among known ones, ascending; and which of them are there."""
    if not len(known):
        return np.zeros(len(ids), dtype=np.int64), np.zeros(len(ids), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return places, known[places] == ids


def _wanted(openings: Sequence[Opening]) -> Ints:
    return np.array([opening.reader.picks for opening in openings], dtype=np.int64)


def _chats(openings: Sequence[Opening]) -> Ids:
    return np.array([opening.reader.chat_id for opening in openings], dtype=np.int64)


def _ids(candidates: Sequence[Candidate]) -> Ids:
    return np.array([candidate.paper_id for candidate in candidates], dtype=np.int64)
