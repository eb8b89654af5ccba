"""What the owner meets on the way of a notice to all readers: asked for, shown, on its way. Pure."""

from __future__ import annotations

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.digest import MAX_MESSAGE, Message
from bot.messages.language import Language
from bot.messages.markup import text


def ask_notice(language: Language) -> Message:
    """Ask for the text."""
    told = language.html(
        "📢 <b>What shall I tell all readers?</b> Send me the text. It goes out as it stands, links "
        "included; you see it first, and decide then."
    )
    button = InlineKeyboardButton(language.say("Never mind"), callback_data="admin:quit")
    return Message(told.html, InlineKeyboardMarkup([[button]]))


def confirm_notice(language: Language, notice_id: int, readers: int) -> Message:
    """Ask whether the message above is to go out."""
    told = language.count(
        "☝️ That is what {count} reader will see. Shall I send it?",
        "☝️ That is what {count} readers will see. Shall I send it?",
        readers,
    )
    buttons = [
        InlineKeyboardButton(language.say("📢 Send"), callback_data=f"admin:send:{notice_id}"),
        InlineKeyboardButton(language.say("✖️ Cancel"), callback_data=f"admin:cancel:{notice_id}"),
    ]
    return Message(text(told).html, InlineKeyboardMarkup([buttons]))


def tell_notice_sent(language: Language, readers: int) -> Message:
    """Tell that a notice is on its way."""
    told = language.count(
        "📢 On its way to {count} reader. /admin tells how far it is.",
        "📢 On its way to {count} readers. /admin tells how far it is.",
        readers,
    )
    return Message(text(told).html)


def tell_notice_dropped(language: Language) -> Message:
    """Tell that nothing goes out."""
    return Message(text(language.say("Cancelled: nobody gets it.")).html)


def say_notice_settled(language: Language) -> str:
    """Say that it was decided before."""
    return language.say("This was sent or cancelled before.")


def say_long_notice(language: Language) -> str:
    """Ask for less."""
    return language.say(
        "That is longer than the {limit} characters of a message. Please send a shorter one.",
        limit=language.number(MAX_MESSAGE),
    )
