"""The playground: the bot and a stand-in for Telegram in one process on this machine."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import run
from bot.chat.application import TelegramAccess
from bot.playground.server import Playground
from bot.settings import Settings

# The stand-in's own: it opens nothing but itself.
_TOKEN = "1000000001:playground-has-no-secret-to-keep"  # noqa: S105 - see above
_MEMORY = "playground.json"


async def run_playground(settings: Settings, say: Callable[[str], None]) -> None:
    """Run stand-in and bot until told to stop; ``say`` gets the line with the page's address.

    The bot is the same as the real one: only the address of Telegram differs.

    Raises:
        PlaygroundError: The port is taken.
    """
    telegram = Playground(_TOKEN, port=settings.playground_port, memory=settings.data_dir / _MEMORY)
    await telegram.start()
    access = TelegramAccess(_TOKEN, telegram.url)
    try:
        await run(
            settings,
            access,
            lambda _name: say(f"Paperboy playground: open {telegram.url} in a browser. Ctrl+C ends it."),
            stocked=True,
        )
    finally:
        await telegram.stop()
