"""What is asked of the shelf: picks and reasons, searches, papers to ask about; all off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.ranking.living_shelf import LivingShelf
from bot.ranking.meanings import Meanings
from bot.ranking.offers import Offers, with_first_votes
from bot.ranking.space_file import SpaceFolder
from bot.ranking.stated_shelf import StatedShelf
from recommender.electorate import Asking
from recommender.first_history import first_votes, next_exemplars, read_phrase
from recommender.nearest import Similar, find_nearest, find_similar
from recommender.offer import Offer
from recommender.recommend import recommend
from recommender.shares import Explanation, explain
from recommender.shelf import Shelf
from recommender.telling import find_telling_terms
from recommender.values import Candidate, Interest, Pick, Vote
from recommender.wishes import NO_WISHES, Wishes
from storage import news, papers
from storage.database import Database
from storage.news import Mark


class Ranker:
    """Picks papers for a chat from its votes and interests.

    Nothing is trained, so nothing goes stale: a vote counts from the next call on, and so does an interest,
    by its words at once and by its meaning once the model has read it.
    """

    def __init__(self, database: Database, meanings: Meanings, spaces: SpaceFolder) -> None:
        self._database = database
        self._meanings = meanings
        self._papers = LivingShelf(database, meanings, spaces)
        self._stated = StatedShelf(meanings)
        self._offers = Offers()
        self._mark: Mark | None = None

    @property
    def ready(self) -> bool:
        """Whether the shelf has been built, so that the first pick need not wait for it."""
        return self._papers.ready

    async def renew(self) -> None:
        """Take in new papers, and out those that are gone."""
        await self._papers.renew()

    async def keep_up(self, *, for_many: bool = False) -> bool:
        """Take in what other processes brought since the last call; tell whether there was anything.

        Who plans ``for_many`` takes in at the first call what they voted on, so that nobody waits for it when
        all are due.
        """
        async with self._database.reading() as session:
            mark = await news.mark(session)
        if mark == self._mark:
            return False
        await self.renew()
        if for_many and self._mark is None:
            await self._papers.take_in_voted()
        self._mark = mark
        return True

    async def read_unread(self, *, reads: bool = True) -> None:
        """Have the model read what it has not read: stated interests, then papers, the newest first.

        On a database that is shared, what another process has read is taken from there; ``reads`` is False
        in those that are to do no more than that, for one is enough to read.
        """
        if self._database.is_shared:
            await self._stated.look_up_unread()
        if reads:
            await self._stated.read_unread()
        await self._papers.read_unread(reads=reads)

    async def read(self, interests: Sequence[Interest]) -> None:
        """Have the model read interests now, in half a second and 3 ms a phrase more; show that it works."""
        await self._stated.read(interests)

    async def pick(
        self,
        votes: Sequence[Vote],
        candidates: Sequence[Candidate],
        n: int,
        wishes: Wishes = NO_WISHES,
        interests: Sequence[Interest] = (),
    ) -> list[Pick]:
        """Pick at most ``n`` papers, best first; a reason may name an interest."""
        shelf, said = await self._hear(votes, interests, [*candidates, *wishes.recent])
        return await asyncio.to_thread(recommend, shelf, said, candidates, n, wishes)

    async def hear_all(
        self,
        asking: Asking,
        stated: Mapping[int, Sequence[Interest]],
        recent: Sequence[Candidate],
        older: Sequence[Candidate] = (),
    ) -> tuple[Offer, Asking]:
        """Make ready to pick for many readers at once.

        Args:
            asking: What they ask for.
            stated: The interests of those who have any, by their row.
            recent: The papers to pick from.
            older: Papers to pick from for those who ask for them.

        Returns:
            An offer of the papers, in which all votes are known; and what is asked, the votes that interests
            stand for among the others.
        """
        met = {*asking.votes.paper_ids.tolist(), *(candidate.paper_id for candidate in (*recent, *older))}
        papers = await self._papers.with_papers_of_many(met)
        offer = await self._offers.of(papers, self._papers.edition, recent, older)
        distinct = {interest.id: interest for each in stated.values() for interest in each}
        said = await self._stated.alone(papers, list(distinct.values()))
        asking = await asyncio.to_thread(with_first_votes, asking, stated, said)
        return await self._offers.extend(offer, papers, said, asking), asking

    async def hear_ahead(self, recent: Sequence[Candidate]) -> int:
        """Make ready for many readers before anybody asks: hear what the papers of the shelf say of these.

        Returns:
            How many papers were heard that had not been before.
        """
        papers = await self._papers.with_papers([candidate.paper_id for candidate in recent])
        offer = await self._offers.of(papers, self._papers.edition, recent)
        return await self._offers.hear_all(offer, papers)

    async def why(
        self,
        votes: Sequence[Vote],
        candidate: Candidate,
        wishes: Wishes = NO_WISHES,
        interests: Sequence[Interest] = (),
    ) -> Explanation:
        """Tell what speaks for and against a paper in this chat, whether it was picked or not."""
        shelf, said = await self._hear(votes, interests, [candidate, *wishes.recent])
        return await asyncio.to_thread(explain, shelf, said, candidate, wishes)

    async def next_exemplars(
        self,
        candidates: Sequence[Candidate],
        votes: Sequence[Vote],
        interests: Sequence[Interest],
        n: int,
        shown: Collection[int] = (),
    ) -> list[int]:
        """Choose ``n`` papers that had best be voted on next, none of them shown before."""
        shelf, said = await self._hear(votes, interests, candidates)
        return await asyncio.to_thread(next_exemplars, shelf, candidates, said, n, shown)

    async def search(self, words: str, limit: int) -> list[int]:
        """Find papers on the shelf that mean what the words say, best first; none but by more than chance.

        The first search in a while takes half a second more, in which the model is loaded.
        """
        shelf = await self._papers.with_papers()
        meaning = await self._meanings.ask(words) if shelf.space.reads_meanings else None
        return await asyncio.to_thread(lambda: find_nearest(shelf, read_phrase(shelf, words, meaning), limit))

    async def similar(self, paper_id: int, limit: int, exclude: Collection[int] = ()) -> list[Similar]:
        """Find papers on the shelf that resemble one, with the terms that they share, the nearest first."""
        shelf = await self._papers.with_papers([paper_id])
        return await asyncio.to_thread(find_similar, shelf, paper_id, limit, exclude)

    async def telling_terms(self, paper_id: int, n: int) -> tuple[str, ...]:
        """Name at most ``n`` terms of a paper that a rule could mute, the most telling first."""
        shelf = await self._papers.with_papers([paper_id])
        async with self._database.reading() as session:
            found = await papers.get(session, [paper_id])
        if paper_id not in found:
            return ()
        return await asyncio.to_thread(find_telling_terms, shelf, paper_id, found[paper_id], n)

    async def shelf_of(self, paper_ids: Iterable[int]) -> Shelf:
        """Give a shelf of these papers alone."""
        wanted = list(paper_ids)
        shelf = await self._papers.with_papers(wanted)
        return await asyncio.to_thread(shelf.narrowed, wanted)

    async def _hear(
        self, votes: Sequence[Vote], interests: Sequence[Interest], candidates: Iterable[Candidate]
    ) -> tuple[Shelf, list[Vote]]:
        """Give a shelf of all that is spoken of, and the votes, those that interests stand for among them."""
        met = {*(vote.paper_id for vote in votes), *(candidate.paper_id for candidate in candidates)}
        shelf = await self._papers.with_papers(met)
        if not interests:
            return shelf, list(votes)
        shelf = await self._stated.beside(shelf, met, interests)
        return shelf, [*votes, *first_votes(interests, shelf)]
