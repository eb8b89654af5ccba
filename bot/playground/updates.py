"""The queue of updates and the long polling on it: numbers, confirmation, one poller at a time."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import islice, takewhile
from typing import Any

from bot.playground.encoded import Json, as_json
from bot.playground.errors import Refusal

MAX_PENDING = 100_000  # Telegram forgets after a day, the playground the oldest after so many
_ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_ANOTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """Updates that the bot has not confirmed, oldest first: the JSON of each by its number.

    `came` is set whenever there is one more; who waits for that clears it.
    """

    def __init__(self, first_id: int = 1) -> None:
        self.came = asyncio.Event()
        self._pending: OrderedDict[int, Json] = OrderedDict()
        self._next_id = first_id
        self._allowed: frozenset[str] | None = None
        # The poll that waits: an empty text has it look again, else it gives way, and the text says to what.
        self._poll: asyncio.Future[str] | None = None
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, content: Json) -> None:
        """Queue an update of a kind, unless the bot does not want that kind."""
        if not self._wants(kind):
            return
        body = b'{"update_id":%d,"%b":%b}' % (self._next_id, kind.encode(), content)
        self._pending[self._next_id] = Json(body)
        self._next_id += 1
        if len(self._pending) > MAX_PENDING:
            self._pending.popitem(last=False)
        self.came.set()
        self._wake()

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember which kinds the bot wants from now on; none named is Telegram's default."""
        self._allowed = frozenset(kinds) or None

    async def poll(self, offset: int, limit: int, wait: float) -> list[Json]:
        """Return up to `limit` updates from `offset` on as JSON, waiting for one up to `wait` seconds.

        Updates before the offset are confirmed and forgotten; of a negative one all but so many at the end.

        Raises:
            Refusal: 409 where another poll takes its place.
        """
        self.interrupt(_ANOTHER_POLL)
        self._confirm(offset)
        if not self._pending and wait > 0 and not self._closed:
            await self._wait(wait)
        return list(islice(self._pending.values(), limit))

    def interrupt(self, why: str) -> None:
        """Have the poll that waits refused, and told why."""
        self._wake(why)

    def since(self, update_id: int) -> list[tuple[int, Json]]:
        """Return what is pending from a number on, each with its own."""
        newest_first = takewhile(lambda pending: pending[0] >= update_id, reversed(self._pending.items()))
        return list(newest_first)[::-1]

    def holds(self, update_id: int) -> bool:
        """Tell whether an update is pending."""
        return update_id in self._pending

    def take_out(self, update_id: int) -> None:
        """Forget an update, for the bot took it."""
        self._pending.pop(update_id, None)

    def clear(self) -> None:
        """Forget all pending updates."""
        self._pending.clear()

    def close(self) -> None:
        """End the waiting poll, with nothing, and let none wait again."""
        self._closed = True
        self._wake()

    def snapshot(self) -> list[Json]:
        """Return all pending updates as JSON."""
        return list(self._pending.values())

    def restore(self, updates: Iterable[Mapping[str, Any]], next_id: int) -> None:
        """Take back updates that were kept over a restart."""
        self._next_id = next_id
        for update in updates:
            self._pending[update["update_id"]] = as_json(update)

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
        while self._pending and next(iter(self._pending)) < offset:
            self._pending.popitem(last=False)

    async def _wait(self, wait: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            conflict = await asyncio.wait_for(poll, wait)
        except TimeoutError:
            conflict = ""
        finally:
            if self._poll is poll:
                self._poll = None
        if conflict:
            raise Refusal(f"Conflict: {conflict}", 409)

    def _wake(self, conflict: str = "") -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(conflict)
            self._poll = None
