"""The playground: the bot and a stand-in for Telegram in one process on this machine."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.application import TelegramAccess
from bot.playground.server import Playground
from bot.process.app import assembled
from bot.process.running import live
from bot.process.stopping import until_told
from bot.settings import Settings, SettingsError
from storage.solitude import alone_with

# The stand-in's own: it opens nothing but itself.
_TOKEN = "1000000001:playground-has-no-secret-to-keep"  # noqa: S105 - see above  # nosec B105
_MEMORY = "playground.json"


async def run_playground(settings: Settings, say: Callable[[str], None]) -> None:
    """Run stand-in and bot until told to stop; ``say`` gets the line with the page's address.

    The bot is the same as the real one: only the address of Telegram differs.

    Raises:
        SettingsError: There is a real bot, whose readers' database this would be.
        StorageError: The database cannot be used, or another process does.
        PlaygroundError: The port is taken.
    """
    if settings.telegram_bot_token is not None:
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is set, so what is kept here is of real readers, and the playground would "
            "write among it.\n"
            "  Run your bot with: paperboy run\n"
            "  or play beside it with: "
            "TELEGRAM_BOT_TOKEN= DATABASE_URL= DATA_DIR=playground paperboy playground"
        )
    with alone_with(settings.database) as is_alone:
        await until_told(_play(settings, say, is_alone=is_alone))


async def _play(settings: Settings, say: Callable[[str], None], *, is_alone: bool) -> None:
    telegram = Playground(_TOKEN, port=settings.playground_port, memory=settings.data_dir / _MEMORY)
    await telegram.start()
    access = TelegramAccess(_TOKEN, telegram.url)
    try:
        await live(
            assembled(settings, access, queued=True),
            lambda _name: say(f"Paperboy playground: open {telegram.url} in a browser. Ctrl+C ends it."),
            is_alone=is_alone,
            stocked=True,
        )
    finally:
        await telegram.stop()
