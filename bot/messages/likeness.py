"""What is said of papers that are alike: more of the same, and less of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.language import Language
from bot.messages.listing import Entry
from bot.messages.markup import Fragment, bold, joined, text
from bot.messages.papers import linked_title, write_facts
from recommender.values import Paper

_LONGEST_FACTS = 150


def head_similar(language: Language, paper: Paper) -> Fragment:
    """Head the papers that are like one."""
    return bold(language.html("➕ More like {title}", title=linked_title(paper)))


def enter_similar(language: Language, paper_id: int, paper: Paper, terms: Sequence[str]) -> Entry:
    """Enter a paper with what it shares with the one asked for."""
    facts = write_facts(language, paper, _LONGEST_FACTS)
    shared = text(language.say("Both: {terms}", terms=", ".join(terms))) if terms else Fragment()
    return Entry(paper_id, paper, joined([facts, shared], "\n"))


def write_none_similar(language: Language, paper: Paper) -> Fragment:
    """Tell that a paper stands alone."""
    return language.html("I know no paper that is like {title}.", title=linked_title(paper))


def write_less(language: Language, paper: Paper) -> Fragment:
    """Ask what of a paper there had best be less of; the buttons name it."""
    return language.html(
        "➖ Less of what, in {title}? What you choose is muted: no digest brings it. /rules takes it back.",
        title=linked_title(paper),
    )


def write_nothing_to_mute(language: Language, paper: Paper) -> Fragment:
    """Tell that nothing tells the paper from others."""
    return language.html(
        "{title} has no words of its own that I could mute. A 👎 moves papers like it down.",
        title=linked_title(paper),
    )


def write_similar_help(language: Language) -> Fragment:
    """Tell how to ask for papers that are alike."""
    return language.html(
        "Reply /similar to a message of mine that shows the paper (where it shows several, add the number, "
        "as in <code>/similar 2</code>), or name it by a link or its title, as in "
        "<code>/similar 1706.03762</code>."
    )


def say_not_found(language: Language) -> str:
    """Tell that no paper goes by that name."""
    return language.say("I know no paper by that name. Try other words of its title, or /search.")
