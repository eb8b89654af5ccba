"""How it reads why a pick is there: the rule, the liked paper or the stated interest that it rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.messages.language import Language
from bot.messages.markup import Fragment, cut, isolate, italic, joined, text
from bot.messages.papers import MAX_LINE_TITLE, short_title
from recommender.rules import Rule, RuleKind
from recommender.terms import fold_plural, may_be_subject, words_of
from recommender.values import Interest, Paper, Pick, Slot

_ENDING = re.compile(r"(?:ing|ion|ed|e|y)$")
_STEM = 5  # letters, at least, that two forms of a word share


def write_reason(
    language: Language,
    pick: Pick,
    papers: Mapping[int, Paper],
    interests: Mapping[int, Interest],
    longest: int = MAX_LINE_TITLE,
) -> Fragment:
    """Write why a pick is there, in at most three lines.

    Args:
        language: To write in.
        pick: The pick.
        papers: The pick's own, and the liked one that its reason names; one that is gone is no reason.
        interests: Likewise.
        longest: The most of a title and of the terms that is shown.
    """
    because = _because(language, pick, papers, interests, min(longest, MAX_LINE_TITLE))
    lifted = _lifted(language, pick.rule, longest) if pick.rule else Fragment()
    match pick.slot:
        case Slot.EXPLORE:
            explored = italic(text(language.say("🧭 Something different, to learn your taste")))
            return joined([explored, lifted, because], "\n")
        case Slot.TRENDING if not pick.rule:
            return italic(text(_popularity(language, papers[pick.paper_id])))
    return joined([lifted, because], "\n")


def _because(
    language: Language,
    pick: Pick,
    papers: Mapping[int, Paper],
    interests: Mapping[int, Interest],
    longest: int,
) -> Fragment:
    reason = pick.reason
    if reason is None:
        return Fragment()
    terms = text(cut(", ".join(reason.terms), longest))
    if liked := papers.get(reason.paper_id):
        title = italic(text(f"“{short_title(liked, longest)}”"))
        if terms.length:
            return language.html("💡 Because you liked {title}: {terms}", title=title, terms=terms)
        return language.html("💡 Because you liked {title}", title=title)
    stated = interests.get(reason.paper_id)
    if stated is None:
        return Fragment()
    if stated.text is None:
        return _because_wished(language, papers[pick.paper_id], stated.phrase, longest)
    return _because_brought(language, stated.phrase, terms, longest)


def _because_wished(language: Language, paper: Paper, wished: str, longest: int) -> Fragment:
    """Name the stated interest that speaks most for a paper, claiming no more than the paper bears out."""
    phrase = _quoted(wished, longest)
    if _mentions(paper, wished):
        return language.html("💡 Because you are interested in {phrase}", phrase=phrase)
    return language.html("💡 Of your interests, closest to {phrase}", phrase=phrase)


def _because_brought(language: Language, brought: str, terms: Fragment, longest: int) -> Fragment:
    phrase = _quoted(brought, longest)
    if terms.length:
        return language.html("💡 Because you brought {title}: {terms}", title=phrase, terms=terms)
    return language.html("💡 Because you brought {title}", title=phrase)


def _quoted(phrase: str, longest: int) -> Fragment:
    return italic(text(f"“{isolate(cut(phrase, longest))}”"))


def _mentions(paper: Paper, phrase: str) -> bool:
    """Tell whether each word of a phrase that can be a subject stands in a paper, in whatever form."""
    subjects = [_stem(word) for word in words_of(phrase) if may_be_subject(word)]
    told = {_stem(word) for word in words_of(paper.text)}
    return bool(subjects) and all(any(_are_forms(subject, word) for word in told) for subject in subjects)


def _stem(word: str) -> str:
    """Cut what "grasping", "grasped" and "grasps" do not share."""
    return _ENDING.sub("", fold_plural(word))


def _are_forms(one: str, other: str) -> bool:
    """Tell whether two stems are of one word: "robot" is of "robotic", "multipl" is not of "multimodal"."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= _STEM and longer.startswith(shorter))


def _lifted(language: Language, rule: Rule, longest: int) -> Fragment:
    phrase = isolate(cut(rule.phrase, longest))
    if rule.kind is RuleKind.FOLLOW:
        return language.html("✍️ By {author}, whom you follow", author=phrase)
    return language.html("📌 You boosted “{phrase}”", phrase=phrase)


def _popularity(language: Language, paper: Paper) -> str:
    if paper.upvotes:
        return language.count("🔥 Trending: {count} upvote", "🔥 Trending: {count} upvotes", paper.upvotes)
    return language.say("🔥 From the trending list")
