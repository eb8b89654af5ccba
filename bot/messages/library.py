"""What the lists of a chat's own papers and of the trending ones say. Pure."""

from __future__ import annotations

from datetime import date

from telegram import InlineKeyboardButton

from bot.messages.card import write_upvotes
from bot.messages.language import Language
from bot.messages.listing import Entry, turn_button
from bot.messages.markup import Fragment, bold, cut, isolate, joined, text
from bot.messages.papers import write_facts, write_withdrawn
from recommender.values import Paper
from storage.saved import Saved

_LONGEST_FACTS = 150
_LONGEST_NOTE = 150


def head_liked(language: Language, count: int) -> Fragment:
    """Head the papers with a thumb up."""
    return bold(text(language.count("👍 You like {count} paper", "👍 You like {count} papers", count)))


def head_saved(language: Language, count: int) -> Fragment:
    """Head the papers that are kept."""
    return bold(text(language.count("🔖 You saved {count} paper", "🔖 You saved {count} papers", count)))


def head_history(language: Language, count: int) -> Fragment:
    """Head what was brought."""
    return bold(
        text(language.count("🗞 I brought you {count} paper", "🗞 I brought you {count} papers", count))
    )


def head_day(language: Language, day: date, count: int) -> Fragment:
    """Head one day's list."""
    return bold(
        text(
            language.count(
                "🔥 {day}: {count} paper on the list",
                "🔥 {day}: {count} papers on the list",
                count,
                day=language.day(day),
            )
        )
    )


def head_week(language: Language, day: date, count: int) -> Fragment:
    """Head the lists of seven days."""
    return bold(
        text(
            language.count(
                "🔥 The week to {day}: {count} paper",
                "🔥 The week to {day}: {count} papers",
                count,
                day=language.day(day),
            )
        )
    )


def trending_tabs(language: Language, day: str, week: str, shown: str) -> list[InlineKeyboardButton]:
    """Build the buttons that choose between the two books, with a tick on the one that is shown."""
    labels = {day: language.say("Day"), week: language.say("Week")}
    return [turn_button(f"✅ {label}" if book == shown else label, book, 1) for book, label in labels.items()]


def enter_paper(language: Language, paper_id: int, paper: Paper) -> Entry:
    """Enter a paper with its facts."""
    return Entry(paper_id, paper, _facts(language, paper))


def enter_saved(language: Language, kept: Saved) -> Entry:
    """Enter a saved paper with its facts and the beginning of its note."""
    facts = _facts(language, kept.paper)
    note = text(f"📝 {isolate(cut(_in_a_line(kept.note), _LONGEST_NOTE))}") if kept.note else Fragment()
    return Entry(kept.paper_id, kept.paper, joined([facts, note], "\n"))


def enter_delivered(language: Language, paper_id: int, paper: Paper, day: date) -> Entry:
    """Enter a paper with the day it came."""
    return Entry(paper_id, paper, text(language.say("Came on {day}", day=language.date(day))))


def enter_trending(language: Language, paper_id: int, paper: Paper) -> Entry:
    """Enter a paper with its upvotes before its facts."""
    facts = write_facts(language, paper, _LONGEST_FACTS)
    return Entry(paper_id, paper, joined([write_upvotes(language, paper), facts], " · "))


def say_nothing_liked(language: Language) -> str:
    """Say how a paper gets among the liked ones."""
    return language.say(
        "You have not liked a paper yet. Press 👍 under a pick of /today and it will stand here."
    )


def say_nothing_saved(language: Language) -> str:
    """Say how a paper gets among the saved ones."""
    return language.say("You have not saved a paper yet. Press 🔖 under any paper and it will stand here.")


def say_nothing_brought(language: Language) -> str:
    """Say how to get a first digest."""
    return language.say("I have not brought you a paper yet. /today brings the first ones.")


def say_nothing_trending(language: Language) -> str:
    """Say that no list was read yet."""
    return language.say("I have read no list of papers yet. Please try again soon.")


def _facts(language: Language, paper: Paper) -> Fragment:
    known = write_facts(language, paper, _LONGEST_FACTS)
    return joined([write_withdrawn(language, paper), known], " ")


def _in_a_line(note: str) -> str:
    return " ".join(note.split())
