"""What is said while a reader writes a note on a saved paper. Pure."""

from __future__ import annotations

from bot.messages.card import MAX_NOTE
from bot.messages.language import Language
from bot.messages.markup import Fragment
from bot.messages.papers import linked_title
from recommender.values import Paper

NO_NOTE = "-"


def ask_note(language: Language, paper: Paper, *, shared: bool) -> Fragment:
    """Ask for a note; in a group, where talk is not for the bot, as an answer to this very message."""
    if shared:
        return language.html(
            "📝 What shall I note on {title}? Reply to this message with at most {limit} characters; "
            "a single <code>-</code> removes the note.",
            title=linked_title(paper),
            limit=language.number(MAX_NOTE),
        )
    return language.html(
        "📝 What shall I note on {title}? Send me at most {limit} characters; "
        "a single <code>-</code> removes the note.",
        title=linked_title(paper),
        limit=language.number(MAX_NOTE),
    )


def say_noted(language: Language, note: str | None) -> str:
    """Confirm."""
    if note is None:
        return language.say("The note is gone.")
    return language.say("📝 Noted. /saved shows it.")


def say_long_note(language: Language, length: int) -> str:
    """Ask for less."""
    return language.say(
        "That is {length} characters, and a note has room for {limit}. Please send a shorter one.",
        length=language.number(length),
        limit=language.number(MAX_NOTE),
    )


def say_not_saved(language: Language) -> str:
    """Tell why there is no note."""
    return language.say("Only a saved paper can have a note: press 🔖 first.")
