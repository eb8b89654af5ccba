"""Pressed buttons that wait for the bot's answer. A press is forgotten when it is answered or too old."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import BadRequest

ANSWER_SECONDS = 60.0  # how long a press may be answered
MAX_ANSWER = 200


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: its query id, the chat, when it was pressed, and the answer to come."""

    id: str
    chat_id: int
    pressed: float
    answer: asyncio.Future[dict[str, Any] | None] = field(compare=False)


class Presses:
    """Open presses by query id, oldest first."""

    def __init__(self) -> None:
        self._open: dict[str, Press] = {}
        self._last = 0

    def add(self, chat_id: int, now: float) -> Press:
        """Open a press; its id is never used again, not even after a restart."""
        self._forget_old(now)
        self._last = max(self._last + 1, int(now * 1_000_000))
        answer = asyncio.get_running_loop().create_future()
        press = self._open[str(self._last)] = Press(str(self._last), chat_id, now, answer)
        return press

    def answer(self, query_id: str, answer: dict[str, Any], now: float) -> Press:
        """Answer a press and return it.

        Raises:
            BadRequest: where it is unknown, answered or too old.
        """
        self._forget_old(now)
        press = self._open.pop(query_id, None)
        if press is None:
            raise BadRequest("query is too old and response timeout expired or query ID is invalid")
        if not press.answer.done():
            press.answer.set_result(answer)
        return press

    def close(self) -> None:
        """Let those who wait for an answer go, without one."""
        for press in self._open.values():
            if not press.answer.done():
                press.answer.set_result(None)

    def _forget_old(self, now: float) -> None:
        while self._open and (oldest := next(iter(self._open.values()))).pressed < now - ANSWER_SECONDS:
            del self._open[oldest.id]
