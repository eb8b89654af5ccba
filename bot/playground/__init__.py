"""Telegram on your own desk: a Bot API stand-in and a chat page, over real HTTP.

Owns all that Telegram would own: chats, messages, updates, files, and what it refuses. Knows no other room,
no Telegram library and nothing else of the bot: whoever speaks the Bot API may talk to it.
"""

from bot.playground.errors import PlaygroundError
from bot.playground.server import Playground

__all__ = ["Playground", "PlaygroundError"]
