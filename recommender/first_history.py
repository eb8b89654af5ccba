"""How a reader begins: stated interests stand in for votes, and papers to vote on are found.

Owns what a phrase is worth before there are votes. It reads no free text (``interests`` does), and no model:
the meaning of a phrase is handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b

import numpy as np
from scipy.sparse import csr_matrix

from recommender.affinity import CHANCE, affinity
from recommender.exemplars import choose_exemplars
from recommender.features import FeatureSpace
from recommender.history import History
from recommender.interests import Interests
from recommender.popularity import in_trending_order, popularity
from recommender.shelf import Meanings, Shelf
from recommender.values import Candidate, Vote
from recommender.vectors import Floats, Vectors

# `Blend.enough` for a phrase, in units of what the phrase tells: each of its words is meant, so together they
# count for a third, and not, like those of a text so short, for next to nothing.
_ENOUGH = 1.5
_NEAREST = 10
# Exemplars are chosen from so many of the best known papers: time and memory grow with the square.
_MOST_EXEMPLARY = 1_000
_BEFORE_ALL_VOTES = datetime.min.replace(tzinfo=UTC)


def number_phrases(phrases: Iterable[str]) -> dict[int, str]:
    """Give each phrase a number below zero, where no paper's id is, in the order given.

    The same phrase has the same number always and for everyone, whatever its case.
    """
    return {_number(phrase): phrase for phrase in phrases}


def first_votes(interests: Interests) -> list[Vote]:
    """Turn interests into votes on numbered phrases, up for the wanted ones, older than any real vote.

    A phrase is one vote, and so fades: beside one real like it is a half of what is known, beside three a
    quarter, beside ten an eleventh.
    """
    sides = ((interests.wanted, True), (interests.unwanted, False))
    return [Vote(_number(phrase), up, _BEFORE_ALL_VOTES) for phrases, up in sides for phrase in phrases]


def add_phrases(shelf: Shelf, phrases: Mapping[int, str], meanings: Meanings | None = None) -> Shelf:
    """Make a shelf on which phrases stand beside the papers, under their numbers, for votes and reasons.

    Each row is half the phrase and half the mean of the ``_NEAREST`` papers that it resembles by more than
    chance (pseudo-relevance feedback: Croft and Harper 1979, "Using probabilistic models of document
    retrieval without relevance information"). Of the papers' words only those that two of them share are
    taken: what a paper alone brought in is not what it shares with the phrase. A phrase of which nothing is
    known is a row of zeros.

    For 30 subjects among 1,500 real papers nDCG@10 was 0.87 so (0.83 without a model); 0.69 (0.81) for the
    phrase read like a paper's text, 0.83 (0.81) with its words counted more, 0.83 (0.79) for the mean alone.

    The whole shelf is copied, so phrases of many readers are better added at once.

    Args:
        shelf: May hold phrases already; those given again are read anew, beside the papers of now.
        phrases: By number, from ``number_phrases``.
        meanings: A model's vectors of the phrases, by number.
    """
    if not phrases:
        return shelf
    papers = shelf.vectors_of([paper_id for paper_id in shelf.rows if paper_id >= 0])
    rows = [_lean(_read(shelf.space, id_, phrase, meanings or {}), papers) for id_, phrase in phrases.items()]
    return _with_rows(shelf, phrases, rows)


def next_exemplars(
    shelf: Shelf, candidates: Sequence[Candidate], votes: Sequence[Vote], n: int, shown: Collection[int] = ()
) -> list[int]:
    """Choose n papers, or all that are left, that a new reader had best vote on next, the most telling first.

    Papers are told apart by their meaning, which tells subjects better than single words do. Votes on papers
    that are no candidates count too, and so do those on phrases, where they are on the shelf.

    Args:
        shelf: Holds the candidates.
        candidates: The recent papers, in any order; the ``_MOST_EXEMPLARY`` best known are looked at.
        votes: None yet gives papers that cover all subjects.
        n: None are chosen where it is zero or less.
        shown: Papers asked about before, which are not chosen again, voted on or not.
    """
    known = in_trending_order(candidates)[:_MOST_EXEMPLARY]
    answers = _read_answers(History.of(votes), shown)
    offered = {candidate.paper_id for candidate in known}
    elsewhere = [paper_id for paper_id in answers if paper_id in shelf.rows and paper_id not in offered]
    met = [*known, *map(Candidate, elsewhere)]
    paper_ids = [candidate.paper_id for candidate in met]
    return choose_exemplars(_directions(shelf, paper_ids), popularity(met), paper_ids, answers, n)


def _read_answers(history: History, shown: Iterable[int]) -> dict[int, bool | None]:
    silent: dict[int, bool | None] = dict.fromkeys((*shown, *history.voted))
    ups, downs = history.likes.paper_ids, history.dislikes.paper_ids
    return silent | dict.fromkeys(ups, True) | dict.fromkeys(downs, False)


def _directions(shelf: Shelf, paper_ids: Sequence[int]) -> Floats:
    """Give the meanings of papers at length one, or zero where there is none."""
    meanings = shelf.vectors_of(paper_ids).meaning
    lengths = np.linalg.norm(meanings, axis=1, keepdims=True)
    directions: Floats = (meanings / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return directions


def _number(phrase: str) -> int:
    digest = blake2b(" ".join(phrase.casefold().split()).encode(), digest_size=8).digest()
    return -2 - int.from_bytes(digest) // 2


def _read(space: FeatureSpace, number: int, phrase: str, meanings: Meanings) -> Vectors:
    """Read a phrase as a text of which each word is meant."""
    told = float(space.words.weigh([phrase])[1][0])
    meant = replace(space, blend=replace(space.blend, enough=_ENOUGH * (told or 1)))
    return meant.transform([phrase], meanings[number][np.newaxis] if number in meanings else None)


def _lean(phrase: Vectors, papers: Vectors) -> Vectors:
    """Move a phrase half the way to the papers nearest to it."""
    affinities = affinity(phrase, papers)[0]
    nearest = np.argsort(-affinities, kind="stable")[:_NEAREST]
    nearest = nearest[affinities[nearest] > CHANCE]
    if not len(nearest):
        return phrase
    near = papers.take(nearest)
    shared = near.words.getnnz(axis=0) > 1
    words = (phrase.words + csr_matrix(near.words.mean(axis=0)).multiply(shared)) / 2
    return Vectors(csr_matrix(words), (phrase.dense + near.dense.mean(axis=0)) / 2)


def _with_rows(shelf: Shelf, ids: Collection[int], rows: Iterable[Vectors]) -> Shelf:
    kept = [paper_id for paper_id in shelf.rows if paper_id not in ids]
    vectors = Vectors.stacked([shelf.vectors_of(kept), *rows, Shelf.empty(shelf.space).vectors])
    return Shelf(shelf.space, {paper_id: row for row, paper_id in enumerate([*kept, *ids])}, vectors)
