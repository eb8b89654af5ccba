"""What is said before and after a chat's taste, or all that is known of it, is forgotten. Pure."""

from __future__ import annotations

from datetime import timedelta

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.language import Language

OPEN_FOR = timedelta(minutes=10)


def ask_reset(language: Language, votes: int, interests: int, asked: str) -> tuple[str, InlineKeyboardMarkup]:
    """Ask whether to forget the taste; ``asked`` is what the button that says so carries."""
    question = language.html(
        "♻️ <b>Shall I forget what you like?</b>\n{votes} and {interests} would be gone. Saved papers, notes, "
        "rules and settings stay, and so does what I sent you: no paper comes twice.",
        votes=language.count("{count} vote", "{count} votes", votes),
        interests=language.count("{count} interest", "{count} interests", interests),
    )
    return question.html, _choice(language, language.say("♻️ Forget it"), asked)


def ask_forget(language: Language, asked: str, *, is_group: bool) -> tuple[str, InlineKeyboardMarkup]:
    """Ask whether to forget the whole chat."""
    question = _tell_group_loss(language) if is_group else _tell_loss(language)
    return question, _choice(language, language.say("🗑 Delete everything"), asked)


def say_nothing_to_reset(language: Language) -> str:
    """Say that there is no taste yet."""
    return language.html("There is nothing to forget: you have neither votes nor interests yet.").html


def say_reset(language: Language) -> str:
    """Say that the taste is forgotten."""
    return language.html("♻️ Forgotten. /interests or your next votes give me a new idea of you.").html


def say_forgotten(language: Language) -> str:
    """Say that all is deleted."""
    return language.html("🗑 Deleted. I know nothing of this chat any more. /start begins anew.").html


def say_kept(language: Language) -> str:
    """Say that nothing was deleted."""
    return language.html("Nothing was deleted.").html


def say_closed(language: Language) -> str:
    """Say that a question is not open any more."""
    return language.say("This question is no longer open. Send the command again.")


def _tell_loss(language: Language) -> str:
    return language.html(
        "🗑 <b>Shall I delete all that I know of you?</b>\nYour settings, votes (also those in groups), "
        "interests, saved papers, notes, rules and the list of what I sent you would be gone for good. "
        "/export gives you a copy first."
    ).html


def _tell_group_loss(language: Language) -> str:
    return language.html(
        "🗑 <b>Shall I delete all that I know of this group?</b>\nIts settings, all members' votes here, "
        "interests, saved papers, notes, rules and the list of what I sent would be gone for good. /export "
        "gives you a copy first."
    ).html


def _choice(language: Language, yes: str, asked: str) -> InlineKeyboardMarkup:
    keep = InlineKeyboardButton(language.say("Keep it"), callback_data=f"data:keep:{asked}")
    return InlineKeyboardMarkup([[InlineKeyboardButton(yes, callback_data=f"data:{asked}"), keep]])
