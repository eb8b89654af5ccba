"""A process of the bot from its start to its end: it does the parts of its roles until it is told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from typing import TypeAlias

from telegram.error import InvalidToken

from bot.chat.application import TelegramAccess
from bot.clock import utc_now
from bot.errors import BotError
from bot.process.app import assembled
from bot.process.interpreter import settle_down
from bot.process.meeting import UnknownBotError, connected
from bot.process.parts import USUAL, Leases, Tempo, leads, pulse_of, works
from bot.process.stopping import end, until_told
from bot.roles import ALL_ROLES, Role
from bot.rounds import Paperboy
from bot.settings import Settings
from bot.watching.watchman import watched
from storage.solitude import alone_with

OnReady: TypeAlias = Callable[[str | None], None]


class RolesError(BotError):
    """Parts of the bot cannot run apart on this database."""

    def __init__(self) -> None:
        super().__init__(
            "A role of its own is for a database that several processes share, and this one is a file.\n"
            "  Run all of the bot in one process: paperboy run\n"
            "  or move it to PostgreSQL: paperboy migrate-to postgresql://..."
        )


async def run(  # noqa: PLR0913 - what a test and a benchmark turn
    settings: Settings,
    access: TelegramAccess,
    on_ready: OnReady,
    *,
    roles: frozenset[Role] = ALL_ROLES,
    stocked: bool = False,
    clock: Callable[[], datetime] = utc_now,
    tempo: Tempo = USUAL,
) -> None:
    """Run the bot, or its parts of these roles, until SIGINT or SIGTERM; alone on a database file.

    ``on_ready`` is told the bot's name once it answers, or None where these roles do not speak to Telegram.
    ``stocked`` waits for first papers before that.

    Raises:
        UnknownBotError: Telegram refuses the token.
        StorageError: The database cannot be used, or another process does.
        RolesError: Some roles alone, on a database that only one process can use.
        MetricsError: The port of the metrics is taken.
    """
    with alone_with(settings.database) as is_alone:
        if is_alone and roles != ALL_ROLES:
            raise RolesError
        parts = assembled(settings, access, clock, roles=roles, queued=True, holds=tempo.holds)
        await until_told(live(parts, on_ready, is_alone=is_alone, stocked=stocked, tempo=tempo))


async def live(
    parts: AbstractAsyncContextManager[Paperboy],
    on_ready: OnReady,
    *,
    is_alone: bool,
    stocked: bool = False,
    tempo: Tempo = USUAL,
) -> None:
    """Do what `run` does with its parts, until it is cancelled, on a database that is its own, or not."""
    async with parts as paperboy, metrics_open(paperboy):
        if is_alone:
            await paperboy.deliverer.recover()
        polled = stocked and await paperboy.stock_up()
        async with _connected(paperboy), paperboy.redraws:
            await _serve(paperboy, on_ready, tempo, poll_now=not polled)


async def _serve(paperboy: Paperboy, on_ready: OnReady, tempo: Tempo, *, poll_now: bool) -> None:
    """Do what the roles ask for until it is cancelled; what is in hand then is done first."""
    leases = Leases.of(paperboy, tempo.lease)
    pulse = pulse_of(paperboy, tempo, leases)
    pulse.start()
    leading = [asyncio.create_task(lead) for lead in leads(paperboy, tempo, leases, poll_now=poll_now)]
    settle_down()
    on_ready(paperboy.application.bot.username if paperboy.speaks else None)
    working = [asyncio.create_task(work) for work in works(paperboy, leases)]
    try:
        done, _ = await asyncio.wait({*leading, *working}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:  # none ends by itself but by a fault
            task.result()
    except InvalidToken as error:
        raise UnknownBotError from error
    finally:
        await end(leading)
        await pulse.stop()
        await paperboy.drain(*working)


@asynccontextmanager
async def _connected(paperboy: Paperboy) -> AsyncIterator[None]:
    """Meet Telegram, where this process speaks to it."""
    if not paperboy.speaks:
        yield
        return
    async with connected(paperboy.application, introduces=Role.CHAT in paperboy.roles):
        yield


def metrics_open(paperboy: Paperboy) -> AbstractAsyncContextManager[object]:
    """Tell whoever watches over this process how it does, where the settings name a port for that."""
    host, port = paperboy.settings.metrics_host, paperboy.settings.metrics_port
    return nullcontext() if port is None else watched(paperboy, host, port)
