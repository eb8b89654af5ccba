"""How it reads why a paper ranks where it does: who speaks for it and against it, and how loudly. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.messages.language import Language
from bot.messages.markup import Fragment, bold, cut, isolate, italic, joined, text
from bot.messages.papers import linked_title, short_title
from recommender.objections import LikeDisliked, Muted, Objection
from recommender.rules import Rule, RuleKind
from recommender.shares import Disliked, Explanation, Liked, Popularity, Share
from recommender.values import Interest, Paper

_LONGEST_TERMS = 120
_LEAST_REST = 0.05
_LEAST_PART = 0.005  # what would read as 0 % tells nothing


@dataclass(frozen=True, slots=True)
class Named:
    """The papers and interests that an explanation speaks of, by id; one that is gone is passed over."""

    papers: Mapping[int, Paper] = field(default_factory=dict)
    interests: Mapping[int, Interest] = field(default_factory=dict)


def write_explanation(
    language: Language, paper: Paper, explained: Explanation, named: Named, *, picked: bool
) -> Fragment:
    """Write why a paper stands where it does, the strongest voice first.

    What spoke most against a paper is told first of one that was never picked, and of any that is muted.
    """
    heading = bold(language.html("💡 Why {title}", title=linked_title(paper)))
    objection = explained.objection
    told = objection if isinstance(objection, Muted) or not picked else None
    against = _object(language, told, named) if told else Fragment()
    told_of = {share: _share(language, share, named) for share in explained.shares}
    shares = {s: line for s, line in told_of.items() if line.length and abs(s.part) >= _LEAST_PART}
    lines = joined([*shares.values(), _rest(language, shares)], "\n")
    if not shares:
        lines = text(language.say("No vote of yours speaks for or against it yet. 👍 and 👎 teach me."))
    return joined([heading, against, lines], "\n\n")


def say_how_to_ask_why(language: Language) -> str:
    """Tell how to ask about a paper."""
    return language.say(
        "Press 💡 below a paper; if you do not see it there, press ⋯ first. Or reply /why to a message of "
        "mine that shows the paper; where it shows several, add the number, as in /why 2."
    )


def _rest(language: Language, shares: Collection[Share]) -> Fragment:
    """Say what the shares that are told leave over."""
    rest = 1 - sum(abs(share.part) for share in shares)
    if rest < _LEAST_REST:
        return Fragment()
    return language.html(
        "{share} lies in likenesses too small to name", share=bold(text(language.percent(rest)))
    )


def _share(language: Language, share: Share, named: Named) -> Fragment:
    part = bold(text(language.percent(abs(share.part))))
    match share.source:
        case Popularity():
            return language.html("{share} because it is popular with everyone", share=part)
        case Rule() as rule:
            return _lift(language, part, rule)
        case Liked(paper_id, terms):
            stated, liked = named.interests.get(paper_id), named.papers.get(paper_id)
            like = _like(language, part, liked, terms) if liked else Fragment()
            return _interest(language, part, stated, terms) if stated else like
        case Disliked(paper_id, terms):
            stated, disliked = named.interests.get(paper_id), named.papers.get(paper_id)
            dislike = _dislike(language, part, disliked, terms) if disliked else Fragment()
            return _aversion(language, part, stated, terms) if stated else dislike


def _lift(language: Language, part: Fragment, rule: Rule) -> Fragment:
    if rule.kind is RuleKind.FOLLOW:
        return language.html("{share} because you follow {author}", share=part, author=isolate(rule.phrase))
    return language.html("{share} because you boosted “{phrase}”", share=part, phrase=isolate(rule.phrase))


def _like(language: Language, part: Fragment, paper: Paper, terms: tuple[str, ...]) -> Fragment:
    title = _quoted(short_title(paper))
    if terms:
        return language.html(
            "{share} because you liked {title}: {terms}", share=part, title=title, terms=_listed(terms)
        )
    return language.html("{share} because you liked {title}", share=part, title=title)


def _dislike(language: Language, part: Fragment, paper: Paper, terms: tuple[str, ...]) -> Fragment:
    title = _quoted(short_title(paper))
    if terms:
        return language.html(
            "{share} against it, because you disliked {title}: {terms}",
            share=part,
            title=title,
            terms=_listed(terms),
        )
    return language.html("{share} against it, because you disliked {title}", share=part, title=title)


def _interest(language: Language, part: Fragment, stated: Interest, terms: tuple[str, ...]) -> Fragment:
    phrase = _quoted(isolate(cut(stated.phrase, _LONGEST_TERMS)))
    if stated.text is None:
        return language.html("{share} because you are interested in {phrase}", share=part, phrase=phrase)
    if terms:
        return language.html(
            "{share} because you brought {title}: {terms}", share=part, title=phrase, terms=_listed(terms)
        )
    return language.html("{share} because you brought {title}", share=part, title=phrase)


def _aversion(language: Language, part: Fragment, stated: Interest, terms: tuple[str, ...]) -> Fragment:
    phrase = _quoted(isolate(cut(stated.phrase, _LONGEST_TERMS)))
    if terms:
        return language.html(
            "{share} against it, because you do not want {phrase}: {terms}",
            share=part,
            phrase=phrase,
            terms=_listed(terms),
        )
    return language.html("{share} against it, because you do not want {phrase}", share=part, phrase=phrase)


def _object(language: Language, objection: Objection, named: Named) -> Fragment:
    match objection:
        case Muted(rule):
            return language.html(
                "🔇 You muted “{phrase}”, so no digest brings it. /rules lists what is muted.",
                phrase=isolate(rule.phrase),
            )
        case LikeDisliked(paper_id, _):
            return _resemblance(language, paper_id, named)
    return language.html("🌫 It is like nothing that you liked, so other papers came first.")


def _resemblance(language: Language, paper_id: int, named: Named) -> Fragment:
    if disliked := named.papers.get(paper_id):
        return language.html(
            "👎 It came behind others, for it resembles {title}, which you disliked.",
            title=_quoted(short_title(disliked)),
        )
    if stated := named.interests.get(paper_id):
        return language.html(
            "👎 It came behind others, for it resembles {phrase}, which you do not want.",
            phrase=_quoted(isolate(cut(stated.phrase, _LONGEST_TERMS))),
        )
    return Fragment()


def _quoted(title: str) -> Fragment:
    return italic(text(f"“{title}”"))


def _listed(terms: tuple[str, ...]) -> str:
    return cut(", ".join(terms), _LONGEST_TERMS)
