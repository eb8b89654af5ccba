from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from recommender.batch import recommend_all
from recommender.calibration import Calibration, Likely
from recommender.concordance import Concordance
from recommender.electorate import Asking, Votes
from recommender.exploration import SHARE
from recommender.features import FeatureSpace
from recommender.offer import Offer
from recommender.recommend import recommend
from recommender.rules import NO_RULES, Rule, Rulebook, RuleKind
from recommender.shelf import Shelf
from recommender.threshold import Percentile
from recommender.values import Candidate, Paper, Pick, Slot, Vote
from recommender.vectors import Vectors
from recommender.wishes import NO_WISHES, Wishes

Ints = npt.NDArray[np.int64]

SUBJECTS = ("video diffusion", "protein folding", "robot grasping", "auction markets")
VOICES = ("quick", "quiet", "soft", "heavy", "early", "narrow")
TITLES = [f"{voice} {subject}" for voice in VOICES for subject in SUBJECTS]
PAPERS = {
    place: Paper(
        title=title,
        abstract=f"This {title} was seen beside {TITLES[place * 7 % len(TITLES)]}.",
        authors=(f"{title.split()[0].title()} Byron",),
    )
    for place, title in enumerate(TITLES, start=1)
}
INDEX = Concordance.of(list(PAPERS.values()))
INTERESTS = {-1: "diffusion of video", -2: "folding", -3: "grasping robots", -4: "quiet markets"}
ALL = len(PAPERS)
EVERYTHING = [Candidate(paper_id, paper_id % 5) for paper_id in PAPERS]
# Papers that no shelf has are voted on and offered as well.
WORDS = Shelf.build({paper_id: paper.text for paper_id, paper in PAPERS.items()}).extended(INTERESTS)
FIRST_VOTE = datetime(2026, 11, 9, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Reader:
    """One of those who ask."""

    votes: Sequence[Vote] = ()
    n: int = 3
    given: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()  # for older papers
    wishes: Wishes = NO_WISHES


def build_shelf(meanings: Sequence[tuple[float, float]]) -> Shelf:
    """Shelve interests and papers without words, of which K is the product of these meanings."""
    dense = np.zeros((len(meanings) + 1, 4), dtype=np.float32)
    dense[:-1, 2:] = meanings
    rows = {id_: row for row, id_ in enumerate([*INTERESTS, *PAPERS][: len(meanings)])}
    return Shelf(FeatureSpace.fit([]), rows, Vectors(csr_matrix((len(dense), 0), dtype=np.float32), dense))


def vote(signed: Sequence[int]) -> list[Vote]:
    """Make votes on papers in time order, negative for down."""
    return [Vote(abs(id_), id_ > 0, FIRST_VOTE + timedelta(hours=age)) for age, id_ in enumerate(signed)]


def ask(readers: Sequence[Reader]) -> Asking:
    """Lay out what readers ask for as arrays."""
    votes = [
        (row, vote.paper_id, vote.up)
        for row, reader in enumerate(readers)
        for vote in sorted(reader.votes, key=lambda vote: (vote.at, vote.paper_id), reverse=True)
    ]
    rows, paper_ids, up = np.array(votes, dtype=np.int64).reshape(-1, 3).T
    books = {row: reader.wishes.rules for row, reader in enumerate(readers)}
    draws = [1.0 if reader.wishes.draw is None else reader.wishes.draw for reader in readers]
    return Asking(
        votes=Votes(rows, paper_ids, up.astype(np.bool_)),
        given=pair([reader.given for reader in readers]),
        n=np.array([reader.n for reader in readers], dtype=np.int64),
        thresholds=[reader.wishes.threshold for reader in readers],
        draws=np.array(draws),
        rulebooks={row: rules for row, rules in books.items() if rules is not NO_RULES},
        older=pair([reader.asked for reader in readers]) if any(reader.asked for reader in readers) else None,
    )


def pair(of_each: Sequence[Iterable[int]]) -> tuple[Ints, Ints]:
    """Pair rows with the papers of each."""
    pairs = [(row, paper_id) for row, paper_ids in enumerate(of_each) for paper_id in paper_ids]
    rows, paper_ids = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return rows, paper_ids


def together(
    shelf: Shelf, readers: Sequence[Reader], recent: Sequence[Candidate], older: Sequence[Candidate] = ()
) -> list[list[Pick]]:
    """Recommend to all at once."""
    voted = [vote.paper_id for reader in readers for vote in reader.votes]
    return recommend_all(Offer.of(shelf, recent, older).extended(shelf, voted), ask(readers))


def alone(
    shelf: Shelf, reader: Reader, recent: Sequence[Candidate], older: Sequence[Candidate] = ()
) -> list[Pick]:
    """Recommend to one by the path for one reader."""
    asked = [candidate for candidate in older if candidate.paper_id in reader.asked]
    candidates = [candidate for candidate in (*recent, *asked) if candidate.paper_id not in reader.given]
    wishes = replace(reader.wishes, recent=recent)
    return recommend(shelf, reader.votes, candidates, reader.n, wishes)


def rounded(picks: Sequence[Pick]) -> list[Pick]:
    """Leave out of propensities what sums in another order make of them."""
    return [replace(pick, propensity=pick.propensity and round(pick.propensity, 12)) for pick in picks]


# Few directions make exact duplicates, ties, strangers and papers of which nothing is known.
DIRECTIONS = [(0, 0), (1, 0), (3, 0), (3, 1), (5, 0), (-1, 1), (0, 3), (0, 5), (4, 4)]
# Without any one of six equal likes the score is the same, but for the rounding of sums.
EQUALS = build_shelf([(3, 1)] * 20)

ids = st.integers(1, ALL + 2)
plain_shelves = st.lists(st.sampled_from(DIRECTIONS), min_size=8, max_size=ALL).map(build_shelf)
offers = st.just(EVERYTHING) | st.lists(st.builds(Candidate, ids, st.integers(0, 9)), max_size=2 * ALL)
rulebooks = st.just(NO_RULES) | st.lists(
    st.builds(Rule, st.sampled_from(RuleKind), st.sampled_from(["diffusion", "quick", "soft protein", "of"])),
    max_size=3,
).map(lambda rules: Rulebook(rules, INDEX, list(PAPERS)))
thresholds = (
    st.none()
    | st.builds(Percentile, st.sampled_from([0, 30, 70, 97.5, 100]))
    | st.builds(Likely, st.just(Calibration(2.0, 0.5, 0.9)), st.sampled_from([0.5, 0.7]))
)
draws = st.sampled_from([None, 0.0, SHARE, 0.5]) | st.floats(0, SHARE, exclude_max=True)
# Votes of one moment, and several on one paper, as in a group.
moments = st.integers(0, 9).map(lambda hours: FIRST_VOTE + timedelta(hours=hours))
interests = st.builds(
    Vote, st.sampled_from(list(INTERESTS)), st.booleans(), st.just(datetime.min.replace(tzinfo=UTC))
)
crowds = st.lists(
    st.builds(
        Reader,
        st.lists(st.builds(Vote, ids, st.booleans(), moments) | interests, max_size=16),
        st.integers(-1, 8),
        st.frozensets(ids, max_size=6),
        st.frozensets(ids, max_size=6),
        st.builds(Wishes, rulebooks, thresholds, st.just(()), draws),
    ),
    max_size=6,
)


@given(shelf=st.just(WORDS) | plain_shelves, readers=crowds, recent=offers, old=offers)
@example(shelf=EQUALS, readers=[Reader(vote([*range(1, 7)]), n=1)], recent=[Candidate(9)], old=[])
@settings(max_examples=150)
def test_together_each_reader_gets_what_they_get_alone(
    shelf: Shelf, readers: list[Reader], recent: list[Candidate], old: list[Candidate]
) -> None:
    """The same picks in the same order; scores, slots, reasons, terms, rules and propensities too."""
    known = {candidate.paper_id for candidate in recent}
    older = [candidate for candidate in old if candidate.paper_id not in known]
    expected = [rounded(alone(shelf, reader, recent, older)) for reader in readers]
    assert list(map(rounded, together(shelf, readers, recent, older))) == expected


def test_what_is_strong_is_measured_beside_the_older_papers_that_a_reader_asks_for() -> None:
    """And beside nobody else's: among fewer than twenty all are strong, of more the best."""
    recent, older = EVERYTHING[:19], EVERYTHING[19:]
    wishes = Wishes(threshold=Percentile(100))
    thin = Reader(vote([1]), n=9, asked=frozenset({20}), wishes=wishes)
    readers = [thin, replace(thin, asked=frozenset()), replace(thin, asked=frozenset({21, 22}))]
    picks = together(WORDS, readers, recent, older)
    assert picks == [alone(WORDS, reader, recent, older) for reader in readers]
    assert list(map(len, picks)) == [0, 9, 0]


def test_long_histories_in_many_chunks_get_what_they_get_alone() -> None:
    """Histories of very different lengths, more than one chunk holds, with affinities of all sizes."""
    dice = np.random.default_rng(0)
    shelf = draw_shelf(dice, papers=400)
    recent = [Candidate(paper_id, int(dice.integers(50))) for paper_id in range(1, 41)]
    readers = [draw_reader(dice, 400, votes=int(dice.integers(2, 400))) for _ in range(60)]
    expected = [rounded(alone(shelf, reader, recent)) for reader in readers]
    assert list(map(rounded, together(shelf, readers, recent))) == expected


def test_many_readers_of_words_get_what_they_get_alone() -> None:
    """Terms, rules and thresholds in their hundreds, those of each reader whoever else asks."""
    dice = np.random.default_rng(1)
    readers = [draw_reader(dice, ALL, votes=6, rules=draw_rules(dice)) for _ in range(100)]
    expected = [rounded(alone(WORDS, reader, EVERYTHING)) for reader in readers]
    picks = [pick for picks in expected for pick in picks]
    assert sum(bool(pick.reason and pick.reason.terms) for pick in picks) > 100
    assert sum(pick.rule is not None for pick in picks) > 100
    assert list(map(rounded, together(WORDS, readers, EVERYTHING))) == expected


def draw_reader(dice: np.random.Generator, papers: int, votes: int, rules: Rulebook = NO_RULES) -> Reader:
    """Draw one who has voted so often, mostly for papers, and now and then explores."""
    ups = dice.random(votes) < 0.7
    signed = np.where(ups, 1, -1) * dice.integers(1, papers + 1, votes)
    wishes = Wishes(rules, Percentile(70), draw=float(dice.random()) / 2)
    return Reader(vote(signed.tolist()), int(dice.choice([3, 10])), wishes=wishes)


def draw_rules(dice: np.random.Generator) -> Rulebook:
    """Draw two rules on subjects or on voices."""
    kinds, phrases = dice.choice(list(RuleKind), 2), dice.choice([*SUBJECTS, *VOICES], 2)
    rules = [Rule(RuleKind(kind), str(phrase)) for kind, phrase in zip(kinds, phrases, strict=True)]
    return Rulebook(rules, INDEX, list(PAPERS))


def draw_shelf(dice: np.random.Generator, papers: int) -> Shelf:
    """Shelve papers of which all affinities differ."""
    shelf = build_shelf([(0, 0)] * papers)
    meaning = dice.normal(0, 2, (papers + 1, 6)).astype(np.float32)
    dense = np.concatenate([np.zeros((papers + 1, 2), dtype=np.float32), meaning], axis=1)
    words = csr_matrix((papers + 1, 0), dtype=np.float32)
    return Shelf(shelf.space, {id_: id_ for id_ in range(1, papers + 1)}, Vectors(words, dense))


def test_nobody_and_nothing_to_pick_from_are_no_error() -> None:
    """No readers give no lists, no candidates and no picks wanted give empty ones."""
    assert together(WORDS, [], EVERYTHING) == []
    assert together(WORDS, [Reader(vote([1, -2])), Reader()], []) == [[], []]
    assert together(WORDS, [Reader(vote([1, -2]), n=0), Reader(n=-1)], EVERYTHING) == [[], []]


def test_without_draws_nobody_explores() -> None:
    """Where a draw of zero would explore, no draw picks by taste to the last."""
    reader = Reader(vote([1, 5, 9]), wishes=Wishes(draw=0.0))
    offer = Offer.of(WORDS, EVERYTHING).extended(WORDS, [1, 5, 9])
    (explored,) = recommend_all(offer, ask([reader]))
    (plain,) = recommend_all(offer, replace(ask([reader]), draws=None))
    assert explored[-1].slot is Slot.EXPLORE
    assert plain == alone(WORDS, replace(reader, wishes=NO_WISHES), EVERYTHING)


def test_a_vote_on_a_paper_that_the_offer_has_not_heard_is_an_error() -> None:
    """It is no paper without a word: the caller forgot to extend the offer."""
    with pytest.raises(ValueError, match="not extended by 2 of the papers"):
        recommend_all(Offer.of(WORDS, EVERYTHING).extended(WORDS, [1]), ask([Reader(vote([1, 2, -3]))]))
