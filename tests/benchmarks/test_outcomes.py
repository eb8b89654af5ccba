from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.bootstrap import interval, resample
from benchmarks.outcomes import estimate_gain, gather_outcomes
from bot.measuring.evaluation import Evaluation
from recommender.metrics import Metrics


def flat(value: float) -> Metrics:
    """Give an event with the same value in all measures."""
    return Metrics(*[value] * 6)


def evaluation(ranker: str, values: Sequence[float], name: str = "set") -> Evaluation:
    """Tell of a ranker that had these values for as many users."""
    by_user = {f"user{number}": flat(value) for number, value in enumerate(values)}
    return Evaluation(name, ranker, by_user, len(values), 1.0, 0.001)


def test_the_interval_of_a_mean_is_that_of_statistics() -> None:
    """For many users it is about 1.96 standard errors to each side."""
    values = np.random.default_rng(1).normal(0.5, 0.1, 400)
    low, high = interval(resample([flat(value) for value in values])[:, 0])
    error = values.std() / math.sqrt(len(values))
    assert (low, high) == pytest.approx(
        (values.mean() - 1.96 * error, values.mean() + 1.96 * error), abs=1e-3
    )


def test_users_without_a_value_are_left_out_of_the_mean() -> None:
    """A measure that is not a number for some users is the mean of the others."""
    draws = resample([Metrics(math.nan, 1, 1, 1, 1, 1), *[flat(0.5)] * 9])
    assert np.unique(draws[:, 0]).tolist() == [0.5]
    assert len(np.unique(draws[:, 1])) > 1


def test_rankers_are_compared_user_by_user() -> None:
    """Who is ahead by the same bit for every user is ahead for sure, however much users differ."""
    users = np.linspace(0.1, 0.9, 30)
    (outcome,) = gather_outcomes([evaluation("ours", users + 0.01), evaluation("peer", users)], "ours")
    assert outcome.lead == pytest.approx((0.01, 0.01, 0.01))
    estimate = outcome.ours.estimate("ndcg10")
    assert estimate.low < 0.45 < estimate.value < 0.57 < estimate.high


def test_the_best_peer_is_the_one_with_the_highest_ndcg() -> None:
    """Ours is set against it, and measures in which any peer is above us are named."""
    entries = [
        evaluation("weak", [0.1, 0.2]),
        evaluation("ours", [0.4, 0.5]),
        evaluation("strong", [0.5, 0.6]),
    ]
    (outcome,) = gather_outcomes(entries, "ours")
    assert outcome.best.evaluation.ranker == "strong"
    assert {peer.evaluation.ranker for peer in outcome.missed.values()} == {"strong"}
    assert [entry.evaluation.ranker for entry in outcome.entries] == ["ours", "weak", "strong"]


def test_a_draw_is_no_miss() -> None:
    """At the best peer's value is as good as above it."""
    (outcome,) = gather_outcomes([evaluation("ours", [0.5]), evaluation("peer", [0.5])], "ours")
    assert outcome.missed == {}


def test_the_gain_relates_means_over_sets() -> None:
    """With .6 and .2 against .5 and .2 it is .8 / .7 - 1; each set has a best peer of its own."""
    outcomes = gather_outcomes(
        [
            *(evaluation("ours", [0.6] * 3, "one"), evaluation("a", [0.5] * 3, "one")),
            *(evaluation("ours", [0.2] * 3, "two"), evaluation("b", [0.2] * 3, "two")),
        ],
        "ours",
    )
    assert estimate_gain(outcomes) == pytest.approx((0.8 / 0.7 - 1,) * 3)


def test_the_json_holds_an_interval_for_every_measure() -> None:
    """Machines get the figures of the replay format and two bounds each."""
    (outcome,) = gather_outcomes([evaluation("ours", [0.5, 0.7]), evaluation("peer", [0.5, 0.6])], "ours")
    line = outcome.ours.as_json()
    assert line["ndcg10"] == pytest.approx(0.6)
    assert {name: len(bounds) for name, bounds in line["interval95"].items()} == dict.fromkeys(
        Metrics._fields, 2
    )
