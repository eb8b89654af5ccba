from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.whitening import Whitening

# A cloud that is long in one direction, aslant, and away from zero.
CLOUD = np.random.default_rng(3).normal(size=(400, 3)) @ np.array([[9, 3, 0], [0, 1, 1], [0, 0, 2]]) + 5


def whiten_by_hand(sample: npt.NDArray[np.floating], ridge: float) -> npt.NDArray[np.floating]:
    """Whiten along the axes of the covariance, not turned back: another way to the same products."""
    centred = sample - sample.mean(axis=0)
    eigenvalues, axes = np.linalg.eigh(np.cov(sample.T, bias=True).reshape(len(sample.T), -1))
    white = centred @ axes / np.sqrt(eigenvalues + ridge * eigenvalues.mean())
    lengths = np.linalg.norm(white, axis=1, keepdims=True)
    return white / np.sqrt(lengths * np.median(lengths))


def test_without_a_ridge_the_sample_has_no_direction_left() -> None:
    """The whitened sample has mean zero, and the same spread in all directions, each by itself."""
    fitted = Whitening.fit(CLOUD, 0)
    white = (CLOUD - fitted.mean) @ fitted.matrix
    covariance = white.T @ white / len(white)
    assert white.mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-5)
    assert covariance / covariance[0, 0] == pytest.approx(np.eye(3), abs=1e-4)


@given(st.integers(1, 12), st.integers(1, 6), st.sampled_from([0.1, 3, 10]), st.integers(0, 99))
def test_products_are_those_of_the_formula(n: int, dims: int, ridge: float, seed: int) -> None:
    """Centred, each direction over the root of its eigenvalue and the ridge, then the root of the length."""
    sample = np.random.default_rng(seed).normal(size=(n + 1, dims)) * np.arange(1, dims + 1) + 2
    white = Whitening.fit(sample, ridge).apply(sample)
    by_hand = whiten_by_hand(sample, ridge)
    assert white @ white.T == pytest.approx(by_hand @ by_hand.T, abs=1e-3)


def test_the_median_length_is_one() -> None:
    """What stands out speaks louder, by the root of its distance; the unit of the vectors does not matter."""
    fitted = Whitening.fit(CLOUD, 3)
    steps = np.outer([1.0, 4.0], CLOUD[0] - CLOUD[1])
    near, far = np.linalg.norm(fitted.apply(fitted.mean + steps), axis=1)
    assert far / near == pytest.approx(2, rel=1e-4)
    white = fitted.apply(CLOUD)
    assert white.dtype == np.float32
    assert np.median(np.linalg.norm(white, axis=1)) == pytest.approx(1, abs=1e-5)
    assert Whitening.fit(1_000 * CLOUD, 3).apply(1_000 * CLOUD) == pytest.approx(white, abs=1e-4)


def test_what_all_share_is_taken_out() -> None:
    """Vectors that all point one way point in all ways once they are whitened."""
    white = Whitening.fit(CLOUD, 0.1).apply(CLOUD)
    assert np.linalg.norm(white.mean(axis=0)) < 0.1
    raw = CLOUD / np.linalg.norm(CLOUD, axis=1, keepdims=True)
    assert np.linalg.norm(raw.mean(axis=0)) > 0.5


def test_a_greater_ridge_whitens_less() -> None:
    """The more ridge, the more of the longest direction is left."""
    left = [
        float(np.linalg.eigvalsh(np.cov(Whitening.fit(CLOUD, ridge).apply(CLOUD).T))[-1])
        for ridge in (0, 1, 10, 100)
    ]
    assert left == sorted(left)
    assert left[0] < 0.6 * left[-1]


def test_a_direction_without_spread_is_not_blown_up() -> None:
    """A sample that never left a line says next to nothing of what lies beside it."""
    line = np.outer(np.arange(-3.0, 4.0), [1.0, 0.0])
    along, aside = Whitening.fit(line, 3).apply(np.array([[1.0, 0.0], [1.0, 0.01]]))
    assert np.linalg.norm(along - aside) < 0.01


@pytest.mark.parametrize("ridge", [0, 3])
def test_a_flat_sample_is_no_error(ridge: float) -> None:
    """Fewer vectors than dims, as in a young corpus, give finite numbers, whatever rounding makes of them."""
    flat = np.outer(np.linspace(-1, 2, 5), np.random.default_rng(5).normal(size=9))
    assert np.isfinite(Whitening.fit(flat, ridge).apply(flat)).all()


def test_a_row_of_zeros_stays_so() -> None:
    """No vector stays no vector, and its neighbours notice nothing."""
    fitted = Whitening.fit(CLOUD, 3)
    mixed = fitted.apply(np.array([np.zeros(3), CLOUD[0]]))
    assert mixed[0].tolist() == [0, 0, 0]
    assert mixed[1].tolist() == fitted.apply(CLOUD[:1])[0].tolist()


@pytest.mark.parametrize("shape", [(0, 3), (5, 0), (0, 0)], ids=["no vectors", "no dims", "neither"])
def test_nothing_to_learn_from_changes_no_direction(shape: tuple[int, int]) -> None:
    """Without vectors or dims a vector keeps its direction, and none stays none."""
    fitted = Whitening.fit(np.zeros(shape, dtype=np.float32), 3)
    white = fitted.apply(np.stack([np.zeros(shape[1]), np.arange(shape[1])]))
    assert white.shape == (2, shape[1])
    assert not white[0].any()
    assert np.cross(white[1], np.arange(3.0)).tolist() == [0, 0, 0] if shape[1] else True


@pytest.mark.parametrize("copies", [1, 2, 7])
def test_a_sample_without_any_spread_is_no_error(copies: int) -> None:
    """Vectors that are all the same are their own mean: nothing tells them apart."""
    sample = np.tile(CLOUD[:1].astype(np.float32), (copies, 1))
    white = Whitening.fit(sample, 3).apply(sample)
    assert np.isfinite(white).all()


def test_the_same_sample_gives_the_same_whitening() -> None:
    """Fitting is deterministic, and does not change what it reads."""
    sample = CLOUD.copy()
    first, second = Whitening.fit(sample, 3), Whitening.fit(CLOUD, 3)
    assert first.matrix.tolist() == second.matrix.tolist()
    assert first.mean.tolist() == second.mean.tolist()
    assert (sample == CLOUD).all()


@pytest.mark.parametrize("copies", [1, 2, 7])
def test_what_is_new_to_a_sample_without_spread_has_bounds(copies: int) -> None:
    """A background of one vector says nothing of others: they are not blown up."""
    random = np.random.default_rng(0)
    sample = np.tile(random.normal(size=(1, 8)), (copies, 1))
    assert np.linalg.norm(Whitening.fit(sample, 3).apply(random.normal(size=(5, 8))), axis=1).max() < 10
