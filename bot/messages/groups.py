"""What is said to a group or a channel that took the bot in. Pure."""

from __future__ import annotations

from bot.messages.language import Language
from bot.messages.markup import Fragment


def greet_group(language: Language) -> Fragment:
    """Say hello to a group: who sets it up, and that all vote."""
    return language.html(
        "<b>Hello, I am Paperboy.</b> 🗞\n\n"
        "I bring this group a few trending papers a day. Each of you votes with 👍 and 👎 under them, and I "
        "pick what you like together.\n\n"
        "Administrators choose the hour with /settings; in a forum, send it in the topic that the papers "
        "shall come to. /today brings some at once."
    )


def greet_group_again(language: Language) -> Fragment:
    """Say hello to a group that is known."""
    return language.html(
        "<b>Good to be back.</b> Your votes and settings are as you left them; /settings shows them."
    )


def tell_topic(language: Language) -> Fragment:
    """Tell a forum where its digests come."""
    return language.html(
        "📍 The papers come to this topic from now on. Send /settings in another one to have them there."
    )


def tell_topic_gone(language: Language) -> Fragment:
    """Tell a forum that the topic of its digests is no more."""
    return language.html(
        "📍 The topic that the papers came to is gone, so they come here. Send /settings in another topic to "
        "have them there."
    )


def tell_channel_set_up(language: Language, title: str) -> Fragment:
    """Tell whoever made the bot administrator of a channel how it is set up there."""
    return language.html(
        "📣 I am an administrator of <b>{title}</b> now, and can bring it papers.\n\n"
        "Post /settings in the channel to choose the hour, or /today for papers at once. Each paper comes as "
        "a post of its own, and the reactions of your audience teach me what to pick: 👍 ❤ 🔥 speak for "
        "papers like it, 👎 💩 against.",
        title=title,
    )
