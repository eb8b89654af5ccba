from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.concordance import Field
from recommender.rules import BOOST, LEAST_SPREAD, NO_RULES, Rule, Rulebook, RuleKind
from recommender.values import Paper

PAPERS = {
    11: Paper(title="Video diffusion", authors=("Ada Byron",)),
    12: Paper(title="Medical imaging", abstract="Diffusion again.", organization="Byron Labs"),
    13: Paper(title="Protein folding", authors=("Bo Li",)),
}
IDS = list(PAPERS)
SCORES = np.array([0.2, 0.4, 0.9])
STEP = BOOST * float(SCORES.std())

phrases = st.sampled_from(["diffusion", "medical imaging", "Byron", "protein", "unheard", ""])
rules = st.lists(st.builds(Rule, st.sampled_from(RuleKind), phrases, st.sampled_from(Field)), max_size=6)


def mute(phrase: str, field: Field = Field.ANY) -> Rule:
    return Rule(RuleKind.MUTE, phrase, field)


def boost(phrase: str, field: Field = Field.ANY) -> Rule:
    return Rule(RuleKind.BOOST, phrase, field)


def follow(phrase: str, field: Field = Field.ANY) -> Rule:
    return Rule(RuleKind.FOLLOW, phrase, field)


def book(*rules: Rule) -> Rulebook:
    return Rulebook.of(rules, PAPERS)


def test_muted_papers_are_named() -> None:
    """A paper that any mute meets is muted; a mute changes no score."""
    rulebook = book(mute("medical imaging"), mute("unheard"))
    assert rulebook.muted() == {12}
    assert rulebook.boosted(IDS, SCORES).tolist() == SCORES.tolist()


def test_boosted_papers_gain_a_step_of_the_spread() -> None:
    """A boost is a constant in standard deviations of the scores, and mutes nothing."""
    rulebook = book(boost("diffusion"))
    assert not rulebook.muted()
    assert (rulebook.boosted(IDS, SCORES) - SCORES).tolist() == pytest.approx([STEP, STEP, 0])


def test_boosts_do_not_add_up() -> None:
    """Two rules that meet one paper boost it once."""
    scores = book(boost("diffusion"), boost("video"), boost("Ada Byron")).boosted(IDS, SCORES)
    assert scores[0] - SCORES[0] == pytest.approx(STEP)


def test_a_mute_is_stronger_than_a_boost() -> None:
    """Muted and boosted is muted, in whichever order."""
    assert book(mute("video"), boost("video")).muted() == {11}
    assert book(boost("video"), mute("video")).muted() == {11}


def test_a_follow_looks_at_authors() -> None:
    """Of a name that is an author's and an organization's, the author is meant, unless it is said."""
    assert follow("byron") == follow("byron", Field.AUTHOR)
    assert book(follow("byron")).followed() == {11}
    assert book(follow("byron", Field.ORGANIZATION)).followed() == {12}
    assert not book(boost("byron"), mute("byron")).followed()


def test_a_follow_lifts_as_a_boost_does() -> None:
    """A paper gains one step, whether it is followed, boosted or both."""
    for rules in ([follow("Ada Byron")], [follow("Ada Byron"), boost("video")]):
        assert book(*rules).boosted(IDS, SCORES)[0] - SCORES[0] == pytest.approx(STEP)


def test_what_lifts_a_paper_can_be_named() -> None:
    """A follow before a boost, the first of its kind; a mute lifts nothing."""
    rulebook = book(mute("protein"), boost("diffusion"), boost("video"), follow("Ada Byron"))
    assert [rulebook.find_lift(paper_id) for paper_id in (11, 12, 13)] == [
        follow("Ada Byron"),
        boost("diffusion"),
        None,
    ]


@pytest.mark.parametrize(
    ("field", "muted"), [(Field.ANY, {11, 12}), (Field.AUTHOR, {11}), (Field.ORGANIZATION, {12})]
)
def test_a_rule_looks_in_its_field(field: Field, muted: set[int]) -> None:
    """A name can be meant as an author, an organization, or anything."""
    assert book(mute("byron", field)).muted() == muted


def test_the_first_mute_of_a_paper_can_be_named() -> None:
    """Whoever asks why gets the rule; a boost is none, and a paper that is not muted has none."""
    rulebook = book(boost("video"), mute("imaging"), mute("diffusion"))
    assert [rulebook.find_mute(paper_id) for paper_id in (11, 12, 13)] == [
        mute("diffusion"),
        mute("imaging"),
        None,
    ]


def test_a_boost_decides_between_equals() -> None:
    """Where all score the same there is no spread, and a boost still lifts."""
    scores = book(boost("protein")).boosted(IDS, np.full(3, 0.1))
    assert scores.tolist() == pytest.approx([0.1, 0.1, 0.1 + BOOST * LEAST_SPREAD])


def test_papers_are_known_by_their_ids() -> None:
    """Scores may be of other papers, in another order; one that the book does not hold is met by no rule."""
    scores = book(boost("protein"), mute("protein")).boosted([13, 99], np.zeros(2))
    assert scores.tolist() == [BOOST * LEAST_SPREAD, 0]


def test_no_rules_and_no_papers_change_nothing() -> None:
    """Without rules scores stay as they are; without papers the answer is empty."""
    assert NO_RULES.boosted(IDS, SCORES).tolist() == SCORES.tolist()
    assert not NO_RULES.muted()
    nothing = Rulebook.of([mute("video"), boost("video")], {})
    assert (nothing.muted(), nothing.boosted([], np.array([])).tolist()) == (set(), [])


@given(rules)
def test_the_order_of_rules_is_irrelevant(rules: list[Rule]) -> None:
    """Rules are a set of wishes; scores given are not changed in place, and no boost lowers one."""
    before = SCORES.copy()
    there, back = book(*rules), book(*rules[::-1], *rules)
    assert there.muted() == back.muted()
    scores = there.boosted(IDS, SCORES)
    assert scores.tolist() == back.boosted(IDS, SCORES).tolist()
    assert SCORES.tolist() == before.tolist()
    assert (scores >= SCORES).all()
