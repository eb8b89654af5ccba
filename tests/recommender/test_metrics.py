from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.metrics import Metrics, average, average_by_user, measure

# Few values, so that ties are common.
events = st.lists(st.tuples(st.integers(0, 4).map(float), st.booleans()), min_size=1, max_size=40)


def measured(scores: list[float], chosen: list[int]) -> Metrics:
    """Measure an event where the candidates at these places were chosen."""
    flags = np.isin(np.arange(len(scores)), chosen)
    metrics = measure(np.array(scores, dtype=np.float64), flags)
    assert metrics is not None
    return metrics


def test_the_best_of_four_was_chosen() -> None:
    """A chosen paper alone at the top has 1 in every measure."""
    assert measured([4, 3, 2, 1], [0]) == Metrics(1, 1, 1, 1, 1, 1)


def test_the_third_of_four_was_chosen() -> None:
    """Of three not chosen one is below: auc 1/3; rank 3 gains 1 / log2(4) of the ideal 1."""
    assert measured([4, 3, 2, 1], [2]) == pytest.approx(Metrics(1 / 3, 1 / 3, 1, 0.5, 1, 1))


def test_the_fourth_is_no_hit() -> None:
    """Rank 4 is past the first three."""
    assert measured([4, 3, 2, 1], [3]).hit3 == 0


def test_two_chosen_of_five() -> None:
    """Ranks 1 and 4: of the six pairs with one not chosen 3 + 1 are in order."""
    metrics = measured([5, 4, 3, 2, 1], [0, 3])
    assert metrics.auc == pytest.approx(4 / 6)
    assert metrics.mrr == 1
    assert metrics.ndcg10 == pytest.approx((1 + 1 / math.log2(5)) / (1 + 1 / math.log2(3)))


def test_all_tie() -> None:
    """Among five equal scores a paper has rank 1 + 4/2 = 3, and an even chance against each other one."""
    assert measured([7] * 5, [2]) == pytest.approx(Metrics(0.5, 1 / 3, 1, 0.5, 1, 1))


def test_a_tie_of_two_at_the_top() -> None:
    """Rank 1.5: half of the way between the first and the second place."""
    metrics = measured([9, 9, 1], [1])
    assert metrics.auc == pytest.approx(0.75)
    assert metrics.mrr == pytest.approx(1 / 1.5)
    assert metrics.ndcg10 == pytest.approx(1 / math.log2(2.5))


def test_a_tie_across_rank_ten() -> None:
    """Nine above and three equal: rank 11, so none of the three stands within ten, nor is any gain theirs."""
    metrics = measured([2] * 9 + [1] * 3, [9])
    assert metrics.rec10 == 0
    assert metrics.ndcg10 == 0
    assert metrics.mrr == pytest.approx(1 / 11)


def test_recall_counts_shares() -> None:
    """Of four chosen, ranks 1, 10, 100 and 101 are within 10 twice and within 100 three times."""
    metrics = measured([float(-place) for place in range(200)], [0, 9, 99, 100])
    assert metrics.rec10 == 0.5
    assert metrics.rec100 == 0.75


def test_more_than_ten_chosen_can_be_ranked_ideally() -> None:
    """Twelve chosen at the top: ten of them are all that ten places can hold."""
    metrics = measured([float(-place) for place in range(30)], list(range(12)))
    assert metrics.ndcg10 == pytest.approx(1)
    assert metrics.rec10 == pytest.approx(10 / 12)


def test_no_candidate_was_chosen() -> None:
    """An event whose chosen papers are no candidates measures nothing; so does one without candidates."""
    assert measure(np.array([1.0, 2.0]), np.array([False, False])) is None
    assert measure(np.zeros(0), np.zeros(0, dtype=bool)) is None


def test_all_candidates_were_chosen() -> None:
    """A single candidate that was chosen is found, and there is no pair to order."""
    metrics = measured([0.3], [0])
    assert math.isnan(metrics.auc)
    assert metrics[1:] == (1, 1, 1, 1, 1)


@pytest.mark.parametrize("scores", [[1.0, math.nan], [1.0], [[1.0, 2.0]]])
def test_scores_that_are_none(scores: list[float]) -> None:
    """A score that is no number is a bug of its ranker, as is one too few."""
    with pytest.raises(ValueError, match="score"):
        measure(np.array(scores), np.array([True, False]))


def test_infinite_scores_are_in_order() -> None:
    """A ranker may say never, and for sure."""
    assert measured([-math.inf, 0, math.inf], [2]).mrr == 1


@given(events)
def test_the_measures_are_their_definitions(event: list[tuple[float, bool]]) -> None:
    """Any event measures as it does by counting, paper by paper and pair by pair."""
    scores, flags = zip(*event, strict=True)
    if not any(flags):
        return
    metrics = measure(np.array(scores), np.array(flags))
    assert metrics is not None
    assert metrics == pytest.approx(count(list(scores), list(flags)), nan_ok=True)


def count(scores: list[float], flags: list[bool]) -> Metrics:
    """Compute all measures the slow way."""
    won = [
        1.0 if mine > other else 0.5 if mine == other else 0.0
        for mine, chosen in zip(scores, flags, strict=True)
        for other, also in zip(scores, flags, strict=True)
        if chosen and not also
    ]
    ranks = [
        1 + sum(other > mine for other in scores) + (scores.count(mine) - 1) / 2
        for mine, chosen in zip(scores, flags, strict=True)
        if chosen
    ]
    return Metrics(
        auc=sum(won) / len(won) if won else math.nan,
        mrr=1 / min(ranks),
        hit3=float(min(ranks) <= 3),
        ndcg10=sum(1 / math.log2(1 + rank) for rank in ranks if rank <= 10)
        / sum(1 / math.log2(2 + place) for place in range(min(10, len(ranks)))),
        rec10=sum(rank <= 10 for rank in ranks) / len(ranks),
        rec100=sum(rank <= 100 for rank in ranks) / len(ranks),
    )


def test_a_user_counts_once() -> None:
    """Three events of one user and one of another: each user's mean weighs a half."""
    good, bad = Metrics(1, 1, 1, 1, 1, 1), Metrics(0, 0, 0, 0, 0, 0)
    by_user = average_by_user([("ada", good), ("bob", good), ("ada", bad), ("ada", bad)])
    assert list(by_user) == ["ada", "bob"]
    assert by_user["ada"] == pytest.approx((1 / 3,) * 6)
    assert average(by_user.values()) == pytest.approx((2 / 3,) * 6)


def test_a_measure_without_a_value_is_left_out_of_its_mean() -> None:
    """An event where all candidates were chosen says nothing of auc, and all else of the rest."""
    means = average([Metrics(math.nan, 1, 1, 1, 1, 1), Metrics(0.5, 0, 0, 0, 0, 0)])
    assert means == (0.5, 0.5, 0.5, 0.5, 0.5, 0.5)


def test_no_mean_of_nothing() -> None:
    """Without an event there is no figure."""
    assert all(map(math.isnan, average([])))
