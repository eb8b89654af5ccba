"""What is offered to many readers: the candidates, and all that is known of them beside any reader.

Owns what is made once for many crowds of readers. It knows no votes and chooses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.affinity import affinity
from recommender.diversity import NOTHING
from recommender.kinship import Kinship
from recommender.popularity import in_trending_order, prior
from recommender.shelf import Shelf
from recommender.values import Candidate
from recommender.vectors import Vectors
from recommender.voices import MOST_CELLS, NOBODY, Voices

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """Papers in trending order, and what voted ones say of them; never changed, swapped in whole.

    Attributes:
        shelf: Where the rows of voted papers came from last.
        stated: Where those of interests did; it may be the same.
        paper_ids: Whose place is whose.
        is_recent: Which are for everybody; an older one is only for those who ask for it: (n_candidates,).
        vectors: One row a candidate.
        prior: Popularity, -1 to 0: (n_candidates,).
        alike: K of each two candidates: (n_candidates, n_candidates).
        kinship: The terms that candidates share with voted papers.
        voices: What the papers that were voted on say of the candidates.
    """

    shelf: Shelf
    stated: Shelf
    paper_ids: Ints
    is_recent: Bools
    vectors: Vectors
    prior: Floats
    alike: Floats
    kinship: Kinship
    voices: Voices

    @classmethod
    def of(cls, shelf: Shelf, recent: Sequence[Candidate], older: Sequence[Candidate] = ()) -> Offer:
        """Offer the recent papers, and some older ones, before anyone voted."""
        trending = in_trending_order([*recent, *older])
        paper_ids = [candidate.paper_id for candidate in trending]
        for_everybody = {candidate.paper_id for candidate in recent}
        vectors = shelf.vectors_of(paper_ids)
        return cls(
            shelf=shelf,
            stated=shelf,
            paper_ids=np.array(paper_ids, dtype=np.int64),
            is_recent=np.array([paper_id in for_everybody for paper_id in paper_ids], dtype=np.bool_),
            vectors=vectors,
            prior=prior(trending),
            alike=affinity(vectors, vectors).astype(np.float64),
            kinship=Kinship.of(shelf.space, vectors.words),
            voices=Voices.none(len(trending)),
        )

    def renewed(self, shelf: Shelf, recent: Sequence[Candidate]) -> Offer:
        """Offer other recent papers, of which those heard say what they said; no interest is heard.

        Only what they say of papers that were not offered before is worked out, as far as there is room. On
        the shelf, which is of the same space, nothing else is known of the papers heard than was then.
        """
        offer = Offer.of(shelf, recent)
        if not offer.has_room_for(len(self.voices)):
            return offer
        places = self.places_of(offer.paper_ids)
        heard = self.voices.paper_ids[NOBODY + 1 :].tolist()
        new = shelf.vectors_of(offer.paper_ids[places == NOTHING].tolist())
        met = affinity(shelf.vectors_of(heard), new)
        return replace(offer, voices=self.voices.of_candidates(places, met))

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.paper_ids)

    def extended(self, shelf: Shelf, paper_ids: Sequence[int] | Ints, stated: Shelf | None = None) -> Offer:
        """Hear these papers and interests as well; needed of all that is voted on, and cheap where known.

        Papers are heard once and kept, as far as `Voices` has room. Interests, with ids below zero, are heard
        anew and stay until the next call; they are on a shelf of their own where one is ``stated``. What is
        on no shelf says nothing.

        Raises:
            ValueError: The shelf is of another space than the offer, whose numbers do not compare.
        """
        stated = stated or shelf
        if not shelf.space is stated.space is self.shelf.space:
            message = "the shelf has another space than the offer: make the offer anew from it"
            raise ValueError(message)
        ids = _sort_once(np.array(paper_ids, dtype=np.int64))
        interests, papers = ids[ids < 0], ids[ids >= 0]
        voices = self.voices.bounded(papers)
        missing = voices.missing(papers)
        if len(missing):
            voices = voices.with_papers(missing, self._meet(shelf, missing))
        voices = voices.with_interests(interests, self._meet(stated, interests))
        return replace(self, shelf=shelf, stated=stated, voices=voices)

    def count_unheard(self, paper_ids: Ints) -> int:
        """Count the papers, given in any order and as often as they come, that were not heard yet."""
        ids = _sort_once(paper_ids.copy())
        return len(self.voices.missing(ids[ids >= 0]))

    def has_room_for(self, papers: int) -> bool:
        """Tell whether what so many papers say would be kept."""
        return papers * len(self) <= MOST_CELLS

    def places_of(self, paper_ids: Ints) -> Ints:
        """Look up the places of papers, ``NOTHING`` for those that are not offered."""
        if not len(self):
            return np.full(len(paper_ids), NOTHING)
        by_id = np.argsort(self.paper_ids)
        found = by_id.take(np.searchsorted(self.paper_ids, paper_ids, sorter=by_id), mode="clip")
        return np.where(self.paper_ids[found] == paper_ids, found, NOTHING)

    def share_terms(self, voted: Sequence[int], places: Ints) -> list[tuple[str, ...]]:
        """Name what voted papers share with as many candidates, pair by pair, strongest first."""
        words = self.shelf.words_of(voted)
        if self.stated is not self.shelf:  # of each one that is voted on, one of the two knows nothing
            words += self.stated.words_of(voted)
        return self.kinship.share_terms(words, places)

    def _meet(self, shelf: Shelf, ids: Ints) -> npt.NDArray[np.float32]:
        return affinity(shelf.vectors_of(ids.tolist()), self.vectors)


def _sort_once(ids: Ints) -> Ints:
    """Sort ids in their place, each once; numpy's own ``unique`` takes fifty times as long."""
    ids.sort()
    once = np.ones(len(ids), dtype=np.bool_)
    once[1:] = ids[1:] != ids[:-1]
    return ids[once]
