"""Brings updates to the bot's webhook, as Telegram does: side by side, and again where it did not take one.

Telegram promises no order. It does wait for a chat's update to be taken before it brings the chat's next one;
the playground does not, so that a bot that relies on that is found out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, repeat

import httpx

from bot.playground.desk import Desk
from bot.playground.encoded import Json
from bot.playground.webhook import Hook, Trouble

_PATIENCE = 60.0
_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_LONGEST_PAUSE = 60.0
_Post = Callable[[Json], Awaitable[str | None]]


class Bringing:
    """Brings what waits to whatever address is set, until it is stopped."""

    def __init__(self, desk: Desk, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """End; what was not taken yet stays."""
        await _cancelled(self._task)

    async def _follow(self) -> None:
        """Begin anew whenever another address is set."""
        webhook = self._desk.webhook
        bringing: asyncio.Task[None] | None = None
        try:
            while True:
                webhook.changed.clear()
                bringing = asyncio.create_task(self._bring_all(webhook.hook)) if webhook.hook else None
                await webhook.changed.wait()
                await _cancelled(bringing)
        finally:
            await _cancelled(bringing)

    async def _bring_all(self, hook: Hook) -> None:
        updates = self._desk.updates
        begun = 0  # all that have a smaller number are on their way
        places = asyncio.Semaphore(hook.connections)
        async with _client(hook) as http, asyncio.TaskGroup() as tasks:
            post = partial(_post, http, hook.url)
            while True:
                updates.came.clear()
                for update_id, body in updates.since(begun):
                    tasks.create_task(self._bring(post, places, update_id, body))
                    begun = update_id + 1
                await updates.came.wait()

    async def _bring(self, post: _Post, places: asyncio.Semaphore, update_id: int, body: Json) -> None:
        """Bring an update until it is taken, or nobody wants it any more."""
        for pause in _pauses():
            async with places:
                if not self._desk.updates.holds(update_id):
                    return
                trouble = await post(body)
            if trouble is None:
                self._desk.updates.take_out(update_id)
                return
            self._desk.webhook.trouble = Trouble(trouble, int(self._clock()))
            await asyncio.sleep(pause)


def _pauses() -> Iterator[float]:
    return chain(_PAUSES, repeat(_LONGEST_PAUSE))


def _client(hook: Hook) -> httpx.AsyncClient:
    headers = {"Content-Type": "application/json"}
    if hook.secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
    limits = httpx.Limits(max_connections=hook.connections)
    return httpx.AsyncClient(headers=headers, timeout=_PATIENCE, limits=limits, trust_env=False)


async def _post(http: httpx.AsyncClient, url: str, body: Json) -> str | None:
    """Post an update; return what is wrong where it was not taken."""
    try:
        answer = await http.post(url, content=body)
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    words = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
    return None if answer.is_success else words


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    """Have a task end, and wait until it has."""
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
