"""What happens in a chat, told at once to all who look at it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

from bot.playground.encoded import Json

_MOST_WAITING = 1000  # events a slow onlooker may leave unread before its stream ends
_QUIET_SECONDS = 15.0
_END = b""


class Events:
    """Onlookers by chat; an event is its text in the form of server-sent events."""

    def __init__(self) -> None:
        self._onlookers: defaultdict[int, set[asyncio.Queue[bytes]]] = defaultdict(set)
        self._closed = False

    def tell(self, chat_id: int, kind: str, content: Json) -> None:
        """Tell the onlookers of a chat; one who reads too slowly is sent away and may come back."""
        for queue in self._onlookers.get(chat_id, ()):
            if queue.qsize() >= _MOST_WAITING:
                _end(queue)
            else:
                queue.put_nowait(b"event: %b\ndata: %b\n\n" % (kind.encode(), content))

    async def watch(self, chat_id: int) -> AsyncIterator[bytes]:
        """Yield events until the stream ends, with a comment now and then so that dead connections show."""
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._onlookers[chat_id].add(queue)
        try:
            yield b"retry: 1000\n\n"
            while not self._closed:
                event = await _next(queue)
                if event == _END:
                    return
                yield event
        finally:
            self._leave(chat_id, queue)

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        for queues in self._onlookers.values():
            for queue in queues:
                _end(queue)

    def _leave(self, chat_id: int, queue: asyncio.Queue[bytes]) -> None:
        self._onlookers[chat_id].discard(queue)
        if not self._onlookers[chat_id]:
            del self._onlookers[chat_id]


async def _next(queue: asyncio.Queue[bytes]) -> bytes:
    try:
        return await asyncio.wait_for(queue.get(), _QUIET_SECONDS)
    except TimeoutError:
        return b": still here\n\n"


def _end(queue: asyncio.Queue[bytes]) -> None:
    while not queue.empty():
        queue.get_nowait()
    queue.put_nowait(_END)
