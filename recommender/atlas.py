"""A map of papers: where each stands on a plane, and which of the liked ones are about one thing.

Owns places, groups and the terms that name a group. What is drawn of them, and how, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix

from recommender.features import FeatureSpace
from recommender.reasons import choose_terms
from recommender.shelf import Shelf

Floats = npt.NDArray[np.float64]

# At most so many of each kind: 400 in all take 1.3 s, and a phone shows no more.
MOST_LIKED = 160
MOST_RECENT = 240
MOST_GROUPS = 6

_DIRECTIONS = 50  # of a corpus, the strongest: the weaker ones tell two papers apart, but no subjects
_ONE_SUBJECT = 0.35  # mean cosine of a group; one pair of any papers in fifteen has as much
_NO_LENGTH = 1e-9
_FEWEST_TO_SPREAD = 6  # fewer have no neighbours to tell apart
_PERPLEXITY = 30.0
_ROUNDS = 500  # half of scikit-learn's: the last half moved nothing that one could see
_STEP = 8.0  # a sixth of scikit-learn's, with which the points forget where they began
_LEAST_SHARED = 2  # papers of a group with a term that names it
_LEAST_SPREAD = 3  # papers of the map with it: what fewer have is a paper's own word, no subject


@dataclass(frozen=True, slots=True)
class Place:
    """A paper on the map; both axes go from -1 to 1 and mean nothing by themselves."""

    paper_id: int
    x: float
    y: float
    liked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Liked papers about one thing, in the order of their ids; the terms that name it, strongest first."""

    paper_ids: tuple[int, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """Places in the order of paper ids; groups, the largest first."""

    places: tuple[Place, ...] = ()
    groups: tuple[Group, ...] = ()


def chart(shelf: Shelf, liked: Iterable[int], recent: Iterable[int]) -> Atlas:
    """Lay out liked papers among recent ones, those that are alike near each other.

    The order of the ids is irrelevant, and so is naming one twice; a paper that is both is liked. Of each
    kind the highest ids are taken, which came last. A paper of whose meaning nothing is known has no place.
    Liked papers that no term names, and those beyond the ``MOST_GROUPS`` largest groups, are in no group.
    """
    known = set(liked)
    chosen = sorted(known)[-MOST_LIKED:]
    others = sorted(set(recent) - known)[-MOST_RECENT:]
    ids, rows = _look_up(shelf, sorted([*chosen, *others]))
    likes = np.isin(ids, chosen)
    places = tuple(
        Place(paper_id, float(x), float(y), bool(like))
        for paper_id, (x, y), like in zip(ids, _lay_out(rows), likes, strict=True)
    )
    return Atlas(places, _find_groups(shelf, ids, rows, np.flatnonzero(likes)))


def _look_up(shelf: Shelf, paper_ids: Sequence[int]) -> tuple[list[int], Floats]:
    """Look up what papers are about: rows of length one, and whose they are.

    The columns are the strongest directions of the whole corpus, the strongest first, and stand until the
    space is fitted anew. The whitening, which makes all directions count alike so that papers can be told
    apart, is undone: on a map, subjects are to lie together.
    """
    sizes, directions = np.linalg.eigh(shelf.space.whitening.matrix.astype(np.float64))
    varied = np.flatnonzero(sizes > _NO_LENGTH)[:_DIRECTIONS]  # the strongest were shrunk the most
    axes = directions[:, varied]
    signs = np.where((axes**3).sum(axis=0) < 0, -1, 1)  # else they are the solver's accident
    rows = shelf.vectors_of(paper_ids).meaning.astype(np.float64) @ (axes * signs / sizes[varied])
    lengths = np.linalg.norm(rows, axis=1)
    known = lengths > _NO_LENGTH
    return list(compress(paper_ids, known)), rows[known] / lengths[known, np.newaxis]


def _lay_out(rows: Floats) -> Floats:
    """Give each row a point: (n, 2).

    Points begin at the two strongest directions and are moved by t-SNE (van der Maaten and Hinton 2008),
    gently and without its early exaggeration, so that they keep their bearings and the map of one day is
    known again on the next (for beginning so see Kobak and Berens 2019, "The art of using t-SNE for
    single-cell transcriptomics").
    """
    start = np.zeros((len(rows), 2))
    start[:, : rows.shape[1]] = rows[:, :2]
    if len(rows) < _FEWEST_TO_SPREAD or (spread := start.std(axis=0).max()) < _NO_LENGTH:
        return _fit_in(start)
    from sklearn.manifold import TSNE  # noqa: PLC0415 - slow to import, large, and needed only here

    tsne = TSNE(
        init=start / spread,
        perplexity=min(_PERPLEXITY, (len(rows) - 1) / 3),
        early_exaggeration=1.0,
        learning_rate=_STEP,
        max_iter=_ROUNDS,
        method="exact",
        random_state=0,
    )
    return _fit_in(tsne.fit_transform(rows).astype(np.float64))


def _fit_in(points: Floats) -> Floats:
    """Move and stretch points so that they fill the map, each axis by itself."""
    if not len(points):
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    reach = np.where(high - low > _NO_LENGTH, high - low, 2) / 2
    fitted: Floats = (points - (low + high) / 2) / reach
    return fitted


def _find_groups(
    shelf: Shelf, ids: Sequence[int], rows: Floats, liked: npt.NDArray[np.intp]
) -> tuple[Group, ...]:
    words = shelf.vectors_of(ids).words
    gathered = _join_namesakes(shelf.space, words, _gather(rows, liked))
    largest_first = sorted(gathered, key=lambda group: (-len(group), group[0]))
    groups = (
        Group(tuple(ids[place] for place in members), _name(shelf.space, words, members))
        for members in largest_first
    )
    return tuple(group for group in groups if group.terms)[:MOST_GROUPS]


def _join_namesakes(
    space: FeatureSpace, words: csr_matrix, groups: Sequence[npt.NDArray[np.intp]]
) -> list[npt.NDArray[np.intp]]:
    """Join groups that would be named after the same subject, for to a reader they are one."""
    by_name: dict[tuple[str, ...], list[npt.NDArray[np.intp]]] = {}
    for number, group in enumerate(groups):
        leading = _name(space, words, group)[:1] or (str(number), "unnamed")
        by_name.setdefault(leading, []).append(group)
    joined = [np.sort(np.concatenate(namesakes)) for namesakes in by_name.values()]
    return joined if len(joined) == len(groups) else _join_namesakes(space, words, joined)


def _gather(rows: Floats, liked: npt.NDArray[np.intp]) -> list[npt.NDArray[np.intp]]:
    """Join the two groups that are most alike while they are of one subject.

    Their likeness is the mean cosine over pairs (average linkage, Sokal and Michener 1958).
    """
    if len(liked) < 2:  # noqa: PLR2004 - nothing to join
        return [liked] if len(liked) else []
    tree = linkage(rows[liked], method="average", metric="cosine")
    labels = fcluster(np.maximum(tree, 0), 1 - _ONE_SUBJECT, criterion="distance")
    return [liked[labels == label] for label in np.unique(labels)]


def _name(space: FeatureSpace, words: csr_matrix, group: npt.NDArray[np.intp]) -> tuple[str, ...]:
    """Name a group by the terms that weigh much in its papers together and stand in few of the map.

    Class-based TF-IDF: weight in the group x ln(1 + papers / papers with the term) (after Grootendorst 2022,
    "BERTopic: neural topic modeling with a class-based TF-IDF procedure"), of the very weights that papers
    are ranked by. Terms that are one paper's own come in only where there are no others.
    """
    inside, on_map = _spread(words[group]), _spread(words)
    rarity = np.log1p(words.shape[0] / np.maximum(on_map, 1))
    weights = np.asarray(words[group].sum(axis=0)).ravel() * rarity
    shared = inside >= min(_LEAST_SHARED, len(group))
    options = (shared & (on_map >= _LEAST_SPREAD), shared, inside > 0)
    named = (_choose(space, weights, np.flatnonzero(option)) for option in options)
    return next(filter(None, named), ())


def _spread(words: csr_matrix) -> npt.NDArray[np.intp]:
    """Count the papers of each term."""
    return np.bincount(words.indices, minlength=words.shape[1])


def _choose(space: FeatureSpace, weights: Floats, columns: npt.NDArray[np.intp]) -> tuple[str, ...]:
    return choose_terms(dict(zip(space.terms(columns), weights[columns].tolist(), strict=True)))
