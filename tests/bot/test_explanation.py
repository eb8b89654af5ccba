import pytest

from bot.messages.explanation import Named, write_explanation
from bot.messages.language import ENGLISH
from bot.playground.markup import parse_html
from recommender.concordance import Field
from recommender.objections import LikeDisliked, Muted, Objection, UnlikeLiked
from recommender.rules import Rule, RuleKind
from recommender.shares import Disliked, Explanation, Liked, Popularity, Share
from recommender.values import Interest, Paper

ASKED = Paper(title="Sails & <keels>")
NAMED = Named(
    {2: Paper(title="Boats <&>"), 3: Paper(title="Bees")},
    {-4: Interest(-4, "rowing"), -5: Interest(-5, "A paper of mine", text="A paper of mine. Oars.")},
)
MUTE = Rule(RuleKind.MUTE, "keel")


def told(*shares: Share, objection: Objection | None = None, picked: bool = True) -> list[str]:
    written = write_explanation(ENGLISH, ASKED, Explanation(shares, objection), NAMED, picked=picked)
    heading, *rest = parse_html(written.html)[0].split("\n")
    assert heading == "💡 Why Sails & <keels>"
    return [line for line in rest if line and "too small to name" not in line]


def test_what_the_told_shares_leave_over_is_told_as_such() -> None:
    """Also what a paper that is gone had said; a twentieth or less is let be."""
    shares = (Share(Liked(2), 0.6), Share(Liked(99), 0.2), Share(Popularity(), 0.1))
    rest = [
        write_explanation(ENGLISH, ASKED, Explanation(said, None), NAMED, picked=True).html
        for said in (shares, (Share(Liked(2), 0.96),))
    ]
    assert "<b>30%</b> lies in likenesses too small to name" in rest[0]
    assert "too small" not in rest[1]


@pytest.mark.parametrize(
    ("share", "line"),
    [
        (Share(Liked(2, ("rudder", "keel")), 0.716), "72% because you liked “Boats <&>”: rudder, keel"),
        (Share(Liked(2), 0.5), "50% because you liked “Boats <&>”"),
        (Share(Disliked(3, ("wax",)), -0.2), "20% against it, because you disliked “Bees”: wax"),
        (Share(Disliked(3), -0.2), "20% against it, because you disliked “Bees”"),
        (Share(Liked(-4, ("oar",)), 0.3), "30% because you are interested in “rowing”"),
        (Share(Liked(-5, ("oar",)), 0.3), "30% because you brought “A paper of mine”: oar"),
        (Share(Liked(-5), 0.3), "30% because you brought “A paper of mine”"),
        (Share(Disliked(-4), -0.3), "30% against it, because you do not want “rowing”"),
        (Share(Popularity(), 0.1), "10% because it is popular with everyone"),
        (Share(Rule(RuleKind.BOOST, "keel"), 0.4), "40% because you boosted “keel”"),
        (Share(Rule(RuleKind.FOLLOW, "Ada", Field.AUTHOR), 0.4), "40% because you follow Ada"),
    ],
)
def test_each_voice_has_its_sentence(share: Share, line: str) -> None:
    assert told(share) == [line]


def test_the_strongest_stands_first_and_what_is_gone_or_silent_nowhere() -> None:
    shares = (
        Share(Liked(2), 0.6),
        Share(Liked(99), 0.3),
        Share(Popularity(), 0.1),
        Share(Disliked(3), -0.004),
    )
    assert told(*shares) == ["60% because you liked “Boats <&>”", "10% because it is popular with everyone"]


@pytest.mark.parametrize(
    ("objection", "words"),
    [
        (LikeDisliked(3, ("wax",)), "it resembles “Bees”, which you disliked"),
        (LikeDisliked(-4, ()), "it resembles “rowing”, which you do not want"),
        (UnlikeLiked(), "like nothing that you liked"),
        (Muted(MUTE), "You muted “keel”"),
    ],
)
def test_what_spoke_against_a_paper_that_was_passed_over_is_told_first(
    objection: Objection, words: str
) -> None:
    first, second = told(Share(Popularity(), 0.1), objection=objection, picked=False)
    assert words in first
    assert second == "10% because it is popular with everyone"


def test_of_a_pick_only_a_mute_made_since_is_told() -> None:
    assert len(told(Share(Popularity(), 0.1), objection=UnlikeLiked())) == 1
    assert "You muted" in told(Share(Popularity(), 0.1), objection=Muted(MUTE))[0]


def test_without_any_voice_the_reader_is_told_how_to_give_one() -> None:
    assert told() == ["No vote of yours speaks for or against it yet. 👍 and 👎 teach me."]
