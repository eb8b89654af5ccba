from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.affinity import CHANCE, affinity
from recommender.ballots import Ballots
from recommender.batch import Rankings, rank_all
from recommender.crowd import NOTHING, Ground
from recommender.diversity import DECIMALS, Floats, choose_diverse
from recommender.features import FeatureSpace
from recommender.history import History, Opinions
from recommender.popularity import in_trending_order, prior
from recommender.reasons import find_strongest_like
from recommender.recommend import recommend
from recommender.score import Evidence
from recommender.shelf import Shelf
from recommender.values import Candidate, Pick, Vote
from recommender.vectors import Vectors

Votes = Callable[..., list[Vote]]
ALL = 9


# Without any one of six equal likes the score is the same, but for the rounding of sums.
EQUALS = [(3, 1)] * ALL


def build_shelf(meanings: Sequence[tuple[float, float]]) -> Shelf:
    """Shelve papers without words, of which K is the product of these meanings."""
    space = FeatureSpace.fit([])
    dense = np.zeros((len(meanings) + 1, 4), dtype=np.float32)
    dense[:-1, 2:] = meanings
    rows = {paper_id: row for row, paper_id in enumerate(range(1, ALL + 1))}
    return Shelf(space, rows, Vectors(csr_matrix((len(dense), 0), dtype=np.float32), dense))


ids = st.integers(1, ALL)
# Few directions make exact duplicates, ties, strangers and papers of which nothing is known.
shelves = st.lists(
    st.sampled_from([(0, 0), (1, 0), (3, 0), (3, 1), (5, 0), (-1, 1), (0, 3), (0, 5), (4, 4)]),
    min_size=ALL,
    max_size=ALL,
).map(build_shelf)
signed_ids = st.lists(ids.flatmap(lambda paper_id: st.sampled_from([paper_id, -paper_id])), max_size=12)
readers = st.lists(st.tuples(signed_ids, st.frozensets(ids, max_size=ALL)), max_size=6)
offers = st.lists(st.builds(Candidate, ids, st.integers(0, 3)), max_size=ALL)


@dataclass(frozen=True)
class Found:
    """A pick without the words of its reason."""

    paper_id: int
    score: float
    like: int | None


def rank(
    shelf: Shelf,
    votes: Sequence[list[Vote]],
    candidates: Sequence[Candidate],
    n: int,
    delivered: Sequence[Collection[int]] = (),
) -> list[list[Found]]:
    """Rank in one batch, from the values that one reader's path takes."""
    histories = [History.of(one) for one in votes]
    trending = in_trending_order(candidates)
    voted = sorted({paper_id for history in histories for paper_id in history.voted})
    shown = [candidate.paper_id for candidate in trending]
    vectors = shelf.vectors_of(shown)
    ground = Ground.of(
        affinity(shelf.vectors_of(voted), vectors), affinity(vectors, vectors), prior(trending)
    )
    rankings = rank_all(ground, Ballots.of(histories, voted, shown, delivered), n)
    return [
        [
            Found(shown[place], score, None if reason == NOTHING else voted[reason])
            for place, score, reason in zip(*row, strict=True)
            if place != NOTHING
        ]
        for row in rows_of(rankings)
    ]


def rows_of(rankings: Rankings) -> list[tuple[list[int], list[float], list[int]]]:
    return list(
        zip(rankings.places.tolist(), rankings.scores.tolist(), rankings.reasons.tolist(), strict=True)
    )


def found(picks: list[Pick]) -> list[Found]:
    return [Found(pick.paper_id, pick.score, pick.reason and pick.reason.paper_id) for pick in picks]


@given(shelf=shelves, readers=readers, candidates=offers, n=st.integers(1, ALL + 2))
@example(shelf=build_shelf(EQUALS), readers=[([*range(1, 7)], frozenset())], candidates=[Candidate(9)], n=1)
@settings(max_examples=200)
def test_the_batch_gives_each_reader_what_the_single_path_gives(
    vote: Votes,
    shelf: Shelf,
    readers: list[tuple[list[int], frozenset[int]]],
    *,
    candidates: list[Candidate],
    n: int,
) -> None:
    """The same picks in the same order, with the same scores and the same likes as reasons."""
    votes, delivered = [vote(signed) for signed, _ in readers], [before for _, before in readers]
    alone = [
        recommend(shelf, one, [offer for offer in candidates if offer.paper_id not in before], n)
        for one, before in zip(votes, delivered, strict=True)
    ]
    assert rank(shelf, votes, candidates, n, delivered) == [found(picks) for picks in alone]


@given(shelf=shelves, readers=readers, candidates=offers, n=st.integers(1, ALL + 2))
def test_nothing_excluded_is_picked_and_nothing_twice(
    vote: Votes,
    shelf: Shelf,
    readers: list[tuple[list[int], frozenset[int]]],
    *,
    candidates: list[Candidate],
    n: int,
) -> None:
    """min(n, eligible) picks, none voted on or delivered before."""
    offered = {candidate.paper_id for candidate in candidates}
    ranked = rank(
        shelf, [vote(signed) for signed, _ in readers], candidates, n, [sent for _, sent in readers]
    )
    for picks, (signed, delivered) in zip(ranked, readers, strict=True):
        eligible = offered - set(map(abs, signed)) - delivered
        shown = {pick.paper_id for pick in picks}
        assert len(picks) == len(shown) == min(n, len(eligible))
        assert shown <= eligible


def test_where_nothing_is_left_the_row_says_nothing(vote: Votes) -> None:
    """No place, the lowest of scores and no reason, with other readers beside."""
    near, apart = np.full((1, 2), 9, dtype=np.float32), np.zeros((2, 2), dtype=np.float32)
    ground = Ground.of(near, apart, np.array([0.5, 0.0]))
    histories = [History.of(vote([1])), History.of(vote([1]))]
    rankings = rank_all(ground, Ballots.of(histories, [1], [2, 3], [{2, 3}, {3}]), 2)
    assert rankings.places.tolist() == [[NOTHING, NOTHING], [0, NOTHING]]
    assert rankings.scores[:, 1].tolist() == [-np.inf, -np.inf]
    assert rankings.reasons.tolist() == [[NOTHING, NOTHING], [0, NOTHING]]


def test_what_is_trending_is_not_rearranged(vote: Votes) -> None:
    """Without a like, copies too stand in the plain order of popularity, beside readers with likes."""
    shelf = build_shelf([(5, 0), (5, 0), (0, 5), (0, 5)])
    candidates = [Candidate(1, 3), Candidate(2, 2), Candidate(3, 1)]
    ranked = rank(shelf, [[], vote([4])], candidates, 2)
    assert [[pick.paper_id for pick in picks] for picks in ranked] == [[1, 2], [3, 1]]


def test_nobody_and_nothing_to_pick_from_are_no_error(shelf: Shelf, vote: Votes) -> None:
    """No readers give no rows, no candidates empty ones."""
    assert rank(shelf, [], [Candidate(1)], 3) == []
    assert rank(shelf, [vote([1, -2]), []], [], 3) == [[], []]


def test_long_histories_in_many_chunks_agree_with_the_single_path() -> None:
    """Histories of very different lengths, more than one chunk holds, with affinities of all sizes."""
    dice = np.random.default_rng(0)
    papers, candidates, n = 600, 40, 5
    matrix = dice.normal(0, 8, (papers, candidates)).astype(np.float32)
    alike = np.corrcoef(matrix.T).astype(np.float32) * 100
    prior = np.linspace(1, 0, candidates)
    histories = [draw_history(dice, papers) for _ in range(150)]
    ballots = Ballots.of(histories, range(papers), range(-candidates, 0))
    assert rows_of(rank_all(Ground.of(matrix, alike, prior), ballots, n)) == [
        rank_alone(history, matrix, alike, prior, n) for history in histories
    ]


def draw_history(dice: np.random.Generator, papers: int) -> History:
    liked, disliked = sorted(dice.integers(1, papers, 2))
    drawn = dice.permutation(papers).tolist()
    sides = [
        Opinions(tuple(side), dice.integers(1, 4, len(side)).astype(np.float64))
        for side in (drawn[:liked], drawn[liked:disliked])
    ]
    return History(*sides, frozenset())


def rank_alone(
    history: History, matrix: npt.NDArray[np.float32], alike: npt.NDArray[np.float32], prior: Floats, n: int
) -> tuple[list[int], list[float], list[int]]:
    """Rank for one reader with likes, as ``recommend`` does, from arrays."""
    likes, dislikes = history.likes, history.dislikes
    evidence = Evidence(
        likes=matrix[list(likes.paper_ids)].astype(np.float64),
        like_counts=likes.counts,
        dislikes=np.maximum(matrix[list(dislikes.paper_ids)].astype(np.float64) - CHANCE, 0),
        dislike_counts=dislikes.counts,
        prior=prior,
    )
    scores = np.round(evidence.scores(), DECIMALS)
    chosen = choose_diverse(scores, alike, n)
    reasons = [
        likes.paper_ids[find_strongest_like(evidence, place)]
        if evidence.likes[:, place].max() > CHANCE
        else NOTHING
        for place in chosen
    ]
    return chosen, scores[chosen].tolist(), reasons
