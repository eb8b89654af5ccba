"""Updates by webhook: Telegram brings them, to any of however many processes behind a balancer.

A process that ends leaves the webhook as it is, for the others go on; long polling deletes it.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import socket
from dataclasses import dataclass, field

import uvicorn
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.errors import BotError
from bot.receiving.asking import WANTED, pause_after
from bot.receiving.door import Door
from bot.receiving.persistence import Persistence, back_off
from bot.receiving.told import Told
from bot.receiving.updates import Updates, carry_out_all
from bot.serving.server import open_port, served
from bot.serving.slow_clients import CuttingProtocol
from bot.settings import Settings
from storage.errors import StorageError

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 100  # at once, of Telegram's to all processes together; it offers no more
_MOST_AT_ONCE = 100  # connections that are accepted before any of them is looked at
_KEEP_ALIVE_SECONDS = 75  # longer than balancers keep a connection that nobody uses
_LAST_SECONDS = 2  # for requests under way when the bot stops


class WebhookError(BotError):
    """The webhook cannot be served."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram brings updates, where that arrives on this machine, and what it shows with them."""

    url: str
    host: str
    port: int
    secret: str = field(repr=False)


def read_hook(settings: Settings, token: str) -> Hook | None:
    """Read which webhook the settings ask for; None for long polling."""
    if settings.webhook_url is None:
        return None
    given = settings.webhook_secret
    secret = given.get_secret_value() if given else make_secret(token)
    return Hook(settings.webhook_url, settings.webhook_host, settings.webhook_port, secret)


def make_secret(token: str) -> str:
    """Make a secret of a bot's token, the same in each process; the token cannot be told from it."""
    return hmac.new(token.encode(), b"the webhook of Paperboy", "sha256").hexdigest()


async def receive_webhook(updates: Updates, hook: Hook) -> None:
    """Carry out what waits and what Telegram brings until `Updates.stopping` is set.

    What was taken in before the stop is carried out.

    Raises:
        InvalidToken: Telegram does not know the bot.
        WebhookError: The address that it is to listen on cannot be had.
    """
    bot = updates.application.bot

    async def serve(tasks: asyncio.TaskGroup) -> None:
        door = Door(hook.url, hook.secret, bot, _Intake(updates, tasks).take)
        async with served(listener, _configure(door)):
            await _set_webhook(bot, hook, updates.persistence)
            await updates.stopping.wait()

    with _listen(hook) as listener:
        await carry_out_all(updates, serve)


class _Intake:
    """Takes in what comes through the door, as long as there is room."""

    def __init__(self, updates: Updates, tasks: asyncio.TaskGroup) -> None:
        self._updates = updates
        self._tasks = tasks

    async def take(self, told: Told) -> bool:
        """Take an update in; tell whether it is kept, or Telegram is to bring it again."""
        if self._updates.stopping.is_set() or self._updates.is_full:
            return False
        try:
            await self._updates.take([told], self._tasks)
        except StorageError as error:
            self._updates.persistence.note(error)
            return False
        except Exception:  # what is wrong with one update must not end the bot, which delivers too
            log.exception("update %d cannot be taken in", told.update_id)
            return False
        return True


def _listen(hook: Hook) -> socket.socket:
    try:
        return open_port(hook.host, hook.port)
    except OSError as error:
        raise WebhookError(
            f"port {hook.port} on {hook.host} cannot be had for the webhook ({error.strerror}): choose "
            "another one with WEBHOOK_PORT, or an address of this machine with WEBHOOK_HOST"
        ) from error


async def _set_webhook(bot: Bot, hook: Hook, persistence: Persistence) -> None:
    """Tell Telegram where to bring updates, however often it takes; or be told to stop."""
    for pause in back_off():
        if persistence.stopping.is_set():
            return
        try:
            await bot.set_webhook(
                hook.url,
                max_connections=MOST_CONNECTIONS,
                allowed_updates=WANTED,
                secret_token=hook.secret,
            )
        except InvalidToken:
            raise
        except TelegramError as error:
            seconds = pause_after(error, pause)
            log.warning("the webhook cannot be set: %s; trying again in %.0f s", error.message, seconds)
            await persistence.wait(seconds)
        else:
            return


def _configure(door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        door,
        http=CuttingProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # whoever sends nonsense fills no log
        access_log=False,
        backlog=_MOST_AT_ONCE,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
