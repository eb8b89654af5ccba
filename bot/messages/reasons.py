"""How it reads why a pick is there: the rule, the liked paper or the stated interest that it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages.language import Language
from bot.messages.markup import Fragment, cut, isolate, italic, joined, text
from bot.messages.papers import MAX_LINE_TITLE, short_title
from recommender.rules import Rule, RuleKind
from recommender.values import Interest, Paper, Pick, Reason, Slot


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
    because = _because(language, pick.reason, papers, interests, min(longest, MAX_LINE_TITLE))
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
    reason: Reason | None,
    papers: Mapping[int, Paper],
    interests: Mapping[int, Interest],
    longest: int,
) -> Fragment:
    if reason is None:
        return Fragment()
    terms = text(cut(", ".join(reason.terms), longest))
    if liked := papers.get(reason.paper_id):
        title = italic(text(f"“{short_title(liked, longest)}”"))
        if terms.length:
            return language.html("💡 Because you liked {title}: {terms}", title=title, terms=terms)
        return language.html("💡 Because you liked {title}", title=title)
    stated = interests.get(reason.paper_id)
    return _because_stated(language, stated, terms, longest) if stated else Fragment()


def _because_stated(language: Language, stated: Interest, terms: Fragment, longest: int) -> Fragment:
    phrase = italic(text(f"“{isolate(cut(stated.phrase, longest))}”"))
    if stated.text is None:
        return language.html("💡 Because you are interested in {phrase}", phrase=phrase)
    if terms.length:
        return language.html("💡 Because you brought {title}: {terms}", title=phrase, terms=terms)
    return language.html("💡 Because you brought {title}", title=phrase)


def _lifted(language: Language, rule: Rule, longest: int) -> Fragment:
    phrase = isolate(cut(rule.phrase, longest))
    if rule.kind is RuleKind.FOLLOW:
        return language.html("✍️ By {author}, whom you follow", author=phrase)
    return language.html("📌 You boosted “{phrase}”", phrase=phrase)


def _popularity(language: Language, paper: Paper) -> str:
    if paper.upvotes:
        return language.count("🔥 Trending: {count} upvote", "🔥 Trending: {count} upvotes", paper.upvotes)
    return language.say("🔥 From the trending list")
