from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from recommender.first_history import first_votes, next_exemplars, place_interests, state, state_paper
from recommender.history import History
from recommender.interests import read_interests
from recommender.recommend import recommend
from recommender.shelf import Meanings, Shelf
from recommender.values import Candidate, Interest, Pick, Slot, Vote

MakeVotes = Callable[..., list[Vote]]

# Eight papers a subject, of which each tells of five of its eight words.
SUBJECTS = {
    "video diffusion": "denoising frames camera motion clips storyboards latents flicker",
    "protein folding": "residues backbones enzymes binders helices sequences mutations docking",
    "robot grasping": "grippers fingers towels friction tactile scooping cups wrists",
    "speech recognition": "accents whispers phonemes microphones vowels dictation speakers pauses",
    "weather forecasting": "rainfall storms humidity radar ensembles fog cyclones drought",
}
EACH = 8


def text(subject: str, number: int) -> str:
    words = [SUBJECTS[subject].split()[(number + step) % EACH] for step in (0, 1, 2, 4, 5)]
    return (
        f"Paper on {words[0]} in {subject}. We show how {' and '.join(words[1:])} change {subject} results."
    )


TEXTS = {
    100 * place + number: text(subject, number)
    for place, subject in enumerate(SUBJECTS, start=1)
    for number in range(EACH)
}
OFFERED = [Candidate(paper_id, upvotes=paper_id % 100) for paper_id in TEXTS]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.build(TEXTS)


def subject_of(paper_id: int) -> str:
    return list(SUBJECTS)[paper_id // 100 - 1]


def papers_on(subject: str) -> list[int]:
    return [paper_id for paper_id in TEXTS if subject_of(paper_id) == subject]


def subjects_of(picks: list[Pick]) -> list[str]:
    return [subject_of(pick.paper_id) for pick in picks]


def say(words: str) -> list[Interest]:
    return state(read_interests(words))


def beside(shelf: Shelf, interests: list[Interest], meanings: Meanings | None = None) -> Shelf:
    return shelf.joined(place_interests(shelf, interests, meanings))


def pick_for(shelf: Shelf, interests: list[Interest], votes: list[Vote], n: int = 3) -> list[Pick]:
    """Pick for a reader who stated that and then voted so."""
    placed = beside(shelf, interests)
    return recommend(placed, [*votes, *first_votes(interests, placed)], OFFERED, n)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_three_likes_make_the_picks_personal(shelf: Shelf, vote: MakeVotes, subject: str) -> None:
    """After three likes of any one subject all three picks are of it, and say why."""
    picks = recommend(shelf, vote(papers_on(subject)[:3]), OFFERED, 3)
    assert subjects_of(picks) == [subject] * 3
    assert {pick.slot for pick in picks} == {Slot.TASTE}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_three_votes_that_were_asked_for_make_the_picks_personal(shelf: Shelf, subject: str) -> None:
    """A newcomer who answers what they are asked by one interest has it in two of three picks at the least.

    They are asked about three papers at a time, until three thumbs were up.
    """
    votes: list[Vote] = []
    while sum(vote.up for vote in votes) < 3:
        asked = next_exemplars(shelf, OFFERED, votes, 3)
        votes += [Vote(id_, subject_of(id_) == subject, datetime(2026, 11, 9, tzinfo=UTC)) for id_ in asked]
    assert len(votes) <= 12
    assert subjects_of(recommend(shelf, votes, OFFERED, 3)).count(subject) >= 2


def test_until_then_the_picks_are_trending(shelf: Shelf) -> None:
    """Without a vote or a word the best known papers are picked, in their order."""
    picks = pick_for(shelf, [], [])
    assert [pick.paper_id % 100 for pick in picks] == [EACH - 1] * 3
    assert {pick.slot for pick in picks} == {Slot.TRENDING}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_stated_interest_makes_the_first_picks(shelf: Shelf, subject: str) -> None:
    """Without any vote, what was asked for is picked; the reason is the phrase, and no paper."""
    interests = say(f"I like {subject}")
    picks = pick_for(shelf, interests, [])
    assert subjects_of(picks) == [subject] * 3
    for pick in picks:
        assert pick.reason is not None
        assert [(said.id, said.phrase) for said in interests] == [(pick.reason.paper_id, subject)]
        assert subject in pick.reason.terms


def test_a_phrase_means_what_is_written_about_it(shelf: Shelf) -> None:
    """Beside its own words a phrase has all those that papers on it share, and those alone."""
    (phrase,) = said = say("robot grasping")
    row = place_interests(shelf, said).vectors_of([phrase.id])
    terms = set(shelf.space.terms(row.words.tocoo().col))
    assert terms >= {"robot grasping", *SUBJECTS["robot grasping"].split()}
    assert terms.isdisjoint(SUBJECTS["weather forecasting"].split())


def test_a_word_that_one_paper_brought_in_is_not_said_to_be_shared() -> None:
    """The terms of a reason are the phrase's own, or stand in two of the papers around it."""
    sticky = "Video diffusion of marmalade. We show how video diffusion paints marmalade on toast."
    shelf = Shelf.build(TEXTS | {999: sticky})
    said = say("video diffusion")
    placed = beside(shelf, said)
    (pick,) = recommend(placed, first_votes(said, placed), [Candidate(999)], 1)
    assert pick.reason is not None
    assert pick.reason.terms == ("video diffusion",)


def test_an_unwanted_phrase_keeps_its_subject_out(shelf: Shelf) -> None:
    """What a reader wants none of comes last, whatever is trending."""
    picks = pick_for(shelf, say("no weather forecasting"), [], n=len(OFFERED))
    assert set(subjects_of(picks)[-EACH:]) == {"weather forecasting"}


def test_wanted_and_unwanted_phrases_are_both_heard(shelf: Shelf) -> None:
    """The first picks are of the wanted subject, the last of the unwanted one."""
    interests = say("robot grasping, no protein folding")
    subjects = subjects_of(pick_for(shelf, interests, [], n=len(OFFERED)))
    assert set(subjects[:EACH]) == {"robot grasping"}
    assert set(subjects[-EACH:]) == {"protein folding"}


def test_what_was_said_fades_as_likes_come(shelf: Shelf, vote: MakeVotes) -> None:
    """Beside one like the stated subject is second only to the liked one; each like takes from it."""
    scores = []
    for likes in (1, 2, 3, 5):
        votes = vote(papers_on("speech recognition")[:likes])
        picks = pick_for(shelf, say("robot grasping"), votes, len(OFFERED))
        scores.append(np.mean([p.score for p in picks if subject_of(p.paper_id) == "robot grasping"]))
        assert set(subjects_of(picks)[: 16 - likes]) == {"speech recognition", "robot grasping"}
    assert scores == sorted(scores, reverse=True)
    assert subjects_of(picks)[:3] == ["speech recognition"] * 3


def test_what_was_said_is_older_than_any_vote(shelf: Shelf, vote: MakeVotes) -> None:
    """A reader's votes come before their phrases, however the two are put together."""
    said = first_votes(interests := say("robot grasping"), beside(shelf, interests))
    assert History.of([*said, *vote([7])]).likes.paper_ids == (7, said[0].paper_id)


def test_what_was_said_last_is_newest_and_a_library_is_older(shelf: Shelf) -> None:
    """Among interests phrases come before imported papers, and each kind from the last given to the first."""
    first, second = say("robot grasping, fog")
    early, late = state_paper("Rainfall in June"), state_paper("Whispers")
    stated = [early, first, late, second]
    votes = first_votes(stated, beside(shelf, stated))
    assert History.of(votes).likes.paper_ids == (second.id, first.id, late.id, early.id)


def test_a_phrase_has_one_number_for_everyone() -> None:
    """Case and spaces make no other phrase, another word does; no paper has such a number."""
    one, same, other = (say(words)[0].id for words in ("Video  diffusion", "video diffusion", "video"))
    assert one == same != other
    assert max(one, other) < 0
    assert min(one, other) >= -(2**63)


def test_both_sides_are_stated() -> None:
    """Wanted and unwanted phrases are interests alike, in the reader's own words, the wanted ones first."""
    assert [(said.phrase, said.wanted) for said in say("no Fog, Robot grasping")] == [
        ("Robot grasping", True),
        ("Fog", False),
    ]


def test_a_paper_is_not_its_title_as_a_phrase() -> None:
    """The same text has one number; a phrase in the same words, and another abstract, have others."""
    paper = state_paper("Video diffusion")
    assert paper.id == state_paper("Video diffusion").id
    numbers = {paper.id, say("Video diffusion")[0].id, state_paper("Video diffusion", "Frames.").id}
    assert len(numbers) == 3
    assert max(numbers) < 0


@pytest.mark.parametrize("wanted", [True, False])
def test_an_imported_paper_counts_as_one_that_was_voted_on(
    shelf: Shelf, vote: MakeVotes, *, wanted: bool
) -> None:
    """Picks for a paper that no dump brought are those for a vote on the same text."""
    title, _, abstract = TEXTS[203].partition(". ")
    imported = pick_for(shelf, [state_paper(title, abstract, wanted=wanted)], [], len(OFFERED))
    voted = recommend(
        shelf.extended({999: TEXTS[203]}), vote([999 if wanted else -999]), OFFERED, len(OFFERED)
    )
    assert [(pick.paper_id, pick.score) for pick in imported] == [(p.paper_id, p.score) for p in voted]


def test_a_model_tells_what_a_phrase_means() -> None:
    """A phrase of unknown words is placed by the model's vector of it."""
    axes = np.eye(len(SUBJECTS) + 3, dtype=np.float32)
    dice = np.random.default_rng(0)
    meanings = {id_: axes[id_ // 100] + dice.normal(0, 0.05, len(axes)).astype(np.float32) for id_ in TEXTS}
    shelf = Shelf.build(TEXTS, meanings)
    (phrase,) = said = say("meteorology")
    placed = beside(shelf, said, {phrase.id: axes[5]})
    picks = recommend(placed, first_votes(said, placed), OFFERED, 3)
    assert subjects_of(picks) == ["weather forecasting"] * 3


def test_what_a_model_makes_of_foreign_letters_counts_for_nothing() -> None:
    """It reads none of them: its vector of such a phrase would order papers by noise."""
    axes = np.eye(len(SUBJECTS) + 3, dtype=np.float32)
    shelf = Shelf.build(TEXTS, {id_: axes[id_ // 100] for id_ in TEXTS})
    (phrase,) = said = say("气象学")
    placed = beside(shelf, said, {phrase.id: axes[5]})
    ranked = [pick.paper_id for pick in recommend(placed, first_votes(said, placed), OFFERED, len(OFFERED))]
    assert ranked == [pick.paper_id for pick in recommend(shelf, [], OFFERED, len(OFFERED))]


def test_a_phrase_of_unknown_words_changes_nothing(shelf: Shelf) -> None:
    """Without a model, what no paper speaks of is no taste: the picks are as if nothing was said."""
    assert pick_for(shelf, say("qwertz, no zuiop"), []) == pick_for(shelf, [], [])


def test_interests_have_a_shelf_of_their_own(shelf: Shelf) -> None:
    """It holds them alone, each once; beside the papers they change no reading of a phrase."""
    said = [*say("robot grasping, fog"), state_paper("Fog and rain")]
    placed = place_interests(shelf, said)
    again = place_interests(shelf.joined(placed), [*said, *said])
    assert set(placed.rows) == {interest.id for interest in said}
    assert np.allclose(placed.vectors.dense, again.vectors.dense)
    assert np.isclose((placed.vectors.words - again.vectors.words).power(2).sum(), 0)


def test_no_interests_and_no_papers_do_no_harm(shelf: Shelf) -> None:
    """Nothing said is nothing added, and an interest may come before the first paper."""
    assert len(place_interests(shelf, [])) == 0
    assert first_votes([], shelf) == []
    assert len(place_interests(Shelf.build({}), [*say("fog"), state_paper("Fog")])) == 2


def test_the_first_exemplars_are_of_all_subjects(shelf: Shelf) -> None:
    """As many papers as subjects are one of each."""
    chosen = next_exemplars(shelf, OFFERED, [], len(SUBJECTS))
    assert {subject_of(paper_id) for paper_id in chosen} == set(SUBJECTS)


def test_no_paper_is_asked_about_twice(shelf: Shelf, vote: MakeVotes) -> None:
    """What was voted on, also with a tie, and what was shown in silence does not come again."""
    votes = vote([101, -201, 301, -301])
    chosen = next_exemplars(shelf, OFFERED, votes, 99, shown=[401])
    assert sorted(chosen) == sorted(set(TEXTS) - {101, 201, 301, 401})


def test_a_thumb_down_tells_more_than_silence(shelf: Shelf, vote: MakeVotes) -> None:
    """What was shown and passed over says nothing; what was disliked guides the next questions."""
    silent = next_exemplars(shelf, OFFERED, [], 5, shown=[100])
    assert next_exemplars(shelf, OFFERED, vote([-100]), 5, shown=[100]) != silent


def test_votes_on_papers_of_before_count(shelf: Shelf, vote: MakeVotes) -> None:
    """A paper need not be a candidate any more for its vote to be heard."""
    votes = vote([100, 200, -300, -400])
    recent = [candidate for candidate in OFFERED if candidate.paper_id % 100]
    chosen = next_exemplars(shelf, recent, votes, 5)
    assert chosen == next_exemplars(shelf, OFFERED, votes, 5)
    assert chosen != next_exemplars(shelf, recent, [], 5)


def test_what_was_said_guides_the_questions(shelf: Shelf) -> None:
    """A phrase counts as a vote, where the shelf knows it."""
    said = say("video diffusion")
    placed = beside(shelf, said)
    votes = first_votes(said, placed)
    unguided = next_exemplars(shelf, OFFERED, [], 5)
    assert next_exemplars(shelf, OFFERED, votes, 5) == unguided
    assert next_exemplars(placed, OFFERED, votes, 5) != unguided
