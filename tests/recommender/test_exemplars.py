from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recommender.exemplars import DISLIKE, LEANING, NOISE, choose_exemplars

Floats = npt.NDArray[np.float64]

# Three subjects of four, three and two papers, at right angles to each other.
SUBJECTS = np.repeat(np.eye(3), [4, 3, 2], axis=0)
IDS = list(range(11, 20))
UNKNOWN = np.zeros(9)


def unit(rows: Floats) -> Floats:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@st.composite
def corpora(draw: st.DrawFn) -> tuple[Floats, Floats, list[int]]:
    """Draw papers in general position: their vectors, popularity and ids."""
    n = draw(st.integers(2, 12))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    ids = draw(st.permutations(range(100, 100 + n)))
    return unit(random.normal(size=(n, 4))), random.random(n), ids


def cover(vectors: Floats, popularity: Floats, chosen: list[int]) -> Floats:
    """Work out what each paper would add to the cover of those chosen, by the plain formula."""
    near = np.maximum(vectors @ vectors.T, 0)
    covered = near[chosen].max(axis=0, initial=0)
    return np.array([(np.maximum(row, covered).sum() - covered.sum()) for row in near]) * (1 + popularity)


def weights_after(vectors: Floats, voted: list[int], ups: list[bool]) -> tuple[Floats, Floats]:
    """Regress likes on vectors, not by kernels but by weights: their mean and covariance."""
    seen = vectors[voted]
    covariance = np.linalg.inv(np.eye(vectors.shape[1]) + seen.T @ seen / NOISE)
    return covariance @ seen.T @ np.where(ups, 1, DISLIKE) / NOISE, covariance


def doubt_after(vectors: Floats, voted: list[int], importance: Floats) -> float:
    """Add up the variances of all scores after votes on these papers."""
    covariance = weights_after(vectors, voted, [True] * len(voted))[1]
    return float(importance @ np.einsum("ij,jk,ik->i", vectors, covariance, vectors))


def test_the_first_choices_cover_all_subjects() -> None:
    """Three papers for three subjects, the largest subject first; of equals the lower id."""
    assert choose_exemplars(SUBJECTS, UNKNOWN, IDS, {}, 3) == [11, 15, 18]
    assert choose_exemplars(SUBJECTS[::-1], UNKNOWN, IDS[::-1], {}, 3) == [11, 15, 18]


def test_the_better_known_paper_stands_for_its_subject() -> None:
    """People vote on what they recognise."""
    popularity = np.array([0, 0, 0.3, 0.2, 0, 0.9, 0, 0, 0.1])
    assert choose_exemplars(SUBJECTS, popularity, IDS, {}, 3) == [16, 13, 19]


def test_what_was_shown_in_silence_is_covered() -> None:
    """A paper that nobody voted on is no dislike: its subject has had its turn, and covering goes on."""
    popularity = np.array([0, 0, 0, 0, 0, 0.9, 0, 0, 0.1])
    assert choose_exemplars(SUBJECTS, popularity, IDS, {12: None, 500: True}, 2) == [16, 19]


@pytest.mark.parametrize("up", [True, False])
def test_a_vote_turns_the_choice_to_what_is_not_known_yet(up: bool) -> None:
    """After a vote on the largest subject the next papers are of the others."""
    assert choose_exemplars(SUBJECTS, UNKNOWN, IDS, {11: up}, 2) == [15, 18]


def test_a_like_leads_the_choice_to_its_side() -> None:
    """Of two subjects of one size, the one that resembles the like is asked about, not the disliked one's."""
    vectors = unit(
        np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1.0]])
    )
    likes_first, likes_second = {1: True, 2: False}, {1: False, 2: True}
    assert choose_exemplars(vectors, np.zeros(6), range(1, 7), likes_first, 1) == [3]
    assert choose_exemplars(vectors, np.zeros(6), range(1, 7), likes_second, 1) == [5]


@given(corpora(), st.integers(1, 12))
def test_each_first_choice_adds_most_to_the_cover(corpus: tuple[Floats, Floats, list[int]], n: int) -> None:
    """The quick way chooses what the plain formula would."""
    vectors, popularity, ids = corpus
    chosen: list[int] = []
    for id_ in choose_exemplars(vectors, popularity, ids, {}, n):
        gains = cover(vectors, popularity, chosen)
        gains[chosen] = -1
        assert gains[ids.index(id_)] == pytest.approx(gains.max(), abs=1e-9)
        chosen.append(ids.index(id_))


@given(corpora(), st.integers(1, 12), st.lists(st.booleans(), min_size=1, max_size=3))
def test_each_later_choice_leaves_the_least_doubt(
    corpus: tuple[Floats, Floats, list[int]], n: int, ups: list[bool]
) -> None:
    """By regression on weights, done anew for every candidate: no other vote lowers the variance more."""
    vectors, popularity, ids = corpus
    assume(len(ids) > len(ups))
    voted = list(range(len(ups)))
    scores = vectors @ weights_after(vectors, voted, ups)[0]
    importance = np.exp(LEANING * (scores - scores.mean()) / scores.std())
    answers = {ids[place]: up for place, up in zip(voted, ups, strict=True)}
    for id_ in choose_exemplars(vectors, popularity, ids, answers, n):
        doubts = {
            place: doubt_after(vectors, [*voted, place], importance)
            for place in range(len(ids))
            if place not in voted
        }
        assert doubts[ids.index(id_)] == pytest.approx(min(doubts.values()), abs=1e-9)
        voted.append(ids.index(id_))


@given(corpora(), st.integers(-1, 14), st.data())
def test_n_new_papers_are_chosen_in_any_order_of_the_given(
    corpus: tuple[Floats, Floats, list[int]], n: int, data: st.DataObject
) -> None:
    """As many as asked or left, none twice, none shown before, and the same for shuffled papers."""
    vectors, popularity, ids = corpus
    answers = data.draw(st.dictionaries(st.sampled_from(ids), st.sampled_from([True, False, None])))
    chosen = choose_exemplars(vectors, popularity, ids, answers, n)
    assert len(set(chosen)) == len(chosen) == max(0, min(n, len(ids) - len(answers)))
    assert set(chosen) <= set(ids) - set(answers)
    order = data.draw(st.permutations(range(len(ids))))
    shuffled = [ids[place] for place in order]
    assert choose_exemplars(vectors[order], popularity[order], shuffled, answers, n) == chosen


@given(arrays(np.float32, (6, 3), elements=st.sampled_from([0.0, 1.0])), st.sampled_from([True, False, None]))
def test_papers_without_a_word_and_copies_do_no_harm(
    rows: npt.NDArray[np.float32], answer: bool | None
) -> None:
    """Zero vectors and equal ones are chosen like any other, each once."""
    vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)
    chosen = choose_exemplars(vectors, np.zeros(6), range(6), {0: answer}, 6)
    assert sorted(chosen) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("answers", [{}, {11: True}])
def test_nothing_to_choose_from_is_no_choice(answers: dict[int, bool | None]) -> None:
    """Without papers, with all of them shown, or with none asked for, there is none."""
    assert choose_exemplars(SUBJECTS, UNKNOWN, IDS, answers, 0) == []
    assert choose_exemplars(SUBJECTS, UNKNOWN, IDS, answers, -1) == []
    assert choose_exemplars(np.zeros((0, 3)), np.zeros(0), [], {}, 5) == []
    assert choose_exemplars(SUBJECTS, UNKNOWN, IDS, dict.fromkeys(IDS, True), 5) == []
