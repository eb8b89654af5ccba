"""Offers: what is known of papers is kept from one crowd of readers to the next."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from bot.ranking.offers import MANY, Offers
from recommender.electorate import Asking, Votes
from recommender.shelf import Shelf
from recommender.values import Candidate

RECENT = [Candidate(1), Candidate(2)]


@pytest.fixture(scope="module")
def papers() -> Shelf:
    """More papers than are heard one by one."""
    return Shelf.build({number: f"word{number % 97} word{number % 89}" for number in range(1, 3 * MANY)})


def asking(*voted: int) -> Asking:
    """One reader's likes."""
    paper_ids = np.array(voted, dtype=np.int64)
    nobody = np.zeros(0, dtype=np.int64)
    return Asking(
        votes=Votes(np.zeros_like(paper_ids), paper_ids, np.ones(len(voted), dtype=np.bool_)),
        given=(nobody, nobody),
        n=np.ones(1, dtype=np.int64),
        thresholds=[None],
        draws=None,
        rulebooks={},
    )


async def test_few_new_papers_are_heard_alone_and_many_with_all_others(papers: Shelf) -> None:
    """So that the next crowds, who vote on others, need hear nothing."""
    offers, stated = Offers(), Shelf.empty(papers.space)
    offer = await offers.of(papers, 1, RECENT)
    few = await offers.extend(offer, papers, stated, asking(3, 4))
    assert few.count_unheard(np.array([3, 4, 5])) == 1
    many = await offers.extend(few, papers, stated, asking(*range(1, 2 * MANY)))
    assert many.count_unheard(np.array(list(papers.rows))) == 0


async def test_an_offer_with_older_papers_is_kept_beside_the_one_of_recent_papers_alone(
    papers: Shelf,
) -> None:
    """So that readers who take turns in needing them do not make each other's anew; other papers do."""
    offers, stated = Offers(), Shelf.empty(papers.space)
    usual = await offers.extend(await offers.of(papers, 1, RECENT), papers, stated, asking(3))
    older = [Candidate(5), Candidate(6)]
    wide = await offers.extend(await offers.of(papers, 1, RECENT, older), papers, stated, asking(4))
    assert sorted(wide.paper_ids.tolist()) == [1, 2, 5, 6]
    assert await offers.of(papers, 1, RECENT) is usual
    assert await offers.of(papers, 1, RECENT, [*older]) is wide
    assert await offers.of(papers, 1, RECENT, [Candidate(5), Candidate(7)]) is not wide
    assert await offers.of(papers, 2, RECENT, older) is not wide


async def test_an_offer_is_kept_until_what_is_known_of_the_papers_changes(papers: Shelf) -> None:
    offers, stated = Offers(), Shelf.empty(papers.space)
    offer = await offers.of(papers, 1, RECENT)
    extended = await offers.extend(offer, papers, stated, asking(3))
    assert await offers.of(papers, 1, [*RECENT]) is extended
    assert (await offers.of(papers, 2, RECENT)).count_unheard(np.array([3])) == 1


async def test_none_is_kept_of_papers_of_whom_more_became_known_while_it_was_made(papers: Shelf) -> None:
    """Who gets ready and who plans ask beside each other; picks by an older edition would be others."""
    offers = Offers()
    before, _ = await asyncio.gather(
        offers.of(papers, 1, RECENT), offers.of(papers, 2, RECENT, [Candidate(5)])
    )
    assert await offers.of(papers, 2, RECENT) is not before


async def test_no_older_papers_are_the_same_however_that_is_said(papers: Shelf) -> None:
    """As long as there are none, those who would need some do not make everybody's offer anew."""
    offers = Offers()
    usual = await offers.of(papers, 1, RECENT)
    assert await offers.of(papers, 1, RECENT, []) is usual


async def test_other_recent_papers_are_offered_with_all_that_was_heard(papers: Shelf) -> None:
    """A poll that changes upvotes, or an hour that passes, costs no K but that of new papers."""
    offers, stated = Offers(), Shelf.empty(papers.space)
    heard = await offers.extend(await offers.of(papers, 1, RECENT), papers, stated, asking(3))
    for recent in (RECENT[:1], [Candidate(1, upvotes=1), *RECENT], [Candidate(9)]):
        other = await offers.of(papers, 1, recent)
        assert other is not heard
        assert other.count_unheard(np.array([3])) == 0


async def test_what_is_heard_ahead_need_not_be_heard_when_readers_ask(papers: Shelf) -> None:
    offers = Offers()
    await offers.hear_all(await offers.of(papers, 1, RECENT), papers)
    assert (await offers.of(papers, 1, RECENT)).count_unheard(np.array(list(papers.rows))) == 0
