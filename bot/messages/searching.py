"""What a search says: what was found, how to ask, and what was wrong. Pure.

The first line of a page holds the search itself, so that a page can be turned whatever was asked since.
"""

from __future__ import annotations

from bot.messages.language import Language
from bot.messages.markup import Fragment, bold, joined, text

_MARK = "🔎 "


def head_found(language: Language, search: str, count: int, *, more: bool) -> Fragment:
    """Head what was found; ``more`` says that there is more of it than is listed."""
    if more:
        told = language.say("The best {count} papers", count=language.number(count))
    else:
        told = language.count("{count} paper", "{count} papers", count)
    return joined([_first_line(search), text(told)], "\n")


def read_searched(message: str) -> str:
    """Read the search back from a page; empty where the message is no such page."""
    first = message.partition("\n")[0]
    return first.removeprefix(_MARK).strip() if first.startswith(_MARK) else ""


def write_nothing_found(language: Language, search: str) -> Fragment:
    """Tell that nothing was found, and what to try."""
    told = language.say("I found no paper. Try fewer or other words, or leave a filter out.")
    return joined([_first_line(search), text(told)], "\n")


def write_search_help(language: Language) -> Fragment:
    """Ask what to look for."""
    return language.html(
        "🔎 <b>What shall I look for?</b> Send me words, or ask at once, as in\n"
        "<code>/search video diffusion</code>\n\n"
        "To narrow it down:\n"
        '<code>author:Hinton</code> or <code>author:"Yann LeCun"</code>\n'
        "<code>after:2025</code> or <code>after:2025-03</code>\n"
        "<code>liked:</code> among the papers you like"
    )


def say_long_search(language: Language, limit: int) -> str:
    """Ask for fewer words."""
    return language.say("That is too long to look for: at most {limit} characters.", limit=limit)


def say_no_author(language: Language) -> str:
    """Ask for a name."""
    return language.say('Whose papers? Write the name after the colon, as in author:"Yann LeCun".')


def say_no_date(language: Language) -> str:
    """Ask for a date."""
    return language.say(
        "I do not understand that date. Write a year or a month, as in after:2025 or after:2025-03."
    )


def say_search_again(language: Language) -> str:
    """Tell that a page cannot be turned any more."""
    return language.say("I can no longer turn this page. Please /search again.")


def _first_line(search: str) -> Fragment:
    return bold(text(f"{_MARK}{search}"))
