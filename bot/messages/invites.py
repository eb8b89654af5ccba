"""How invitations are spoken of: to the owner who makes them, and to whoever has none. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages.digest import Message
from bot.messages.language import Language
from bot.messages.markup import joined, link, text
from storage.invites import Invite

MOST_USES = 1000
_SHOWN = 20
_SHOWN_SIGNS = 6  # of a code, enough to tell it from others


def say_invited_only(language: Language) -> str:
    """Send someone away, kindly."""
    return language.say(
        "This Paperboy brings papers to invited readers only. Whoever runs it can send you a link that lets "
        "you in."
    )


def tell_invite(language: Language, invite: Invite, bot_name: str, *, is_needed: bool) -> Message:
    """Give the owner an invitation as links, for a person and for a group."""
    person, group = (f"https://t.me/{bot_name}?{door}={invite.code}" for door in ("start", "startgroup"))
    uses = language.count("It lets in {count} chat.", "It lets in {count} chats.", invite.uses_left)
    idle = language.say("As long as INVITE_ONLY is not set, everybody is let in without one.")
    told = joined(
        [
            language.html("🎟 <b>An invitation</b>"),
            language.html("For a person: {link}", link=link(text(person), person)),
            language.html("For a group: {link}", link=link(text(group), group)),
            text(uses if is_needed else f"{uses}\n{idle}"),
        ],
        "\n",
    )
    return Message(told.html, InlineKeyboardMarkup([[_revoke_button(language, invite)]]))


def render_invites(language: Language, invites: Sequence[Invite]) -> Message:
    """List the invitations that still let someone in, the newest first, each with a button to revoke it."""
    if not invites:
        return Message(language.html("🎟 No invitation is open. <code>/admin invite 5</code> makes one.").html)
    heading = language.count("🎟 {count} invitation is open", "🎟 {count} invitations are open", len(invites))
    lines = [
        language.html("<code>{code}</code>: {uses} left", code=invite.code, uses=invite.uses_left)
        for invite in invites[:_SHOWN]
    ]
    rows = [[_revoke_button(language, invite)] for invite in invites[:_SHOWN]]
    return Message(joined([text(heading), *lines], "\n").html, InlineKeyboardMarkup(rows))


def say_revoked(language: Language, *, was_there: bool) -> str:
    """Tell what became of an invitation."""
    if was_there:
        return language.say("Revoked: it lets in nobody any more.")
    return language.say("This invitation was revoked before.")


def say_wrong_uses(language: Language) -> str:
    """Tell how many chats one invitation may let in."""
    return language.say(
        "How many chats shall it let in? Send a number from 1 to {most}, as in /admin invite 5.",
        most=language.number(MOST_USES),
    )


def _revoke_button(language: Language, invite: Invite) -> InlineKeyboardButton:
    label = language.say("✖️ Revoke {code}", code=f"{invite.code[:_SHOWN_SIGNS]}…")
    return InlineKeyboardButton(label, callback_data=f"admin:revoke:{invite.code}")
