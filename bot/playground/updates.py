"""The queue of updates and the long polling on it: numbers, confirmation, one poller at a time."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from bot.playground.encoded import Json, as_json
from bot.playground.errors import Refusal

MAX_PENDING = 100_000  # Telegram forgets after a day, the playground the oldest after so many
_ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_CONFLICT = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Updates that the bot has not confirmed, oldest first, each as (update_id, JSON)."""

    def __init__(self, first_id: int = 1) -> None:
        self._pending: deque[tuple[int, Json]] = deque(maxlen=MAX_PENDING)
        self._next_id = first_id
        self._allowed: frozenset[str] | None = None
        # The poll that waits: True has it look again, False give way to another one.
        self._poll: asyncio.Future[bool] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, content: Json) -> None:
        """Queue an update of a kind, unless the bot does not want that kind."""
        if not self._wants(kind):
            return
        body = b'{"update_id":%d,"%b":%b}' % (self._next_id, kind.encode(), content)
        self._pending.append((self._next_id, Json(body)))
        self._next_id += 1
        self._wake(look=True)

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember which kinds the bot wants from now on; none named is Telegram's default."""
        self._allowed = frozenset(kinds) or None

    async def poll(self, offset: int, limit: int, wait: float) -> list[Json]:
        """Return up to `limit` updates from `offset` on as JSON, waiting for one up to `wait` seconds.

        Updates before the offset are confirmed and forgotten; of a negative one all but so many at the end.

        Raises:
            Refusal: 409 where another poll takes its place.
        """
        self._wake(look=False)
        self._confirm(offset)
        if not self._pending and wait > 0 and not self._closed:
            await self._wait(wait)
        return [body for _, body in list(self._pending)[:limit]]

    def clear(self) -> None:
        """Forget all pending updates."""
        self._pending.clear()

    def close(self) -> None:
        """End the waiting poll, with nothing, and let none wait again."""
        self._closed = True
        self._wake(look=True)

    def snapshot(self) -> list[Json]:
        """Return all pending updates as JSON."""
        return [body for _, body in self._pending]

    def restore(self, updates: Iterable[Mapping[str, Any]], next_id: int) -> None:
        """Take back updates that were kept over a restart."""
        self._next_id = next_id
        for update in updates:
            self._pending.append((update["update_id"], as_json(update)))

    @property
    def next_id(self) -> int:
        """Return the number that the next update will have."""
        return self._next_id

    @property
    def allowed(self) -> list[str]:
        """Return the kinds that the bot wants; none for Telegram's default."""
        return sorted(self._allowed or ())

    def _wants(self, kind: str) -> bool:
        return kind not in _ON_REQUEST_ONLY if self._allowed is None else kind in self._allowed

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self._next_id + offset
        while self._pending and self._pending[0][0] < offset:
            self._pending.popleft()

    async def _wait(self, wait: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            stays = await asyncio.wait_for(poll, wait)
        except TimeoutError:
            stays = True
        finally:
            if self._poll is poll:
                self._poll = None
        if not stays:
            raise Refusal(f"Conflict: {_CONFLICT}", 409)

    def _wake(self, *, look: bool) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(look)
            self._poll = None
